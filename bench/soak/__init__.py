"""What the pipeline ends with after faults, compared with what it ends with when nothing happens: `python -m bench.soak`."""
