"""What is remembered between two polls and between two runs: one file for one list of feeds."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import msgspec

from feeds.articles import Seen
from feeds.entry import Entry, Kind

FORMAT = 1
SEEN = 5_000
"""Entries of a feed that are remembered beside those that it shows now. One that is forgotten and shown again is sent
again, as the same article."""


PUT_OFF = 500
"""Entries of a feed that may wait at once for their pages, or for the end of an embargo."""
PUT_OFF_CHARACTERS = 20_000


@dataclass(frozen=True, slots=True)
class PutOff:
    """An entry that waits, and the kind of document it came in."""

    kind: Kind
    entry: Entry


@dataclass(slots=True, kw_only=True)
class FeedState:
    """What is known of one feed."""

    etag: str | None = None
    last_modified: str | None = None
    """Kept once the broker has all that the reply with them told: before, the next poll must get it again."""
    due: float = 0.0
    """Unix time before which its server does not want to be asked, or a failure is waited out."""
    polled: float = 0.0
    errors: int = 0
    """Failures in a row."""
    by_link: bool = False
    """It gives several articles the same id, so that links name them."""
    seen: dict[str, Seen] = field(default_factory=dict)
    tried: dict[str, int] = field(default_factory=dict)
    """How often the page of an entry could not be had."""
    put_off: dict[str, PutOff] = field(default_factory=dict)
    """Entries that wait: the feed may have dropped them before their page can be had."""

    def remember(self, id: str, seen: Seen) -> None:
        """The broker has this entry."""
        self.seen.pop(id, None)
        self.seen[id] = seen
        self.tried.pop(id, None)
        self.put_off.pop(id, None)

    def wait_with(self, id: str, kind: Kind, entry: Entry) -> None:
        """Keep an entry for the next poll, unless there are too many or it is too long: then the feed must show it again."""
        if id in self.put_off or (len(self.put_off) < PUT_OFF and len(entry.text) <= PUT_OFF_CHARACTERS):
            self.put_off[id] = PutOff(kind, entry)

    def forget_old(self, current: set[str]) -> None:
        """Keep what the feed shows, and of the rest what was seen last."""
        for id in [id for id in self.tried if id not in current and id not in self.put_off]:
            del self.tried[id]
        for id in current & self.seen.keys():
            self.seen[id] = self.seen.pop(id)
        for id in list(self.seen)[: max(0, len(self.seen) - len(current) - SEEN)]:
            del self.seen[id]


@dataclass(slots=True)
class HostRules:
    """A host's robots.txt as it was fetched at that time."""

    fetched: float
    text: str


@dataclass(slots=True, kw_only=True)
class State:
    """What is known of all feeds of a list, by address, and of their hosts."""

    format: int = FORMAT
    feeds: dict[str, FeedState] = field(default_factory=dict)
    robots: dict[str, HostRules] = field(default_factory=dict)

    def of(self, address: str) -> FeedState:
        return self.feeds.setdefault(address, FeedState())

    def forget_rules(self, now: float) -> None:
        """Drop what is known of robots.txt for more than a day: it does not hold any more."""
        for origin in [origin for origin, rules in self.robots.items() if not now - 86_400 < rules.fetched <= now]:
            del self.robots[origin]

    def encoded(self) -> bytes:
        return msgspec.json.encode(self)


class StateInUse(Exception):
    """Another process reads the same list."""


@contextlib.contextmanager
def held(path: Path) -> Iterator[None]:
    """The file is this process's while the block lasts. Raises `StateInUse`, and OSError where it cannot be made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lock: IO[str]
    with open(path.with_name(path.name + ".lock"), "w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise StateInUse(f"{path} is in use: another process reads these feeds") from None
        yield


def load(path: Path) -> tuple[State, str | None]:
    """The state in the file; and where an unusable one was moved to, None where all is well. A missing one is empty."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return State(), None
    try:
        state = msgspec.json.decode(raw, type=State)
        if state.format == FORMAT:
            return state, None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass
    aside = next(place for n in range(1, 10_000) if not (place := path.with_name(f"{path.name}.unusable-{n}")).exists())
    path.replace(aside)
    return State(), str(aside)


def save(path: Path, raw: bytes) -> None:
    """Replace the file at once: whoever reads it finds the state before or after, also when the machine fails."""
    beside = path.with_name(path.name + ".new")
    with open(beside, "wb") as stream:
        stream.write(raw)
        stream.flush()
        os.fsync(stream.fileno())
    beside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
