"""When two articles of one event have an origin text in common."""

from __future__ import annotations

from dataclasses import dataclass

from streams.stage import Rejected
from wirecopy.fingerprint import from_text
from wirecopy.relation import PART, SHARED, WHOLE


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


def is_one_text(shared: Shared) -> bool:
    """Whether two texts that share so much go back to one: symmetric, by the thresholds of `wirecopy.relation`.

    The one is in the other, or both contain a part of each other. Articles of one publisher are one source in any
    case, so nothing is said of them here.
    """
    if not shared.hashes:
        return False
    if shared.hashes == shared.one == shared.other:
        return True
    if shared.hashes < SHARED:
        return False
    sides = shared.contained, shared.containing
    return max(sides) >= WHOLE or min(sides) >= PART
