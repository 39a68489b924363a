"""Where the troops go, or which place they leave."""

from __future__ import annotations

from agents.enrich.claims import place_told
from agents.enrich.claims.place_names import distinct_places
from agents.enrich.claims.place_told import BORDERS, Whereabouts
from agents.enrich.claims.place_unsaid import RULES
from streams.records import Place


def resolve(about: Whereabouts) -> tuple[list[Place], list[Place], list[str]]:
    """Destinations (for a withdrawal: the places left), origins, and the rule that found them."""
    place_told.read(about)
    if about.leaving:
        left = distinct_places(about.away or about.standing)
        left = [p for p in left if p.code not in about.codes] or left  # "troops from Kenya were withdrawn from Somalia"
        if left:
            return left, [], ["place: left"]
    elif about.towards:
        ahead = distinct_places(about.towards)
        if len(ahead) > 1 and any(n.lower_ in BORDERS for n in about.move.predicate.subtree):
            ahead = [p for p in ahead if p.code not in about.codes] or ahead  # "crossed the Russian-Ukrainian border"
        return ahead, distinct_places(about.away), ["place: destination"]
    origins = distinct_places(about.away)
    for rule, find in RULES:
        found = find(about)
        if found:
            return found, origins, [rule]
    return [], origins, []
