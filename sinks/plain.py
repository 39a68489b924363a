"""Text of others made fit for a chat, a subject or a label: what it says, without what it could do. Pure."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from urllib.parse import quote, urlsplit

_SPACE = frozenset({"Cc", "Zl", "Zp", "Zs"})
"""Control characters and separators: a line break in a subject would begin a header."""
_NOTHING = frozenset({"Cf", "Cs", "Co", "Cn"})
"""Format characters (the bidirectional ones turn the rest of a line around), halves of characters, and what is none."""


def one_line(text: str, most: int = 2_000) -> str:
    """The text on one line without control and format characters, with an ellipsis where it is longer than `most`."""
    shown = "".join(_shown(character) for character in text[: 4 * most])
    line = " ".join(shown.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def _shown(character: str) -> str:
    category = unicodedata.category(character)
    return " " if category in _SPACE else "" if category in _NOTHING else character


def moment(text: str) -> str:
    """An RFC 3339 time as people read it: "22 Jun 2017 14:05 UTC"."""
    try:
        return f"{datetime.fromisoformat(text):%-d %b %Y %H:%M} UTC"
    except ValueError:
        return one_line(text)


def web_address(address: str | None) -> str | None:
    """An article's address if a browser may be sent there: http or https, in ASCII without blanks and brackets, and without a user,
    whose name before an @ is taken for the host."""
    if address is None or len(address) > 2_000:
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        return None
    # Without "<", ">", "|" and "%0A" it ends no link that it is put into, and begins nothing after it.
    cleaned = quote(address, safe=":/?#[]@!$&'()*+,;=%-._~", errors="replace")
    return None if "%0a" in cleaned.casefold() or "%0d" in cleaned.casefold() else cleaned


def desk_link(desk: str, event: str) -> str | None:
    """The page of an event at the desk, None where no desk is known."""
    return f"{desk.rstrip('/')}/events/{quote(event, safe='')}" if desk else None
