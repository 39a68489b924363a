"""Forces that are somewhere or gone from there, told by "be", "have" and the like."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from agents.enrich.claims.forces import LIKELY, Forces, people_of
from agents.enrich.claims.patterns.move import Move, forces_of, has_place, placelike
from agents.enrich.language.syntax import child, children, governors, lemma, negated, subject
from streams.records import Status

_PRESENT = frozenset(["prominent", "present", "active", "visible"])
"""Adjectives after "be" that say that somebody is there."""

_OPEN = frozenset(["may", "might", "could"])
"""Auxiliaries that leave it open whether forces will be there."""

_TO_COME = frozenset(["will", "would", "'ll", "may", "might", "could"])
"""Auxiliaries that put a presence in the future."""


def presence(verb: Any, forces: Forces, headline: bool) -> Iterator[Move]:
    """Forces that a party has or keeps in a country, or that will be there: "has 1,500 soldiers in Niger", "would be in Kyiv"."""
    word = lemma(verb)
    if word in ("have", "maintain") and children(verb, "dobj") and subject(verb) is not None:
        direct = children(verb, "dobj")
        found = [f for f in forces_of(direct, forces) if forces.strength(f) >= LIKELY]
        if not found:
            return
        if verb.dep_ == "conj" and any(c.tag_ == "VBN" for f in found for c in children(f, "acl")):
            return  # "leads the mission and has 1,000 troops stationed there": told in passing
        if not has_place(verb, *direct, *found, *[c for d in direct for c in children(d, "acl")]):
            return
        tokens = [verb, *direct, *found, *[c for d in [*direct, *found] for c in children(d, "acl")]]
        staying = any(c.lower_ == "still" for c in children(verb, "advmod"))
        yield Move(
            act="remain" if staying else "send",
            predicate=verb,
            forces=found,
            doer=subject(verb),
            pattern="has forces in",
            places=tokens,
            needs_place=True,
            needs_foreign=True,
        )
        return
    if word == "be":
        helpers = {a.lower_ for a in children(verb, "aux")}
        there = child(verb, "expl")
        if there is not None:
            what = children(verb, "attr", "nsubj", "dobj")
            found = forces_of(what, forces)
            if found and has_place(verb, *what, *found):
                yield Move(
                    act="send",
                    predicate=verb,
                    forces=found,
                    doer=None,
                    pattern="there are forces in",
                    places=[verb, *what, *found],
                    needs_place=True,
                    needs_foreign=True,
                )
            return
        goer = subject(verb)
        if goer is None or goer.tag_ == "EX":
            return
        found = forces_of([goer], forces)
        if not found:
            return
        where = [
            p
            for p in children(verb, "prep")
            if p.lower_ in ("in", "inside", "at", "on")
            and any(placelike(n, forces) or n.lower_ == "ground" for n in children(p, "pobj"))
        ]
        prominent = child(verb, "acomp")
        if prominent is not None and prominent.lower_ in _PRESENT:
            where = where or [p for p in children(prominent, "prep") if p.lower_ in ("in", "at", "on")]
        if where and helpers & _TO_COME:
            base: Status = "considered" if helpers & _OPEN else "planned"
            yield Move(
                act="send",
                predicate=verb,
                forces=found,
                doer=None,
                pattern="forces will be there",
                base=base,
                places=[verb, *([prominent] if prominent is not None else []), *found],
            )
        elif where and prominent is None and any(c.lower_ in ("already", "now") for c in children(verb, "advmod")):
            yield Move(
                act="send", predicate=verb, forces=found, doer=None, pattern="forces are there by now",
                places=[verb, *found], needs_place=True, needs_foreign=True,
            )  # fmt: skip
        elif where and prominent is None and _is_reported(verb):
            yield Move(
                act="send",
                predicate=verb,
                forces=found,
                doer=None,
                pattern="forces said to be there",
                places=[verb, *found],
                needs_place=True,
                needs_foreign=True,
                needs_cue=True,
            )
        for p in children(verb, "prep"):
            if p.lower_ == "on" and any(n.lower_ == "way" for n in children(p, "pobj")):
                way = next(n for n in children(p, "pobj") if n.lower_ == "way")
                yield Move(
                    act="send",
                    predicate=verb,
                    forces=found,
                    doer=None,
                    pattern="forces on their way",
                    base=None if helpers else "ongoing",
                    places=[verb, way, *found],
                )
            if p.lower_ == "on" and any(n.lower_ == "table" for n in children(p, "pobj")):
                yield Move(
                    act="send",
                    predicate=verb,
                    forces=found,
                    doer=None,
                    pattern="forces on the table",
                    base="refused" if negated(verb) else "considered",
                    places=[verb, *found],
                )
            if p.lower_ == "at" and any(n.lower_ == "sea" for n in children(p, "pobj")):
                yield Move(
                    act="send",
                    predicate=verb,
                    forces=found,
                    doer=None,
                    pattern="forces at sea",
                    base="ongoing",
                    places=[verb, *found],
                )


_REPORTED = frozenset(["deny", "confirm", "allege", "claim", "dismiss", "accuse"])
"""Verbs above a clause of presence that make it news."""


def _is_reported(verb: Any) -> bool:
    """Whether the clause is what somebody denies, cannot confirm or alleges."""
    for governor, label, _ in governors(verb):
        if label == "ccomp" and (lemma(governor) in _REPORTED or negated(governor)):
            return True
    return False


_GONE = frozenset(["gone", "home", "out", "away"])
"""States after "be" of forces that have left."""


def going_out(verb: Any, forces: Forces, headline: bool) -> Iterator[Move]:
    """Forces that are or will be gone, home or out: "the last of its Marines would be gone", "the last soldier is out of Congo"."""
    if lemma(verb) not in ("be", "go"):
        return
    goer = subject(verb)
    if goer is None:
        return
    state = None
    if lemma(verb) == "be":
        for c in verb.children:
            if c.dep_ in ("acomp", "advmod", "prep", "prt", "npadvmod", "attr") and c.lower_ in _GONE and c.i > verb.i:
                state = c
    elif (
        any(c.lower_ in ("be", "been", "was", "were", "is", "are") for c in children(verb, "aux", "auxpass"))
        and verb.lower_ == "gone"
    ):
        state = verb
    if state is None:
        return
    found = forces_of([goer], forces)
    if not found and (forces.parsed.at.get(goer.i) is None or not forces.military or people_of(goer, forces.parsed)):
        return
    if not found:
        return
    if state.lower_ == "out" and not any(c.lower_ == "of" for c in state.children) and not forces.military:
        return
    yield Move(
        act="withdraw", predicate=verb, forces=found, doer=None, pattern="forces gone", places=[verb, state, *found]
    )


def foot_in(verb: Any, forces: Forces, headline: bool) -> Iterator[Move]:
    """Soldiers who set foot somewhere: "no Turkish soldier should set foot in Iraq"."""
    if lemma(verb) != "set":
        return
    foot = child(verb, "dobj")
    if foot is None or foot.lower_ != "foot":
        return
    goer = subject(verb)
    found = forces_of([goer], forces)
    if found:
        yield Move(
            act="send", predicate=verb, forces=found, doer=None, pattern="set foot in", places=[verb, foot, *found]
        )
