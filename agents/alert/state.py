"""What has been due of each event so far: a union and a maximum, whatever the order of versions."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

Told = tuple[str, str]
"""Name of an alert within its event, and of the watchlist that wants it."""

SWEPT = 2
"""Events that each input makes the state look at for what has expired."""


@dataclass(slots=True)
class Known:
    """One event id: its highest version, when it was last heard of (seconds since 1970), what has been due of it."""

    version: int
    last: float
    told: frozenset[Told]


@dataclass(slots=True)
class State:
    events: dict[str, Known] = field(default_factory=dict)
    latest: float = float("-inf")
    to_sweep: deque[str] = field(default_factory=deque)


def merge(state: State, id: str, version: int, last_seen: str, told: Iterable[Told], kept: float) -> bool:
    """Note what is due of a version of an event; whether that version is newer than all known ones."""
    last = datetime.fromisoformat(last_seen).timestamp()
    state.latest = max(state.latest, last)
    _sweep(state, kept)
    known = state.events.get(id)
    if known is None:
        state.events[id] = Known(version, last, frozenset(told))
        state.to_sweep.append(id)
        return True
    newer = version > known.version
    known.version = max(known.version, version)
    known.last = max(known.last, last)
    known.told = known.told.union(told)
    return newer


def _sweep(state: State, kept: float) -> None:
    """Forget events that have not been heard of for `kept` seconds of event time, a few at a time."""
    for _ in range(min(SWEPT, len(state.to_sweep))):
        id = state.to_sweep.popleft()
        if state.events[id].last < state.latest - kept:
            del state.events[id]
        else:
            state.to_sweep.append(id)
