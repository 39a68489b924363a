"""One process for all sinks: each in a task of its own, with their metrics, health and end."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from aiokafka import AIOKafkaProducer

from sinks.closing import closed
from sinks.configuration import Sink
from sinks.delivery import Outcome, Pace
from sinks.judging import TOPIC, stage_of
from sinks.runner import Runner
from sinks.transport import transport_of
from streams import records
from streams.commands import failures
from streams.dead_letters import ATTEMPTS_HEADER, SINK_HEADER, fitted
from streams.dead_letters import TOPIC as DEAD_LETTERS
from streams.handling import dead_letter
from streams.kafka_options import aiokafka_options, describe, largest_message
from streams.loop import ENVELOPE_BYTES, NUMBER_DIGITS, STAGE_HEADER
from streams.metrics import Metrics
from streams.metrics_server import MetricsServer
from streams.records import Actor, Alert, Place
from streams.settings import Settings
from streams.stage import Received, Stage
from streams.topics import topic

WATCH_SECONDS = 2.0
SILENT_SECONDS = 120.0
"""An event loop that has not turned for so long delivers nothing, whatever the process looks like."""
WRITE_SECONDS = 30.0

log = logging.getLogger("muster.notify")


class DeadLetters:
    """Writes what a sink did not take, with a producer that is opened when the first letter is written."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._producer: Any = None
        self._opening = asyncio.Lock()

    async def write(self, sink: Sink, message: Any, error: Exception) -> None:
        """Return when the broker has the letter. Raises KafkaError or TimeoutError."""
        headers = dict(message.headers)
        attempts = 1 + _number(headers.get(ATTEMPTS_HEADER)) if SINK_HEADER in headers else 1
        received = Received(message.partition, message.offset, message.timestamp, headers)
        stage = Stage(name=stage_of(sink), consumes=TOPIC, publishes=(), step=lambda *_: ())
        letter = dead_letter(stage, message.key, message.value, received, error, attempts)
        letter = fitted(letter, topic(DEAD_LETTERS).max_message_bytes - ENVELOPE_BYTES)
        name = stage.name.encode("ascii")
        await asyncio.wait_for(
            (await self._opened()).send_and_wait(
                self._settings.topic_prefix + DEAD_LETTERS,
                key=name,
                value=records.encode(letter),
                headers=[(STAGE_HEADER, name)],
            ),
            WRITE_SECONDS,
        )

    async def close(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            await closed(producer.stop())

    async def _opened(self) -> Any:
        async with self._opening:
            if self._producer is None:
                producer = AIOKafkaProducer(
                    acks="all", max_request_size=largest_message(), **aiokafka_options(self._settings)
                )
                try:
                    await producer.start()
                except BaseException:
                    await closed(producer.stop())
                    raise
                self._producer = producer
            return self._producer


class Notifier:
    """All sinks of a process. `run` returns after `stop`."""

    def __init__(
        self,
        settings: Settings,
        sinks: Sequence[Sink],
        *,
        partitions: int,
        pace: Pace | None = None,
        watch_seconds: float = WATCH_SECONDS,
    ) -> None:
        self.metrics = Metrics()
        self._settings = settings
        self._letters = DeadLetters(settings)
        self._watch_seconds = watch_seconds
        self._beat = time.monotonic()
        self._transports = [
            transport_of(sink, desk=settings.desk_url, allow_private=settings.allow_private_targets) for sink in sinks
        ]
        self.runners = [
            Runner(
                settings,
                sink,
                transport,
                partitions=partitions,
                metrics=self.metrics,
                write_dead_letter=self._letters.write,
                pace=pace,
            )
            for sink, transport in zip(sinks, self._transports, strict=True)
        ]

    async def close(self) -> None:
        """Let go of the sinks of a notifier that was never run."""
        for transport in self._transports:
            await transport.close()

    @property
    def ready(self) -> bool:
        """Whether every sink has its partitions."""
        return all(runner.ready for runner in self.runners)

    def complaints(self) -> list[str]:
        """Why this process is not alive. A receiver that is down is no reason: to start again would not help it."""
        silent = time.monotonic() - self._beat
        if silent > SILENT_SECONDS:
            return [f"the event loop has stood still for {silent:.0f} s"]
        return [runner.complaint for runner in self.runners if runner.complaint is not None]

    def stop(self) -> None:
        """End: attempts that are under way are waited for, pauses are not."""
        self.metrics["muster_up"].set(0)
        for runner in self.runners:
            runner.stop()

    async def run(self) -> None:
        """Deliver until `stop`."""
        watching = asyncio.create_task(self._watch())
        try:
            await asyncio.gather(*(runner.run() for runner in self.runners))
        finally:
            watching.cancel()
            await asyncio.wait({watching})
            await self._letters.close()

    async def _watch(self) -> None:
        said = False
        while True:
            self._beat = time.monotonic()
            self.metrics["muster_up"].set(self.ready)
            if self.ready and not said:
                said = True
                log.info("ready: %s", ", ".join(runner.sink.name for runner in self.runners))
            for runner in self.runners:
                await runner.measure()
            await asyncio.sleep(self._watch_seconds if self.ready else 0.1)


def run(settings: Settings, sinks: Sequence[Sink], partitions: int) -> int:
    """Deliver what comes on the partitions of alerts.v1 until SIGINT or SIGTERM. Returns the exit code. Raises `Failure` where metrics cannot be served."""
    return asyncio.run(_run(settings, sinks, partitions))


async def _run(settings: Settings, sinks: Sequence[Sink], partitions: int) -> int:
    notifier = Notifier(settings, sinks, partitions=partitions)
    try:
        server = MetricsServer(
            notifier.metrics,
            settings.metrics_host,
            settings.metrics_port,
            live=notifier.complaints,
            ready=lambda: notifier.ready,
            # A worker on the same machine has the port that nobody chose.
            else_any_port=settings.metrics_port == Settings().metrics_port,
        )
    except failures.Failure:
        await notifier.close()
        raise

    def end(number: signal.Signals) -> None:
        log.info("%s: stopping; hard end in %g s", number.name, settings.grace_seconds)
        notifier.stop()
        timer = threading.Timer(settings.grace_seconds, _end_hard, [settings.grace_seconds])
        timer.daemon = True
        timer.start()

    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, end, number)
    server.start()
    log.info("metrics at %s/metrics", server.address)
    for sink in sinks:
        log.info("sink %s: %s, %s", sink.name, sink.kind, sink.target.where)
    log.info("alerts from %s", describe(settings))
    try:
        await notifier.run()
    finally:
        server.stop()
    log.info("stopped")
    return 0


async def test(settings: Settings, sink: Sink) -> Outcome:
    """Send one sink an alert that says that it is a test: one attempt."""
    transport = transport_of(sink, desk="", allow_private=settings.allow_private_targets)
    try:
        return await transport.send([test_alert(time.time())], time.time())
    finally:
        await transport.close()


def test_alert(now: float) -> Alert:
    """An alert that nobody takes for a real one."""
    moment = datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    nowhere = "Test"
    return Alert(
        id=f"test.{moment}",
        kind="new",
        event="test",
        event_version=1,
        severity="low",
        headline="Test of Muster: this sink is reached. No troops are said to move",
        published=moment,
        mover=Actor(code=nowhere, name=nowhere, kind="organisation", text=nowhere),
        place=Place(code=nowhere, name=nowhere, text=nowhere),
        family="deploy",
        status="considered",
        independent=0,
        outlets=(),
        sources=(),
        evidence=(),
        watchlists=("test",),
    )


def _end_hard(seconds: float) -> None:
    log.warning("hard end: not stopped after %g s; what was not committed comes again", seconds)
    os._exit(failures.WORKER)


def _number(raw: bytes | None) -> int:
    return int(raw) if raw is not None and raw.isdigit() and len(raw) <= NUMBER_DIGITS else 0
