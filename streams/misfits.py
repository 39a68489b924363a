"""What is wrong with a record, in words: msgspec's messages name types of Python and say where as a JSON path."""

from __future__ import annotations

import dataclasses
import re
from functools import cache
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

_AT = re.compile(r"(.*) - at `(?:key in )?\$\.?([^`]*)`", re.DOTALL)
_MISSING = re.compile(r"Object missing required field `([^`]+)`")
_EXPECTED = re.compile(r"Expected `([^`]+)`, got `([^`]+)`")
_NO_CHOICE = re.compile(r"Invalid enum value (.*)", re.DOTALL)
_NEEDED = {
    "str": "a string",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "an array",
    "object": "an object",
}
_GOT = {**_NEEDED, "int": "a number", "float": "a number with a fraction", "null": "null"}


def in_words(message: str, record_type: type) -> tuple[str | None, str]:
    """The field at fault as a path (`chain[0].who`; None for the record as a whole) and the reason, of msgspec's message."""
    at = _AT.fullmatch(message)
    message, path = (at[1], at[2]) if at else (message, "")
    if missing := _MISSING.fullmatch(message):
        return ".".join(part for part in (path, missing[1]) if part), "missing"
    if expected := _EXPECTED.fullmatch(message):
        wanted = " or ".join(_NEEDED.get(word, word) for word in expected[1].split(" | ") if word != "null")
        return path or None, f"{wanted} is needed, got {_GOT.get(expected[2], expected[2])}"
    if wrong := _NO_CHOICE.fullmatch(message):
        choices = _choices(record_type, path)
        return path or None, f"{wrong[1]} is none of {', '.join(choices)}" if choices else f"no such value: {wrong[1]}"
    if message == "Input data was truncated":
        return path or None, "no JSON: it ends too early"
    if message.startswith("JSON is malformed: "):
        return path or None, f"no JSON: {message.removeprefix('JSON is malformed: ')}"
    return path or None, message


def _choices(record_type: Any, path: str) -> tuple[str, ...]:
    """The values that the field at `path` may have; none where they are not known."""
    hint: Any = record_type
    for part in re.findall(r"[^.\[\]]+|\[[^\]]*\]", path):
        hint = next((h for h in _alternatives(hint) if h is not type(None)), None)
        if part.startswith("["):
            hint = next(iter(get_args(hint)), None)
        elif isinstance(hint, type) and dataclasses.is_dataclass(hint):
            hint = _hints(hint).get(part)
        else:
            return ()
    return tuple(str(v) for h in _alternatives(hint) if get_origin(h) is Literal for v in get_args(h))


def _alternatives(hint: Any) -> tuple[Any, ...]:
    return get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)


@cache
def _hints(record_type: Any) -> dict[str, Any]:
    return get_type_hints(record_type)
