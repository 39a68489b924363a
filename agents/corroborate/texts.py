"""The hashes of an article's text, and how much two of them have in common."""

from __future__ import annotations

from dataclasses import dataclass

from streams.stage import Rejected
from wirecopy.fingerprint import from_text


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


def hashes_of(fingerprint: str) -> tuple[int, ...]:
    """The hashes of an article's text. Raises `Rejected` for what is no fingerprint."""
    try:
        return from_text(fingerprint)
    except ValueError as error:
        raise Rejected("article.fingerprint", str(error)) from None
