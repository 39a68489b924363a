"""From the raw article to its settled story, under a steady feed of which 30 % are copies (bench/articles.py).

    python -m bench.settled [--rate 50] [--seconds 60] [--workers 1 2] [--partitions 4]

The time runs from the raw article's timestamp on the broker until a subscriber of stories.v1 has decoded the story. An
article's first story is there when every partition of the index that it asked has answered. If something that it copies
arrives after it, it is told again: such later stories are counted apart, each from the article that led to it.

Measured for each number of workers, with topics of their own: dedupe alone (ingest and dedupe); the whole, as
`muster run --workers N` has it, every stage in every worker; and the whole with enrich, which computes most, apart: a
worker of its own beside each of the others. Prints a table, and as the last line the same as JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace

import orjson

from bench.running import Bench, say, subscriber, workers
from bench.table.measuring import percentile
from streams.administration import create_topics
from streams.broker import temporary_broker
from streams.records import Story
from streams.settings import Settings
from streams.stages import AGENTS, names_of

STAGES: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "dedupe alone": (names_of(("ingest", "dedupe")),),
    "the whole": (tuple(AGENTS),),
    "enrich apart": (tuple(stage for stage in AGENTS if stage != "enrich"), ("enrich",)),
}
"""Groups of stages: each group has workers of its own."""
WARM_UP = 1_000
"""Articles that come before: the first ones after a start are slow, and an index that holds nothing is fast."""


@dataclass(frozen=True, kw_only=True)
class Times:
    """Latencies of some stories, in milliseconds."""

    stories: int
    p50: float
    p99: float
    slowest: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> Times:
        half, most = (1000 * (percentile(seconds, percent) or 0) for percent in (50, 99))
        return cls(stories=len(seconds), p50=half, p99=most, slowest=1000 * max(seconds, default=0))


@dataclass(frozen=True, kw_only=True)
class Result:
    stages: str
    workers: int
    articles: int
    first: Times
    later: Times
    busy: float
    """Processors that the workers kept busy, all together."""
    load: float
    """The machine's load average when the feed had ended: of what it has to do beside this, mostly."""


def measured(settings: Settings, named: str, number: int, rate: float, seconds: float) -> Result:
    """Workers with these stages, warmed up, then fed so many articles a second for so long. Raises SystemExit if one dies."""
    settings = replace(settings, topic_prefix=f"bench-{uuid.uuid4().hex[:8]}-")
    create_topics(settings)
    groups = STAGES[named]
    with ExitStack() as stack:
        started = [worker for group in groups for worker in stack.enter_context(workers(settings, number, group))]
        bench = Bench(settings, started, [stage for group in groups for stage in group])
        warming, articles = bench.articles(WARM_UP, rate), bench.articles(int(rate * seconds), rate)
        bench.feed(warming, None)
        bench.wait_until_idle()
        say(f"{named}, {number} worker(s): {rate:g} articles/s for {seconds:.0f} s")
        outstanding = {str(orjson.loads(article.payload)["id"]) for article in articles}
        first: list[float] = []
        later: list[float] = []

        def arrived(story: Story, latency: float) -> None:
            (first if story.article in outstanding else later).append(latency)
            outstanding.discard(story.article)

        used = bench.processor_seconds()
        with subscriber(settings, "stories.v1", arrived):
            bench.feed(articles, rate)
            busy, load = (bench.processor_seconds() - used) / seconds, os.getloadavg()[0]
            bench.wait_until_idle()
        if outstanding:
            sys.exit(f"of {len(articles)} articles {len(outstanding)} have no story")
    return Result(
        stages=named,
        workers=number,
        articles=len(articles),
        first=Times.of(first),
        later=Times.of(later),
        busy=busy,
        load=load,
    )


def table(results: Sequence[Result]) -> Iterator[str]:
    yield "| stages | workers | first stories | p50 | p99 | slowest | later ones | p50 | p99 | processors busy | load |"
    yield "|---|---|---|---|---|---|---|---|---|---|---|"
    for one in results:
        first = f"{one.first.stories:,} | {one.first.p50:.0f} ms | {one.first.p99:.0f} ms | {one.first.slowest:.0f} ms"
        later = f"{one.later.stories:,} | {one.later.p50:.0f} ms | {one.later.p99:.0f} ms"
        yield f"| {one.stages} | {one.workers} | {first} | {later} | {one.busy:.2f} | {one.load:.1f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rate", type=float, default=50.0, help="articles/s (default: 50)")
    parser.add_argument("--seconds", type=float, default=60.0, help="length of each feed (default: 60)")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2], help="worker processes (default: 1 2)")
    parser.add_argument("--partitions", type=int, default=4, help="partitions of each topic (default: 4)")
    parser.add_argument("--stages", choices=STAGES, nargs="+", default=list(STAGES), help="default: all")
    options = parser.parse_args()
    settings = replace(Settings.from_environment(), partitions=options.partitions)
    with temporary_broker(settings) as broker:
        settings = replace(settings, broker=broker.bootstrap)
        results = [
            measured(settings, named, number, options.rate, options.seconds)
            for named in options.stages
            for number in options.workers
        ]
    print(f"{options.rate:g} articles/s for {options.seconds:.0f} s, {options.partitions} partitions, ", end="")
    print(f"{os.cpu_count()} processors, {platform.machine()}, Python {platform.python_version()}")
    for line in table(results):
        print(line)
    print(json.dumps([asdict(one) for one in results]))


if __name__ == "__main__":
    main()
