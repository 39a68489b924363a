"""Throughput and latency of the whole: broker, workers, feeder and this reader on one machine.

Three measurements, one after the other, on a stream in which 3 % of the articles tell of a deployment and 30 % are copies
of others (bench/articles.py):

- drained: a backlog is published at once; articles a second until every stage has worked through all of it.
- sustained: the highest tried rate of a steady feed at which the lag of no stage grows.
- latency: at a given rate, the time from the raw article's timestamp on the broker until a subscriber holds the alert.

Prints a table, and as the last line of standard output the same as one JSON object.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from itertools import count, islice
from pathlib import Path
from statistics import linear_regression, median, quantiles
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # run as a script or as a module

from bench.articles import Generated, stream
from streams import kafka_options
from streams.administration import admin_client, create_topics
from streams.broker import temporary_broker
from streams.feeding import Feeder
from streams.lag import CONSUMES, lags
from streams.loop import RAW_MS_HEADER
from streams.records import Alert, decode
from streams.settings import Settings

READY_SECONDS = 120.0
IDLE_SECONDS = 600.0
SAMPLE_SECONDS = 0.5
FIRST_SHARE = 0.9
"""Of the drained rate: where the search for a sustained rate begins."""
NEXT_SHARE = 0.85
TRIES = 6
GROWING = 0.02
"""A lag that grows by more than this share of the rate counts as growing; offsets are committed once a second, which
alone lets it swing by as much as one second's articles."""
SEEDS = count(1)
"""Every phase has articles of its own."""


@dataclass(kw_only=True)
class Result:
    """What was measured. Rates are articles a second, times are seconds."""

    processors: int
    machine: str
    workers: int
    partitions: int
    drained_articles: int = 0
    drained_rate: float = 0.0
    sustained_rate: float = 0.0
    sustained_seconds: float = 0.0
    tried: list[dict[str, float]] = field(default_factory=list)
    latency_rate: float = 0.0
    latency_seconds: float = 0.0
    alerts: int = 0
    p50: float | None = None
    p99: float | None = None
    slowest: float | None = None
    worker_milliseconds: float = 0.0
    """Processor time of all workers for one article of the backlog: what does not depend on who else uses the machine."""
    worker_megabytes: float = 0.0


class Bench:
    """Workers that are ready, and a way to feed them and to look at them."""

    def __init__(self, settings: Settings, workers: list[subprocess.Popen[bytes]]) -> None:
        self.settings = settings
        self._workers = workers

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
        return max(lag.behind for lag in lags(client, self.settings, CONSUMES).values())

    def wait_until_idle(self) -> None:
        with admin_client(self.settings) as client:
            deadline = time.monotonic() + IDLE_SECONDS
            while self.behind(client):
                if time.monotonic() > deadline:
                    sys.exit(f"the stages are not done after {IDLE_SECONDS:.0f} s")
                time.sleep(SAMPLE_SECONDS / 2)

    def processor_seconds(self) -> float:
        """What all workers have used of the processors since they were started; 0 where there is no /proc."""
        ticks = 0
        for worker in self._workers:
            status = Path(f"/proc/{worker.pid}/stat")
            if status.is_file():
                user, system = status.read_text().rpartition(")")[2].split()[11:13]
                ticks += int(user) + int(system)
        return ticks / os.sysconf("SC_CLK_TCK")

    def megabytes(self) -> float:
        """The most memory that a worker has held."""
        held = [0.0]
        for worker in self._workers:
            status = Path(f"/proc/{worker.pid}/status")
            if status.is_file():
                held += [int(line.split()[1]) / 1024 for line in status.read_text().splitlines() if "VmHWM" in line]
        return max(held)


def main() -> None:
    options = _options()
    settings = replace(
        Settings.from_environment(),
        topic_prefix=f"bench-{uuid.uuid4().hex[:8]}-",
        partitions=options.partitions,
    )
    result = Result(
        processors=os.cpu_count() or 0,
        machine=f"{platform.machine()}, {platform.system()} {platform.release()}, Python {platform.python_version()}",
        workers=options.workers,
        partitions=options.partitions,
    )
    with temporary_broker(settings) as broker:
        settings = replace(settings, broker=broker.bootstrap)
        create_topics(settings)
        with _workers(settings, options.workers) as workers:
            bench = Bench(settings, workers)
            _say("warming up")
            bench.feed(bench.articles(200, 20), None)
            bench.wait_until_idle()
            _drain(bench, result, options.backlog)
            _sustain(bench, result, options.seconds)
            _latency(bench, result, options.rate, options.seconds)
            result.worker_megabytes = bench.megabytes()
    _print(result)


def _drain(bench: Bench, result: Result, backlog: int) -> None:
    articles = bench.articles(backlog, 100)
    _say(f"backlog of {backlog:,} articles")
    used, started = bench.processor_seconds(), time.monotonic()
    bench.feed(articles, None)
    bench.wait_until_idle()
    result.drained_articles = backlog
    result.drained_rate = backlog / (time.monotonic() - started)
    result.worker_milliseconds = (bench.processor_seconds() - used) / backlog * 1000


def _sustain(bench: Bench, result: Result, seconds: float) -> None:
    rate = result.drained_rate * FIRST_SHARE
    for _ in range(TRIES):
        _say(f"steady feed of {rate:,.0f} articles/s for {seconds:.0f} s")
        growth = _growth_of_lag(bench, rate, seconds)
        result.tried.append({"rate": round(rate, 1), "growth_of_lag": round(growth, 2)})
        bench.wait_until_idle()
        if growth <= rate * GROWING:
            result.sustained_rate, result.sustained_seconds = rate, seconds
            return
        rate *= NEXT_SHARE


def _growth_of_lag(bench: Bench, rate: float, seconds: float) -> float:
    """How the largest lag of any stage grows under a steady feed, in messages a second, after the first quarter of it."""
    articles = bench.articles(int(rate * seconds), rate)
    feeder = threading.Thread(target=bench.feed, args=(articles, rate), daemon=True)
    times, behind = [], []
    with admin_client(bench.settings) as client:
        started = time.monotonic()
        feeder.start()
        while feeder.is_alive():
            times.append(time.monotonic() - started)
            behind.append(bench.behind(client))
            feeder.join(SAMPLE_SECONDS)
    late = [(t, b) for t, b in zip(times, behind, strict=True) if t > seconds / 4]
    return linear_regression([t for t, _ in late], [b for _, b in late]).slope


def _latency(bench: Bench, result: Result, rate: float, seconds: float) -> None:
    articles = bench.articles(int(rate * seconds), rate)
    _say(f"latency at {rate:g} articles/s for {seconds:.0f} s, {sum(a.relevant for a in articles)} of them relevant")
    with _subscriber(bench.settings) as latencies:
        bench.feed(articles, rate)
        bench.wait_until_idle()
    result.latency_rate, result.latency_seconds, result.alerts = rate, seconds, len(latencies)
    if len(latencies) > 1:
        result.p50 = median(latencies)
        result.p99 = quantiles(latencies, n=100, method="inclusive")[98]
        result.slowest = max(latencies)


@contextmanager
def _subscriber(settings: Settings) -> Iterator[list[float]]:
    """Latencies in seconds of the alerts that come while the block runs, taken when a subscriber has decoded them."""
    from kafka import KafkaConsumer, TopicPartition

    consumer = KafkaConsumer(
        **kafka_options.kafka_python_options(settings), group_id=None, enable_auto_commit=False, fetch_max_wait_ms=50
    )
    places = [TopicPartition(f"{settings.topic_prefix}alerts.v1", number) for number in range(settings.partitions)]
    consumer.assign(places)
    for place, end in consumer.end_offsets(places).items():
        consumer.seek(place, end)
    latencies: list[float] = []
    ended = threading.Event()

    def listen() -> None:
        while not ended.is_set():
            for batch in consumer.poll(timeout_ms=200).values():
                for message in batch:
                    decode(message.value, Alert)
                    raw_ms = int(dict(message.headers)[RAW_MS_HEADER])
                    latencies.append(time.time() - raw_ms / 1000)

    thread = threading.Thread(target=listen)
    thread.start()
    try:
        yield latencies
    finally:
        ended.set()
        thread.join()
        consumer.close()


@contextmanager
def _workers(settings: Settings, number: int) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Workers with all stages that have their partitions; stopped in order, by their pids, after the block."""
    environment = {
        **os.environ,
        "MUSTER_BROKER": settings.broker,
        "MUSTER_TOPIC_PREFIX": settings.topic_prefix,
        "MUSTER_METRICS_PORT": "0",
        "MUSTER_LOG_LEVEL": "warning",
    }
    _say(f"starting {number} worker(s)")
    with tempfile.TemporaryDirectory(prefix="muster-bench-") as folder:
        ready = [Path(folder) / f"{index}.ready" for index in range(number)]
        started: list[subprocess.Popen[bytes]] = []
        try:
            for index in range(number):
                command = [sys.executable, "-m", "streams.worker", f"--index={index}", f"--ready-file={ready[index]}"]
                started.append(subprocess.Popen(command, env=environment))  # noqa: S603
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


def _print(result: Result) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title=f"Muster, {result.workers} worker(s), {result.processors} processors, {result.machine}")
    table.add_column("measured")
    table.add_column("value", justify="right")
    table.add_row(f"drained, {result.drained_articles:,} articles", f"{result.drained_rate:,.0f} articles/s")
    table.add_row(f"sustained for {result.sustained_seconds:.0f} s", f"{result.sustained_rate:,.0f} articles/s")
    at = f"raw article to alert at {result.latency_rate:g} articles/s"
    for name, value in (("p50", result.p50), ("p99", result.p99), ("slowest", result.slowest)):
        table.add_row(f"{at}, {name} of {result.alerts} alerts", "-" if value is None else f"{value * 1000:,.0f} ms")
    table.add_row("processor time of the workers, an article", f"{result.worker_milliseconds:,.1f} ms")
    table.add_row("most memory of a worker", f"{result.worker_megabytes:,.0f} MB")
    Console().print(table)
    print(json.dumps(asdict(result)))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure throughput and latency of the whole on this machine.")
    parser.add_argument("--seconds", type=float, default=60.0, help="length of each steady feed (default: 60)")
    parser.add_argument("--rate", type=float, default=20.0, help="articles/s for the latency (default: 20)")
    parser.add_argument("--backlog", type=int, default=3000, help="articles of the backlog (default: 3000)")
    parser.add_argument("--workers", type=int, default=1, help="worker processes (default: 1)")
    parser.add_argument("--partitions", type=int, default=4, help="partitions of each topic (default: 4)")
    return parser.parse_args()


def _say(line: str) -> None:
    print(f"bench: {line} ...", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
