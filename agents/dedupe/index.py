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
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from agents.dedupe.ageing import HOUR, LATENESS_HOURS, Ageing, published_of
from agents.dedupe.held import About, Held, Pool, shared_with, text_from_packed, text_of
from agents.dedupe.table import INLINE, AnchorTable, Slots
from streams.records import Anchors, Candidate, Matches
from wirecopy import bitmaps
from wirecopy.relation import QUOTED, Overlap, is_candidate, may_be_one, overlap_at, places_in
from wirecopy.sketch import Packed, Sketch, packed_from

EARLIEST = 32
"""Articles that one anchor can lead to. Anchors are the smallest of some 70 hashes, and copies share several; measured
on the generated set of `bench/copies.py`, 8 already find the same origins."""
FEW_OTHERS = 4
"""So many are compared at once; of more those that share too little are left out first, all in one pass."""


_Places = dict[int, tuple[list[int], dict[int, int]]]
"""For an anchor the numbers of its holders, the earliest first, and the place of each there, by the identity of what is held."""

_GONE = Held("", 0, 0, About("usable", "", "", (), (), None), packed_from(Sketch("", "", "", "", "")))
"""Stands where no article has the number any more."""


class Index:
    """The state of one partition. Partitions of one process share the `pool`."""

    __slots__ = ("_ageing", "_held", "_table", "_unused", "_window", "pool")

    def __init__(self, window_hours: float, pool: Pool | None = None) -> None:
        self._window = int(window_hours * HOUR)
        self.pool = Pool() if pool is None else pool
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
        return self._hold(question)[0]

    def _hold(self, question: Anchors) -> tuple[Held | None, list[Sequence[int]]]:
        """The article of a question, held now, and for each of its anchors all that hold it."""
        if not question.anchors:
            return None, []
        held = self.pool.held(question)
        anchors = list(dict.fromkeys([anchor >> 32 for anchor in question.anchors]))
        for number in self._table.holders(anchors[0]):
            known = self._at(number)
            if known is held or (known.article == held.article and known.is_same(held)):
                return known, [self._table.holders(anchor) for anchor in anchors]
        if self._unused:
            number = self._unused.pop()
            self._held[number] = held
        else:
            number = len(self._held)
            self._held.append(held)
        holders = [self._table.add(anchor, number, self._order) for anchor in anchors]
        self._ageing.add(held.published, number)
        expired = self._ageing.expired()
        for old in expired:
            self._remove(old)
        return held, [self._table.holders(anchor) for anchor in anchors] if expired else holders

    def articles(self) -> Iterator[tuple[int, Held]]:
        """What is held now, with its number: copied here and gone through later."""
        now = list(self._held)
        return ((number, held) for number, held in enumerate(now) if held is not _GONE)

    def slots(self) -> Slots:
        """A copy of the table of anchors."""
        return self._table.slots()

    def restore(self, number: int, held: Held) -> None:
        """Hold an article under the number that it had when the table was copied. Numbers only grow."""
        if number < len(self._held):
            raise ValueError(f"number {number} comes after {len(self._held) - 1}")
        while len(self._held) < number:
            self._unused.append(len(self._held))
            self._held.append(_GONE)
        held = self.pool.restored(held)
        self._held.append(held)
        self._ageing.add(held.published, number)

    def restore_table(self, size: int, start: int, slots: Slots) -> None:
        """Put back a stretch of a copy of the table (`AnchorTable.restore`), and lists. Raises ValueError."""
        if slots.anchors:
            self._table.restore(size, start, slots)
        self._table.restore_many(slots.many)

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

    def _in_order(self, holders: Sequence[int]) -> Sequence[int]:
        """The holders of an anchor, the earliest first. Not to be kept."""
        # Long lists are kept in order.
        return holders if len(holders) > INLINE else sorted(holders, key=self._order)

    def answers(self, question: Anchors) -> list[Matches]:
        """Hold the article, and answer: for itself, then for each later article that must hear of it.

        Raises ValueError for a fingerprint or figures that are none.
        """
        mine, holders = self._hold(question)
        told: dict[int, tuple[Held, dict[int, Candidate]]] = {}
        if mine is None:
            return [_matches_of_question(question)]
        earlier, later, pushed_out = self._neighbours(mine, holders)
        for other in _alike(mine, earlier):
            _tell(told, mine, other)
        for other in _alike(mine, later):
            _tell(told, other, mine)
        places: _Places = {}
        for other, out in pushed_out:
            _tell(told, other, out, crowded=not self._counts(out, other, places))
        own = told.pop(id(mine), (mine, {}))
        # In an order of their own: in which order holders stand here depends on the order in which they came.
        others = sorted(told.values(), key=lambda one: one[0].order())
        return [_matches(held, question.partition, list(candidates.values())) for held, candidates in (own, *others)]

    def _neighbours(
        self, mine: Held, holders: Sequence[Sequence[int]]
    ) -> tuple[list[Held], list[Held], list[tuple[Held, Held]]]:
        """Earlier articles that count for this one, later ones for which this one counts, and pairs (later one, article
        that no longer counts for it since this one does)."""
        earlier: dict[int, Held] = {}
        later: dict[int, Held] = {}
        pushed_out: dict[tuple[int, int], tuple[Held, Held]] = {}
        order, published, window = mine.order(), mine.published, self._window
        for found in holders:
            if len(found) <= EARLIEST:
                # The usual case by far, and in no order: none is pushed out of so few.
                for number in found:
                    held = self._held[number]
                    if held is mine or abs(held.published - published) > window:
                        continue
                    (earlier if held.order() < order else later)[id(held)] = held
                continue
            numbers = self._in_order(found)
            place = bisect_left(numbers, order, key=self._order)
            start = self._start(numbers, mine)
            for number in numbers[start : min(start + EARLIEST, place)]:
                held = self._at(number)
                earlier[id(held)] = held
            end = bisect_right(numbers, published + window, key=self._published)
            if end == place + 1 or place - self._start(numbers, self._at(numbers[end - 1])) >= EARLIEST:
                continue
            start, opening = 0, self._published(numbers[0])
            for position in range(place + 1, end):
                held = self._at(numbers[position])
                # Later ones have later windows: their first holder is looked for from that of the one before on.
                while len(numbers) > EARLIEST and opening < held.published - window:
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
        for value in _shared_hashes(earlier.packed, later.packed):
            if value not in places:
                numbers = list(self._in_order(self._table.holders(value)))
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
def _shared_hashes(one: Packed, other: Packed) -> list[int]:
    """Hashes that two texts share, by what is held of them."""
    hashes, others = text_from_packed(one).hashes, text_from_packed(other).hashes
    return sorted(set(hashes.tolist()) & set(others.tolist()))


def _alike(mine: Held, others: Sequence[Held]) -> list[Held]:
    """Those with which an article is compared: of many only those that share more than next to nothing."""
    if len(others) <= FEW_OTHERS:
        return list(others)
    ours = text_of(mine)
    size = len(ours.hashes)
    return [
        other
        for other, shared in zip(others, shared_with(ours, others), strict=True)
        if shared >= QUOTED or shared == size or other.article == mine.article
    ]


@lru_cache(maxsize=1024)
def _overlap(later: Packed, earlier: Packed, *, one_article: bool) -> tuple[Overlap, str] | None:
    """What two texts have in common, and which hashes of the later one; None if that is too little. Copies of one text ask
    for it again and again.

    Of its own earlier versions an article is told in any case: what is new in it is new against them.
    """
    one, other = text_from_packed(later), text_from_packed(earlier)
    hits, places = places_in(one, other)
    if not one_article:
        # Most that share an anchor share little else: seen before anything is counted that only a candidate is told.
        shared = len(places)
        quoting = shared >= QUOTED and one.speech_size and other.speech_size
        if not quoting and not may_be_one(shared, len(one.hashes), len(other.hashes)):
            return None
    overlap = overlap_at(one, other, hits, places)
    return (overlap, bitmaps.to_text(hits)) if one_article or is_candidate(overlap) else None


@lru_cache(maxsize=1024)
def _candidate(later: Held, earlier: Held) -> Candidate | None:
    """What the later article is told of the earlier one; None where they have too little in common.

    Two that share several anchors are compared for several partitions, in one process at about the same time.
    """
    compared = _overlap(later.packed, earlier.packed, one_article=later.article == earlier.article)
    if compared is None:
        return None
    overlap, found = compared
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
