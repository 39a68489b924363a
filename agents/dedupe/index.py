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

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from agents.dedupe.ageing import HOUR, LATENESS_HOURS, Ageing, published_of, seconds_of
from agents.dedupe.sketches import overlaps, reversed_overlap, sketch_of
from streams.records import Anchors, ArticleStatus, Candidate, Matches, Notice
from wirecopy.relation import Overlap, is_candidate

EARLIEST = 32
"""Articles that one anchor can lead to. Anchors are the smallest of some 70 hashes, and copies share several; measured
on the generated set of `bench/copies.py`, 8 already find the same origins."""
_ALIKE = 50_000
"""Most distinct descriptions that are kept once for all articles that have them."""


@dataclass(frozen=True, slots=True)
class About:
    """What articles of one outlet mostly have in common: held once."""

    status: ArticleStatus
    outlet: str
    family: str
    agencies: tuple[str, ...]
    asked: tuple[int, ...]
    notice: Notice | None


class Held:
    """One version of an article in this partition. `published` is in seconds since 1970."""

    __slots__ = ("about", "anchors", "article", "published", "sketch", "version")

    def __init__(
        self, article: str, version: int, published: int, about: About, anchors: tuple[int, ...], sketch: bytes
    ) -> None:
        self.article = article
        self.version = version
        self.published = published
        self.about = about
        self.anchors = anchors
        self.sketch = sketch

    def order(self) -> tuple[int, str, int, bytes]:
        """Earlier articles first. The sketch is last, for two texts that claim to be the same version."""
        return self.published, self.article, self.version, self.sketch


class Index:
    """The state of one partition."""

    __slots__ = ("_about", "_ageing", "_by_anchor", "_by_article", "_window")

    def __init__(self, window_hours: float) -> None:
        self._window = int(window_hours * HOUR)
        self._by_anchor: dict[int, Held | list[Held]] = {}
        self._by_article: dict[str, Held | list[Held]] = {}
        self._about: dict[About, About] = {}
        self._ageing: Ageing[Held] = Ageing(window_hours + LATENESS_HOURS)

    def __len__(self) -> int:
        """Versions of articles held."""
        return self._ageing.held

    def add(self, question: Anchors) -> Held | None:
        """Hold the article of a question; None where it has no anchors here and shares text with none."""
        if not question.anchors:
            return None
        about = About(
            question.status, question.outlet, question.family, question.agencies, question.asked, question.notice
        )
        if len(self._about) > _ALIKE:
            self._about.clear()
        new = Held(
            _once(question.article),
            question.version,
            seconds_of(question.published),
            self._about.setdefault(about, about),
            question.anchors,
            sketch_of(question.fingerprint),
        )
        known = self._by_article.get(new.article)
        for same in _each(known):
            if same.order() == new.order() and same.about == new.about and same.anchors == new.anchors:
                return same
        self._by_article[new.article] = new if known is None else [*_each(known), new]
        for anchor in new.anchors:
            holders = self._by_anchor.get(anchor)
            if holders is None:
                self._by_anchor[anchor] = new
            elif isinstance(holders, list):
                insort(holders, new, key=Held.order)
            else:
                self._by_anchor[anchor] = sorted((holders, new), key=Held.order)
        self._ageing.add(new.published, new)
        for old in self._ageing.expired():
            self._remove(old)
        return new

    def _remove(self, old: Held) -> None:
        for table, keys in ((self._by_anchor, old.anchors), (self._by_article, (old.article,))):
            for key in keys:
                left = [held for held in _each(table[key]) if held is not old]  # type: ignore[index]
                if len(left) > 1:
                    table[key] = left  # type: ignore[index]
                elif left:
                    table[key] = left[0]  # type: ignore[index]
                else:
                    del table[key]  # type: ignore[arg-type]

    def answers(self, question: Anchors) -> list[Matches]:
        """Hold the article, and answer: for itself, then for each later article that must hear of it."""
        mine = self.add(question)
        told: dict[int, tuple[Held, dict[int, Candidate]]] = {}
        if mine is None:
            return [_matches_of_question(question)]
        earlier, later, pushed_out = self._neighbours(mine)
        for other, found in zip(earlier, overlaps(mine.sketch, [held.sketch for held in earlier]), strict=True):
            self._tell(told, mine, other, found)
        for other, found in zip(later, overlaps(mine.sketch, [held.sketch for held in later]), strict=True):
            self._tell(told, other, mine, reversed_overlap(found))
        for other, out in pushed_out:
            self._tell(told, other, out, overlaps(other.sketch, [out.sketch])[0])
        own = told.pop(id(mine), (mine, {}))
        return [
            _matches(held, question.partition, list(candidates.values())) for held, candidates in (own, *told.values())
        ]

    def _tell(
        self, told: dict[int, tuple[Held, dict[int, Candidate]]], later: Held, earlier: Held, found: Overlap
    ) -> None:
        if is_candidate(found):
            candidate = _candidate(earlier, found, crowded=not self._counts(earlier, later))
            told.setdefault(id(later), (later, {}))[1][id(earlier)] = candidate

    def _neighbours(self, mine: Held) -> tuple[list[Held], list[Held], list[tuple[Held, Held]]]:
        """Earlier articles that count for this one, later ones for which this one counts, and pairs (later one, article
        that no longer counts for it since this one does)."""
        earlier: dict[int, Held] = {}
        later: dict[int, Held] = {}
        pushed_out: dict[tuple[int, int], tuple[Held, Held]] = {}
        for anchor in mine.anchors:
            holders = self._by_anchor[anchor]
            if not isinstance(holders, list):
                continue
            place = bisect_left(holders, mine.order(), key=Held.order)
            start = self._start(holders, mine)
            for held in holders[start : min(start + EARLIEST, place)]:
                earlier[id(held)] = held
            end = bisect_right(holders, mine.published + self._window, key=_published)
            if end == place + 1 or place - self._start(holders, holders[end - 1]) >= EARLIEST:
                continue
            for position in range(place + 1, end):
                held = holders[position]
                start = self._start(holders, held) if len(holders) > EARLIEST else 0
                if place - start >= EARLIEST:
                    continue
                later[id(held)] = held
                if start + EARLIEST < position:
                    out = holders[start + EARLIEST]
                    pushed_out[id(held), id(out)] = (held, out)
        return list(earlier.values()), list(later.values()), list(pushed_out.values())

    def _start(self, holders: list[Held], held: Held) -> int:
        """Place of the first holder within the window before an article."""
        return bisect_left(holders, held.published - self._window, key=_published)

    def _counts(self, earlier: Held, later: Held) -> bool:
        """Whether one of the anchors that two articles share still has `earlier` among its earliest for `later`."""
        for anchor in earlier.anchors:
            if anchor not in later.anchors:
                continue
            holders = self._by_anchor[anchor]
            if not isinstance(holders, list) or len(holders) <= EARLIEST:
                return True
            if bisect_left(holders, earlier.order(), key=Held.order) - self._start(holders, later) < EARLIEST:
                return True
        return False


@lru_cache(maxsize=256)
def _once(article: str) -> str:
    """The id as the first partition of this process held it, so that all hold one object."""
    return article


def _published(held: Held) -> int:
    return held.published


def _each(held: Held | list[Held] | None) -> Iterator[Held]:
    if isinstance(held, list):
        yield from held
    elif held is not None:
        yield held


def _candidate(held: Held, found: Overlap, *, crowded: bool) -> Candidate:
    return Candidate(
        article=held.article,
        version=held.version,
        published=published_of(held.published),
        outlet=held.about.outlet,
        family=held.about.family,
        agencies=held.about.agencies,
        contained=found.contained,
        containing=found.containing,
        shared=found.shared,
        crowded=crowded,
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
