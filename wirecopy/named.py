"""The names of a short text by the words around them, and whether two texts that share their words name others there.

Notices of one template ("A storm warning is in force for Wales") share most of their words though they have no figures: what
tells them apart is whom and where they name. A name, a run of capitalised words, stands between two words before it and one
behind it; numbers and other names among these are left open, as they change as well. Two names of two texts *meet* if they stand
between the same words; then they are the same if they share a word ("Mr Lavrov" and "Sergei Lavrov"), or other ones. What a copy
adds or leaves out meets nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from struct import Struct

import xxhash

from wirecopy.figures import calendar_words
from wirecopy.fingerprint import words

KEPT = 32
"""Words of names kept of one text: 128 bytes."""
LONGEST = 200
"""Words of a text of which names are kept: notices of one template are short."""
RUN = 6
"""Words of a name at most: more is a headline in capitals."""
BEFORE = 2
REACH = 8
"""Words before a name among which the two are looked for: a name or a number before it counts as one."""

_NAMED = Struct("<HH")
_CHUNK = re.compile(r"\S+")
_BEGINS = re.compile(r"[.!?:…][\"”’»)\]']*$")
_STOPS = re.compile(r"[.,;:!?…)\]\"”»]['’]?$")
_POSSESSIVE = re.compile(r"['’]s?$")
_OPEN = "*"
"""Stands for a name or a number among the words around a name."""
_VOWELS = re.compile(r"(?<=.)[aeiouyhjw]")
_DOUBLED = re.compile(r"(.)\1+")

Named = tuple[int, int]
"""The words around a name and a word of it, as 16-bit hashes."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Places of two texts where names meet: at how many they are the same, at how many other ones."""

    same: int
    other: int


NONE_MEET = Compared(0, 0)


@dataclass(frozen=True, slots=True)
class _Word:
    """`words` as the fingerprint has them. `begins`: the first of its sentence; `stops`: no name goes on behind it."""

    words: tuple[str, ...]
    capital: bool
    begins: bool
    stops: bool


def named_in(paragraphs: Sequence[str]) -> tuple[Named, ...]:
    """The names of a text by the words around them, at most `KEPT` words of them; of a text of more than `LONGEST` words
    none.

    A word that begins a sentence is one only if it is capitalised elsewhere as well.
    """
    if sum(paragraph.count(" ") for paragraph in paragraphs) > LONGEST:
        return ()
    read = [list(_read(paragraph)) for paragraph in paragraphs]
    inside = {word for one in read for chunk in one if chunk.capital and not chunk.begins for word in chunk.words}
    found: list[Named] = []
    for one in read:
        for start, end in _runs(one):
            names = [word for chunk in one[start:end] for word in chunk.words if not chunk.begins or word in inside]
            if names and end - start <= RUN:
                around = _hash16(
                    " ".join(
                        (
                            *_around(one[max(0, start - REACH) : start])[-BEFORE:],
                            _OPEN,
                            *_around(one[end : end + 1])[:1],
                        )
                    )
                )
                found += [(around, _hash16(_spelled(name))) for name in dict.fromkeys(names)]
    return tuple(dict.fromkeys(found))[:KEPT]


def _read(paragraph: str) -> Iterator[_Word]:
    begins = True
    for chunk in _CHUNK.findall(paragraph):
        split, capital, stops, ends = _chunk(chunk)
        if split:
            yield _Word(split, capital, begins, stops)
            begins = ends


@lru_cache(maxsize=16_384)
def _chunk(chunk: str) -> tuple[tuple[str, ...], bool, bool, bool]:
    """The words of what stands between two spaces; whether it is capitalised, stops a name, ends a sentence. Most of a text
    are chunks that other texts have as well."""
    split = tuple(words(_POSSESSIVE.sub("", chunk)))
    letter = next((sign for sign in chunk if sign.isalnum()), "")
    capital = letter.isupper() and not set(split) & calendar_words()
    return split, capital, _STOPS.search(chunk) is not None, _BEGINS.search(chunk) is not None


def _runs(read: Sequence[_Word]) -> Iterator[tuple[int, int]]:
    """Capitalised words in a row, [start, end)."""
    start = None
    for place, word in enumerate(read):
        if word.capital and start is None:
            start = place
        if start is not None and (not word.capital or (place > start and read[place - 1].stops)):
            yield start, place
            start = place if word.capital else None
    if start is not None:
        yield start, len(read)


def _around(read: Sequence[_Word]) -> list[str]:
    """Words around a name: a name among them, a number or a day is left open, several in a row as one."""
    found: list[str] = []
    for word in read:
        for one in word.words:
            is_open = word.capital or one[0].isdigit() or one in calendar_words()
            if not is_open:
                found.append(one)
            elif found[-1:] != [_OPEN]:
                found.append(_OPEN)
    return found


def _spelled(name: str) -> str:
    """A name without what spellings differ in: "Kiev" and "Kyiv", "Zelensky" and "Zelenskiy"."""
    return _DOUBLED.sub(r"\1", _VOWELS.sub("", name))


@lru_cache(maxsize=8192)
def _hash16(text: str) -> int:
    return xxhash.xxh3_64_intdigest(text.encode()) & 0xFFFF


Places = dict[int, set[int]]
"""Where names stand, by the words around them: the words of the names there."""


def by_place(named: Iterable[Named]) -> Places:
    """Names ready to be compared."""
    found: Places = {}
    for around, name in named:
        found.setdefault(around, set()).add(name)
    return found


def compare(ours: Places, theirs: Places) -> Compared:
    """At how many places where names of two texts meet they are the same, and at how many other ones. Symmetric."""
    if not ours or not theirs:
        return NONE_MEET
    met = ours.keys() & theirs.keys()
    same = sum(not ours[place].isdisjoint(theirs[place]) for place in met)
    return Compared(same, len(met) - same)


def to_bytes(named: Sequence[Named]) -> bytes:
    """Four bytes a word of a name, little endian."""
    return b"".join(_NAMED.pack(*one) for one in named)


@lru_cache(maxsize=4096)
def from_bytes(raw: bytes) -> tuple[Named, ...]:
    """The names of `to_bytes`. Raises ValueError for what is no whole number of them."""
    if len(raw) % _NAMED.size:
        raise ValueError(f"{len(raw)} bytes are no whole number of {_NAMED.size}-byte names")
    return tuple(_NAMED.iter_unpack(raw))
