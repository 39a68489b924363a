"""The hostile articles through a worker on the real broker, and what a replay of their dead letters leads to."""

from __future__ import annotations

import dataclasses
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner

from streams.commands.dead_letters import dead_letters
from streams.dead_letters import original
from streams.dry_run import RAW, Message, run, stages_for
from streams.reading import read_messages
from streams.records import Article, DeadLetter
from streams.settings import Settings
from tests.hostile.corpus import CORPUS, must_be_refused
from tests.integration.pipeline_support import environment_of, feed, wait_until_idle, worker
from tests.samples.comparing import alert_ids, differences

pytestmark = pytest.mark.broker

SAMPLES = [path.read_bytes() for path in sorted((Path(__file__).resolve().parents[2] / "samples").glob("*.json"))]
CLOCK_MS = 1_498_500_000_000
SOUND = "sound.example:"
"""How the ids of the articles begin that stand between the hostile ones."""


def sound(number: int) -> bytes:
    return (
        b'{"id":"%s%d","outlet":"sound.example","published":"2019-09-16T12:00:00Z","title":"Ferries late","body":"Ferries'
        b' to Malmo were %d minutes late on Monday, the port said."}' % (SOUND.encode(), number, number)
    )


def letters_of(settings: Settings) -> list[DeadLetter]:
    return [message.record() for message in read_messages(settings, "dead-letters.v1")]


def test_a_worker_goes_on_whatever_lies_between_sound_articles(kafka_settings: Settings, tmp_path: Path) -> None:
    refused = [CORPUS[name]() for name in CORPUS if must_be_refused(name)]
    with worker(kafka_settings, tmp_path / "worker") as running:
        for number, name in enumerate(CORPUS):
            feed(kafka_settings, [CORPUS[name](), sound(number)])
        wait_until_idle(kafka_settings)
        assert running.stop() == 0, running.log
    articles: list[Article] = [message.record() for message in read_messages(kafka_settings, "articles.v1")]
    letters = letters_of(kafka_settings)

    assert {a.id for a in articles if a.id.startswith(SOUND)} == {f"{SOUND}{n}" for n in range(len(CORPUS))}
    assert len(articles) == 2 * len(CORPUS) - len(refused)
    assert {letter.stage for letter in letters} == {"ingest"}
    lies = {(m.partition, m.offset): m.value for m in read_messages(kafka_settings, RAW)}
    for letter in letters:
        assert letter.topic == RAW
        assert letter.message
        if letter.value is not None:
            assert original(letter).value == lies[letter.partition, letter.offset]
    assert Counter(lies[x.partition, x.offset] for x in letters) == Counter(refused)


def test_letters_that_are_replayed_twice_after_what_refused_them_was_mended_lead_to_what_their_articles_would_have(
    kafka_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    strict = dataclasses.replace(kafka_settings, article_bytes=2_000)
    small = sum(len(raw) <= strict.article_bytes for raw in SAMPLES)
    assert 0 < small < len(SAMPLES)
    with worker(strict, tmp_path / "strict") as running:
        feed(strict, SAMPLES)
        wait_until_idle(strict)
        assert running.stop() == 0, running.log
    assert len(letters_of(kafka_settings)) == len(SAMPLES) - small

    for name, value in environment_of(kafka_settings).items():
        monkeypatch.setenv(name, value)
    with worker(kafka_settings, tmp_path / "mended") as running:
        for _ in range(2):
            replayed = CliRunner().invoke(dead_letters, ["replay", "--all"], catch_exceptions=False)
            assert replayed.exit_code == 0, replayed.output
            wait_until_idle(kafka_settings)
        assert running.stop() == 0, running.log

    assert len(letters_of(kafka_settings)) == len(SAMPLES) - small, "none came again"
    dry = run(stages_for(Settings(), partitions=2), SAMPLES, partitions=2, timestamp_ms=CLOCK_MS)
    found: dict[str, list[Message]] = {
        name: read_messages(kafka_settings, name)
        for name in ("articles.v1", "reports.v1", "events.v1", "stories.v1", "alerts.v1")
    }
    for name in ("articles.v1", "reports.v1", "events.v1", "stories.v1"):
        assert differences(name, found[name], dry.messages[name]) == []
    assert alert_ids(found["alerts.v1"]) == alert_ids(dry.messages["alerts.v1"])
