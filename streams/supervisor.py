"""Runs worker processes: starts them anew when they end, gives up when that does not help, stops them cleanly."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from streams import worker_note
from streams.commands import failures

POLL_SECONDS = 0.1
QUICK_SECONDS = 60.0
"""A worker that dies sooner after its start, and has acknowledged nothing, has not got anywhere."""
QUICK_DEATHS = 5
"""So many of them in a row, and starting it once more is no cure. A broker that was there and is away does not count:
it may take its time to come back. Nor does a life in which inputs were done for good: what kills it is behind it."""
FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0
HOPELESS = (failures.USAGE, failures.SETTINGS)
"""What a worker says that the next one would say as well."""

log = logging.getLogger("muster.supervisor")


@dataclass(slots=True)
class _Slot:
    """One worker, over all of its lives."""

    index: int
    ready_file: Path
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    start_at: float = 0.0
    deaths: int = 0
    """In a row, each soon after its start: the pause grows with them."""
    fruitless: int = 0
    """Those of them in a row in which nothing got done."""


@dataclass(slots=True)
class Supervisor:
    """`command` starts a worker; the number, the file for its readiness and a pipe are added as options."""

    command: Sequence[str]
    workers: int
    grace_seconds: float
    ready_file: Path | None = None
    quick_seconds: float = QUICK_SECONDS
    quick_deaths: int = QUICK_DEATHS
    first_pause: float = FIRST_PAUSE_SECONDS
    spare_seconds: float = 5.0
    """How much longer than its grace a worker may take before it is killed."""
    _slots: list[_Slot] = field(default_factory=list, init=False)
    _stopping: bool = field(default=False, init=False)
    _was_ready: bool = field(default=False, init=False)
    _code: int = field(default=0, init=False)

    def run(self) -> int:
        """Run the workers until SIGTERM or SIGINT, or until it is hopeless.

        A worker that ends in order is started anew as well: somebody else has stopped it, and nobody has stopped us.

        Returns the exit code: 0 after a clean stop, otherwise that of `commands.failures`.
        """
        before = {number: signal.signal(number, self._on_signal) for number in (signal.SIGTERM, signal.SIGINT)}
        reading, writing = os.pipe()
        try:
            with tempfile.TemporaryDirectory(prefix="muster-run-") as folder:
                self._slots = [_Slot(i, Path(folder) / f"worker-{i}.ready") for i in range(self.workers)]
                while not self._stopping:
                    for slot in self._slots:
                        self._look_after(slot, reading)
                    self._look_whether_ready()
                    time.sleep(POLL_SECONDS)
                self._stop_all()
        finally:
            os.close(writing)
            os.close(reading)
            for number, handler in before.items():
                signal.signal(number, handler)
        return self._code

    def _on_signal(self, number: int, _: FrameType | None) -> None:
        self._stopping = True

    def _look_after(self, slot: _Slot, pipe: int) -> None:
        now = time.monotonic()
        if self._stopping:
            return
        if slot.process is None:
            if now >= slot.start_at:
                self._start(slot, pipe)
            return
        code = slot.process.poll()
        if code is None:
            return
        slot.process = None
        note = worker_note.read(slot.ready_file)
        slot.ready_file.unlink(missing_ok=True)
        lived = now - slot.started
        quick = lived < self.quick_seconds
        got_on = note is not None and note.done > 0
        slot.deaths = slot.deaths + 1 if quick else 1
        if not quick or got_on:
            slot.fruitless = 0
        elif code != failures.BROKER:
            slot.fruitless += 1
        if code in HOPELESS or (code == failures.BROKER and not self._was_ready):
            self._give_up(code, f"worker {slot.index} cannot start")
        elif slot.fruitless >= self.quick_deaths:
            self._give_up(
                failures.WORKER,
                f"worker {slot.index} died {slot.fruitless} times in a row within {self.quick_seconds:g} s "
                f"of its start with nothing done, the last time with {_reason(code)}; giving up",
            )
        else:
            pause = min(self.first_pause * 2 ** (slot.deaths - 1), LONGEST_PAUSE_SECONDS)
            slot.start_at = now + pause
            log.warning(
                "worker %d ended with %s after %.0f s; starts again in %g s", slot.index, _reason(code), lived, pause
            )

    def _start(self, slot: _Slot, pipe: int) -> None:
        slot.started = time.monotonic()
        slot.process = subprocess.Popen(
            [
                *self.command,
                f"--index={slot.index}",
                f"--ready-file={slot.ready_file}",
                f"--parent-pipe={pipe}",
            ],
            stdin=subprocess.DEVNULL,
            pass_fds=(pipe,),
            # Ctrl-C is for the supervisor, which tells the workers; a second signal would only confuse them.
            start_new_session=True,
        )

    def _look_whether_ready(self) -> None:
        if not self._was_ready and all(slot.ready_file.exists() for slot in self._slots):
            self._was_ready = True
            log.info("all %d workers are ready", self.workers)
            if self.ready_file is not None:
                self.ready_file.write_text("ready\n", encoding="utf-8")

    def _give_up(self, code: int, reason: str) -> None:
        log.error("%s", reason)
        self._code = code
        self._stopping = True

    def _stop_all(self) -> None:
        alive = [slot.process for slot in self._slots if slot.process is not None and slot.process.poll() is None]
        for process in alive:
            process.terminate()
        # A worker ends itself hard after the grace period; one that cannot do even that is killed.
        deadline = time.monotonic() + self.grace_seconds + self.spare_seconds
        for process in alive:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, deadline - time.monotonic()))
            if process.poll() is None:
                log.warning("killing worker with pid %d, which does not stop", process.pid)
                process.kill()
                process.wait()
        if alive:
            log.info("all workers have stopped")


def worker_command(stages: Sequence[str]) -> list[str]:
    """How a worker of those stages is started."""
    return [sys.executable, "-m", "streams.worker", f"--stages={','.join(stages)}"]


def _reason(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"
