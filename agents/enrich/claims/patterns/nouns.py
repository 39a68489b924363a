"""Nouns of motion: a withdrawal, a deployment, the return of troops."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from agents.enrich.claims.forces import LIKELY, Forces
from agents.enrich.claims.patterns.missions import ENDING
from agents.enrich.claims.patterns.move import FROM, TO, Move, forces_of, objects, objects_after, placelike
from agents.enrich.language.lexicon import lexicon
from agents.enrich.language.syntax import child, children, lemma, subject
from agents.enrich.language.word_lists import word_list

_MILITARY = word_list("patterns_nouns.military")

_OTHER_THINGS = word_list("patterns_nouns.other_things")
_SEEING = frozenset({"report", "see", "observe", "continue", "notice", "show", "monitor"})
_WHOLE = word_list("patterns_nouns.whole")

_ACTS_ALONE = frozenset(["send", "withdraw", "redeploy", "reinforce"])
"""Acts that a noun may tell without a force beside it."""


def motion_noun(noun: Any, forces: Forces, headline: bool) -> Iterator[Move]:
    """A noun of motion: "the withdrawal of Syrian forces from Lebanon", "troop deployment", "the Syrian pullout"."""
    option = lexicon().nouns.get(lemma(noun))
    if option is None or noun.dep_ in ("compound", "amod", "nmod"):
        return
    parsed = forces.parsed
    of_what = objects_after(noun, "of")
    for clause in children(noun, "acl"):
        if lemma(clause) == "involve":
            of_what.extend(objects(clause))
    found = forces_of(of_what, forces)
    compounds = [
        c
        for c in children(noun, "compound", "amod", "nmod", "poss")
        if forces.strength(c) >= LIKELY or c.lower_ in _MILITARY
    ]
    named = [
        c
        for c in children(noun, "amod", "compound", "nmod", "poss")
        if parsed.at.get(c.i) is not None and parsed.at[c.i].kind in ("country", "organisation", "armed-group", "force")
    ]
    pronoun = child(noun, "poss")
    if not found and compounds:
        found = compounds
    if (
        of_what
        and not found
        and not (option.act == "withdraw" and any(parsed.at.get(t.i) is not None for o in of_what for t in [o]))
    ):
        own = any(
            o.pos_ == "PROPN" and child(o, "poss") is not None for o in of_what
        )  # "the deployment of its Jagdkommando"
        if own:
            found = [o for o in of_what if o.pos_ == "PROPN"]
        if not own and not any(o.lower_ in ("force", "forces") for o in of_what):
            return  # "the dispatch of ambassadors", "deployment of aid"
    if lemma(noun) == "sending" and not found:
        return
    if lemma(noun) == "stay" and noun.dep_ == "dobj" and lemma(noun.head) in ENDING:
        return  # "end the stay of the troops" is told by its verb
    if not found:
        if "strong" in option.needs or any(c.lower_ in _OTHER_THINGS for c in children(noun, "compound")):
            return
        doer = named[0] if named else pronoun
        placed = _names_place(noun, forces)
        place = child(noun, "compound")
        if (
            option.act == "withdraw"
            and place is not None
            and _names_a_country(place, forces)
            and noun_agent_of(noun) is not None
        ):
            yield Move(
                act="withdraw", predicate=noun, forces=[], doer=noun_agent_of(noun), party=noun_agent_of(noun),
                pattern="withdrawal from a place", places=[noun, place], needs_cue=True,
            )  # fmt: skip
            return
        if option.act == "withdraw" and (doer is not None or of_what) and (placed or forces.military):
            party = doer if doer is not None else of_what[0]
            yield Move(
                act="withdraw",
                predicate=noun,
                forces=[],
                doer=party,
                party=party,
                pattern="withdrawal of a party",
                places=[noun],
                needs_cue=True,
                needs_place=not forces.military,
            )
        elif option.act == "mobilise" and (any(c.lower_ in _WHOLE for c in children(noun, "amod")) or forces.military):
            yield Move(
                act="mobilise",
                predicate=noun,
                forces=[],
                doer=doer,
                pattern="mobilisation",
                places=[noun],
                needs_cue=True,
            )
        elif (forces.military or named) and option.act in _ACTS_ALONE:
            yield Move(
                act=option.act,
                predicate=noun,
                forces=[],
                doer=doer,
                pattern="noun of motion by itself",
                places=[noun],
                needs_cue=True,
            )
        return
    doer = (
        named[0]
        if named and named[0] not in found
        else (pronoun if pronoun is not None and pronoun not in found else None)
    )
    # a build-up is going on unless it is denied, planned or asked for
    growing = lemma(noun) in ("buildup", "build-up") and noun.dep_ == "dobj" and lemma(noun.head) in _SEEING
    by = objects_after(noun, "by")
    if by:
        doer = by[0]
    yield Move(
        act="send"
        if lemma(noun) == "departure"
        and any(p.lower_ == "for" for t in [noun, *found, *of_what] for p in children(t, "prep"))
        else option.act,
        predicate=noun,
        forces=found,
        doer=doer,
        pattern="noun of motion",
        places=[noun, *found, *of_what],
        needs_cue=not headline and not growing,
        base="occurred" if _told_as_real(noun) else "ongoing" if growing else None,
    )


_AS_EVENTS = word_list("patterns_nouns.as_events")

_HAPPENING = word_list("patterns_nouns.happening")


def _told_as_real(noun: Any) -> bool:
    """Whether a noun of motion stands as a fact of its own: "the arrival of the military police marks a shift"."""
    verb = noun.head
    if lemma(noun) not in _AS_EVENTS or noun.dep_ != "nsubj":
        return False
    done = verb.tag_ == "VBN" and any(a.lower_ in ("has", "have", "had") for a in children(verb, "aux"))
    return (
        (lemma(verb) in _HAPPENING or (lemma(noun) in ("arrival", "departure") and verb.pos_ == "VERB"))
        and (done or verb.tag_ in ("VBD", "VBZ", "VBP"))
        and not any(a.lower_ in ("will", "would", "could", "may", "might") for a in children(verb, "aux"))
        and any(c.lower_ == "the" for c in children(noun, "det")) | bool(children(noun, "poss"))
    )


def _names_a_country(token: Any, forces: Forces) -> bool:
    mention = forces.parsed.at.get(token.i)
    return mention is not None and mention.kind in ("country", "place") and mention.form != "demonym"


def noun_agent_of(noun: Any) -> Any | None:
    """Who announces, plans or orders what a noun tells: the subject of the verb that it is the object of."""
    verb = noun.head
    return subject(verb) if noun.dep_ == "dobj" and verb.pos_ == "VERB" else None


def _names_place(noun: Any, forces: Forces) -> bool:
    for preposition in children(noun, "prep"):
        if preposition.lower_ in TO | FROM and preposition.lower_ not in ("of", "for"):
            for inner in children(preposition, "pobj"):
                if placelike(inner, forces):
                    return True
    return False
