"""Where the troops go, or which place they leave."""

from __future__ import annotations

import re
from typing import Any

from agents.enrich.claims.discourse import Discourse
from agents.enrich.claims.parties import PRONOUNS, pronoun, stands_for
from agents.enrich.claims.patterns import TO, Move
from agents.enrich.claims.place_names import (
    distinct_places,
    has_unknown_name,
    head_of,
    is_place,
    place_looked_up,
    place_of,
    places_named,
    places_of_group,
)
from agents.enrich.claims.place_unsaid import bound_for, host_places, keeps_order, place_of_purpose, place_of_receiver
from agents.enrich.language.parse import Parsed
from agents.enrich.language.syntax import children, lemma, subtree_without_clauses
from agents.enrich.language.word_lists import word_list
from streams.records import Actor, Place, Status

DEFINITE = word_list("places.definite")
BORDERS = frozenset({"border", "frontier", "borders", "frontiers"})
_BORDER_WITH = re.compile(r"\b(?:borders?|frontiers?) (?:with|to) (?:the )?", re.IGNORECASE)
_DIRECT = word_list("places.direct")
_BOUND = re.compile(r"\b(?:destined|bound|headed|heading|earmarked|en route) (?:for|to) (?:the )?$")


def _directions(move: Move) -> list[tuple[str, Any]]:
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
    if word in ("out", "off", "from", "outside"):
        direction: str | None = "from"
    elif word == "of":
        direction = outer
    elif word in TO:
        direction = "to"
    elif word in (
        "home", "back", "ashore", "down", "up", "away", "north", "south", "northward", "southward", "ahead", "closer",
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
            found.extend(_through(c, direction if word in ("out", "off") else None, depth + 1))
    return found


def resolve(
    move: Move, parsed: Parsed, discourse: Discourse, movers: list[Actor], speaker: list[Actor], *,
    skip: set[int], status: Status | None, agents: list[Actor], stance: str = "reports",
) -> tuple[list[Place], list[Place], list[str]]:  # fmt: skip
    """Destinations (for a withdrawal: the places left), origins, and the rule that found them.

    `skip` are tokens that name somebody who speaks, not a place.
    """
    leaving = move.act == "withdraw"
    towards: list[Place] = []
    away: list[Place] = []
    standing: list[Place] = []
    vague = border = unknown = False
    codes = {m.code for m in movers}
    for direction, noun in _directions(move):
        if (
            move.pattern == "force asked for"
            and noun.head.lower_ in ("to", "on")
            and noun.head.head.i == move.predicate.i
        ):
            continue  # "turned to Fiji for peacekeepers"
        if noun.head.lower_ == "for" and not bound_for(noun.head.head, move):
            continue
        if noun.lower_ in (
            "message",
            "signal",
            "warning",
            "response",
            "reply",
            "dispute",
            "row",
            "standoff",
            "visit",
            "trip",
            "tour",
            "flag",
            "mandate",
            "accord",
            "plan",
            "agreement",
            "condition",
            "order",
            "request",
        ):
            continue
        if noun.head.lower_ in ("in", "at", "on") and noun.lower_ in _COMPLEX and noun.i not in parsed.at:
            continue
        if noun.i in skip or (noun.ent_type_ in ("DATE", "TIME") and noun.i not in parsed.at):
            continue
        named = places_named(noun, parsed)
        beyond = [
            n
            for t in subtree_without_clauses(noun)
            if t.lower_ in BORDERS
            for p in children(t, "prep")
            if p.lower_ in ("with", "between")
            for n in children(p, "pobj")
        ]
        owner = next((c for c in noun.children if c.dep_ == "poss" and c.lower_ in PRONOUNS), None)
        if not named and owner is not None and noun.lower_ in ("soil", "territory", "country", "land", "capital"):
            named = [
                Place(code=a.code, name=a.name, text=owner.text)
                for a in pronoun(owner, parsed, discourse, speaker=speaker)
                if a.kind == "country"
            ]
        if owner is not None and named and {p.code for p in named} <= codes and not leaving:
            named = [Place(code=a.code, name=a.name, text=a.text) for a in speaker if a.kind == "country"] or named
        if len(named) > 1 and any(t.lower_ in BORDERS for t in noun.subtree):
            first = [place_of(parsed.at[noun.i])] if noun.i in parsed.at and is_place(parsed.at[noun.i]) else []
            named = first or [p for p in named if p.code not in codes] or named  # "Daraa on the Jordanian border"
        if beyond:
            named = [p for n in beyond for p in places_named(n, parsed) if p.code not in codes] or named
        if not named:
            named = places_of_group(noun, discourse) or place_looked_up(noun, parsed, discourse)
        if not named and noun.lower_ in DEFINITE:
            vague = True
        if not named and any(t.lower_ in BORDERS for t in subtree_without_clauses(noun)):
            border = border or noun.head.lower_ not in ("over", "across")
            vague = True
        if not named and has_unknown_name(noun, parsed):
            unknown = True
        if direction == "to" and noun.head.lower_ in ("in", "at", "on", "near", "around", "across", "inside"):
            standing.extend(named)
        (towards if direction == "to" else away).extend(named)
    verb = move.predicate
    acting = [verb, *[t for t in move.places if t.pos_ == "VERB" and t.i != verb.i]]
    for acted in acting:
        for c in children(acted, "dobj", "ccomp", "attr"):
            if any(c.i == f.i for f in move.forces):
                continue
            if lemma(acted) in _DIRECT and c.pos_ in ("NOUN", "PROPN", "PRON"):
                named = places_named(c, parsed)
                if not named and c.lower_ in DEFINITE | {"it"}:
                    vague = True
                    border = border or c.lower_ in BORDERS
                departing = leaving or lemma(acted) in ("leave", "quit", "exit", "vacate")  # "left Suva for Baghdad"
                (away if departing else towards).extend(named)
            elif lemma(acted) in ("send", "lend", "give", "offer") and c.i in parsed.at and is_place(parsed.at[c.i]):
                towards.extend(places_named(c, parsed))
    for c in children(verb, "dative"):
        if c.pos_ != "ADP":
            receivers = stands_for(c, parsed, discourse)
            towards.extend(Place(code=a.code, name=a.name, text=a.text) for a in receivers if a.kind == "country")
    if leaving:
        left = distinct_places(away or standing)
        left = [p for p in left if p.code not in codes] or left  # "troops from Kenya were withdrawn from Somalia"
        if left:
            return left, [], ["place: left"]
    elif towards:
        ahead = distinct_places(towards)
        if len(ahead) > 1 and any(n.lower_ in BORDERS for n in verb.subtree):
            ahead = [p for p in ahead if p.code not in codes] or ahead  # "crossed the Russian-Ukrainian border"
        return ahead, distinct_places(away), ["place: destination"]
    origins = distinct_places(away)
    there = any(t.lower_ in ("there", "here") and t.dep_ in ("advmod", "pcomp") for t in verb.subtree)
    if not leaving and move.act != "mobilise":
        for found, rule in (
            (place_of_purpose(move, parsed, codes, skip), "place: by purpose"),
            (place_of_receiver(move, parsed, discourse, codes), "place: by its receiver"),
        ):
            if found:
                return found, origins, [rule]
    if vague and not leaving and len(agents) > 1 and {m.kind for m in movers} == {"organisation"}:
        own = [a for a in agents if a.kind == "country"]  # "South Sudan and the U.N. agreed on more for the country"
        if len(own) == 1:
            return [Place(code=own[0].code, name=own[0].name, text=own[0].text)], origins, ["place: the host"]
    if leaving and (vague or there) and status in ("demanded", "requested", "decided"):
        own = [a for a in agents if a.kind == "country" and a.code not in codes]
        if own:
            return [Place(code=own[0].code, name=own[0].name, text=own[0].text)], origins, ["place: the host"]
    if vague and not there and status in ("refused", "opposed", "requested", "demanded"):
        own = [a for a in agents if a.kind == "country" and a.code not in codes]
        if own and len({m.country for m in parsed.mentions if m.country} - codes) == 1:
            return [Place(code=own[0].code, name=own[0].name, text=own[0].text)], origins, ["place: the host"]
    if there or vague:
        before = [
            m for m in parsed.mentions if is_place(m) and m.end <= verb.idx and parsed.tokens[verb.i].i not in skip
        ]
        before = [m for m in before if not any(m.start <= parsed.tokens[i].idx < m.end for i in skip)]
        before = [
            m
            for m in before
            if head_of(m, parsed).dep_ not in ("nsubj", "nsubjpass", "poss", "compound", "amod", "dative")
        ]
        before = [m for m in before if m.form == "city" or m.form == "region" or head_of(m, parsed).dep_ != "dobj"]
        before = [m for m in before if head_of(m, parsed).head.lower_ not in ("for", "with", "against", "by")]
        outside = [m for m in before if place_of(m).code not in codes]
        if leaving and before and not outside and not border:
            outside = [m for m in before if m.kind == "place"]
        if outside and not border:
            return [place_of(outside[-1])], origins, ["place: named before in the sentence"]
    if border and not leaving:
        complaining = [a for a in speaker if a.kind == "country" and a.code not in codes]
        if complaining:
            return (
                [Place(code=complaining[0].code, name=complaining[0].name, text=complaining[0].text)],
                origins,
                ["place: the speaker's border"],
            )
    over = _BORDER_WITH.search(parsed.sentence.text) if border else None
    if over is not None:
        across = [
            m
            for m in parsed.mentions
            if abs(m.start - over.end()) <= 4 and is_place(m) and place_of(m).code not in codes
        ]
        if across:
            return [place_of(across[0])], origins, ["place: beyond the border"]
    local = (
        (unknown and move.act != "remain") or (vague and move.act in ("reinforce", "move")) or keeps_order(move, parsed)
    )
    if local and not discourse.whole_article and len(codes) == 1 and movers[0].kind == "country":
        others = {place_of(m).code for m in parsed.mentions if is_place(m)} - codes
        if not others:
            home = Place(code=movers[0].code, name=movers[0].name, text=movers[0].text)
            return [home], origins, ["place: at home"]
    if border and len(codes) == 1 and movers[0].kind == "country":
        return (
            [Place(code=movers[0].code, name=f"border of {movers[0].name}", text="border")],
            origins,
            ["place: its own border"],
        )
    if stance == "alleges" and not leaving and not discourse.places:
        accusers = [a for a in speaker if a.kind == "country" and a.code not in codes]
        if accusers:
            return (
                [Place(code=accusers[0].code, name=accusers[0].name, text=accusers[0].text)],
                origins,
                ["place: the accuser's"],
            )
    if move.pattern == "reinforced":
        for c in [*children(verb, "dobj", "nsubjpass")]:
            held = [parsed.at[t.i] for t in c.subtree if t.i in parsed.at and parsed.at[t.i].kind == "country"]
            other = [m for m in held if m.code not in codes]
            if other:
                return [place_of(other[0])], origins, ["place: of what is reinforced"]
    if vague and not leaving and any(n.lower_ in ("country", "soil", "territory") for _, n in _directions(move)):
        spoken = [a for a in speaker if a.kind == "country" and a.code not in codes]
        if spoken:
            home = Place(code=spoken[0].code, name=spoken[0].name, text=spoken[0].text)
            return [home], origins, ["place: the speaker's country"]
    hosts = host_places(move, parsed, discourse, speaker, codes, status, agents)
    if hosts:
        return hosts, origins, ["place: the host"]
    if not leaving:
        for mention in parsed.mentions:
            if (
                is_place(mention)
                and _BOUND.search(parsed.sentence.text[: mention.start])
                and place_of(mention).code not in codes
            ):
                return [place_of(mention)], origins, ["place: where they are bound"]
    for mention in parsed.mentions:
        area = discourse.areas.get(mention.text)
        if area and any(mention.code == m.code for m in movers):
            return [Place(code=area, name=area, text=mention.text)], origins, ["place: of the mission"]
    return [], origins, []


_COMPLEX = word_list("places.complex")
