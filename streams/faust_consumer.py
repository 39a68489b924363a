"""Faust's consumer of Kafka, but for four things that it does (faust-streaming 0.15.3, aiokafka 0.14.0).

**Where it goes on after a rebalance.** Faust seeks to the committed offsets before it lets messages through again, as a fetch
that was under way may have moved the consumer past messages that it then threw away. But `seek_to_committed` passes over None
and 0, so where nothing is committed yet it seeks nowhere, and what was thrown away is taken for a gap that compaction left: a
new group loses its first articles when a worker joins just as they come in. With a seek that takes 0.6 s, and articles every
10 ms from the moment in which a second worker has joined, one to four were lost in each of twelve runs; from the beginning
none in twelve.

**A seek that the broker does not answer.** Faust takes it for a stop, and stands still in a rebalance that never ends. Here it
fails, which ends the worker.

**A look at a partition that was just assigned.** Every 2.5 s Faust looks whether each partition gets on, and asks aiokafka for its position,
which asserts that there is one. Where the look falls between a rebalance and the first fetch, that ended the worker; there is nothing to
look at yet.

**Four tasks for each message.** So that a rebalance does not wait for a full queue, Faust hands on each message in a race with the end
of the flow: three turns of the event loop, each as long as what all stages of the worker have to do in it. Here there is a race only
where a message cannot be handed on at once. With `faust_stream`, one worker drained 169 and 183 articles/s instead of 149 and 151,
one after the other, as stages that get more at once send fewer messages.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Generator, Mapping
from contextlib import suppress
from functools import partial
from typing import Any

from faust.transport.drivers import aiokafka as driver

SEEK_SHARE = 0.9
"""Of the time that Faust gives a request to the broker, and so a seek."""


async def seek_to_committed_or_beginning(consumer: Any) -> Mapping[Any, int | None]:
    """Move an aiokafka consumer to where each of its partitions is to go on; the committed offsets, None where there is none."""
    committed: Mapping[Any, int | None] = await consumer.seek_to_committed()
    # To seek to 0 would do for most, but retention may have taken what lay there.
    unread = [place for place, offset in committed.items() if not offset]
    if unread:
        await consumer.seek_to_beginning(*unread)
    return committed


class _Thread(driver.AIOKafkaConsumerThread):  # type: ignore[misc]  # Faust has no types that mypy is let to see
    async def seek_to_committed(self) -> Mapping[Any, int | None]:
        consumer = self._ensure_consumer()
        committed: Mapping[Any, int | None] = await self.call_thread(seek_to_committed_or_beginning, consumer)
        return committed


class _Begun:
    """A coroutine that was begun outside of a task, and now waits for something: to be awaited for its rest."""

    def __init__(self, begun: Coroutine[Any, Any, Any], waits_for: Any) -> None:
        self._begun = begun
        self._waits_for = waits_for

    def __await__(self) -> Generator[Any, Any, Any]:
        while True:
            try:
                got = yield self._waits_for
                step = partial(self._begun.send, got)
            except BaseException as error:
                step = partial(self._begun.throw, error)
            try:
                self._waits_for = step()
            except StopIteration as end:
                return end.value


class SeekFailed(Exception):
    """The broker did not say in time where a consumer is to go on."""


class _Consumer(driver.Consumer):  # type: ignore[misc]
    logger = driver.logger  # its lines are Faust's

    async def wait_first(self, *waited: Any, timeout: Any = None) -> Any:  # noqa: ASYNC109 - as Faust has it
        """Faust asks for this with a message that is being handed on, and with the end of the flow."""
        handing_on, *others = waited
        if asyncio.iscoroutine(handing_on) and not self.suspend_flow.is_set():
            try:
                waits_for = handing_on.send(None)
            except BaseException as end:
                for other in others:
                    other.close()
                if isinstance(end, StopIteration):
                    return None
                raise
            waited = (_Begun(handing_on, waits_for), *others)
        return await super().wait_first(*waited, timeout=timeout)

    async def perform_seek(self) -> None:
        # Faust has a limit of its own for this, and takes a seek that it ends for a stop of the whole: the worker would stand
        # still for good, in a rebalance that never ends. So it fails before, which ends the worker; the next one begins anew.
        seconds = self.app.conf.broker_request_timeout * SEEK_SHARE
        try:
            async with asyncio.timeout(seconds):
                await super().perform_seek()
        except TimeoutError:
            raise SeekFailed(f"the broker did not say within {seconds:.0f} s where a consumer is to go on") from None

    def verify_event_path(self, now: float, tp: Any) -> None:
        with suppress(AssertionError):  # it has no position yet
            super().verify_event_path(now, tp)

    def _new_consumer_thread(self) -> _Thread:
        return _Thread(self, loop=self.loop, beacon=self.beacon)


class Transport(driver.Transport):  # type: ignore[misc]
    """Faust's way to Kafka, with our consumers."""

    Consumer = _Consumer
