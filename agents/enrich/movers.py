"""Whose troops move, and who asks, orders, offers, refuses or opposes it."""

from __future__ import annotations

from typing import Any

from agents.enrich.discourse import Discourse
from agents.enrich.forces import people_of
from agents.enrich.parse import Parsed
from agents.enrich.parties import PRONOUNS, owners, stands_for, unique
from agents.enrich.patterns import Move
from agents.enrich.syntax import subtree_without_clauses
from streams.records import Actor

STATELESS = frozenset(
    {
        "fighters",
        "fighter",
        "mercenaries",
        "mercenary",
        "rebels",
        "militants",
        "guards",
        "volunteers",
        "contractors",
        "guerrillas",
        "foreigners",
    }
)
"""Of "Syrian fighters" flown by Turkey the mover is the named force, of no state's army; the state behind it is the agent."""


def phrase(noun: Any) -> str:
    """The words of a noun phrase without its clauses."""
    tokens = [t for t in subtree_without_clauses(noun) if t.dep_ not in ("punct",) or t.i < noun.i]
    kept = []
    for t in tokens:
        if t.i > noun.i and t.dep_ == "prep":
            break
        kept.append(t)
    return " ".join(t.text for t in kept)[:120]


def resolve(move: Move, parsed: Parsed, discourse: Discourse, speaker: list[Actor]) -> tuple[list[Actor], list[str]]:
    """The movers, with the rules that found them. A force that nothing names is written as it stands."""
    found: list[Actor] = []
    for force in move.forces:
        for actor in owners(force, parsed, discourse, speaker=speaker):
            if actor.kind == "country" and force.lower_ in STATELESS and not people_of(force, parsed):
                name = f"{_adjective(force, parsed) or actor.text} {force.lower_}"
                actor = Actor(code=name, name=name, kind="force", text=name)
            found.append(actor)
    if found:
        return unique(found), ["mover: owner of the force"]
    if move.party is not None:
        got = stands_for(move.party, parsed, discourse, speaker=speaker)
        if got:
            return got, ["mover: the party itself"]
    if move.asked is not None:
        got = stands_for(move.asked, parsed, discourse, speaker=speaker)
        if got:
            return got, ["mover: who is asked"]
        if move.asked.lower_ not in PRONOUNS:
            name = phrase(move.asked)
            return [Actor(code=name, name=name, kind="force", text=name)], ["mover: who is asked"]
    foreign = any(
        c.lower_ in ("foreign", "outside", "allied", "international", "multinational")
        for f in move.forces
        for c in f.children
    )
    if (
        move.doer is not None
        and not foreign
        and move.pattern not in ("force refused", "force let in", "against a force", "force expelled")
    ):
        got = stands_for(move.doer, parsed, discourse, speaker=speaker)
        if got:
            return got, ["mover: who sends"]
        if move.doer.pos_ in ("NOUN", "PROPN") and move.doer.lower_ not in PRONOUNS and not discourse.whole_article:
            name = phrase(move.doer)
            return [Actor(code=name, name=name, kind="force", text=name)], ["mover: who sends, as written"]
    if (
        move.pattern == "force refused"
        and move.base == "refused"
        and not foreign
        and move.doer is not None
        and not discourse.movers
    ):
        got = stands_for(move.doer, parsed, discourse, speaker=speaker)
        if got:
            return got, ["mover: who refuses"]
    if move.pattern == "force refused" and not foreign and move.predicate.lemma_ == "rule" and move.doer is not None:
        got = stands_for(move.doer, parsed, discourse, speaker=speaker)
        if got:
            return got, ["mover: who rules out"]
    if not foreign and discourse.movers:
        last = discourse.movers[-1]
        return [Actor(code=f.code, name=f.name, kind=f.kind, text=f.text) for f in last], ["mover: of the claim before"]
    if not foreign and move.act in ("mobilise",) and discourse.parties:
        return discourse.parties[-1:], ["mover: last party"]
    if move.forces:
        name = phrase(move.forces[0])
        return [Actor(code=name, name=name, kind="force", text=name)], ["mover: as written"]
    return [], []


def _adjective(force: Any, parsed: Parsed) -> str | None:
    for c in force.children:
        if c.i in parsed.at and c.dep_ in ("amod", "compound", "nmod"):
            return str(c.text)
    return None


def agents(
    move: Move, cues: list[Any], parsed: Parsed, discourse: Discourse, movers: list[Actor], speaker: list[Actor]
) -> list[Actor]:
    """Who asks, orders, offers, refuses or opposes: the subject of the outermost cue, or who sends."""
    from agents.enrich.syntax import noun_agent, subject

    for cue in reversed(cues):
        doer = subject(cue) if cue.pos_ in ("VERB", "AUX") else noun_agent(cue)
        if doer is not None:
            got = stands_for(doer, parsed, discourse, speaker=speaker)
            if got:
                return got
    if move.host is not None:
        got = stands_for(move.host, parsed, discourse, speaker=speaker)
        if got:
            return got
    if move.doer is not None:
        return stands_for(move.doer, parsed, discourse, speaker=speaker)
    return []
