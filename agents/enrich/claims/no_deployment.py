"""What is told of a force and is no deployment all the same: a film, a parade, police at home, a bank that sends."""

from __future__ import annotations

import re
from typing import Any

from agents.enrich.claims import movers, patterns
from agents.enrich.claims.discourse import Discourse
from agents.enrich.claims.forces import POLICING
from agents.enrich.claims.parties import STATE_WORDS, stands_for
from agents.enrich.language.parse import Parsed
from agents.enrich.language.syntax import children
from agents.enrich.language.word_lists import word_list
from streams.records import Actor, Place

_CIVIL_ERRANDS = word_list("no_deployment.civil_errands")
_FICTION = re.compile(
    r"\b(?:war[ -]?games?|simulat\w+|films?|movies?|novels?|video game|board game|re-?enact\w*|think tank|self-styled|"
    r"dressed (?:up )?as|extras|(?:television|tv|new|hit|netflix|hbo) (?:mini-?)?(?:series|drama|show|thriller)|documentary|mini-?series|netflix|salvation army|regatta|sailing boats|yachts?|house to house|door to door)\b",
    re.IGNORECASE,
)
"""Words of a sentence whose soldiers are played, drawn or imagined, or whose boats race."""
_OFFICIAL = STATE_WORDS | frozenset(
    [
        "states", "members", "neighbours", "neighbors", "countries", "nations", "allies", "partners", "governments",
        "powers", "council", "generals", "neighbour", "neighbor", "nation", "power", "ally", "partner", "member",
    ]
)  # fmt: skip
"""Subjects that may send forces without being named; others are banks, teams and companies."""
_BUSINESSES = frozenset(["company", "companies", "group", "team"])
"""Words for a force that, as who sends, are a business."""
_CASUALTIES = word_list("no_deployment.casualties")
_CARGO = word_list("no_deployment.cargo")
_CIVIL_PLACES = word_list("no_deployment.civil_places")
_ABOUT = frozenset(["in", "around", "across", "at", "outside", "throughout", "along"])
_MOTION = frozenset(["force is moved", "passive of motion", "force goes"])
"""Patterns that tell of a motion, which needs no place to be one."""


def fictional(text: str) -> bool:
    return _FICTION.search(text) is not None


def no_deployment(
    move: patterns.Move, parsed: Parsed, who: list[Actor], where: list[Place], discourse: Discourse
) -> bool:
    """Police in their own country, and presence that nothing says is abroad, are no deployments."""
    codes = {w.code for w in who}
    abroad = any(p.code not in codes for p in where)
    return (
        fictional(parsed.sentence.text)
        or _private(move, parsed, who)
        or (move.needs_foreign and not abroad and (bool(where) or not discourse.whole_article))
        or _left_by_nobody(move, parsed, discourse)
        or _to_a_civil_place(move.predicate)
        or _on_a_civil_errand(move)
        or _befallen(move)
        or _laden(move)
        or _able_to(move, [p for p in where if p.code not in codes])
        or _nobodys_presence(move, who, discourse)
        or (move.needs_place and not where and not discourse.whole_article and move.pattern not in _MOTION)
        or (not abroad and only_police(move, parsed) and (bool(where) or not discourse.whole_article))
        or (all(w.kind == "force" for w in who) and only_police(move, parsed) and _on_the_streets(move))
    )


def _on_the_streets(move: patterns.Move) -> bool:
    """Whether police that are nobody's are about in a place rather than sent to it, or are there for a riot."""
    if any(c.lower_ in movers.OUTSIDE for f in move.forces for c in f.children):
        return False
    riot = any(c.lower_ in ("riot", "anti-riot", "traffic") for f in move.forces for c in f.children)
    at = {p.lower_ for p in children(move.predicate, "prep") if any(n.pos_ == "PROPN" for n in children(p, "pobj"))}
    return riot or (bool(at & _ABOUT) and not at & {"to", "into"})


def _private(move: patterns.Move, parsed: Parsed, who: list[Actor]) -> bool:
    """A bank, a company, a team that sends is no party to a deployment."""
    doer = move.doer
    if doer is None or doer.pos_ not in ("NOUN", "PROPN"):
        return False
    official = (
        doer.lower_ in _OFFICIAL
        or (doer.i in parsed.forces and doer.lower_ not in _BUSINESSES)
        or any(t.i in parsed.at for t in doer.subtree)
    )
    return not official and all(w.text == movers.phrase(doer) for w in who)


def _left_by_nobody(move: patterns.Move, parsed: Parsed, discourse: Discourse) -> bool:
    """ "A flood left half of the army's lorries under water"."""
    return (
        move.act == "remain"
        and move.pattern == "force is moved"
        and move.doer is not None
        and move.doer.pos_ == "NOUN"
        and not stands_for(move.doer, parsed, discourse)
    )


def _to_a_civil_place(predicate: Any) -> bool:
    """Also behind an adverb of direction: "back to barracks"."""
    beyond = [p for c in children(predicate, "advmod", "prt") for p in children(c, "prep")]
    return any(
        t.lower_ in _CIVIL_PLACES
        for p in [*children(predicate, "prep"), *beyond]
        if p.lower_ in ("to", "for", "in", "at", "from")
        for t in children(p, "pobj")
    )


def _on_a_civil_errand(move: patterns.Move) -> bool:
    return any(
        c.lemma_ in _CIVIL_ERRANDS and any(a.lower_ == "to" for a in c.children)
        for t in (move.predicate, *move.forces)
        for c in t.children
        if c.dep_ in ("advcl", "xcomp", "acl", "relcl", "ccomp")
    )


def _nobodys_presence(move: patterns.Move, who: list[Actor], discourse: Discourse) -> bool:
    """An article's "there are only some 9,000 troops in Darfur": a passing fact of nobody's."""
    nobodys = all(w.kind == "force" for w in who)
    return move.pattern == "there are forces in" and discourse.whole_article and nobodys


def _able_to(move: patterns.Move, where: list[Place]) -> bool:
    """ "The ship can deploy up to 20 helicopters" tells what it is able to do."""
    return not where and any(c.lower_ == "can" for c in children(move.predicate, "aux"))


def perhaps_given(move: patterns.Move, parsed: Parsed) -> bool:
    """ "Germany sends tanks to Ukraine": tanks or jets without crews that go to a state may be a gift to its army, which no
    word tells from a deployment."""
    words = [parsed.forces.get(f.i) for f in move.forces]
    arms = bool(words) and all(w is not None and w.kind in ("armour", "aircraft") for w in words)
    receivers = [n for p in children(move.predicate, "prep", "dative") if p.lower_ == "to" for n in children(p, "pobj")]
    to_a_state = any(n.i in parsed.at and parsed.at[n.i].kind == "country" for n in receivers)
    return arms and to_a_state and move.predicate.lemma_ in ("send", "ship", "lend", "supply", "provide")


def _laden(move: patterns.Move) -> bool:
    """ "Three aircraft loaded with food"."""
    return any(
        t.lower_ in _CARGO
        for f in move.forces
        for clause in children(f, "acl")
        if clause.lemma_ in ("carry", "bring", "deliver", "load", "transport")
        for t in clause.subtree
    )


def _befallen(move: patterns.Move) -> bool:
    """Whether every force of the move is wounded, captured or dead."""
    return bool(move.forces) and all(
        any(c.lower_ in _CASUALTIES for c in children(f, "amod", "compound", "nmod")) for f in move.forces
    )


def only_police(move: patterns.Move, parsed: Parsed) -> bool:
    """Whether nothing but police moves, and the sentence has no soldiers besides."""
    if not move.forces:
        return False
    policing = {f.lower_ for f in move.forces} <= POLICING or all(
        any(c.lower_ in ("security", "police", "riot") for c in children(f, "amod", "compound", "nmod"))
        for f in move.forces
    )
    return policing and not any(_soldiers(t, parsed) for t in parsed.tokens if t not in move.forces)


def _soldiers(token: Any, parsed: Parsed) -> bool:
    word = parsed.forces.get(token.i)
    return (
        word is not None
        and word.strength == "strong"
        and token.lower_ not in POLICING
        and not any(c.lower_ in ("security", "police") for c in children(token, "amod", "compound", "nmod"))
    )
