"""The text of an article as its reports carry it, and how much two of them have in common."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from streams.records import ArticleReference
from streams.stage import Rejected
from wirecopy.fingerprint import array_from_text
from wirecopy.sketch import Sketch, Text, text_from


@dataclass(frozen=True, slots=True)
class Shared:
    """How many hashes two texts share, and how many each has."""

    hashes: int
    one: int
    other: int

    @property
    def contained(self) -> float:
        """The share of the one that is found in the other."""
        return self.hashes / self.one if self.one else 0.0

    @property
    def containing(self) -> float:
        """The share of the other that is found in the one."""
        return self.hashes / self.other if self.other else 0.0


Key = tuple[str, str, str, str, str]
"""What makes a text: equal keys are one text."""


def key_of(article: ArticleReference) -> Key:
    """Fingerprint, speech, lead, figures and names as the record has them."""
    return article.fingerprint, article.speech, article.lead, article.figures, article.named


@lru_cache(maxsize=512)
def text_of(key: Key) -> Text:
    """The text ready to be compared. Raises `Rejected` for what is no fingerprint, bitmap or list of figures or names."""
    fingerprint, speech, lead, figures, named = key
    try:
        return text_from(Sketch(fingerprint=fingerprint, speech=speech, lead=lead, figures=figures, named=named))
    except ValueError as error:
        raise Rejected("article.fingerprint", _which(fingerprint, str(error))) from None


def _which(fingerprint: str, reason: str) -> str:
    try:
        array_from_text(fingerprint)
    except ValueError:
        return reason
    return f"speech, lead, figures or named: {reason}"
