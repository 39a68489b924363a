"""Articles that come twice, late or in another order lead to the same records and to no second alert."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from streams.dry_run import Published, settled
from streams.records import encode


def _bytes(published: Published, topic: str) -> list[bytes]:
    return [encode(record) for record in settled(topic, published.messages[topic])]


def _alert_ids(published: Published) -> list[str]:
    return [alert.id for alert in settled("alerts.v1", published.messages["alerts.v1"])]


@pytest.mark.parametrize("partitions", [1, 4])
@pytest.mark.parametrize("seed", range(4))
def test_another_order_settles_to_the_same_events_and_alerts(
    samples: dict[str, bytes], in_order: Published, run_dry: Callable[..., Published], seed: int, partitions: int
) -> None:
    shuffled = list(samples.values())
    random.Random(seed).shuffle(shuffled)

    published = run_dry(shuffled, partitions)

    assert _bytes(published, "events.v1") == _bytes(in_order, "events.v1")
    assert _alert_ids(published) == _alert_ids(in_order)


@pytest.mark.parametrize("seed", range(4))
def test_another_order_settles_to_the_same_stories(
    samples: dict[str, bytes], in_order: Published, run_dry: Callable[..., Published], seed: int
) -> None:
    shuffled = list(samples.values())
    random.Random(seed).shuffle(shuffled)

    published = run_dry(shuffled)

    for topic in ("articles.v1", "stories.v1"):
        assert _bytes(published, topic) == _bytes(in_order, topic)


def test_a_second_feed_changes_no_record_and_raises_no_alert_with_another_id(
    samples: dict[str, bytes], in_order: Published, run_dry: Callable[..., Published]
) -> None:
    published = run_dry([*samples.values(), *samples.values()])

    for topic in ("articles.v1", "reports.v1", "events.v1", "stories.v1"):
        assert _bytes(published, topic) == _bytes(in_order, topic)
    assert _alert_ids(published) == _alert_ids(in_order)


@pytest.mark.parametrize("seed", range(3))
def test_doubled_and_shuffled_feed_settles_to_the_same_events_and_alerts(
    samples: dict[str, bytes], in_order: Published, run_dry: Callable[..., Published], seed: int
) -> None:
    doubled = [*samples.values(), *samples.values()]
    random.Random(seed).shuffle(doubled)

    published = run_dry(doubled)

    assert _bytes(published, "events.v1") == _bytes(in_order, "events.v1")
    assert _alert_ids(published) == _alert_ids(in_order)
