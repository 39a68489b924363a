"""How sure a claim is: a documented product of what the rules had to guess.

Each factor is the share of claims that were right among those read in that way, on the labelled sentences, rounded.
"""

from __future__ import annotations

from collections.abc import Iterable

FACTORS = {
    "mover: of the claim before": 0.85,
    "mover: last party": 0.8,
    "mover: as written": 0.75,
    "mover: who sends, as written": 0.85,
    "place: the only other place named": 0.85,
    "place: of the article": 0.85,
    "place: by purpose": 0.9,
    "status: by default": 0.7,
    "noun of motion by itself": 0.8,
    "withdrawal of a party": 0.9,
    "a party leaves": 0.9,
    "has forces in": 0.85,
    "numbers changed": 0.85,
}
BASE = 0.93
NO_PLACE = 0.9


def confidence(rules: Iterable[str], *, placed: bool) -> float:
    """Between 0 and 1, from the rules that fired and whether a place was found."""
    value = BASE
    for rule in rules:
        value *= FACTORS.get(rule, 1.0)
    if not placed:
        value *= NO_PLACE
    return round(value, 3)
