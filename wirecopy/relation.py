"""What one article is to another: from the overlap of their fingerprints and what both say of themselves.

`overlap` counts, `between` decides. Thresholds are measured by `bench/copies.py` over texts with known changes; the
docstring beside each says what it separates.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Protocol

from streams.records import ArticleStatus, Notice, Relation

WHOLE = 0.5
"""A text is *in* the other if half of its hashes are. A word changed costs five 5-grams, so a copy in which one word in
ten was changed keeps 0.9 ** 5 = 0.59 of them; follow-ups that repeat the background of the day before share 0.1 to 0.4."""
SHORT = 15
"""Hashes of a text below which it is short: some 80 words."""
SHORT_WHOLE = 0.75
"""So much of a short text must be found. Templates are short, and their figures change while their sentences stay: of 400
pairs each of bulletins on two earthquakes, two sanctions packages and the losses of two days half share 0.5 to 0.64 and nine
of ten less than 0.72. Ten hashes are too few to part the rest from copies: figures will have to be compared for that."""
PART = 0.3
"""Both contain that much of each other, and neither half: a copy cut and merged with as much of one's own, or edited
throughout. Only of texts that are not short, and between different publishers: one outlet's follow-ups share that much
background with each other."""
SAME_PUBLISHER_BOTH = 0.65
"""Within one outlet or family, both must be in each other this far: short notices are up to two thirds standing text of
the house. What is missed costs little, as one publisher is one source anyway."""
SAME_PUBLISHER_ONE = 0.75
"""Or one of them this far in the other: a flash that grew into a story."""
SHARED = 4
"""Fewest hashes in common. Four winnowed hashes are some 30 to 50 words; below it two short texts are the same only if
they are equal, which the hash of all words says ("300 troops" and "3,000 troops" stay apart)."""
CANDIDATE = 0.1
"""Containment, either way, below which two articles are not compared at all: a quoted sentence or two."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """`contained`: share of the later one's hashes found in the earlier one. `containing`: the reverse. `shared`: how many."""

    contained: float
    containing: float
    shared: int


class Side(Protocol):
    """What is asked of each of two articles: fields that `Anchors`, `Matches` and `Candidate` have."""

    @property
    def article(self) -> str: ...
    @property
    def published(self) -> str: ...
    @property
    def outlet(self) -> str: ...
    @property
    def family(self) -> str: ...
    @property
    def agencies(self) -> tuple[str, ...]: ...


def rounded(part: int, whole: int) -> float:
    """A share as records carry it: four decimals, so that it is the same number wherever it is computed."""
    return round(part / whole, 4) if whole else 0.0


def overlap(later: Iterable[int], earlier: Iterable[int]) -> Overlap:
    """The overlap of two fingerprints."""
    ours, theirs = frozenset(later), frozenset(earlier)
    shared = len(ours & theirs)
    return Overlap(rounded(shared, len(ours)), rounded(shared, len(theirs)), shared)


def is_candidate(found: Overlap) -> bool:
    """Whether two articles share enough to be worth telling."""
    return found.shared > 0 and max(found.contained, found.containing) >= CANDIDATE


def is_in(shared: int, size: int) -> bool:
    """Whether a text of `size` hashes is in another that shares `shared` of them."""
    return shared >= (WHOLE if size >= SHORT else SHORT_WHOLE) * size


def are_parts(shared: int, size: int, other: int) -> bool:
    """Whether two texts of so many hashes both contain a part of each other."""
    return min(size, other) >= SHORT and shared >= PART * max(size, other)


def is_one_text(shared: int, size: int, other: int) -> bool:
    """Whether two texts of different publishers go back to one: either is in the other, or both are parts. Symmetric."""
    if shared < SHARED:
        return 0 < shared == size == other
    return is_in(shared, size) or is_in(shared, other) or are_parts(shared, size, other)


def own_relation(status: ArticleStatus, version: int) -> Relation | None:
    """What a version of an article is to the versions before it; None for a first version."""
    if status == "withdrawn":
        return "withdrawal"
    if status == "corrected":
        return "correction"
    return "update" if version > 1 else None


def between(found: Overlap, later: Side, earlier: Side, notice: Notice | None = None) -> Relation:
    """What `later` is to `earlier`, which was published before it. `notice` is what the later one's headline says.

    - both in each other: *copy*; within one outlet *update*; with a notice of the same outlet or agency what that says;
    - the later one in the earlier: *excerpt*; the earlier one in the later: *expanded*;
    - a part of each in the other, at different publishers: *rewrite*;
    - otherwise *own*.
    """
    equal = found.contained == 1.0 and found.containing == 1.0 and found.shared > 0
    if found.shared < SHARED and not equal:
        return "own"
    size, other = (round(found.shared / share) for share in (found.contained, found.containing))
    within, around = is_in(found.shared, size), is_in(found.shared, other)
    same_outlet = later.outlet == earlier.outlet
    same_publisher = same_outlet or later.family == earlier.family
    if same_publisher and min(found.contained, found.containing) < SAME_PUBLISHER_BOTH:
        within, around = found.contained >= SAME_PUBLISHER_ONE, found.containing >= SAME_PUBLISHER_ONE
    if within or around:
        if notice and (same_outlet or _common(later.agencies, earlier.agencies)):
            return notice
        if within and around:
            return "update" if same_outlet else "copy"
        if same_outlet:
            return "update"
        return "excerpt" if within else "expanded"
    if not same_publisher and are_parts(found.shared, size, other):
        return "rewrite"
    return "own"


def _common(ours: Collection[str], theirs: Collection[str]) -> bool:
    return any(agency in theirs for agency in ours)


def earlier_first(published: str, article: str) -> tuple[str, str]:
    """The order in which articles may be origins: time of publication, then id. Times are all UTC, so text order holds."""
    return published, article
