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
import sys
import threading
import time
import uuid
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from statistics import linear_regression, median, quantiles

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # run as a script or as a module

from bench.running import Bench, say, subscriber, workers
from streams.administration import admin_client, create_topics
from streams.broker import temporary_broker
from streams.settings import Settings

SAMPLE_SECONDS = 0.5
FIRST_SHARE = 0.9
"""Of the drained rate: where the search for a sustained rate begins."""
NEXT_SHARE = 0.85
TRIES = 6
GROWING = 0.02
"""A lag that grows by more than this share of the rate counts as growing; offsets are committed once a second, which
alone lets it swing by as much as one second's articles."""


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
        with workers(settings, options.workers) as started:
            bench = Bench(settings, started)
            say("warming up")
            bench.feed(bench.articles(200, 20), None)
            bench.wait_until_idle()
            _drain(bench, result, options.backlog)
            _sustain(bench, result, options.seconds)
            _latency(bench, result, options.rate, options.seconds)
            result.worker_megabytes = bench.megabytes()
    _print(result)


def _drain(bench: Bench, result: Result, backlog: int) -> None:
    articles = bench.articles(backlog, 100)
    say(f"backlog of {backlog:,} articles")
    used, started = bench.processor_seconds(), time.monotonic()
    bench.feed(articles, None)
    bench.wait_until_idle()
    result.drained_articles = backlog
    result.drained_rate = backlog / (time.monotonic() - started)
    result.worker_milliseconds = (bench.processor_seconds() - used) / backlog * 1000


def _sustain(bench: Bench, result: Result, seconds: float) -> None:
    rate = result.drained_rate * FIRST_SHARE
    for _ in range(TRIES):
        say(f"steady feed of {rate:,.0f} articles/s for {seconds:.0f} s")
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
    say(f"latency at {rate:g} articles/s for {seconds:.0f} s, {sum(a.relevant for a in articles)} of them relevant")
    latencies: list[float] = []
    with subscriber(bench.settings, "alerts.v1", lambda _, seconds: latencies.append(seconds)):
        bench.feed(articles, rate)
        bench.wait_until_idle()
    result.latency_rate, result.latency_seconds, result.alerts = rate, seconds, len(latencies)
    if len(latencies) > 1:
        result.p50 = median(latencies)
        result.p99 = quantiles(latencies, n=100, method="inclusive")[98]
        result.slowest = max(latencies)


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


if __name__ == "__main__":
    main()
