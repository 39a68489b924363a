"""A group that has committed nothing loses nothing, whatever its consumers threw away."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from streams.commands import failures
from streams.faust_consumer import seek_to_committed_or_beginning
from streams.feeding import Feeder
from streams.kafka_options import aiokafka_options
from streams.reading import read_messages
from streams.settings import Settings
from tests.integration.pipeline_support import DEADLINE_SECONDS, RunningWorker, feed, until, wait_until_idle, worker

pytestmark = pytest.mark.broker

SLOW_SEEK = """
import asyncio
from faust.transport.consumer import Consumer
seek = Consumer.perform_seek
async def slow(self):
    await asyncio.sleep(0.6)
    await seek(self)
Consumer.perform_seek = slow
"""
"""Faust fetches for up to a second at a time, so a fetch that began before the rebalance ends in this seek, and is thrown away."""
NO_ANSWER = """
import asyncio
from streams import faust_consumer, kafka_options
async def never(consumer):
    await asyncio.sleep(3600)
faust_consumer.seek_to_committed_or_beginning = never
kafka_options.REQUEST_SECONDS = 1.0
"""
ARTICLES = 60


def article(number: int) -> bytes:
    return (
        b'{"id":"port:%d","outlet":"port.example","published":"2019-09-16T12:00:00Z","title":"Ferries late",'
        b'"body":"Ferries were %d minutes late on Monday, the port said."}' % (number, number)
    )


def test_articles_that_come_while_the_second_worker_joins_a_new_group_are_not_lost(
    kafka_settings: Settings, tmp_path: Path
) -> None:
    settings = replace(kafka_settings, session_timeout_seconds=6.0)
    with worker(settings, tmp_path / "first", ["ingest"], fault=SLOW_SEEK) as first, Feeder(settings) as feeder:
        second = RunningWorker(settings, tmp_path / "second", ["ingest"])
        try:
            until(lambda: first.log.count("has partitions") == 2, "a first worker that has lost a partition")
            for number in range(ARTICLES):
                feeder.send(article(number))
                time.sleep(0.01)
            feeder.flush()
            wait_until_idle(settings, ["ingest"])
        finally:
            second.kill()

    found = {message.key for message in read_messages(settings, "articles.v1")}
    assert found == {f"port:{number}" for number in range(ARTICLES)}


def test_a_seek_that_the_broker_does_not_answer_ends_the_worker(kafka_settings: Settings, tmp_path: Path) -> None:
    settings = replace(kafka_settings, session_timeout_seconds=6.0)
    running = RunningWorker(settings, tmp_path / "worker", ["ingest"], fault=NO_ANSWER)

    assert running.process.wait(DEADLINE_SECONDS) == failures.WORKER
    assert "ends: the broker did not say within 6 s where a consumer is to go on" in running.log


def test_a_consumer_goes_back_to_what_is_committed_and_where_nothing_is_to_the_beginning(
    kafka_settings: Settings,
) -> None:
    feed(kafka_settings, [article(number) for number in range(ARTICLES)])
    name = kafka_settings.topic_prefix + "articles.raw.v1"

    async def seen() -> tuple[dict[Any, int], list[int | None], list[int]]:
        from aiokafka import AIOKafkaConsumer, TopicPartition

        committed, fresh = TopicPartition(name, 0), TopicPartition(name, 1)
        consumer = AIOKafkaConsumer(
            **aiokafka_options(kafka_settings),
            group_id=name,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
        )
        await consumer.start()
        try:
            consumer.assign([committed, fresh])
            thrown_away: dict[Any, int] = {}
            while set(thrown_away) < {committed, fresh}:
                for place, records in (await consumer.getmany(timeout_ms=1000)).items():
                    thrown_away[place] = records[-1].offset
            await consumer.commit({committed: 2})
            told = await seek_to_committed_or_beginning(consumer)
            return (
                thrown_away,
                [told[committed], told[fresh]],
                [await consumer.position(place) for place in (committed, fresh)],
            )
        finally:
            await consumer.stop()

    thrown_away, told, positions = asyncio.run(seen())

    assert min(thrown_away.values()) > 2
    assert told == [2, None]
    assert positions == [2, 0]
