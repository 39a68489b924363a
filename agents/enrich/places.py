"""Where the troops go, or which place they leave."""

from __future__ import annotations

from typing import Any

from agents.enrich.discourse import Discourse
from agents.enrich.mention import Mention
from agents.enrich.parse import Parsed
from agents.enrich.parties import stands_for
from agents.enrich.patterns import TO, Move
from agents.enrich.syntax import children, conjuncts, governors, lemma, subtree_without_clauses
from streams.records import Actor, Place

DEFINITE = frozenset(
    ["country", "capital", "region", "area", "province", "territory", "city", "town", "border", "frontier", "island", "enclave", "kingdom", "zone", "peninsula", "north", "south", "east", "west", "republic", "front", "soil", "nation", "north-east", "north-west", "northeast", "northwest", "there", "here", "valley"]
)


def place_of(mention: Mention) -> Place:
    """A mention as a place: by its country, or by its own name where it lies in none or is disputed."""
    if mention.kind == "country":
        code, name = mention.code, mention.name
    else:
        code, name = mention.country or mention.name, mention.name
    return Place(
        code=code, name=name, text=mention.text, id=mention.id, latitude=mention.latitude, longitude=mention.longitude
    )


def is_place(mention: Mention) -> bool:
    return mention.kind == "place" or (
        mention.kind == "country" and mention.form in ("name", "capital", "historical", "city", "region")
    )


def _named(noun: Any, parsed: Parsed) -> list[Place]:
    """The places that a noun phrase names: itself, its conjuncts, or what its adjectives and prepositions name."""
    found: list[Place] = []
    for one in conjuncts(noun):
        mention = parsed.at.get(one.i)
        if mention is not None and is_place(mention):
            found.append(place_of(mention))
    if found:
        return _distinct(found)
    for token in subtree_without_clauses(noun):
        mention = parsed.at.get(token.i)
        if mention is None:
            continue
        if is_place(mention) or (mention.kind == "country" and mention.form == "demonym" and noun.i not in parsed.forces) or (mention.kind == "person" and mention.country and False):
            found.append(place_of(mention))
        if found and token.i > noun.i and not any(t.dep_ in ("conj", "cc") for t in subtree_without_clauses(noun)):
            break
    # "the West Bank cities of Hebron, Bethlehem and Jericho": the countries, each once
    return _distinct(found)


def _distinct(places: list[Place]) -> list[Place]:
    seen: dict[str, Place] = {}
    for place in places:
        held = seen.get(place.code)
        if held is None or (held.latitude is None and place.latitude is not None):
            seen[place.code] = place
    return list(seen.values())


def _directions(move: Move) -> list[tuple[str, Any]]:
    """(direction, noun) of every preposition on the predicate, the forces and what lies between: "to" or "from"."""
    found: list[tuple[str, Any]] = []
    seen: set[int] = set()
    queue = [move.predicate, *move.places]
    for token in queue:
        for c in token.children:
            if c.i in seen:
                continue
            if c.dep_ in ("prep", "advmod", "prt", "dative") or (c.dep_ == "agent" and False):
                seen.add(c.i)
                found.extend(_through(c, None, 0))
            elif (c.dep_ == "acl" and c.tag_ == "VBN" and token in move.forces) or (c.dep_ == "acl" and lemma(c) in ("destine", "bind", "head")):
                for p in children(c, "prep"):
                    found.extend(_through(p, None, 0))
    return found


def _through(preposition: Any, outer: str | None, depth: int) -> list[tuple[str, Any]]:
    word = preposition.lower_
    if depth > 3:
        return []
    if word in ("out", "off", "from", "outside"):
        direction: str | None = "from"
    elif word == "of":
        direction = outer
    elif word in TO:
        direction = "to" if outer != "from" or word != "in" else "from"
    elif word in (
        "home",
        "back",
        "ashore",
        "down",
        "up",
        "away",
        "north",
        "south",
        "northward",
        "southward",
        "ahead",
        "closer",
        "forward",
    ):
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
    move: Move, parsed: Parsed, discourse: Discourse, movers: list[Actor], speaker: list[Actor], *, skip: set[int]
) -> tuple[list[Place], list[Place], list[str]]:
    """Destinations (for a withdrawal: the places left), origins, and the rule that found them.

    `skip` are tokens that name somebody who speaks, not a place.
    """
    leaving = move.act == "withdraw"
    towards: list[Place] = []
    away: list[Place] = []
    vague = False
    for direction, noun in _directions(move):
        if noun.i in skip:
            continue
        named = [p for p in _named(noun, parsed)]
        if noun.lower_ in DEFINITE and not named:
            vague = True
        if noun.ent_type_ in ("DATE", "TIME"):
            continue
        (towards if direction == "to" else away).extend(named)
    verb = move.predicate
    for c in [
        *children(verb, "dobj"),
        *[x for t in move.places if t.i != verb.i and t.pos_ == "VERB" for x in children(t, "dobj")],
    ]:
        if (
            lemma(verb)
            in (
                "leave",
                "quit",
                "exit",
                "vacate",
                "enter",
                "reach",
                "reinforce",
                "cross",
                "occupy",
                "let",
                "allow",
                "permit",
                "join",
                "bolster",
                "strengthen",
                "beef",
                "boost",
            )
            and c not in move.forces
        ):
            named = _named(c, parsed)
            if c.lower_ in DEFINITE and not named:
                vague = True
            (away if leaving else towards).extend(named)
        elif (
            c not in move.forces
            and (c.i in parsed.at)
            and move.pattern != "force offered"
            and is_place(parsed.at[c.i])
            and lemma(verb) in ("send", "lend", "give")
        ):
            towards.extend(_named(c, parsed))
    for c in children(verb, "dative"):
        if c.pos_ != "ADP":
            towards.extend(
                Place(code=a.code, name=a.name, text=a.text)
                for a in stands_for(c, parsed, discourse)
                if a.kind == "country"
            )
    if leaving:
        if away:
            return _distinct(away), [], ["place: left"]
        inside = [p for p in towards if not any(p.code == m.code for m in movers)]
        standing = [(d, n) for d, n in _directions(move) if d == "to"]
        at = [
            p
            for d, n in standing
            for p in _named(n, parsed)
            if n.head.lower_ in ("in", "at", "on", "near", "around", "across")
        ]
        if at:
            return _distinct(at), [], ["place: where they were"]
        del inside
    elif towards:
        return _distinct(towards), _distinct(away), ["place: destination"]
    there = any(t.lower_ in ("there", "here") and t.dep_ in ("advmod", "pcomp") for t in verb.subtree)
    if not leaving:
        purpose = _purpose(move, parsed, movers, skip)
        if purpose:
            return purpose, _distinct(away), ["place: by purpose"]
        of_force = _owner_place(move, parsed, discourse, movers)
        if of_force:
            return of_force, _distinct(away), ["place: by its receiver"]
    if there or vague:
        before = [
            m
            for m in parsed.mentions
            if is_place(m) and m.end <= verb.idx and not any(m.country == a.code or m.code == a.code for a in movers)
        ]
        if before and not any(parsed.tokens[i].idx == before[-1].start for i in skip):
            return [place_of(before[-1])], _distinct(away), ["place: named before in the sentence"]
    if move.host is not None and move.act != "withdraw":
        hosts = [
            a
            for a in stands_for(move.host, parsed, discourse, speaker=speaker)
            if a.kind == "country" and not any(a.code == m.code for m in movers)
        ]
        if hosts and move.pattern in (
            "force asked for",
            "request for a force",
            "force refused",
            "force let in",
            "against a force",
            "allies let in",
        ):
            if not (discourse.guess is not None and discourse.whole_article and move.pattern == "force refused"):
                return [Place(code=a.code, name=a.name, text=a.text) for a in hosts[:1]], [], ["place: the host"]
    if move.pattern == "force expelled" and move.host is not None:
        return (
            [
                Place(code=a.code, name=a.name, text=a.text)
                for a in stands_for(move.host, parsed, discourse)
                if a.kind == "country"
            ][:1],
            [],
            ["place: who expels"],
        )
    return [], _distinct(away), []


def _purpose(move: Move, parsed: Parsed, movers: list[Actor], skip: set[int]) -> list[Place]:
    """ "Troops to help the Lebanese army patrol the south": the place is the receiver's."""
    clauses = [
        c
        for t in [move.predicate, *move.forces]
        for c in t.children
        if c.dep_ in ("advcl", "xcomp", "acl", "relcl", "ccomp")
        and (any(a.lower_ == "to" for a in children(c, "aux")) or c.tag_ == "VB")
    ]
    for clause in clauses:
        for token in clause.subtree:
            mention = parsed.at.get(token.i)
            if mention is None or token.i in skip or mention.kind not in ("country", "place"):
                continue
            place = place_of(mention)
            if any(place.code == m.code for m in movers) or token.lower_.endswith("-led"):
                continue
            if any(g.lower_ in ("against", "from", "by", "threat") for g in token.ancestors if g.i > clause.i):
                continue
            return [place]
    return []


def _owner_place(move: Move, parsed: Parsed, discourse: Discourse, movers: list[Actor]) -> list[Place]:
    """The receiver of an offer, by "to": "offered its troops to Lebanon's president"."""
    for token in [move.predicate, *move.places]:
        for p in children(token, "prep", "dative"):
            if p.lower_ in ("to", "for"):
                for noun in children(p, "pobj"):
                    got = [
                        a
                        for a in stands_for(noun, parsed, discourse)
                        if a.kind == "country" and not any(a.code == m.code for m in movers)
                    ]
                    if got:
                        return [Place(code=a.code, name=a.name, text=a.text) for a in got[:1]]
    return []


def elsewhere(move: Move, parsed: Parsed, movers: list[Actor], skip: set[int]) -> list[Place]:
    """The only other place that the sentence names, where the grammar tells none."""
    codes = {m.code for m in movers}
    found: list[Place] = []
    for mention in parsed.mentions:
        if not is_place(mention):
            continue
        tokens = [i for i, m in parsed.at.items() if m is mention]
        if any(i in skip for i in tokens):
            continue
        place = place_of(mention)
        if place.code not in codes:
            found.append(place)
    distinct = _distinct(found)
    return distinct if len(distinct) == 1 else []


def within(noun: Any) -> bool:
    return any(label == "relcl" for _, label, _ in governors(noun))
