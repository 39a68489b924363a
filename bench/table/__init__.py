"""One table of what Muster does on this machine: `python -m bench.table`."""
