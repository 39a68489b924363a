"""Anchors to the numbers of the articles that hold them, in a quarter of the memory of a dictionary.

An open table with linear probing (Knuth, The Art of Computer Programming 3, 6.4): eight bytes a slot, of which three to six
in eight are taken. An anchor that more than `INLINE` articles hold has a list of its own instead, so that no search passes
over them.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

INLINE = 12
"""Most holders of one anchor that stand in the table itself."""
SMALLEST = 64
"""Slots of an empty table; a power of two, like all sizes."""
_EMPTY = -1
_MANY = -2
"""Instead of an article: the anchor's holders are in its list."""
_SPREAD = 0x9E3779B1
"""Anchors are small numbers, as the smallest hashes of their texts: Fibonacci hashing (Knuth 3, 6.4) spreads them."""


@dataclass(frozen=True, slots=True)
class Slots:
    """What a table, or a stretch of it, holds: four bytes each for a slot's anchor and article, and the lists of many."""

    anchors: bytes
    articles: bytes
    many: Sequence[tuple[int, list[int]]]


class AnchorTable:
    """Which articles (by number, from 0) hold which 32-bit anchors. A pair is in it once at most."""

    __slots__ = ("_anchors", "_articles", "_bits", "_many", "_mask", "_taken")

    def __init__(self) -> None:
        self._set_size(SMALLEST)
        self._many: dict[int, list[int]] = {}
        self._taken = 0

    def _set_size(self, slots: int) -> None:
        self._bits = 32 - (slots.bit_length() - 1)
        self._mask = slots - 1
        self._anchors = array("I", bytes(4 * slots))
        self._articles = array("i", b"\xff" * (4 * slots))

    def _home(self, anchor: int) -> int:
        return ((anchor * _SPREAD) & 0xFFFFFFFF) >> self._bits

    def slots(self) -> Slots:
        """A copy of all that the table holds."""
        return Slots(
            self._anchors.tobytes(),
            self._articles.tobytes(),
            [(anchor, list(held)) for anchor, held in self._many.items()],
        )

    def restore(self, size: int, start: int, slots: Slots) -> None:
        """Put back a stretch of a copy of a table of `size` slots, from its slot `start` on; the one from 0 on comes first.

        Raises ValueError for what is none.
        """
        if start == 0:
            if size < SMALLEST or size & (size - 1):
                raise ValueError(f"a table of {size} slots")
            self._set_size(size)
            self._taken = 0
        end = start + len(slots.anchors) // 4
        if self._mask + 1 != size or end > size or len(slots.articles) != len(slots.anchors):
            raise ValueError(
                f"a stretch of {len(slots.anchors)} and {len(slots.articles)} bytes at slot {start} of {size}"
            )
        self._anchors[start:end] = array("I", slots.anchors)
        articles = array("i", slots.articles)
        self._articles[start:end] = articles
        self._taken += len(articles) - articles.count(_EMPTY)
        if self._taken * 4 > size * 3:
            raise ValueError(f"a table of {size} slots of which {self._taken} are taken")

    def restore_many(self, many: Sequence[tuple[int, list[int]]]) -> None:
        """Put back lists of a copy."""
        self._many.update(many)

    def holders(self, anchor: int) -> Sequence[int]:
        """The articles that hold the anchor, in no order unless they are many: then in the order of `add`. Not to be kept."""
        anchors, articles, mask = self._anchors, self._articles, self._mask
        found = []
        slot = ((anchor * _SPREAD) & 0xFFFFFFFF) >> self._bits
        while (article := articles[slot]) != _EMPTY:
            if anchors[slot] == anchor:
                if article == _MANY:
                    return self._many[anchor]
                found.append(article)
            slot = (slot + 1) & mask
        return found

    def add(self, anchor: int, article: int, order: Callable[[int], object]) -> Sequence[int]:
        """Note that the article holds the anchor; all its holders then, as `holders` gives them. `order` says in which order a
        list of many is kept."""
        anchors, articles, mask = self._anchors, self._articles, self._mask
        slot = ((anchor * _SPREAD) & 0xFFFFFFFF) >> self._bits
        found = []
        known = False
        while (held := articles[slot]) != _EMPTY:
            if anchors[slot] == anchor:
                if held == _MANY:
                    _insert(self._many[anchor], article, order)
                    return self._many[anchor]
                found.append(held)
                known = known or held == article
            slot = (slot + 1) & mask
        if known:
            return found
        found.append(article)
        if len(found) <= INLINE:
            self._put_at(slot, anchor, article)
            return found
        for held in found[:-1]:
            self._take(anchor, held)
        many = self._many[anchor] = sorted(found, key=order)  # type: ignore[arg-type]
        self._put(anchor, _MANY)
        return many

    def discard(self, anchor: int, article: int) -> None:
        """The article no longer holds the anchor, if it did."""
        many = self._many.get(anchor)
        if many is None:
            self._take(anchor, article)
        elif article in many:
            many.remove(article)
            if not many:
                del self._many[anchor]
                self._take(anchor, _MANY)

    def _put(self, anchor: int, article: int) -> None:
        slot = self._home(anchor)
        while self._articles[slot] != _EMPTY:
            slot = (slot + 1) & self._mask
        self._put_at(slot, anchor, article)

    def _put_at(self, slot: int, anchor: int, article: int) -> None:
        """Into an empty slot that a search for the anchor leads to."""
        self._anchors[slot] = anchor
        self._articles[slot] = article
        self._taken += 1
        if self._taken * 4 > (self._mask + 1) * 3:
            self._grow()

    def _take(self, anchor: int, article: int) -> None:
        anchors, articles, mask = self._anchors, self._articles, self._mask
        slot = self._home(anchor)
        while articles[slot] != article or anchors[slot] != anchor:
            if articles[slot] == _EMPTY:
                return
            slot = (slot + 1) & mask
        # Whatever stands behind the gap and may not (its home is at or before the gap) moves into it.
        behind = slot
        while True:
            behind = (behind + 1) & mask
            if articles[behind] == _EMPTY:
                break
            if (behind - self._home(anchors[behind])) & mask >= (behind - slot) & mask:
                anchors[slot], articles[slot] = anchors[behind], articles[behind]
                slot = behind
        articles[slot] = _EMPTY
        self._taken -= 1

    def _grow(self) -> None:
        """Twice the slots. In one go with arrays, since a table of a million anchors would take a second one by one."""
        anchors, articles = np.array(self._anchors), np.array(self._articles)
        taken = articles != _EMPTY
        anchors, articles = anchors[taken], articles[taken]
        self._set_size(2 * (self._mask + 1))
        homes = ((anchors.astype(np.uint64) * np.uint64(_SPREAD)) & np.uint64(0xFFFFFFFF)) >> np.uint64(self._bits)
        order = np.argsort(homes, kind="stable")
        homes = homes[order].astype(np.int64)
        # Each in its home or right behind the one before it; what would stand behind the last slot is put in singly.
        places = np.maximum.accumulate(homes - np.arange(len(homes))) + np.arange(len(homes))
        inside = places <= self._mask
        for table, values in ((self._anchors, anchors), (self._articles, articles)):
            np.frombuffer(table, dtype=values.dtype)[places[inside]] = values[order][inside]
        self._taken = int(inside.sum())
        for anchor, article in zip(anchors[order][~inside].tolist(), articles[order][~inside].tolist(), strict=True):
            self._put(anchor, article)


def _insert(many: list[int], article: int, order: Callable[[int], object]) -> None:
    low, high, mine = 0, len(many), order(article)
    while low < high:
        middle = (low + high) // 2
        if order(many[middle]) < mine:  # type: ignore[operator]
            low = middle + 1
        else:
            high = middle
    if article not in many[low : low + 1]:
        many.insert(low, article)
