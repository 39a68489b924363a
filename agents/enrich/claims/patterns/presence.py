"""Forces that are somewhere or gone from there, told by "be", "have" and the like."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from agents.enrich.claims.forces import LIKELY, Forces
from agents.enrich.claims.patterns.move import Move, forces_of, has_place, placelike
from agents.enrich.language.syntax import child, children, governors, is_passive, lemma, negated, particles, subject
from agents.enrich.language.word_lists import word_list
from streams.records import Status

_PRESENT = frozenset(["prominent", "present", "active", "visible"])
"""Adjectives after "be" that say that somebody is there."""

_OPEN = frozenset(["may", "might", "could"])
"""Auxiliaries that leave it open whether forces will be there: considered, where others are planned."""

_TO_COME = word_list("patterns_presence.to_come")


def presence(verb: Any, forces: Forces, headline: bool) -> Iterator[Move]:
    """Forces that a party has or keeps in a country, or that will be there: "has 1,500 soldiers in Niger", "would be in Kyiv"."""
    word = lemma(verb)
    if word in ("have", "maintain") and children(verb, "dobj") and subject(verb) is not None:
        yield from _had(verb, forces)
    elif word == "be" and child(verb, "expl") is not None:
        yield from _there_are(verb, forces)
    elif word == "be":
        goer = subject(verb)
        found = forces_of([goer], forces) if goer is not None and goer.tag_ != "EX" else []
        if found:
            yield from _at_a_place(verb, found, forces)
            yield from _underway(verb, found)
            due = next((c for c in children(verb, "acomp") if c.lower_ == "due"), None)
            if due is not None:
                yield from _expected(verb, due, forces)
    elif word == "expect" and is_passive(verb):
        yield from _expected(verb, verb, forces)
    elif word in _ACTIVE and _is_reported(verb):
        yield from _said_to_act(verb, forces)


def _had(verb: Any, forces: Forces) -> Iterator[Move]:
    """ "Has 1,500 soldiers in Niger", "maintains a base there"."""
    direct = children(verb, "dobj")
    found = [f for f in forces_of(direct, forces) if forces.strength(f) >= LIKELY]
    if not found:
        return
    if verb.dep_ == "conj" and any(c.tag_ == "VBN" for f in found for c in children(f, "acl")):
        return  # "leads the mission and has 1,000 troops stationed there": told in passing
    if not has_place(verb, *direct, *found, *[c for d in direct for c in children(d, "acl")]):
        return
    staying = any(c.lower_ == "still" for c in children(verb, "advmod"))
    yield Move(
        act="remain" if staying else "send",
        predicate=verb,
        forces=found,
        doer=subject(verb),
        pattern="has forces in",
        places=[verb, *direct, *found, *[c for d in [*direct, *found] for c in children(d, "acl")]],
        needs_place=True,
        needs_foreign=True,
    )


def _there_are(verb: Any, forces: Forces) -> Iterator[Move]:
    """ "There are 800 soldiers in Somalia"."""
    what = children(verb, "attr", "nsubj", "dobj")
    found = forces_of(what, forces)
    if found and has_place(verb, *what, *found):
        yield Move(
            act="send", predicate=verb, forces=found, doer=None, pattern="there are forces in",
            places=[verb, *what, *found], needs_place=True, needs_foreign=True,
        )  # fmt: skip


def _at_a_place(verb: Any, found: list[Any], forces: Forces) -> Iterator[Move]:
    """ "Will be in Kyiv", "are already in Mozambique", "denied that its troops were in Congo"."""
    where = [
        p
        for p in children(verb, "prep")
        if p.lower_ in ("in", "inside", "at", "on")
        and any(
            (placelike(n, forces) or n.lower_ == "ground") and n.lower_ not in ("way", "position")
            for n in children(p, "pobj")
        )
    ]
    helpers = _helpers(verb)
    prominent = child(verb, "acomp")
    if prominent is not None and prominent.lower_ in _PRESENT:
        where = where or [p for p in children(prominent, "prep") if p.lower_ in ("in", "at", "on")]
    if where and helpers & _TO_COME:
        base: Status = "considered" if helpers & _OPEN else "planned"
        yield Move(
            act="send", predicate=verb, forces=found, doer=None, pattern="forces will be there", base=base,
            places=[verb, *([prominent] if prominent is not None else []), *found],
        )  # fmt: skip
    elif where and prominent is None and any(c.lower_ in ("already", "now") for c in children(verb, "advmod")):
        yield Move(
            act="send", predicate=verb, forces=found, doer=None, pattern="forces are there by now",
            places=[verb, *found], needs_place=True, needs_foreign=True,
        )  # fmt: skip
    elif where and (negated(verb) or (prominent is None and _is_reported(verb))):
        yield Move(
            act="send", predicate=verb, forces=found, doer=None, pattern="forces said to be there",
            places=[verb, *([prominent] if prominent is not None else []), *found], needs_place=True, needs_foreign=True,
            needs_cue=not negated(verb),
        )  # fmt: skip


def _expected(verb: Any, expected: Any, forces: Forces) -> Iterator[Move]:
    """ "Is expected in Latvia in June", "are due in Basra on Friday", with no word for their going."""
    goer = subject(verb)
    found = forces_of([goer], forces) if goer is not None else []
    where = any(
        p.lower_ in ("in", "at", "on") and placelike(n, forces)
        for p in children(expected, "prep")
        for n in children(p, "pobj")
    )
    further = any(children(t, "xcomp", "acl", "ccomp") for t in (verb, expected))
    if found and where and not further:
        yield Move(
            act="send", predicate=verb, forces=found, doer=None, pattern="forces expected", base="planned",
            places=[verb, expected, *found],
        )  # fmt: skip


def _said_to_act(verb: Any, forces: Forces) -> Iterator[Move]:
    """ "Denied that its soldiers are fighting in Baidoa": what is denied is that they are there."""
    goer = subject(verb)
    found = forces_of([goer], forces) if goer is not None else []
    beside = [n for p in children(verb, "prep") for n in children(p, "pobj")]
    where = [
        p
        for t in (verb, *beside)
        for p in children(t, "prep")
        if p.lower_ in ("in", "inside") and any(placelike(n, forces) for n in children(p, "pobj"))
    ]
    if found and where:
        yield Move(
            act="send", predicate=verb, forces=found, doer=None, pattern="forces said to be there",
            places=[verb, *found, *beside], needs_place=True, needs_foreign=True, needs_cue=True,
        )  # fmt: skip


def _underway(verb: Any, found: list[Any]) -> Iterator[Move]:
    """ "On their way", "on the table", "at sea": where forces are that are yet to arrive."""
    for p in children(verb, "prep"):
        after = {n.lower_: n for n in reversed(children(p, "pobj"))}
        if p.lower_ == "on" and "way" in after:
            yield Move(
                act="send", predicate=verb, forces=found, doer=None, pattern="forces on their way",
                base=None if _helpers(verb) else "ongoing", places=[verb, after["way"], *found],
            )  # fmt: skip
        if p.lower_ == "on" and "table" in after:
            yield Move(
                act="send", predicate=verb, forces=found, doer=None, pattern="forces on the table",
                base="refused" if negated(verb) else "considered", places=[verb, *found],
            )  # fmt: skip
        if p.lower_ == "at" and "sea" in after:
            yield Move(
                act="send", predicate=verb, forces=found, doer=None, pattern="forces at sea", base="ongoing",
                places=[verb, *found],
            )  # fmt: skip


def _helpers(verb: Any) -> set[str]:
    return {a.lower_ for a in children(verb, "aux")}


_ACTIVE = word_list("patterns_presence.active")
_REPORTED = word_list("patterns_presence.reported")


def _is_reported(verb: Any) -> bool:
    """Whether the clause is what somebody denies, cannot confirm or alleges."""
    for governor, label, _ in governors(verb):
        if label == "ccomp" and (lemma(governor) in _REPORTED or negated(governor)):
            return True
    return False


_OBLIGED = frozenset(["must", "should"])
"""Auxiliaries by which forces have to be out by a date."""
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
    if state is None or any(n.lower_ == "question" for p in children(state, "prep") for n in children(p, "pobj")):
        return  # "are out of the question" are not gone
    found = forces_of([goer], forces)
    if not found:
        return
    by_when = _helpers(verb) & _OBLIGED and any(c.lower_ == "by" for t in (verb, state) for c in children(t, "prep"))
    if state.lower_ == "out" and not any(c.lower_ == "of" for c in state.children) and not (forces.military or by_when):
        return
    yield Move(
        act="withdraw", predicate=verb, forces=found, doer=None, pattern="forces gone", places=[verb, state, *found]
    )


def foot_in(verb: Any, forces: Forces, headline: bool) -> Iterator[Move]:
    """Soldiers who set foot somewhere: "no Turkish soldier should set foot in Iraq", "hit the ground" or "took up
    position around the airport"."""
    foot = child(verb, "dobj")
    if foot is None or (lemma(verb), lemma(foot)) not in (("set", "foot"), ("hit", "ground"), ("take", "position")):
        return
    if lemma(verb) == "take" and "up" not in particles(verb):
        return
    goer = subject(verb)
    found = forces_of([goer], forces)
    if found:
        yield Move(
            act="send", predicate=verb, forces=found, doer=None, pattern="set foot in", places=[verb, foot, *found]
        )
