"""Articles as the index holds them: once in a process, whichever of its partitions hold them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from weakref import WeakValueDictionary

import numpy as np

from agents.dedupe.ageing import seconds_of
from streams.records import Anchors, ArticleStatus, Notice
from wirecopy.sketch import Packed, Sketch, Text, packed_from, unpacked

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


_AboutFields = tuple[ArticleStatus, str, str, tuple[str, ...], tuple[int, ...], Notice | None]


class Held:
    """One version of an article. `published` is in seconds since 1970; `hashes` and `rest` are its sketch, packed."""

    __slots__ = ("__weakref__", "about", "article", "hashes", "published", "rest", "version")

    def __init__(self, article: str, version: int, published: int, about: About, packed: Packed) -> None:
        self.article = article
        self.version = version
        self.published = published
        self.about = about
        self.hashes, self.rest = packed

    @property
    def packed(self) -> Packed:
        """The sketch."""
        return self.hashes, self.rest

    def order(self) -> tuple[int, str, int, bytes]:
        """Earlier articles first. The hashes are last, for two texts that claim to be the same version."""
        return self.published, self.article, self.version, self.hashes

    def is_same(self, other: Held) -> bool:
        alike = self.order() == other.order() and self.rest == other.rest
        return alike and (self.about is other.about or self.about == other.about)


@lru_cache(maxsize=1024)
def text_from_packed(packed: Packed) -> Text:
    """A sketch ready to be compared. Partitions of one process ask for it at about the same time."""
    return unpacked(packed)


def text_of(held: Held) -> Text:
    """The sketch of an article ready to be compared."""
    return text_from_packed(held.packed)


class Pool:
    """The articles that the partitions of one process hold. What no partition holds any more goes by itself."""

    __slots__ = ("_about", "_articles")

    def __init__(self) -> None:
        self._articles: WeakValueDictionary[int, Held] = WeakValueDictionary()
        self._about: dict[_AboutFields, About] = {}

    def __len__(self) -> int:
        return len(self._articles)

    def held(self, question: Anchors) -> Held:
        """The article that asks, as it is held already, or new. Raises ValueError for what is no sketch of a text."""
        new = self._new(question)
        key = hash(new.order())
        known = self._articles.get(key)
        if known is not None and known.is_same(new):
            return known
        if known is None:
            self._articles[key] = new
        return new

    def restored(self, held: Held) -> Held:
        """An article that was kept on a disk, as it is held already, or as it is."""
        known = self._articles.setdefault(hash(held.order()), held)
        return known if known is held or known.is_same(held) else held

    def about(self, about: About) -> About:
        """The same description, as it is held already."""
        fields = about.status, about.outlet, about.family, about.agencies, about.asked, about.notice
        known = self._about.get(fields)
        if known is None:
            if len(self._about) >= _ALIKE:
                self._about.clear()
            known = self._about[fields] = about
        return known

    def _new(self, question: Anchors) -> Held:
        packed = _packed(question.fingerprint, question.speech, question.lead, question.figures, question.named)
        fields = (
            question.status,
            question.outlet,
            question.family,
            question.agencies,
            question.asked,
            question.notice,
        )
        about = self._about.get(fields) or self.about(About(*fields))
        return Held(question.article, question.version, seconds_of(question.published), about, packed)


@lru_cache(maxsize=256)
def _packed(fingerprint: str, speech: str, lead: str, figures: str, named: str) -> Packed:
    """An article asks several partitions at about the same time: its sketch is read once for all."""
    return packed_from(Sketch(fingerprint, speech, lead, figures, named))


def shared_with(ours: Text, others: Sequence[Held]) -> list[int]:
    """How many hashes of each of the others are among ours, in one pass over all of them. None may be empty."""
    if not others:
        return []
    held = [other.hashes for other in others]
    theirs = np.frombuffer(b"".join(held), dtype="<u4")
    starts = [size // 4 for size in accumulate(map(len, held[:-1]), initial=0)]
    # Whatever is larger than all of ours is looked for at our last, which it is not.
    hits = ours.hashes.take(ours.hashes.searchsorted(theirs), mode="clip") == theirs
    shared: list[int] = np.add.reduceat(hits, starts, dtype=np.intp).tolist()
    return shared
