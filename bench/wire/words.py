"""Cutting text into sentences and pieces, as the changes of `changes.py` need it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from agents.enrich.language.sentences import split

Paragraphs = list[str]
QUOTATION_MARKS = frozenset('"“”')


def sentences_of(paragraph: str) -> list[str]:
    return [sentence.text for sentence in split(paragraph)]


def count(paragraphs: Iterable[str]) -> int:
    """Words between spaces."""
    return sum(len(paragraph.split()) for paragraph in paragraphs)


def first_words(paragraphs: Sequence[str], words: int) -> Paragraphs:
    """Whole sentences from the start, in their paragraphs, until there are so many words; all of a shorter text."""
    taken: Paragraphs = []
    left = words
    for paragraph in paragraphs:
        kept = []
        for sentence in sentences_of(paragraph):
            if left <= 0:
                break
            kept.append(sentence)
            left -= len(sentence.split())
        if kept:
            taken.append(" ".join(kept))
    return taken


def last_words(paragraphs: Sequence[str], words: int) -> Paragraphs:
    """Whole sentences up to the end, as one paragraph of background, of at most so many words, but one at least."""
    kept: list[str] = []
    left = words
    for sentence in reversed([sentence for paragraph in paragraphs for sentence in sentences_of(paragraph)]):
        left -= len(sentence.split())
        if kept and left < 0:
            break
        kept.append(sentence)
    return [" ".join(reversed(kept))]


def in_short_paragraphs(text: str, sentences: int = 2) -> Paragraphs:
    """A long paragraph as news is printed: so many sentences each."""
    said = sentences_of(text)
    return [" ".join(said[place : place + sentences]) for place in range(0, len(said), sentences)]
