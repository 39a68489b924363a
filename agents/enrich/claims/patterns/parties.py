"""A state or a group that itself goes or mobilises, without a word for its forces."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from agents.enrich.claims.forces import CIVILIANS, PEOPLES, Forces
from agents.enrich.claims.patterns.move import Move, objects, placelike
from agents.enrich.language.syntax import child, children, governors, is_passive, lemma, particles, subject
from agents.enrich.language.word_lists import word_list

_LEAVING = frozenset(["leave", "quit", "go", "vacate"])
"""Verbs by which a party leaves, in a text about troops."""

_PLACE_AS_OBJECT = frozenset(["leave", "quit", "vacate"])
"""Those of them whose object is the place."""

_WITHOUT_OBJECT = frozenset(["withdraw", "pull", "deploy"])
"""Verbs by which the party itself goes only without an object: else they move what the object names."""

_PEOPLE = word_list("patterns_parties.people")
_PARTIES = word_list("patterns_parties.parties")


_NO_PLACES = word_list("patterns_parties.no_places")


def party_leaves(verb: Any, forces: Forces, headline: bool) -> Iterator[Move]:
    """A state or group itself withdraws from a place: "Israel withdraws from the West Bank", "Russia pulled out of Kherson"."""
    word = lemma(verb)
    around = particles(verb)
    leaving = (
        word == "withdraw" or (word == "pull" and around & {"out", "back"}) or (word in _LEAVING and forces.military)
    )
    returning = (word in ("return", "intervene") and forces.military) or (
        word == "deploy" and any(p.lower_ in ("to", "in") for p in children(verb, "prep"))
    )
    if returning and any(c.lower_ in PEOPLES for g in [subject(verb)] if g is not None for c in g.children):
        return
    if not (leaving or returning) or is_passive(verb) or (children(verb, "dobj") and word in _WITHOUT_OBJECT):
        return
    if word == "go" and not around & {"home", "away"}:
        return
    goer = subject(verb)
    if goer is None or forces.heads(goer):
        return
    parsed = forces.parsed
    if returning and parsed.at.get(goer.i) is not None and parsed.at[goer.i].kind == "person":
        return  # a minister returns from a visit
    if goer.lower_ in _PEOPLE:
        return
    if leaving and _from_no_place(verb):
        return
    own = [
        t
        for t in [goer, *children(goer, "conj", "compound", "amod", "poss")]
        if parsed.at.get(t.i) is not None and parsed.at[t.i].kind in _PARTIES
    ]
    pronoun = goer.lower_ in ("we", "it", "they")
    contingents = goer.lower_ in ("contingents", "contingent") or any(
        t.lower_ in ("contingents", "contingent") for t in goer.subtree
    )
    if not own and not pronoun and not contingents:
        return
    placed = False
    for p in [*children(verb, "prep"), *[q for c in children(verb, "prt", "advmod", "prep") for q in c.children]]:
        for n in [p, *children(p, "pobj")]:
            mention = parsed.at.get(n.i)
            if mention is not None and mention.kind in ("country", "place"):
                placed = True
            inner = [x for q in children(n, "prep") if q.lower_ == "of" for x in children(q, "pobj")]
            if n.dep_ == "pobj" and mention is None and any(placelike(x, forces) for x in (n, *inner)):
                placed = True  # "withdraw from most of the country"
    direct = child(verb, "dobj")
    if word in _PLACE_AS_OBJECT and direct is not None:
        mention = parsed.at.get(direct.i)
        placed = mention is not None and mention.kind in ("country", "place")
        if not placed:
            return
    if not placed and not (forces.military and (pronoun or contingents)):
        return
    if pronoun and not placed and (word != "leave" or _civil(verb, forces)):
        return
    if word == "leave" and not placed and not (pronoun or contingents):
        return
    yield Move(
        act="withdraw" if leaving else "send",
        predicate=verb,
        forces=[],
        doer=goer,
        party=goer,
        pattern="a party leaves" if leaving else "a party comes",
        places=[verb, *children(verb, "prt", "advmod", "prep")],
        needs_place=word in ("return", "deploy"),
    )


_OF_CIVILIANS = frozenset(["feel", "force", "weep", "fear"])
"""Verbs above "leave" that tell of people who flee."""


def _civil(verb: Any, forces: Forces) -> bool:
    """Whether "they" who leave are likelier people than troops: residents, or whoever "was forced to" or "felt they must"."""
    before = {t.lower_ for t in forces.parsed.tokens if t.i < verb.i}
    return bool(before & CIVILIANS) or any(lemma(g) in _OF_CIVILIANS for g, _, _ in governors(verb))


def party_mobilises(verb: Any, forces: Forces, headline: bool) -> Iterator[Move]:
    """A state that mobilises, without an object: "Ecuador last mobilized in 1981"."""
    if lemma(verb) not in ("mobilise", "mobilize") or is_passive(verb) or objects(verb):
        return
    doer = subject(verb)
    mention = forces.parsed.at.get(doer.i) if doer is not None else None
    if doer is not None and mention is not None and mention.kind in ("country", "place") and forces.military:
        yield Move(
            act="mobilise", predicate=verb, forces=[], doer=doer, party=doer, pattern="a party mobilises", places=[]
        )


def _from_no_place(verb: Any) -> bool:
    """ "Pulled out of the talks in Cairo", "withdrew as mediator": wherever that is, no force leaves it."""
    out = [q for c in children(verb, "prt", "advmod", "prep") for q in (c, *children(c, "prep"))]
    things = [n for p in out if p.lower_ in ("from", "of") for n in children(p, "pobj")]
    return any(n.lower_ in _NO_PLACES for n in things) or any(p.lower_ == "as" for p in children(verb, "prep"))
