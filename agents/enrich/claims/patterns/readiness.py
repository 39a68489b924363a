"""Verbs that move nobody: forces are put on alert, a place or a garrison is reinforced."""

from __future__ import annotations

from typing import Any

from agents.enrich.claims.forces import LIKELY, Forces
from agents.enrich.claims.patterns.move import Move, agent_of, doer_of, forces_of, objects, objects_after
from agents.enrich.language.lexicon import Motion
from agents.enrich.language.syntax import children, is_passive, lemma, subject
from agents.enrich.language.word_lists import word_list

_ALERT = word_list("patterns_readiness.alert")


def alerted(verb: Any, forces: Forces) -> Move | None:
    """Forces put or kept on alert: "two battalions have been put on alert"."""
    state = None
    hanging = [
        verb,
        *children(verb, "dobj", "nsubjpass"),
        *[x for o in children(verb, "dobj") for x in children(o, "conj")],
    ]
    for preposition in [p for t in hanging for p in children(t, "prep")]:
        if preposition.lower_ in ("on", "in", "at"):
            for noun in children(preposition, "pobj"):
                inner = objects_after(noun)
                if noun.lower_ in ("state", "level") and any(n.lower_ in ("alert", "readiness") for n in inner):
                    state = noun
                if noun.lower_ in _ALERT:
                    state = noun
    if state is None:
        state = next((c for c in children(verb, "acomp", "oprd", "attr") if c.lower_ in ("alert", "on-alert")), None)
    if state is None:
        return None
    passive = is_passive(verb)
    nouns = objects(verb) if passive or children(verb, "dobj") else [subject(verb)]
    found = forces_of([n for n in nouns if n is not None], forces)
    if not found:
        return None
    doer = agent_of(verb) if passive else (subject(verb) if children(verb, "dobj") else None)
    return Move(
        act="mobilise", predicate=verb, forces=found, doer=doer, pattern="forces on alert", places=[verb, *found]
    )


_REINFORCED = word_list("patterns_readiness.reinforced")


def reinforced(verb: Any, option: Motion, forces: Forces) -> Move | None:
    """A place, a garrison or a fleet is reinforced: "reinforced the area with tanks", "bolster its presence in"."""
    what = objects(verb)
    doer = doer_of(verb)
    with_what = [n for token in (verb, *what) for n in objects_after(token, "with")]
    found = forces_of(what, forces)
    added = forces_of(with_what, forces)
    military_object = any(
        w.lower_ in _REINFORCED and (forces.military or forces.heads(doer)) for w in what if w is not None
    )
    if not added and not found and not military_object:
        return None
    if (
        lemma(verb) not in ("reinforce", "beef")
        and not added
        and not any(forces.strength(f) >= LIKELY for f in found)
        and not military_object
    ):
        return None
    if lemma(verb) == "boost" and not (added or military_object):
        return None
    if not (doer is not None or added):
        return None
    parties = added or found
    return Move(
        act="reinforce",
        predicate=verb,
        forces=parties or [w for w in what if w is not None][:1],
        doer=doer,
        pattern="reinforced",
        places=[verb, *[w for w in what if w is not None], *parties],
    )
