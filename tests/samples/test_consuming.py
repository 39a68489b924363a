"""The example of docs/consuming.md does what the page says, on the examples of the topics."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import orjson
import pytest

from streams import loop, schemas
from streams.dead_letters import ATTEMPTS_HEADER
from streams.kafka_options import kafka_python_options
from streams.settings import Settings

PAGE = (Path(__file__).parents[2] / "docs" / "consuming.md").read_text(encoding="utf-8")


def examples(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = orjson.loads((schemas.EXAMPLES / f"{name}.json").read_bytes())
    return found


def program() -> str:
    block = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert block is not None
    return block[1]


@pytest.fixture
def consumer() -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "consuming"}
    exec(compile(program(), "docs/consuming.md", "exec"), names)  # noqa: S102 - our own page
    return names


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
    for header in (loop.RAW_MS_HEADER, loop.STAGE_HEADER, ATTEMPTS_HEADER):
        assert f"| `{header}` |" in PAGE


@pytest.mark.broker
def test_the_example_runs_as_it_stands(kafka_settings: Settings, tmp_path: Path) -> None:
    from kafka import KafkaProducer

    producer = KafkaProducer(**kafka_python_options(kafka_settings))
    for name in ("reports.v1", "events.v1", "alerts.v1"):
        for record in examples(name):
            headers = [("muster-raw-ms", str(int(time.time() * 1000)).encode())]
            producer.send(kafka_settings.topic_prefix + name, key=b"k", value=orjson.dumps(record), headers=headers)
        producer.flush(30)
    producer.close()
    (tmp_path / "consuming.py").write_text(program(), encoding="utf-8")
    with subprocess.Popen(  # noqa: S603
        [sys.executable, str(tmp_path / "consuming.py")],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **kafka_settings.to_environment()},
    ) as process:
        try:
            assert process.stdout is not None
            told = [line for _, line in zip(range(3), process.stdout, strict=False)]
        finally:
            process.kill()
    headlines = [alert["headline"] for alert in examples("alerts.v1")]
    assert any(headline in told[0] for headline in headlines)
    assert told[1].startswith("    ")
