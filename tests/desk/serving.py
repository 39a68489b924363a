"""A desk served from memory, and what its readers hear."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer

from desk.connections import Runner
from desk.feed import Progress
from desk.server import Serving, create_application
from desk.state import Desk
from desk.stream import Streams

READY = Progress(read=1, of=1, caught_up=True, reason=None)
DEADLINE_SECONDS = 20.0


@dataclass
class Served:
    """A desk that is served; `progress` and `complaints` are what it says of itself."""

    client: TestClient[Any, Any]
    streams: Streams
    desk: Desk
    progress: Progress = READY
    complaints: list[str] = field(default_factory=list)

    async def get(self, path: str, status: int = 200, **options: Any) -> Any:
        """The JSON of an answer that has this status."""
        async with self.client.get(path, **options) as answer:
            told = await answer.json()
            assert answer.status == status, told
            return told


class _Server(TestServer):
    """Connections as those of a desk, not as those that aiohttp has for tests."""

    async def _make_runner(self, **_: Any) -> Runner:
        return Runner(self.app)


@asynccontextmanager
async def served(desk: Desk, host: str = "127.0.0.1", *, names: str = "", **options: Any) -> AsyncIterator[Served]:
    """The desk, served in this process; `options` are those of `Streams`."""
    served: Served
    streams = Streams(desk, lambda: served.progress.caught_up, **{"most": 10, **options})
    serving = Serving(
        desk=desk, streams=streams, progress=lambda: served.progress, complaints=lambda: served.complaints
    )
    async with TestClient(_Server(create_application(serving, host, names))) as client:
        served = Served(client, streams, desk)
        yield served


@dataclass(frozen=True)
class Block:
    """One block of a stream."""

    event: str | None
    id: str | None
    data: Any
    comment: str | None


async def block(answer: ClientResponse) -> Block:
    """The next block of a stream."""
    lines = []
    while (line := (await asyncio.wait_for(answer.content.readuntil(b"\n"), DEADLINE_SECONDS)).decode()) != "\n":
        lines.append(line.rstrip("\n").partition(": ") if not line.startswith(":") else (":", "", line[2:].strip()))
    found = {name: value for name, _, value in lines}
    data = json.loads(found["data"]) if "data" in found else None
    return Block(found.get("event"), found.get("id"), data, found.get(":"))


async def opened(answer: ClientResponse) -> str:
    """The position at which a stream begins."""
    assert answer.status == 200
    await block(answer)
    start = await block(answer)
    assert (start.event, start.data) == (None, None), "an id alone, which no browser shows"
    assert start.id is not None
    return start.id


async def alerts(answer: ClientResponse, number: int) -> list[Block]:
    """The next so many alerts of a stream."""
    found: list[Block] = []
    while len(found) < number:
        one = await block(answer)
        if one.event == "alert":
            found.append(one)
    return found
