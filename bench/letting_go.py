"""Whether dedupe stalls while it lets go of what is too old: the pure steps over more days than the window has.

    python -m bench.letting_go [--articles 100000] [--days 8] [--partitions 4]

For each day of event time: the articles held by all partitions at its end, and the processor time of the steps, their
usual and the slowest. With a window of 72 hours and a day of lateness articles begin to go after four days, in partitions
that hold more than `KEPT_AT_LEAST`. No step may take the longer for it: a stage does nothing else meanwhile. (What a step
waits for the processor is the machine's affair, and no part of it.)
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import islice
from statistics import median
from typing import Any

from bench.articles import stream
from streams.dry_run import Pipeline, stages_for
from streams.settings import Settings
from streams.stage import Output, Received, Stage

START = datetime(2026, 1, 1, tzinfo=UTC)
DAY = 86_400
TIMED = ("dedupe.index", "dedupe.resolve")


@dataclass(slots=True)
class Day:
    """One day: of each stage the seconds of every step, and the articles held at its end, by partition."""

    seconds: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    held: defaultdict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))


def timed(stage: Stage, days: Sequence[Day], number: list[int]) -> Stage:
    """The stage with a step that notes how long it computed, in the day that `number` holds."""
    if stage.name not in TIMED:
        return stage

    def step(state: Any, record: Any, received: Received) -> Sequence[Output]:
        started = time.thread_time()
        outputs = stage.step(state, record, received)
        day = days[number[0]]
        day.seconds[stage.name].append(time.thread_time() - started)
        day.held[stage.name][received.partition] = len(state)
        return outputs

    return replace(stage, step=step)


def run(articles: int, length: int, partitions: int) -> list[Day]:
    days, number = [Day() for _ in range(length)], [0]
    stages = [timed(stage, days, number) for stage in stages_for(Settings(), ("ingest", "dedupe"), partitions)]
    clock = int((START.timestamp() + length * DAY) * 1000)
    pipeline = Pipeline(stages, partitions=partitions, timestamp_ms=clock, keep=())
    made = stream(1, START, per_second=articles / (length * DAY))
    for place, article in enumerate(islice(made, articles)):
        number[0] = place * length // articles
        pipeline.feed(article.payload)
        pipeline.drain()
        if place % 10_000 == 0:
            print(f"bench: {place:,} of {articles:,} articles ...", file=sys.stderr, flush=True)
    return days


def table(days: Sequence[Day]) -> Iterator[str]:
    yield "| day | index: articles held | median step | slowest | resolve: articles held | median step | slowest |"
    yield "|---|---|---|---|---|---|---|"
    for number, day in enumerate(days, start=1):
        yield f"| {number} | " + " | ".join(_cells(day.held[name], day.seconds[name]) for name in TIMED) + " |"


def _cells(held: Mapping[int, int], seconds: Sequence[float]) -> str:
    return f"{sum(held.values()):,} | {median(seconds) * 1000:.2f} ms | {max(seconds) * 1000:.1f} ms"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--days", type=int, default=8)
    parser.add_argument("--partitions", type=int, default=4)
    options = parser.parse_args()
    for line in table(run(options.articles, options.days, options.partitions)):
        print(line)
    print(f"most memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")


if __name__ == "__main__":
    main()
