"""Workers that a measurement starts, feeds and looks at, and a subscriber that takes the time at which a message arrives."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count, islice
from pathlib import Path
from typing import Any

from bench.articles import Generated, stream
from streams import kafka_options
from streams.administration import admin_client
from streams.feeding import Feeder
from streams.lag import CONSUMES, lags
from streams.loop import RAW_MS_HEADER
from streams.settings import Settings
from streams.supervisor import worker_command
from streams.topics import topic

READY_SECONDS = 120.0
IDLE_SECONDS = 600.0
LOOK_SECONDS = 0.25
SEEDS = count(1)
"""Every phase has articles of its own."""


class Bench:
    """Workers that are ready, and a way to feed them and to look at them."""

    def __init__(
        self, settings: Settings, workers: Sequence[subprocess.Popen[bytes]], stages: Collection[str] = CONSUMES
    ) -> None:
        self.settings = settings
        self._workers = workers
        self._stages = stages

    def articles(self, number: int, per_second: float) -> list[Generated]:
        """Made before a measurement begins, so that making them is no part of it."""
        return list(
            islice(stream(next(SEEDS), datetime.now(UTC).replace(microsecond=0), per_second=per_second), number)
        )

    def feed(self, articles: Sequence[Generated], rate: float | None) -> None:
        with Feeder(self.settings, rate=rate) as feeder:
            for article in articles:
                feeder.send(article.payload)

    def behind(self, client: Any) -> int:
        """The largest lag of any stage, in messages. Raises SystemExit if a worker has died."""
        for worker in self._workers:
            if worker.poll() is not None:
                sys.exit(f"worker {worker.pid} ended with {worker.returncode}; what was measured is void")
        return max(lag.behind for lag in lags(client, self.settings, self._stages).values())

    def wait_until_idle(self) -> None:
        with admin_client(self.settings) as client:
            deadline = time.monotonic() + IDLE_SECONDS
            while self.behind(client):
                if time.monotonic() > deadline:
                    sys.exit(f"the stages are not done after {IDLE_SECONDS:.0f} s")
                time.sleep(LOOK_SECONDS)

    def processor_seconds(self) -> float:
        """What all workers and their processes have used of the processors since they were started; 0 where there is no /proc."""
        ticks = 0
        for process in [process for worker in self._workers for process in _with_children(worker.pid)]:
            user, system = (process / "stat").read_text().rpartition(")")[2].split()[11:13]
            ticks += int(user) + int(system)
        return ticks / os.sysconf("SC_CLK_TCK")

    def megabytes(self, what: str = "VmHWM") -> float:
        """The most memory that a worker and its processes have held, or with `VmRSS` the most that one holds now with them; 0 where
        there is no /proc."""

        def of(process: Path) -> float:
            lines = (process / "status").read_text().splitlines()
            return sum(int(line.split()[1]) / 1024 for line in lines if what in line)

        return max((sum(map(of, _with_children(worker.pid))) for worker in self._workers), default=0.0)


def _with_children(pid: int) -> list[Path]:
    """Where /proc has a process and those that it has started; nothing where there is no /proc."""
    process = Path(f"/proc/{pid}")
    if not process.is_dir():
        return []
    return [process, *(Path(f"/proc/{child}") for child in children_of(pid))]


@contextmanager
def workers(
    settings: Settings, number: int, stages: Sequence[str] = (), command: Sequence[str] | None = None
) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Workers with those stages (none: all) that have their partitions; stopped in order, by their pids, after the block.

    `command` starts something else in their place that takes `--index` and `--ready-file` as they do.
    """
    environment = {
        **os.environ,
        **settings.to_environment(),
        "MUSTER_METRICS_PORT": "0",
        "MUSTER_LOG_LEVEL": "warning",
    }
    say(f"starting {number} worker(s)")
    with tempfile.TemporaryDirectory(prefix="muster-bench-") as folder:
        ready = [Path(folder) / f"{index}.ready" for index in range(number)]
        started: list[subprocess.Popen[bytes]] = []
        try:
            for index in range(number):
                arguments = [*(command or worker_command(stages)), f"--index={index}", f"--ready-file={ready[index]}"]
                started.append(subprocess.Popen(arguments, env=environment))
            deadline = time.monotonic() + READY_SECONDS
            while not all(file.exists() for file in ready):
                if time.monotonic() > deadline or any(worker.poll() is not None for worker in started):
                    sys.exit("the workers did not get ready")
                time.sleep(0.1)
            yield started
        finally:
            for worker in started:
                worker.terminate()
            for worker in started:
                worker.wait(60)


@contextmanager
def subscriber(settings: Settings, name: str, arrived: Callable[[Any, float], object]) -> Iterator[None]:
    """Calls `arrived` with every record that comes on a topic while the block runs, and with its latency in seconds: from
    the timestamp of the raw article that led to it until it is decoded here."""
    from kafka import KafkaConsumer, TopicPartition

    consumer = KafkaConsumer(
        **kafka_options.kafka_python_options(settings), group_id=None, enable_auto_commit=False, fetch_max_wait_ms=50
    )
    places = [TopicPartition(settings.topic_prefix + name, number) for number in range(settings.partitions)]
    consumer.assign(places)
    for place, end in consumer.end_offsets(places).items():
        consumer.seek(place, end)
    ended = threading.Event()

    def listen() -> None:
        while not ended.is_set():
            for batch in consumer.poll(timeout_ms=200).values():
                for message in batch:
                    record = topic(name).decode(message.value)
                    raw_ms = int(dict(message.headers)[RAW_MS_HEADER])
                    arrived(record, time.time() - raw_ms / 1000)

    thread = threading.Thread(target=listen)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        consumer.close()


def children_of(pid: int) -> list[int]:
    """The pids of a process's children, the oldest first; none where there is no such process, or no /proc."""
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    try:
        return [int(child) for child in listed.read_text(encoding="ascii").split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


def say(line: str) -> None:
    """Tell on standard error what is going on: standard output is for results."""
    print(f"bench: {line} ...", file=sys.stderr, flush=True)
