"""The registry of topics: `topics.toml` read into records, checked when it is loaded."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from streams import records


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One topic. Its name on the broker is `Settings.topic_prefix` + `name`; `records` are the types that it carries."""

    name: str
    about: str
    key: str
    partition_by: str
    records: tuple[type, ...]
    written_by: tuple[str, ...]
    """Stages that publish to it; none: it is written from outside."""
    read_by: tuple[str, ...]
    """Stages that consume it."""
    cleanup: Literal["delete", "compact"]
    retention_hours: int
    max_message_bytes: int = 2_000_000
    """Largest message, key, value and headers together: `max.message.bytes` of the topic, and what our producers take.

    The default holds an article of the longest text with its fingerprint, and a raw article of the default limit twice.
    """

    bundled: bool = False
    """Whether a message may hold several records (`streams/bundles.py`)."""
    timestamps: Literal["broker", "producer"] = "producer"
    """Whose clock a message's timestamp is: the broker's as it comes in, or its producer's, which here is a worker."""

    @property
    def from_outside(self) -> bool:
        """Whether those who use Muster write it; the others they read."""
        return not self.written_by

    def decode(self, raw: bytes) -> Any:
        """The record in `raw`, or `InvalidRecord`."""
        return records.decode(raw, *self.records)


@cache
def registry() -> dict[str, Topic]:
    """All topics by name, in the order of the way of the data."""
    table = tomllib.loads(files("streams").joinpath("topics.toml").read_text(encoding="utf-8"))
    topics = {}
    for row in table["topic"]:
        types = tuple(getattr(records, name) for name in row.pop("records"))
        written_by, read_by = tuple(row.pop("written_by")), tuple(row.pop("read_by"))
        topics[row["name"]] = Topic(records=types, written_by=written_by, read_by=read_by, **row)
    return topics


def topic(name: str) -> Topic:
    """The topic of that name. Raises KeyError with the names that exist."""
    try:
        return registry()[name]
    except KeyError:
        raise KeyError(f"no topic {name!r}; there are: {', '.join(registry())}") from None
