"""Rounds: a set of topics, articles and some faults, and what is left of it all."""

from __future__ import annotations

import time
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from bench.articles import Mix, stream
from bench.running import say
from bench.soak.comparing import READ, Ending, differences, early, ending
from bench.soak.faults import BROKERS, suffer
from bench.soak.ground import Ground
from bench.soak.pipeline import FEED_PER_SECOND, NotRecovered, Pipeline, pipeline
from bench.soak.plan import Fault
from streams.administration import admin_client, create_topics
from streams.dry_run import Message, run, stages_for
from streams.reading import read_messages
from streams.settings import Settings

PARTITIONS = 4
SESSION_SECONDS = 6.0
GRACE_SECONDS = 5.0
SHARE_RELEVANT = 0.3
"""Ten times that of the news: what may be lost or doubled is events and alerts."""
START = datetime(2026, 1, 1, tzinfo=UTC)
ARTICLES_SEED = 7
ARTICLES_PER_SECOND = 0.01


@dataclass(frozen=True, kw_only=True)
class Suffered:
    """One fault and the time from its end until all stages, and after a sink's fault the sink, were through."""

    fault: Fault
    ended: float
    """On the monotonic clock."""
    recovery_seconds: float
    whole_seconds: float | None = None
    """Until both workers had their share of every stage again; None where the next fault did not wait for it."""
    note: str = ""


@dataclass(kw_only=True)
class Round:
    """What became of one round."""

    number: int
    suffered: list[Suffered] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)
    early: list[str] = field(default_factory=list)
    repeated_alerts: int = 0
    """Alerts that lie on the topic more than once, as at-least-once allows."""
    repeated_deliveries: int = 0
    """Alerts that the sink gave its receiver more than once, where docs/sinks.md allows it."""


@dataclass(frozen=True)
class References:
    """What every round has to end with."""

    articles: Sequence[bytes]
    dry: Ending
    undisturbed: Ending


def made_articles(number: int) -> list[bytes]:
    """The known set."""
    made = stream(ARTICLES_SEED, START, per_second=ARTICLES_PER_SECOND, mix=Mix(relevant=SHARE_RELEVANT))
    return [article.payload for article in islice(made, number)]


def dry_ending(articles: Sequence[bytes]) -> Ending:
    """What the same articles end with in one process, without a broker."""
    published = run(
        stages_for(Settings(), partitions=PARTITIONS),
        articles,
        partitions=PARTITIONS,
        timestamp_ms=int(time.time() * 1000),
    )
    return ending(published.messages, Settings(), partitions=PARTITIONS)


def undisturbed_ending(ground: Ground, articles: Sequence[bytes], folder: Path) -> tuple[Ending, float]:
    """What they end with on the broker when nothing happens, and how long that takes from the last one fed."""
    settings = _topics(ground)
    with pipeline(settings, folder) as running:
        running.feed(articles)
        time.sleep(len(articles) / FEED_PER_SECOND)
        began = time.monotonic()
        running.wait_until_done()
        seconds = time.monotonic() - began
        messages = _messages(settings)
        found = ending(messages, settings, partitions=PARTITIONS)
        wrong = [*found.faults, *_delivered(running, found, doubled=False)[0]]
    _remove(settings)
    assert not wrong, f"without any fault: {wrong}"
    return found, seconds


def disturbed(ground: Ground, references: References, number: int, faults: Sequence[Fault], folder: Path) -> Round:
    """One round: the articles in as many parts as there are faults, each part with its fault."""
    made = Round(number=number)
    settings = _topics(ground)
    articles = references.articles
    cuts = [len(articles) * place // len(faults) for place in range(len(faults) + 1)]
    messages: dict[str, list[Message]] = {}
    try:
        with pipeline(settings, folder) as running:
            for fault, start, end in zip(faults, cuts, cuts[1:], strict=False):
                if fault.kind == "disk-full" and ground.why_it_cannot_be_full:
                    say(f"{fault.told()}: left out: {ground.why_it_cannot_be_full}")
                    running.feed(articles[start:end])
                    running.wait_until_done()
                    continue
                if made.suffered and not fault.hasty:
                    made.suffered[-1] = _whole(running, made.suffered[-1])
                made.suffered.append(_suffered(ground, running, fault, articles[start:end], articles[:start]))
            if made.suffered:
                made.suffered[-1] = _whole(running, made.suffered[-1])
            messages = _messages(settings)
            found = ending(messages, settings, partitions=PARTITIONS)
            doubled_allowed = any(fault.kind in BROKERS for fault in faults)
            wrong, made.repeated_deliveries = _delivered(running, found, doubled=doubled_allowed)
    except NotRecovered as error:
        made.differences.append(f"not recovered: {error}")
        return made
    made.repeated_alerts = found.repeated
    made.early = early(found, references.undisturbed)
    made.differences += [
        *found.faults,
        *wrong,
        *differences(found, references.undisturbed, "undisturbed run"),
        *differences(found, references.dry, "dry run"),
    ]
    if made.differences:
        _keep(folder, messages)
    _remove(settings)
    return made


def _suffered(
    ground: Ground, running: Pipeline, fault: Fault, articles: Sequence[bytes], before: Sequence[bytes]
) -> Suffered:
    say(fault.told())
    note = suffer(ground, running, fault, articles, before)
    ended = time.monotonic()
    running.wait_until_done()
    if fault.kind == "sink-down":
        _wait_for_the_sink(running)
    seconds = time.monotonic() - ended
    say(f"recovered in {seconds:.1f} s{f' ({note})' * bool(note)}")
    return Suffered(fault=fault, ended=ended, recovery_seconds=seconds, note=note)


def _whole(running: Pipeline, suffered: Suffered) -> Suffered:
    running.wait_until_whole()
    return replace(suffered, whole_seconds=time.monotonic() - suffered.ended)


def _wait_for_the_sink(running: Pipeline) -> None:
    told = {message.key for message in read_messages(running.settings, "alerts.v1")}
    running.wait(lambda: told <= set(running.receiver.taken), "every alert at the receiver of the sink")


def _delivered(running: Pipeline, found: Ending, *, doubled: bool) -> tuple[list[str], int]:
    """What is wrong with what the receiver was given, and how many alerts it was given again where that is allowed."""
    _wait_for_the_sink(running)
    taken = Counter(running.receiver.taken)
    wrong = [f"sink: delivered and on no topic: {id}" for id in sorted(taken.keys() - found.alerts)]
    again = sorted(id for id, times in taken.items() if times > 1)
    if not doubled:
        wrong += [f"sink: delivered {taken[id]} times: {id}" for id in again]
    return wrong, len(again)


def _topics(ground: Ground) -> Settings:
    settings = replace(
        ground.settings,
        topic_prefix=f"soak-{uuid.uuid4().hex[:8]}-",
        partitions=PARTITIONS,
        metrics_port=0,
        session_timeout_seconds=SESSION_SECONDS,
        grace_seconds=GRACE_SECONDS,
    )
    create_topics(settings)
    return settings


def _remove(settings: Settings) -> None:
    """The topics of a round are the broker's load in the next one, and fill its small disk."""
    with admin_client(settings) as client:
        client.delete_topics([name for name in client.list_topics() if name.startswith(settings.topic_prefix)])


def _messages(settings: Settings) -> dict[str, list[Message]]:
    return {name: read_messages(settings, name) for name in READ}


def _keep(folder: Path, messages: dict[str, list[Message]]) -> None:
    """What lay on the topics, beside the logs, one record a line."""
    for name, found in messages.items():
        with (folder / f"{name}.jsonl").open("wb") as file:
            for message in found:
                file.write(b"%d %d %s\n" % (message.partition, message.offset, message.value or b"null"))
