"""Articles as the index holds them: once in a process, whichever of its partitions hold them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from weakref import WeakValueDictionary

import numpy as np

from agents.dedupe.ageing import seconds_of
from streams.records import Anchors, ArticleStatus, Notice
from wirecopy import bitmaps, figures, named
from wirecopy.sketch import Sketch, Text, bytes_from_text, text_from

_ALIKE = 50_000
"""Most distinct descriptions that are kept once for all articles that have them."""

Packed = tuple[bytes, bytes, bytes, bytes, bytes]
"""Of a sketch: hashes, speech, lead, figures and names."""


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
    """One version of an article. `published` is in seconds since 1970.

    `sketch` has the upper half of its hashes, four bytes each; `speech` and `lead` are bitmaps, empty where no bit is set.
    """

    __slots__ = (
        "__weakref__",
        "about",
        "article",
        "figures",
        "lead",
        "named",
        "published",
        "sketch",
        "speech",
        "version",
    )

    def __init__(self, article: str, version: int, published: int, about: About, packed: Packed) -> None:
        self.article = article
        self.version = version
        self.published = published
        self.about = about
        self.sketch, self.speech, self.lead, self.figures, self.named = packed

    def order(self) -> tuple[int, str, int, bytes]:
        """Earlier articles first. The sketch is last, for two texts that claim to be the same version."""
        return self.published, self.article, self.version, self.sketch

    @property
    def packed(self) -> Packed:
        """The sketch as it is held: of two copies of one text equal."""
        return self.sketch, self.speech, self.lead, self.figures, self.named

    def is_same(self, other: Held) -> bool:
        return self.order() == other.order() and self.about == other.about and self.packed == other.packed


@lru_cache(maxsize=1024)
def unpacked(packed: Packed) -> Text:
    """A sketch ready to be compared. Partitions of one process ask for it at about the same time."""
    sketch, speech, lead, kept_figures, names = packed
    hashes = np.frombuffer(sketch, dtype="<u4")
    spoken, leading = bitmaps.unpacked(speech, len(hashes)), bitmaps.unpacked(lead, len(hashes))
    return Text(
        hashes,
        spoken,
        leading,
        figures.from_bytes(kept_figures),
        named.from_bytes(names),
        int(np.count_nonzero(spoken)) if speech else 0,
        int(np.count_nonzero(leading)) if lead else 0,
    )


def text_of(held: Held) -> Text:
    """The sketch of an article ready to be compared."""
    return unpacked(held.packed)


class Pool:
    """The articles that the partitions of one process hold. What no partition holds any more goes by itself."""

    __slots__ = ("_about", "_articles")

    def __init__(self) -> None:
        self._articles: WeakValueDictionary[int, Held] = WeakValueDictionary()
        self._about: dict[About, About] = {}

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

    def _new(self, question: Anchors) -> Held:
        about = About(
            question.status, question.outlet, question.family, question.agencies, question.asked, question.notice
        )
        if len(self._about) > _ALIKE:
            self._about.clear()
        packed = _packed(Sketch(question.fingerprint, question.speech, question.lead, question.figures, question.named))
        return Held(
            question.article,
            question.version,
            seconds_of(question.published),
            self._about.setdefault(about, about),
            packed,
        )


@lru_cache(maxsize=256)
def _packed(sketch: Sketch) -> Packed:
    """A sketch as it is held. An article asks several partitions at about the same time: it is read once for all."""
    text = text_from(sketch)
    return (
        text.hashes.astype("<u4").tobytes(),
        bitmaps.packed(text.speech) if sketch.speech else b"",
        bitmaps.packed(text.lead) if sketch.lead else b"",
        bytes_from_text(sketch.figures),
        bytes_from_text(sketch.named),
    )


def shared_with(ours: Text, others: Sequence[Held]) -> list[int]:
    """How many hashes of each of the others are among ours, in one pass over all of them. None may be empty."""
    if not others:
        return []
    theirs = np.frombuffer(b"".join(other.sketch for other in others), dtype="<u4")
    sizes = [len(other.sketch) // 4 for other in others]
    places = ours.hashes.searchsorted(theirs)
    places[places == len(ours.hashes)] = 0
    starts = np.concatenate(([0], np.cumsum(sizes[:-1], dtype=np.intp)))
    shared: list[int] = np.add.reduceat((ours.hashes[places] == theirs).astype(np.int64), starts).tolist()
    return shared
