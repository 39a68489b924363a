"""What a verb of motion with a force beside it tells, and is no move all the same: one reason a function, in `NO_MOVE`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from agents.enrich.claims.forces import LIKELY, STRONG, Forces, people_of
from agents.enrich.claims.patterns.move import has_place, objects
from agents.enrich.language.lexicon import Motion
from agents.enrich.language.syntax import child, children, is_passive, lemma, particles, subtree_without_clauses
from agents.enrich.language.word_lists import word_list

RESERVES = word_list("patterns_no_move.reserves")
LEAVES_OR_CROSSES = word_list("patterns_no_move.leaves_or_crosses")
_ONWARD = word_list("patterns_no_move.onward")
_WEAK = word_list("patterns_no_move.weak")
_GOING = word_list("patterns_no_move.going")
_MONEY = frozenset(["money", "aid", "billion", "$"])
"""Words of sums: what is sent then is money."""
_STATIONED = word_list("patterns_no_move.stationed")
_NO_PLACES = word_list("patterns_no_move.no_places")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A verb of motion in one of its ways (`option`), with the forces that it moves or that go."""

    verb: Any
    option: Motion
    forces: Forces
    found: list[Any]
    doer: Any | None
    pattern: str
    placed: bool
    """Whether it says where to, or where from."""

    @property
    def strong(self) -> int:
        return max(self.forces.grade(f) for f in self.found)

    @property
    def people(self) -> bool:
        return any(people_of(f, self.forces.parsed) for f in self.found)

    @property
    def onward(self) -> set[str]:
        """The words of direction that hang from the verb."""
        return {c.lower_ for c in self.verb.children if c.dep_ in ("prep", "advmod", "prt", "npadvmod")} & _ONWARD


def are_reserves(found: list[Any]) -> bool:
    """Whether all forces are reservists: "16,000 reservists", "reserve soldiers"."""
    return all(
        f.lower_ in RESERVES or any(c.lower_ in ("reserve", "reservist") for c in f.children) for f in found
    )  # fmt: skip


def sails(verb: Any) -> bool:
    """ "Set sail"."""
    return lemma(verb) == "set" and any(c.lower_ == "sail" for c in children(verb, "dobj"))


def told_to_go(verb: Any) -> bool:
    """ "Niger asked French troops to go": a bare "go" under a demand is to leave."""
    demand = lemma(verb.head) in ("ask", "tell", "order", "want") and verb.dep_ in ("xcomp", "ccomp")
    return lemma(verb) == "go" and demand and not any(c.dep_ not in ("aux", "nsubj", "punct") for c in verb.children)


def _no_reserves(one: Candidate) -> bool:
    """Drafted players and recruited cooks."""
    return "reserves" in one.option.needs and not are_reserves(one.found)


def _sold(one: Candidate) -> bool:
    """Helicopters are supplied to whoever buys them."""
    words = [one.forces.parsed.forces[f.i] for f in one.found if f.i in one.forces.parsed.forces]
    return one.option.lemma == "supply" and not any(w.kind in ("troops", "units") for w in words)


def _in_a_relative_clause(one: Candidate) -> bool:
    """ "The first who came home": in passing."""
    return one.verb.dep_ == "relcl" and all(one.forces.elliptic(f) for f in one.found)


def _sum_of_money(one: Candidate) -> bool:
    """ "Sent the army 3 billion"."""
    sent = objects(one.verb) if one.option.frame != "goes" else []
    return any(t.ent_type_ == "MONEY" or t.lower_ in _MONEY for w in sent for t in subtree_without_clauses(w))


def _nothing_but_the_doer(one: Candidate) -> bool:
    return one.found == [one.verb] or (one.doer is not None and one.doer in one.found and len(one.found) == 1)


def _too_weak(one: Candidate) -> bool:
    """A way that needs a sure force, and a word that is none by itself."""
    likely = one.strong == LIKELY and one.forces.military
    return "strong" in one.option.needs and one.strong < STRONG and not likely and not one.people


def _chase_at_home(one: Candidate) -> bool:
    """Pursuits are moves where they cross into somewhere."""
    across = any(p.lower_ in ("across", "into") for p in children(one.verb, "prep"))
    return one.option.lemma in ("pursue", "chase") and not across


def _nowhere(one: Candidate) -> bool:
    """A way that needs a place, and none is told."""
    verb = one.verb
    purposeful = is_passive(verb) and any(
        c.lower_ == "to" for clause in children(verb, "advcl", "xcomp") for c in children(clause, "aux")
    )
    lent = child(verb, "dative") is not None  # "lent Egypt pilots": the receiver is an object
    posted = one.option.lemma == "post" and one.strong == STRONG
    posts = [c for c in children(verb, "xcomp", "oprd", "ccomp") if c.tag_ == "VBN"]
    kept = one.option.lemma == "keep" and any(has_place(c) for c in posts)  # "kept them dug in along the frontier"
    excused = lent or purposeful or posted or kept or sails(verb) or told_to_go(verb)
    return "place" in one.option.needs and not one.placed and not excused


def _goes_without_direction(one: Candidate) -> bool:
    """ "Military police in Sao Paulo went on strike"."""
    plain = one.option.lemma in _GOING and one.option.particle is None
    return plain and not one.onward and not sails(one.verb) and not told_to_go(one.verb)


def _goes_on(one: Candidate) -> bool:
    """ "The troops went on"."""
    verb = one.verb
    on = any(c.lower_ in ("on", "through", "off") and c.dep_ == "prt" for c in verb.children)
    return one.option.lemma == "go" and on and "home" not in particles(verb)


def _weak_verb(one: Candidate) -> bool:
    """Verbs of much else than motion ("put", "take") with a force that is not sure."""
    sure = one.strong >= STRONG or one.forces.military or one.people
    return one.option.lemma in _WEAK and not sure


def _no_place(one: Candidate) -> bool:
    """ "Removed from power", "put on a list"."""
    return any(n.lower_ in _NO_PLACES for p in children(one.verb, "prep") for n in children(p, "pobj"))


def _leaves_as(one: Candidate) -> bool:
    """ "Would leave Ghana as the last contributor"."""
    alone = any(
        p.lower_ == "as" and any(t.lower_ in ("only", "sole", "last") for t in p.subtree)
        for p in children(one.verb, "prep")
    )
    return one.option.lemma == "leave" and child(one.verb, "dobj") is not None and alone


def _leaves_so(one: Candidate) -> bool:
    """ "Left the door open", "left 26 dead"."""
    verb = one.verb
    state = children(verb, "ccomp", "oprd", "acomp")
    return one.option.lemma == "leave" and bool(state) and not children(verb, "prep", "advmod")


def _remains_so(one: Candidate) -> bool:
    """ "Remains committed to", "remained an unruly force": how one is, and not where."""
    states = [c for c in one.verb.children if c.dep_ in ("acomp", "attr", "oprd", "xcomp")]
    so = any((c.pos_ in ("ADJ", "VERB") or c.dep_ == "attr") and c.lower_ not in _STATIONED for c in states)
    return one.option.act == "remain" and one.option.frame == "goes" and so


def _flies_about(one: Candidate) -> bool:
    """ "Planes were flying in the area"."""
    bare = one.option.lemma == "fly" and one.option.particle is None and one.pattern == "force goes"
    return bare and not one.onward - {"over", "through"}


def _leaves_behind(one: Candidate) -> bool:
    """ "Leaving dozens injured"."""
    verb = one.verb
    if one.option.lemma != "leave" or one.option.act != "remain":
        return False
    there = any(c.lower_ in ("there", "behind", "in", "at") for c in verb.children)
    return not children(verb, "dobj") or (not there and any(one.forces.elliptic(f) for f in one.found))


def _put_on_hold(one: Candidate) -> bool:
    """ "The deployment was put on hold"."""
    states = {n.lower_ for p in children(one.verb, "prep") if p.lower_ == "on" for n in children(p, "pobj")}
    return one.option.lemma == "put" and bool(states & {"hold", "ice"})


def _given(one: Candidate) -> bool:
    """ "Germany sends Ukraine 14 tanks": arms that are given to somebody, who is the dative or stands before them."""
    words = [one.forces.parsed.forces.get(f.i) for f in one.found]
    arms = all(w is not None and w.kind in ("armour", "aircraft", "craft") for w in words)
    named = one.forces.parsed.at
    receiver = child(one.verb, "dative")
    receivers = [receiver] if receiver is not None and receiver.pos_ == "PROPN" else []
    receivers += [c for f in one.found for c in children(f, "compound", "nmod")]
    country = any(r.i in named and named[r.i].kind == "country" and named[r.i].form != "demonym" for r in receivers)
    return (
        arms
        and country
        and one.option.act == "send"
        and one.doer is not None
        and one.doer.i not in {r.i for r in receivers}
    )


def _keeps_so(one: Candidate) -> bool:
    """ "Kept the army loyal"."""
    keeping = one.option.act == "remain" and one.option.frame == "carries" and one.option.lemma in ("leave", "keep")
    return keeping and child(one.verb, "oprd", "acomp") is not None and not one.placed


NO_MOVE: tuple[Callable[[Candidate], bool], ...] = (
    _no_reserves,
    _sold,
    _in_a_relative_clause,
    _sum_of_money,
    _nothing_but_the_doer,
    _too_weak,
    _chase_at_home,
    _nowhere,
    _goes_without_direction,
    _goes_on,
    _weak_verb,
    _no_place,
    _leaves_as,
    _leaves_so,
    _remains_so,
    _flies_about,
    _leaves_behind,
    _keeps_so,
    _put_on_hold,
    _given,
)
