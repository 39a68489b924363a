"""The fingerprint of a text: the winnowed set of its word 5-gram hashes.

Method: Schleimer, Wilkerson, Aiken, "Winnowing: local algorithms for document fingerprinting", SIGMOD 2003. Of every
`WINDOW` consecutive 5-grams the one with the smallest hash is kept, so two texts that share `WINDOW + GRAM - 1` = 14
words in a row share at least one hash, wherever the words stand; on average 2 / (WINDOW + 1) of the 5-grams are kept:
some 70 for 400 words.

Words are what is compared. Case, punctuation, kinds of quotation marks, accents, signs that are not seen, dots in "U.S."
and spaces do not count. Figures are words: "3,000" is the word 3000, so "300 troops" and "3,000 troops" differ.
"""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import TypeVar

import numpy as np
import xxhash
from numpy.typing import NDArray

GRAM = 5
"""Words in a hash. Five is what the plagiarism and web literature settled on for prose (Broder 1997 used ten, Lyon 2001
three): four common words in a row recur by chance in unrelated news, five seldom do."""
WINDOW = 10
"""5-grams of which one is kept: 2 / 11 of 396 are 72 hashes for 400 words."""
EXACT_WORDS = 25
"""Texts of fewer words have only two or three hashes, which a changed word may miss: they also carry the hash of
all their words, so that only equal texts are wholly equal."""

Number = TypeVar("Number", np.uint32, np.uint64)
Fingerprint = tuple[int, ...]
"""Sorted 64-bit hashes without doubles."""

_WORD = re.compile(r"\w+")
_THOUSANDS = re.compile(r",(?=\d{3}(?!\d))(?<=\d,)")
_INNER_DOT = re.compile(r"\.(?=[^\W\d]\b)(?<=\b[^\W\d]\.)")
# Both begin with their sign and look back from it: three times as fast as one expression that knows every kind of word.
_DROPPED = "'’‘ʼ`´"
_BLANKED = "“”„«»–—…\u00a0"
_UNSPACED = re.compile(
    "[\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ec6\u1000-\u109f\u1780-\u17d3]"
)
# Japanese, Chinese, Thai, Lao, Burmese and Khmer put no spaces between words: each sign counts as one.
_MARKS = re.compile("[\u0300-\u036f]")
_UNSEEN = re.compile(
    "[\u00ad\u034f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff\U000e0000-\U000e007f\U000e0100-\U000e01ef]"
)
# Joiners, marks of direction, variation selectors and tags show nothing: a copy with them reads as the text without.

# Odd multipliers, one a position in the gram: the fractional bits of the square roots of 2, 3, 5, 7, 11, made odd.
_POSITION = np.array(
    [0x6A09E667F3BCC909, 0xBB67AE8584CAA73B, 0x3C6EF372FE94F82B, 0xA54FF53A5F1D36F1, 0x510E527FADE682D1],
    dtype=np.uint64,
)
_MIX_1 = np.uint64(0xFF51AFD7ED558CCD)
_MIX_2 = np.uint64(0xC4CEB9FE1A85EC53)
_SHIFT = np.uint64(33)


def words(text: str) -> list[str]:
    """The words that are compared, in order: "The U.S. sent 3,000 troops." -> the, us, sent, 3000, troops."""
    folded = text.casefold()
    for sign in _DROPPED:
        folded = folded.replace(sign, "")
    if not folded.isascii():
        folded = _UNSEEN.sub("", folded)
        for sign in _BLANKED:
            folded = folded.replace(sign, " ")
        if not folded.isascii():
            folded = _MARKS.sub("", unicodedata.normalize("NFKD", folded)).replace("ı", "i")
            if _UNSPACED.search(folded):
                folded = _UNSPACED.sub(r" \g<0> ", folded)
    return _WORD.findall(_INNER_DOT.sub("", _THOUSANDS.sub("", folded)))


def fingerprint(text: str) -> Fingerprint:
    """The sorted winnowed hashes of `text`; empty if it has no words. Equal in every process and on every machine."""
    return tuple(sketch_of_words(words(text)).tolist())


def sketch_of_words(found: Sequence[str]) -> NDArray[np.uint64]:
    """`fingerprint` of words already split, as a sorted array."""
    return winnowed(found, grams_of_words(found))


def grams_of_words(found: Sequence[str]) -> NDArray[np.uint64]:
    """The hash of every `GRAM` words in a row, by the place of the first of them."""
    count = len(found) - GRAM + 1
    if count < 1:
        return np.empty(0, dtype=np.uint64)
    digest = xxhash.xxh3_64_intdigest
    hashes = np.array([digest(word.encode()) for word in found], dtype=np.uint64)
    grams: NDArray[np.uint64] = hashes[:count] * _POSITION[0]
    for position in range(1, GRAM):
        grams += hashes[position : position + count] * _POSITION[position]
    # The finaliser of MurmurHash3: without it the smallest hashes would follow the words' own order.
    grams ^= grams >> _SHIFT
    grams *= _MIX_1
    grams ^= grams >> _SHIFT
    grams *= _MIX_2
    grams ^= grams >> _SHIFT
    return grams


def winnowed(found: Sequence[str], grams: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The smallest of every `WINDOW` grams, sorted and each once; with the hash of all words of a very short text."""
    whole = []
    if 0 < len(found) < EXACT_WORDS:
        whole.append(xxhash.xxh3_64_intdigest(" ".join(found).encode()))
    if not len(grams):
        return np.array(whole, dtype=np.uint64)
    # Minimum of every window by doubling: 1, 2, 4, 8, then the last two to make WINDOW.
    reach, width = grams, 1
    wanted = min(WINDOW, len(grams))
    while width * 2 <= wanted:
        reach = np.minimum(reach[:-width], reach[width:])
        width *= 2
    if width < wanted:
        rest = wanted - width
        reach = np.minimum(reach[:-rest], reach[rest:])
    return sorted_distinct(np.concatenate((reach, np.array(whole, dtype=np.uint64))) if whole else reach)


def places_of(hashes: NDArray[np.uint64], grams: NDArray[np.uint64]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Where in a text its hashes stand: the places of grams, ascending, and which of the sorted `hashes` each is."""
    which = hashes.searchsorted(grams)
    which[which == len(hashes)] = 0
    places = np.flatnonzero(hashes[which] == grams) if len(hashes) else np.empty(0, dtype=np.intp)
    return places, which[places]


def sorted_distinct(hashes: NDArray[Number]) -> NDArray[Number]:
    """`hashes` sorted, each once (`numpy.unique` hashes first, which takes longer for so few)."""
    ordered = np.sort(hashes)
    distinct = np.ones(len(ordered), dtype=bool)
    np.not_equal(ordered[1:], ordered[:-1], out=distinct[1:])
    return ordered[distinct]


def containment(part: Iterable[int], whole: Iterable[int]) -> float:
    """The share of `part` that is found in `whole`, from 0 to 1; 0 if `part` is empty."""
    wanted = frozenset(part)
    return len(wanted.intersection(whole)) / len(wanted) if wanted else 0.0


def to_text(hashes: Sequence[int]) -> str:
    """Base64 of the hashes, 8 bytes each, little endian: the form in `records.Article.fingerprint`."""
    return base64.b64encode(np.array(hashes, dtype="<u8").tobytes()).decode("ascii")


def from_text(text: str) -> Fingerprint:
    """The hashes in a record's `fingerprint`. Raises ValueError if it is not one."""
    return tuple(array_from_text(text).tolist())


def array_from_text(text: str) -> NDArray[np.uint64]:
    """The same as a read-only array."""
    try:
        raw = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(f"not base64: {error}") from None
    if len(raw) % 8:
        raise ValueError(f"{len(raw)} bytes are no whole number of 8-byte hashes")
    return np.frombuffer(raw, dtype="<u8")
