"""One partition of the index of copies: anchors to the articles that hold them.

The state is a set of articles, each with its anchors in this partition: a union, so the order of arrival and doubles do
not matter. An answer tells an article every *earlier* one - by (published, id) - that shares an anchor with it, lies
within the window, and overlaps enough. An article that arrives late makes the index answer again for the later ones.

Anchors that very many articles hold (an outlet's standing text, a template) would make every answer long. So for each
anchor only the `EARLIEST` articles within the window before an article count for it. This is a property of the set of
articles, not of their order: when a late, earlier one pushes another out of that number, the articles that may have been
told of it are told that it is `crowded` out. A story that hundreds of outlets copy loses nothing, since its origin is
among the earliest.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np

from agents.dedupe.ageing import HOUR, LATENESS_HOURS, Ageing, published_of
from agents.dedupe.held import About, Held, Packed, Pool, shared_with, text_of, unpacked
from agents.dedupe.table import INLINE, AnchorTable
from streams.records import Anchors, Candidate, Matches
from wirecopy import bitmaps
from wirecopy.relation import QUOTED, Overlap, is_candidate, may_be_one, overlap_at, places_in
from wirecopy.sketch import Text

EARLIEST = 32
"""Articles that one anchor can lead to. Anchors are the smallest of some 70 hashes, and copies share several; measured
on the generated set of `bench/copies.py`, 8 already find the same origins."""
FEW_OTHERS = 2
"""So many are compared at once; of more those that share too little are left out first, all in one pass."""


_Places = dict[int, tuple[list[int], dict[int, int]]]
"""For an anchor the numbers of its holders, the earliest first, and the place of each there, by the identity of what is held."""

_GONE = Held("", 0, 0, About("usable", "", "", (), (), None), (b"", b"", b"", b"", b""))
"""Stands where no article has the number any more."""


class Index:
    """The state of one partition. Partitions of one process share the `pool`."""

    __slots__ = ("_ageing", "_held", "_pool", "_table", "_unused", "_window")

    def __init__(self, window_hours: float, pool: Pool | None = None) -> None:
        self._window = int(window_hours * HOUR)
        self._pool = Pool() if pool is None else pool
        self._table = AnchorTable()
        self._held: list[Held] = []
        """By the number that the table has for an article; numbers of those that were let go are given again."""
        self._unused: list[int] = []
        self._ageing: Ageing[int] = Ageing(window_hours + LATENESS_HOURS)

    def __len__(self) -> int:
        """Versions of articles held."""
        return self._ageing.held

    def add(self, question: Anchors) -> Held | None:
        """Hold the article of a question; None where it has no anchors here and shares text with none.

        Raises ValueError for a fingerprint or figures that are none.
        """
        if not question.anchors:
            return None
        new = self._pool.held(question)
        anchors = _halves(question.anchors)
        for number in self._table.holders(anchors[0]):
            known = self._at(number)
            if known is new or (known.article == new.article and known.is_same(new)):
                return known
        if self._unused:
            number = self._unused.pop()
            self._held[number] = new
        else:
            number = len(self._held)
            self._held.append(new)
        for anchor in anchors:
            self._table.add(anchor, number, self._order)
        self._ageing.add(new.published, number)
        for old in self._ageing.expired():
            self._remove(old)
        return new

    def _at(self, number: int) -> Held:
        return self._held[number]

    def _order(self, number: int) -> tuple[int, str, int, bytes]:
        return self._held[number].order()

    def _remove(self, number: int) -> None:
        # Which of its hashes were its anchors here is not kept: the table knows.
        for value in text_of(self._at(number)).hashes.tolist():
            self._table.discard(value, number)
        self._held[number] = _GONE
        self._unused.append(number)

    def _holders(self, anchor: int) -> Sequence[int]:
        """The numbers of the articles that hold an anchor, the earliest first. Not to be kept."""
        numbers = self._table.holders(anchor)
        # Most anchors have one holder, and long lists are kept in order.
        return numbers if len(numbers) < 2 or len(numbers) > INLINE else sorted(numbers, key=self._order)

    def answers(self, question: Anchors) -> list[Matches]:
        """Hold the article, and answer: for itself, then for each later article that must hear of it.

        Raises ValueError for a fingerprint or figures that are none.
        """
        mine = self.add(question)
        told: dict[int, tuple[Held, dict[int, Candidate]]] = {}
        if mine is None:
            return [_matches_of_question(question)]
        text = text_of(mine)
        earlier, later, pushed_out = self._neighbours(mine, _halves(question.anchors))
        for other in _alike(text, mine, earlier):
            _tell(told, mine, other)
        for other in _alike(text, mine, later):
            _tell(told, other, mine)
        places: _Places = {}
        for other, out in pushed_out:
            _tell(told, other, out, crowded=not self._counts(out, other, places))
        own = told.pop(id(mine), (mine, {}))
        return [
            _matches(held, question.partition, list(candidates.values())) for held, candidates in (own, *told.values())
        ]

    def _neighbours(self, mine: Held, anchors: Sequence[int]) -> tuple[list[Held], list[Held], list[tuple[Held, Held]]]:
        """Earlier articles that count for this one, later ones for which this one counts, and pairs (later one, article
        that no longer counts for it since this one does)."""
        earlier: dict[int, Held] = {}
        later: dict[int, Held] = {}
        pushed_out: dict[tuple[int, int], tuple[Held, Held]] = {}
        for anchor in anchors:
            numbers = self._holders(anchor)
            if len(numbers) < 2:
                continue
            if len(numbers) == 2:
                # The usual case by far, without the searches: none is pushed out of two.
                first, second = self._at(numbers[0]), self._at(numbers[1])
                if second.published - first.published <= self._window:
                    if second is mine:
                        earlier[id(first)] = first
                    else:
                        later[id(second)] = second
                continue
            place = bisect_left(numbers, mine.order(), key=self._order)
            start = self._start(numbers, mine)
            for number in numbers[start : min(start + EARLIEST, place)]:
                held = self._at(number)
                earlier[id(held)] = held
            end = bisect_right(numbers, mine.published + self._window, key=self._published)
            if end == place + 1 or place - self._start(numbers, self._at(numbers[end - 1])) >= EARLIEST:
                continue
            start, opening = 0, self._published(numbers[0])
            for position in range(place + 1, end):
                held = self._at(numbers[position])
                # Later ones have later windows: their first holder is looked for from that of the one before on.
                while len(numbers) > EARLIEST and opening < held.published - self._window:
                    start += 1
                    opening = self._published(numbers[start])
                if place - start >= EARLIEST:
                    continue
                later[id(held)] = held
                if start + EARLIEST < position:
                    out = self._at(numbers[start + EARLIEST])
                    pushed_out[id(held), id(out)] = (held, out)
        return list(earlier.values()), list(later.values()), list(pushed_out.values())

    def _published(self, number: int) -> int:
        return self._at(number).published

    def _start(self, numbers: Sequence[int], held: Held) -> int:
        """Place of the first holder within the window before an article."""
        return bisect_left(numbers, held.published - self._window, key=self._published)

    def _counts(self, earlier: Held, later: Held, places: _Places) -> bool:
        """Whether one of the anchors that two articles share still has `earlier` among its earliest for `later`.

        `places` keeps what was asked for: one late article may push another out for thousands of copies.
        """
        for value in _shared_hashes(earlier.sketch, later.sketch):
            if value not in places:
                numbers = list(self._holders(value))
                places[value] = numbers, {id(self._at(number)): place for place, number in enumerate(numbers)}
            numbers, place_of = places[value]
            place = place_of.get(id(earlier))
            if place is None or id(later) not in place_of:
                continue
            # Only where that many stand before it does it matter which of them are within the window.
            if place < EARLIEST or place - self._start(numbers, later) < EARLIEST:
                return True
        return False


@lru_cache(maxsize=1024)
def _shared_hashes(one: bytes, other: bytes) -> list[int]:
    """Hashes that two texts share, by what is held of them."""
    return sorted(set(np.frombuffer(one, dtype="<u4").tolist()) & set(np.frombuffer(other, dtype="<u4").tolist()))


def _halves(anchors: Sequence[int]) -> list[int]:
    """Anchors as the index keeps them, each once."""
    return list(dict.fromkeys(anchor >> 32 for anchor in anchors))


def _alike(ours: Text, mine: Held, others: Sequence[Held]) -> list[Held]:
    """Those that may have enough in common with an article to be told of. In all that quote, the quotations are compared."""
    if len(others) <= FEW_OTHERS:
        return list(others)
    return [
        other
        for other, shared in zip(others, shared_with(ours, others), strict=True)
        if may_be_one(shared, len(ours.hashes), len(other.sketch) // 4)
        or other.article == mine.article
        or (shared >= QUOTED and mine.speech and other.speech)
    ]


@lru_cache(maxsize=1024)
def _overlap(later: Packed, earlier: Packed) -> tuple[Overlap, str]:
    """What two texts have in common, and which hashes of the later one. Copies of one text ask for it again and again."""
    one, other = unpacked(later), unpacked(earlier)
    hits, places = places_in(one, other)
    return overlap_at(one, other, hits, places), bitmaps.to_text(hits)


@lru_cache(maxsize=1024)
def _candidate(later: Held, earlier: Held) -> Candidate | None:
    """What the later article is told of the earlier one; None where they have too little in common.

    Two that share several anchors are compared for several partitions, in one process at about the same time.
    """
    overlap, found = _overlap(later.packed, earlier.packed)
    # Of its own earlier versions an article is told in any case: what is new in it is new against them.
    if not is_candidate(overlap) and later.article != earlier.article:
        return None
    about = earlier.about
    return Candidate(
        article=earlier.article,
        version=earlier.version,
        published=published_of(earlier.published),
        outlet=about.outlet,
        family=about.family,
        agencies=about.agencies,
        contained=overlap.contained,
        containing=overlap.containing,
        shared=overlap.shared,
        found=found,
        size=overlap.size,
        of=overlap.other,
        speech=overlap.speech,
        speech_size=overlap.speech_size,
        speech_of=overlap.speech_other,
        lead=overlap.lead,
        leads=overlap.leads,
        lead_size=overlap.lead_size,
        lead_of=overlap.lead_other,
        same_figures=overlap.same_figures,
        other_figures=overlap.other_figures,
        same_names=overlap.same_names,
        other_names=overlap.other_names,
    )


def _tell(
    told: dict[int, tuple[Held, dict[int, Candidate]]], later: Held, earlier: Held, *, crowded: bool = False
) -> None:
    candidate = _candidate(later, earlier)
    if candidate is not None:
        told.setdefault(id(later), (later, {}))[1][id(earlier)] = (
            replace(candidate, crowded=True) if crowded else candidate
        )


def _matches(held: Held, partition: int, candidates: list[Candidate]) -> Matches:
    return Matches(
        article=held.article,
        version=held.version,
        status=held.about.status,
        published=published_of(held.published),
        outlet=held.about.outlet,
        family=held.about.family,
        agencies=held.about.agencies,
        asked=held.about.asked,
        partition=partition,
        candidates=tuple(sorted(candidates, key=lambda one: (one.published, one.article, one.version))),
        notice=held.about.notice,
    )


def _matches_of_question(question: Anchors) -> Matches:
    return Matches(
        article=question.article,
        version=question.version,
        status=question.status,
        published=question.published,
        outlet=question.outlet,
        family=question.family,
        agencies=question.agencies,
        asked=question.asked,
        partition=question.partition,
        candidates=(),
        notice=question.notice,
    )
