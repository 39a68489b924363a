"""The states of dedupe in parts, to be kept on a disk: what was read of the records, so that it need not be read again.

Of the index these are its articles with the numbers that its table has for them, and then the table as it is; of the
answers, all that is known of some articles.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

import msgspec

from agents.dedupe.held import About, Held
from agents.dedupe.index import Index
from agents.dedupe.resolve import Known, Resolution, Version
from agents.dedupe.table import Slots
from streams.records import Candidate, Matches

VERSION = 1
"""Of all that is written here, and of what is read of a text (`wirecopy/sketch.py`): it grows with every change of either."""
ARTICLES = 500
"""In one part: a few milliseconds."""
CANDIDATES = 2_000
"""In one part, or of one article: some hundred bytes each, and some milliseconds for all."""
SLOTS = 1 << 18
"""In one part: 2 MB."""
LISTS = 2_000


class Articles(msgspec.Struct, array_like=True, tag=1):
    """Some articles of the index. A row is number, article, version, published, place in `about`, and the packed sketch."""

    about: list[About]
    rows: list[tuple[int, str, int, int, int, bytes, bytes]]


class Stretch(msgspec.Struct, array_like=True, tag=2):
    """Slots of the table from `start` on; it has `size`."""

    size: int
    start: int
    anchors: bytes
    articles: bytes


class Lists(msgspec.Struct, array_like=True, tag=3):
    """The holders of anchors that very many hold, in order."""

    lists: list[tuple[int, list[int]]]


class Said(msgspec.Struct, array_like=True):
    """All that is known of one version of an article, and what the partitions say of its candidates."""

    about: Matches
    asked: list[int]
    answered: list[int]
    candidates: list[tuple[int, Candidate]]


_encoder = msgspec.msgpack.Encoder()
_index_decoder: msgspec.msgpack.Decoder[Articles | Stretch | Lists] = msgspec.msgpack.Decoder(
    Articles | Stretch | Lists
)
_said_decoder = msgspec.msgpack.Decoder(list[list[Said]])
T = TypeVar("T")


def version_with(window_hours: float) -> str:
    """The window decides what was let go."""
    return f"{VERSION}, {window_hours:g} h"


def dump_index(state: Index) -> Iterator[bytes]:
    """The first part copies what may change; articles never do."""
    articles, slots = state.articles(), state.slots()
    for some in _batches(articles, ARTICLES):
        # By identity: descriptions are held once for all that have them.
        about = {id(held.about): held.about for _, held in some}
        places = {one: place for place, one in enumerate(about)}
        rows = [
            (number, held.article, held.version, held.published, places[id(held.about)], *held.packed)
            for number, held in some
        ]
        yield _encoder.encode(Articles(list(about.values()), rows))
    size = len(slots.anchors) // 4
    for start in range(0, size, SLOTS):
        stretch = slice(4 * start, 4 * (start + SLOTS))
        yield _encoder.encode(Stretch(size, start, slots.anchors[stretch], slots.articles[stretch]))
    for lists in _batches(slots.many, LISTS):
        yield _encoder.encode(Lists(lists))


def load_index(state: Index, part: bytes) -> None:
    found = _index_decoder.decode(part)
    if isinstance(found, Articles):
        about = [state.pool.about(one) for one in found.about]
        for number, article, version, published, place, hashes, rest in found.rows:
            state.restore(number, Held(article, version, published, about[place], (hashes, rest)))
    elif isinstance(found, Stretch):
        state.restore_table(found.size, found.start, Slots(found.anchors, found.articles, []))
    else:
        state.restore_table(0, 0, Slots(b"", b"", found.lists))


def dump_resolution(state: Resolution) -> Iterator[bytes]:
    some: list[list[Said]] = []
    candidates = 0
    for known in state.everything():
        some.append([_said(version) for version in known.versions.values()])
        # A story with a thousand copies has up to a thousand candidates for each of them.
        candidates += 1 + sum(len(said.candidates) for said in some[-1])
        if candidates >= CANDIDATES:
            yield _encoder.encode(some)
            some, candidates = [], 0
    if some:
        yield _encoder.encode(some)


def load_resolution(state: Resolution, part: bytes) -> None:
    for versions in _said_decoder.decode(part):
        known = Known()
        for said in versions:
            version = known.versions[said.about.version] = Version(
                said.about, frozenset(said.asked), frozenset(said.answered)
            )
            for partition, candidate in said.candidates:
                version.take(candidate, partition)
        state.restore(versions[0].about, known)


def _batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    rest = iter(items)
    while some := list(islice(rest, size)):
        yield some


def _said(version: Version) -> Said:
    candidates = [item for named in version.candidates.values() for item in named.by_partition.items()]
    return Said(version.about, list(version.asked), list(version.answered), candidates)
