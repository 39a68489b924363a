"""Forces asked for, offered, planned, refused or wanted gone, without any word of motion."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from agents.enrich.claims.denials import DISMISSIVE
from agents.enrich.claims.forces import LIKELY, STRONG, Forces, owned, people_of
from agents.enrich.claims.patterns.move import Move, clause_after, forces_of, has_place, objects_after
from agents.enrich.language.lexicon import lexicon
from agents.enrich.language.syntax import (
    child,
    children,
    is_passive,
    lemma,
    negated,
    noun_agent,
    particles,
    phrasal,
    subject,
)
from agents.enrich.language.word_lists import word_list
from streams.records import Status

_ASKING: dict[str, Status] = {
    "ask": "requested",
    "plead": "requested",
    "appeal": "requested",
    "request": "requested",
    "beg": "requested",
    "turn": "requested",
    "seek": "requested",
    "call": "demanded",
    "demand": "demanded",
    "want": "requested",
    "press": "demanded",
    "push": "demanded",
    "need": "requested",
    "approach": "requested",
    "lobby": "demanded",
}
"""Verbs of asking, each with the status of what is asked for."""


_GIVING: dict[str, Status] = {
    "offer": "offered",
    "promise": "decided",
    "pledge": "decided",
    "commit": "decided",
    "approve": "decided",
    "volunteer": "offered",
    "authorise": "decided",
    "authorize": "decided",
    "propose": "proposed",
    "earmark": "decided",
    "ready": "planned",
    "prepare": "planned",
}
"""Verbs of offering and approving, each with the status of what is given."""


_REFUSING: dict[str, Status | None] = {
    "refuse": "refused",
    "decline": "refused",
    "reject": "refused",
    "rebuff": "refused",
    "spurn": "refused",
    "snub": "refused",
    "rule_out": "refused",
    "turn_down": "refused",
    "turn_away": "refused",
    "bar": "refused",
    "ban": "refused",
    "oppose": "opposed",
    "resist": "opposed",
    "object_to": "opposed",
    "exclude": "refused",
    "veto": "refused",
    "expel": "decided",
    "block": "opposed",
    "welcome": None,
    "accept": "decided",
    "host": "decided",
    "receive": None,
}
"""Verbs of refusing and receiving, each with the status of the force; none where the force alone tells nothing."""


_ASKS_FOR_DIRECTLY = word_list("patterns_cues.asks_for_directly")

_NEED_A_PLACE = word_list("patterns_cues.need_a_place")

_REFUSED_ABROAD = word_list("patterns_cues.refused_abroad")

_HOSTING = word_list("patterns_cues.hosting")


def _moves_something(noun: Any) -> bool:
    """ "The deployment of a battalion"."""
    return lemma(noun) in lexicon().nouns and any(p.lower_ == "of" for p in children(noun, "prep"))


def cue_with_force(verb: Any, forces: Forces, headline: bool) -> Iterator[Move]:
    """A force itself is asked for, offered or refused: "asked for troops", "offered two battalions", "ruled out ground troops"."""
    word = lemma(verb)
    # "approved the deployment of a battalion" is told by the noun of motion
    direct = [c for c in verb.children if c.dep_ in ("dobj", "nsubjpass", "attr", "oprd") and not _moves_something(c)]
    if word in _ASKING and (word != "turn" or "to" in particles(verb)):
        wanted = objects_after(verb, "for", "to", "about")
        for o in direct:
            wanted.extend(objects_after(o, "for"))
        found = [f for f in forces_of(wanted, forces) if not clause_after(f)]
        asked = next((o for o in direct if not forces.heads(o) or people_of(o, forces.parsed)), None)
        if word in ("turn", "appeal", "plead"):
            asked = next(iter(objects_after(verb, "to")), asked)
        if not found and word in _ASKS_FOR_DIRECTLY:
            found = [f for f in forces_of(direct, forces) if not clause_after(f) and not _verbless_move(verb)]
            asked = next(iter(objects_after(verb, "from")), None)
            placed = bool(found) and has_place(verb, *found)
            if word in ("want", "need") and not placed and not any(owned(f, forces.parsed) for f in found):
                found = []
        if found:
            asker = subject(verb)
            # "about sending troops" is told by the verb of motion
            yield Move(
                act="send",
                predicate=verb,
                forces=found,
                doer=None,
                asked=asked,
                host=asker,
                pattern="force asked for",
                base=_ASKING[word],
                places=[verb, *found, *direct],
            )
        return
    if word in _GIVING:
        found = [f for f in forces_of(direct, forces) if not clause_after(f)]
        if found and max(forces.strength(f) for f in found) >= LIKELY and not is_passive(verb):
            if word in _NEED_A_PLACE and not has_place(verb, *found):
                return
            if word == "prepare" and not has_place(verb, *found):
                return
            yield Move(
                act="send",
                predicate=verb,
                forces=found,
                doer=subject(verb),
                pattern="force offered",
                base=_GIVING[word],
                places=[verb, *found, *direct],
            )
        return
    for key in phrasal(verb):
        status = _REFUSING.get(key)
        if status and key != "expel":
            found = [f for f in forces_of(direct, forces) if not clause_after(f)]
            if not found or (
                max(forces.strength(f) for f in found) < LIKELY and not any(people_of(f, forces.parsed) for f in found)
            ):
                return
            if (
                key in _REFUSED_ABROAD
                and not has_place(verb, *found)
                and not any(c.lower_ == "foreign" for f in found for c in f.children)
                and not forces.military
            ):
                return
            if key in ("resist", "block") and not any(c.lower_ == "foreign" for f in found for c in f.children):
                return
            doer = subject(verb)
            yield Move(
                act="send",
                predicate=verb,
                forces=found,
                doer=doer,
                host=doer,
                pattern="force accepted" if key in _HOSTING else "force refused",
                base=status,
                places=[verb, *found, *direct],
            )
            return
        if key == "expel":
            found = forces_of(direct, forces)
            if found and max(forces.strength(f) for f in found) == STRONG:
                doer = subject(verb)
                yield Move(
                    act="withdraw",
                    predicate=verb,
                    forces=found,
                    doer=None,
                    host=doer,
                    pattern="force expelled",
                    places=[verb, *found],
                )
            return


def _verbless_move(verb: Any) -> bool:
    return any(lemma(c) in lexicon().verbs for c in children(verb, "xcomp", "ccomp", "advcl"))


_REQUESTS: dict[str, Status] = {
    "request": "requested",
    "call": "demanded",
    "appeal": "requested",
    "plea": "requested",
    "demand": "demanded",
    "offer": "offered",
    "promise": "decided",
    "pledge": "decided",
    "idea": "proposed",
    "proposal": "proposed",
    "plan": "planned",
}
"""Nouns of requests, offers and plans, each with the status of their force."""


_PROPOSED = frozenset(["idea", "proposal", "plan"])
"""Nouns that tell of a force only where it is to go abroad."""


def cue_noun_with_force(noun: Any, forces: Forces, headline: bool) -> Iterator[Move]:
    """A request, call or offer as a noun: "a request for troops", "rejected a call for peacekeepers"."""
    base = _REQUESTS.get(lemma(noun))
    if base is None or noun.dep_ in ("compound",):
        return
    beside = children(noun.head, "prep") if noun.dep_ == "dobj" else []
    wanted = [n for p in [*children(noun, "prep"), *beside] if p.lower_ in ("for", "of") for n in children(p, "pobj")]
    found = [f for f in forces_of(wanted, forces) if not clause_after(f) and not forces.elliptic(f)]
    if not found and base in ("requested", "demanded"):
        found = [n for n in wanted if n.lower_ in _MILITARY_HELP and any(c.lower_ == "military" for c in n.children)]
    if found and lemma(noun) in _PROPOSED:
        abroad = has_place(noun, *found)
        if not abroad or not any(forces.strength(f) for f in found):
            return
        yield Move(
            act="send", predicate=noun, forces=found, doer=noun_agent(noun), pattern="plan of a force", base=base,
            places=[noun, *found],
        )  # fmt: skip
        return
    if found:
        owner = child(noun, "poss") or next(
            (c for c in children(noun, "amod", "compound") if forces.parsed.at.get(c.i) is not None), None
        )
        offered = base in ("offered", "decided")
        yield Move(
            act="send",
            predicate=noun,
            forces=found,
            doer=owner if offered else None,
            host=None if offered else owner,
            pattern="force offered" if offered else "request for a force",
            base=base,
            places=[noun, *found],
        )


_TOLD = word_list("patterns_cues.told")


def reported_force(noun: Any, forces: Forces, headline: bool) -> Iterator[Move]:
    """A report or charge of a force's presence that somebody denies: "dismissed the reports of its army in Russia"."""
    if lemma(noun) not in _TOLD:
        return
    what = objects_after(noun, "of", "about")
    found = [f for n in what for f in forces.heads(n) if lemma(n) not in lexicon().nouns]
    verb = noun.head if noun.dep_ != "pobj" else noun.head.head
    denied = any(
        (cue := lexicon().speech.get(("verb", k))) is not None and cue.stance == "denies" for k in phrasal(verb)
    ) or lemma(verb) in ("reject",)
    called = (
        [t for c in children(verb, "attr", "acomp") for t in (c, *children(c, "amod"))] if lemma(verb) == "be" else []
    )
    lies = any(t.lower_ in DISMISSIVE for t in called) and not negated(verb)
    denied = denied or lies
    if found and denied and noun.dep_ in ("dobj", "nsubjpass", "pobj", "nsubj"):
        yield Move(
            act="send", predicate=noun, forces=found, doer=None, pattern="report of a force denied", base="occurred",
            places=[noun, *what, *found], denied=lies,
        )  # fmt: skip


_MILITARY_HELP = word_list("patterns_cues.military_help")
_CALLING = frozenset(["ask", "call", "appeal", "turn"])
"""Verbs with which an armed group is called in."""

_HELP = word_list("patterns_cues.help")


def help_asked(verb: Any, forces: Forces, headline: bool) -> Iterator[Move]:
    """An armed group or army asked for help: "asked the Wagner Group for help"."""
    if lemma(verb) not in _CALLING:
        return
    wanted = {n.lower_ for c in [verb, *children(verb, "dobj")] for n in objects_after(c, "for")}
    asked = list(children(verb, "dobj")) + objects_after(verb, "to", "on")
    for noun in asked:
        mention = forces.parsed.at.get(noun.i)
        if mention is not None and mention.kind in ("armed-group", "force") and wanted & _HELP:
            yield Move(
                act="send",
                predicate=verb,
                forces=[noun],
                doer=None,
                host=subject(verb),
                pattern="force asked for",
                base="requested",
                places=[verb],
            )


def wanted_out(verb: Any, forces: Forces, headline: bool) -> Iterator[Move]:
    """A wish to have forces gone, without a verb of leaving: "want the last soldiers off the island"."""
    if lemma(verb) not in ("want", "order", "demand"):
        return
    direct = children(verb, "dobj")
    out = any(
        p.lower_ in ("off", "out", "gone")
        for c in [verb, *direct]
        for p in c.children
        if p.dep_ in ("prep", "advmod", "prt", "acomp")
    )
    found = [f for f in forces_of(direct, forces) if not clause_after(f)]
    if found and out:
        yield Move(
            act="withdraw",
            predicate=verb,
            forces=found,
            doer=None,
            host=subject(verb),
            pattern="forces wanted out",
            base="demanded",
            places=[verb, *direct, *found],
        )


def against_force(token: Any, forces: Forces, headline: bool) -> Iterator[Move]:
    """Somebody against foreign troops by a preposition or adjective: "is against foreign troops", "opposed to ground troops"."""
    if token.lower_ not in ("against", "opposed"):
        return
    verb = token.head
    if not (verb.lemma_ == "be" and token.dep_ in ("prep", "acomp")):
        return
    nouns = children(token, "pobj") + objects_after(token)
    found = [f for n in nouns for f in forces.heads(n) if lemma(n) not in lexicon().nouns]
    if found and any(forces.strength(f) == STRONG for f in found):
        doer = subject(verb)
        yield Move(
            act="send",
            predicate=verb,
            forces=found,
            doer=doer,
            host=doer,
            pattern="against a force",
            base="opposed",
            places=[verb, token, *found],
        )
