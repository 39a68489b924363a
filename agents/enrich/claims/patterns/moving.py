"""Verbs of motion: forces are sent, go, stay, or are brought back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from agents.enrich.claims.forces import LIKELY, STRONG, Forces, people_of
from agents.enrich.claims.patterns.move import Move, agent_of, forces_of, has_place, objects, objects_after, placelike
from agents.enrich.claims.patterns.readiness import alerted, reinforced
from agents.enrich.language.lexicon import Motion, lexicon
from agents.enrich.language.syntax import (
    child,
    children,
    is_passive,
    lemma,
    particles,
    subject,
    subtree_without_clauses,
)
from agents.enrich.language.word_lists import word_list
from streams.records import Act, Status

_RECRUITING = frozenset({"recall", "summon", "recruit", "draft", "enlist", "activate"})
"""Verbs by which reservists are called up, where others are called back or hired."""
RESERVES = word_list("patterns_moving.reserves")


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


_ONWARD = word_list("patterns_moving.onward")

_WEAK = word_list("patterns_moving.weak")

_LEAVES_OR_CROSSES = word_list("patterns_moving.leaves_or_crosses")

_LEAVES = word_list("patterns_moving.leaves")

_GOING = word_list("patterns_moving.going")

_MONEY = frozenset(["money", "aid", "billion", "$"])
"""Words of sums: what is sent then is money."""


def _moved(verb: Any, option: Motion, forces: Forces, headline: bool) -> Move | None:
    if (
        verb.tag_ == "VBN"
        and verb.dep_ == "acl"
        and verb.head.dep_ != "ROOT"
        and not headline
        and child(verb, "nsubj", "nsubjpass") is None
        and not any(c.lower_ == "to" and c.dep_ == "aux" for c in verb.children)
    ):
        return None  # "the soldiers sent there were ..." tells it in passing
    if verb.dep_ in ("amod", "compound") or (verb.lower_ == "put" and lemma(verb.head) in ("stay", "remain")):
        return None  # "are staying put"
    if option.frame == "alert":
        return alerted(verb, forces)
    if option.frame == "reinforces":
        return reinforced(verb, option, forces)
    found: list[Any] = []
    doer: Any | None = None
    pattern = ""
    if option.frame in ("carries", "both"):
        what = objects(verb)
        found = forces_of(what, forces)
        pattern = "passive of motion" if is_passive(verb) else "force is moved"
        doer = (
            agent_of(verb) if is_passive(verb) or (verb.tag_ == "VBN" and not children(verb, "aux")) else subject(verb)
        )
        if not is_passive(verb) and doer is not None and doer in what:
            doer = None
    if not found and option.frame in ("carries", "both") and verb.tag_ in ("VBN", "VBG", "VB") and not objects(verb):
        found = _next_force(verb, forces)
        if found:
            pattern, doer = "force is moved", subject(verb)
    if not found and option.frame in ("goes", "both") and not is_passive(verb):
        goer = subject(verb)
        if headline and verb.dep_ == "relcl" and verb.head.dep_ == "ROOT" and child(verb, "nsubj") is None:
            goer = verb.head  # "Pakistan troops to stay in Saudi Arabia"
        found = forces_of([goer], forces)
        pattern, doer = "force goes", None
        if found and option.lemma in _LEAVES:
            target = child(verb, "dobj")
            unknown = target is not None and target.pos_ != "PROPN" and forces.parsed.at.get(target.i) is None
            if target is not None and unknown and not placelike(target, forces):
                return None
        other = [
            c
            for c in children(verb, "dobj")
            if c.ent_type_ not in ("DATE", "TIME") and c.lower_ not in ("home", "sail")
        ]
        if found and other and option.lemma not in _LEAVES_OR_CROSSES:
            return None  # "soldiers evacuated civilians", "helicopters drove the men out"
    if not found:
        return None
    reserves = all(f.lower_ in RESERVES or any(c.lower_ == "reserve" for c in f.children) for f in found)
    if "reserves" in option.needs and not reserves:
        return None
    words = [forces.parsed.forces[f.i] for f in found if f.i in forces.parsed.forces]
    if option.lemma == "supply" and not any(w.kind in ("troops", "units") for w in words):
        return None  # helicopters are supplied to whoever buys them
    if verb.dep_ == "relcl" and all(forces.elliptic(f) for f in found):
        return None  # "the first who came home": in passing
    if any(
        t.ent_type_ == "MONEY" or t.lower_ in _MONEY
        for w in (objects(verb) if option.frame != "goes" else [])
        for t in subtree_without_clauses(w)
    ):
        return None
    if found == [verb] or (doer is not None and doer in found and len(found) == 1):
        return None
    strong = max(forces.grade(f) for f in found)
    if (
        "strong" in option.needs
        and strong < STRONG
        and not (strong == LIKELY and forces.military)
        and not any(people_of(f, forces.parsed) for f in found)
    ):
        return None
    sails = option.lemma == "set" and any(c.lower_ == "sail" for c in children(verb, "dobj"))
    placed = has_place(
        verb,
        *list(children(verb, "dobj", "nsubjpass")),
        *found,
        *children(verb, "dative"),
        *children(verb, "acomp", "advmod", "prt"),
    )
    if option.lemma in ("pursue", "chase") and not any(p.lower_ in ("across", "into") for p in children(verb, "prep")):
        return None
    placed = placed or sails
    if option.lemma in _LEAVES_OR_CROSSES and child(verb, "dobj") is not None:
        placed = True
    purposeful = is_passive(verb) and any(
        c.lower_ == "to" for clause in children(verb, "advcl", "xcomp") for c in children(clause, "aux")
    )
    if (
        "place" in option.needs
        and not placed
        and not is_transfer(verb)
        and not purposeful
        and not _told_to_go(verb)
        and not (option.lemma == "post" and strong == STRONG)
    ):
        return None
    sent_off = option.lemma == "go" and _told_to_go(verb)
    if (
        (option.lemma in _GOING and option.particle is None)
        and not (sent_off or sails)
        and not any(c.lower_ in _ONWARD for c in verb.children if c.dep_ in ("prep", "advmod", "prt", "npadvmod"))
    ):
        return None  # "military police in Sao Paulo went on strike"
    if (
        option.lemma == "go"
        and "home" not in particles(verb)
        and any(c.lower_ in ("on", "through", "off") and c.dep_ == "prt" for c in verb.children)
    ):
        return None
    weak_verb = option.lemma in _WEAK
    sure = strong >= STRONG or forces.military or any(people_of(f, forces.parsed) for f in found)
    if weak_verb and not sure:
        return None
    if any(n.lower_ in _NO_PLACES for p in children(verb, "prep") for n in children(p, "pobj")):
        return None  # "removed from power", "put on a list"
    left_as = (
        option.lemma == "leave"
        and child(verb, "dobj") is not None
        and any(
            p.lower_ == "as" and any(t.lower_ in ("only", "sole", "last") for t in p.subtree)
            for p in children(verb, "prep")
        )
    )
    if left_as:
        return None  # "will leave Bangladesh as the only country"
    if option.lemma == "leave" and children(verb, "ccomp", "oprd", "acomp") and not children(verb, "prep", "advmod"):
        return None  # "left the door open", "left 26 dead"
    if option.act == "remain" and option.frame == "goes" and _copula(verb):
        return None  # "remains committed to", "remained on alert"
    if (
        option.lemma == "fly"
        and option.particle is None
        and pattern == "force goes"
        and not (_ONWARD - {"over", "through"})
        & {c.lower_ for c in verb.children if c.dep_ in ("prep", "advmod", "prt", "npadvmod")}
    ):
        return None  # "planes were flying in the area"
    act: Act = "withdraw" if sent_off else option.act
    if (
        option.lemma in ("leave", "depart")
        and act == "withdraw"
        and any(p.lower_ == "for" for p in children(verb, "prep"))
    ):
        act = "send"  # "had left for Cyprus"
    if option.lemma in _RECRUITING and all(
        f.lower_ in RESERVES or any(c.lower_ in ("reserve", "reservist") for c in f.children) for f in found
    ):
        act = "mobilise"
    base: Status | None = "decided" if option.lemma in ("order", "commit") else None
    if option.lemma == "leave" and option.act == "remain":
        there = any(c.lower_ in ("there", "behind", "in", "at") for c in verb.children)
        if not children(verb, "dobj") or (not there and any(forces.elliptic(f) for f in found)):
            return None  # "leaving dozens injured"
    if (
        act == "remain"
        and option.frame == "carries"
        and option.lemma in ("leave", "keep")
        and child(verb, "oprd", "acomp") is not None
        and not placed
    ):
        return None
    return Move(
        act=act,
        predicate=verb,
        forces=found,
        doer=doer,
        pattern=pattern,
        base=base,
        places=_place_tokens(verb, found),
        needs_place="place" in option.needs,
    )


_STATIONED = word_list("patterns_moving.stationed")


_NO_PLACES = word_list("patterns_moving.no_places")


def _told_to_go(verb: Any) -> bool:
    """ "Niger asked French troops to go": a bare "go" under a demand is to leave."""
    demand = lemma(verb.head) in ("ask", "tell", "order", "want") and verb.dep_ in ("xcomp", "ccomp")
    return lemma(verb) == "go" and demand and not any(c.dep_ not in ("aux", "nsubj", "punct") for c in verb.children)


def _copula(verb: Any) -> bool:
    """Whether "remain" and "stay" say how somebody is, and not where."""
    states = [c for c in verb.children if c.dep_ in ("acomp", "attr", "oprd", "xcomp")]
    return any((c.pos_ in ("ADJ", "VERB") or c.dep_ == "attr") and c.lower_ not in _STATIONED for c in states)


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


def is_transfer(verb: Any) -> bool:
    """ "Lent Egypt pilots": the receiver is an object."""
    return child(verb, "dative") is not None


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
