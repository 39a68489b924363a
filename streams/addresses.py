"""Which addresses a connection of ours may go to, checked on the address that is really connected to.

Feeds and sinks connect to hosts that somebody names. A name may stand for an address inside of our own network, and may
stand for another one a moment after it was looked at; so it is resolved once and what was judged is what is connected
to, while `Host`, SNI and the certificate's check keep the name. Redirects are not for this module to see: whoever makes
a request must not follow them, or must come back here with each.
"""

from __future__ import annotations

import ipaddress
import socket
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class TargetRefused(OSError):
    """A target whose address is refused; the message names host, address and reason."""


def refused(address: str | Address) -> str | None:
    """Why a connection to that address is refused ("private", "loopback"); None if it may be made.

    Raises ValueError for a text that is no address.
    """
    if isinstance(address, str):
        address = ipaddress.ip_address(address)
    if isinstance(address, ipaddress.IPv6Address) and address.scope_id is not None:
        address = ipaddress.IPv6Address(int(address))
    return next((reason for network, reason in _networks() if address in network), None)


def public_connector(*, allow_private: bool, **options: Any) -> aiohttp.TCPConnector:
    """aiohttp's connector that refuses such addresses, unless `allow_private`; `options` are the connector's own.

    What is refused raises aiohttp's ClientConnectorError; `refusal` finds the reason in it. Needs a running event loop.
    """
    if allow_private:
        return aiohttp.TCPConnector(**options)
    return aiohttp.TCPConnector(resolver=PublicResolver(), socket_factory=_socket, **options)


class PublicResolver(AbstractResolver):
    """Resolves names to those of their addresses that are not refused. Raises `TargetRefused` where none is left."""

    def __init__(self) -> None:
        self._resolver = aiohttp.ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await self._resolver.resolve(host, port, family)
        kept = [one for one in found if refused(one["host"]) is None]
        if found and not kept:
            raise _refusal(host, found[0]["host"])
        return kept

    async def close(self) -> None:
        await self._resolver.close()


def connect(host: str, port: int, seconds: float, *, allow_private: bool) -> socket.socket:
    """A blocking connection to one of the host's addresses, for clients that are not aiohttp. Raises `TargetRefused`
    where all are refused, another OSError where none answers; `seconds` holds for each attempt and for the socket after it.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    kept = [one for one in found if allow_private or refused(str(one[4][0])) is None]
    if found and not kept:
        raise _refusal(host, str(found[0][4][0]))
    failure: OSError = OSError(f"{host} has no address")
    for family, kind, protocol, _, place in kept:
        connection = socket.socket(family, kind, protocol)
        connection.settimeout(seconds)
        try:
            connection.connect(place)
        except OSError as error:
            connection.close()
            failure = error
        else:
            return connection
    raise failure


def refusal(error: BaseException | None) -> TargetRefused | None:
    """The refusal that led to an error of aiohttp's, None where it is of another kind."""
    while error is not None:
        if isinstance(error, TargetRefused):
            return error
        error = error.__cause__ or error.__context__
    return None


def _refusal(host: str, address: str) -> TargetRefused:
    where = address if host == address else f"{host} ({address})"
    return TargetRefused(
        f"{where} is refused as a target: {refused(address)}; MUSTER_ALLOW_PRIVATE_TARGETS=true allows it"
    )


def _socket(address: tuple[Any, ...]) -> socket.socket:
    """The socket of a connection that is about to be made: the last word, also on hosts that are no names."""
    family, kind, protocol, _, place = address
    if refused(place[0]) is not None:
        raise _refusal(place[0], place[0])
    return socket.socket(family, kind, protocol)


@cache
def _networks() -> tuple[tuple[Network, str], ...]:
    table = tomllib.loads(files("streams").joinpath("refused_networks.toml").read_text(encoding="utf-8"))
    return tuple((ipaddress.ip_network(network), reason) for network, reason in table["networks"])
