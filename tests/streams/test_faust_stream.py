"""Events that are at hand come without a turn of the event loop, and otherwise as Faust's own iterator gives them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from mode.utils.queues import FlowControlEvent, ThrowableQueue

from streams.faust_stream import events
from tests.streams.memory import with_turns

GENERATION = 3


@dataclass
class Stream:
    """As much of a Faust stream as is needed: the first event comes from its iterator, the others lie in its queue."""

    first: list[Any]
    flow: FlowControlEvent = field(default_factory=lambda: FlowControlEvent(initially_suspended=False))
    tracked: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.channel = SimpleNamespace(queue=ThrowableQueue(flow_control=self.flow))
        self.app = SimpleNamespace(
            flow_control=self.flow,
            consumer_generation_id=GENERATION,
            consumer=SimpleNamespace(track_message=lambda message: self.tracked.append(message.offset)),
        )

    def noack(self) -> Stream:
        return self

    async def events(self) -> AsyncIterator[Any]:
        for one in self.first:
            await asyncio.sleep(0)
            yield one


def event(offset: int, generation: int = GENERATION, *, tracked: bool = False) -> Any:
    return SimpleNamespace(message=SimpleNamespace(offset=offset, generation_id=generation, tracked=tracked))


async def offsets(stream: Stream) -> list[int]:
    return [one.message.offset async for one in events(stream)]


def test_what_lies_in_the_queue_comes_in_order_and_without_a_turn_of_the_event_loop() -> None:
    async def go() -> None:
        stream = Stream([event(0, tracked=True), event(8, tracked=True)])
        for offset in range(1, 8):
            stream.channel.queue.put_nowait(event(offset))
        found, turns = await with_turns(offsets(stream))
        assert found == list(range(9))
        assert turns <= 4
        assert stream.tracked == list(range(1, 8))

    asyncio.run(go())


def test_what_is_from_before_a_rebalance_is_dropped() -> None:
    async def go() -> None:
        stream = Stream([event(0)])
        for offset, generation in ((1, GENERATION - 1), (2, GENERATION), (3, GENERATION + 1), (4, GENERATION)):
            stream.channel.queue.put_nowait(event(offset, generation))
        assert await offsets(stream) == [0, 2, 4]
        assert stream.tracked == [2, 4]

    asyncio.run(go())


def test_nothing_is_given_while_the_flow_is_suspended() -> None:
    async def go() -> None:
        stream = Stream([event(0)])
        for offset in (1, 2, 3):
            stream.channel.queue.put_nowait(event(offset))
        found = []
        async for one in events(stream):
            found.append(one.message.offset)
            if one.message.offset == 1:
                stream.flow.suspend()
        assert found == [0, 1]
        assert stream.tracked == [1]

    asyncio.run(go())


def test_an_error_that_was_thrown_into_the_queue_is_raised() -> None:
    async def go() -> None:
        stream = Stream([event(0)])
        await stream.channel.queue.throw(ConnectionError("thrown"))
        with pytest.raises(ConnectionError, match="thrown"):
            await offsets(stream)

    asyncio.run(go())


def test_a_message_that_faust_has_noted_already_is_not_noted_again() -> None:
    async def go() -> None:
        stream = Stream([event(0)])
        stream.channel.queue.put_nowait(event(1, tracked=True))
        assert await offsets(stream) == [0, 1]
        assert stream.tracked == []

    asyncio.run(go())
