"""Whether dedupe stalls while it lets go of what is too old: the pure steps over more days than the window has.

    python -m bench.letting_go [--articles 100000] [--days 8] [--partitions 4]

For each day of event time: the articles held by all partitions at its end, and the processor time of the steps, their
usual and the slowest, without the collections of cyclic garbage that fell into them: those go through all that is held,
whatever step they interrupt, and are told apart. With a window of 72 hours and a day of lateness articles begin to go after four days, in partitions
that hold more than `KEPT_AT_LEAST`. No step may take the longer for it: a stage does nothing else meanwhile. (What a step
waits for the processor is the machine's affair, and no part of it.)
"""

from __future__ import annotations

import argparse
import gc
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
    collections: list[float] = field(default_factory=list)


class Collections:
    """Times the interpreter's collections of cyclic garbage while the block runs."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self._started = 0.0

    def __enter__(self) -> Collections:
        gc.callbacks.append(self._note)
        return self

    def __exit__(self, *_: object) -> None:
        gc.callbacks.remove(self._note)

    def _note(self, phase: str, _: dict[str, int]) -> None:
        if phase == "start":
            self._started = time.thread_time()
        else:
            self.seconds.append(time.thread_time() - self._started)


def timed(stage: Stage, days: Sequence[Day], number: list[int], collected: Collections) -> Stage:
    """The stage with a step that notes how long it computed, in the day that `number` holds."""
    if stage.name not in TIMED:
        return stage

    def step(state: Any, record: Any, received: Received) -> Sequence[Output]:
        before = len(collected.seconds)
        started = time.thread_time()
        outputs = stage.step(state, record, received)
        day = days[number[0]]
        day.seconds[stage.name].append(time.thread_time() - started - sum(collected.seconds[before:]))
        day.collections += collected.seconds
        collected.seconds.clear()
        day.held[stage.name][received.partition] = len(state)
        return outputs

    return replace(stage, step=step)


def run(articles: int, length: int, partitions: int) -> list[Day]:
    with Collections() as collected:
        return _run(articles, length, partitions, collected)


def _run(articles: int, length: int, partitions: int, collected: Collections) -> list[Day]:
    days, number = [Day() for _ in range(length)], [0]
    built = stages_for(Settings(), ("ingest", "dedupe"), partitions)
    stages = [timed(stage, days, number, collected) for stage in built]
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
    yield "| day | index: articles held | median step | slowest | resolve: articles held | median step | slowest | longest collection |"
    yield "|---|---|---|---|---|---|---|---|"
    for number, day in enumerate(days, start=1):
        cells = " | ".join(_cells(day.held[name], day.seconds[name]) for name in TIMED)
        cells += f" | {max(day.collections, default=0) * 1000:.0f} ms |"
        yield f"| {number} | {cells}"


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
