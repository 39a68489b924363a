"""The supervisor, with small programs for workers: when it starts one anew, when it gives up, how it stops."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from streams.commands import failures
from streams.supervisor import Supervisor, worker_command


def supervisor(program: str, **options: Any) -> Supervisor:
    """Of one worker that runs `program`, in which `ready` writes its ready file and `life` counts its lives from 1."""
    prelude = (
        "import os, pathlib, signal, sys, time\n"
        "index, ready_file, pipe = (a.partition('=')[2] for a in sys.argv[1:])\n"
        "lives = pathlib.Path(ready_file).with_suffix('.lives')\n"
        "life = int(lives.read_text() if lives.exists() else 0) + 1\n"
        "lives.write_text(str(life))\n"
        "from streams.worker_note import WorkerNote, write\n"
        "def ready(done=0): write(pathlib.Path(ready_file), WorkerNote(metrics='', done=done))\n"
        "def stop_supervisor(): os.kill(os.getppid(), signal.SIGTERM); time.sleep(60)\n"
    )
    options = {"workers": 1, "grace_seconds": 1.0, "first_pause": 0.0, "quick_deaths": 3, **options}
    return Supervisor([sys.executable, "-c", prelude + program], **options)


def test_a_worker_that_keeps_dying_is_given_up_with_its_last_reason(caplog: pytest.LogCaptureFixture) -> None:
    assert supervisor("sys.exit(6)").run() == failures.WORKER
    assert "died 3 times in a row" in caplog.text
    assert "exit code 6" in caplog.text


def test_a_worker_that_died_is_started_anew() -> None:
    assert supervisor("os.kill(os.getpid(), signal.SIGKILL) if life < 3 else stop_supervisor()").run() == 0


def test_a_worker_that_somebody_else_has_stopped_is_started_anew() -> None:
    program = """
if life == 2: stop_supervisor()
ready()
os.kill(os.getpid(), signal.SIGTERM)
"""
    handled = "signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))\n"
    assert supervisor(handled + program).run() == 0


def test_a_worker_that_gets_something_done_between_its_deaths_is_not_given_up() -> None:
    program = f"""
if life == 8: stop_supervisor()
ready(done=life % 2)
sys.exit({failures.WORKER})
"""
    assert supervisor(program).run() == 0


def test_a_worker_that_gets_nothing_done_between_its_deaths_is_given_up_though_it_was_ready() -> None:
    assert supervisor(f"ready()\nsys.exit({failures.WORKER})").run() == failures.WORKER


@pytest.mark.parametrize("code", [failures.SETTINGS, failures.BROKER])
def test_what_no_new_start_can_cure_ends_at_once_with_its_code(code: int) -> None:
    assert supervisor(f"sys.exit({code}) if life == 1 else stop_supervisor()").run() == code


def test_a_broker_that_was_there_and_is_away_is_waited_for(tmp_path: Path) -> None:
    """The workers die of it more often than any other death would be forgiven."""
    program = f"""
if life == 1: ready(); time.sleep(0.5); sys.exit({failures.WORKER})
if life < 8: sys.exit({failures.BROKER})
stop_supervisor()
"""
    ready = tmp_path / "ready"
    assert supervisor(program, ready_file=ready).run() == 0
    assert ready.exists()


def test_readiness_is_told_when_all_workers_are_ready(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    program = f"""
ready()
while not os.path.exists({str(ready)!r}): time.sleep(0.01)
if index == '1': os.kill(os.getppid(), signal.SIGTERM)
time.sleep(60)
"""
    assert supervisor(program, workers=2, ready_file=ready).run() == 0


def test_a_worker_that_does_not_stop_is_killed() -> None:
    program = """
signal.signal(signal.SIGTERM, signal.SIG_IGN)
os.kill(os.getppid(), signal.SIGTERM)
while True: time.sleep(1)
"""
    assert supervisor(program, grace_seconds=0.05, spare_seconds=0.05).run() == 0


def test_signal_handlers_are_put_back() -> None:
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    supervisor("stop_supervisor()").run()
    assert (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)) == before


def test_a_worker_is_told_its_stages() -> None:
    assert worker_command(["ingest", "alert"])[1:] == ["-m", "streams.worker", "--stages=ingest,alert"]
    assert os.access(worker_command([])[0], os.X_OK)
