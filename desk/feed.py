"""From the topics to the state: a consumer that belongs to no group, and begins again wherever it lost the broker."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from desk.state import ALERTS, EVENTS, Desk, Incoming
from streams.administration import AdministrationError, partition_counts
from streams.kafka_options import aiokafka_options, describe
from streams.settings import Settings

log = logging.getLogger("muster.desk")

POLL_MS = 250
BATCH_RECORDS = 500
SLICE_RECORDS = 25
"""Records merged between two looks at the event loop: some 20 ms of events as large as they usually are."""
PROBE_SECONDS = 2.0
"""How often the broker is asked whether it is there: a consumer does not tell when it has nothing to read."""
PROBE_PATIENCE_SECONDS = 4.0
BACK_OFF_SECONDS = (0.5, 1.0, 2.0, 5.0)
"""Waits before the next attempts to connect; the last one stands for all later ones."""
CLOSE_SECONDS = 5.0

T = TypeVar("T")

Place = tuple[str, int]
"""Topic without prefix, and partition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far the desk has read. `reason` says why it is not connected, and is None while it is."""

    read: int
    """Offsets behind it of those that were there at the start."""
    of: int
    """How many there were."""
    caught_up: bool
    """Whether both topics have once been read to the ends that they had at the start."""
    reason: str | None


class Feed:
    """Reads both topics into `desk` for as long as `run` runs; `changed` is called after each merge and each change of the
    connection, and when it has caught up."""

    def __init__(self, settings: Settings, desk: Desk, changed: Callable[[], None]) -> None:
        self._settings = settings
        self._desk = desk
        self._changed = changed
        self._next: dict[Place, int] = {}
        self._starts: dict[Place, int] = {}
        self._ends: dict[Place, int] = {}
        self._caught_up = False
        self._reason: str | None = "not connected yet"
        self._told_unreadable = False

    @property
    def progress(self) -> Progress:
        return Progress(
            read=sum(min(self._next[place], end) - self._starts[place] for place, end in self._ends.items()),
            of=sum(end - self._starts[place] for place, end in self._ends.items()),
            caught_up=self._caught_up,
            reason=self._reason,
        )

    async def run(self) -> None:
        """Read until cancelled. While the broker is away it tries again; what was read stays."""
        failures = 0
        while True:
            try:
                await _apart(self._read())
            except Exception as error:
                failures = 0 if self._reason is None else failures + 1
                self._disconnected(error)
            await asyncio.sleep(BACK_OFF_SECONDS[min(failures, len(BACK_OFF_SECONDS) - 1)])

    def _connected(self) -> None:
        log.info("connected to %s", describe(self._settings))
        self._reason = None
        self._changed()

    def _disconnected(self, error: Exception) -> None:
        reason = str(error) if isinstance(error, AdministrationError) else f"the broker is away: {error}"
        if reason != self._reason:
            log.warning("%s; trying again, meanwhile the desk shows what it has", reason)
        self._reason = reason
        self._changed()

    async def _read(self) -> None:
        """Read from where the state stands, until something fails."""
        from aiokafka import AIOKafkaConsumer, TopicPartition

        counts = await _in_thread(lambda: partition_counts(self._settings))
        places = {
            TopicPartition(self._settings.topic_prefix + name, number): (name, number)
            for name in (EVENTS, ALERTS)
            for number in range(counts[name])
        }
        consumer = AIOKafkaConsumer(
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            fetch_max_wait_ms=POLL_MS,
            **aiokafka_options(self._settings),
        )
        try:
            await consumer.start()
            consumer.assign(list(places))
            starts = await consumer.beginning_offsets(list(places))
            ends = await consumer.end_offsets(list(places))
            self._go_on_from(consumer, places, starts, ends)
            self._connected()
            await _first_of(self._follow(consumer, places), _watch(consumer, list(places)))
        finally:
            with suppress(Exception):
                await _apart(_stopped(consumer), CLOSE_SECONDS)

    def _go_on_from(
        self, consumer: Any, places: Mapping[Any, Place], starts: Mapping[Any, int], ends: Mapping[Any, int]
    ) -> None:
        for topic_partition, place in places.items():
            start, end = starts[topic_partition], ends[topic_partition]
            at = self._next.get(place, start)
            # Beyond its end: the topic was made anew. Before its start: what lay between is gone.
            is_anew = at > end
            at = at if start <= at <= end else start
            consumer.seek(topic_partition, at)
            self._next[place] = at
            if place not in self._ends:
                self._starts[place], self._ends[place] = start, end
            name, partition = place
            if name == ALERTS:
                if is_anew:
                    self._desk.begin_anew(partition)
                self._desk.position.setdefault(partition, at)

    async def _follow(self, consumer: Any, places: Mapping[Any, Place]) -> None:
        while True:
            self._look_whether_caught_up()
            found = await consumer.getmany(timeout_ms=POLL_MS, max_records=BATCH_RECORDS)
            for topic_partition, messages in found.items():
                for some in _slices(messages):
                    self._merge(places[topic_partition], some)
                    await asyncio.sleep(0)
            if not found:
                for topic_partition, place in places.items():
                    # Offsets that hold nothing any more, as compaction leaves them, are behind it as well.
                    self._next[place] = max(self._next[place], await consumer.position(topic_partition))

    def _look_whether_caught_up(self) -> None:
        if not self._caught_up and all(self._next[place] >= end for place, end in self._ends.items()):
            self._caught_up = True
            log.info("has caught up: %d events, %d alerts", self._desk.events, self._desk.alerts)
            self._changed()

    def _merge(self, place: Place, messages: Sequence[Any]) -> None:
        name, partition = place
        wrong = self._desk.take(
            Incoming(
                topic=name,
                partition=partition,
                offset=message.offset,
                timestamp_ms=message.timestamp or 0,
                key=(message.key or b"").decode("utf-8", "replace"),
                value=message.value,
            )
            for message in messages
        )
        self._next[place] = messages[-1].offset + 1
        if wrong and not self._told_unreadable:
            self._told_unreadable = True
            log.warning("%s holds a record that cannot be read, and is passed over: %r", name, wrong[0])
        self._changed()


async def _in_thread(work: Callable[[], T]) -> T:
    """What `work` returns, done in a thread that nobody waits for when the process ends: it may be stuck in a connection."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def tell(result: T | None, error: Exception | None) -> None:
        if done.cancelled():
            return
        if error is not None:
            done.set_exception(error)
        else:
            done.set_result(result)  # type: ignore[arg-type]

    def run() -> None:
        result, failure = None, None
        try:
            result = work()
        except Exception as error:
            failure = error
        with suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(tell, result, failure)

    threading.Thread(target=run, daemon=True, name="desk-connect").start()
    return await done


async def _stopped(consumer: Any) -> None:
    try:
        await consumer.stop()
    except asyncio.CancelledError:
        # A fetch was under way. The client, which would try to reach the broker for ever, was not come to.
        await consumer._client.close()  # noqa: SLF001


async def _watch(consumer: Any, places: Sequence[Any]) -> None:
    """Ask the broker for something now and then, until it fails to answer."""
    while True:
        await asyncio.sleep(PROBE_SECONDS)
        await _apart(consumer.end_offsets(places), PROBE_PATIENCE_SECONDS)


async def _first_of(*both: Coroutine[Any, Any, None]) -> None:
    """Run them at once until one fails, as it does sooner or later, and raise its error."""
    tasks = [asyncio.ensure_future(one) for one in both]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            _result(task)
    finally:
        for task in tasks:
            task.cancel()


async def _apart(work: Awaitable[Any], seconds: float | None = None) -> None:
    """Await it in a task of its own, at most so long. Raises its error, or `TimeoutError`.

    A client of Kafka that is cut short may cancel what others wait for: here that does not reach the one who asks.
    """
    task = asyncio.ensure_future(work)
    task.add_done_callback(lambda ended: ended.cancelled() or ended.exception())  # else it is told as never retrieved
    try:
        await asyncio.wait({task}, timeout=seconds)
        if not task.done():
            raise TimeoutError(f"no answer within {seconds:g} s")
        _result(task)
    finally:
        task.cancel()


def _result(task: asyncio.Future[Any]) -> None:
    if task.cancelled():
        raise ConnectionError("the client was cut short")
    task.result()


def _slices(messages: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(messages), SLICE_RECORDS):
        yield messages[start : start + SLICE_RECORDS]
