"""What the makers of claims share: the article they draft from, a claim not yet settled, and its smallest pieces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from agents.enrich.claims.discourse import Discourse
from agents.enrich.language.sentences import Sentence
from streams.records import Actor, Attribution, Claim, Count, Force, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A text with what is known of it. `published` is None where it is no date."""

    text: str
    sentences: Sequence[Sentence]
    discourse: Discourse
    outlet: str | None
    published: str | None


@dataclass(slots=True, kw_only=True)
class Draft:
    """A claim whose place may still be filled from the article."""

    claim: Claim
    sentence: int
    place_known: bool
    fillable: bool
    abroad: bool = False
    """Whether it is a claim only if the place that the article tells is abroad: police are sent about at home."""


def span(text: str, start: int, end: int) -> Span:
    return Span(start=start, end=end, text=text[start:end])


def sentence_span(text: str, sentence: Sentence) -> Span:
    return span(text, sentence.start, sentence.end)


def token_span(text: str, sentence: Sentence, token: Any) -> Span:
    """Where a token of a sentence stands in the text."""
    start = sentence.start + token.idx
    return span(text, start, start + len(token))


def force_of(actor: Actor, unit: str | None = None, count: Count | None = None) -> Force:
    return Force(code=actor.code, name=actor.name, kind=actor.kind, text=actor.text, unit=unit, count=count)


def by_outlet(outlet: str | None) -> list[Attribution]:
    """The last link of every chain: who printed it."""
    return [Attribution(who=outlet, kind="outlet")] if outlet else []
