"""What one article costs when the folds hold few and when they hold many.

Decisions are timed in the pure steps. What is kept, the memory, and the time to catch up are those of dedupe, whose folds hold
every article (bench/catching_up.py); the other folds hold only what tells of a deployment.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

from bench import catching_up
from bench.articles import stream
from bench.letting_go import Collections
from bench.running import say
from bench.table.measuring import Sizes
from bench.table.rows import Row, share
from bench.table.stages import START, Clock, pipeline
from streams.broker import RunningBroker
from streams.settings import Settings

TIMED_SHARE = 0.1
"""Of the articles, the last ones are timed: by then the folds hold the rest."""
DAYS = 3.5
"""Within the window of copies and its lateness, so that nothing is let go."""
FLAT = 1.2


def growth(settings: Settings, _: RunningBroker, sizes: Sizes) -> Iterator[Row]:
    smallest = f"at {sizes.folds[0]:,}"
    first: dict[str, float] = {}

    def row(name: str, value: float, unit: str, cost: float, goal: float | None = FLAT) -> Row:
        """`cost` is for one article: its ratio to that of the smallest folds is what is to stay flat."""
        name, measure = f"{name}, folds of {number:,} articles", name
        ratio = share(cost, first.setdefault(measure, cost))
        return Row(name=name, value=value, unit=unit, against=f"cost {smallest}", ratio=ratio, goal=goal, at_most=True)

    for number in sizes.folds:
        say(f"folds of {number:,} articles")
        with Collections() as collected:
            cost = _cost(number, collected)
        yield row("decisions", 1 / cost, "articles/s of a core", cost)
        yield Row(
            name=f"longest garbage collection, folds of {number:,} articles",
            value=1000 * max(collected.seconds, default=0.0),
            unit="ms",
            note="no part of the decisions: one that falls among few of them would hide their cost",
        )
        found = catching_up.measured(settings, number, DAYS)
        kept = found.megabytes_on_topics * 2**20 / number
        yield row("kept on the topics of dedupe", kept, "bytes an article", kept)
        yield row("memory of a worker", found.bytes_an_article, "bytes an article", found.bytes_an_article)
        # From the assignment on: what a worker takes to start is no cost of its articles.
        seconds = found.caught_up - found.assigned
        yield row("caught up after a start", seconds, "s", seconds / number)


def _cost(number: int, collected: Collections) -> float:
    """Seconds of processor time of all stages but enrich and ingest, which hold nothing, for one of the last articles."""
    clock = Clock(collected=collected)
    running = pipeline(clock)
    made = stream(1, START - timedelta(days=DAYS), per_second=number / (DAYS * 86_400))
    timed = max(1, int(number * TIMED_SHARE))
    began = time.monotonic()
    for place, article in enumerate(islice(made, number)):
        if place == number - timed:
            clock.seconds.clear()
        running.feed(article.payload)
        running.drain()
    say(f"{number:,} articles in {time.monotonic() - began:.0f} s")
    return sum(clock.seconds[name] for name in clock.seconds if name not in ("ingest", "enrich")) / timed
