"""Worker processes on the real broker, and what their topics end with."""

from __future__ import annotations

import contextlib
import re
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from streams.administration import admin_client
from streams.child_process import environment_of
from streams.feeding import Feeder
from streams.lag import CONSUMES, Lag, lags
from streams.settings import Settings
from streams.supervisor import worker_command

DEADLINE_SECONDS = 120.0
"""Generous: the processors are shared with whatever else runs."""


def until(condition: Callable[[], bool], what: str, seconds: float = DEADLINE_SECONDS) -> None:
    """Wait for a condition; fails with `what` if it has not come true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds:.0f} s: {what}"
        time.sleep(0.1)


def alive(pid: int) -> bool:
    """Whether there is such a process, and no mere entry that nobody has waited for."""
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[:1]
    except FileNotFoundError:
        return False


class RunningWorker:
    """A worker process; what it logs goes to a file. `fault` is a line of Python that it runs before it begins."""

    def __init__(self, settings: Settings, folder: Path, stages: Sequence[str] = (), *, fault: str = "") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._ready = folder / "ready"
        self._log = folder / "log"
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [*_with_fault(worker_command(stages), fault), f"--ready-file={self._ready}"],
                env=environment_of(settings),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def wait_until_ready(self) -> None:
        """Until every stage has its partitions."""
        until(lambda: self._ready.exists() or self.process.poll() is not None, f"a worker that is ready\n{self.log}")
        assert self.process.poll() is None, self.log

    @property
    def log(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")

    def metrics(self) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
        """What it shows at /metrics: (name, sorted labels) -> value."""
        found = re.search(r"metrics at (http\S+)", self.log)
        assert found is not None, self.log
        with urllib.request.urlopen(found[1], timeout=DEADLINE_SECONDS) as answer:
            text = answer.read().decode()
        return {
            (sample.name, tuple(sorted(sample.labels.items()))): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }

    def kill(self) -> None:
        """SIGKILL, as the kernel would when memory runs out."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """SIGTERM; returns the exit code."""
        self.process.terminate()
        return self.process.wait(DEADLINE_SECONDS)


def _with_fault(command: list[str], fault: str) -> list[str]:
    """The command `python -m module options ...`, which runs a line before the module."""
    if not fault:
        return command
    python, _, module, *options = command
    begin = f"{fault}\nimport runpy; runpy.run_module({module!r}, run_name='__main__', alter_sys=True)"
    return [python, "-c", begin, *options]


@contextlib.contextmanager
def worker(settings: Settings, folder: Path, stages: Sequence[str] = (), *, fault: str = "") -> Iterator[RunningWorker]:
    """A worker that is ready, for as long as the block runs."""
    running = RunningWorker(settings, folder, stages, fault=fault)
    try:
        running.wait_until_ready()
        yield running
    finally:
        if running.process.poll() is None:
            running.kill()


def feed(settings: Settings, raw_articles: Iterable[bytes]) -> None:
    """Publish raw articles, all confirmed at the end."""
    with Feeder(settings) as feeder:
        for raw in raw_articles:
            feeder.send(raw)


def lag(settings: Settings, stage: str) -> Lag:
    """How many inputs of a stage there are, and how many of them are acknowledged."""
    with admin_client(settings) as client:
        return lags(client, settings, [stage])[stage]


def wait_until_idle(settings: Settings, stages: Iterable[str] = CONSUMES) -> None:
    """Until every one of the stages has worked through everything."""
    with admin_client(settings) as client:
        behind: dict[str, int] = {}

        def idle() -> bool:
            behind.update({stage: lag.behind for stage, lag in lags(client, settings, stages).items()})
            return not any(behind.values())

        until(idle, f"stages idle; behind: {behind}")
