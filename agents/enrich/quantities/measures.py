"""How many move and when: the numbers and times of a sentence that belong to one deployment in it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from agents.enrich.claims.forces import QUANTITIES
from agents.enrich.language.parse import Parsed
from agents.enrich.quantities.counts import DETERMINERS, find_counts
from agents.enrich.quantities.dates import find_times
from streams.records import Count, Status, When

AHEAD: frozenset[Status] = frozenset(
    {"requested", "demanded", "offered", "proposed", "considered", "planned", "decided", "threatened", "conditional"}
)
"""Of what is still to come a weekday is the next one, of what has happened the last one."""


def counts_of(forces: list[Any], parsed: Parsed) -> list[Count | None]:
    """For each force noun the count in whose words it stands, or that it is a part of ("a column of 200 soldiers")."""
    if not forces:
        return []
    spans = find_counts(parsed.sentence.text)
    found: list[Count | None] = []
    for force in forces:
        start, end = force.idx, force.idx + len(force.text)
        if force.lower_ in QUANTITIES:
            start = min(t.idx for t in force.subtree)
        span = next((s for s in spans if s.start < end and s.end > start), None)
        found.append(
            replace(span.count, text=_number_words(span.start, span.end, parsed)) if span is not None else None
        )
    return found


_AROUND_NUMBERS = frozenset(
    [
        "about",
        "some",
        "up",
        "to",
        "as",
        "many",
        "at",
        "least",
        "more",
        "than",
        "nearly",
        "almost",
        "around",
        "roughly",
        "over",
        "under",
        "hundreds",
        "thousands",
        "dozens",
        "scores",
        "of",
        "a",
        "an",
        "dozen",
        "several",
        "few",
        "no",
        "fewer",
        "less",
        "between",
        "and",
        "hundred",
        "thousand",
        "million",
        "couple",
        "approximately",
        "another",
        "additional",
        "further",
        "only",
        "just",
        "tens",
        "most",
        "half",
        "part",
        "first",
        *DETERMINERS,
    ]
)


def _number_words(start: int, end: int, parsed: Parsed) -> str:
    """The number with its qualifiers, without what is counted: "up to 1,500" of "up to 1,500 French soldiers"."""
    kept: list[Any] = []
    for token in parsed.tokens:
        if token.idx < start:
            continue
        if token.idx >= end or not (token.like_num or token.lower_ in _AROUND_NUMBERS or token.text in ("-", "–")):
            break
        kept.append(token)
    while kept and kept[-1].lower_ in ("of", "and", "to", "than", "-", "–", "as"):
        kept.pop()
    # "the 300", but "the first 40" and "some of the 300": these are a part.
    if kept and kept[0].lower_ in DETERMINERS and not {"of", "first"} & {token.lower_ for token in kept}:
        del kept[0]
    start = kept[0].idx if kept else start
    last = kept[-1].idx + len(kept[-1].text) if kept else end
    return str(parsed.sentence.text[start:last])


def when_of(predicate: Any, parsed: Parsed, status: Status, published: str | None) -> When | None:
    """The time that hangs from the predicate or from what it depends on within its clause, but not from a verb of saying."""
    spans = find_times(parsed.sentence.text, published, "future" if status in AHEAD else "past")
    for span in spans:
        token = next((t for t in parsed.tokens if t.idx + len(t.text) > span.start), None)
        if token is not None and _belongs(token, predicate):
            return span.when
    return None


def _belongs(token: Any, predicate: Any) -> bool:
    governor = token
    for _ in range(12):
        if governor.i == predicate.i:
            return True
        if governor.pos_ in ("VERB", "AUX") and governor.i != token.i:
            # "began on Monday to withdraw": a governing verb of the same clause
            return any(c.i == predicate.i and c.dep_ == "xcomp" for c in governor.children)
        if governor.head.i == governor.i:
            return False
        governor = governor.head
    return False
