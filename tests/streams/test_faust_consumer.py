"""How a message is handed on to its stage: at once where that can be, in a race with the end of the flow where it waits."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.consumer.subscription_state import TopicPartitionState
from mode.utils.locks import Event

from streams.faust_consumer import _Consumer


def consumer() -> Any:
    """As much of one as hands on messages."""
    made = object.__new__(_Consumer)
    made._loop = None
    made._stopped, made._crashed, made.suspend_flow = Event(), Event(), Event()
    return made


def race(made: Any, handing_on: Coroutine[Any, Any, Any]) -> Coroutine[Any, Any, Any]:
    result: Coroutine[Any, Any, Any] = made.wait_first(handing_on, made.suspend_flow.wait())
    return result


def test_what_can_be_handed_on_at_once_takes_no_turn_of_the_event_loop() -> None:
    done = []

    async def hand_on() -> None:
        done.append("handed on")

    async def go() -> None:
        made = consumer()
        loop = asyncio.get_running_loop()
        loop.call_soon(done.append, "a turn")
        for _ in range(3):
            await race(made, hand_on())
        assert done == ["handed on"] * 3

    asyncio.run(go())


def test_what_waits_is_handed_on_when_there_is_room() -> None:
    async def go() -> None:
        made = consumer()
        queue: asyncio.Queue[int] = asyncio.Queue(1)
        results = []

        async def hand_on(number: int) -> None:
            await queue.put(number)
            await asyncio.sleep(0)
            results.append(number)

        await race(made, hand_on(1))
        waiting = asyncio.ensure_future(race(made, hand_on(2)))
        await asyncio.sleep(0.01)
        assert (results, waiting.done()) == ([1], False)
        assert queue.get_nowait() == 1
        await asyncio.wait_for(waiting, 10)
        assert (results, queue.get_nowait()) == ([1, 2], 2)

    asyncio.run(go())


def test_what_waits_does_not_hold_a_rebalance_up() -> None:
    async def go() -> None:
        made = consumer()
        queue: asyncio.Queue[int] = asyncio.Queue(1)
        await race(made, queue.put(1))
        waiting = asyncio.ensure_future(race(made, queue.put(2)))
        await asyncio.sleep(0.01)
        made.suspend_flow.set()
        await asyncio.wait_for(waiting, 10)
        await asyncio.sleep(0.01)
        assert queue.get_nowait() == 1
        assert queue.empty()

    asyncio.run(go())


def test_what_only_lets_the_event_loop_turn_is_handed_on_as_well() -> None:
    done = []

    async def hand_on() -> None:
        await asyncio.sleep(0)
        done.append("handed on")

    async def go() -> None:
        await asyncio.wait_for(race(consumer(), hand_on()), 10)

    asyncio.run(go())
    assert done == ["handed on"]


@pytest.mark.parametrize("waits", [False, True])
def test_what_goes_wrong_while_it_is_handed_on_is_told(waits: bool) -> None:
    async def hand_on() -> None:
        if waits:
            await asyncio.sleep(0.01)
        raise ValueError("it cannot be read")

    async def go() -> None:
        with pytest.raises(ValueError, match="it cannot be read"):
            await race(consumer(), hand_on())

    asyncio.run(go())


def test_an_error_of_what_it_waits_for_comes_to_whoever_hands_on() -> None:
    caught = []

    async def go() -> None:
        made = consumer()
        told = asyncio.get_running_loop().create_future()

        async def hand_on() -> None:
            try:
                await told
            except ConnectionError as error:
                caught.append(str(error))

        waiting = asyncio.ensure_future(race(made, hand_on()))
        await asyncio.sleep(0)
        told.set_exception(ConnectionError("the broker is away"))
        await asyncio.wait_for(waiting, 10)

    asyncio.run(go())
    assert caught == ["the broker is away"]


def test_a_partition_that_has_no_position_yet_is_looked_at_later() -> None:
    async def go() -> None:
        made, looked = consumer(), []
        state = TopicPartitionState(None)

        def look(now: float, place: str) -> None:
            looked.append((place, state.position))

        made._thread = SimpleNamespace(verify_event_path=look)
        made.verify_event_path(1.0, "a partition")
        assert looked == []
        state.seek(7)
        made.verify_event_path(1.0, "a partition")
        assert looked == [("a partition", 7)]

    asyncio.run(go())


def test_what_else_goes_wrong_in_a_look_at_a_partition_is_told() -> None:
    def look(now: float, place: str) -> None:
        raise ConnectionError("the broker is away")

    made = consumer()
    made._thread = SimpleNamespace(verify_event_path=look)
    with pytest.raises(ConnectionError, match="the broker is away"):
        made.verify_event_path(1.0, "a partition")


def test_while_the_flow_is_suspended_nothing_is_begun_out_of_turn() -> None:
    begun = []

    async def hand_on() -> None:
        begun.append("begun")

    async def go() -> None:
        made = consumer()
        made.suspend_flow.set()
        waiting = race(made, hand_on())
        waiting.send(None)
        assert not begun
        waiting.close()

    asyncio.run(go())
