"""A worker as a child process of this one: started, waited for, stopped, and gone when this process is gone."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

from streams import worker_note
from streams.child_process import child_process, last_lines
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
            said = "\n".join(last_lines(self.log, 15))
            raise Failure(f"the worker ended with code {code}:\n{said}", WORKER)

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
        lines = last_lines(self.log, 1)
        return lines[0].split(": ", 1)[-1][:80] if lines else "starting"


@contextlib.contextmanager
def child_worker(settings: Settings, folder: Path) -> Iterator[ChildWorker]:
    """A worker for as long as the block runs; its log and its readiness are files in `folder`.

    Where its port for metrics is taken it takes a free one.
    """
    log, ready_file = folder / "worker.log", folder / "worker.ready"
    command = [*worker_command(()), f"--ready-file={ready_file}", "--any-metrics-port"]
    with child_process(command, settings, log) as process:
        yield ChildWorker(process, ready_file, log)
