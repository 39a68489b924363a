"""The client against a real server: polite, bounded in bytes and time, and not to be led anywhere."""

from __future__ import annotations

import asyncio
import gzip
import time
from typing import Any

import pytest
from aiohttp import web

from feeds.fetching import REDIRECTS, Client, Reply, Unreachable
from feeds.state import HostRules
from tests.feeds.serving import Answer, client, serving

LIMIT = 1_000_000


def got(answers: dict[str, Answer], path: str = "/", *, limit: int = LIMIT, **options: Any) -> Reply:
    async def run() -> Reply:
        async with serving(answers) as site, client(**options) as using:
            return await using.get(site.base + path, limit=limit)

    return asyncio.run(run())


def failure(answers: dict[str, Answer], path: str = "/", **options: Any) -> Unreachable:
    with pytest.raises(Unreachable) as caught:
        got(answers, path, **options)
    return caught.value


def test_a_reply_comes_with_its_conditions_and_says_who_asked() -> None:
    async def run() -> None:
        async with serving() as site, client(contact="mailto:desk@isle.example") as using:
            site.answers["/"] = {
                "body": gzip.compress("Café".encode()),
                "headers": {"ETag": '"1"', "Content-Encoding": "gzip", "Content-Type": "text/xml; charset=utf-8"},
            }
            reply = await using.get(site.base + "/", limit=LIMIT, headers={"If-None-Match": '"0"'})
            assert (reply.body.decode(), reply.charset, reply.headers["ETag"]) == ("Café", "utf-8", '"1"')
            assert site.headers[-1]["User-Agent"] == "Muster/0.0 (mailto:desk@isle.example)"
            assert site.headers[-1]["If-None-Match"] == '"0"'
            assert site.asked == ["/robots.txt", "/"]
            site.answers["/"] = 304
            assert (await using.get(site.base + "/", limit=LIMIT)).status == 304
            assert site.asked == ["/robots.txt", "/", "/"], "what a host's robots.txt says is remembered"

    asyncio.run(run())


async def drop_by_drop(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    for _ in range(100):
        await response.write(b".")
        await asyncio.sleep(0.2)
    return response


async def without_end(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    while True:
        await response.write(b"x" * 100_000)


async def broken_off(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b"x")
    assert request.transport is not None
    request.transport.close()
    return response


def test_a_server_that_is_slow_in_all_is_given_up_though_bytes_keep_coming() -> None:
    error = failure({"/": drop_by_drop}, timeout_seconds=1)
    assert "no whole answer within 1 s" in str(error)
    assert error.passing


def test_what_has_no_end_is_cut() -> None:
    for answer in (without_end, b"x" * (LIMIT + 1)):
        reply = got({"/": answer})
        assert (len(reply.body), reply.cut) == (LIMIT, True)


@pytest.mark.parametrize(
    ("answer", "reason", "passing"),
    [
        (
            {"body": gzip.compress(bytes(50_000_000)), "headers": {"Content-Encoding": "gzip"}},
            "300 times as many",
            False,
        ),
        ({"body": b"x", "headers": {"Content-Encoding": "br"}}, "compressed as 'br', which was not offered", False),
        ({"body": b"plain text", "headers": {"Content-Encoding": "gzip"}}, "not compressed as it says", False),
        (broken_off, "", True),
        (404, "answers 404 Not Found", False),
        (503, "answers 503", True),
        ({"status": 302, "headers": {"Location": "/"}}, "in a circle", False),
        ({"status": 302, "headers": {"Location": "file:///etc/passwd"}}, "no address of http", False),
        ({"status": 302, "headers": {"Location": "http://[/"}}, "no address of http", False),
        ({"status": 302}, "redirected to nowhere", False),
    ],
)
def test_what_cannot_be_used_says_why(answer: Answer, reason: str, passing: bool) -> None:
    error = failure({"/": answer}, limit=40_000_000)
    assert reason in str(error)
    assert error.passing is passing


def test_redirects_are_followed_five_times_and_no_more() -> None:
    def chain(length: int) -> dict[str, Answer]:
        hops: dict[str, Answer] = {f"/{n}": {"status": 301, "headers": {"Location": f"{n + 1}"}} for n in range(length)}
        return hops | {f"/{length}": "there"}

    assert got(chain(REDIRECTS), "/0").body == b"there"
    assert "more than 5 times" in str(failure(chain(REDIRECTS + 1), "/0"))


def test_loopback_is_refused_where_private_targets_are_by_address_name_redirect_and_robots() -> None:
    async def run() -> None:
        async with serving({"/": "secret"}) as site, client(allow_private=False) as using:
            port = site.base.rpartition(":")[2]
            for host in ("127.0.0.1", "localhost", "[::1]", "2130706433", "0.0.0.0"):
                with pytest.raises(Unreachable, match=r"refused|loopback|Cannot connect|no address"):
                    await using.get(f"http://{host}:{port}/", limit=LIMIT)
            assert site.asked == []

    asyncio.run(run())


def test_a_redirect_to_loopback_is_refused_by_the_same_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first server stands for a public one: its port alone is let through."""
    from streams import addresses

    async def run() -> None:
        async with serving() as public, serving({"/": "secret"}) as inside:
            original = addresses._socket
            public_port = int(public.base.rpartition(":")[2])

            def judged(address: tuple[Any, ...]) -> Any:
                import socket

                return socket.socket(*address[:3]) if address[4][1] == public_port else original(address)

            monkeypatch.setattr(addresses, "_socket", judged)
            for path in ("/", "/robots.txt"):
                public.answers = {path: {"status": 302, "headers": {"Location": inside.base + "/"}}}
                async with client(allow_private=False) as using:
                    with pytest.raises(Unreachable, match="refused as a target: loopback"):
                        await using.get(public.base + "/", limit=LIMIT)
            assert inside.asked == []

    asyncio.run(run())


@pytest.mark.parametrize(
    ("robots", "reason", "asked"),
    [
        ("User-agent: *\nDisallow: /x", "/robots.txt forbids", ["/robots.txt"]),
        ("User-agent: muster\nDisallow: /\nUser-agent: *\nAllow: /", "forbids", ["/robots.txt"]),
        (503, "robots.txt: the server answers 503", ["/robots.txt"]),
        ({"status": 302, "headers": {"Location": "/r"}}, "forbids", ["/robots.txt", "/r"]),
    ],
)
def test_what_robots_txt_forbids_is_not_asked_for(robots: Answer, reason: str, asked: list[str]) -> None:
    async def run() -> None:
        async with (
            serving({"/robots.txt": robots, "/r": "User-agent: *\nDisallow: /", "/x": "x"}) as site,
            client() as using,
        ):
            with pytest.raises(Unreachable, match=reason):
                await using.get(site.base + "/x", limit=LIMIT)
            assert site.asked == asked

    asyncio.run(run())


def test_robots_txt_is_kept_from_run_to_run_for_a_day() -> None:
    async def run() -> None:
        async with serving({"/": "x"}) as site:
            now = time.time()
            known = {site.base: HostRules(now - 80_000, "User-agent: *\nDisallow: /")}
            async with client(robots=known) as using:
                with pytest.raises(Unreachable, match="forbids"):
                    await using.get(site.base + "/", limit=LIMIT)
            known[site.base].fetched = now - 90_000
            async with client(robots=known) as using:
                await using.get(site.base + "/", limit=LIMIT)
            assert known[site.base].text == ""
            assert site.asked == ["/robots.txt", "/"]

    asyncio.run(run())


def test_one_host_is_asked_one_thing_at_a_time_with_the_delay_it_wants() -> None:
    async def slowly(request: web.Request) -> web.StreamResponse:
        del request
        await asyncio.sleep(0.02)
        return web.Response(text="x")

    async def run() -> None:
        robots = "User-agent: *\nCrawl-delay: 0.1"
        async with serving({"/robots.txt": robots, **{f"/{n}": slowly for n in range(4)}}) as site, client() as using:
            started = time.monotonic()
            await asyncio.gather(*(using.get(f"{site.base}/{n}", limit=LIMIT) for n in range(4)))
            assert site.most_under_way == 1
            assert time.monotonic() - started >= 3 * 0.1

    asyncio.run(run())


def test_hosts_are_asked_beside_each_other_up_to_the_cap() -> None:
    under_way = most = 0

    async def slowly(request: web.Request) -> web.StreamResponse:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.05)
        under_way -= 1
        return web.Response(text="x")

    async def run(cap: int) -> None:
        nonlocal most
        most = 0
        async with (
            serving({"/": slowly}) as one,
            serving({"/": slowly}) as two,
            serving({"/": slowly}) as three,
            Client(version="0", allow_private=True, delay_seconds=0, hosts_at_once=cap) as using,
        ):
            await asyncio.gather(*(using.get(site.base + "/", limit=LIMIT) for site in (one, two, three)))
        assert most == cap

    asyncio.run(run(1))
    asyncio.run(run(3))


def test_a_host_that_asks_to_wait_is_left_alone() -> None:
    async def run() -> None:
        async with (
            serving({"/": {"status": 429, "headers": {"Retry-After": "600"}}, "/b": "x"}) as site,
            client() as using,
        ):
            for path in ("/", "/b"):
                with pytest.raises(Unreachable) as caught:
                    await using.get(site.base + path, limit=LIMIT)
                assert caught.value.passing
                assert 590 < (caught.value.wait_seconds or 0) <= 600
            assert site.asked == ["/robots.txt", "/"]

    asyncio.run(run())


@pytest.mark.parametrize(
    "address", ["http://", "ftp://isle.example/", "http://a:99999999/", f"http://{'a' * 300}.example/"]
)
def test_an_address_that_is_none_is_no_defect(address: str) -> None:
    async def run() -> None:
        async with client() as using:
            with pytest.raises(Unreachable):
                await using.get(address, limit=LIMIT)

    asyncio.run(run())
