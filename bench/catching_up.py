"""How long a worker that starts takes until dedupe works again, with many articles on the topics that its state is made of.

    python -m bench.catching_up [--articles 100000] [--partitions 4] [--days 3.5] [--snapshot]

The pure steps of ingest and dedupe make what anchors.v1 and matches.v1 hold after so many articles, 30 % of them copies,
over so many days of event time (within the window and its lateness, so that nothing is let go), and it is put on the
topics of a broker; the consumer groups stand at their ends, as they would after a worker that was stopped. Then one
worker is started, and as soon as it has its partitions new articles are fed, enough to wake every partition of both
stages. It has caught up when all of them have their story. With `--snapshot` a worker before that one has caught up, and kept
its states as it was stopped.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

from bench.articles import stream
from bench.running import Bench, say, subscriber, workers
from streams import kafka_options
from streams.administration import create_topics
from streams.app import group_of
from streams.broker import temporary_broker
from streams.dry_run import Pipeline, stages_for
from streams.records import Story
from streams.settings import Settings
from streams.stages import names_of

STAGES = names_of(("ingest", "dedupe"))
KEPT = {"dedupe.index": "anchors.v1", "dedupe.resolve": "matches.v1"}
PROBES = 200
"""Articles fed after the start: so many reach every partition."""
PATIENCE_SECONDS = 900.0
GRACE_SECONDS = 55.0
"""So long a worker has to write its snapshots as it is stopped."""


@dataclass(frozen=True, kw_only=True)
class Result:
    """Seconds from the start of the process, and the worker's memory in MB."""

    articles: int
    partitions: int
    records: dict[str, int]
    megabytes_on_topics: float
    assigned: float
    """Started, and every stage has its partitions."""
    first_story: float
    caught_up: float
    """Every partition of both stages has caught up."""
    processor: float
    """Seconds of processor time that the worker used from its start until then."""
    memory_before: float
    memory_after: float
    memory_most: float
    load: float
    snapshot_megabytes: float | None
    """On the disk; None without."""

    @property
    def bytes_an_article(self) -> float:
        return (self.memory_after - self.memory_before) * 2**20 / self.articles


class Filling(Pipeline):
    """The stages in memory; what they publish on the kept topics goes to a broker as well."""

    def __init__(self, settings: Settings, producer: Any) -> None:
        stages = stages_for(settings, ("ingest", "dedupe"), settings.partitions)
        clock = int(datetime.now(UTC).timestamp() * 1000)
        super().__init__(stages, partitions=settings.partitions, timestamp_ms=clock, keep=())
        self._prefix = settings.topic_prefix
        self._producer = producer
        self.records = dict.fromkeys(KEPT.values(), 0)
        self.bytes = 0

    def publish(self, name: str, partition: int, key: str, value: bytes | None) -> int:
        if name in self.records:
            self._producer.send(self._prefix + name, key=key.encode(), value=value, partition=partition)
            self.records[name] += 1
            self.bytes += len(value or b"")
        return super().publish(name, partition, key, value)


def fill(settings: Settings, articles: int, days: float) -> Filling:
    """Put on the kept topics what so many articles leave there, and the consumer groups behind it."""
    from kafka import KafkaProducer

    producer = KafkaProducer(**kafka_options.kafka_python_options(settings), acks=1, linger_ms=50, batch_size=262_144)
    try:
        filling = Filling(settings, producer)
        start = datetime.now(UTC).replace(microsecond=0) - timedelta(days=days)
        made = stream(1, start, per_second=articles / (days * 86_400))
        for place, article in enumerate(islice(made, articles)):
            filling.feed(article.payload)
            filling.drain()
            if place % 10_000 == 0:
                say(f"{place:,} of {articles:,} articles are on the topics")
        producer.flush()
    finally:
        producer.close()
    for stage, topic in KEPT.items():
        _stand_at_the_end(settings, stage, topic)
    return filling


def _stand_at_the_end(settings: Settings, stage: str, topic: str) -> None:
    from kafka import KafkaConsumer, OffsetAndMetadata, TopicPartition

    consumer = KafkaConsumer(
        **kafka_options.kafka_python_options(settings), group_id=group_of(settings, stage), enable_auto_commit=False
    )
    try:
        places = [TopicPartition(settings.topic_prefix + topic, number) for number in range(settings.partitions)]
        consumer.assign(places)
        ends = consumer.end_offsets(places)
        consumer.commit({place: OffsetAndMetadata(end, "", -1) for place, end in ends.items()})
    finally:
        consumer.close()


def measured(settings: Settings, articles: int, days: float) -> Result:
    """Fill topics of its own, start a worker, and wait until it has caught up. Raises SystemExit if it does not."""
    settings = replace(settings, topic_prefix=f"bench-{uuid.uuid4().hex[:8]}-")
    create_topics(settings)
    filling = fill(settings, articles, days)
    kept = None
    if settings.snapshots is not None:
        _keep(settings)
        kept = sum(file.stat().st_size for file in settings.snapshots.iterdir()) / 2**20
    probes = list(islice(stream(2, datetime.now(UTC).replace(microsecond=0), per_second=PROBES), PROBES))
    outstanding = {str(orjson.loads(probe.payload)["id"]) for probe in probes}
    told: list[float] = []

    def arrived(story: Story, _: float) -> None:
        outstanding.discard(story.article)
        told.append(time.monotonic())

    with subscriber(settings, "stories.v1", arrived):
        started = time.monotonic()
        with workers(settings, 1, STAGES) as running:
            assigned = time.monotonic() - started
            bench = Bench(settings, running, STAGES)
            before = bench.megabytes("VmRSS")
            bench.feed(probes, None)
            while outstanding:
                if running[0].poll() is not None or time.monotonic() - started > PATIENCE_SECONDS:
                    sys.exit(f"{len(outstanding)} of {PROBES} articles have no story")
                time.sleep(0.05)
            caught_up, used = time.monotonic() - started, bench.processor_seconds()
            bench.wait_until_idle()
            return Result(
                articles=articles,
                partitions=settings.partitions,
                records=filling.records,
                megabytes_on_topics=filling.bytes / 2**20,
                assigned=assigned,
                first_story=told[0] - started,
                caught_up=caught_up,
                processor=used,
                memory_before=before,
                memory_after=bench.megabytes("VmRSS"),
                memory_most=bench.megabytes("VmHWM"),
                load=os.getloadavg()[0],
                snapshot_megabytes=kept,
            )


def _keep(settings: Settings) -> None:
    """Let a worker catch up, and stop it so that it keeps its states."""
    started = time.monotonic()
    with workers(settings, 1, STAGES) as running:
        bench = Bench(settings, running, STAGES)
        bench.feed(list(islice(stream(3, datetime.now(UTC).replace(microsecond=0), per_second=PROBES), PROBES)), None)
        bench.wait_until_idle()
        say(f"caught up without a snapshot in {time.monotonic() - started:.1f} s")
        stopped = time.monotonic()
    say(f"stopped, with snapshots written, in {time.monotonic() - stopped:.1f} s")


def lines(result: Result) -> Iterator[str]:
    held = ", ".join(f"{number:,} on {name}" for name, number in result.records.items())
    yield f"{result.articles:,} articles in {result.partitions} partitions: {held}, {result.megabytes_on_topics:,.0f} MB"
    if result.snapshot_megabytes is not None:
        yield f"snapshots of {result.snapshot_megabytes:,.0f} MB"
    yield f"started, partitions assigned: {result.assigned:.1f} s"
    yield f"first story: {result.first_story:.1f} s; all {PROBES} stories, every partition caught up: {result.caught_up:.1f} s"
    yield f"processor time of the worker until then: {result.processor:.1f} s (load of the machine: {result.load:.1f})"
    yield (
        f"memory of the worker: {result.memory_before:,.0f} MB before, {result.memory_after:,.0f} MB after, "
        f"{result.memory_most:,.0f} MB at most: {result.bytes_an_article:,.0f} bytes an article"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--partitions", type=int, default=4)
    parser.add_argument("--days", type=float, default=3.5)
    parser.add_argument("--snapshot", action="store_true", help="start from snapshots")
    options = parser.parse_args()
    settings = replace(Settings.from_environment(), partitions=options.partitions)
    with temporary_broker(settings) as broker, tempfile.TemporaryDirectory(prefix="muster-bench-") as folder:
        if options.snapshot:
            settings = replace(settings, snapshots=Path(folder), grace_seconds=GRACE_SECONDS)
        result = measured(replace(settings, broker=broker.bootstrap), options.articles, options.days)
    for line in lines(result):
        print(line)
    print(json.dumps(asdict(result)))


if __name__ == "__main__":
    main()
