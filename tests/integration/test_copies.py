"""Two workers on the real broker settle to the stories that one partition in memory settles to, and `muster copies` tells."""

from __future__ import annotations

import random
import subprocess
import sys
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest

from agents.dedupe.chains import whole_story
from bench.wire.changes import CHANGES
from bench.wire.generate import generated
from streams.administration import create_topics
from streams.commands.copies import new_in
from streams.dry_run import Message, run, settled, stages_for
from streams.reading import read_messages
from streams.records import Article, Story, encode
from streams.settings import Settings
from tests.integration.pipeline_support import (
    RunningWorker,
    feed,
    lag,
    until,
    wait_until_idle,
    worker,
)

pytestmark = pytest.mark.broker

ARTICLES = 2_000
COPIES = 600
STORIES = 620
"""So many have 1,400 articles at least that copy none."""
COPIED = {change.name for change in CHANGES}
STAGES = ("ingest", "dedupe.index", "dedupe.resolve")
SEED = 6
CLOCK_MS = 1_767_800_000_000


@pytest.fixture(scope="module")
def raw_articles() -> list[bytes]:
    """Shuffled: half of the copies come before what they copy."""
    made = generated(STORIES, SEED)
    chance = random.Random(SEED)
    copies = chance.sample([one.raw for one in made if one.kind in COPIED], COPIES)
    articles = [*copies, *[one.raw for one in made if one.kind not in COPIED][: ARTICLES - COPIES]]
    assert len(articles) == ARTICLES
    chance.shuffle(articles)
    return [encode(article) for article in articles]


@pytest.fixture(scope="module")
def in_one_partition(raw_articles: list[bytes]) -> dict[str, Story]:
    stages = stages_for(Settings(), ("ingest", "dedupe"))
    return _settled(run(stages, raw_articles, timestamp_ms=CLOCK_MS).messages["stories.v1"])


@pytest.fixture(scope="module")
def told(raw_articles: list[bytes]) -> dict[str, dict[str, Any]]:
    """What `muster copies --settled` says of the same articles, by article."""
    answer = subprocess.run(
        [sys.executable, "-m", "streams.commands.entry", "copies", "--settled"],
        input=b"\n".join(raw_articles),
        stdout=subprocess.PIPE,
        check=True,
    )
    lines = [orjson.loads(line) for line in answer.stdout.splitlines()]
    assert [line["id"] for line in lines] == [orjson.loads(raw)["id"] for raw in raw_articles]
    return {line["id"]: line for line in lines}


@pytest.fixture
def settings(kafka_settings: Settings) -> Settings:
    """Four partitions, and the shortest session that a broker takes by default: so long it waits for a worker that was killed."""
    prefix = f"test-{uuid.uuid4().hex[:12]}-"
    chosen = replace(kafka_settings, topic_prefix=prefix, partitions=4, session_timeout_seconds=6.0)
    create_topics(chosen)
    return chosen


def test_two_workers_on_four_partitions_settle_to_what_one_partition_and_the_command_tell(
    settings: Settings,
    tmp_path: Path,
    raw_articles: list[bytes],
    in_one_partition: dict[str, Story],
    told: dict[str, dict[str, Any]],
) -> None:
    with worker(settings, tmp_path / "first", STAGES) as first, worker(settings, tmp_path / "second", STAGES) as second:
        feed(settings, raw_articles)
        wait_until_idle(settings, STAGES)
        _assert_both_worked(first, second)

    _assert_settled(settings, in_one_partition, told)


def test_a_worker_that_is_killed_in_the_middle_of_the_feed_and_started_again_changes_no_story(
    settings: Settings,
    tmp_path: Path,
    raw_articles: list[bytes],
    in_one_partition: dict[str, Story],
    told: dict[str, dict[str, Any]],
) -> None:
    half = ARTICLES // 2
    with worker(settings, tmp_path / "first", STAGES) as first:
        with worker(settings, tmp_path / "second", STAGES) as second:
            feed(settings, raw_articles[:half])
            until(lambda: lag(settings, "ingest").acknowledged > half // 2, "half of the half")
            second.kill()
        assert lag(settings, "dedupe.resolve").behind, "it was killed when all was done"
        feed(settings, raw_articles[half:])
        with worker(settings, tmp_path / "again", STAGES) as again:
            wait_until_idle(settings, STAGES)
            _assert_both_worked(first, again)

    _assert_settled(settings, in_one_partition, told)


def _assert_both_worked(*workers: RunningWorker) -> None:
    for running in workers:
        counts = running.metrics()
        for stage in STAGES:
            assert counts["muster_assigned_partitions", (("stage", stage),)] == 2, running.log


def _assert_settled(settings: Settings, wanted: dict[str, Story], told: dict[str, dict[str, Any]]) -> None:
    assert read_messages(settings, "dead-letters.v1") == []
    found = _settled(read_messages(settings, "stories.v1"))
    articles = {article.id: article for article in settled("articles.v1", read_messages(settings, "articles.v1"))}
    assert _different(found, wanted) == {}
    assert _different({id: _line(id, articles, found) for id in found}, told) == {}


def _settled(lying: Iterable[Message]) -> dict[str, Story]:
    """The highest revision of each story by article, its number left out: that depends on how many partitions there are."""
    return {story.article: replace(story, revision=0) for story in settled("stories.v1", lying)}


def _line(id: str, articles: Mapping[str, Article], stories: Mapping[str, Story]) -> dict[str, Any]:
    """What docs/interfaces.md says that `muster copies` writes of an article."""
    story = stories[id]
    return {
        "id": story.article,
        "story": whole_story(id, stories),
        "relation": story.relation,
        "of": story.of,
        "containment": max(story.contained, story.containing),
        "contained": story.contained,
        "containing": story.containing,
        "version": story.version,
        "agencies": list(story.agencies),
        "new": new_in(story, lambda id: {articles[id].version: articles[id]}),
    }


def _different(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """By article what was found and what was wanted where these differ: three at most."""
    keys = [key for key in sorted(found.keys() | wanted.keys()) if found.get(key) != wanted.get(key)]
    return {key: (found.get(key), wanted.get(key)) for key in keys[:3]}
