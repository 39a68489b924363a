"""Where in a TOML file something stands: what an error needs to say, and what a parsed document no longer knows. Pure."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

T = TypeVar("T")

Path = tuple[str | int, ...]
"""Keys and numbers that lead to an entry: `("watchlist", 2, "countries")` is a key of the third `[[watchlist]]`."""

BYTE_ORDER_MARK = "\ufeff"
"""What some editors put before a text."""
TOO_DEEP = "brackets or keys lie too many levels inside each other to be read"

_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


class Mistake(Exception):
    """A mistake at an entry of a document; `value` is the text of an array that is at fault."""

    def __init__(self, path: Path, message: str, value: str | None = None) -> None:
        super().__init__(message)
        self.path = path
        self.value = value


def read(text: str, make: Callable[[dict[str, Any]], T]) -> T:
    """What `make` makes of the document, raising `Mistake` where it cannot. Raises ValueError, the number of the line
    first, for such a mistake and for what is no TOML."""
    text = text.removeprefix(BYTE_ORDER_MARK)
    table = loads(text)
    try:
        return make(table)
    except Mistake as mistake:
        line = line_of(text, mistake.path, mistake.value)
        raise ValueError(f"{mistake}" if line is None else f"line {line}: {mistake}") from None
    except RecursionError:
        raise ValueError(TOO_DEEP) from None


def loads(text: str) -> dict[str, Any]:
    """The document, which may begin with a byte order mark. Raises ValueError, the number of the line first, for what is
    no TOML."""
    text = text.removeprefix(BYTE_ORDER_MARK)
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ValueError(TOO_DEEP) from None
    except tomllib.TOMLDecodeError as error:
        place = _PLACE.search(str(error))
        if place is None:
            raise ValueError(str(error)) from None
        last = str(len(text.rstrip("\n").split("\n")))
        raise ValueError(f"line {place[1] or last}: {_PLACE.sub('', str(error))}") from None


def line_of(text: str, path: Path, value: str | None = None) -> int | None:
    """The line, counted from 1, on which the entry at `path` begins, or, of an array of texts over several lines, the line
    with that `value`. None where it cannot be told (a key that is written with escapes).

    A line is where the entry begins if the lines before it are a document without it, and become one with it: so no
    text or comment that looks like the entry is taken for it.
    """
    lines = text.split("\n")
    words = [part for part in path if isinstance(part, str)]
    for first, line in enumerate(lines):
        if not any(word in line for word in words) or _has(lines[:first], path) is not False:
            continue
        for end in range(first + 1, len(lines) + 1):
            found = _has(lines[:end], path)
            if found:
                return first + 1 + _line_within(lines[first:end], words[-1], value)
            if found is False:
                break
    return None


def _has(lines: Sequence[str], path: Path) -> bool | None:
    """Whether these lines hold the entry; None where they end in the middle of something."""
    try:
        found: Any = tomllib.loads("\n".join(lines))
    except (tomllib.TOMLDecodeError, RecursionError):
        return None
    for part in path:
        try:
            found = found[part]
        except (KeyError, IndexError, TypeError):
            return False
    return True


def _line_within(lines: Sequence[str], word: str, value: str | None) -> int:
    """Where in the lines of an entry, which are several if it lies in an array, the value or else its key is written."""
    written = [word] if value is None else [f'"{value}"', f"'{value}'"]
    return next((number for number, line in enumerate(lines) if any(one in line for one in written)), 0)
