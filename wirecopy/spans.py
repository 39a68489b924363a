"""Which parts of an article are new: not in the article that it copies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from streams.records import Article, Span
from wirecopy import bitmaps, fingerprint
from wirecopy.prose import prose_of

_CHUNK = re.compile(r"\S+")
_PARAGRAPHS = "\n\n"
SURE = fingerprint.GRAM + fingerprint.WINDOW - 1
"""Words in a row of which one hash is kept at least."""
_ENDS = re.compile(r"[.!?…][\"”’»)\]]*$")


class _Word(NamedTuple):
    """A word, its paragraph, and the characters [start, end) of the article's text between spaces in which it stands.
    `ends`: the last of its sentence."""

    word: str
    paragraph: int
    start: int
    end: int
    ends: bool


def new_spans(article: Article, found: str) -> tuple[Span, ...]:
    """The parts of the article's prose that are not in the other one, in order; none crosses a paragraph.

    `found` says which hashes of the article's fingerprint the other one has (`records.Story.found`). What lies between two
    of them in a row is in the other as well, as one is kept of every ten places. Between one that is found and one that is
    not lie up to thirteen words of which nothing is known: they are new, unless the rest of their sentence is known. So added
    sentences are told to the word, and around an exchanged word some more. Raises ValueError for a bitmap of another
    fingerprint.
    """
    spread = list(_words_of(article))
    words = [word.word for word in spread]
    grams = fingerprint.grams_of_words(words)
    hashes = fingerprint.winnowed(words, grams)
    hits = bitmaps.from_text(found, len(hashes))
    if not words or (hits.all() and len(hits)):
        return ()
    places, which = fingerprint.places_of(hashes, grams)
    told = list(zip(places.tolist(), hits[which].tolist(), strict=True))
    spans: list[tuple[int, int]] = []
    for first, last in _runs(told, len(words)):
        spans += _by_paragraph(spread, *_with_evidence(spread, told, first, last))
    return tuple(
        Span(start=start, end=end, text=article.text[start:end])
        for start, end in ((spread[first].start, spread[last - 1].end) for first, last in spans)
    )


def _runs(told: Sequence[tuple[int, bool]], words: int) -> Iterator[tuple[int, int]]:
    """Runs [first, last) of words that no hash shows to be in the other. `told`: places of hashes, and whether found."""
    start, before = 0, True
    end = 0
    for place, hit in told:
        if hit and not before and start < place:
            yield start, place
        if hit:
            end = place + fingerprint.GRAM
        elif before:
            start = end
        before = hit
    if not before or not told:
        yield start, words


def _with_evidence(spread: Sequence[_Word], told: Sequence[tuple[int, bool]], first: int, last: int) -> tuple[int, int]:
    """The run without the beginning or end of a sentence that it borders on, where the rest of that sentence is known: so
    few words may have no hash of their own. Nothing is left of a run at a place where something was only left out."""
    first, last = _without_known_paragraphs(spread, first, last)
    ends = [place + 1 for place in range(first, last - 1) if spread[place].ends]
    parts = list(pairwise([first, *ends, last])) if first < last else []
    begun = first > 0 and not spread[first - 1].ends
    goes_on = last < len(spread) and not spread[last - 1].ends
    kept = [
        (start, end)
        for start, end in parts
        if end - start >= SURE or not ((begun and start == first) or (goes_on and end == last))
    ]
    if not kept:
        # A word may have been exchanged: then a hash is missing that lies in one sentence, and not across the border of two.
        missing = [place for place, hit in told if not hit and first - fingerprint.GRAM < place < last]
        inside = [
            place for place in missing if not any(word.ends for word in spread[place : place + fingerprint.GRAM - 1])
        ]
        kept = [
            (start, end)
            for start, end in parts
            if any(place < end and start < place + fingerprint.GRAM for place in inside)
        ]
    return (kept[0][0], kept[-1][1]) if kept else (first, first)


def _without_known_paragraphs(spread: Sequence[_Word], first: int, last: int) -> tuple[int, int]:
    """A run of several paragraphs without the few words at its ends that belong to a paragraph of which more is known."""
    pieces = list(_by_paragraph(spread, first, last))
    if len(pieces) > 1 and first and spread[first - 1].paragraph == spread[first].paragraph:
        start, end = pieces[0]
        first = end if end - start < SURE else first
    if len(pieces) > 1 and last < len(spread) and spread[last].paragraph == spread[last - 1].paragraph:
        start, end = pieces[-1]
        last = start if end - start < SURE else last
    return first, max(first, last)


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
            split = fingerprint.words(chunk.group())
            ends = chunk.end() == len(text) or _ENDS.search(chunk.group()) is not None
            for place, word in enumerate(split, start=1):
                yield _Word(word, number, start + chunk.start(), start + chunk.end(), ends and place == len(split))
