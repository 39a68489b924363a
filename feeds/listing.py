"""FEEDS.toml: which feeds are read, and how. What is wrong in it is told with its line and key."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from streams.toml_lines import loads

FullText = Literal["page", "feed"]
FULL_TEXT: tuple[FullText, ...] = ("page", "feed")
SHORTEST_INTERVAL = 1.0
"""Minutes. A feed that is worth asking more often has another way to tell its news."""
_SERVICE = re.compile(r"^(?:www|feeds?|rss)\d*\.(?=[^.]+\.)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One feed of the list."""

    address: str
    outlet: str
    """Who publishes it: as the list says, otherwise the host of its address. Never what the feed calls itself."""
    interval_minutes: float = 15.0
    full_text: FullText = "page"
    """"page": the article's page is fetched for its text; "feed": the feed's own text is taken."""
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A list of feeds, and how hosts are treated."""

    feeds: tuple[Feed, ...] = field(default=())
    delay_seconds: float = 1.0
    """Between two requests to one host; longer where its robots.txt says so."""
    hosts_at_once: int = 8
    timeout_seconds: float = 30.0
    """For one request with its whole reply."""
    contact: str | None = None
    """Address or mail for whoever runs a host and wonders; sent with the name of the program."""


class ListingError(ValueError):
    """A list that cannot be used; the message names file, line and key."""


@dataclass(frozen=True, slots=True)
class _Key:
    kind: type | tuple[type, ...]
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    longest: int = 2_048
    pattern: str = ""


_INTERVAL = _Key((int, float), SHORTEST_INTERVAL, 1_440)
_FEED_KEYS = {
    "address": _Key(str),
    "outlet": _Key(str, longest=200, pattern=r"\w"),
    "interval_minutes": _INTERVAL,
    "full_text": _Key(str, choices=FULL_TEXT),
    "language": _Key(str, pattern=r"^[A-Za-z0-9]{1,8}(?:-[A-Za-z0-9]{1,8}){0,3}$"),
}
_POLLING_KEYS = {
    "interval_minutes": _INTERVAL,
    "full_text": _Key(str, choices=FULL_TEXT),
    "delay_seconds": _Key((int, float), 0, 600),
    "hosts_at_once": _Key(int, 1, 256),
    "timeout_seconds": _Key((int, float), 1, 600),
    "contact": _Key(str),
}


def read_listing(path: str) -> Listing:
    """The list in the file at `path`. Raises `ListingError`."""
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ListingError(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ListingError(f"{path}: not UTF-8 text") from None
    try:
        value = loads(text)
    except ValueError as error:
        raise ListingError(f"{path}: {error}") from None
    return _listing(value, _Place(path, text))


def listing_of(addresses: Iterable[str], outlet: str | None = None) -> Listing:
    """The list of feeds that were named one by one. Raises `ListingError`."""
    feeds = []
    for address in dict.fromkeys(addresses):
        if wrong := _wrong_address(address):
            raise ListingError(f"{address}: {wrong}")
        feeds.append(Feed(address=address, outlet=outlet or _host(address)))
    return Listing(feeds=tuple(feeds))


class _Place:
    """Says where in the file a key stands: tomllib tells lines of its own errors only."""

    def __init__(self, path: str, text: str) -> None:
        self._path = path
        self._lines = text.splitlines()

    def error(self, table: str, index: int, key: str, reason: str) -> ListingError:
        named = f"{key}: " if key else ""
        return ListingError(f"{self._path}:{self._line(table, index, key)}: {named}{reason}")

    def _line(self, table: str, index: int, key: str) -> int:
        header = re.compile(rf"\s*\[\[?\s*{re.escape(table)}\s*\]\]?") if table else None
        wanted = re.compile(rf"\s*(?:\[\[?\s*)?[\"']?{re.escape(key)}[\"']?\s*(?:=|\]|\.)")
        seen, at = -1, 1
        inside = header is None
        for number, line in enumerate(self._lines, start=1):
            if header is not None and header.match(line):
                seen += 1
                inside = seen == index
                at = number if inside else at
                continue
            if header is not None and line.lstrip().startswith("["):
                inside = False
            if inside and key and wanted.match(line):
                return number
        return at


def _listing(value: dict[str, Any], place: _Place) -> Listing:
    for key in value:
        if key not in ("polling", "feed"):
            raise place.error("", 0, key, "there is no such table; there are [polling] and [[feed]]")
    polling = value.get("polling", {})
    if not isinstance(polling, dict):
        raise place.error("", 0, "polling", "expected a table, [polling]")
    _check(polling, _POLLING_KEYS, "polling", 0, place)
    given = value.get("feed", [])
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise place.error("", 0, "feed", "expected tables, [[feed]]")
    if not given:
        raise place.error("", 0, "", "it names no feed: each is a table [[feed]] with an `address`")
    feeds: dict[str, Feed] = {}
    for index, one in enumerate(given):
        _check(one, _FEED_KEYS, "feed", index, place)
        address = one.get("address", "").strip()
        wrong = "is missing" if not address else _wrong_address(address)
        if not wrong and address in feeds:
            wrong = f"{address} is in the list twice"
        if wrong:
            raise place.error("feed", index, "address", wrong)
        common = {key: polling[key] for key in ("interval_minutes", "full_text") if key in polling}
        feed = Feed(address=address, outlet=one.get("outlet", "").strip() or _host(address), **common)
        rest = {key: told for key, told in one.items() if key not in ("address", "outlet")}
        feeds[address] = replace(feed, **rest)
    rest = {key: told for key, told in polling.items() if key not in ("interval_minutes", "full_text")}
    return Listing(feeds=tuple(feeds.values()), **rest)


def _check(table: dict[str, Any], keys: dict[str, _Key], name: str, index: int, place: _Place) -> None:
    for key, value in table.items():
        if key not in keys:
            raise place.error(name, index, key, f"there is no such key; there are {', '.join(keys)}")
        wanted = keys[key]
        if not isinstance(value, wanted.kind) or isinstance(value, bool):
            word = "a text" if wanted.kind is str else "a whole number" if wanted.kind is int else "a number"
            raise place.error(name, index, key, f"expected {word}, got {value!r}")
        if wanted.choices and value not in wanted.choices:
            raise place.error(name, index, key, f"{value!r} is none of {', '.join(wanted.choices)}")
        if isinstance(value, int | float) and not (wanted.low or 0) <= value <= (wanted.high or value):
            raise place.error(name, index, key, f"{value!r} is not between {wanted.low:g} and {wanted.high:g}")
        if isinstance(value, str) and (not value.isprintable() or len(value) > wanted.longest):
            raise place.error(name, index, key, f"has control characters, or more than {wanted.longest:,} characters")
        if wanted.pattern and not re.search(wanted.pattern, str(value)):
            raise place.error(name, index, key, f"{value!r} is no {key}")


def _wrong_address(address: str) -> str | None:
    """What is wrong with the address of a feed, None where nothing is."""
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        return f"no address: {error}"
    if parts.scheme.lower() not in ("http", "https") or not host:
        return f"{address!r} is no address of http or https"
    if parts.username is not None or parts.password is not None:
        return "an address with a password in it would be shown in logs"
    if any(c.isspace() for c in address):
        return f"{address!r} has spaces"
    return None


def _host(address: str) -> str:
    """The host of an address without what only says that it serves feeds: "feeds.example.org" -> "example.org"."""
    return _SERVICE.sub("", (urlsplit(address).hostname or "").lower())
