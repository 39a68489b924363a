"""The processes of a round: `muster run` with its workers, `muster notify` with a receiver, and the feeder."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kafka.errors import KafkaError

from bench.running import LOOK_SECONDS, children_of
from bench.soak.receiver import Receiver
from streams.administration import AdministrationError, admin_client
from streams.app import group_of
from streams.child_process import environment_of
from streams.feeding import Feeder
from streams.kafka_distribution import process
from streams.lag import CONSUMES, lags
from streams.settings import Settings
from streams.supervisor import worker_command

WORKERS = 2
SNAPSHOT_MINUTES = "0.05"
"""So often that workers are ended while they write one, and begin from one."""
READY_SECONDS = 180.0
RECOVERY_SECONDS = 300.0
"""Longer than a supervisor's longest pause, a session and a start together, on a machine that is busy."""
FEED_PER_SECOND = 40.0
UNANSWERED = (AdministrationError, KafkaError, OSError)
"""What a broker that is away, or has only just come back, makes of a question."""
MUSTER = (sys.executable, "-m", "streams.commands.entry")


class NotRecovered(Exception):
    """The pipeline did not come back; the message says what it waited for."""


@dataclass
class Pipeline:
    """Running processes of a round."""

    settings: Settings
    folder: Path
    receiver: Receiver
    feeder: Feeder
    supervisor: int
    notifier: int
    _started: int = 0
    _feeding: list[threading.Thread] = field(default_factory=list)
    _failed: list[BaseException] = field(default_factory=list)

    def workers(self) -> list[int]:
        """Their pids, the oldest first. Waits until there is one: a supervisor pauses before it starts one anew."""
        deadline = time.monotonic() + READY_SECONDS
        while not (found := children_of(self.supervisor)):
            self.check()
            if time.monotonic() > deadline:
                raise NotRecovered(f"no worker was started within {READY_SECONDS:.0f} s")
            time.sleep(0.05)
        return found

    def check(self) -> None:
        """Raises `NotRecovered` if what must never end has ended."""
        for name, pid in (("muster run", self.supervisor), ("muster notify", self.notifier)):
            if not process.is_running(pid):
                raise NotRecovered(f"`{name}` has ended; its log is in {self.folder}")
        if self._failed:
            raise NotRecovered(f"the feeder: {self._failed[0]}")

    def start_worker(self) -> int:
        """One worker more, without a supervisor, ready when this returns."""
        self._started += 1
        ready = self.folder / f"guest-{self._started}.ready"
        pid = process.spawn(
            [*worker_command(()), f"--ready-file={ready}"],
            output=self.folder / f"guest-{self._started}.log",
            environment=environment_of(self.settings),
            tied=True,
        )
        self.wait(ready.exists, f"a further worker ready; its log is guest-{self._started}.log")
        return pid

    def feed(self, articles: Sequence[bytes], rate: float | None = FEED_PER_SECOND) -> None:
        """Feed in the background, at a steady rate or all at once, after what is being fed."""
        before = list(self._feeding)

        def run() -> None:
            try:
                for thread in before:
                    thread.join()
                began = time.monotonic()
                for number, article in enumerate(articles):
                    if rate is not None:
                        time.sleep(max(0.0, began + number / rate - time.monotonic()))
                    self.feeder.send(article)
                self.feeder.flush()
            except BaseException as error:
                self._failed.append(error)

        thread = threading.Thread(target=run, daemon=True)
        self._feeding.append(thread)
        thread.start()

    def wait_until_done(self) -> None:
        """Until all is fed that was begun, and no stage is behind. Raises `NotRecovered`."""
        behind: dict[str, int] = {}

        def done() -> bool:
            if any(thread.is_alive() for thread in self._feeding):
                return False
            with contextlib.suppress(*UNANSWERED), admin_client(self.settings) as client:
                behind.update({stage: lag.behind for stage, lag in lags(client, self.settings).items()})
                return not any(behind.values())
            return False

        self.wait(done, "all stages through with what was fed", behind)

    def wait_until_whole(self) -> None:
        """Until every stage has a member of its group in each of the two workers. Raises `NotRecovered`."""
        groups = [group_of(self.settings, stage) for stage in CONSUMES]

        def whole() -> bool:
            with contextlib.suppress(*UNANSWERED), admin_client(self.settings) as client:
                found = client.describe_groups(groups).values()
                return all(one["group_state"] == "Stable" and len(one["members"]) == WORKERS for one in found)
            return False

        self.wait(whole, "all workers back in all groups")

    def wait(self, condition: object, what: str, *told: object, seconds: float = RECOVERY_SECONDS) -> None:
        """Until the condition holds. Raises `NotRecovered` if it does not in time, or a process ended that must not."""
        deadline = time.monotonic() + seconds
        while not condition():  # type: ignore[operator]
            self.check()
            if time.monotonic() > deadline:
                raise NotRecovered(f"not within {seconds:.0f} s: {what} {' '.join(map(str, told))}")
            time.sleep(LOOK_SECONDS)


@contextlib.contextmanager
def pipeline(settings: Settings, folder: Path) -> Iterator[Pipeline]:
    """Two workers that are ready, a sink that takes alerts, and a feeder, for as long as the block runs."""
    folder.mkdir(parents=True, exist_ok=True)
    pids: list[int] = []

    def spawn(name: str, *arguments: str, **more: str) -> int:
        environment = environment_of(settings) | more
        pids.append(process.spawn([*MUSTER, *arguments], output=folder / name, environment=environment, tied=True))
        return pids[-1]

    try:
        with Receiver() as receiver, Feeder(settings) as feeder:
            sinks = folder / "sinks.toml"
            sinks.write_text(
                f'[[sink]]\nname = "soak"\nkind = "webhook"\nurl = "{receiver.url}"\nfrom = "start"\n', encoding="utf-8"
            )
            ready = folder / "ready"
            snapshots = {"MUSTER_SNAPSHOTS": str(folder / "snapshots"), "MUSTER_SNAPSHOT_MINUTES": SNAPSHOT_MINUTES}
            supervisor = spawn("workers.log", "run", f"--workers={WORKERS}", f"--ready-file={ready}", **snapshots)
            notifier = spawn("notify.log", "notify", MUSTER_SINKS=str(sinks), MUSTER_ALLOW_PRIVATE_TARGETS="true")
            made = Pipeline(settings, folder, receiver, feeder, supervisor, notifier)
            made.wait(ready.exists, "all workers ready", seconds=READY_SECONDS)
            yield made
    finally:
        for pid in pids:
            process.end(pid, grace_seconds=settings.grace_seconds + 10)
