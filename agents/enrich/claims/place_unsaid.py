"""Where, when no preposition and no object says it: the host, the receiver, the purpose, the only other place named."""

from __future__ import annotations

import re
from typing import Any

from agents.enrich.claims.discourse import Discourse
from agents.enrich.claims.movers import called_in
from agents.enrich.claims.parties import STATE_WORDS, run_of, stands_for
from agents.enrich.claims.patterns import Move
from agents.enrich.claims.place_names import (
    distinct_places,
    head_of,
    is_place,
    place_of,
)
from agents.enrich.language.parse import Parsed
from agents.enrich.language.syntax import children, lemma
from agents.enrich.language.word_lists import word_list
from agents.enrich.names.mention import Mention
from streams.records import Actor, Place, Status

_ORDER = word_list("place_unsaid.order")
_KEEPING = word_list("place_unsaid.keeping")


def keeps_order(move: Move, parsed: Parsed) -> bool:
    """Whether the forces are those of home, or go to keep order: "sent in 260 troops and national police to restore order"."""
    if move.act not in ("send", "reinforce") or not move.forces:
        return False
    for clause in [c for t in (move.predicate, *move.forces) for c in children(t, "advcl", "xcomp", "acl", "relcl")]:
        if lemma(clause) in _KEEPING and any(o.lower_ in _ORDER for o in children(clause, "dobj")):
            return True
    named = [*move.forces, *([move.doer] if move.doer is not None else [])]
    mentions = [parsed.at[t.i] for noun in named for t in noun.subtree if t.i in parsed.at]
    return any(m.kind == "force" and "National Guard" in m.name for m in mentions)


def bound_for(governor: Any, move: Move) -> bool:
    """Whether "for" says where to ("left for Cyprus", "400 men for Chad") and not for whom."""
    return lemma(governor) in ("leave", "head", "depart", "sail", "set", "bind", "destine", "fly", "embark") or (
        move.pattern in ("force offered", "request for a force", "force asked for") or governor.pos_ in ("NOUN", "NUM")
    )


def host_places(
    move: Move,
    parsed: Parsed,
    discourse: Discourse,
    speaker: list[Actor],
    codes: set[str],
    status: Status | None,
    agents: list[Actor],
) -> list[Place]:
    """The country of who asks for, refuses or expels a force, where nothing else says where."""
    pattern = move.pattern
    if move.host is not None and pattern in (
        "force asked for",
        "request for a force",
        "force refused",
        "force accepted",
        "forces let in",
        "against a force",
        "allies let in",
        "force expelled",
    ):
        if pattern == "force refused" and discourse.whole_article and discourse.places:
            return []
        hosts = [
            a
            for a in stands_for(move.host, parsed, discourse, speaker=speaker)
            if a.kind == "country" and a.code not in codes
        ]
        return [Place(code=a.code, name=a.name, text=a.text) for a in hosts[:1]]
    if move.doer is not None and called_in(move) and move.act == "send":
        callers = [a for a in stands_for(move.doer, parsed, discourse, speaker=speaker) if a.kind == "country"]
        return [Place(code=a.code, name=a.name, text=a.text) for a in callers[:1] if a.code not in codes]
    if pattern == "force offered" and status == "refused":
        refusing = [a for a in agents if a.kind == "country" and a.code not in codes]
        return [Place(code=a.code, name=a.name, text=a.text) for a in refusing[:1]]
    if move.act == "withdraw" and status == "demanded" and agents and not discourse.places:
        for agent in agents:
            country = agent.code if agent.kind == "country" else discourse.homes.get(agent.code)
            if country and country not in codes:
                return [Place(code=country, name=country, text=agent.text)]
    return []


def place_of_purpose(move: Move, parsed: Parsed, codes: set[str], skip: set[int]) -> list[Place]:
    """ "Troops to help the Lebanese army patrol the south": the place is the receiver's."""
    clauses = [
        c
        for t in [move.predicate, *move.forces]
        for c in t.children
        if c.dep_ in ("advcl", "xcomp", "acl", "relcl", "ccomp")
        and (any(a.lower_ == "to" for a in children(c, "aux")) or c.tag_ == "VB")
    ]
    for clause in clauses:
        for token in _own_words(clause):
            mention = parsed.at.get(token.i)
            if mention is None or token.i in skip or mention.kind in ("organisation", "armed-group", "force"):
                continue
            if mention.kind == "person" and not mention.country:
                continue
            place = place_of(mention)
            if mention.kind == "person":
                place = Place(code=str(mention.country), name=str(mention.country), text=mention.text)
            if place.code in codes or any(n.lower_ == "led" for n in token.children):
                continue
            if any(
                g.lower_ in ("against", "from", "by", "threat", "attack") for g in token.ancestors if g.i > clause.i
            ):
                continue
            return [place]
    return []


def _own_words(clause: Any) -> list[Any]:
    """A clause without its subordinate clauses of time and its relative ones, but with what it helps somebody do."""
    found = [clause]
    for c in clause.children:
        if c.dep_ not in ("relcl", "advcl", "parataxis") or any(a.lower_ == "to" for a in children(c, "aux")):
            found.extend(_own_words(c))
    return sorted(found, key=lambda t: int(t.i))


def place_of_receiver(move: Move, parsed: Parsed, discourse: Discourse, codes: set[str]) -> list[Place]:
    """The receiver of an offer, by "to": "offered its troops to Lebanon's president"."""
    for token in [move.predicate, *move.places]:
        for p in children(token, "prep", "dative"):
            if p.lower_ in ("to", "for"):
                for noun in children(p, "pobj"):
                    got = [
                        a for a in stands_for(noun, parsed, discourse) if a.kind == "country" and a.code not in codes
                    ]
                    if got:
                        return [Place(code=a.code, name=a.name, text=a.text) for a in got[:1]]
    return []


_LISTED = re.compile(r"(?:[\s,]|and|or|[A-Z][\w'-]*)*")
_CONFLICT = word_list("place_unsaid.conflict")


def elsewhere(move: Move, parsed: Parsed, movers: list[Actor], skip: set[int], *, adjectives: bool) -> list[Place]:
    """The only other place that the sentence names, where the grammar tells none.

    Names that own or describe something, subjects, and where the force comes from do not count. `adjectives`: a name in
    "the Syrian war" does, where nothing else is named.
    """
    codes = {m.code for m in movers}
    plain: list[Mention] = []
    described: list[Mention] = []
    for mention in parsed.mentions:
        token = head_of(mention, parsed)
        i = token.i
        if i in skip or (is_place(mention) and place_of(mention).code in codes):
            continue
        if mention.kind == "country" and mention.form == "demonym":
            if (
                adjectives
                and token.dep_ in ("amod", "compound")
                and mention.code not in codes
                and token.head.lower_ in _CONFLICT
            ):
                described.append(mention)
            continue
        if not is_place(mention):
            continue
        rooted = token
        while rooted.dep_ == "conj":
            rooted = rooted.head
        if any(
            a.lemma_.lower() in ("sign", "broker", "hold", "meet", "negotiate", "bear", "visit")
            for a in token.ancestors
            if a.i != move.predicate.i
        ):
            continue  # "an accord signed in Pretoria"
        if any(head_of(m, parsed).dep_ in ("nsubj", "nsubjpass") for m in run_of(mention, parsed)):
            continue  # listed with the subject
        if token.dep_ == "conj" and rooted.i in parsed.at and is_place(parsed.at[rooted.i]):
            continue  # of a list its first name speaks
        if token.dep_ == "pobj" and token.head.head.lower_ in STATE_WORDS:
            continue  # "the cabinet in Kuala Lumpur"
        if rooted.dep_ in ("nsubj", "nsubjpass", "amod") or (
            token.dep_ in ("compound", "poss") and token.head.i in parsed.forces
        ):
            continue
        if (
            token.dep_ == "pobj"
            and token.head.lower_ in ("from", "of", "against", "by", "with", "between")
            and move.act != "withdraw"
        ):
            continue
        if token.dep_ == "pobj" and token.head.lower_ == "to" and move.act == "withdraw":
            continue
        plain.append(mention)
    places = distinct_places([place_of(m) for m in plain])
    if len(places) > 1:
        regions = distinct_places([place_of(m) for m in plain if m.form not in ("city",)])
        places = regions if len(regions) == 1 else places
    if len(places) > 1 and _LISTED.fullmatch(parsed.sentence.text[plain[0].end : plain[-1].start]):
        places = [place_of(plain[0])]  # "in Gaza, El Auja and Faluja": of a list its first name speaks
    if len(places) == 1:
        return places
    others = distinct_places([place_of(m) for m in described])
    return others if not places and len(others) == 1 else []
