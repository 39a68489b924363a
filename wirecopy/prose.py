"""The prose of an article: what is left of its paragraphs without datelines and credit lines, and where it stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from streams.records import Credit
from wirecopy.credits import credit_line_of, dateline_credits, dateline_of
from wirecopy.endings import signature_of, trailing_credit

DATELINE_WITHIN = 4
"""Paragraphs at the start of the body in which a dateline may stand: captions and a standfirst may come before it."""

_SENTENCE_END = re.compile(r"[.!?…]['\"”’»)\]]*\s*$")
"""What comes after the article ends otherwise: addresses, headlines of others."""


@dataclass(frozen=True, slots=True)
class Piece:
    """The prose of one paragraph: its characters [start, end), and they themselves."""

    paragraph: int
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Prose:
    """`place` is that of the dateline. `credits` are those of datelines and credit lines, in the order of the text."""

    pieces: tuple[Piece, ...]
    credits: tuple[Credit, ...]
    place: str | None


def prose_of(paragraphs: Sequence[str]) -> Prose:
    """The prose of the paragraphs of a body.

    An ending ("... he said. - AFP") and a signature ("John Smith, AFP") credit at the end of the article alone: before that they
    belong to a picture ("Soldiers near Goma. (AFP)"), and say who took it. They are no prose wherever they stand.
    """
    credits: list[Credit] = []
    place: str | None = None
    pieces: list[Piece] = []
    ending: tuple[Credit, ...] = ()
    endings_at = 0
    dated = False
    for position, paragraph in enumerate(paragraphs):
        line = credit_line_of(paragraph)
        if line is not None:
            credits += line.credits
            continue
        signed = signature_of(paragraph)
        if signed:
            ending += signed
            continue
        start = 0
        if not dated and position < DATELINE_WITHIN and (dateline := dateline_of(paragraph)) is not None:
            dated = True
            place = dateline.place
            credits += dateline_credits(dateline, paragraph)
            start = dateline.length
        found, length = trailing_credit(paragraph[start:])
        if found or _SENTENCE_END.search(paragraph):
            ending, endings_at = found, len(credits)
        pieces.append(Piece(position, start, start + length, paragraph[start : start + length]))
    credits[endings_at:endings_at] = ending
    return Prose(tuple(pieces), tuple(credits), place)
