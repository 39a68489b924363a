"""Reading a stretch of a partition on the real broker, whatever is missing of it: what a state is caught up from."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Sequence
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer
from kafka import KafkaProducer, TopicPartition

from streams.administration import admin_client
from streams.fold import CannotCatchUp, Folds
from streams.kafka_options import aiokafka_options, kafka_python_options
from streams.log_reader import LogReader
from streams.metrics import Metrics
from streams.settings import Settings
from tests.integration.pipeline_support import until
from tests.integration.test_delivery import Worker, article, stories
from tests.streams.memory import raw, tally_stage

pytestmark = pytest.mark.broker

NAME = "articles.raw.v1"


def publish(settings: Settings, values: Sequence[bytes], *, partition: int = 0) -> None:
    producer = KafkaProducer(**kafka_python_options(settings), acks="all")
    try:
        for value in values:
            producer.send(settings.topic_prefix + NAME, key=b"key", value=value, partition=partition)
        producer.flush()
    finally:
        producer.close()


async def publish_in_transaction(settings: Settings, values: Sequence[bytes], *, commit: bool = True) -> None:
    """Several messages and a marker, which takes an offset and is no message."""
    producer = AIOKafkaProducer(**aiokafka_options(settings), transactional_id=settings.topic_prefix + "tests")
    await producer.start()
    try:
        await producer.begin_transaction()
        for value in values:
            await producer.send_and_wait(settings.topic_prefix + NAME, value, key=b"key", partition=0)
        await (producer.commit_transaction() if commit else producer.abort_transaction())
    finally:
        await producer.stop()


def read(settings: Settings, start: int, end: int, partition: int = 0) -> list[tuple[int, bytes | None]]:
    async def all_of_it() -> list[tuple[int, bytes | None]]:
        reader = LogReader(settings, settings.topic_prefix + NAME)
        try:
            return [record async for batch in reader.read(partition, start, end) for record in batch]
        finally:
            await reader.close()

    return asyncio.run(all_of_it())


def test_a_stretch_is_read_from_its_start_to_before_its_end(kafka_settings: Settings) -> None:
    values = [f"{n}".encode() for n in range(2_000)]
    publish(kafka_settings, values)
    assert read(kafka_settings, 0, 2_000) == list(enumerate(values))
    assert read(kafka_settings, 700, 701) == [(700, b"700")]
    assert read(kafka_settings, 5, 5) == []


def test_a_start_that_retention_has_removed_is_read_from_what_is_left(kafka_settings: Settings) -> None:
    publish(kafka_settings, [f"{n}".encode() for n in range(100)])
    place = TopicPartition(kafka_settings.topic_prefix + NAME, 0)
    with admin_client(kafka_settings) as client:
        client.delete_records({place: 60})
    assert [offset for offset, _ in read(kafka_settings, 10, 80)] == list(range(60, 80))
    assert read(kafka_settings, 10, 50) == [], "all of it is gone"


def test_a_stretch_that_ends_with_a_transactions_marker_ends(kafka_settings: Settings) -> None:
    asyncio.run(publish_in_transaction(kafka_settings, [b"0", b"1"]))
    publish(kafka_settings, [b"3"])
    assert read(kafka_settings, 0, 3) == [(0, b"0"), (1, b"1")]
    assert read(kafka_settings, 2, 3) == []


def test_a_message_larger_than_a_fetch_is_read(kafka_settings: Settings) -> None:
    large = b"x" * 900_000
    publish(kafka_settings, [b"0", large, b"2"])
    assert read(kafka_settings, 0, 3) == [(0, b"0"), (1, large), (2, b"2")]


def test_states_of_several_partitions_catch_up_through_one_reader(kafka_settings: Settings) -> None:
    publish(kafka_settings, [raw(f"a{n}") for n in range(50)], partition=0)
    publish(kafka_settings, [raw(f"b{n}") for n in range(50)], partition=1)

    async def caught_up() -> list[set[str]]:
        reader = LogReader(kafka_settings, kafka_settings.topic_prefix + NAME)
        folds = Folds(tally_stage(), reader.read, Metrics())
        try:
            places = [(0, 20), (1, 50), (0, 50)]
            return [set((await folds.before(partition, offset))["outlet"]) for partition, offset in places]
        finally:
            await reader.close()

    first, second, third = asyncio.run(caught_up())
    assert second == {f"b{n}" for n in range(50)}
    assert first == {f"a{n}" for n in range(20)}
    assert third == {f"a{n}" for n in range(50)}


def test_a_broker_that_is_not_there_is_an_error_that_says_what_was_to_be_read(kafka_settings: Settings) -> None:
    away = dataclasses.replace(kafka_settings, broker="127.0.0.1:1")
    with pytest.raises(CannotCatchUp, match=r"articles\.raw\.v1 partition 0 could not be read up to offset 7"):
        read(away, 0, 7)


def test_a_feed_in_transactions_is_done_with_no_lag_left(kafka_settings: Settings, tmp_path: Path) -> None:
    """The marker at the end is no input, and nobody waits for it."""
    asyncio.run(publish_in_transaction(kafka_settings, [article(n) for n in range(10)]))
    worker = Worker(kafka_settings, tmp_path, "worker", "tally")
    try:
        until(lambda: len(stories(kafka_settings)) == 10, "all to be done")
        lag = ("muster_consumer_lag", "0", "tally", kafka_settings.topic_prefix + NAME)
        until(lambda: worker.metrics().get(lag) == 0, "no lag to be left")
        asyncio.run(publish_in_transaction(kafka_settings, [article(n) for n in range(10, 20)]))
        until(lambda: len(stories(kafka_settings)) == 20, "the next to be done")
        assert worker.metrics()["muster_fold_caught_up_records_total", "folded", "tally"] == 0
        assert worker.stop() == 0, worker.log
    finally:
        if worker.process.poll() is None:
            worker.kill()
