"""The schemas as they were released: what those who use the topics rely on, beside what the records say now.

`streams/schemas/released/<topic>.json` is the contract. It changes by `muster schemas --release` alone, which refuses a
change that breaks somebody: that one is a new topic of the next version beside the old one.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from streams import schemas
from streams.compatibility import Change, changes
from streams.topics import registry

FOLDER = schemas.FOLDER / "released"


class Break(ValueError):
    """What cannot be released: each change that breaks users, and what to do instead."""


def released(folder: Path = FOLDER) -> dict[str, Mapping[str, Any]]:
    """The released schemas by topic."""
    return {path.stem: orjson.loads(path.read_bytes()) for path in sorted(folder.glob("*.json"))}


def since_release(folder: Path = FOLDER) -> dict[str, list[Change]]:
    """By topic what has changed for its users since its schema was released; topics without a change are left out."""
    found: dict[str, list[Change]] = {}
    topics, before = registry(), released(folder)
    for name, schema in before.items():
        if name not in topics:
            found[name] = [Change(path="", what="the topic is gone, and those who use it with it", breaks=True)]
            continue
        # By way of its bytes, since a default may be a tuple in Python and is an array in the file.
        current = orjson.loads(orjson.dumps(schemas.schema_of(topics[name])))
        if told := changes(schema, current, users="write" if topics[name].from_outside else "read"):
            found[name] = told
    for name in topics:
        if name not in before:
            found[name] = [Change(path="", what="the topic is new", breaks=False)]
    return found


def check(folder: Path = FOLDER) -> list[str]:
    """What users should be told of, one line each. Raises `Break`."""
    lines = [(name, change) for name, found in since_release(folder).items() for change in found]
    broken = {name: None for name, change in lines if change.breaks}
    if broken:
        told = "\n".join(f"  {name}: {change}" for name, change in lines if change.breaks)
        following = ", ".join(f"{name} -> {_next(name)}" for name in broken)
        raise Break(
            f"this breaks those who use the topics:\n{told}\nTake it back, or give a new field a default. A break is a new "
            f"topic beside the old one ({following}), with records of its own"
        )
    return [f"{name}: {change}" for name, change in lines]


def release(folder: Path = FOLDER) -> tuple[list[str], list[str]]:
    """Make the schemas of today the contract. Returns the files that changed and what `check` told. Raises `Break`."""
    told = check(folder)
    return schemas.write(folder), told


def _next(name: str) -> str:
    stem, _, version = name.rpartition(".v")
    return f"{stem}.v{int(version) + 1}"
