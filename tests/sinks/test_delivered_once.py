"""Sinks on the real broker: each by itself, each alert once, whatever fails or starts again."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import threading
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from click.testing import CliRunner
from kafka import KafkaProducer

from sinks.configuration import Sink
from sinks.delivery import Pace
from sinks.notify import Notifier
from streams import records
from streams.administration import admin_client
from streams.commands.dead_letters import dead_letters
from streams.handling import partition_of
from streams.kafka_options import kafka_python_options
from streams.reading import read_all
from streams.records import Alert, DeadLetter
from streams.settings import Settings, variable_of
from tests.sinks.given import alert, web_sink
from tests.sinks.receivers import Answer, receiver, until

pytestmark = pytest.mark.broker

PACE = Pace(first=0.02, longest=0.1)


class Process:
    """`muster notify` in a thread, with a pace that tests can wait for."""

    def __init__(self, settings: Settings, sinks: Sequence[Sink], pace: Pace) -> None:
        self._loop = asyncio.new_event_loop()
        self._made = threading.Event()
        self._arguments = (settings, sinks, pace)
        self.notifier: Any = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._made.wait(10)
        until(lambda: self.notifier.ready, "every sink has its partitions")

    def _run(self) -> None:
        async def serve() -> None:
            settings, sinks, pace = self._arguments
            self.notifier = Notifier(settings, sinks, partitions=settings.partitions, pace=pace, watch_seconds=0.1)
            self._made.set()
            await self.notifier.run()

        self._loop.run_until_complete(serve())
        self._loop.close()

    def value(self, name: str, sink: str) -> float:
        return float(self.notifier.metrics.value(f"muster_sink_{name}", sink=sink))

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self.notifier.stop)
        self._thread.join(30)
        assert not self._thread.is_alive()


@contextlib.contextmanager
def notifying(settings: Settings, *sinks: Sink, pace: Pace = PACE) -> Iterator[Process]:
    process = Process(settings, sinks, pace)
    try:
        yield process
    finally:
        process.stop()


@pytest.fixture
def settings(kafka_settings: Settings) -> Settings:
    return dataclasses.replace(kafka_settings, allow_private_targets=True, session_timeout_seconds=6.0)


def publish(settings: Settings, *alerts: Alert | bytes, headers: Sequence[tuple[str, bytes]] = ()) -> None:
    """Alerts onto their topic, all of an event on one partition."""
    producer = KafkaProducer(**kafka_python_options(settings), acks="all")
    try:
        for one in alerts:
            key = one.event if isinstance(one, Alert) else "x"
            producer.send(
                settings.topic_prefix + "alerts.v1",
                key=(one.id if isinstance(one, Alert) else "x").encode(),
                value=records.encode(one) if isinstance(one, Alert) else one,
                headers=list(headers),
                partition=partition_of(key, settings.partitions),
            ).get(30)
    finally:
        producer.close(timeout=5)


def numbered(count: int, start: int = 0, **changes: Any) -> list[Alert]:
    return [alert(f"E{number}.new", event=f"E{number}", **changes) for number in range(start, start + count)]


def letters(settings: Settings) -> list[DeadLetter]:
    return [records.decode(record.value, DeadLetter) for record in read_all(settings, "dead-letters.v1")]


def test_a_dead_receiver_holds_up_nobody_and_gets_its_own_when_it_is_back(settings: Settings) -> None:
    with receiver() as living, receiver(always=Answer(503)) as dead:
        sinks = [web_sink(living.url, "living"), web_sink(dead.url, "dead")]
        with notifying(settings, *sinks) as process:
            publish(settings, *numbered(5))
            until(lambda: len(living.ids) == 5, "the living sink has all")
            until(lambda: len(dead.requests) > 3, "the dead one is tried again and again")
            assert dead.ids == []
            until(lambda: process.value("lag", "dead") == 5, "its lag is told")
            until(lambda: process.value("lag", "living") == 0, "the other has none")
            until(lambda: process.value("oldest_waiting_seconds", "dead") > 0, "how long they wait")
            assert process.value("retries_total", "dead") >= 3
            dead.always = Answer()
            until(lambda: len(dead.ids) == 5, "the dead one has all when it is back")
        assert sorted(dead.ids) == sorted(living.ids) == [f"E{number}.new" for number in range(5)]
        assert letters(settings) == []


def test_a_restart_delivers_nothing_twice_and_forgets_nothing(settings: Settings) -> None:
    with receiver() as desk:
        sink = web_sink(desk.url)
        with notifying(settings, sink):
            publish(settings, *numbered(4))
            until(lambda: len(desk.ids) == 4, "four alerts")
        publish(settings, *numbered(3), *numbered(3, start=4))  # three are told once more, as after a crash of a worker
        with notifying(settings, sink) as process:
            until(lambda: len(desk.ids) == 7, "the three new ones")
            publish(settings, *numbered(7), *numbered(1, start=7))
            until(lambda: "E7.new" in desk.ids, "another one")
            until(lambda: process.value("lag", "desk") == 0, "nothing waits")
    assert sorted(desk.ids) == [f"E{number}.new" for number in range(8)]


def test_a_new_sink_begins_at_the_end_and_remembers_where(settings: Settings) -> None:
    publish(settings, *numbered(3))
    with receiver() as desk:
        sink = web_sink(desk.url, start="end")
        with notifying(settings, sink):
            pass
        publish(settings, *numbered(2, start=3))
        with notifying(settings, sink):
            until(lambda: len(desk.ids) == 2, "what came while it was stopped")
            # Told before it began, but never to this sink: for a further watchlist.
            publish(settings, *numbered(1, watchlists=("all", "further")))
            until(lambda: len(desk.ids) == 3, "what was told before the sink began, and comes again")
    assert sorted(desk.ids) == ["E0.new", "E3.new", "E4.new"]


def test_two_processes_share_a_sink_and_take_over_from_each_other(settings: Settings) -> None:
    with receiver() as desk:
        sink = web_sink(desk.url)
        with notifying(settings, sink):
            publish(settings, *numbered(6))
            until(lambda: len(desk.ids) == 6, "six alerts")
            with notifying(settings, sink):
                publish(settings, *numbered(12))
                until(lambda: len(set(desk.ids)) == 12, "twelve")
            publish(settings, *numbered(18))
            until(lambda: len(set(desk.ids)) == 18, "eighteen")
    assert sorted(desk.ids) == sorted(f"E{number}.new" for number in range(18))


def test_neither_a_rebalance_nor_an_end_waits_for_a_pause(settings: Settings) -> None:
    patient = Pace(first=1e6, longest=1e6)
    with receiver(always=Answer(503)) as desk:
        sink = web_sink(desk.url, retry_minutes=1e9)
        with notifying(settings, sink, pace=patient):
            publish(settings, *numbered(6))
            until(lambda: len(desk.requests) == 1, "a first attempt")
            with notifying(settings, sink, pace=patient):
                until(lambda: len(desk.requests) > 1, "another attempt after the rebalance")
        # Both have ended, in the middle of their pauses.
        desk.always = Answer()
        with notifying(settings, sink):
            until(lambda: len(desk.ids) == 6, "all")
    assert sorted(desk.ids) == [f"E{number}.new" for number in range(6)]


def test_what_is_refused_or_never_taken_becomes_a_dead_letter_and_its_replay_is_for_that_sink(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("broker", "topic_prefix", "partitions"):
        monkeypatch.setenv(variable_of(name), str(getattr(settings, name)))
    with receiver() as other, receiver(answers=[Answer(403, text="bad token\nfor desk")]) as desk:
        sinks = [web_sink(desk.url), web_sink(other.url, "other")]
        with notifying(settings, *sinks) as process:
            publish(settings, *numbered(1))
            until(lambda: process.value("failed_total", "desk") == 1, "the refused alert")
            publish(settings, *numbered(1, start=1), b"{}")
            until(lambda: len(other.ids) == 2 and desk.ids == ["E1.new"], "delivery goes on")
            until(lambda: len(letters(settings)) == 3, "the letters")
            found = {(letter.stage, letter.error): letter for letter in letters(settings)}
            assert set(found) == {
                ("sink:desk", "Undelivered"), ("sink:desk", "InvalidRecord"), ("sink:other", "InvalidRecord"),
            }  # fmt: skip
            assert found["sink:desk", "Undelivered"].message == "HTTP 403: bad token for desk"
            place = found["sink:desk", "Undelivered"]
            for _ in range(2):  # the second replay of one letter doubles nothing
                result = CliRunner().invoke(
                    dead_letters, ["replay", f"{place.topic}/{place.partition}/{place.offset}"], catch_exceptions=False
                )
                assert result.exit_code == 0
            publish(settings, *numbered(1, start=2))
            until(lambda: len(desk.ids) == 3 and len(other.ids) == 3, "the replay and the next one")
            until(lambda: process.value("lag", "desk") + process.value("lag", "other") == 0, "nothing waits")
        assert sorted(desk.ids) == sorted(other.ids) == ["E0.new", "E1.new", "E2.new"]
        with notifying(settings, *sinks):
            publish(settings, *numbered(1, start=3))
            until(lambda: "E3.new" in desk.ids and "E3.new" in other.ids, "a restart")
        assert sorted(desk.ids) == sorted(other.ids) == ["E0.new", "E1.new", "E2.new", "E3.new"]


def test_a_replay_that_fails_again_is_a_letter_with_one_attempt_more(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("broker", "topic_prefix", "partitions"):
        monkeypatch.setenv(variable_of(name), str(getattr(settings, name)))
    with receiver(always=Answer(500)) as desk, notifying(settings, web_sink(desk.url, retry_minutes=0.002)):
        publish(settings, *numbered(1))
        until(lambda: len(letters(settings)) == 1, "the budget is spent")
        assert letters(settings)[0].message.startswith("HTTP 500, after ")
        replayed = CliRunner().invoke(dead_letters, ["replay", "--stage", "sink:desk"])
        assert (replayed.exit_code, "1 replayed; the list keeps them" in replayed.output) == (0, True)
        until(lambda: len(letters(settings)) == 2, "once more")
        desk.always = Answer()
        listed = CliRunner().invoke(dead_letters, ["list"]).output
        assert "attempt 1, replayed and failed again: " in listed
        again = letters(settings)[1]
        assert again.attempts == 2
        place = f"{again.topic}/{again.partition}/{again.offset}"
        assert CliRunner().invoke(dead_letters, ["replay", place]).exit_code == 0
        until(lambda: desk.ids == ["E0.new"], "delivered at last")


def test_beyond_the_limit_alerts_are_gathered_and_a_restart_neither_doubles_nor_loses_them(settings: Settings) -> None:
    def of(severity: Any, count: int, start: int) -> list[Alert]:
        return [dataclasses.replace(a, event="E", severity=severity) for a in numbered(count, start)]

    with receiver() as desk:
        hourly = web_sink(desk.url, at_most=2, minutes=60.0)
        with notifying(settings, hourly) as process:
            publish(settings, *of("normal", 5, 0), *of("critical", 2, 5), *of("normal", 1, 0), *of("low", 1, 7))
            until(lambda: len(desk.ids) == 4, "two, and the critical ones at once")
            until(lambda: process.value("gathered", "desk") == 4, "the others wait")
        assert desk.ids == ["E0.new", "E1.new", "E5.new", "E6.new"]
        with notifying(settings, hourly) as process:  # the window and what is done beyond the offset are remembered
            until(lambda: process.value("gathered", "desk") == 4, "they wait again")
        assert len(desk.ids) == 4
        with notifying(settings, dataclasses.replace(hourly, minutes=0.02)) as process:  # a window later
            until(lambda: process.value("digests_total", "desk") == 1, "the digest")
            until(lambda: process.value("lag", "desk") == 0, "nothing waits")
            assert process.value("delivered_total", "desk") == 4
        assert desk.ids[4:6] == ["E2.new", "E3.new"]
        assert [one["id"] for one in desk.accepted[6].json()["digest"]] == ["E4.new", "E7.new"]


def test_a_sink_that_chooses_gets_what_it_chose_also_when_a_further_watchlist_wants_it(settings: Settings) -> None:
    with receiver() as desk:
        sink = web_sink(desk.url, watchlists=frozenset({"Asia"}), kinds=frozenset({"new"}), minimum_severity="normal")
        with notifying(settings, sink) as process:
            first = alert("A.new", event="A", watchlists=("all",))
            publish(
                settings, first, dataclasses.replace(first, watchlists=("all", "Asia")),
                alert("B.new", event="A", watchlists=("Asia",), severity="low"),
                alert("C.firmer", event="A", kind="firmer", watchlists=("Asia",)),
                alert("D.new", event="A", watchlists=("Asia",)),
            )  # fmt: skip
            until(lambda: desk.ids == ["A.new", "D.new"], "what was chosen")
            until(lambda: process.value("lag", "desk") == 0, "the rest is done with")


def test_every_sink_has_a_group_of_its_own_that_the_prefix_names(settings: Settings) -> None:
    with receiver() as desk, notifying(settings, web_sink(desk.url, "one"), web_sink(desk.url, "two")):
        with admin_client(settings) as client:
            groups = client.list_group_offsets(
                [f"{settings.topic_prefix}muster-sink-{name}" for name in ("one", "two")]
            )
        assert all(len(offsets) == settings.partitions for offsets in groups.values())
