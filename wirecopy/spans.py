"""Which parts of an article are new: not in the article that it copies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from streams.records import Article, Span
from wirecopy import fingerprint
from wirecopy.prose import prose_of

_CHUNK = re.compile(r"\S+")
_PARAGRAPHS = "\n\n"
EXCHANGED = 14
"""Words of a gap at most that are compared one by one with what stands in its place in the other: of longer ones the common
words are "the" and "of"."""


class _Word(NamedTuple):
    """A word, its paragraph, and the characters [start, end) of the article's text between spaces in which it stands."""

    word: str
    paragraph: int
    start: int
    end: int


def new_spans(article: Article, other: Article) -> tuple[Span, ...]:
    """The parts of the article's prose that are not in the other one, in order; none crosses a paragraph.

    A word is in the other if it stands there in a row of `fingerprint.GRAM` words of one paragraph, wherever that is: paragraphs
    in another order are not new. What lies between two such rows is compared word by word, so an exchanged word is a span of its
    own.
    """
    spread = list(_words_of(article))
    known = _known(spread, [word.word for word in _words_of(other)])
    spans = [span for first, last in _runs(known) for span in _by_paragraph(spread, first, last)]
    return tuple(
        Span(start=start, end=end, text=article.text[start:end])
        for start, end in ((spread[first].start, spread[last - 1].end) for first, last in spans)
    )


def _known(spread: Sequence[_Word], theirs: Sequence[str]) -> list[bool]:
    """For each word of a text whether it is in the other one."""
    size = fingerprint.GRAM
    ours = [word.word for word in spread]
    rows: dict[tuple[str, ...], int] = {}
    for place in range(len(theirs) - size + 1):
        rows.setdefault(tuple(theirs[place : place + size]), place)
    at: list[int | None] = [None] * len(ours)
    for start in range(len(ours) - size + 1):
        row = rows.get(tuple(ours[start : start + size]))
        if row is not None and spread[start].paragraph == spread[start + size - 1].paragraph:
            at[start : start + size] = [
                row + step if there is None else there for step, there in enumerate(at[start : start + size])
            ]
    known = [there is not None for there in at]
    for first, last in list(_runs(known)):
        before = at[first - 1] if first else -1
        behind = at[last] if last < len(ours) else len(theirs)
        if before is None or behind is None or not 0 < behind - before <= EXCHANGED + 1 or last - first > EXCHANGED:
            continue
        matcher = SequenceMatcher(None, ours[first:last], theirs[before + 1 : behind], autojunk=False)
        for start, _, length in matcher.get_matching_blocks():
            known[first + start : first + start + length] = [True] * length
    return known


def _runs(known: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Runs [first, last) of words that are not known."""
    first = None
    for place, one in enumerate([*known, True]):
        if not one and first is None:
            first = place
        elif one and first is not None:
            yield first, place
            first = None


def _by_paragraph(spread: Sequence[_Word], first: int, last: int) -> Iterator[tuple[int, int]]:
    start = first
    for place in range(first + 1, last + 1):
        if place == last or spread[place].paragraph != spread[start].paragraph:
            yield start, place
            start = place


def _words_of(article: Article) -> Iterator[_Word]:
    """The words that the fingerprint is made of."""
    body = article.text[article.body_start :]
    paragraphs = body.split(_PARAGRAPHS) if body else []
    starts = [article.body_start]
    for paragraph in paragraphs:
        starts.append(starts[-1] + len(paragraph) + len(_PARAGRAPHS))
    pieces = [(p.paragraph, starts[p.paragraph] + p.start, p.text) for p in prose_of(paragraphs).pieces]
    if not any(text for _, _, text in pieces):
        pieces = [(0, 0, article.title)]
    for number, start, text in pieces:
        for chunk in _CHUNK.finditer(text):
            for word in fingerprint.words(chunk.group()):
                yield _Word(word, number, start + chunk.start(), start + chunk.end())
