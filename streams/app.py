"""The Faust app of one stage: the loop between a consumer and a producer of Kafka.

One app is one consumer group, `{prefix}muster-{stage}`, so that each stage can move, scale and fail by itself. Nothing
is created by an import. `docs/decisions.md` says why no Faust table, `take` or exactly-once guarantee is used.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import faust
import mode
from faust.types import TP

from streams.bundles import opened
from streams.bundling import Bundling
from streams.dead_letters import TOPIC as DEAD_LETTERS
from streams.faust_consumer import Transport
from streams.faust_stream import events
from streams.fold import Folds
from streams.kafka_options import faust_options, largest_message
from streams.log_reader import LogReader
from streams.loop import Incoming, Input, Outgoing, Publish, StageLoop
from streams.metrics import Metrics
from streams.settings import Settings
from streams.snapshots import Snapshots
from streams.stage import Received, Stage
from streams.step_process import StepProcess
from streams.time_limit import TookTooLong, time_limit
from streams.topics import topic

COMMIT_SECONDS = 1.0
"""How often offsets are committed: what a worker that is killed has to repeat."""
REBALANCE_SECONDS = 60.0
"""How long the others wait for a worker to finish what it has in hand before a rebalance goes on without it."""
BATCH_BYTES = 262_144
"""A producer of aiokafka fills one batch for each partition at a time: 16 KB, its default, are 8 articles in flight."""
LINGER_SECONDS = 0.005
"""The shortest time between two requests of a producer: with none, most requests hold one message."""
STEP_SECONDS = 60.0
"""The longest a step may take: the longest article that the settings allow takes some seconds. An input that never ends
would otherwise block its partition for good; so it becomes a dead letter."""
AT_ONCE_SECONDS = 0.005
"""So long a stage takes one message after the other before the event loop turns, and the other stages of the process have theirs."""
POSITION_SECONDS = 5.0
"""How long the consumer's thread may take to say where it stands, which it knows without asking anybody."""

OnFailure = Callable[[str, BaseException], None]


def group_of(settings: Settings, stage: str) -> str:
    """The consumer group of a stage."""
    return f"{settings.topic_prefix}muster-{stage}"


def topics_of(stage: Stage) -> tuple[str, ...]:
    """The topics, by their names in the registry, that must exist for a stage to run."""
    return tuple(dict.fromkeys((stage.consumes, *stage.publishes, DEAD_LETTERS)))


@dataclass(slots=True)
class StageApp:
    """One stage bound to its topics: the app, and what a worker watches of it."""

    stage: Stage
    topic: str
    group: str
    app: faust.App
    loop: StageLoop
    folds: Folds
    reader: LogReader
    look_up: LogReader
    """Looks up single records of the consumed topic, for snapshots."""
    long_steps: StepProcess | None
    assigned: frozenset[int] | None = field(default=None)
    """Partitions that this worker has of the consumed topic; None until the broker has spoken."""

    @property
    def progress(self) -> int:
        """Grows with every input that is done and every record that a state catches up on."""
        return self.loop.progress + self.folds.progress

    async def position(self, partition: int, end: int) -> int:
        """The offset up to which a partition is done, `end` being where it ends on the broker.

        Before anything was done it is where the consumer stands. A log that ends with a transaction's marker, which no
        consumer gets to see, is done when all that could be fetched is.
        """
        done = self.loop.position(partition)
        try:
            place = TP(self.topic, partition)
            fetched = await asyncio.wait_for(self.app.consumer.position(place), POSITION_SECONDS)
        except Exception:
            # A consumer that does not answer may be dead: then nothing gets done, and that is noticed.
            return done or 0
        if done is None:
            return int(fetched or 0)
        idle = not self.loop.in_flight and not self.app.consumer.unacked
        return end if idle and fetched is not None and fetched >= end else done


class App(faust.App):  # type: ignore[misc]  # Faust has no types that mypy is let to see
    """A Faust app without tables, which therefore leaves no folders for them behind, and that begins at the beginning."""

    def _create_directories(self) -> None:
        """Nothing."""

    async def maybe_start_producer(self) -> Any:
        """The producer, started. Faust makes each message wait for a turn of the event loop here, whether or not it is."""
        if self.producer.started:
            return self.producer
        return await super().maybe_start_producer()

    def _new_transport(self) -> Transport:
        return Transport(self.conf.broker_consumer, self)


def faust_app(settings: Settings, stage: str) -> App:
    """A Faust app in the consumer group of that stage, as every stage has it: raw bytes, nothing declared, nothing served."""
    return App(
        group_of(settings, stage),
        **faust_options(settings),
        autodiscover=False,
        web_enabled=False,
        topic_allow_declare=False,
        topic_disable_leader=True,
        key_serializer="raw",
        value_serializer="raw",
        consumer_auto_offset_reset="earliest",
        consumer_max_fetch_size=largest_message(),
        broker_commit_interval=COMMIT_SECONDS,
        broker_session_timeout=settings.session_timeout_seconds,
        # Heartbeats also tell of a rebalance, so a long session is no reason to let the others wait.
        broker_heartbeat_interval=min(3.0, settings.session_timeout_seconds / 5),
        broker_rebalance_timeout=max(REBALANCE_SECONDS, settings.session_timeout_seconds),
        producer_acks=-1,
        producer_linger=LINGER_SECONDS,
        producer_max_request_size=largest_message(),
        producer_max_batch_size=BATCH_BYTES,
        stream_buffer_maxsize=settings.in_flight,
        stream_recovery_delay=0.0,
        worker_redirect_stdouts=False,
    )


def create_app(
    settings: Settings,
    stage: Stage,
    *,
    partitions: Mapping[str, int],
    metrics: Metrics,
    on_failure: OnFailure,
    long_steps: StepProcess | None = None,
) -> StageApp:
    """The app of a stage. `on_failure` is told of the error that ended the loop; whoever runs the app must then stop.

    `partitions` has the number of partitions of each topic that the stage has to do with, as the broker says.
    """
    app = faust_app(settings, stage.name)
    consumed = settings.topic_prefix + stage.consumes
    reader = LogReader(settings, consumed)
    # Of its own: one reader reads one stretch at a time, and snapshots are written while a state catches up.
    look_up = LogReader(settings, consumed)
    folds = Folds(
        stage,
        reader.read,
        metrics,
        snapshots=_snapshots_of(stage, settings, consumed, look_up),
        snapshot_seconds=60 * settings.snapshot_minutes,
    )
    bundling = Bundling(_publisher(app, settings, topics_of(stage)))
    loop = StageLoop(
        stage,
        settings,
        partitions=partitions,
        folds=folds,
        publish=bundling.publish,
        metrics=metrics,
        limit=lambda: time_limit(STEP_SECONDS),
        executor=ThreadPoolExecutor(1, thread_name_prefix=stage.name),
        elsewhere=long_steps.handle if long_steps is not None else None,
    )
    bound = StageApp(
        stage=stage,
        topic=consumed,
        group=app.conf.id,
        app=app,
        loop=loop,
        folds=folds,
        reader=reader,
        look_up=look_up,
        long_steps=long_steps,
    )
    bundling.awaited = lambda: loop.waits_for_the_broker
    log = logging.getLogger(f"muster.{stage.name}")

    async def consume(stream: faust.Stream[bytes]) -> None:
        bundling.more = lambda: not stream.channel.queue.empty()
        try:
            await loop.run(_messages(stream, bundled=topic(stage.consumes).bundled))
        except (Exception, TookTooLong) as error:
            on_failure(stage.name, error)
            # The agent must neither return nor raise: both would let Faust go on, and commit. The worker ends it.
            await asyncio.Event().wait()

    app.agent(
        raw_topic(app, consumed),
        name=stage.name,
        concurrency=1,
        # The default supervisor acknowledges the input that failed, and goes on.
        supervisor_strategy=mode.CrashingSupervisor,
    )(consume)

    async def on_assigned(_: faust.App, assigned: set[Any], **__: Any) -> None:
        numbers = frozenset(place.partition for place in assigned if place.topic == consumed)
        bound.assigned = numbers
        folds.assign(numbers)
        metrics["muster_assigned_partitions"].labels(stage=stage.name).set(len(numbers))
        metrics["muster_rebalances_total"].labels(stage=stage.name).inc()
        log.info("has partitions %s of %s", ", ".join(map(str, sorted(numbers))) or "none", consumed)

    app.on_partitions_assigned.connect(on_assigned, weak=False)
    app.finalize()
    return bound


def _snapshots_of(stage: Stage, settings: Settings, consumed: str, reader: LogReader) -> Snapshots | None:
    if settings.snapshots is None or stage.kept is None:
        return None
    return Snapshots(settings.snapshots, stage.name, consumed, stage.kept.version, reader.record_at)


def raw_topic(app: faust.App, name: str) -> Any:
    """A topic whose keys and values stay bytes."""
    # Bytes: a message that Faust itself fails to decode is skipped and committed.
    return app.topic(name, key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw")


async def _messages(stream: Any, *, bundled: bool) -> AsyncIterator[Incoming]:
    """The messages of a stage, each with its inputs: one, or where messages may be bundles the records in it."""
    clock = asyncio.get_running_loop().time
    turned = clock()
    async for event in events(stream):
        yield Incoming(_inputs_of(event.message, bundled=bundled), event.ack)
        if clock() - turned > AT_ONCE_SECONDS:
            await asyncio.sleep(0)
            turned = clock()


def _inputs_of(message: Any, *, bundled: bool) -> Sequence[Input]:
    timestamp_ms = round((message.timestamp or 0.0) * 1000)
    inside = opened(message.value) if bundled and message.value is not None else []
    if not inside:
        received = Received(message.partition, message.offset, timestamp_ms, dict(message.headers or ()))
        return (Input(message.key, message.value, received),)
    return [
        Input(one.key, one.value, Received(message.partition, message.offset, timestamp_ms, one.headers, within))
        for within, one in enumerate(inside)
    ]


def _publisher(app: faust.App, settings: Settings, names: tuple[str, ...]) -> Publish:
    topics = {name: raw_topic(app, settings.topic_prefix + name) for name in names}

    async def publish(message: Outgoing) -> asyncio.Future[Any]:
        promise: asyncio.Future[Any] = await topics[message.topic].send(
            key=message.key,
            value=message.value,
            partition=message.partition,
            headers=dict(message.headers),
        )
        return promise

    return publish
