"""One sink between its consumer group and its receiver.

What holds, whatever fails:
- An offset is committed only when the receiver has taken the alert or the broker has its dead letter.
- An alert is delivered once, except where the process ends between the receiver's answer and the commit after it.
- A receiver that is down holds up nobody but itself: each sink has a task, a group and a back-off of its own.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import IllegalStateError, KafkaError
from aiokafka.structs import OffsetAndMetadata

from sinks import progress
from sinks.closing import closed
from sinks.configuration import Sink
from sinks.delivery import Delivered, Outcome, Pace, Refused, deliver
from sinks.judging import TOPIC, Due, Identity, Told, judge
from sinks.limits import DIGEST_ALERTS, Window
from sinks.plain import one_line
from sinks.progress import Progress
from sinks.transport import Transport
from streams.fold import CannotCatchUp
from streams.kafka_options import aiokafka_options, largest_message
from streams.log_reader import LogReader
from streams.metrics import Metrics
from streams.records import InvalidRecord
from streams.settings import Settings

POLL_MS = 500
BATCH_RECORDS = 50
MEASURE_SECONDS = 5.0
BROKER_PAUSE_SECONDS = 2.0
"""After an error of the broker's."""
REBALANCE_SECONDS = 60.0
"""How long the others wait until an attempt that is under way has ended: longer than the longest that is reasonable."""
NEVER_MS = 2**31 - 1
"""A receiver may be down for hours, in which nothing is polled; whether the sink lives is watched elsewhere."""

Fetched = Mapping[TopicPartition, Sequence[Any]]
DeadLetterOf = Callable[[Sink, Any, Exception], Awaitable[None]]
"""`write(sink, message, error)` returns when the broker has the dead letter of a message, or raises KafkaError."""


class Undelivered(Exception):
    """An alert that a sink did not take, with the reason."""


class Abandoned(Exception):
    """The partition went to another process, or this one ends: what is in hand is not done."""


@dataclass(slots=True)
class Partition:
    """One partition that this process has."""

    place: TopicPartition
    progress: Progress
    told: Told
    written: tuple[int, str] | None = None
    """What was committed last."""


@dataclass(slots=True)
class Waiting:
    """An alert that is gathered for a digest, with all messages that tell it."""

    partition: Partition
    due: Due
    messages: list[Any] = field(default_factory=list)


def group_of(settings: Settings, sink: Sink) -> str:
    """The consumer group of a sink."""
    return f"{settings.topic_prefix}muster-sink-{sink.name}"


class Runner(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka has no types that mypy is let to see
    """Delivers to one sink until `stop`."""

    def __init__(
        self,
        settings: Settings,
        sink: Sink,
        transport: Transport,
        *,
        partitions: int,
        metrics: Metrics,
        write_dead_letter: DeadLetterOf,
        pace: Pace | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.sink = sink
        self.ready = False
        self.complaint: str | None = None
        """What is wrong with us, not with the receiver; None while nothing is."""
        self._settings = settings
        self._transport = transport
        self._metrics = metrics
        self._write_dead_letter = write_dead_letter
        self._pace = pace or Pace()
        self._clock = clock
        self._group = group_of(settings, sink)
        self._topic = settings.topic_prefix + TOPIC
        self._log = logging.getLogger(f"muster.sink.{sink.name}")
        self._count = partitions
        self._consumer: Any = None
        self._reader = LogReader(settings, self._topic)
        self._partitions: dict[TopicPartition, Partition] = {}
        self._gathered: dict[Identity, Waiting] = {}
        self._window = Window()
        self._delivering = asyncio.Lock()
        self._disturbed = asyncio.Event()
        self._stopping = asyncio.Event()
        self._failing = False
        self._trouble: str | None = None
        self._generation = 0
        self._assigned: frozenset[TopicPartition] = frozenset()
        metrics.prepare_sink(sink.name)

    # --- life ---------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Deliver until `stop`; after an error of the broker's, or a defect, from the last commit on."""
        failures = 0
        while not self._stopping.is_set():
            try:
                await self._run()
            except Abandoned:
                continue
            except (KafkaError, CannotCatchUp, OSError, TimeoutError) as error:
                reason = one_line(str(error)) or type(error).__name__
                if reason != self._trouble:
                    self._log.warning("the broker: %s; tried again", reason)
                self._trouble = reason
            except Exception as error:
                failures += 1
                self.complaint = f"sink {self.sink.name}: {type(error).__name__}"
                self._log.exception("a defect; starting again from what is committed")
            finally:
                await self._close()
            if not self._stopping.is_set():
                self._disturbed.clear()
            with suppress(Abandoned):
                await self._pause(min(60.0, BROKER_PAUSE_SECONDS * 2 ** min(failures, 5)))
        await closed(self._reader.close())
        await self._transport.close()

    def stop(self) -> None:
        """Let an attempt that is under way end, and begin no other."""
        self._stopping.set()
        self._disturbed.set()

    async def _run(self) -> None:
        await self._begin_where_new()
        self._consumer = AIOKafkaConsumer(
            group_id=self._group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            max_partition_fetch_bytes=largest_message(),
            max_poll_interval_ms=NEVER_MS,
            session_timeout_ms=int(self._settings.session_timeout_seconds * 1000),
            heartbeat_interval_ms=int(min(3.0, self._settings.session_timeout_seconds / 5) * 1000),
            rebalance_timeout_ms=int(max(REBALANCE_SECONDS, self.sink.timeout_seconds * 2) * 1000),
            **aiokafka_options(self._settings),
        )
        self._consumer.subscribe([self._topic], listener=self)
        await self._consumer.start()
        while not self._stopping.is_set():
            generation, found = await self._fetched()
            if self._stopping.is_set():
                break
            self._disturbed.clear()
            with suppress(Abandoned):
                await self._take_all(found, generation)
                await self._tell_digest_if_due()
            await self._commit()
            self.complaint, self._trouble = None, None

    async def _fetched(self) -> tuple[int, Fetched]:
        """What has come, or nothing after a while; nothing at once when the process ends, whatever the broker does."""
        fetching = asyncio.ensure_future(self._drained())
        stopping = asyncio.ensure_future(self._stopping.wait())
        try:
            await asyncio.wait({fetching, stopping}, return_when=asyncio.FIRST_COMPLETED)
            return fetching.result() if fetching.done() else (self._generation, {})
        finally:
            fetching.cancel()
            stopping.cancel()

    async def _drained(self) -> tuple[int, Fetched]:
        """What has come, with the generation that it is of: told in the same turn of the event loop, so that no rebalance
        lies between the two."""
        found = await self._consumer.getmany(timeout_ms=self._wait_ms(), max_records=BATCH_RECORDS)
        return self._generation, found

    async def _take_all(self, found: Fetched, generation: int) -> None:
        """Deal with what was fetched, until a rebalance: after it the consumer begins again at what is committed, and
        what is left here of the time before would leave a gap. Raises `Abandoned`."""
        # All of them before the first alert: each remembers the window of the limit, and has its lag to tell.
        for place in self._assigned:
            await self._partition(place, generation)
        for place, messages in found.items():
            partition = await self._partition(place, generation)
            for message in messages:
                if self._generation != generation:
                    raise Abandoned
                await self._take(partition, message)

    async def _close(self) -> None:
        consumer, self._consumer = self._consumer, None
        if consumer is not None:
            await closed(consumer.stop())
        self.ready = False
        self._assigned = frozenset()
        self._forget(list(self._partitions))

    async def _pause(self, seconds: float) -> None:
        """Wait; raises `Abandoned` as soon as there is a reason to look up."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._disturbed.wait(), seconds)
            raise Abandoned
        if self._stopping.is_set():
            raise Abandoned

    def _wait_ms(self) -> int:
        if not self._gathered:
            return POLL_MS
        ends = self._window.began + self.sink.minutes * 60 - self._clock()
        return max(1, min(POLL_MS, int(ends * 1000)))

    # --- partitions ---------------------------------------------------------------------------------------------

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        """Called by aiokafka before a rebalance: the attempt under way ends, and is committed, before others take over."""
        self._disturbed.set()
        async with self._delivering:
            self._generation += 1
            # What the consumer calls its assignment stays the old one until there is a new one.
            self._assigned = frozenset()
            await self._commit()
            self._forget(revoked)

    def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        """Called by aiokafka after a rebalance."""
        if not self.ready:
            numbers = sorted(place.partition for place in assigned)
            self._log.info("ready: %s, partitions %s", self._group, ", ".join(map(str, numbers)) or "none")
        self._assigned = frozenset(assigned)
        self.ready = True

    def _forget(self, places: Iterable[TopicPartition]) -> None:
        for place in places:
            self._partitions.pop(place, None)
        self._gathered = {
            identity: waiting
            for identity, waiting in self._gathered.items()
            if self._partitions.get(waiting.partition.place) is waiting.partition
        }

    async def _begin_where_new(self) -> None:
        """Commit where a new sink begins, before anything is consumed: a restart before its first alert must not begin
        at another end. A partition that was added later is read from its start."""
        known = await self._committed()
        places = [TopicPartition(self._topic, number) for number in range(self._count)]
        missing = [place for place in places if place not in known]
        if not missing:
            return
        consumer = AIOKafkaConsumer(group_id=self._group, enable_auto_commit=False, **aiokafka_options(self._settings))
        try:
            await consumer.start()
            consumer.assign(places)
            from_end = self.sink.start == "end" and not known
            begin = await (consumer.end_offsets if from_end else consumer.beginning_offsets)(missing)
            await consumer.commit(
                {
                    place: OffsetAndMetadata(offset, Progress(offset, offset).metadata(Window()))
                    for place, offset in begin.items()
                }
            )
            self._log.info("new: begins at the %s of %s", "end" if from_end else "start", self._topic)
        finally:
            await closed(consumer.stop())

    async def _committed(self) -> dict[TopicPartition, OffsetAndMetadata]:
        """What the group has committed, with the metadata, which a consumer does not give."""
        admin = AIOKafkaAdminClient(**aiokafka_options(self._settings))
        try:
            await admin.start()
            found = await admin.list_consumer_group_offsets(self._group)
        finally:
            await closed(admin.close())
        return {place: at for place, at in found.items() if place.topic == self._topic and at.offset >= 0}

    async def _partition(self, place: TopicPartition, generation: int) -> Partition:
        """What is known of a partition: read once, when it is assigned. Raises `Abandoned`."""
        if place in self._partitions:
            return self._partitions[place]
        committed = (await self._committed()).get(place, OffsetAndMetadata(0, ""))
        came, window = progress.read(committed.offset, committed.metadata)
        told = Told()
        # A topic that was made anew ends before what was committed of the old one.
        ends = await self._consumer.end_offsets([place])
        beyond = min(came.done_up_to, ends[place])
        async for messages in self._reader.records(place.partition, came.since, beyond):
            for message in messages:
                if message.offset < committed.offset or came.is_done(message.offset):
                    with suppress(InvalidRecord):
                        told.fold(judge(self.sink, message.value, message.headers))
        if self._generation != generation:
            raise Abandoned
        self._window = self._window.or_later(window)
        partition = self._partitions[place] = Partition(place, came, told, (committed.offset, committed.metadata))
        return partition

    def _is_ours(self, partition: Partition) -> bool:
        return not self._stopping.is_set() and self._partitions.get(partition.place) is partition

    async def _commit(self) -> None:
        """Commit what is done, where that is news. A commit that fails is made with the next; until then a crash would
        repeat what it was for."""
        if self._consumer is None:
            return
        news = {}
        ours = self._consumer.assignment()
        for partition in self._partitions.values():
            now = (partition.progress.committed, partition.progress.metadata(self._window))
            if now != partition.written and partition.place in ours:
                news[partition.place] = now
        if not news:
            return
        try:
            await self._consumer.commit({place: OffsetAndMetadata(*at) for place, at in news.items()})
        except (KafkaError, IllegalStateError) as error:
            self._log.warning("what is delivered could not be committed: %s", one_line(str(error)))
            return
        for place, at in news.items():
            if place in self._partitions:
                self._partitions[place].written = at

    # --- alerts -------------------------------------------------------------------------------------------------

    async def _take(self, partition: Partition, message: Any) -> None:
        """Deal with one message: skip, gather or deliver it."""
        if not self._is_ours(partition):
            raise Abandoned
        if not partition.progress.take(message.offset, message.timestamp):
            return
        try:
            due = judge(self.sink, message.value, message.headers)
        except InvalidRecord as error:
            await self._dead(partition, message, error)
            self._metrics["muster_sink_failed_total"].labels(sink=self.sink.name).inc()
            await self._commit()
            return
        if due is None or due.identity in partition.told.identities:
            partition.progress.finish(message.offset)
        elif due.identity in self._gathered:
            self._gathered[due.identity].messages.append(message)
        elif self._has_to_wait(due):
            self._gathered[due.identity] = Waiting(partition, due, [message])
            if len(self._gathered) >= DIGEST_ALERTS:
                await self._tell(list(self._gathered.values()))
        else:
            await self._tell([Waiting(partition, due, [message])])

    def _has_to_wait(self, due: Due) -> bool:
        if due.alert.severity == "critical" or not self.sink.at_most:
            return False
        room = self._window.has_room(self._clock(), self.sink.at_most, self.sink.minutes * 60)
        return bool(self._gathered) or not room

    async def _tell_digest_if_due(self) -> None:
        if self._gathered and self._window.has_room(self._clock(), self.sink.at_most, self.sink.minutes * 60):
            await self._tell(list(self._gathered.values()))

    async def _tell(self, told: Sequence[Waiting]) -> None:
        """Deliver one alert, or several as a digest, and commit; or write their dead letters. Raises `Abandoned`."""

        async def attempt() -> Outcome:
            async with self._delivering:
                if not all(self._is_ours(waiting.partition) for waiting in told):
                    raise Abandoned
                outcome = await self._transport.send([waiting.due.alert for waiting in told], self._clock())
                if isinstance(outcome, Delivered):
                    await self._delivered(told, outcome)
                return outcome

        outcome = await deliver(
            attempt,
            budget_seconds=self.sink.retry_minutes * 60,
            pace=self._pace,
            pause=self._pause,
            on_retry=self._on_retry,
        )
        if isinstance(outcome, Refused):
            self._failing = True
            for waiting in told:
                for message in waiting.messages[:1]:
                    await self._dead(waiting.partition, message, Undelivered(outcome.reason))
                self._done(waiting)
            self._metrics["muster_sink_failed_total"].labels(sink=self.sink.name).inc(len(told))
            await self._commit()

    async def _delivered(self, told: Sequence[Waiting], outcome: Delivered) -> None:
        for waiting in told:
            self._done(waiting)
        self._window = self._window.with_one_more(self._clock(), self.sink.minutes * 60)
        await self._commit()
        self._metrics["muster_sink_delivered_total"].labels(sink=self.sink.name).inc(len(told))
        if len(told) > 1:
            self._metrics["muster_sink_digests_total"].labels(sink=self.sink.name).inc()
        if self._failing:
            self._log.info("delivers again")
        self._failing = False
        if outcome.remark:
            self._log.warning("%s", outcome.remark)

    def _done(self, waiting: Waiting) -> None:
        waiting.partition.told.fold(waiting.due)
        self._gathered.pop(waiting.due.identity, None)
        for message in waiting.messages:
            waiting.partition.progress.finish(message.offset)

    async def _dead(self, partition: Partition, message: Any, error: Exception) -> None:
        """Write the dead letter of a message and be done with it. Raises `Abandoned` where the process ends before."""
        while True:
            try:
                await self._write_dead_letter(self.sink, message, error)
                break
            except (KafkaError, OSError, TimeoutError) as failure:
                self._log.warning("a dead letter was not written: %s; tried again", type(failure).__name__)
                await self._pause(BROKER_PAUSE_SECONDS)
        self._log.warning(
            "dead letter: %s partition %d offset %d: %s", TOPIC, message.partition, message.offset, one_line(str(error))
        )
        partition.progress.finish(message.offset)

    def _on_retry(self, reason: str, seconds: float) -> None:
        self._metrics["muster_sink_retries_total"].labels(sink=self.sink.name).inc()
        self._log.log(
            logging.DEBUG if self._failing else logging.WARNING, "%s; tried again in %.0f s", one_line(reason), seconds
        )
        self._failing = True

    # --- watched ------------------------------------------------------------------------------------------------

    async def measure(self) -> None:
        """Show how much waits, and for how long. A broker that does not answer changes nothing."""
        places = list(self._partitions)
        if self._consumer is None:
            return
        try:
            ends = await asyncio.wait_for(self._consumer.end_offsets(places), MEASURE_SECONDS) if places else {}
        except (KafkaError, OSError, TimeoutError):
            return
        lag, oldest = 0, None
        for place, partition in self._partitions.items():
            known = partition.progress
            lag += known.unfinished + max(0, ends.get(place, 0) - known.next)
            if known.oldest_ms is not None:
                oldest = min(known.oldest_ms, oldest or known.oldest_ms)
        name = self.sink.name
        self._metrics["muster_sink_lag"].labels(sink=name).set(lag)
        self._metrics["muster_sink_gathered"].labels(sink=name).set(len(self._gathered))
        age = 0.0 if oldest is None else max(0.0, self._clock() - oldest / 1000)
        self._metrics["muster_sink_oldest_waiting_seconds"].labels(sink=name).set(age)
