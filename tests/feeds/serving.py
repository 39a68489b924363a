"""A web server for the tests of feeds, a client, a publisher that keeps what it is given."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from feeds.fetching import Client
from feeds.listing import Feed, Listing
from feeds.polling import Poller
from feeds.state import State
from streams.records import RawArticle, decode

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Answer = str | bytes | int | Mapping[str, Any] | Handler


@dataclass(slots=True)
class Site:
    """A server: what it answers at each path, and what it was asked."""

    answers: dict[str, Answer] = field(default_factory=dict)
    base: str = ""
    asked: list[str] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)
    under_way: int = 0
    most_under_way: int = 0

    async def answer(self, request: web.Request) -> web.StreamResponse:
        path = request.path_qs
        self.asked.append(path)
        self.headers.append(dict(request.headers))
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            found = self.answers.get(path, 404)
            if isinstance(found, int):
                return web.Response(status=found)
            if isinstance(found, str | bytes):
                return web.Response(
                    body=found if isinstance(found, bytes) else found.replace("{base}", self.base).encode()
                )
            if isinstance(found, Mapping):
                return web.Response(**found)
            return await found(request)
        finally:
            self.under_way -= 1


@contextlib.asynccontextmanager
async def serving(answers: dict[str, Answer] | None = None) -> AsyncIterator[Site]:
    """A site on 127.0.0.1 while the block lasts; `{base}` in what it answers is its own address."""
    site = Site(answers or {})
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", site.answer)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    tcp = web.TCPSite(runner, "127.0.0.1", 0)
    await tcp.start()
    site.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield site
    finally:
        await runner.cleanup()


def client(**options: Any) -> Client:
    """A client without delays that may ask this machine."""
    return Client(**{"version": "0.0", "allow_private": True, "delay_seconds": 0.0, "timeout_seconds": 5.0} | options)


@dataclass(slots=True)
class Kept:
    """A publisher that keeps articles and confirms each at once, or, with `holds`, when it is flushed."""

    articles: list[RawArticle] = field(default_factory=list)
    holds: bool = False
    failing: Exception | None = None
    waiting: list[Callable[[], None]] = field(default_factory=list)

    async def send(self, payload: bytes, confirmed: Callable[[], None]) -> str | None:
        if self.failing is not None:
            raise self.failing
        self.articles.append(decode(payload, RawArticle))
        if self.holds:
            self.waiting.append(confirmed)
        else:
            confirmed()
        return None

    async def flush(self) -> None:
        for confirmed in self.waiting:
            confirmed()
        self.waiting.clear()


def feed(address: str, **options: Any) -> Feed:
    return Feed(**{"address": address, "outlet": "Isle Post", "full_text": "feed"} | options)


def poller(*feeds: Feed, publisher: Kept, using: Client, remembered: State | None = None, **options: Any) -> Poller:
    """A poller whose pages are their own text."""
    return Poller(
        Listing(feeds=feeds),
        using,
        publisher,
        State() if remembered is None else remembered,
        **{"prose_of": lambda html: html, "article_bytes": 1_000_000} | options,
    )


__all__ = ["Kept", "Site", "client", "feed", "poller", "serving"]
