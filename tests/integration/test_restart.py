"""A worker that is killed in the middle of a feed, and partitions that move to another: nothing lost, nothing doubled."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import pytest

from bench.articles import Mix, stream
from streams.dry_run import Published, run, stages_for
from streams.reading import read_messages
from streams.settings import Settings
from tests.integration.pipeline_support import (
    RunningWorker,
    feed,
    lag,
    until,
    wait_until_idle,
    worker,
)
from tests.samples.comparing import alert_ids, differences

pytestmark = pytest.mark.broker

ARTICLES = 200
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


@pytest.fixture
def settings(kafka_settings: Settings) -> Settings:
    """With the shortest session that a broker takes by default: so long it waits for a worker that was killed."""
    return replace(kafka_settings, session_timeout_seconds=6.0)


def _assert_as_dry_run(settings: Settings, dry: Published) -> None:
    for name in ("articles.v1", "reports.v1", "events.v1", "stories.v1"):
        assert differences(name, read_messages(settings, name), dry.messages[name]) == []
    assert alert_ids(read_messages(settings, "alerts.v1")) == alert_ids(dry.messages["alerts.v1"])
    assert dry.messages["alerts.v1"]
    assert read_messages(settings, "dead-letters.v1") == []


def _wait_until_reports(settings: Settings, worker: RunningWorker, more_than: int) -> None:
    """Until there are more reports than that: with articles still waiting, the worker is in the middle of its work."""

    def there_are() -> bool:
        assert worker.process.poll() is None, worker.log
        return lag(settings, "corroborate").published > more_than

    until(there_are, f"more than {more_than} reports")


def test_worker_killed_twice_in_the_middle_of_a_feed_loses_and_doubles_nothing(
    settings: Settings, tmp_path: Path, raw_articles: list[bytes], dry: Published
) -> None:
    half = len(raw_articles) // 2
    feed(settings, raw_articles[:half])
    with worker(settings, tmp_path / "first") as first:
        _wait_until_reports(settings, first, 0)
        first.kill()
    assert lag(settings, "enrich").acknowledged < half

    feed(settings, raw_articles[half:])
    before = lag(settings, "corroborate").published
    with worker(settings, tmp_path / "second") as second:
        _wait_until_reports(settings, second, before)
        second.kill()
    assert lag(settings, "enrich").acknowledged < len(raw_articles)

    with worker(settings, tmp_path / "third"):
        wait_until_idle(settings)

    _assert_as_dry_run(settings, dry)


def test_partitions_that_move_to_a_second_worker_and_back_lose_and_double_nothing(
    settings: Settings, tmp_path: Path, raw_articles: list[bytes], dry: Published
) -> None:
    half = len(raw_articles) // 2
    with worker(settings, tmp_path / "first") as first:
        feed(settings, raw_articles[:half])
        with worker(settings, tmp_path / "second") as second:
            assert re.search(r"muster\.enrich: has partitions \d", second.log)
            before = lag(settings, "corroborate").published
            feed(settings, raw_articles[half:])
            _wait_until_reports(settings, second, before)
            assert second.stop() == 0, second.log
        wait_until_idle(settings)
        assert first.stop() == 0, first.log

    _assert_as_dry_run(settings, dry)
