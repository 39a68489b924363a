"""Real receivers on loopback, each with an event loop in a thread: what they were sent, and answers as a test says."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiohttp import web

DEADLINE_SECONDS = 20.0


def until(condition: Callable[[], Any], what: str, seconds: float = DEADLINE_SECONDS) -> None:
    """Wait for a condition; fails with `what` if it has not come true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds:.0f} s: {what}"
        time.sleep(0.02)


@dataclass(frozen=True)
class Request:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return orjson.loads(self.body)


@dataclass
class Answer:
    """What a receiver answers, after so many seconds."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    text: str = ""
    after: float = 0.0


@dataclass
class Receiver:
    """A web server; `answers` are given one after the other, `always` after them."""

    url: str = ""
    requests: list[Request] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    always: Answer = field(default_factory=Answer)
    accepted: list[Request] = field(default_factory=list)
    """What was answered with 200."""

    @property
    def ids(self) -> list[str]:
        """The alerts that were accepted, in order."""
        return [request.headers["Idempotency-Key"] for request in self.accepted]

    async def handle(self, request: web.Request) -> web.Response:
        found = Request(request.path, dict(request.headers), await request.read())
        self.requests.append(found)
        answer = self.answers.pop(0) if self.answers else self.always
        if answer.status == 200:
            self.accepted.append(found)
        await asyncio.sleep(answer.after)
        return web.Response(status=answer.status, headers=answer.headers, text=answer.text)


@contextlib.contextmanager
def receiver(**given: Any) -> Iterator[Receiver]:
    """A receiver for as long as the block runs."""
    made = Receiver(**given)
    loop = asyncio.new_event_loop()
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", made.handle)
    runner = web.AppRunner(application, shutdown_timeout=0.1)

    async def start() -> None:
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        made.url = f"http://127.0.0.1:{runner.addresses[0][1]}"

    async def end() -> None:
        await runner.cleanup()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await asyncio.sleep(0)

    loop.run_until_complete(start())
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        asyncio.run_coroutine_threadsafe(end(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
