"""What a worker takes for a failure."""

from __future__ import annotations

from streams.fold import CannotCatchUp
from streams.worker import WorkerState


def test_the_first_failure_is_kept_and_ends_the_worker() -> None:
    state, ended = WorkerState(), []
    state.on_failure = lambda: ended.append(True)
    first, second = CannotCatchUp("first"), CannotCatchUp("second")
    state.fail("corroborate", first)
    state.fail("alert", second)
    assert state.failure is first
    assert ended == [True]


def test_what_breaks_off_because_the_worker_stops_is_no_failure() -> None:
    state = WorkerState()
    state.stopping = True
    state.fail("corroborate", CannotCatchUp("the reader was closed"))
    assert state.failure is None
    assert state.complaints() == []
