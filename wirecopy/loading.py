"""Reading the data files beside this package, with errors that name the file and what is wrong in it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from importlib.resources import files
from typing import Any


class InvalidData(ValueError):
    """A data file that cannot be used; the message names the file, the line or entry, and the reason."""


def rows(package: str, name: str, table: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The entries of `[[table]]` in `name` of `package`, each with its place for messages ("agencies.toml, [[agency]] 3").

    Raises `InvalidData` for a file that is no TOML or has no such table.
    """
    try:
        content = tomllib.loads(files(package).joinpath(name).read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise InvalidData(f"{name}: {error}") from None
    entries = content.get(table)
    if not isinstance(entries, list):
        raise InvalidData(f"{name}: there is no [[{table}]]")
    for number, entry in enumerate(entries, start=1):
        yield f"{name}, [[{table}]] {number}", entry


def text_of(place: str, entry: dict[str, Any], field: str, default: str | None = None) -> str:
    """The text of a field. Raises `InvalidData` where it is missing or no text."""
    value = entry.get(field, default)
    if not isinstance(value, str) or not value:
        raise InvalidData(f"{place}: {field}: expected a text, got {value!r}")
    return value


def texts_of(place: str, entry: dict[str, Any], field: str) -> tuple[str, ...]:
    """The list of texts of a field, empty where there is none. Raises `InvalidData` for anything else."""
    value = entry.get(field, [])
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        raise InvalidData(f"{place}: {field}: expected a list of texts, got {value!r}")
    return tuple(value)


def words_by_kind(package: str, name: str, key: str, kinds: Sequence[str]) -> dict[str, frozenset[str]]:
    """The `words` of each `[[words]]` of a file, by its kind, which stands under `key`.

    Raises `InvalidData` for a kind that is none of `kinds`, or stands there twice, and for one that is missing.
    """
    found: dict[str, frozenset[str]] = {}
    for place, entry in rows(package, name, "words"):
        kind = text_of(place, entry, key)
        if kind not in kinds or kind in found:
            raise InvalidData(f"{place}: {key}: {kind!r} is none of {', '.join(kinds)}, each once")
        found[kind] = frozenset(texts_of(place, entry, "words"))
    if missing := [kind for kind in kinds if not found.get(kind)]:
        raise InvalidData(f"{name}: no words of {missing[0]!r}")
    return found
