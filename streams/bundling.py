"""Collects the messages that go to one partition of a topic that takes bundles, and publishes them together."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from streams.bundles import Inside, sealed
from streams.cloud_events import HEADERS as CLOUD_EVENTS
from streams.loop import Outgoing, Publish
from streams.topics import topic

RECORDS = 64
"""At most so many in one bundle: some milliseconds of work for whoever takes it."""
BYTES = 131_072
"""At most so many of records, but for a record that alone has more. Together with keys and headers far from what a topic takes."""
SHORTEST_SECONDS = 0.02
"""So long a record waits for others at least. At 50 articles/s, all stages in one worker, 5 ms kept 0.72 processors busy and left one
settled story in a hundred later than 179 ms, 20 ms 0.64 and 130 ms."""
LOOK_SECONDS = 0.005
"""So often it is looked whether they may go."""
LONGEST_SECONDS = 0.1
"""So long at most, and only while its stage has further inputs at hand: who is behind may as well wait for a full bundle."""


@dataclass(slots=True)
class _Waiting:
    """What waits for one partition, and since when."""

    began: float
    messages: deque[tuple[Outgoing, asyncio.Future[Any]]] = field(default_factory=deque)


class Bundling:
    """Publishes what goes to one partition of a topic in order, as many records in one message as are there.

    `more` says whether the stage has further inputs at hand, `full` whether it takes none before what waits here is
    confirmed. Both are asked for as long as something waits.
    """

    def __init__(
        self, publish: Publish, more: Callable[[], bool] = lambda: False, full: Callable[[], bool] = lambda: False
    ) -> None:
        self.more = more
        self.full = full
        self._publish = publish
        self._waiting: dict[tuple[str, int], _Waiting] = {}
        self._carrying: asyncio.Task[None] | None = None

    async def publish(self, message: Outgoing) -> asyncio.Future[Any]:
        """As `loop.Publish` has it: what it returns is done when the broker has the message."""
        if message.value is None or not topic(message.topic).bundled:
            return await self._publish(message)
        loop = asyncio.get_running_loop()
        promise = loop.create_future()
        place = (message.topic, message.partition)
        waiting = self._waiting.get(place)
        if waiting is None:
            waiting = self._waiting[place] = _Waiting(loop.time())
        waiting.messages.append((message, promise))
        if self._carrying is None or self._carrying.done():
            self._carrying = loop.create_task(self._carry())
        return promise

    async def _carry(self) -> None:
        """Publish all that waits, until nothing does. One task does, so that the order stays."""
        clock = asyncio.get_running_loop().time
        await asyncio.sleep(0)
        while self._waiting:
            due = [place for place, waiting in self._waiting.items() if self._is_due(waiting, clock())]
            for place in due:
                await self._send(_next_bundle(self._waiting[place].messages))
                if self._waiting[place].messages:
                    self._waiting[place].began = clock()
                else:
                    del self._waiting[place]
            if not due:
                await asyncio.sleep(LOOK_SECONDS)

    def _is_due(self, waiting: _Waiting, now: float) -> bool:
        """Whether a bundle is full, or need not be waited for."""
        if len(waiting.messages) >= RECORDS or self.full():
            return True
        waited = now - waiting.began
        return waited >= LONGEST_SECONDS or (waited >= SHORTEST_SECONDS and not self.more())

    async def _send(self, bundle: Sequence[tuple[Outgoing, asyncio.Future[Any]]]) -> None:
        messages, promises = zip(*bundle, strict=True)
        try:
            sent = await self._publish(_bundle_of(messages))
        except Exception as error:
            _tell(promises, error)
        else:
            sent.add_done_callback(lambda sent: _confirm(sent, promises))


def _bundle_of(messages: Sequence[Outgoing]) -> Outgoing:
    """One message for those of one partition, in their order; it has the key of the first."""
    first, *others = messages
    if not others:
        return first
    # Those of CloudEvents speak of one record, and say nothing that is not in it.
    records = [
        Inside(m.key, m.value, {name: raw for name, raw in m.headers.items() if name not in CLOUD_EVENTS})
        for m in messages
        if m.value is not None
    ]
    return Outgoing(first.topic, first.key, sealed(records), first.partition, {})


def _next_bundle(waiting: deque[tuple[Outgoing, asyncio.Future[Any]]]) -> list[tuple[Outgoing, asyncio.Future[Any]]]:
    """Take what goes into the next bundle: at least one."""
    taken = [waiting.popleft()]
    size = _bytes(taken[0])
    while waiting and len(taken) < RECORDS and size + _bytes(waiting[0]) <= BYTES:
        size += _bytes(waiting[0])
        taken.append(waiting.popleft())
    return taken


def _bytes(one: tuple[Outgoing, asyncio.Future[Any]]) -> int:
    return len(one[0].value or b"")


def _confirm(sent: asyncio.Future[Any], promises: Iterable[asyncio.Future[Any]]) -> None:
    if sent.cancelled():
        _tell(promises, ConnectionAbortedError("the producer was stopped"))
    elif (error := sent.exception()) is not None:
        _tell(promises, error)
    else:
        for promise in promises:
            if not promise.done():
                promise.set_result(sent.result())


def _tell(promises: Iterable[asyncio.Future[Any]], error: BaseException) -> None:
    for promise in promises:
        if not promise.done():
            promise.set_exception(error)
            promise.exception()  # known: a loop that has ended by another one does not ask for it
