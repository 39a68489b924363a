"""The contract between the pure code of a stage and whatever runs it: the stage loop, a dry run, a test.

A stage consumes one topic and publishes to others. Its pure code is two functions over a state that belongs to one
partition of the consumed topic:

- `fold(state, record)` merges a record into the state. The merge is commutative, associative and idempotent. It may
  not raise for a record that `step` would accept.
- `step(state, record, received)` folds the record and returns what to publish. It never logs, counts, sends, sleeps
  or reads a clock, and returns equal outputs for an equal state and record. It raises `Rejected` for a record that is
  well formed but cannot be used; any other exception counts as a defect and is dead-lettered as well.

A stage without a state has `new_state=None`; its `step` is given None.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from streams.settings import Settings
from streams.watched_file import WatchedFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """How a state is written to a disk and read back.

    `dump(state)` gives it in parts, each made in some milliseconds. What the first does not copy may have changed when a later
    one is made, by records that are folded meanwhile: they are folded again after a load, so a part may know of them.
    `load(state, part)` puts one part into a state that was new; it may raise for a part that is wrong. `version` changes
    with the format and with every setting that decides what is in a state.
    """

    version: str
    dump: Callable[[Any], Iterator[bytes]]
    load: Callable[[Any, bytes], None]


class Rejected(ValueError):
    """An input that cannot be used: `field` says which part of it, `reason` why."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Received:
    """Where an input came from. `timestamp_ms` is the broker's or producer's, in milliseconds since 1970 UTC.

    `within` is its place in its message, from 0, where that is a bundle.
    """

    partition: int
    offset: int
    timestamp_ms: int
    headers: Mapping[str, bytes | None] = field(default_factory=dict)
    within: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """A record to publish. `topic` is its name in the registry, without prefix.

    It goes to the partition of `partition_by` (by default the key), to `partition` where that is given, or to every
    partition of the topic. A `record` of None is a tombstone.
    """

    topic: str
    key: str
    record: Any
    partition_by: str | None = None
    partition: int | None = None
    every_partition: bool = False


class KnownNames(Protocol):
    """Which movers and places records can name, for what is chosen by name: one that no record has would never be met."""

    def movers(self, text: str) -> frozenset[str]:
        """The names in records of the mover that a name or code stands for, and itself; nothing where there is none."""

    def places(self, text: str) -> frozenset[str]:
        """The same of a country or place."""

    def nearest(self, text: str) -> str | None:
        """The known name that is written most like this, None where none is near."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a stage is built with: the settings, how many partitions each topic really has, and where the known names are
    to be had (None: names are not checked). `long_steps_elsewhere`: records of which it says that they take long are
    stepped by another process, so what only those need is not loaded."""

    settings: Settings
    partitions: Mapping[str, int]
    known_names: Callable[[], KnownNames] | None = None
    long_steps_elsewhere: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One stage, ready to be bound to its topics.

    `size` gives the number of items in a state, for its metric. An input of more than `input_bytes` is a dead letter
    before it is decoded. `examine` is given an input with its bytes, for what the record does not keep (fields that it
    does not know); it is pure and may raise `Rejected`. `watched` are files whose content `step` and `fold` use and that
    may change meanwhile: a worker looks at them every few seconds. One step sees one version of each. `kept` is for a stage whose
    topic is so long that reading all of it takes too long. `takes_long` says of a record whether its step takes tens of
    milliseconds, or True: that the steps of all records do together. A worker takes such steps in a process of their own. It is for
    a stage without a state.
    """

    name: str
    consumes: str
    publishes: tuple[str, ...]
    step: Callable[[Any, Any, Received], Sequence[Output]]
    new_state: Callable[[], Any] | None = None
    fold: Callable[[Any, Any], None] | None = None
    size: Callable[[Any], int] | None = None
    input_bytes: int | None = None
    examine: Callable[[Any, bytes], None] | None = None
    watched: tuple[WatchedFile[Any], ...] = ()
    kept: Kept | None = None
    takes_long: Callable[[Any], bool] | Literal[True] | None = None
