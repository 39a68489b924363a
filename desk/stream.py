"""Alerts as they come, as server-sent events. A reader who comes back names the last id that he saw, and misses nothing.

Nothing is queued for a reader: each one has a position, and takes from the state what has come since.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import orjson

from desk import position as positions
from desk.state import Desk

HEARTBEAT_SECONDS = 15.0
"""Below the minute after which proxies hang up."""
EVENTS_EVERY_SECONDS = 0.5
SLOW_SECONDS = 20.0
"""How long a reader may take nothing of what waits for him."""
RETRY_MS = 2000
RETRY_AFTER_SECONDS = 5
"""When to ask again where there are too many readers."""


class TooManyStreams(Exception):
    """As many readers are connected as may be."""


class ReaderTooSlow(Exception):
    """The reader does not read."""


@dataclass(slots=True)
class Streams:
    """All readers of one desk. `is_ready` says whether the state has caught up: what comes before is no news."""

    desk: Desk
    is_ready: Callable[[], bool]
    most: int
    heartbeat_seconds: float = HEARTBEAT_SECONDS
    slow_seconds: float = SLOW_SECONDS
    _readers: set[asyncio.Event] = field(default_factory=set)
    _closing: bool = False

    def changed(self) -> None:
        """Tell every reader to look at the state."""
        for reader in self._readers:
            reader.set()

    def close(self) -> None:
        """End every stream."""
        self._closing = True
        self.changed()

    @contextmanager
    def reader(self) -> Iterator[asyncio.Event]:
        """A place among the readers, and what wakes it. Raises `TooManyStreams`."""
        if len(self._readers) >= self.most:
            raise TooManyStreams
        wakes = asyncio.Event()
        self._readers.add(wakes)
        try:
            yield wakes
        finally:
            self._readers.discard(wakes)

    async def serve(
        self, wakes: asyncio.Event, write: Callable[[bytes], Awaitable[None]], since: dict[int, int] | None
    ) -> None:
        """Write the stream until it is closed: from a position on, or from now. Raises `ReaderTooSlow`."""
        async for block in self._blocks(wakes, since):
            try:
                # Not `wait_for`, which forgets that he has gone if a write ends in the same moment.
                async with asyncio.timeout(self.slow_seconds):
                    await write(block)
            except TimeoutError:
                raise ReaderTooSlow from None

    async def _blocks(self, wakes: asyncio.Event, since: dict[int, int] | None) -> AsyncIterator[bytes]:
        yield b"retry: %d\n\n" % RETRY_MS
        position: dict[int, int] | None = None
        lives: dict[int, int] = {}
        changes, told_changes = self.desk.changes, 0.0
        heard = time.monotonic()
        while not self._closing:
            wakes.clear()
            if self.is_ready():
                if position is None or lives != self.desk.lives:
                    if position is None:
                        position = dict(self.desk.position) if since is None else self.desk.reached(since)
                    else:
                        position |= {lane: 0 for lane, life in self.desk.lives.items() if life != lives.get(lane, 0)}
                    lives = dict(self.desk.lives)
                    # Whoever hears nothing before he is cut off shall come back to this place all the same.
                    yield b"id: %s\n\n" % positions.to_text(position).encode()
                for alert in self.desk.told_since(position):
                    _, partition, offset = alert.last
                    position[partition] = offset + 1
                    yield _block("alert", alert.encoded, positions.to_text(position))
                    heard = time.monotonic()
            now = time.monotonic()
            if self.desk.changes != changes and now - told_changes >= EVENTS_EVERY_SECONDS:
                changed = {"changed": self.desk.changes - changes, "as_of": self.desk.as_of}
                changes, told_changes = self.desk.changes, now
                yield _block("events", orjson.dumps(changed))
                heard = time.monotonic()
            if now - heard >= self.heartbeat_seconds:
                yield b": heartbeat\n\n"
                heard = time.monotonic()
            wait = heard + self.heartbeat_seconds - now
            if self.desk.changes != changes:
                wait = min(wait, told_changes + EVENTS_EVERY_SECONDS - now)
            try:
                async with asyncio.timeout(max(wait, 0.0)):
                    await wakes.wait()
            except TimeoutError:
                continue


def _block(event: str, data: bytes, id: str | None = None) -> bytes:
    """One event of the stream. JSON has no line breaks."""
    named = b"" if id is None else b"id: %s\n" % id.encode()
    return b"%sevent: %s\ndata: %s\n\n" % (named, event.encode(), data)
