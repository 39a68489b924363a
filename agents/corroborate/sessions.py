"""Sessions: the reports of one event key, cut where nothing was heard for longer than the gap.

Everything here is a function of the set of reports, so their order of arrival cannot matter. As reports are added,
sessions only grow and join, and the first report of a session only becomes earlier.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Literal, NamedTuple

from streams.records import Report

DAY = 86_400.0
HOUR = 3_600.0
"""Seconds."""

Unit = Literal["week", "day", "hour"]


class Moment(NamedTuple):
    """Where a report stands in event time: seconds since 1970 UTC, and its id, which decides between equal times."""

    seconds: float
    id: str


def moment_of(published: str, id: str) -> Moment:
    """Raises ValueError for what is no RFC 3339 time with its offset from UTC."""
    time = datetime.fromisoformat(published)
    if time.tzinfo is None:
        raise ValueError(f"{published!r} does not say its offset from UTC")
    return Moment(time.timestamp(), id)


def is_background(report: Report) -> bool:
    """Whether it tells of something known for long: such a report joins a session and neither makes nor prolongs one.

    Otherwise the one sentence about troops that "have been in Syria since 2015" in each article on Syria would make
    one endless event of all that Russia ever does there.
    """
    return report.claim.status == "background"


def unit_for(gap_days: float) -> Unit:
    """The calendar unit by which sessions are named: the longest that is not longer than the gap.

    Two sessions are further apart than the gap, so they never share a unit: their names differ.
    """
    if gap_days >= 7:
        return "week"
    return "day" if gap_days >= 1 else "hour"


def label(seconds: float, unit: Unit) -> str:
    """The week, day or hour of a time: "2017-W25", "2017-06-22", "2017-06-22T14". Labels sort as the times do."""
    return _label_of_hour(seconds // HOUR, unit)


@lru_cache(maxsize=65_536)
def _label_of_hour(hour: float, unit: Unit) -> str:
    time = datetime.fromtimestamp(hour * HOUR, UTC)
    if unit == "week":
        year, week, _ = time.isocalendar()
        return f"{year:04d}-W{week:02d}"
    return time.strftime("%Y-%m-%d" if unit == "day" else "%Y-%m-%dT%H")


def start_of(named: str, unit: Unit) -> datetime:
    """The first moment of what `label` named."""
    if unit == "week":
        year, week = named.split("-W")
        return datetime.fromisocalendar(int(year), int(week), 1).replace(tzinfo=UTC)
    return datetime.strptime(named, "%Y-%m-%d" if unit == "day" else "%Y-%m-%dT%H").replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Session:
    """Reports that are one event. `core` are those that make it, `background` those that joined it, both in time order."""

    core: tuple[Moment, ...]
    background: tuple[Moment, ...] = ()

    @property
    def last(self) -> float:
        return self.core[-1].seconds

    def labels(self, unit: Unit) -> tuple[str, ...]:
        """All labels under which a part of the session may have been known, sorted: the first one is its name."""
        hours = {moment.seconds // HOUR for moment in self.core}
        return tuple(sorted({label(hour * HOUR, unit) for hour in hours}))


def cut(core: Sequence[Moment], background: Sequence[Moment], gap: float) -> list[Session]:
    """The sessions of one key, in time order. Both sequences are sorted; `gap` is in seconds.

    A background report joins each session that has it within the gap (there may be two); where none has, it waits.
    """
    sessions = []
    start = 0
    for position in range(1, len(core) + 1):
        if position < len(core) and core[position].seconds - core[position - 1].seconds <= gap:
            continue
        part = tuple(core[start:position])
        start = position
        first, last = part[0].seconds - gap, part[-1].seconds + gap
        joined = tuple(background[bisect_left(background, Moment(first, "")) : _after(background, last)])
        sessions.append(Session(part, joined))
    return sessions


def _after(moments: Sequence[Moment], seconds: float) -> int:
    """The position behind the last moment that is not later than `seconds`."""
    return bisect_left(moments, True, key=lambda moment: moment.seconds > seconds)
