"""What the words themselves tell of where forces go: prepositions on the predicate and its forces, and objects of verbs
like "enter"."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any

from agents.enrich.claims.discourse import Discourse
from agents.enrich.claims.parties import is_pronoun, pronoun, stands_for
from agents.enrich.claims.patterns import TO, Move
from agents.enrich.claims.place_names import (
    has_unknown_name,
    home_of,
    is_place,
    place_looked_up,
    place_of,
    places_named,
    places_of_group,
)
from agents.enrich.claims.stances import TALK
from agents.enrich.language.parse import Parsed
from agents.enrich.language.syntax import children, lemma, subtree_without_clauses
from agents.enrich.language.word_lists import word_list
from streams.records import Actor, Place, Stance, Status

DEFINITE = word_list("place_told.definite")
BORDERS = frozenset({"border", "frontier", "borders", "frontiers"})
_DIRECT = word_list("place_told.direct")
_COMPLEX = word_list("place_told.complex")
_AT_THE_BORDER = re.compile(r"\b(?:near|close to|along|at|on) (?:the|its|their) (?:border|frontier)\b")
_SHORES = frozenset({"coast", "coasts", "shore", "shores", "waters", "island"})
_ERRANDS = word_list("place_told.errands")


@dataclass(slots=True, kw_only=True)
class Whereabouts:
    """A move with what is known of it, and what its words tell of places."""

    move: Move
    parsed: Parsed
    discourse: Discourse
    movers: list[Actor]
    speaker: list[Actor]
    agents: list[Actor]
    status: Status | None
    stance: Stance
    skip: set[int]
    """Tokens that name somebody who speaks, not a place."""
    towards: list[Place] = field(default_factory=list)
    away: list[Place] = field(default_factory=list)
    standing: list[Place] = field(default_factory=list)
    """Of `towards` those where something is rather than goes: "troops in Chad"."""
    vague: bool = False
    """Whether a place is meant that only the article names: "the country"."""
    border: bool = False
    unknown: bool = False
    """Whether a name stands there that the gazetteer does not know."""

    @property
    def leaving(self) -> bool:
        return self.move.act == "withdraw"

    @property
    def codes(self) -> set[str]:
        return {m.code for m in self.movers}


def read(about: Whereabouts) -> None:
    """Fill in what prepositions and objects tell."""
    for direction, noun in directions(about.move):
        if not _says_no_place(noun, about):
            _read_preposition(direction, noun, about)
    _read_objects(about)
    if (
        not about.towards
        and not about.away
        and _AT_THE_BORDER.search(about.parsed.sentence.text, about.move.predicate.idx)
    ):
        about.border = True


def _says_no_place(noun: Any, about: Whereabouts) -> bool:
    """Whether what a preposition opens is something else than a place: a time, a purpose, a speaker."""
    preposition = noun.head
    asked = about.move.pattern == "force asked for" and preposition.lower_ in ("to", "on")
    if asked and preposition.head.i == about.move.predicate.i:
        return True  # "turned to Fiji for peacekeepers"
    if preposition.lower_ == "for" and not bound_for(preposition.head, about.move):
        return True
    if noun.lower_ in _ERRANDS or lemma(noun) in TALK:
        return True  # "no truth to rumours of Serbian troops"
    if preposition.i > 0 and preposition.doc[preposition.i - 1].lower_ in _ERRANDS and preposition.lower_ == "to":
        return True  # "to Qatar in message to Iran"
    if preposition.lower_ in ("in", "at", "on") and noun.lower_ in _COMPLEX and noun.i not in about.parsed.at:
        return True
    return noun.i in about.skip or (noun.ent_type_ in ("DATE", "TIME") and noun.i not in about.parsed.at)


def _read_preposition(direction: str, noun: Any, about: Whereabouts) -> None:
    parsed, discourse, codes = about.parsed, about.discourse, about.codes
    named = places_named(noun, parsed)
    if noun.lower_ in ("each", "both", "all", "either", "any"):
        of = [n for p in children(noun, "prep") if p.lower_ == "of" for n in children(p, "pobj")]
        grouped = [place for n in of for place in places_of_group(n, discourse)]
        named = [*grouped, *named]  # "to every Gulf state and Jordan"
    beyond = [
        n
        for t in subtree_without_clauses(noun)
        if t.lower_ in BORDERS
        for p in children(t, "prep")
        if p.lower_ in ("with", "between")
        for n in children(p, "pobj")
    ]
    owner = next((c for c in noun.children if c.dep_ == "poss" and is_pronoun(c)), None)
    if not named and owner is not None and noun.lower_ in ("soil", "territory", "country", "land", "capital"):
        named = [
            replace(home_of(a), text=owner.text)
            for a in pronoun(owner, parsed, discourse, speaker=about.speaker)
            if a.kind == "country"
        ]
    if owner is not None and named and {p.code for p in named} <= codes and not about.leaving:
        named = [home_of(a) for a in about.speaker if a.kind == "country"] or named
    if len(named) > 1 and any(t.lower_ in BORDERS for t in noun.subtree):
        first = [place_of(parsed.at[noun.i])] if noun.i in parsed.at and is_place(parsed.at[noun.i]) else []
        named = first or [p for p in named if p.code not in codes] or named  # "Daraa on the Jordanian border"
    region = any(p.code == p.name for p in named)  # "the Bekaa, between Lebanon and Syria"
    if beyond and not region:
        named = [p for n in beyond for p in places_named(n, parsed) if p.code not in codes] or named
    if not named:
        named = places_of_group(noun, discourse) or place_looked_up(noun, parsed, discourse)
    if not named and noun.lower_ in DEFINITE:
        about.vague = True
    if not named and any(t.lower_ in BORDERS for t in subtree_without_clauses(noun)):
        about.border = about.border or noun.head.lower_ not in ("over", "across")
        about.vague = True
    if not named and has_unknown_name(noun, parsed):
        about.unknown = True
    if direction == "to" and noun.head.lower_ in ("in", "at", "on", "near", "around", "across", "inside", "along"):
        about.standing.extend(named)
    (about.towards if direction == "to" else about.away).extend(named)


def _read_objects(about: Whereabouts) -> None:
    parsed, move = about.parsed, about.move
    verb = move.predicate
    acting = [verb, *[t for t in move.places if t.pos_ == "VERB" and t.i != verb.i]]
    for acted in acting:
        for c in children(acted, "dobj", "ccomp", "attr"):
            if any(c.i == f.i for f in move.forces) or (lemma(acted) == "join" and c.i in parsed.forces):
                continue
            if lemma(acted) in _DIRECT and c.pos_ in ("NOUN", "PROPN", "PRON"):
                named = places_named(c, parsed)
                if not named and c.lower_ in DEFINITE | {"it"}:
                    about.vague = True
                    about.border = about.border or c.lower_ in BORDERS
                departing = about.leaving or lemma(acted) in (
                    "leave",
                    "quit",
                    "exit",
                    "vacate",
                )  # "left Suva for Baghdad"
                (about.away if departing else about.towards).extend(named)
            elif lemma(acted) in ("send", "lend", "give", "offer") and c.i in parsed.at and is_place(parsed.at[c.i]):
                about.towards.extend(places_named(c, parsed))
    for c in children(verb, "dative"):
        if c.pos_ != "ADP":
            receivers = stands_for(c, parsed, about.discourse)
            about.towards.extend(home_of(a) for a in receivers if a.kind == "country")


def bound_for(governor: Any, move: Move) -> bool:
    """Whether "for" says where to ("left for Cyprus", "400 men for Chad") and not for whom."""
    return lemma(governor) in ("leave", "head", "depart", "sail", "set", "bind", "destine", "fly", "embark") or (
        move.pattern in ("force offered", "request for a force", "force asked for") or governor.pos_ in ("NOUN", "NUM")
    )


def directions(move: Move) -> list[tuple[str, Any]]:
    """(direction, noun) of every preposition on the predicate, the forces and what lies between: "to" or "from"."""
    found: list[tuple[str, Any]] = []
    seen: set[int] = set()
    later: list[tuple[str, Any]] = []
    for token in [move.predicate, *move.places]:
        for c in token.children:
            if c.i in seen:
                continue
            if c.dep_ in ("prep", "advmod", "prt", "dative", "pcomp", "npadvmod"):
                seen.add(c.i)
                found.extend(_through(c, None, 0))
                for joined in children(c, "conj"):  # "to North Vietnam and to Egypt"
                    if joined.pos_ == "ADP":
                        found.extend(_through(joined, None, 0))
            elif c.dep_ == "acl" and c.tag_ in ("VBN", "JJ") and token.pos_ in ("NOUN", "PROPN"):
                onward = [p for p in children(c, "prep") if p.lower_ in ("to", "into", "toward", "towards")]
                for p in onward or children(c, "prep"):
                    later.extend(_through(p, None, 0))
    return found or later


def _through(preposition: Any, outer: str | None, depth: int) -> list[tuple[str, Any]]:
    word = preposition.lower_
    if depth > 3:
        return []
    if word == "off" and any(n.lower_ in _SHORES for n in children(preposition, "pobj")):
        direction: str | None = "to"  # "anchored off the shores of Haiti"
    elif word == "to" and outer == "from":
        direction = "from"  # "from close to the border"
    elif word in ("out", "off", "from", "outside"):
        direction = "from"
    elif word == "of":
        direction = outer
    elif word in TO:
        direction = "to"
    elif word in (
        "home", "back", "ashore", "down", "up", "away", "north", "south", "northward", "southward", "ahead", "close", "closer",
        "forward", "east", "west", "deep", "only", "directly",
    ):  # fmt: skip
        direction = outer
    else:
        return []
    found: list[tuple[str, Any]] = []
    for c in preposition.children:
        if c.dep_ == "pobj" and direction is not None:
            found.append((direction, c))
        elif c.dep_ in ("prep", "pcomp", "advmod"):
            found.extend(
                _through(c, direction if word in ("out", "off", "close") or c.lower_ == "close" else None, depth + 1)
            )
    return found
