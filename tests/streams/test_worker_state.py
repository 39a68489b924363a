"""What a worker takes for a failure, and what it says of itself."""

from __future__ import annotations

from pathlib import Path

from streams import worker_note
from streams.dead_letters import TooManyDeadLetters
from streams.fold import CannotCatchUp
from streams.worker import Notes, WorkerState
from streams.worker_note import WorkerNote


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


def noted(path: Path) -> int | None:
    note = worker_note.read(path)
    return None if note is None else note.done


def test_what_a_worker_did_counts_when_it_has_had_time_to_be_committed(tmp_path: Path) -> None:
    path, done = tmp_path / "ready", [0]
    notes = Notes(path, "http://127.0.0.1:1", lambda: done[0])
    done[0] = 5
    notes.look()
    assert noted(path) is None, "it is not ready"
    notes.ready()
    assert worker_note.read(path) == WorkerNote(metrics="http://127.0.0.1:1", done=0)
    done[0] = 7
    notes.look()
    assert noted(path) == 5
    notes.look()
    assert noted(path) == 7
    done[0] = 9
    notes.end(RuntimeError("a defect"))
    assert noted(path) == 9


def test_what_ends_of_too_many_dead_letters_has_done_nothing(tmp_path: Path) -> None:
    path = tmp_path / "ready"
    notes = Notes(path, "", lambda: 200)
    notes.ready()
    notes.end(TooManyDeadLetters("200 in a row"))
    assert noted(path) == 0


def test_a_file_that_is_no_note_says_nothing(tmp_path: Path) -> None:
    path = tmp_path / "ready"
    path.write_text("ready")
    assert noted(path) is None
