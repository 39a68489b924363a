"""The broker that a soak stops, kills and starts again, on a file system small enough to be filled."""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from streams import broker as brokers
from streams.broker import BrokerError, RunningBroker
from streams.kafka_distribution import process
from streams.settings import Settings

MEGABYTES = 768
"""What topics, offsets and their indices of some rounds need, twice over."""
NOTICE_SECONDS = 30.0
"""A broker that has work notices a full disk with its next write."""


@dataclass
class Ground:
    """A broker of our own. `settings` name it."""

    settings: Settings
    broker: RunningBroker
    mounted: Path | None
    """A file system that is the broker's alone; None where this process may not mount one."""

    @property
    def why_it_cannot_be_full(self) -> str | None:
        """The reason why a full disk is left out here; None if it is not."""
        if self.mounted is not None or (self.broker.pid is not None and sys.platform == "linux"):
            return None
        return "no file system can be mounted here, and the broker is no process whose files can be limited"

    def stop(self, *, killed: bool) -> None:
        """Its data stay."""
        if killed:
            brokers.kill(self.broker)
        else:
            brokers.stop(self.broker)

    def resume(self) -> None:
        """At the same address, with the same data. Returns when it answers."""
        own = replace(self.settings, broker="")
        for attempt in (1, 2, 3):
            try:
                self.broker = brokers.resume(own, self.broker, tied=True)
                return
            except BrokerError:
                if attempt == 3:
                    raise

    def ensure(self) -> None:
        """Start it if it does not run: whoever stopped it has failed before the other half."""
        if not self._runs():
            self.resume()

    def full(self, seconds: float) -> str:
        """No byte more for the broker until `seconds` after it has ended of it, then room; then it runs again.

        Returns how it was done, and whether the broker ended.
        """
        with self._without_room() as how:
            deadline = time.monotonic() + NOTICE_SECONDS
            while self._runs() and time.monotonic() < deadline:
                time.sleep(0.1)
            ended = not self._runs()
            time.sleep(seconds)
        if not self._runs():
            self.resume()
        return f"{how}; the broker {'ended' if ended else 'did not end'}"

    @contextlib.contextmanager
    def _without_room(self) -> Iterator[str]:
        if self.mounted is None:
            assert self.broker.pid is not None
            now = resource.prlimit(self.broker.pid, resource.RLIMIT_FSIZE)
            resource.prlimit(self.broker.pid, resource.RLIMIT_FSIZE, (0, now[1]))
            try:
                yield "each write refused, by a limit of the process on the size of files"
            finally:
                if self._runs():
                    with contextlib.suppress(ProcessLookupError):
                        resource.prlimit(self.broker.pid, resource.RLIMIT_FSIZE, now)
            return
        filler = self.mounted / "filler"
        try:
            with filler.open("wb") as file, contextlib.suppress(OSError):
                for size in (2**20, 2**12):
                    with contextlib.suppress(OSError):
                        while True:
                            os.write(file.fileno(), b"\0" * size)
            yield f"a file system of {MEGABYTES} MB, filled"
        finally:
            filler.unlink(missing_ok=True)

    def _runs(self) -> bool:
        if self.broker.pid is not None:
            return process.is_running(self.broker.pid)
        return brokers.answers(self.broker.bootstrap, seconds=2.0)


@contextlib.contextmanager
def ground(settings: Settings) -> Iterator[Ground]:
    """A broker for as long as the block runs; whatever the settings name is left alone."""
    own = replace(settings, broker="")
    with tempfile.TemporaryDirectory(prefix="muster-soak-broker-", ignore_cleanup_errors=True) as folder:
        place = Path(folder) / "disk"
        place.mkdir()
        with _small_file_system(place) as mounted:
            broker = brokers.start(own, place / "broker", tied=True)
            made = Ground(replace(own, broker=broker.bootstrap), broker, mounted)
            try:
                yield made
            finally:
                now = brokers.status(own, place / "broker")
                if now is not None:
                    brokers.stop(now)


@contextlib.contextmanager
def _small_file_system(place: Path) -> Iterator[Path | None]:
    """One in memory, mounted for as long as the block runs; None where this process may not."""
    mount, umount = shutil.which("mount"), shutil.which("umount")
    if sys.platform != "linux" or os.geteuid() != 0 or mount is None or umount is None:
        yield None
        return
    answer = subprocess.run(
        [mount, "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", str(place)], capture_output=True, check=False
    )
    if answer.returncode != 0:
        yield None
        return
    try:
        yield place
    finally:
        subprocess.run([umount, "-l", str(place)], capture_output=True, check=False)
