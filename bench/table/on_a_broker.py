"""The rows that need a broker: the whole, the script, the ceiling, and more workers and partitions."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from bench.articles import stream
from bench.peers.passing import HOPS
from bench.running import Bench, say
from bench.table.measuring import Drained, Sizes, bytes_on_broker, drained, fresh, latencies, percentile, sustained
from bench.table.rows import Row, share
from bench.wire.compared import package
from streams.administration import create_topics
from streams.broker import RunningBroker
from streams.feeding import Feeder
from streams.settings import Settings

SCRIPT_GOAL = 10.0
CEILING_GOAL = 0.4
WORKERS_GOAL = 1.6
PASSING = (sys.executable, "-m", "bench.peers.passing")
SCRIPT = (sys.executable, "-m", "bench.peers.script")
ROOT = Path(__file__).resolve().parents[2]
SCRIPT_SECONDS = 1_200.0
LATENCY_GOAL_AT = (50, 99)
"""The rate, in articles a second, and the percentile that the goal is for."""
LATENCY_GOAL_SECONDS = 0.5


def end_to_end(settings: Settings, broker: RunningBroker, sizes: Sizes) -> Iterator[Row]:
    with fresh(settings) as bench:
        before = bytes_on_broker(broker.data_dir, bench.settings.topic_prefix)
        whole = drained(bench, sizes.backlog)
        after = bytes_on_broker(broker.data_dir, bench.settings.topic_prefix)
        yield Row(name="drained", value=whole.rate, unit="articles/s")
        rate = sustained(bench, whole.rate, sizes.seconds)
        yield Row(
            name=f"sustained for {sizes.seconds:.0f} s",
            value=rate,
            unit="articles/s",
            against="drained",
            ratio=share(rate, whole.rate),
            note="" if rate else "the lag grew at every rate tried",
        )
        yield from _latencies(bench, sizes)
        yield Row(name="most memory of a worker, its children with it", value=bench.megabytes(), unit="MB")
    yield _on_the_broker(None if before is None or after is None else (after - before) / sizes.backlog)


def _latencies(bench: Bench, sizes: Sizes) -> Iterator[Row]:
    first: dict[int, float | None] = {}
    for fed in sizes.rates:
        found = latencies(bench, fed, sizes.seconds)
        for percent in (50, 95, 99):
            seconds = percentile(found, percent)
            first.setdefault(percent, seconds)
            aimed = (fed, percent) == LATENCY_GOAL_AT
            yield Row(
                name=f"raw article to alert, p{percent} at {fed:g} articles/s",
                value=None if seconds is None else 1000 * seconds,
                unit="ms",
                against=f"{LATENCY_GOAL_SECONDS:g} s" if aimed else f"at {sizes.rates[0]:g} articles/s",
                ratio=share(seconds, LATENCY_GOAL_SECONDS if aimed else first[percent]),
                goal=1.0 if aimed else None,
                at_most=True,
                note=f"{len(found)} alerts",
            )


def _on_the_broker(kept: float | None) -> Row:
    raw = sum(len(made.payload) for made in islice(stream(1, datetime.now(UTC), per_second=20), 1_000)) / 1_000
    return Row(
        name="on the broker, an article",
        value=kept,
        unit="bytes",
        against="bytes of a raw article",
        ratio=share(kept, raw),
        note="" if kept else "the broker's folder is not on this machine",
    )


def peer(settings: Settings, _: RunningBroker, sizes: Sizes) -> Iterator[Row]:
    """The script and one worker drain articles of the same stream, one after the other."""
    missing = [name for name in ("confluent_kafka", "datasketch") if package(name) is None]
    if missing:
        yield Row(name="the script", note=f"{', '.join(missing)} not installed: make comparators")
        return
    theirs = _script(settings, sizes.script)
    with fresh(settings) as bench:
        ours = drained(bench, sizes.backlog)
    yield Row(name="the script", value=theirs, unit="articles/s", note="one process; its start is not counted")
    yield _worker(ours, "the script", theirs, SCRIPT_GOAL)


def _worker(ours: Drained, against: str, theirs: float, goal: float) -> Row:
    """One worker beside another program over articles of the same stream."""
    return Row(
        name="1 worker",
        value=ours.rate,
        unit="articles/s",
        against=against,
        ratio=share(ours.rate, theirs),
        goal=goal,
        note=f"its processes busy on {ours.busy:.2f} processors",
    )


def _script(settings: Settings, articles: int) -> float:
    settings = replace(settings, topic_prefix=f"bench-{uuid.uuid4().hex[:8]}-")
    create_topics(settings)
    with Feeder(settings) as feeder:
        for made in islice(stream(1, datetime.now(UTC).replace(microsecond=0), per_second=100), articles):
            feeder.send(made.payload)
    say(f"the script, {articles:,} articles")
    prefix = settings.topic_prefix
    done = subprocess.run(
        [
            *SCRIPT,
            f"--broker={settings.broker}",
            f"--source={prefix}articles.raw.v1",
            f"--target={prefix}alerts.v1",
            f"--articles={articles}",
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        timeout=SCRIPT_SECONDS,
        check=True,
    )
    result = json.loads(done.stdout.splitlines()[-1])
    return float(result["articles"]) / float(result["seconds"])


def ceiling(settings: Settings, _: RunningBroker, sizes: Sizes) -> Iterator[Row]:
    with fresh(settings) as bench:
        ours = drained(bench, sizes.backlog)
    with fresh(settings, command=PASSING, stages=HOPS) as bench:
        passed = drained(bench, sizes.backlog)
    yield Row(name=f"{len(HOPS)} Faust hops that pass bytes", value=passed.rate, unit="articles/s")
    yield _worker(ours, "hops that pass bytes", passed.rate, CEILING_GOAL)


def scale(settings: Settings, _: RunningBroker, sizes: Sizes) -> Iterator[Row]:
    processors = os.cpu_count() or 1
    for partitions in sizes.partitions:
        several = replace(settings, partitions=partitions)
        rates = []
        for number in (1, 2):
            with fresh(several, number) as bench:
                found = drained(bench, sizes.backlog)
            rates.append(found.rate)
            yield Row(
                name=f"{number} worker(s), {partitions} partition(s)",
                value=found.rate,
                unit="articles/s",
                against="" if number == 1 else "1 worker",
                ratio=share(rates[1], rates[0]) if number == 2 else None,
                goal=WORKERS_GOAL if number == 2 and partitions > 1 else None,
                note=f"workers busy on {found.busy:.2f} of {processors} processors; broker, feeder and idle "
                f"have the other {max(0.0, processors - found.busy):.2f}",
            )
