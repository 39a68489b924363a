"""A short soak: three faults of a fixed seed, compared as the long one (`make soak`) compares fifty."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.broker

QUICK = ("worker-killed", "broker-restarted", "input-disordered")
"""Those that need no minute; this seed has one of each."""
DEADLINE_SECONDS = 600.0


def test_a_killed_worker_a_restarted_broker_and_disordered_input_leave_what_an_undisturbed_run_leaves(
    tmp_path: Path,
) -> None:
    # A process of its own: the feeder's client leaves a socket open for each connection that a stopped broker refuses.
    soak = subprocess.run(
        [
            sys.executable, "-m", "bench.soak", "--faults=3", "--seed=6", "--articles=90",
            f"--keep={tmp_path}", "--only", *QUICK,
        ],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=DEADLINE_SECONDS,
        check=False,
    )  # fmt: skip

    assert soak.returncode == 0, soak.stdout + soak.stderr
    told = json.loads(soak.stdout.splitlines()[-1])
    assert {kind: row["times"] for kind, row in told["kinds"].items()} == dict.fromkeys(QUICK, 1)
    assert told["differences"] == 0
