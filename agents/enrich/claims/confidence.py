"""How sure a claim is: a product of what the rules had to guess, calibrated on labelled text.

`BASE` is the share of claims that are strictly right (act, group of status, mover and place) where nothing was guessed; each
factor is that share for claims read in one way, over `BASE`. Measured over the 558 claims found in the shared sentences,
the shared articles and our own hard sentences, and rounded; ways with fewer than six claims keep a cautious 0.9.
Of arms that may be given away the labelled text has too few; their factor says that nothing tells either way.
`python -m bench.claims` prints, for each of the three, how often claims of each band are right.
"""

from __future__ import annotations

from collections.abc import Iterable

FACTORS = {
    "mover: of the claim before": 0.55,
    "mover: a force named before in the sentence": 0.9,
    "mover: last party": 0.9,
    "mover: as written": 0.55,
    "mover: who sends, as written": 0.5,
    "mover: who decides": 0.95,
    "place: of the article": 0.95,
    "place: the host": 0.85,
    "place: at home": 0.9,
    "status: by default": 0.9,
    "noun of motion by itself": 0.9,
    "withdrawal of a party": 0.9,
    "a party leaves": 0.5,
    "arms alone, perhaps given": 0.5,
    "has forces in": 0.95,
    "numbers changed": 0.9,
    "force offered": 0.85,
    "passive of motion": 0.85,
}
BASE = 0.87
NO_PLACE = 0.25
"""Where no place was found, most often the sentence or its context told one. Calls to arms at home need none."""


def confidence(rules: Iterable[str], *, placed: bool) -> float:
    """Between 0 and 1, from the rules that fired and whether a place was found."""
    value = BASE
    for rule in rules:
        value *= FACTORS.get(rule, 1.0)
    if not placed:
        value *= NO_PLACE
    return round(value, 3)
