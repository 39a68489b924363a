"""A desk in memory, and the events and alerts of the samples to put into it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from desk.state import ALERTS, EVENTS, Desk, Incoming
from streams import records
from streams.articles_in import ArticleIn, read
from streams.dry_run import Pipeline, stages_for
from streams.records import Alert, Event
from streams.settings import Settings

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
DEPLOYMENTS = ("02", "05", "06", "08", "09", "10", "11", "14", "15", "18", "21")
"""Samples that tell of one; the others take as long and lead to nothing."""
NOON_MS = 1_498_910_400_000
"""1 July 2017, noon: after all samples."""


def sample_messages() -> list[Incoming]:
    """What the samples leave on events.v1 and alerts.v1, on two partitions each, in the order of publication."""
    pipeline = Pipeline(
        stages_for(Settings(), ("ingest", "enrich", "corroborate", "alert"), partitions=2),
        partitions=2,
        timestamp_ms=NOON_MS,
        keep=(EVENTS, ALERTS),
    )
    for item in read([str(SAMPLES)]):
        if isinstance(item, ArticleIn) and Path(item.where).name[:2] in DEPLOYMENTS:
            pipeline.feed(item.payload)
            pipeline.drain()
    return [
        Incoming(
            topic=name,
            partition=message.partition,
            offset=message.offset,
            timestamp_ms=NOON_MS + number,
            key=message.key,
            value=message.value,
        )
        for name in (EVENTS, ALERTS)
        for number, message in enumerate(pipeline.published.messages[name])
    ]


@pytest.fixture(scope="session")
def messages() -> list[Incoming]:
    return sample_messages()


@pytest.fixture
def sample_desk(messages: list[Incoming]) -> Desk:
    desk = Desk()
    assert desk.take(messages) == []
    return desk


def event_messages(events: Iterable[Event]) -> list[Incoming]:
    """Events as they lie on one partition."""
    return [
        Incoming(topic=EVENTS, partition=0, offset=number, timestamp_ms=0, key=event.id, value=records.encode(event))
        for number, event in enumerate(events)
    ]


def alert_messages(alerts: Sequence[Alert], *, partition: int = 0, start: int = 0) -> list[Incoming]:
    """Alerts as they lie on one partition from offset `start` on, one a second."""
    return [
        Incoming(
            topic=ALERTS,
            partition=partition,
            offset=offset,
            timestamp_ms=NOON_MS + 1000 * offset,
            key=alert.id,
            value=records.encode(alert),
        )
        for offset, alert in enumerate(alerts, start)
    ]
