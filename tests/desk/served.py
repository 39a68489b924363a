"""A desk that serves what a test puts into it: the real state, streams and server, without Kafka."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, TypeVar

from aiohttp import web

from desk.connections import Runner
from desk.feed import Progress
from desk.server import Serving, create_application
from desk.state import Desk, Incoming
from desk.stream import Streams

T = TypeVar("T")
HOST = "127.0.0.1"
CAUGHT_UP = Progress(read=0, of=0, caught_up=True, reason=None)


class ServedDesk:
    """A desk on a port of its own, in a thread of its own. Leave it by `close`."""

    def __init__(self, messages: Iterable[Incoming] = ()) -> None:
        self.progress = CAUGHT_UP
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._runner: Runner | None = None
        self._port = 0
        self.desk = Desk()
        self._streams = Streams(self.desk, lambda: self.progress.caught_up, 20)
        self.take(messages)
        self.start()

    @property
    def address(self) -> str:
        """As http://127.0.0.1:PORT."""
        return f"http://{HOST}:{self._port}"

    def take(self, messages: Iterable[Incoming]) -> None:
        """Let the desk read records, and its readers hear of them."""
        kept = list(messages)

        def take() -> None:
            assert self.desk.take(kept) == []
            self._streams.changed()

        self._call(take)

    def stop(self) -> None:
        """Nothing answers any more, until `start`."""
        if self._runner is not None:
            self._run(self._runner.cleanup())
            self._runner = None

    def start(self) -> None:
        """Serve, at the same port as before if there was one."""
        self._run(self._start())

    async def _start(self) -> None:
        self._streams = Streams(self.desk, lambda: self.progress.caught_up, 20)
        serving = Serving(desk=self.desk, streams=self._streams, progress=lambda: self.progress, complaints=list)
        self._runner = Runner(create_application(serving, HOST), shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, self._port).start()
        self._port = self._runner.addresses[0][1]

    def close(self) -> None:
        """The end of it."""
        self.stop()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(20)

    def _call(self, work: Callable[[], T]) -> T:
        async def call() -> T:
            return work()

        return self._run(call())
