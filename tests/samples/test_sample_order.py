"""Articles that come twice, late or in another order lead to the same records and to no second alert."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from streams.dry_run import Published
from tests.samples.comparing import alert_ids, differences


def _differences(found: Published, wanted: Published, *topics: str) -> list[str]:
    return [line for topic in topics for line in differences(topic, found.messages[topic], wanted.messages[topic])]


@pytest.mark.parametrize("partitions", [1, 4])
@pytest.mark.parametrize("seed", range(4))
def test_another_order_settles_to_the_same_events_and_alerts(
    samples: dict[str, bytes], in_order: Published, run_dry: Callable[..., Published], seed: int, partitions: int
) -> None:
    shuffled = list(samples.values())
    random.Random(seed).shuffle(shuffled)

    published = run_dry(shuffled, partitions)

    assert _differences(published, in_order, "events.v1") == []
    assert alert_ids(published.messages["alerts.v1"]) == alert_ids(in_order.messages["alerts.v1"])


@pytest.mark.parametrize("seed", range(4))
def test_another_order_settles_to_the_same_stories(
    samples: dict[str, bytes], in_order: Published, run_dry: Callable[..., Published], seed: int
) -> None:
    shuffled = list(samples.values())
    random.Random(seed).shuffle(shuffled)

    published = run_dry(shuffled)

    assert _differences(published, in_order, "articles.v1", "stories.v1") == []


def test_a_second_feed_changes_no_record_and_raises_no_alert_with_another_id(
    samples: dict[str, bytes], in_order: Published, run_dry: Callable[..., Published]
) -> None:
    published = run_dry([*samples.values(), *samples.values()])

    assert _differences(published, in_order, "articles.v1", "reports.v1", "events.v1", "stories.v1") == []
    assert alert_ids(published.messages["alerts.v1"]) == alert_ids(in_order.messages["alerts.v1"])


@pytest.mark.parametrize("seed", range(3))
def test_doubled_and_shuffled_feed_settles_to_the_same_events_and_alerts(
    samples: dict[str, bytes], in_order: Published, run_dry: Callable[..., Published], seed: int
) -> None:
    doubled = [*samples.values(), *samples.values()]
    random.Random(seed).shuffle(doubled)

    published = run_dry(doubled)

    assert _differences(published, in_order, "events.v1") == []
    assert alert_ids(published.messages["alerts.v1"]) == alert_ids(in_order.messages["alerts.v1"])
