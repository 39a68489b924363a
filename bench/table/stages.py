"""Each pure stage alone: articles a second of processor time, and the three lines that take most of it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from bench.articles import stream
from bench.letting_go import Collections
from bench.table.rows import Row, share
from bench.table.sampling import Sampler
from streams.dry_run import Pipeline, stages_for
from streams.settings import Settings
from streams.stage import Output, Received, Stage
from streams.stages import AGENTS

PARTITIONS = 4
START = datetime(2026, 1, 1, tzinfo=UTC)
WARM_UP = 0.1
"""Share of the articles that come before: the first ones pay for what is loaded and compiled once."""


class Clock:
    """Seconds of processor time in the steps of each stage; without the garbage collections that `collected` times."""

    def __init__(self, sampler: Sampler | None = None, collected: Collections | None = None) -> None:
        self.seconds: Counter[str] = Counter()
        self._sampler = sampler
        self._collections = collected.seconds if collected else []

    def timed(self, stage: Stage) -> Stage:
        def step(state: Any, record: Any, received: Received) -> Sequence[Output]:
            if self._sampler is not None:
                self._sampler.label = stage.name
            before = len(self._collections)
            started = time.thread_time()
            try:
                return stage.step(state, record, received)
            finally:
                self.seconds[stage.name] += time.thread_time() - started - sum(self._collections[before:])
                if self._sampler is not None:
                    self._sampler.label = None

        return replace(stage, step=step)


def pipeline(clock: Clock) -> Pipeline:
    built = [clock.timed(stage) for stage in stages_for(Settings(), (), PARTITIONS)]
    return Pipeline(built, partitions=PARTITIONS, timestamp_ms=int(START.timestamp() * 1000), keep=())


def run(articles: Sequence[bytes], sampler: Sampler | None = None) -> Counter[str]:
    """Seconds of each stage for these articles, after as many others as `WARM_UP` says."""
    clock = Clock(sampler)
    running = pipeline(clock)
    first = int(len(articles) * WARM_UP)
    for place, article in enumerate(articles):
        if place == first:
            clock.seconds.clear()
        running.feed(article)
        running.drain()
    return clock.seconds


def rows(number: int) -> list[Row]:
    """Timed without the sampler, and sampled in a run of its own: neither is measured with the other in it."""
    articles = [made.payload for made in islice(stream(1, START, per_second=20), number)]
    seconds = run(articles)
    with Sampler() as sampler:
        run(articles, sampler)
    timed, whole = number - int(number * WARM_UP), seconds.total()
    found = []
    for name in AGENTS:
        lines = ", ".join(f"{line} {part:.0%}" for line, part in sampler.dearest(name))
        rate = share(timed, seconds[name])
        found.append(
            Row(
                name=f"{name} alone",
                value=rate,
                unit="articles/s of a core",
                against="processor time of all stages",
                ratio=share(seconds[name], whole),
                note=lines,
            )
        )
    return [*found, Row(name="all stages in one process", value=share(timed, whole), unit="articles/s of a core")]
