"""A short soak: three faults of a fixed seed, compared as the long one (`make soak`) compares fifty."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from bench.soak.__main__ import soak
from bench.soak.plan import Kind, schedule
from bench.soak.running import SESSION_SECONDS

pytestmark = pytest.mark.broker

QUICK: tuple[Kind, ...] = ("worker-killed", "broker-restarted", "input-disordered")
"""Those that need no minute."""


# The feeder's client leaves a socket open for each connection that a stopped broker refuses.
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_killed_worker_a_restarted_broker_and_disordered_input_leave_what_an_undisturbed_run_leaves(
    tmp_path: Path,
) -> None:
    faults = schedule(6, 3, session_seconds=SESSION_SECONDS, kinds=QUICK)
    assert {fault.kind for fault in faults} == set(QUICK)

    (made,) = soak(faults, tmp_path, articles=90, size=3)
    gc.collect()

    assert made.differences == []
    assert len(made.suffered) == 3
