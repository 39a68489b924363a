"""What is kept of a text to compare it by: its fingerprint, which hashes of it lie in quotations and which in its lead,
its figures and, of a short one, its names."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from struct import Struct

import numpy as np
from numpy.typing import NDArray

from wirecopy import bitmaps, figures, fingerprint, named
from wirecopy.quotations import pieces

LEAD_WORDS = 40
"""Words of the lead at most: the first paragraph of a news text has 25 to 40."""


@dataclass(frozen=True, slots=True)
class Sketch:
    """All as records carry them. `speech` and `lead` have one bit for each hash (`wirecopy/bitmaps.py`)."""

    fingerprint: str
    speech: str
    lead: str
    figures: str
    named: str


LEAD, SPEECH = 1, 2
"""What a hash of a `Text` is marked as."""


@dataclass(frozen=True, slots=True)
class Text:
    """A sketch ready to be compared. `hashes` are sorted; `marks` say which of them lie in the lead, and which in quotations."""

    hashes: NDArray[np.uint32]
    marks: NDArray[np.uint8]
    figures: figures.InContext
    named: named.Places
    speech_size: int
    """How many hashes lie in quotations, and how many in the lead."""
    lead_size: int


Packed = tuple[bytes, bytes]
"""A sketch in few bytes that it can be compared from: the upper half of each hash, sorted, four bytes each; and bitmaps, figures
and names. Equal for copies of one text."""

_HEADER = Struct("<3I")
"""Bytes of the two bitmaps and of the figures in the second part of a packed sketch; what is behind them are the names."""


def upper_half(hashes: NDArray[np.uint64]) -> NDArray[np.uint32]:
    """The upper 32 bits of sorted hashes: half of each is enough to compare two texts, in the same order.

    Two texts of 72 hashes have one in common by chance once in 157,000 pairs (winnowed hashes are the smallest of ten, so
    that 5.3 times as many meet as of evenly spread ones: 72 * 72 * 5.3 / 2**32), which changes a containment by 0.014.
    """
    return (hashes >> np.uint64(32)).astype(np.uint32)


def packed_from(sketch: Sketch) -> Packed:
    """Raises ValueError for what is no sketch."""
    hashes = upper_half(fingerprint.array_from_text(sketch.fingerprint))
    speech = bitmaps.packed_from_text(sketch.speech, len(hashes))
    lead = bitmaps.packed_from_text(sketch.lead, len(hashes))
    kept_figures, names = _bytes_from_text(sketch.figures), _bytes_from_text(sketch.named)
    figures.from_bytes(kept_figures)
    named.from_bytes(names)
    header = _HEADER.pack(len(speech), len(lead), len(kept_figures))
    return hashes.astype("<u4").tobytes(), b"".join((header, speech, lead, kept_figures, names))


def unpacked(packed: Packed) -> Text:
    """What `packed_from` made, ready to be compared."""
    raw_hashes, rest = packed
    hashes = np.frombuffer(raw_hashes, dtype="<u4")
    ends = list(accumulate(_HEADER.unpack_from(rest), initial=_HEADER.size))
    raw_speech, raw_lead, raw_figures = (rest[start:end] for start, end in pairwise(ends))
    speech, lead = bitmaps.unpacked(raw_speech, len(hashes)), bitmaps.unpacked(raw_lead, len(hashes))
    return Text(
        hashes,
        lead * np.uint8(LEAD) + speech * np.uint8(SPEECH),
        figures.in_context(figures.from_bytes(raw_figures)),
        named.by_place(named.from_bytes(rest[ends[-1] :])),
        int(np.count_nonzero(speech)) if raw_speech else 0,
        int(np.count_nonzero(lead)) if raw_lead else 0,
    )


def text_from(sketch: Sketch) -> Text:
    """Raises ValueError for what is no sketch."""
    return unpacked(packed_from(sketch))


def sketch_of(paragraphs: Sequence[str]) -> Sketch:
    """The sketch of a text. A hash lies in a quotation, or in the lead, if all of its words do, wherever it stands."""
    found, heard, first = _read(paragraphs)
    grams = fingerprint.grams_of_words(found)
    hashes = fingerprint.winnowed(found, grams)
    speech, lead = np.zeros(len(hashes), dtype=bool), np.zeros(len(hashes), dtype=bool)
    if len(grams):
        places, which = fingerprint.places_of(hashes, grams)
        # A hash may stand at several places: it is speech if all are, lead if any is.
        within = heard[places + fingerprint.GRAM] - heard[places] == fingerprint.GRAM
        speech[which] = True
        speech[which[~within]] = False
        lead[which[places + fingerprint.GRAM <= min(first, LEAD_WORDS)]] = True
    return Sketch(
        fingerprint=base64.b64encode(hashes.astype("<u8").tobytes()).decode("ascii"),
        speech=bitmaps.to_text(speech),
        lead=bitmaps.to_text(lead),
        figures=_to_text(figures.to_bytes(figures.figures_of_words(found))),
        named=_to_text(named.to_bytes(named.named_in(paragraphs))),
    )


def _read(paragraphs: Sequence[str]) -> tuple[list[str], NDArray[np.intp], int]:
    """The words of a text; how many of those before each are quoted; how many stand in the first paragraph."""
    found: list[str] = []
    sizes: list[int] = []
    quoted: list[bool] = []
    first = 0
    for place, paragraph in enumerate(paragraphs):
        for piece, is_quoted in pieces(paragraph):
            split = fingerprint.words(piece)
            found += split
            sizes.append(len(split))
            quoted.append(is_quoted)
        if not place:
            first = len(found)
    heard = np.zeros(len(found) + 1, dtype=np.intp)
    np.cumsum(np.repeat(quoted, sizes), out=heard[1:])
    return found, heard, first


def _to_text(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")


def _bytes_from_text(text: str) -> bytes:
    """The bytes of figures or names as a record has them. Raises ValueError for what is no base64."""
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(f"not base64: {error}") from None
