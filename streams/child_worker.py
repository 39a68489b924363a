"""A worker as a child process of this one: started, waited for, stopped, and gone when this process is gone."""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from streams import worker_note
from streams.commands.failures import WORKER, Failure
from streams.settings import Settings
from streams.supervisor import worker_command

READY_SECONDS = 180.0
"""It loads models and joins its groups in some 5 s on an idle core; this is for a machine that is busy otherwise."""


class ChildWorker:
    """A running worker of all stages. `log` is the file that it writes to."""

    def __init__(self, process: subprocess.Popen[bytes], ready_file: Path, log: Path) -> None:
        self._process = process
        self._ready_file = ready_file
        self.log = log

    def check(self) -> None:
        """Raises `Failure` with the end of its log if it has ended."""
        code = self._process.poll()
        if code is not None:
            raise Failure(f"the worker ended with code {code}:\n{self._end_of_log()}", WORKER)

    def is_ready(self) -> bool:
        """Whether every stage has its partitions. Raises `Failure` if the worker has ended."""
        self.check()
        return self._ready_file.exists()

    @property
    def metrics(self) -> str:
        """Where a worker that is ready serves its metrics, as http://host:port."""
        note = worker_note.read(self._ready_file)
        return note.metrics if note is not None else ""

    def what_it_does(self) -> str:
        """The last line of its log, without time and level."""
        lines = self._lines()
        return lines[-1].split(": ", 1)[-1][:80] if lines else "starting"

    def _lines(self) -> list[str]:
        return self.log.read_text(encoding="utf-8", errors="replace").splitlines()

    def _end_of_log(self) -> str:
        return "\n".join(self._lines()[-15:])


@contextlib.contextmanager
def child_worker(settings: Settings, folder: Path) -> Iterator[ChildWorker]:
    """A worker for as long as the block runs; its log and its readiness are files in `folder`.

    Where its port for metrics is taken it takes a free one. It holds the other end of a pipe of ours, and ends by itself when this process has died without stopping it.
    """
    log, ready_file = folder / "worker.log", folder / "worker.ready"
    others = {name: value for name, value in os.environ.items() if not name.startswith("MUSTER_")}
    reading, writing = os.pipe()
    try:
        with log.open("wb") as output:
            process = subprocess.Popen(  # noqa: S603
                [*worker_command(()), f"--ready-file={ready_file}", f"--parent-pipe={reading}", "--any-metrics-port"],
                env={**others, **settings.to_environment()},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                pass_fds=(reading,),
                start_new_session=True,  # Ctrl-C is for us; we stop the worker in order
            )
        try:
            yield ChildWorker(process, ready_file, log)
        finally:
            _stop(process, settings.grace_seconds)
    finally:
        os.close(writing)
        os.close(reading)


def _stop(process: subprocess.Popen[bytes], grace_seconds: float) -> None:
    """SIGTERM, and SIGKILL if it takes longer than its own grace; whatever interrupts us, it is gone afterwards."""
    try:
        process.terminate()
        deadline = time.monotonic() + grace_seconds + 5
        while process.poll() is None and time.monotonic() < deadline:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.2)
    finally:
        process.kill()
        process.wait()
