"""The names in a text, in the order in which they come first: what a rewrite keeps when it changes the words."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable

import xxhash

from wirecopy.figures import calendar_words
from wirecopy.speakers import fold_name

KEPT = 64
"""Names kept of one text, the first: a report of 400 words has some 40."""
SIZE = 3
"""Bytes of a name's hash: of 64 and 64 names two meet by chance once in 4,000 pairs of texts."""

_CAPITALISED = re.compile(r"[^\W\d_a-zß-öø-ÿ][\w’'-]*")
_BEGINS = re.compile(r"(?:^|[.!?:…][\"”’»)\]]*\s+|[\"“„«‘(\[])$")
_POSSESSIVE = re.compile(r"['’]s?$")
_BEFORE = 6
"""Characters before a word that tell whether it begins a sentence."""


def names_of(text: str) -> tuple[int, ...]:
    """Hashes of the words that are names, each once, by their first places; at most `KEPT`.

    A capitalised word is a name if it is capitalised inside of a sentence, there or elsewhere in the text. Days and months
    are none: outlets write them in many ways. Scripts without capitals have no names here.
    """
    found: dict[str, bool] = {}
    for match in _CAPITALISED.finditer(text):
        word = fold_name(_POSSESSIVE.sub("", match.group()))
        if len(word) > 1 and word not in calendar_words():
            inside = not _BEGINS.search(text[max(0, match.start() - _BEFORE) : match.start()])
            found[word] = found.get(word, False) or inside
    return tuple(hash_of(word) for word, is_name in found.items() if is_name)[:KEPT]


def hash_of(word: str) -> int:
    """The hash of a folded word."""
    return xxhash.xxh3_64_intdigest(word.encode()) >> (64 - 8 * SIZE)


def hashes_of(texts: Iterable[str | None]) -> frozenset[int]:
    """The hashes of all words in some names."""
    return frozenset(hash_of(word) for text in texts if text for word in fold_name(text).split())


def to_text(names: Iterable[int]) -> str:
    """Base64 of the hashes in their order: the form in `records.ArticleReference.names`."""
    return base64.b64encode(b"".join(name.to_bytes(SIZE, "little") for name in names)).decode("ascii")


def from_text(text: str) -> tuple[int, ...]:
    """The hashes of `to_text`. Raises ValueError for what is none."""
    try:
        raw = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(f"not base64: {error}") from None
    if len(raw) % SIZE:
        raise ValueError(f"{len(raw)} bytes are no whole number of {SIZE}-byte names")
    return tuple(int.from_bytes(raw[place : place + SIZE], "little") for place in range(0, len(raw), SIZE))
