"""All rows by what they are filtered and counted by, kept as they change, so that an answer counts bits rather than rows.

Every row has a place in a line. A set of rows is a whole number with a bit for each place: to intersect two sets of ten thousand
rows takes less than a microsecond.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from desk.filters import KEYS, Searchable

Rows = int
"""A set of rows: a bit for the place of each."""
Test = Callable[[Searchable], bool]


@dataclass(slots=True)
class Way:
    """All rows of one mover and one place."""

    rows: Rows = 0
    by_rank: list[Searchable] = field(default_factory=list)
    """The least first."""


@dataclass(slots=True)
class Index:
    """Rows, put in and taken out one by one."""

    all: Rows = 0
    ways: dict[tuple[str, str], Way] = field(default_factory=dict)
    """By the codes of mover and place."""
    _line: list[Searchable | None] = field(default_factory=list)
    _free: list[int] = field(default_factory=list)
    _of_value: dict[str, dict[str, Rows]] = field(default_factory=lambda: {name: {} for name in KEYS})
    _names: dict[str, Counter[str]] = field(default_factory=dict)
    """By the code of a mover, what its rows call it."""

    def put(self, found: Searchable) -> None:
        """A row that is not in it."""
        if self._free:
            found.place_in_line = self._free.pop()
            self._line[found.place_in_line] = found
        else:
            found.place_in_line = len(self._line)
            self._line.append(found)
        bit = 1 << found.place_in_line
        self.all |= bit
        for name, value in found.values.items():
            rows = self._of_value[name]
            rows[value] = rows.get(value, 0) | bit
        mover = found.values["mover"]
        way = self.ways.setdefault((mover, found.values["place"]), Way())
        way.rows |= bit
        insort(way.by_rank, found, key=_rank)
        self._names.setdefault(mover, Counter())[found.row.mover.name] += 1

    def take_out(self, found: Searchable) -> None:
        """A row that is in it."""
        bit = 1 << found.place_in_line
        self._line[found.place_in_line] = None
        self._free.append(found.place_in_line)
        self.all &= ~bit
        for name, value in found.values.items():
            rows = self._of_value[name]
            rows[value] &= ~bit
            if not rows[value]:
                del rows[value]
        mover = found.values["mover"]
        way = self.ways[mover, found.values["place"]]
        way.rows &= ~bit
        del way.by_rank[bisect_left(way.by_rank, _rank(found), key=_rank)]
        if not way.rows:
            del self.ways[mover, found.values["place"]]
        names = self._names[mover]
        names[found.row.mover.name] -= 1
        if not names[found.row.mover.name]:
            del names[found.row.mover.name]
        if not names:
            del self._names[mover]

    def with_any(self, name: str, values: Collection[str]) -> Rows:
        """Rows with any of the values, which are folded."""
        rows = 0
        for value, having in self._of_value[name].items():
            if value.casefold() in values:
                rows |= having
        return rows

    def passing(self, tests: Collection[Test]) -> Rows:
        """Rows that pass all tests, which are looked at one by one."""
        rows = self.all
        for test in tests:
            bits = ["1" if found is not None and test(found) else "0" for found in reversed(self._line)]
            rows &= int("".join(bits), 2) if bits else 0
        return rows

    def counted(self, name: str, among: Rows) -> Mapping[str, int]:
        """By value, how many of these rows have it; none that no row has."""
        counts = ((value, (having & among).bit_count()) for value, having in self._of_value[name].items())
        return {value: number for value, number in counts if number}

    def having(self, name: str, value: str) -> Rows:
        """Rows with this value."""
        return self._of_value[name].get(value, 0)

    def name_of(self, mover: str) -> str:
        """What rows call a mover; of several names the first by the alphabet."""
        return min(self._names[mover])

    def page(self, ordered: Iterator[Searchable], among: Rows, offset: int, limit: int) -> list[Searchable]:
        """Of all rows in some order so many of these rows, after so many others of them."""
        if among == self.all:
            return list(islice(ordered, offset, offset + limit))
        flags = among.to_bytes(len(self._line) // 8 + 1, "little")
        chosen = (found for found in ordered if flags[found.place_in_line >> 3] >> (found.place_in_line & 7) & 1)
        end = min(offset + limit, among.bit_count())
        return list(islice(chosen, offset, end)) if offset < end else []


def best(rows: Sequence[Searchable], among: Rows) -> Searchable:
    """The one of the highest rank that is among the rows; `rows` has the least first, and one of them is."""
    return next(found for found in reversed(rows) if among >> found.place_in_line & 1)


def _rank(found: Searchable) -> tuple[int, str, str]:
    return found.rank
