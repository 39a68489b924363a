"""Missions: forces made available to one, taking part, leading, let in, prolonged, raised and cut."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from agents.enrich.claims.forces import STRONG, Forces, owned
from agents.enrich.claims.patterns.move import Move, doer_of, forces_of, has_place, objects, objects_after
from agents.enrich.language.syntax import child, children, governors, is_passive, lemma, particles, subject
from agents.enrich.language.word_lists import word_list


def made_available(verb: Any, forces: Forces, headline: bool) -> Iterator[Move]:
    """Forces lent to a mission: "made 200 gendarmes available to the mission in Haiti", "put 1,200 soldiers at the disposal of"."""
    word = lemma(verb)
    state: Any | None = None
    nouns = objects(verb)
    if word == "make":
        state = next((c for c in children(verb, "oprd", "acomp", "ccomp", "xcomp") if c.lower_ == "available"), None)
        nouns = nouns + (children(state, "nsubj") if state is not None else [])
    elif word in ("put", "place"):
        state = next((n for n in objects_after(verb) if n.lower_ == "disposal"), None)
    found = forces_of(nouns, forces)
    if state is not None and found:
        doer = doer_of(verb)
        yield Move(
            act="send", predicate=verb, forces=found, doer=doer, pattern="forces made available", places=[verb, state, *found]
        )  # fmt: skip


_PROLONGING = frozenset(["extend", "prolong", "renew"])
"""Verbs by which forces stay longer."""

_TERMS = word_list("patterns_missions.terms")


def stay_extended(verb: Any, forces: Forces, headline: bool) -> Iterator[Move]:
    """A mission of forces abroad that is prolonged: "extended the mission of its 1,400 soldiers in Mali"."""
    if lemma(verb) not in _PROLONGING:
        return
    for what in objects(verb):
        if what.lower_ not in _TERMS:
            continue
        of_what = objects_after(what, "of", "for")
        found = forces_of(of_what, forces)
        if not found and any(c.lower_ in ("peacekeeping", "military") for c in children(what, "compound", "amod")):
            found = [what]
        if found:
            doer = doer_of(verb)
            yield Move(
                act="remain", predicate=verb, forces=found, doer=doer, pattern="mission extended", base="decided",
                places=[verb, what, *found],
            )  # fmt: skip


_MISSIONS = word_list("patterns_missions.missions")

_MISSION_KINDS = word_list("patterns_missions.mission_kinds")

_CIVIL_KINDS = word_list("patterns_missions.civil_kinds")

_MILITARY_MISSIONS = word_list("patterns_missions.military_missions")


def taking_part(verb: Any, forces: Forces, headline: bool) -> Iterator[Move]:
    """Forces that would take part in or join a mission abroad: "the possibility of its troops taking part in operations in"."""
    word = lemma(verb)
    part = child(verb, "dobj")
    if word == "take" and part is not None and part.lower_ == "part":
        nouns = objects_after(verb, "in") + objects_after(part, "in")
    elif word == "participate":
        nouns = objects_after(verb, "in")
    elif word in ("join", "contribute"):
        nouns = list(children(verb, "dobj")) + objects_after(verb, "to")
        if word == "contribute" and forces_of(objects(verb), forces):
            return
        joining = (
            forces_of([doer_of(verb)], forces)
            if word == "join" and is_passive(verb) and doer_of(verb) is not None
            else []
        )
        if joining:
            yield Move(
                act="send", predicate=verb, forces=joining, doer=None, pattern="taking part in a mission", places=[verb],
            )  # fmt: skip
            return
        if word == "join" and forces_of([subject(verb)], forces) and forces_of(children(verb, "dobj"), forces):
            nouns = children(verb, "dobj")
            yield Move(
                act="send", predicate=verb, forces=forces_of([subject(verb)], forces), doer=None,
                pattern="taking part in a mission", places=[verb, *nouns], needs_place=True,
            )  # fmt: skip
            return
    else:
        return
    doer = subject(verb)
    found = forces_of([doer], forces)
    mission = [
        n
        for n in nouns
        if n.lower_ in _MISSIONS
        and (
            (_soldiers(found, forces) and not _civil(n))
            or any(c.lower_ in _MISSION_KINDS for c in n.subtree)
            or n.lower_ in _MILITARY_MISSIONS
        )
    ]
    if not mission:
        return
    yield Move(
        act="send",
        predicate=verb,
        forces=found,
        doer=None if found else doer,
        pattern="taking part in a mission",
        places=[verb, *mission, *found],
        needs_cue=True,
        needs_place=True,
    )


def _soldiers(found: list[Any], forces: Forces) -> bool:
    """Whether a mission is military by who takes part in it: "Kyrgyz troops would take part in operations in Syria"."""
    return bool(found) and all(forces.strength(f) == STRONG for f in found)


def _civil(mission: Any) -> bool:
    return any(c.lower_ in _CIVIL_KINDS for c in mission.subtree)


_LEADING = frozenset(["command", "lead", "head", "spearhead"])
"""Verbs of leading a force."""


def leading_a_force(verb: Any, forces: Forces, headline: bool) -> Iterator[Move]:
    """A state that is to lead a force abroad: "Spain is expected to command a battalion in Lebanon"."""
    if lemma(verb) not in _LEADING or verb.tag_ not in ("VB", "VBG"):
        return
    what = children(verb, "dobj")
    found = forces_of(what, forces)
    doer = subject(verb)
    party = forces.parsed.at.get(doer.i) if doer is not None else None
    if found and party is not None and party.kind in ("country", "organisation") and has_place(verb, *what, *found):
        yield Move(
            act="send", predicate=verb, forces=found, doer=doer, pattern="leading a force", places=[verb, *what, *found],
            needs_cue=True, needs_place=True, needs_foreign=True,
        )  # fmt: skip


ENDING = word_list("patterns_missions.ending")
_STAYS = word_list("patterns_missions.stays")


def presence_ended(verb: Any, forces: Forces, headline: bool) -> Iterator[Move]:
    """A presence or mission that is ended: "end the presence of foreign troops", "Spain ended its military mission in Iraq"."""
    if lemma(verb) not in ENDING:
        return
    for what in objects(verb):
        if what.lower_ not in _STAYS:
            continue
        found = forces_of(objects_after(what, "of"), forces)
        found += [c for c in children(what, "compound", "amod", "nmod", "poss") if forces.strength(c)]
        found += [] if found else forces_of(list(children(verb, "dative")), forces)
        military = any(c.lower_ in _MISSION_KINDS for c in what.children)
        if found or military:
            yield Move(
                act="withdraw", predicate=verb, forces=found or [what], doer=doer_of(verb), pattern="presence ended",
                places=[verb, what, *found],
            )  # fmt: skip
            return


_PLANS = word_list("patterns_missions.plans")

_PLANNING = word_list("patterns_missions.planning")


def involving(verb: Any, forces: Forces, headline: bool) -> Iterator[Move]:
    """A plan that involves a party's troops: "a mechanism involving U.S. troops in the zones"."""
    if lemma(verb) != "involve":
        return
    what = children(verb, "dobj")
    found = forces_of(what, forces)
    planned = (verb.dep_ == "acl" and lemma(verb.head) in _PLANS) or any(
        lemma(g) in _PLANS or lemma(g) in _PLANNING for g, _, _ in governors(verb)
    )
    if found and planned:
        yield Move(
            act="send",
            predicate=verb,
            forces=found,
            doer=None,
            pattern="plan involving troops",
            base="planned",
            places=[verb, *found, *what],
        )


_LETTING = word_list("patterns_missions.letting")

_LET_DO = word_list("patterns_missions.let_do")


def letting(verb: Any, forces: Forces, headline: bool) -> Iterator[Move]:
    """Leave or refusal to use a country: "refused to let 62,000 troops use the country", "allowed to pass"."""
    if lemma(verb) not in _LETTING:
        return
    for clause in children(verb, "ccomp", "xcomp"):
        own = child(clause, "nsubj") or child(verb, "dobj")
        if own is None:
            continue
        found = forces_of([own], forces)
        word = lemma(clause)
        if found and word in _LET_DO:
            target = child(clause, "dobj")
            doer = subject(verb)
            yield Move(
                act="remain" if word == "stay" else "send",
                predicate=verb,
                forces=found,
                doer=doer,
                host=doer,
                pattern="forces let in",
                base="requested" if lemma(verb) == "invite" else "decided",
                places=[clause, verb, *found, *([target] if target is not None else [])],
                needs_foreign=word in ("train", "exercise"),
            )
        elif not found and word == "intervene":
            yield Move(
                act="send",
                predicate=verb,
                forces=[],
                doer=own,
                party=own,
                host=subject(verb),
                pattern="allies let in",
                base="decided",
                places=[clause, verb],
            )


_CHANGING = word_list("patterns_missions.changing")

_CUTTING = word_list("patterns_missions.cutting")

_NEED_A_NUMBER = word_list("patterns_missions.need_a_number")

_NUMBERS = word_list("patterns_missions.numbers")

_NUMBERS_ALONE = word_list("patterns_missions.numbers_alone")


def raising_numbers(verb: Any, forces: Forces, headline: bool) -> Iterator[Move]:
    """Troop numbers raised or cut: "raise the number of soldiers to 10,000", "cut its force in Iraq"."""
    word = lemma(verb)
    if word not in _CHANGING or (word == "scale" and not particles(verb) & {"back", "down", "up"}):
        return
    what = objects(verb)
    if word == "add" and not any(w.lower_ in _NUMBERS for w in what):
        what = objects_after(verb, "to")
    number = [w for w in what if w.lower_ in _NUMBERS]
    found = forces_of(what, forces)
    for n in number:
        found.extend(
            f for c in children(n, "compound", "amod", "nmod") if forces.strength(c) for f in [c] if f not in found
        )
        found.extend(f for x in objects_after(n, "of") for f in forces.heads(x) if f not in found)
    if (
        not found
        and number
        and forces.military
        and number[0].lower_ in _NUMBERS_ALONE
        and any(c.lower_ in ("military", "troop", "army") for c in number[0].children)
        | (number[0].lower_ in ("number",))
    ):
        found = [number[0]]
    if not found or not (number or has_place(verb, *found)):
        return
    cut = word in _CUTTING or bool(particles(verb) & {"back", "down"})
    if word in _NEED_A_NUMBER and not number:
        return
    yield Move(
        act="withdraw" if cut else "reinforce",
        predicate=verb,
        forces=found,
        doer=None if is_passive(verb) else subject(verb),
        pattern="numbers changed",
        places=[verb, *what, *found],
    )


_PERMITTING = word_list("patterns_missions.permitting")


def use_permitted(word: Any, forces: Forces, headline: bool) -> Iterator[Move]:
    """Leave to use forces abroad: "gave its president permission to use the army in Sudan", "approved the use of troops in
    Syria". Forces that are used somewhere fight there; it is the leave to use them that tells of a deployment."""
    noun = word.pos_ == "NOUN"
    if lemma(word) not in (("use", "employment") if noun else ("use", "employ")):
        return
    found = forces_of(objects_after(word, "of") if noun else objects(word), forces)
    found = [f for f in found if f.lower_ != "force" or owned(f, forces.parsed)]  # "allows the use of force"
    permitted = any(lemma(governor) in _PERMITTING for governor, _, _ in governors(word))
    helped = [o for c in children(word, "xcomp", "advcl") for o in (c, *children(c, "dobj"))]
    abroad = has_place(word, *found, *helped)
    if found and permitted and abroad:
        yield Move(
            act="send", predicate=word, forces=found, doer=None if noun else doer_of(word), pattern="use of forces permitted",
            base="decided", places=[word, *found],
        )  # fmt: skip
