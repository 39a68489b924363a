"""Forces that relieve others, and contingents that grow or shrink by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from agents.enrich.claims.forces import STRONG, Forces
from agents.enrich.claims.patterns.move import Move, doer_of, forces_of, has_place, objects
from agents.enrich.language.syntax import children, is_passive, lemma, subject
from agents.enrich.language.word_lists import word_list

_RELIEVING = frozenset(["replace", "relieve"])
"""Verbs by which forces take the place of others."""

_GROWING = word_list("patterns_relief.growing")
_SHRINKING = word_list("patterns_relief.shrinking")


def relieving(verb: Any, forces: Forces, headline: bool) -> Iterator[Move]:
    """Forces that take the place of others: "170 Fijian troops will replace the Austrian peacekeepers on the Golan"."""
    if lemma(verb) not in _RELIEVING:
        return
    coming = doer_of(verb) if is_passive(verb) else subject(verb)
    relieved = objects(verb)
    found = forces_of([coming], forces) if coming is not None else []
    if found and forces_of(relieved, forces) and max(forces.strength(f) for f in found) == STRONG:
        yield Move(
            act="send", predicate=verb, forces=found, doer=None, pattern="forces relieve others",
            places=[verb, *relieved, *found], needs_place=True,
        )  # fmt: skip


def _from_and_to(verb: Any) -> bool:
    """ "From 300 to 450"."""
    return {"from", "to"} <= {p.lower_ for p in children(verb, "prep")}


def growing(verb: Any, forces: Forces, headline: bool) -> Iterator[Move]:
    """A contingent that grows or shrinks to a number: "the French contingent is expected to rise to 2,500"."""
    word = lemma(verb)
    if word not in _GROWING | _SHRINKING or is_passive(verb) or children(verb, "dobj"):
        return
    goer = subject(verb)
    found = forces_of([goer], forces) if goer is not None else []
    if goer is not None and goer.lower_ in ("troops", "soldiers", "forces") and not _from_and_to(verb):
        return  # troops "grow", "rise" and "fall" in other ways as well
    numbered = any(
        n.pos_ == "NUM" or n.like_num or any(c.dep_ == "nummod" for c in n.children)
        for p in children(verb, "prep")
        if p.lower_ in ("to", "by")
        for n in children(p, "pobj")
        if n.ent_type_ not in ("MONEY", "PERCENT", "DATE")
    )
    if found and numbered and (forces.military or has_place(verb, *found)):
        yield Move(
            act="withdraw" if word in _SHRINKING else "reinforce", predicate=verb, forces=found, doer=None,
            pattern="a contingent grows or shrinks", places=[verb, *found],
        )  # fmt: skip
