"""Getting what an address names, as a polite and cautious guest.

One request at a time for each host, with a delay between two; what its robots.txt forbids is not asked for. A request
ends after a set time whatever the server does, a body after a set number of bytes. Each redirect is judged like an
address of its own, and every connection by the address that it really goes to (`streams.addresses`).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit, urlunsplit

import aiohttp

from feeds.entry import shown
from feeds.inflating import ACCEPTED, Body
from feeds.robots import ALL, BYTES, Robots, read_robots
from feeds.safe_xml import as_text
from feeds.schedule import LONGEST_WAIT, retry_after
from feeds.state import HostRules
from streams.addresses import public_connector, refusal

PRODUCT = "Muster"
REDIRECTS = 5
ROBOTS_SECONDS = 86_400.0
"""How long a robots.txt holds: RFC 9309 asks for at most 24 hours."""
KEPT_ROBOTS = 50_000
"""Characters of a robots.txt that is remembered from one run to the next; longer ones are fetched again."""
CHUNK = 65_536
CONNECT_SECONDS = 15.0
LONGEST_ADDRESS = 2_048
_PASSING = frozenset({408, 421, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524})
"""Answers that may be another one a while later."""
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class Unreachable(Exception):
    """An address that gave nothing that can be used; the message says why.

    `passing`: it may well a while later. `wait_seconds`: how long its server asks to leave it alone. `refused`: our
    own rules forbid the address, or where it redirects to; no server has failed.
    """

    def __init__(
        self, reason: str, *, passing: bool = False, wait_seconds: float | None = None, refused: bool = False
    ) -> None:
        super().__init__(reason)
        self.passing = passing
        self.wait_seconds = wait_seconds
        self.refused = refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back. `body` is decompressed; `cut` says that there was more of it."""

    status: int
    address: str
    """Where it came from in the end."""
    body: bytes = b""
    cut: bool = False
    charset: str | None = None
    media_type: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Host:
    """One at a time: the lock is held while a request is under way, `free` is when the next may begin."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    free: float = 0.0
    closed_until: float = 0.0
    robots: dict[str, tuple[float, Robots]] = field(default_factory=dict)
    """By origin: until when they hold, and the rules."""
    delay_seconds: float = 0.0
    """What its robots.txt asks between two requests."""


class Client:
    """Fetches; used in an `async with` block."""

    def __init__(
        self,
        *,
        version: str,
        allow_private: bool,
        delay_seconds: float = 1.0,
        hosts_at_once: int = 8,
        timeout_seconds: float = 30.0,
        contact: str | None = None,
        robots: dict[str, HostRules] | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`robots`: what is known of hosts from an earlier run, and where what is learnt is put."""
        self.agent = f"{PRODUCT}/{version}" + (f" ({contact})" if contact else "")
        self._allow_private = allow_private
        self._delay = delay_seconds
        self._slots = asyncio.Semaphore(hosts_at_once)
        self._timeout = timeout_seconds
        self._known = {} if robots is None else robots
        self._clock = clock
        self._hosts: dict[str, _Host] = {}
        self._session: Any = None

    async def __aenter__(self) -> Client:
        self._session = aiohttp.ClientSession(
            connector=public_connector(allow_private=self._allow_private, limit=0, limit_per_host=1),
            auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS),
            headers={"User-Agent": self.agent, "Accept-Encoding": ACCEPTED},
        )
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._session.close()

    async def get(self, address: str, *, limit: int, headers: Mapping[str, str] | None = None) -> Reply:
        """What is at `address`, at most `limit` bytes of it. Raises `Unreachable`."""
        seen = [address]
        while True:
            reply = await self._allowed(seen[-1], limit, headers or {})
            if reply.status not in _REDIRECTS:
                return reply
            seen.append(_target(reply))
            if len(seen) > REDIRECTS + 1 or seen[-1] in seen[:-1]:
                raise Unreachable(f"redirected in a circle, or more than {REDIRECTS} times: to {shown(seen[-1])}")

    async def _allowed(self, address: str, limit: int, headers: Mapping[str, str]) -> Reply:
        """One request that the host's robots.txt allows."""
        place, origin = _host_of(address)
        host = self._hosts.setdefault(place, _Host())
        async with host.lock:
            robots = await self._robots(host, origin)
            if not robots.allows(address):
                raise Unreachable(f"{origin}/robots.txt forbids {shown(address)}")
            return await self._one(host, address, limit, headers)

    async def _robots(self, host: _Host, origin: str) -> Robots:
        now = self._clock()
        until, robots = host.robots.get(origin, (0.0, ALL))
        if now < until:
            return robots
        known = self._known.get(origin)
        if known is None or not now - ROBOTS_SECONDS < known.fetched <= now:
            known = HostRules(now, await self._robots_text(host, origin))
            if len(known.text) <= KEPT_ROBOTS:
                self._known[origin] = known
        robots = read_robots(known.text, PRODUCT) if known.text else ALL
        host.robots[origin] = (known.fetched + ROBOTS_SECONDS, robots)
        host.delay_seconds = robots.delay_seconds or 0.0
        return robots

    async def _robots_text(self, host: _Host, origin: str) -> str:
        """The host's robots.txt; empty where it has none. Raises `Unreachable` where that cannot be known now.

        After RFC 9309: 4xx is none, 5xx and silence forbid everything for the time being. Redirects are followed to
        wherever they lead, each connection judged; other hosts' robots.txt is not asked about that.
        """
        address = f"{origin}/robots.txt"
        for _ in range(REDIRECTS + 1):
            try:
                reply = await self._one(host, address, BYTES, {})
            except Unreachable as error:
                if error.passing:
                    raise Unreachable(f"robots.txt: {error}", passing=True, wait_seconds=error.wait_seconds) from None
                if error.__cause__ is not None:
                    raise  # refused, or not to be connected to: so is all of the host
                return ""
            if reply.status not in _REDIRECTS:
                return as_text(reply.body, reply.charset)
            address = _target(reply)
        return ""

    async def _one(self, host: _Host, address: str, limit: int, headers: Mapping[str, str]) -> Reply:
        """One request, when its time has come. The caller holds the host."""
        now = self._clock()
        if now < host.closed_until:
            wait = host.closed_until - now
            raise Unreachable(f"its host asked to wait {wait:,.0f} s more", passing=True, wait_seconds=wait)
        await asyncio.sleep(max(0.0, host.free - now))
        async with self._slots:
            try:
                async with asyncio.timeout(self._timeout):
                    return await self._request(host, address, limit, headers)
            except TimeoutError:
                raise Unreachable(f"no whole answer within {self._timeout:g} s", passing=True) from None
            except (aiohttp.ClientError, OSError, ValueError) as error:
                raise self._failed(error) from error
            finally:
                host.free = self._clock() + max(self._delay, host.delay_seconds)

    async def _request(self, host: _Host, address: str, limit: int, headers: Mapping[str, str]) -> Reply:
        async with self._session.get(address, headers=headers, allow_redirects=False) as response:
            status = response.status
            if status >= 400:
                wait = retry_after(response.headers.get("Retry-After"), self._clock()) if status in _PASSING else None
                if wait is not None:
                    host.closed_until = self._clock() + min(wait, LONGEST_WAIT)
                response.close()
                reason = shown(response.reason or "", 60)
                raise Unreachable(
                    f"the server answers {status} {reason}".rstrip(), passing=status in _PASSING, wait_seconds=wait
                )
            told = {name: response.headers[name] for name in _KEPT if name in response.headers}
            if status == 304 or status in _REDIRECTS:
                response.close()
                return Reply(status=status, address=address, headers=told)
            body = Body(response.headers.get("Content-Encoding", ""), limit)
            async for chunk in response.content.iter_chunked(CHUNK):
                body.take(chunk)
                if body.cut:
                    response.close()
                    break
            return Reply(
                status=status,
                address=address,
                body=body.end(),
                cut=body.cut,
                charset=response.charset,
                media_type=response.content_type.lower(),
                headers=told,
            )

    def _failed(self, error: Exception) -> Unreachable:
        if refused := refusal(error):
            return Unreachable(str(refused), refused=True)
        if isinstance(error, aiohttp.InvalidURL):
            return Unreachable("no address that can be asked")
        # What a server sends wrong may be right next time; what is wrong in an address stays so.
        passing = isinstance(error, aiohttp.ClientError | OSError)
        return Unreachable(shown(str(error), 300) or type(error).__name__, passing=passing)


_KEPT = ("ETag", "Last-Modified", "Cache-Control", "Location", "Retry-After")


def _target(reply: Reply) -> str:
    """Where a redirect leads. Raises `Unreachable` for nowhere that may be asked."""
    location = reply.headers.get("Location", "").strip()
    try:
        target = urljoin(reply.address, location) if location else ""
        parts = urlsplit(target)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host, parts, target = None, urlsplit(""), ""
    if parts.scheme not in ("http", "https") or not host or len(target) > LONGEST_ADDRESS:
        raise Unreachable(f"redirected to {shown(location) or 'nowhere'}, which is no address of http or https")
    # A password that a redirect hands out is not ours to send, and fragments are no part of what is asked for.
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, parts.query, ""))


def _host_of(address: str) -> tuple[str, str]:
    """The host, of a port that is not the usual one with it, whatever the scheme; and the origin of its robots.txt."""
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError as error:
        raise Unreachable(f"no address: {error}") from None
    if parts.scheme not in ("http", "https") or not host:
        raise Unreachable(f"{shown(address)} is no address of http or https")
    origin = f"{parts.scheme}://{f'[{host}]' if ':' in host else host}" + (f":{port}" if port else "")
    return host if port in (None, 80, 443) else f"{host}:{port}", origin
