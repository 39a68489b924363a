"""`muster feed`, `muster tail` and `muster topics` on the real broker."""

from __future__ import annotations

import dataclasses
import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from streams import broker as brokers
from streams.administration import create_topics
from streams.articles_in import raw_key
from streams.commands import failures
from streams.feeding import UNCONFIRMED, Feeder, TooLarge
from streams.handling import partition_of
from streams.reading import read_all
from streams.settings import Settings
from streams.topics import topic

pytestmark = pytest.mark.broker

CHECKOUT = Path(__file__).resolve().parents[2]


def muster(
    settings: Settings, *arguments: str, text: str = "", stderr: int = subprocess.PIPE
) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MUSTER_")}
    return subprocess.run(
        [sys.executable, "-m", "streams.commands.main", *arguments],
        input=text,
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
        env={**environment, **settings.to_environment()},
        cwd=CHECKOUT,
        check=False,
    )


def line(number: int) -> str:
    return json.dumps({"id": f"a{number}", "outlet": "Isle Post", "published": "2031-09-16T10:00:00Z", "body": "Text."})


def test_what_is_fed_lies_on_the_topic_byte_for_byte_where_its_key_belongs(kafka_settings: Settings) -> None:
    lines = [line(number) for number in range(UNCONFIRMED + 50)]
    result = muster(kafka_settings, "feed", "-", text="\n".join(lines))
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith(f"{len(lines):,} articles sent, 0 rejected, ")
    found = read_all(kafka_settings, "articles.raw.v1")
    assert sorted(message.value.decode() for message in found) == sorted(lines)
    for message in found:
        assert message.key.decode() == raw_key(message.value)
        assert message.partition == partition_of(message.key.decode(), kafka_settings.partitions)
        headers = dict(message.headers)
        assert headers["ce_source"] == f"/{kafka_settings.topic_prefix}muster/feed".encode()
        assert (headers["ce_subject"], headers["ce_time"]) == (message.key, b"2031-09-16T10:00:00Z")


def test_lines_that_are_no_json_are_told_and_invalid_articles_are_left_to_ingest(
    kafka_settings: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text(f'{line(1)}\nnonsense\n[]\n{{"id": "x"}}\n', encoding="utf-8")
    result = muster(kafka_settings, "feed", str(path))
    assert result.returncode == failures.BAD_INPUT
    assert "2 articles sent, 2 rejected" in result.stdout
    assert f"rejected: {path}:2: no JSON" in result.stderr
    assert f"rejected: {path}:3: not a JSON object" in result.stderr
    assert {message.value for message in read_all(kafka_settings, "articles.raw.v1")} == {
        line(1).encode(),
        b'{"id": "x"}',
    }


def test_on_a_terminal_it_says_that_what_was_sent_may_still_be_refused(kafka_settings: Settings) -> None:
    terminal, theirs = pty.openpty()
    try:
        result = muster(kafka_settings, "feed", "-", text='{"title": "x"}', stderr=theirs)
        os.close(theirs)
        assert result.stdout.startswith("1 article sent, 0 rejected")
        assert b"a worker may still refuse what it cannot use; `muster dead-letters list`" in os.read(terminal, 65_536)
    finally:
        os.close(terminal)


def test_an_article_that_the_topic_does_not_take_is_refused_and_the_feed_goes_on(kafka_settings: Settings) -> None:
    huge = json.dumps({"id": "huge", "body": "x" * topic("articles.raw.v1").max_message_bytes})
    with Feeder(kafka_settings) as feeder:
        with pytest.raises(TooLarge, match="the topic takes"):
            feeder.send(huge.encode())
        feeder.send(line(1).encode())
    assert feeder.confirmed == 1


def test_tail_prints_what_is_there_in_words_or_as_it_is(kafka_settings: Settings) -> None:
    with Feeder(kafka_settings) as feeder:
        for number in range(3):
            feeder.send(line(number).encode())
    words = muster(kafka_settings, "tail", "articles.raw", "--from-start", "--no-follow")
    assert words.returncode == 0
    assert words.stdout.splitlines() == ["16 Sep 2031 10:00  Isle Post  Text."] * 3
    raw = muster(kafka_settings, "tail", "articles.raw.v1", "--from-start", "--no-follow", "--json")
    assert sorted(raw.stdout.splitlines()) == [line(0), line(1), line(2)]
    two = muster(kafka_settings, "tail", "articles.raw.v1", "--from-start", "--count", "2", "--json")
    assert len(two.stdout.splitlines()) == 2
    nothing = muster(kafka_settings, "tail", "articles.raw.v1", "--no-follow")
    assert (nothing.returncode, nothing.stdout) == (0, "")


def test_tail_says_of_a_record_that_is_none(kafka_settings: Settings) -> None:
    with Feeder(kafka_settings) as feeder:
        feeder.send(b'{"id": "x"}')
    result = muster(kafka_settings, "tail", "articles.raw", "--from-start", "--no-follow")
    assert result.returncode == 0
    assert "not a valid record" in result.stdout
    assert "outlet" in result.stdout


def test_topics_are_described_and_missing_ones_are_an_error(kafka_settings: Settings) -> None:
    described = muster(kafka_settings, "topics", "describe")
    assert described.returncode == 0
    assert f"{kafka_settings.topic_prefix}alerts.v1" in described.stdout
    elsewhere = dataclasses.replace(kafka_settings, topic_prefix=kafka_settings.topic_prefix + "other-")
    missing = muster(elsewhere, "topics", "describe")
    assert missing.returncode == failures.BROKER
    for arguments in (["feed", "samples"], ["tail", "alerts"]):
        result = muster(elsewhere, *arguments)
        assert result.returncode == failures.BROKER
        assert "muster topics create" in result.stderr


FEED_TWO = """
from streams.feeding import Feeder, FeedFailed
from streams.settings import Settings

try:
    with Feeder(Settings.from_environment(), patience_seconds=2) as feeder:
        feeder.send(b'{"id": "a"}')
        feeder.flush()
        print("one", flush=True)
        input()
        feeder.send(b'{"id": "b"}')
except FeedFailed as error:
    print(error)
"""


def test_a_broker_that_goes_away_for_good_is_told_with_what_it_has() -> None:
    """In a process of its own: the client leaves sockets behind where nobody answers."""
    own = Settings(partitions=1)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MUSTER_")}
    with brokers.temporary_broker(own) as running:
        settings = dataclasses.replace(own, broker=running.bootstrap)
        create_topics(settings)
        with subprocess.Popen(
            [sys.executable, "-c", FEED_TWO],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**environment, **settings.to_environment()},
            cwd=CHECKOUT,
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "one\n"
            brokers.kill(running)
            said, _ = process.communicate("\n", timeout=60)
    assert f"no Kafka answers at {running.bootstrap} (PLAINTEXT) any more" in said
    assert "it has confirmed 1 of the 2 articles" in said
