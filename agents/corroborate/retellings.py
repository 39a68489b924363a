"""Who retells whom among the reports of one event: every telling is compared with those that were there before it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from agents.corroborate.rewrites import LIKELY, Likeness, Telling, is_retold, likeness
from agents.corroborate.sessions import Moment


@dataclass(slots=True)
class _Told:
    """All articles that tell one and the same; `first` is the earliest of them."""

    telling: Telling
    first: Moment
    alike: dict[int, Likeness] = field(default_factory=dict)
    """Other tellings that likely go back to the same report."""


class Retellings:
    """The tellings of a set of reports by number, each once. A function of the set, in whatever order it was added."""

    __slots__ = ("_number_of", "_told")

    def __init__(self) -> None:
        self._told: list[_Told] = []
        self._number_of: dict[Telling, int] = {}

    def add(self, telling: Telling, moment: Moment) -> tuple[int, list[int]]:
        """The number of a telling, and those of tellings that are one report with it; the latter only the first time."""
        number = self._number_of.get(telling)
        if number is not None:
            self._told[number].first = min(self._told[number].first, moment)
            return number, []
        number = self._number_of[telling] = len(self._told)
        mine = _Told(telling, moment)
        for place, other in enumerate(self._told):
            found = likeness(telling, other.telling)
            if found is not None and found.sureness >= LIKELY:
                mine.alike[place] = other.alike[number] = found
        self._told.append(mine)
        return number, [place for place, found in mine.alike.items() if is_retold(found)]

    def earlier(self, numbers: Collection[int], moment: Moment) -> Iterator[tuple[Moment, Likeness]]:
        """The first articles with tellings that are likely retold in these, if they are earlier."""
        for number in numbers:
            for other, found in self._told[number].alike.items():
                if self._told[other].first < moment:
                    yield self._told[other].first, found
