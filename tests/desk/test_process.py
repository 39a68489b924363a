"""`muster desk` as it is started by whoever uses it, on a real broker."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from desk import feed as feeding
from desk.feed import Feed
from desk.state import EVENTS, Desk, Incoming
from streams import broker as brokers
from streams.administration import create_topics
from streams.commands import failures
from streams.settings import Settings
from tests.desk.processes import CHECKOUT, DEADLINE_SECONDS, Running, publish, started, until


@pytest.mark.broker
def test_it_shows_what_lies_on_the_topics_and_the_same_when_it_is_started_again(
    kafka_settings: Settings, messages: list[Incoming], tmp_path: Path
) -> None:
    *first, last = messages
    unreadable = dataclasses.replace(first[0], key="x", value=b"{}")
    publish(kafka_settings, [*first, unreadable])

    def seen(desk: Running) -> list[Any]:
        until(desk.is_ready, "it has caught up")
        events, alerts, event = (
            desk.get(path)[1]
            for path in ("api/events", "api/alerts", f"api/events/{json.loads(last.value or b'')['event']}")
        )
        return [events, alerts, event]

    with started(kafka_settings, tmp_path) as desk:
        before = seen(desk)
        assert before[0]["total"] == 9
        assert desk.get("api/health/ready")[1]["unreadable"] == 1
        missed = before[1]["stream_id"]
        with urllib.request.urlopen(f"{desk.address}api/alerts/stream", timeout=DEADLINE_SECONDS) as stream:
            assert [stream.readline() for _ in range(3)][2] == f"id: {missed}\n".encode()
            desk.process.send_signal(signal.SIGTERM)
            assert desk.process.wait(DEADLINE_SECONDS) == 0
            assert stream.read() == b"\n", "the stream ends with the desk"
        assert desk.log.read_text().count("cannot be read") == 1
    with started(kafka_settings, tmp_path) as desk:
        assert seen(desk) == before
        publish(kafka_settings, [last])
        url = f"{desk.address}api/alerts/stream?last_event_id={missed}"
        with urllib.request.urlopen(url, timeout=DEADLINE_SECONDS) as stream:
            lines = iter(stream.readline, b"")
            told = next(line for line in lines if line.startswith(b'data: {"id"'))
        assert json.loads(told.removeprefix(b"data: "))["id"] == last.key
        desk.process.send_signal(signal.SIGINT)
        assert desk.process.wait(DEADLINE_SECONDS) == 0


@pytest.mark.broker
def test_without_a_broker_or_topics_it_says_so_until_they_are_there(
    broker: str, messages: list[Incoming], tmp_path: Path
) -> None:
    settings = Settings(broker=broker, topic_prefix=f"test-desk-{os.getpid()}-{time.monotonic_ns()}-", partitions=2)
    with started(settings, tmp_path) as desk:
        until(lambda: "no such topics" in desk.get("api/health/ready")[1].get("reason", ""), "the reason")
        assert desk.get("api/health/ready")[0] == 503
        assert desk.get("api/events")[1]["total"] == 0
        create_topics(settings)
        publish(settings, messages)
        until(desk.is_ready, "it finds the topics by itself")
        until(lambda: desk.get("api/events")[1]["total"] == 9, "all events")


@pytest.mark.broker
def test_while_the_broker_is_away_the_desk_keeps_what_it_has_and_comes_back_by_itself(
    messages: list[Incoming], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeding, "PROBE_SECONDS", 0.2)
    monkeypatch.setattr(feeding, "PROBE_PATIENCE_SECONDS", 0.5)
    monkeypatch.setattr(feeding, "BACK_OFF_SECONDS", (0.2,))
    own = dataclasses.replace(Settings.from_environment(), broker="", topic_prefix="away-", partitions=2)
    events = [message for message in messages if message.topic == EVENTS]

    async def come(condition: Callable[[], object]) -> None:
        async with asyncio.timeout(DEADLINE_SECONDS):
            while not condition():  # noqa: ASYNC110
                await asyncio.sleep(0.05)

    async def run(settings: Settings, running: brokers.RunningBroker) -> None:
        desk, tasks = Desk(), len(asyncio.all_tasks())
        feed = Feed(settings, desk, lambda: None)
        reading = asyncio.create_task(feed.run())
        try:
            await come(lambda: feed.progress.caught_up)
            shown = desk.events
            await asyncio.to_thread(brokers.kill, running)
            await come(lambda: feed.progress.reason)
            assert feed.progress.caught_up, "what was read stays"
            await come(lambda: "no Kafka answers" in (feed.progress.reason or ""))
            assert desk.events == shown > 0
            assert len(asyncio.all_tasks()) <= tasks + 2, "nothing is left of the lost connection"
            await asyncio.to_thread(brokers.resume, own, running, tied=True)
            await come(lambda: feed.progress.reason is None)
            await asyncio.to_thread(publish, settings, [message for message in messages if message.topic != EVENTS])
            await come(lambda: desk.alerts == 16)
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)

    with brokers.temporary_broker(own) as running:
        settings = dataclasses.replace(own, broker=running.bootstrap)
        create_topics(settings)
        publish(settings, events)
        asyncio.run(run(settings, running))


def test_where_others_reach_it_that_is_said(tmp_path: Path) -> None:
    everybody = Settings(broker="127.0.0.1:1", desk_host="0.0.0.0")
    for settings, said in ((everybody, 1), (Settings(broker="127.0.0.1:1"), 0)):
        with started(settings, tmp_path) as desk:
            assert desk.get("api/health/live") == (200, {"status": "alive"})
            assert desk.get("api/health/ready")[0] == 503
            desk.process.send_signal(signal.SIGTERM)
            assert desk.process.wait(DEADLINE_SECONDS) == 0
        assert desk.log.read_text().count("whoever reaches this address reads everything") == said


def ended(settings: Settings) -> tuple[int, str]:
    """Exit code and errors of a `muster desk` that cannot start."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("MUSTER_")}
    done = subprocess.run(
        [sys.executable, "-m", "streams.commands.main", "desk"],
        env={**others, **settings.to_environment()},
        capture_output=True,
        text=True,
        timeout=DEADLINE_SECONDS,
        cwd=CHECKOUT,
        check=False,
    )
    return done.returncode, done.stderr


def test_a_port_that_is_taken_and_a_broker_that_is_not_named_are_told_with_what_to_do() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, told = ended(Settings(broker="127.0.0.1:1", desk_port=port))
    assert (code, "Traceback" in told) == (failures.SETTINGS, False)
    assert f"127.0.0.1:{port}" in told
    assert "MUSTER_DESK_PORT" in told

    code, told = ended(Settings())
    assert (code, "Traceback" in told) == (failures.SETTINGS, False)
    assert "MUSTER_BROKER" in told
