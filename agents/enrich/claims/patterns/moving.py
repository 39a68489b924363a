"""Verbs of motion: forces are sent, go, stay, or are brought back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from agents.enrich.claims.forces import STRONG, Forces
from agents.enrich.claims.patterns.move import Move, agent_of, forces_of, has_place, objects, objects_after, placelike
from agents.enrich.claims.patterns.no_move import (
    LEAVES_OR_CROSSES,
    NO_MOVE,
    Candidate,
    are_reserves,
    told_to_go,
)
from agents.enrich.claims.patterns.readiness import alerted, reinforced
from agents.enrich.claims.stances import TALK
from agents.enrich.language.lexicon import Motion, lexicon
from agents.enrich.language.syntax import (
    child,
    children,
    is_passive,
    lemma,
    particles,
    subject,
)
from agents.enrich.language.word_lists import word_list
from streams.records import Act

_LEAVES = word_list("patterns_moving.leaves")
_RECRUITING = frozenset({"recall", "summon", "recruit", "draft", "enlist", "activate"})
"""Verbs by which reservists are called up, where others are called back or hired."""


def motion_verb(verb: Any, forces: Forces, headline: bool) -> Iterator[Move]:
    """A verb of motion with a force as what it moves or as what goes: "sent troops", "soldiers arrived in", "were withdrawn"."""
    options = lexicon().verbs.get(lemma(verb), ())
    if not options:
        return
    around = particles(verb)
    if "in" in around and not any(c.lower_ == "in" and _brings_in(c, forces) for c in verb.children):
        around = around - {"in"}
    if any(
        c.lower_ == "home" and c.dep_ in ("advmod", "npadvmod", "dobj", "prt", "pcomp") for c in verb.children
    ) or any(g.lower_ == "home" for c in children(verb, "prep", "advmod", "prt") for g in c.children):
        around = around | {"home"}
    alert = next((o for o in options if o.frame == "alert"), None)
    if alert is not None:
        move = _moved(verb, alert, forces, headline)
        if move is not None:
            yield move
            return
        options = tuple(o for o in options if o.frame != "alert")
    matching = [o for o in options if o.particle is not None and o.particle in around] or [
        o for o in options if o.particle is None
    ]
    for option in matching:
        move = _moved(verb, option, forces, headline)
        if move is not None:
            yield move
            return


def _brings_in(particle: Any, forces: Forces) -> bool:
    """Whether "in" belongs to the verb ("flown in another 150", "flew in on Saturday") and does not open a place or a time."""
    inside = children(particle, "pobj", "pcomp")
    return all(forces.heads(n) and n.ent_type_ not in ("DATE", "TIME", "GPE", "LOC") for n in inside)


def _moved(verb: Any, option: Motion, forces: Forces, headline: bool) -> Move | None:
    if _in_passing(verb, headline):
        return None
    if option.frame == "alert":
        return alerted(verb, forces)
    if option.frame == "reinforces":
        return reinforced(verb, option, forces)
    told = _carried(verb, option, forces) or _going(verb, option, forces, headline)
    if told is None:
        return None
    found, doer, pattern = told
    one = Candidate(
        verb=verb, option=option, forces=forces, found=found, doer=doer, pattern=pattern,
        placed=_placed(verb, option, found),
    )  # fmt: skip
    if any(reason(one) for reason in NO_MOVE):
        return None
    return Move(
        act=_act(one),
        predicate=verb,
        forces=found,
        doer=doer,
        pattern=pattern,
        base="decided" if option.lemma in ("order", "commit") else None,
        places=_place_tokens(verb, found),
        needs_place="place" in option.needs,
    )


def _in_passing(verb: Any, headline: bool) -> bool:
    """ "The soldiers sent there were ..." tells it in passing; "are staying put" moves nobody."""
    participle = verb.tag_ == "VBN" and verb.dep_ == "acl" and verb.head.dep_ != "ROOT" and not headline
    if participle and _reported(verb):
        return False
    to_come = any(c.lower_ == "to" and c.dep_ == "aux" for c in verb.children)
    if participle and not to_come and child(verb, "nsubj", "nsubjpass") is None:
        return True
    return verb.dep_ in ("amod", "compound") or (verb.lower_ == "put" and lemma(verb.head) in ("stay", "remain"))


def _reported(participle: Any) -> bool:
    """Whether a participle is what a report tells: "rumours of troops being sent to Kosovo"."""
    told = participle.head
    being = any(c.lower_ == "being" for c in children(participle, "aux", "auxpass"))
    if not being or told.dep_ != "pobj" or told.head.lower_ not in ("of", "about"):
        return False
    return lemma(told.head.head) in TALK


Told = tuple[list[Any], Any | None, str]
"""The forces, who moves them, and the pattern."""


def _carried(verb: Any, option: Motion, forces: Forces) -> Told | None:
    """A force as what is moved."""
    if option.frame not in ("carries", "both"):
        return None
    what = objects(verb)
    found = forces_of(what, forces)
    if found:
        passive = is_passive(verb) or (verb.tag_ == "VBN" and not children(verb, "aux"))
        doer = agent_of(verb) if passive else subject(verb)
        if not is_passive(verb) and doer is not None and doer in what:
            doer = None
        pattern = "passive of motion" if is_passive(verb) else "force is moved"
        return found, doer, pattern
    if verb.tag_ in ("VBN", "VBG", "VB") and not what:
        found = _next_force(verb, forces)
        if found:
            pattern = "force is moved"
            return found, subject(verb), pattern
    return None


def _going(verb: Any, option: Motion, forces: Forces, headline: bool) -> Told | None:
    """A force as what goes."""
    if option.frame not in ("goes", "both") or is_passive(verb):
        return None
    goer = subject(verb)
    if headline and verb.dep_ == "relcl" and verb.head.dep_ == "ROOT" and child(verb, "nsubj") is None:
        goer = verb.head  # "Pakistan troops to stay in Saudi Arabia"
    found = forces_of([goer], forces)
    if not found:
        return None
    target = child(verb, "dobj") if option.lemma in _LEAVES else None
    unknown = target is not None and target.pos_ != "PROPN" and forces.parsed.at.get(target.i) is None
    if target is not None and unknown and not placelike(target, forces):
        return None
    other = [
        c for c in children(verb, "dobj") if c.ent_type_ not in ("DATE", "TIME") and c.lower_ not in ("home", "sail")
    ]
    if other and option.lemma not in LEAVES_OR_CROSSES:
        return None  # "soldiers evacuated civilians", "helicopters drove the men out"
    pattern = "force goes"
    return found, None, pattern


def _placed(verb: Any, option: Motion, found: list[Any]) -> bool:
    if option.lemma in LEAVES_OR_CROSSES and child(verb, "dobj") is not None:
        return True
    return has_place(
        verb,
        *list(children(verb, "dobj", "nsubjpass")),
        *found,
        *children(verb, "dative"),
        *children(verb, "acomp", "advmod", "prt", "oprd"),
        *_beside(verb),
    )


def _beside(verb: Any) -> list[Any]:
    """Whom the moved force is with, who may say where: "embedded with Malian troops in Gao"."""
    return objects_after(verb, "with", "alongside", "beside", "within", "among")


def _act(one: Candidate) -> Act:
    lemma_of, act = one.option.lemma, one.option.act
    if lemma_of == "go" and told_to_go(one.verb):
        return "withdraw"
    if lemma_of in _RECRUITING and are_reserves(one.found):
        return "mobilise"
    if (
        lemma_of in ("leave", "depart")
        and act == "withdraw"
        and any(p.lower_ == "for" for p in children(one.verb, "prep"))
    ):
        return "send"  # "had left for Cyprus"
    return act


def _next_force(verb: Any, forces: Forces) -> list[Any]:
    """The force right after a verb whose object the parser lost: "of having flown at least 14 fighter jets, repainted ..."."""
    for token in forces.parsed.tokens[verb.i + 1 : verb.i + 9]:
        if forces.strength(token) == STRONG and token.dep_ not in ("compound", "amod", "pobj", "poss"):
            return [token]
        if (
            token.is_punct
            or token.pos_ in ("VERB", "AUX", "CCONJ", "SCONJ", "PRON")
            or token.lower_ in ("to", "from", "into", "by")
        ):
            return []
    return []


def _place_tokens(verb: Any, found: list[Any]) -> list[Any]:
    tokens = [verb]
    for c in verb.children:
        if c.dep_ in ("dobj", "nsubjpass", "dative", "acomp", "advmod", "prt", "oprd", "attr", "pobj"):
            tokens.append(c)
    for force in found:
        tokens.extend(objects_after(force, "of"))
        at = force
        for _ in range(5):
            if at not in tokens:
                tokens.append(at)
            if at.dep_ in ("pobj", "prep", "conj", "appos", "compound"):
                at = at.head
            else:
                break
            if at.i == verb.i:
                break
    return tokens


def headline_verb(noun: Any, forces: Forces, headline: bool) -> Iterator[Move]:
    """A headline's verb that the parser took for a noun: "Trump orders 1,500 more troops to Middle East"."""
    if not headline or noun.tag_ != "NNS" or noun.dep_ != "ROOT" or not noun.lower_.endswith("s"):
        return
    options = [o for o in lexicon().verbs.get(noun.lower_.removesuffix("s"), ()) if o.frame in ("carries", "both")]
    doer = next((c for c in noun.children if c.i < noun.i and c.i in forces.parsed.at), None)
    after = [c for c in noun.children if c.i > noun.i and c.dep_ in ("appos", "dobj", "npadvmod", "dep")]
    found = forces_of(after, forces)
    option = next((o for o in options if o.particle is None), None)
    if option is not None and doer is not None and found and has_place(noun, *found):
        yield Move(
            act=option.act, predicate=noun, forces=found, doer=doer, pattern="headline verb",
            base="decided" if option.lemma == "order" else "occurred", places=[noun, *found],
        )  # fmt: skip
