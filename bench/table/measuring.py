"""What the rows on a broker share: topics of their own for each, a backlog, a steady feed, percentiles, bytes on the broker."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import linear_regression, quantiles

from bench.running import Bench, say, subscriber, workers
from streams.administration import admin_client, create_topics
from streams.lag import CONSUMES
from streams.settings import Settings

SAMPLE_SECONDS = 0.5
FIRST_SHARE = 0.9
"""Of the drained rate: where the search for a sustained rate begins."""
NEXT_SHARE = 0.85
TRIES = 6
GROWING = 0.02
"""A lag that grows by more than this share of the rate counts as growing; offsets are committed once a second, which
alone lets it swing by as much as one second's articles."""
WARM_UP = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How much of each: seconds of a steady feed, articles of a backlog, of a stage's run, and of the growing folds."""

    seconds: float
    rates: tuple[float, ...]
    backlog: int
    script: int
    stages: int
    folds: tuple[int, ...]
    partitions: tuple[int, ...]


FULL = Sizes(
    seconds=120,
    rates=(20, 50, 100),
    backlog=3_000,
    script=1_000,
    stages=2_000,
    folds=(10_000, 100_000),
    partitions=(1, 4, 16),
)
SHORT = Sizes(seconds=4, rates=(20,), backlog=60, script=40, stages=40, folds=(200, 400), partitions=(1, 2))


@dataclass(frozen=True, slots=True, kw_only=True)
class Drained:
    """Articles a second of a backlog, and how many processors the workers kept busy meanwhile."""

    rate: float
    busy: float


@contextmanager
def fresh(
    settings: Settings,
    number: int = 1,
    *,
    command: Sequence[str] | None = None,
    stages: Collection[str] = CONSUMES,
) -> Iterator[Bench]:
    """Workers on topics of their own, warmed up."""
    settings = replace(settings, topic_prefix=f"bench-{uuid.uuid4().hex[:8]}-")
    create_topics(settings)
    with workers(settings, number, command=command) as started:
        bench = Bench(settings, started, stages)
        bench.feed(bench.articles(WARM_UP, 20), None)
        bench.wait_until_idle()
        yield bench


def drained(bench: Bench, backlog: int) -> Drained:
    """A backlog published at once, until every stage has acknowledged all of it."""
    articles = bench.articles(backlog, 100)
    say(f"backlog of {backlog:,} articles")
    used, started = bench.processor_seconds(), time.monotonic()
    bench.feed(articles, None)
    bench.wait_until_idle()
    took = time.monotonic() - started
    return Drained(rate=backlog / took, busy=(bench.processor_seconds() - used) / took)


def sustained(bench: Bench, highest: float, seconds: float) -> float | None:
    """The first rate tried, from a share of `highest` downwards, at which no stage's lag grows; None if it grew at all."""
    rate = highest * FIRST_SHARE
    for _ in range(TRIES):
        say(f"steady feed of {rate:,.0f} articles/s for {seconds:.0f} s")
        growth = growth_of_lag(bench, rate, seconds)
        bench.wait_until_idle()
        if growth <= rate * GROWING:
            return rate
        rate *= NEXT_SHARE
    return None


def growth_of_lag(bench: Bench, rate: float, seconds: float) -> float:
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
    return linear_regression([t for t, _ in late], [b for _, b in late]).slope if len(late) > 1 else 0.0


def latencies(bench: Bench, rate: float, seconds: float) -> list[float]:
    """Seconds from each raw article that led to an alert until a subscriber has decoded the alert."""
    articles = bench.articles(int(rate * seconds), rate)
    say(f"latency at {rate:g} articles/s for {seconds:.0f} s")
    found: list[float] = []
    with subscriber(bench.settings, "alerts.v1", lambda _, latency: found.append(latency)):
        bench.feed(articles, rate)
        bench.wait_until_idle()
    return found


def percentile(values: Sequence[float], percent: int) -> float | None:
    """That percentile (1 to 99); None of fewer than two values."""
    return quantiles(values, n=100, method="inclusive")[percent - 1] if len(values) > 1 else None


def bytes_on_broker(data: Path | None, prefix: str) -> int | None:
    """What the segments of the topics with that prefix hold; None for a broker whose folder is not here.

    Segments only: indexes are laid out in advance at their full size, whatever is in them.
    """
    if data is None:
        return None
    files = [file for folder in data.rglob(f"{prefix}*") if folder.is_dir() for file in folder.glob("*.log")]
    return sum(file.stat().st_size for file in files)
