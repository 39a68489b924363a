"""The programs of docs/consuming.md do what the page says, on the examples of the topics."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams import loop, schemas
from streams.cloud_events import HEADERS, CloudEvents, source_of
from streams.dead_letters import ATTEMPTS_HEADER
from streams.handling import partition_of
from streams.kafka_options import kafka_python_options
from streams.settings import Settings
from streams.topics import registry, topic

PAGE = (Path(__file__).parents[2] / "docs" / "consuming.md").read_text(encoding="utf-8")


def examples(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = orjson.loads((schemas.EXAMPLES / f"{name}.json").read_bytes())
    return found


def block(first_words: str, language: str = "python") -> str:
    """The program of the page that begins so."""
    found = [text for text in re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL) if text.startswith(first_words)]
    assert len(found) == 1, first_words
    return str(found[0])


def program() -> str:
    return block('"""Alerts once each')


def execute(source: str) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "consuming"}
    exec(compile(source, "docs/consuming.md", "exec"), names)  # noqa: S102 - our own page
    return names


@pytest.fixture
def consumer() -> dict[str, Any]:
    return execute(program())


def test_an_alert_is_told_once(consumer: dict[str, Any]) -> None:
    alert, *_ = examples("alerts.v1")
    assert consumer["take"]("alerts.v1", alert)
    assert not consumer["take"]("alerts.v1", dict(alert))


def test_the_highest_version_holds_and_a_merged_event_leads_to_the_one_that_took_it_over(
    consumer: dict[str, Any],
) -> None:
    standing, merged = examples("events.v1")
    heir = {**standing, "id": merged["merged_into"]}
    for event in (merged, heir, {**heir, "version": 1, "contested": False}, standing):
        consumer["take"]("events.v1", event)
    assert consumer["event_now"](merged["id"]) == heir


def test_a_revision_voids_what_its_publisher_said_in_older_versions_alone(consumer: dict[str, Any]) -> None:
    records = examples("reports.v1")
    for record in reversed(records):
        consumer["take"]("reports.v1", record)
    (revision,) = [r for r in records if r["kind"] == "revision"]
    void = [r["article"]["id"] for r in records if r["kind"] == "report" and consumer["is_void"](r)]
    assert void == [revision["article"]]
    report = next(r for r in records if r["kind"] == "report" and r["article"]["id"] == revision["article"])
    newer = {**report, "article": {**report["article"], "version": revision["version"]}}
    assert not consumer["is_void"](newer)
    consumer["take"]("reports.v1", {**revision, "withdrawn": True})
    assert consumer["is_void"](newer)
    other = {**newer, "article": {**report["article"], "family": "another"}}
    assert not consumer["is_void"](other)


def test_the_headers_that_are_named_are_those_that_are_sent() -> None:
    for header in (*HEADERS, loop.RAW_MS_HEADER, loop.STAGE_HEADER, ATTEMPTS_HEADER):
        assert f"| `{header}` |" in PAGE


def test_the_shortest_consumers_have_ten_lines_at_most() -> None:
    for source in (block("import json\n"), block("kcat", "sh")):
        assert len([line for line in source.splitlines() if line]) <= 10


@given(st.text(min_size=1, max_size=30), st.integers(1, 500))
def test_the_partition_of_an_event_is_found_as_the_page_says(key: str, partitions: int) -> None:
    page = execute(block("from kafka.partitioner"))
    assert page["partition_of"](key, partitions) == partition_of(key, partitions)


def test_the_key_of_an_event_is_in_its_id_as_the_page_says() -> None:
    page = execute(block("from kafka.partitioner"))
    for event in examples("events.v1"):
        assert page["event_key_of"](event["id"]) == event["key"]


@pytest.fixture
def published(kafka_settings: Settings) -> Settings:
    """A broker with the examples as the stages publish them."""
    from kafka import KafkaProducer

    producer = KafkaProducer(**kafka_python_options(kafka_settings))
    ours = CloudEvents(source_of(kafka_settings.topic_prefix, "stage"), tuple(registry()))
    for name in ("reports.v1", "events.v1", "alerts.v1"):
        for example in examples(name):
            record, value = topic(name).decode(orjson.dumps(example)), orjson.dumps(example)
            key = example.get("id") or example["article"]
            by = example.get("event_key") or example.get("key") or example.get("event", ".").rpartition(".")[0]
            raw_ms = str(int(time.time() * 1000)).encode()
            producer.send(
                kafka_settings.topic_prefix + name,
                key=key.encode(),
                value=value,
                headers=[("muster-raw-ms", raw_ms), *ours.of(name, key, record, value).items()],
                partition=partition_of(by, kafka_settings.partitions),
            )
        producer.flush(30)
    producer.close()
    return kafka_settings


def lines_of(source: str, settings: Settings, count: int) -> list[str]:
    """The first lines that a program of the page prints."""
    with subprocess.Popen(
        [sys.executable, "-c", source],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **settings.to_environment(), "PYTHONUNBUFFERED": "1"},
    ) as process:
        try:
            assert process.stdout is not None
            return [line for _, line in zip(range(count), process.stdout, strict=False)]
        finally:
            process.kill()


def places(settings: Settings) -> list[tuple[str, str, dict[str, Any]]]:
    """Time, partition and alert of every example."""
    page = execute(block("from kafka.partitioner"))
    return [
        (
            alert["published"],
            str(page["partition_of"](page["event_key_of"](alert["event"]), settings.partitions)),
            alert,
        )
        for alert in examples("alerts.v1")
    ]


@pytest.mark.broker
def test_the_examples_run_as_they_stand(published: Settings) -> None:
    told = lines_of(program(), published, 3)
    headlines = [alert["headline"] for alert in examples("alerts.v1")]
    assert any(headline in told[0] for headline in headlines)
    assert told[1].startswith("    ")
    wanted = [f"{time} {partition} {alert['headline']}" for time, partition, alert in places(published)]
    found = lines_of(block("import json\n"), published, len(wanted))
    assert sorted(line.rstrip("\n") for line in found) == sorted(wanted)


@pytest.mark.broker
@pytest.mark.skipif(shutil.which("kcat") is None, reason="kcat is not installed (apt-get install kcat)")
def test_kcat_shows_the_same_alerts(published: Settings) -> None:
    result = subprocess.run(
        ["bash", "-c", block("kcat", "sh")],
        capture_output=True,
        text=True,
        env={**os.environ, **published.to_environment()},
        timeout=60,
        check=False,
    )
    assert (result.returncode, result.stderr) == (0, "")
    wanted = [f"{time} {partition} {alert['event']}" for time, partition, alert in places(published)]
    assert sorted(result.stdout.splitlines()) == sorted(wanted)
