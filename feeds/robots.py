"""robots.txt after RFC 9309: the longest rule that matches holds, `*` and `$` mean what they mean there.

The one of the standard library takes the first rule that matches and reads `*` as a letter, so that it would both keep
off what is allowed and fetch what is not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, unquote_to_bytes, urlsplit

BYTES = 512_000
"""As much of a file as is read: RFC 9309 asks for 500 kibibytes at least."""
LONGEST_DELAY = 60.0
"""A `Crawl-delay` beyond this means "do not": `Disallow` says that. It is kept to this."""
RULES = 10_000


@dataclass(frozen=True, slots=True)
class Robots:
    """What one host allows us."""

    rules: tuple[tuple[str, bool], ...] = ()
    """Patterns and whether they allow, the longest first; of equal ones the one that allows."""
    delay_seconds: float | None = None

    def allows(self, address: str) -> bool:
        """Whether the page at `address` may be fetched."""
        parts = urlsplit(address)
        path = _plain(parts.path or "/") + (f"?{_plain(parts.query)}" if parts.query else "")
        return path == "/robots.txt" or next((allow for pattern, allow in self.rules if _matches(pattern, path)), True)


ALL = Robots()


def read_robots(text: str, product: str) -> Robots:
    """The rules for the crawler that calls itself `product`: the groups that name it, otherwise those for "*"."""
    groups: dict[str, list[tuple[str, str]]] = {}
    agents: list[str] = []
    heading = False
    for field, value in _lines(text):
        if field == "user-agent":
            # Robots are named by their product alone: "Muster/1.0" in a file means us as well.
            agents = [*(agents if heading else []), value.partition("/")[0].strip().lower()]
            heading = True
            continue
        heading = False
        for agent in agents:
            groups.setdefault(agent, []).append((field, value))
    for agent in agents if heading else ():
        groups.setdefault(agent, [])
    own = groups.get(product.lower())
    group = groups.get("*", []) if own is None else own
    rules = [(_plain(v), f == "allow") for f, v in group[:RULES] if f in ("allow", "disallow") and v]
    rules.sort(key=lambda rule: (-len(rule[0]), not rule[1]))
    delays = [d for f, v in group if f == "crawl-delay" and (d := _seconds(v)) is not None]
    return Robots(tuple(rules), max(delays) if delays else None)


def _lines(text: str) -> Iterator[tuple[str, str]]:
    for line in text.removeprefix("\ufeff").splitlines():
        field, colon, value = line.partition("#")[0].partition(":")
        field = field.strip().lower()
        if colon and field in ("user-agent", "allow", "disallow", "crawl-delay"):
            yield field, value.strip()


def _matches(pattern: str, path: str) -> bool:
    """By searching each piece between stars once, from left to right: time grows with the product of lengths at most."""
    whole = pattern.endswith("$")
    first, *others = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    for number, piece in enumerate(others):
        if whole and number == len(others) - 1:
            return len(path) - len(piece) >= at and path.endswith(piece)
        at = path.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    return not whole or at == len(path)


def _plain(text: str) -> str:
    """One spelling of a path: escapes that need not be are resolved, what must be escaped is."""
    return quote(unquote_to_bytes(text), safe="/*$?&=:@!'(),;+~%-._")


def _seconds(text: str) -> float | None:
    try:
        seconds = float(text[:20])
    except ValueError:
        return None
    return min(seconds, LONGEST_DELAY) if seconds >= 0 else None
