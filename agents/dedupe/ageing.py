"""Letting go of what is too old, a little with every record, by the time of the events themselves."""

from __future__ import annotations

import heapq
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Generic, TypeVar

HOUR = 3600
LATENESS_HOURS = 24
"""How much later than the rest an article may arrive and still find its copies: outlets' feeds are read at least daily."""
KEPT_AT_LEAST = 20_000
"""Nothing is let go while no more than this is held (some 20 MB a partition): archives are fed in any order of time, and
a set of that size is then answered as a whole."""
AT_ONCE = 8
"""Most that is let go with one record. More than arrives, so that age and not the rate decides; little, so that no record
waits for a sweep."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Item = TypeVar("Item")


@lru_cache(maxsize=4096)
def seconds_of(published: str) -> int:
    """Seconds since 1970 UTC of a record's time ("2017-06-22T14:05:00Z")."""
    return (datetime.fromisoformat(published) - _EPOCH) // timedelta(seconds=1)


@lru_cache(maxsize=4096)
def published_of(seconds: int) -> str:
    """The time in a record of seconds since 1970 UTC."""
    return (_EPOCH + timedelta(seconds=seconds)).isoformat()[:19] + "Z"


class Ageing(Generic[Item]):
    """What is held, by the hour of its publication."""

    __slots__ = ("_hours", "_items", "_kept_seconds", "_latest", "held")

    def __init__(self, kept_hours: float) -> None:
        self._kept_seconds = int(kept_hours * HOUR)
        self._items: dict[int, list[Item]] = {}
        self._hours: list[int] = []
        self._latest: int | None = None
        self.held = 0

    def add(self, published: int, item: Item) -> None:
        hour = published // HOUR
        if hour in self._items:
            self._items[hour].append(item)
        else:
            self._items[hour] = [item]
            heapq.heappush(self._hours, hour)
        self.held += 1
        self._latest = published if self._latest is None else max(self._latest, published)

    def expired(self) -> list[Item]:
        """At most `AT_ONCE` items that are too old, the oldest hours first; they are no longer held here."""
        gone: list[Item] = []
        while len(gone) < AT_ONCE and self.held > KEPT_AT_LEAST and self._hours and self._latest is not None:
            hour = self._hours[0]
            if (hour + 1) * HOUR > self._latest - self._kept_seconds:
                break
            items = self._items[hour]
            gone.append(items.pop())
            self.held -= 1
            if not items:
                del self._items[hour]
                heapq.heappop(self._hours)
        return gone
