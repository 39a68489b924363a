"""Which addresses may be connected to: on the address that a name really stands for, whatever it is called."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from streams.addresses import TargetRefused, connect, public_connector, refusal, refused


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("127.0.0.1", "loopback"), ("127.255.3.4", "loopback"), ("::1", "loopback"),
        ("10.1.2.3", "private"), ("172.31.255.255", "private"), ("192.168.0.1", "private"), ("fd00::1", "private"),
        ("fec0::1", "private"), ("169.254.169.254", "link-local"), ("fe80::1", "link-local"), ("fe80::1%eth0", "link-local"),
        ("0.0.0.0", "unspecified"), ("0.1.2.3", "unspecified"), ("::", "unspecified"),
        ("100.64.0.1", "shared by a provider's customers"), ("100.127.255.255", "shared by a provider's customers"),
        ("224.0.0.1", "multicast"), ("239.255.255.255", "multicast"), ("ff02::1", "multicast"),
        ("240.0.0.1", "reserved"), ("255.255.255.255", "broadcast"), ("192.0.0.8", "for protocols"),
        ("192.0.2.1", "for documentation"), ("198.51.100.7", "for documentation"), ("203.0.113.9", "for documentation"),
        ("2001:db8::1", "for documentation"), ("3fff:fff::1", "for documentation"), ("198.19.0.1", "for benchmarks"),
        ("::ffff:127.0.0.1", "an IPv4 address written as IPv6"), ("::ffff:8.8.8.8", "an IPv4 address written as IPv6"),
        ("64:ff9b::7f00:1", "an IPv4 address behind NAT64"), ("64:ff9b:1::a00:1", "an IPv4 address behind NAT64"),
        ("2002:7f00:1::", "an IPv4 address behind 6to4"), ("2001:0:1::1", "for protocols"), ("192.88.99.1", "a 6to4 relay"),
        ("100::1", "discarded"), ("::127.0.0.1", "reserved"), ("4000::1", "reserved"), ("9000::1", "reserved"),
    ],
)  # fmt: skip
def test_what_is_not_public_is_refused_with_the_reason(address: str, reason: str) -> None:
    assert refused(address) == reason


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.0", "172.32.0.1", "198.20.0.1", "2a00:1450::5",
                "2001:4860:4860::8888", "2606:4700::1111", "3fff:1000::1"],
)  # fmt: skip
def test_what_is_public_may_be_connected_to(address: str) -> None:
    assert refused(address) is None


@given(st.ip_addresses())
def test_nothing_gets_through_that_python_knows_not_to_be_global(address: Any) -> None:
    if not address.is_global or address.is_multicast or address.is_reserved:
        assert refused(address) is not None
    if address.version == 6 and address not in ipaddress.ip_network("2000::/3"):
        assert refused(address) is not None


def test_a_text_that_is_no_address_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"localhost"):
        refused("localhost")


def answers(*addresses: str) -> Callable[..., Any]:
    """A resolver of the system that gives every name these addresses."""

    def getaddrinfo(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        return [
            (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (address, port, 0, 0))
            if ":" in address
            else (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
            for address in addresses
        ]

    return getaddrinfo


async def _asked(host: str, *, allow_private: bool) -> tuple[int, str]:
    """The answer of a server on 127.0.0.1 that is called `host`, and the Host header that it got."""

    async def answer(request: web.Request) -> web.Response:
        return web.Response(text=request.headers["Host"].partition(":")[0])

    application = web.Application()
    application.router.add_get("/", answer)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    try:
        async with (
            aiohttp.ClientSession(connector=public_connector(allow_private=allow_private)) as session,
            session.get(f"http://{host}:{port}/") as got,
        ):
            return got.status, await got.text()
    finally:
        await runner.cleanup()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "innocent.example"])
def test_a_connection_is_judged_by_the_address_it_goes_to(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if host != "127.0.0.1":
        monkeypatch.setattr(socket, "getaddrinfo", answers("127.0.0.1"))

    with pytest.raises(aiohttp.ClientConnectorError) as raised:
        asyncio.run(_asked(host, allow_private=False))
    found = refusal(raised.value)
    assert found is not None
    assert "127.0.0.1" in str(found)
    assert "loopback" in str(found)
    assert asyncio.run(_asked(host, allow_private=True)) == (200, host)


def test_of_several_addresses_only_the_public_ones_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", answers("127.0.0.1", "1.1.1.1"))
    tried = []
    monkeypatch.setattr(socket.socket, "connect", lambda self, place: tried.append(place[0]))

    connect("mixed.example", 25, 1.0, allow_private=False).close()

    assert tried == ["1.1.1.1"]


@pytest.mark.parametrize("address", ["127.0.0.1", "::ffff:127.0.0.1", "64:ff9b::7f00:1"])
def test_a_blocking_connection_is_judged_likewise(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        connect("127.0.0.1", port, 1.0, allow_private=True).close()
        monkeypatch.setattr(socket, "getaddrinfo", answers(address))
        with pytest.raises(TargetRefused, match="MUSTER_ALLOW_PRIVATE_TARGETS"):
            connect("innocent.example", port, 1.0, allow_private=False)
        server.settimeout(0.2)
        server.accept()[0].close()
        with pytest.raises(TimeoutError):
            server.accept()
