"""The samples through running workers on the real broker end with the records of a dry run."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bench.running import children_of
from streams.commands.failures import SETTINGS
from streams.dry_run import Message, Published, run, stages_for
from streams.lag import CONSUMES
from streams.metrics import OUTCOMES
from streams.reading import read_messages
from streams.settings import Settings
from tests.integration.pipeline_support import (
    DEADLINE_SECONDS,
    RunningWorker,
    alive,
    feed,
    wait_until_idle,
    worker,
)
from tests.samples.comparing import alert_ids, differences

pytestmark = pytest.mark.broker

TOPICS = ("articles.v1", "reports.v1", "events.v1", "stories.v1", "alerts.v1", "dead-letters.v1")
CLOCK_MS = 1_498_500_000_000
UNUSABLE = b'{"id": "no-outlet:1", "title": "An article without an outlet", "body": "...", "published": "2017-06-22T10:00:00Z"}'
NOT_JSON = b"this is no article"


@pytest.fixture(scope="module")
def raw_articles() -> list[bytes]:
    folder = Path(__file__).parents[2] / "samples"
    return [path.read_bytes() for path in sorted(folder.glob("*.json"))]


@pytest.fixture(scope="module")
def dry(raw_articles: list[bytes]) -> Published:
    return run(stages_for(Settings(), partitions=2), raw_articles, partitions=2, timestamp_ms=CLOCK_MS)


@pytest.fixture
def one_worker(kafka_settings: Settings, tmp_path: Path) -> Iterator[RunningWorker]:
    with worker(kafka_settings, tmp_path / "worker") as running:
        yield running


def _on_broker(settings: Settings) -> dict[str, list[Message]]:
    return {name: read_messages(settings, name) for name in TOPICS}


def _assert_as_dry_run(found: dict[str, list[Message]], dry: Published) -> None:
    for name in ("articles.v1", "reports.v1", "events.v1", "stories.v1"):
        assert differences(name, found[name], dry.messages[name]) == []
    assert alert_ids(found["alerts.v1"]) == alert_ids(dry.messages["alerts.v1"])


def test_samples_end_with_the_records_of_a_dry_run_and_a_second_feed_adds_nothing(
    kafka_settings: Settings, one_worker: RunningWorker, raw_articles: list[bytes], dry: Published
) -> None:
    feed(kafka_settings, raw_articles)
    wait_until_idle(kafka_settings)

    first = _on_broker(kafka_settings)
    _assert_as_dry_run(first, dry)
    assert first["alerts.v1"]
    assert first["dead-letters.v1"] == []

    feed(kafka_settings, reversed(raw_articles))
    wait_until_idle(kafka_settings)

    second = _on_broker(kafka_settings)
    _assert_as_dry_run(second, dry)
    assert alert_ids(second["alerts.v1"]) == alert_ids(first["alerts.v1"])


def test_processes_of_steps_that_are_killed_are_started_again_and_nothing_is_missing(
    kafka_settings: Settings, one_worker: RunningWorker, raw_articles: list[bytes], dry: Published
) -> None:
    killed = children_of(one_worker.process.pid)
    half = len(raw_articles) // 2
    feed(kafka_settings, raw_articles[:half])
    for process in killed:
        os.kill(process, signal.SIGKILL)
    feed(kafka_settings, raw_articles[half:])
    wait_until_idle(kafka_settings)

    _assert_as_dry_run(_on_broker(kafka_settings), dry)
    metrics = one_worker.metrics()
    assert [metrics["muster_step_process_restarts_total", (("stage", name),)] for name in ("ingest", "enrich")] == [
        1,
        1,
    ]
    others = children_of(one_worker.process.pid)
    assert len(others) == len(killed) == 2
    assert not set(others) & set(killed)
    assert one_worker.stop() == 0
    assert not any(map(alive, others))


def test_a_model_that_is_not_installed_ends_a_worker_with_a_clear_error(
    kafka_settings: Settings, tmp_path: Path
) -> None:
    running = RunningWorker(replace(kafka_settings, spacy_model="xx_no_such_model"), tmp_path / "worker", ["enrich"])

    assert running.process.wait(DEADLINE_SECONDS) == SETTINGS
    assert "MUSTER_SPACY_MODEL: 'xx_no_such_model' is no spaCy model" in running.log
    assert "Traceback" not in running.log


def test_every_input_is_counted_under_one_outcome_and_becomes_an_article_or_a_dead_letter(
    kafka_settings: Settings, one_worker: RunningWorker, raw_articles: list[bytes], dry: Published
) -> None:
    feed(kafka_settings, [UNUSABLE, *raw_articles, NOT_JSON])
    wait_until_idle(kafka_settings)

    found = _on_broker(kafka_settings)
    dead = [message.record() for message in found["dead-letters.v1"]]
    assert len(raw_articles) + 2 == len(found["articles.v1"]) + len(dead)
    assert {letter.stage for letter in dead} == {"ingest"}
    assert "outlet" in {letter.field for letter in dead}
    _assert_as_dry_run(found, dry)
    counts = one_worker.metrics()
    for stage in CONSUMES:
        outcomes = [counts["muster_handled_total", (("outcome", o), ("stage", stage))] for o in OUTCOMES]
        assert counts["muster_inputs_total", (("stage", stage),)] == sum(outcomes)
    assert counts["muster_handled_total", (("outcome", "dead"), ("stage", "ingest"))] == len(dead)
