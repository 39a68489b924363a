"""A worker that is killed in the middle of a feed, and partitions that move to another: nothing lost, nothing doubled."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import pytest

from bench.articles import Mix, stream
from streams.dry_run import Published, run, stages_for
from streams.settings import Settings
from tests.integration.pipeline_support import (
    RunningWorker,
    acknowledged,
    feeding,
    messages,
    until,
    wait_until_idle,
    worker,
)
from tests.samples.comparing import alert_ids, differences

pytestmark = pytest.mark.broker

ARTICLES = 300
SHARE_RELEVANT = 0.3
"""Ten times that of the news: what may be lost or doubled is events and alerts."""
CLOCK_MS = 1_767_300_000_000


@pytest.fixture(scope="module")
def raw_articles() -> list[bytes]:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    made = stream(7, start, per_second=0.01, mix=Mix(relevant=SHARE_RELEVANT))
    return [article.payload for article in islice(made, ARTICLES)]


@pytest.fixture(scope="module")
def dry(raw_articles: list[bytes]) -> Published:
    return run(stages_for(Settings(), partitions=2), raw_articles, partitions=2, timestamp_ms=CLOCK_MS)


def _assert_as_dry_run(settings: Settings, dry: Published) -> None:
    for name in ("articles.v1", "reports.v1", "events.v1", "stories.v1"):
        assert differences(name, messages(settings, name), dry.messages[name]) == []
    assert alert_ids(messages(settings, "alerts.v1")) == alert_ids(dry.messages["alerts.v1"])
    assert dry.messages["alerts.v1"]
    assert messages(settings, "dead-letters.v1") == []


def _wait_until_under_way(settings: Settings, worker: RunningWorker, articles: int) -> None:
    """Until so many articles have been enriched: early enough that most of the feed is still to come."""

    def under_way() -> bool:
        assert worker.process.poll() is None, worker.log
        return acknowledged(settings, "enrich") >= articles

    until(under_way, f"{articles} articles enriched")


def test_worker_killed_twice_in_the_middle_of_a_feed_loses_and_doubles_nothing(
    kafka_settings: Settings, tmp_path: Path, raw_articles: list[bytes], dry: Published
) -> None:
    with feeding(kafka_settings, raw_articles, rate=40) as feeder:
        for life, articles in enumerate((1, ARTICLES // 3)):
            with worker(kafka_settings, tmp_path / str(life)) as killed:
                _wait_until_under_way(kafka_settings, killed, articles)
                killed.kill()
            if life == 0:
                assert feeder.confirmed < ARTICLES
    with worker(kafka_settings, tmp_path / "last"):
        wait_until_idle(kafka_settings)

    _assert_as_dry_run(kafka_settings, dry)


def test_partitions_that_move_to_a_second_worker_and_back_lose_and_double_nothing(
    kafka_settings: Settings, tmp_path: Path, raw_articles: list[bytes], dry: Published
) -> None:
    with worker(kafka_settings, tmp_path / "first") as first:
        with feeding(kafka_settings, raw_articles, rate=20) as feeder:
            _wait_until_under_way(kafka_settings, first, 1)
            with worker(kafka_settings, tmp_path / "second") as second:
                assert feeder.confirmed < ARTICLES
                _wait_until_under_way(kafka_settings, second, ARTICLES // 2)
                assert second.stop() == 0, second.log
        wait_until_idle(kafka_settings)
        assert first.stop() == 0, first.log

    _assert_as_dry_run(kafka_settings, dry)
