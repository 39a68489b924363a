"""Alerts as they come: nothing is missed, nothing comes twice, and a reader who does not read holds nobody up."""

from __future__ import annotations

import asyncio
import dataclasses
import socket
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.feed import Progress
from desk.state import ALERTS, Desk, Incoming
from streams.records import Alert, decode
from tests.desk.conftest import alert_messages, event_messages
from tests.desk.serving import DEADLINE_SECONDS, Served, alerts, block, opened, served
from tests.news import publish, report

STREAM = "/api/alerts/stream"


@pytest.fixture(scope="module")
def told(messages: list[Incoming]) -> list[Incoming]:
    """Alerts on two partitions."""
    raw = next(one.value for one in messages if one.topic == ALERTS and one.value is not None)
    alert = decode(raw, Alert)
    made = [dataclasses.replace(alert, id=f"{alert.event}.changed.{number}") for number in range(20)]
    lanes = [*alert_messages(made[:10], partition=0), *alert_messages(made[10:], partition=1)]
    return sorted(lanes, key=lambda message: message.timestamp_ms)


def arrive(desk: Served, messages: list[Incoming]) -> None:
    assert desk.desk.take(messages) == []
    desk.streams.changed()


def test_what_comes_from_now_on_is_sent_as_it_comes(told: list[Incoming]) -> None:
    async def run() -> None:
        desk = Desk()
        desk.take(told[:4])
        async with served(desk) as it, it.client.get(STREAM) as answer:
            assert answer.headers["Content-Type"].startswith("text/event-stream")
            assert await opened(answer) == "0-2.1-2"
            for number in (4, 5, 6):
                arrive(it, [told[number]])
                (one,) = await alerts(answer, 1)
                assert one.data["id"] == told[number].key
            assert one.id == "0-4.1-3"

    asyncio.run(run())


def test_the_first_line_says_when_to_come_back(told: list[Incoming]) -> None:
    async def run() -> None:
        async with served(Desk()) as it, it.client.get(STREAM) as answer:
            assert await answer.content.readuntil(b"\n\n") == b"retry: 2000\n\n"

    asyncio.run(run())


@pytest.mark.parametrize("by_header", [True, False])
def test_who_comes_back_gets_what_he_missed_also_from_a_desk_that_was_started_again(
    told: list[Incoming], by_header: bool
) -> None:
    async def run() -> None:
        desk = Desk()
        desk.take(told[:3])
        async with served(desk) as it, it.client.get(STREAM) as answer:
            await opened(answer)
            arrive(it, told[3:8])
            *_, last = await alerts(answer, 3)
        # Another process: it reads one partition after the other.
        again = Desk()
        for partition in (1, 0):
            again.take([one for one in told if one.partition == partition])
        options = {"headers": {"Last-Event-ID": last.id}} if by_header else {"params": {"last_event_id": last.id}}
        async with served(again) as it, it.client.get(STREAM, **options) as answer:
            assert await opened(answer) == last.id
            missed = await alerts(answer, len(told) - 6)
            assert [one.data["id"] for one in missed] == [one.key for one in told[6:]]
            assert missed[-1].id == "0-10.1-10"

    asyncio.run(run())


@pytest.mark.parametrize("at_once", [1, 3, 10])
def test_who_listens_while_the_topic_is_made_anew_hears_all_of_the_new_one(told: list[Incoming], at_once: int) -> None:
    """Also where it has grown beyond his place before he is told."""
    old = [one for one in told if one.partition == 0][:4]
    new = [dataclasses.replace(one, partition=0) for one in told if one.partition == 1]

    async def run() -> None:
        desk = Desk()
        desk.take(old)
        async with served(desk) as it, it.client.get(STREAM) as answer:
            assert await opened(answer) == "0-4"
            for start in range(0, len(new), at_once):
                arrive(it, new[start : start + at_once])
            heard = await alerts(answer, len(new))
            assert [one.data["id"] for one in heard] == [one.key for one in new]
            assert heard[-1].id == "0-10"

    asyncio.run(run())


@pytest.mark.parametrize("there", [0, 3])
def test_who_comes_back_with_a_place_of_an_earlier_topic_hears_all_of_the_new_one(
    told: list[Incoming], there: int
) -> None:
    async def run() -> None:
        desk = Desk()
        desk.take(told[:there])
        async with (
            served(desk) as it,
            it.client.get(STREAM, headers={"Last-Event-ID": "0-40.1-40.7-40"}) as answer,
        ):
            assert await opened(answer) == "0-0.1-0.7-0"
            arrive(it, told[there:])
            assert [one.data["id"] for one in await alerts(answer, len(told))] == [one.key for one in told]

    asyncio.run(run())


def test_the_id_of_the_list_is_where_a_stream_goes_on(told: list[Incoming]) -> None:
    async def run() -> None:
        desk = Desk()
        desk.take(told[:-3])
        async with served(desk) as it:
            listed = await it.get("/api/alerts")
            desk.take(told[-3:])
            async with it.client.get(STREAM, params={"last_event_id": listed["stream_id"]}) as answer:
                await opened(answer)
                newer = [one.data["id"] for one in await alerts(answer, 3)]
            assert newer == [message.key for message in told[-3:]]

    asyncio.run(run())


@settings(max_examples=30)
@given(cuts=st.lists(st.integers(0, 20), max_size=5), taken=st.lists(st.integers(1, 6), min_size=5, max_size=5))
def test_wherever_it_is_cut_off_each_alert_comes_once(told: list[Incoming], cuts: list[int], taken: list[int]) -> None:
    """Of the state alone: what a reader gets who comes back after every few alerts."""
    desk, position, seen = Desk(), {0: 0, 1: 0}, []
    for cut, some in zip(sorted(cuts), taken, strict=False):
        desk.take(told[len([*desk.told_since({})]) : cut])
        for alert in desk.told_since(position)[:some]:
            position[alert.last[1]] = alert.last[2] + 1
            seen.append(alert.id)
    desk.take(told[len([*desk.told_since({})]) :])
    seen += [alert.id for alert in desk.told_since(position)]

    assert seen == [one.key for one in told]


def test_while_it_catches_up_nothing_is_news(told: list[Incoming]) -> None:
    async def run() -> None:
        async with served(Desk()) as it:
            it.progress = Progress(read=0, of=20, caught_up=False, reason=None)
            async with it.client.get(STREAM) as new, it.client.get(STREAM, params={"last_event_id": "0-9.1-9"}) as old:
                await block(new)
                await block(old)
                arrive(it, told[:16])
                await asyncio.sleep(0)
                arrive(it, told[16:])
                it.progress = Progress(read=20, of=20, caught_up=True, reason=None)
                it.streams.changed()
                assert (await block(new)).id == "0-10.1-10"
                assert (await block(old)).id == "0-9.1-9"
                assert [one.data["id"] for one in await alerts(old, 2)] == [one.key for one in told[18:]]

    asyncio.run(run())


def test_that_events_changed_is_told_now_and_then_and_has_no_id() -> None:
    history = publish([report(), report("b:1", outlet="B"), report("c:1", outlet="C", mover="NOR", to="MLI")])

    async def run() -> None:
        async with served(Desk()) as it, it.client.get(STREAM) as answer:
            await opened(answer)
            began = time.monotonic()
            for message in event_messages(history):
                arrive(it, [message])
                await asyncio.sleep(0.01)
            first, second = await block(answer), await block(answer)
            assert (first.event, first.id, second.event) == ("events", None, "events")
            assert first.data["changed"] + second.data["changed"] == 3
            assert second.data["as_of"] == "2017-06-22T14:05:00Z"
            assert time.monotonic() - began >= 0.45

    asyncio.run(run())


def test_a_heartbeat_comes_where_nothing_else_does() -> None:
    async def run() -> None:
        async with served(Desk(), heartbeat_seconds=0.05) as it, it.client.get(STREAM) as answer:
            await opened(answer)
            assert [(await block(answer)).comment for _ in range(3)] == ["heartbeat"] * 3

    asyncio.run(run())


def test_too_many_readers_are_asked_to_come_back_later() -> None:
    async def run() -> None:
        async with served(Desk(), most=2) as it:
            first, second = await it.client.get(STREAM), await it.client.get(STREAM)
            async with it.client.get(STREAM) as third:
                assert (third.status, third.headers["Retry-After"]) == (503, "5")
                assert "MUSTER_DESK_STREAMS" in (await third.json())["error"]["reason"]
            assert (await it.get("/api/health/live"))["status"] == "alive"
            first.close()
            await until_readers(it, 1)
            async with it.client.get(STREAM) as third:
                assert third.status == 200
            second.close()

    asyncio.run(run())


def test_who_closes_his_stream_leaves_his_place_at_once() -> None:
    """Well before something would be written to him, by which it would be noticed as well."""

    async def run() -> None:
        async with served(Desk(), most=1, heartbeat_seconds=600.0) as it:
            for _ in range(3):
                (await it.client.get(STREAM)).close()
                await until_readers(it, 0)

    asyncio.run(run())


async def until_readers(it: Served, number: int) -> None:
    """Wait until there are so many readers."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while len(it.streams._readers) != number:
        assert time.monotonic() < deadline
        await asyncio.sleep(0.01)


def test_a_reader_who_does_not_read_is_dropped_and_the_others_are_not(told: list[Incoming]) -> None:
    async def run() -> None:
        async with served(Desk(), slow_seconds=0.3) as it:
            with socket.socket() as idle:
                idle.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                port = it.client.port
                assert port is not None
                idle.setblocking(False)
                loop = asyncio.get_running_loop()
                await loop.sock_connect(idle, ("127.0.0.1", port))
                await loop.sock_sendall(idle, b"GET /api/alerts/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
                async with it.client.get(STREAM) as reader:
                    await opened(reader)
                    await until_readers(it, 2)
                    large = dataclasses.replace(decode(told[0].value or b"", Alert), headline="x" * 200_000)
                    many = [dataclasses.replace(large, id=f"large.{number}") for number in range(60)]
                    arrive(it, alert_messages(many))
                    got = await alerts(reader, len(many))
                    assert [one.data["id"] for one in got] == [one.id for one in many]
                    await until_readers(it, 1)

    asyncio.run(run())


def test_at_the_end_of_the_desk_every_stream_ends(told: list[Incoming]) -> None:
    async def run() -> None:
        async with served(Desk()) as it:
            answer = await it.client.get(STREAM)
            await opened(answer)
            it.streams.close()
            assert await asyncio.wait_for(answer.content.read(), DEADLINE_SECONDS) == b""

    asyncio.run(run())
