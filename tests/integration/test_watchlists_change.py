"""Watchlists that change while a worker runs."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path

import pytest
from kafka import KafkaProducer

from streams import records
from streams.handling import partition_of
from streams.kafka_options import kafka_python_options
from streams.reading import read_messages
from streams.records import Event
from streams.settings import Settings
from tests.integration.pipeline_support import until, worker
from tests.news import DIPLOMAT, publish, report


def send(settings: Settings, event: Event) -> None:
    producer = KafkaProducer(**kafka_python_options(settings), acks="all")
    try:
        producer.send(
            settings.topic_prefix + "events.v1",
            key=event.id.encode(),
            value=records.encode(event),
            partition=partition_of(event.key, settings.partitions),
        ).get(30)
    finally:
        producer.close(timeout=5)


@pytest.mark.broker
def test_a_worker_takes_over_a_good_file_and_keeps_its_lists_after_a_bad_one(
    kafka_settings: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "lists.toml"
    path.write_text("[[watchlist]]\nname = 'quiet'\nkinds = ['retracted']\n")
    settings = dataclasses.replace(kafka_settings, watchlists=path)
    first, second = publish([report(), report("b:1", outlet="B", speaker=DIPLOMAT, published="2017-06-22T17:20:00Z")])
    with worker(settings, tmp_path / "worker", ["alert"]) as running:
        send(settings, first)
        until(lambda: running.metrics()["muster_handled_total", (("outcome", "silent"), ("stage", "alert"))] == 1, "it")
        (tmp_path / "new").write_text("[[watchlist]]\nname = 'desk'\nkinds = ['new']\n")
        os.replace(tmp_path / "new", path)
        until(lambda: "is in force now" in running.log, "the new lists")
        path.write_text("[[watchlist]]\nname = 'desk'\nkind = ['new']\n")
        until(lambda: f"{path}: line 3: watchlist 'desk': kind: no such key" in running.log, "the refusal")
        send(settings, second)
        until(lambda: len(read_messages(settings, "alerts.v1")) == 1, "the alert that the new lists want")
        changes = {
            dict(labels)["outcome"]: value
            for (name, labels), value in running.metrics().items()
            if name == "muster_watched_file_changes_total"
        }
        assert changes == {"taken": 1, "refused": 1, "removed": 0}
        assert running.log.count("kind: no such key") == 1
    (alert,) = read_messages(settings, "alerts.v1")
    assert (alert.record().kind, alert.record().watchlists) == ("new", ("desk",))
