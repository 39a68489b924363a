"""Tense, mood and polarity of a clause, what it is conditional on, and whether it asks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from agents.enrich.language.syntax import auxiliaries, child, children, governors, lemma, negated
from streams.records import Status

_FUTURE = frozenset({"will", "shall", "'ll", "wo", "ll"})
MAYBE = frozenset({"may", "might", "could", "can"})
_OUGHT = frozenset({"should", "ought"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Local:
    """What the clause of the predicate itself says. `status` is None for an infinitive, a gerund or a bare noun."""

    status: Status | None
    negative: bool
    finite: bool
    past: bool = False
    would: bool = False


_TO_COME = re.compile(
    r"\b(?:tomorrow|next (?:week|month|year|spring|summer|autumn|fall|winter|monday|tuesday|wednesday|thursday|friday|saturday|sunday)|"
    r"later this (?:week|month|year)|in the coming (?:days|weeks|months)|shortly)\b",
    re.IGNORECASE,
)
"""A time ahead: "leave for Tirana next week" tells what is settled, not what goes on."""


def history_words(verb: Any) -> str:
    """The predicate with the adverbs and prepositions that hang from it."""
    return " ".join(
        t.text for c in verb.children if c.dep_ in ("prep", "advmod", "npadvmod", "pobj", "dobj") for t in c.subtree
    )


def local(verb: Any, *, headline: bool) -> Local:
    """Tense, mood and polarity of a verb in its own clause."""
    helpers = auxiliaries(verb)
    words = {a.lower_ for a in helpers}
    negative = negated(verb)
    tag = verb.tag_
    present = bool(words & {"is", "are", "'s", "'re", "am", "'m", "s", "re"})
    past_be = bool(words & {"was", "were"})
    have = bool(words & {"has", "have", "'ve", "ve"})
    had = "had" in words
    if words & _FUTURE:
        soft = any(c.lower_ in ("probably", "likely", "possibly", "perhaps", "eventually") for c in verb.children)
        return Local(status="planned" if soft else "decided", negative=negative, finite=True)
    if words & {"would", "'d"}:
        return Local(status="decided", negative=negative, finite=True, would=True)
    if words & _OUGHT:
        return Local(status="proposed", negative=negative, finite=True)
    if "must" in words:
        return Local(status="demanded", negative=negative, finite=True)
    if words & MAYBE:
        return Local(status="considered", negative=negative, finite=True)
    if "to" in words:
        return Local(status=None, negative=negative, finite=False)
    if tag == "VBG":
        if present or past_be or have or had or "been" in words:
            lasting = lemma(verb) not in ("send", "dispatch", "contribute", "send_in", "go", "leave")
            status: Status = "ongoing" if lasting or past_be or "being" in words or "been" in words else "decided"
            return Local(status=status, negative=negative, finite=True, past=past_be and not present)
        if "having" in words:
            return Local(status="occurred", negative=negative, finite=False, past=True)
        return Local(status=None, negative=negative, finite=False)
    if "being" in words:
        told = present or past_be or verb.dep_ == "acl"  # "troops being flown to Senegal"
        return Local(status="ongoing" if told else None, negative=negative, finite=present or past_be)
    if "having" in words:
        return Local(status="occurred", negative=negative, finite=False, past=True)
    if have:
        return Local(status="occurred", negative=negative, finite=True)
    if had:
        return Local(status="occurred", negative=negative, finite=True, past=True)
    if tag == "VBD" or past_be or "did" in words:
        return Local(status="occurred", negative=negative, finite=True, past=True)
    if tag == "VBN":
        if present:
            return Local(status="ongoing", negative=negative, finite=True)
        return Local(status="occurred", negative=negative, finite=False)
    if tag in ("VBZ", "VBP"):
        if not headline and _TO_COME.search(history_words(verb)):
            return Local(status="decided", negative=negative, finite=True)
        done = headline or lemma(verb) in ("arrive", "enter", "land", "reach", "return")
        return Local(status="occurred" if done else "ongoing", negative=negative, finite=True)
    if tag == "VB" and words & {"do", "does"}:
        return Local(status="ongoing", negative=negative, finite=True)
    return Local(status=None, negative=negative, finite=False)


def conditions(verb: Any) -> str | None:
    """What a finite clause is conditional on: the word that opens the condition, if it has one."""
    at = verb
    for _ in range(3):
        for c in at.children:
            if c.dep_ == "advcl":
                mark: Any = child(c, "mark", "advmod")
                if c.lower_ == "provided" or (mark is not None and mark.lower_ in ("if", "unless", "once", "provided")):
                    return "provided" if c.lower_ == "provided" else str(mark.lower_)
                if mark is not None and mark.lower_ == "as" and any(a.lower_ in ("soon", "long") for a in verb.subtree):
                    return "as soon as"
            if c.dep_ == "prep" and c.lower_ in ("if", "without", "unless"):
                return str(c.lower_)
            if c.dep_ in ("advmod", "mark") and c.lower_ in ("if", "unless") and c.i > at.i:
                return str(c.lower_)
        if at.dep_ in ("xcomp", "conj"):
            at = at.head
        else:
            break
    return None


def own_mark(verb: Any) -> str | None:
    """The subordinator of the predicate's own clause, through coordination and raising verbs: "if", "whether", "after"."""
    at = verb
    for _ in range(5):
        mark = child(at, "mark")
        if mark is not None and mark.lower_ != "that":
            return str(mark.lower_)
        for adverb in children(at, "advmod"):
            if adverb.lower_ in ("whether", "until", "when") and adverb.i < at.i:
                return str(adverb.lower_)
        if at.dep_ in ("conj", "xcomp", "auxpass", "aux") or (
            at.dep_ == "ccomp" and child(at.head, "mark") is not None and at.head.dep_ == "advcl"
        ):
            at = at.head
        else:
            return None
    return None


_SET_ASIDE = re.compile(r"\b(?:rather than|instead of)\s+(?:[\w-]+\s+){0,4}$", re.IGNORECASE)


def set_aside(token: Any) -> bool:
    """Whether something else is done: "rather than send troops", "instead of pulling out, he was adding more"."""
    return _SET_ASIDE.search(token.doc.text[: token.idx]) is not None


def left_untold(verb: Any) -> bool:
    """Whether a clause is what somebody does not say: "would not say how many it will send", "declined to say when"."""
    if verb.dep_ not in ("ccomp", "pcomp", "csubj") or verb.left_edge.lower_ not in ("how", "when", "where", "why"):
        return False
    if verb.left_edge.tag_ != "WRB":
        return False
    teller = verb.head if verb.dep_ != "pcomp" else verb.head.head
    above = teller.head if teller.dep_ == "xcomp" else teller
    return negated(teller) or lemma(above) in ("decline", "refuse") or teller.lower_ in ("unclear", "unknown")


def asked(verb: Any) -> bool:
    """Whether the predicate stands in a question that can be answered by yes or no: "Will Norway send troops to Niger?"."""
    if not any(t.text == "?" and t.i > verb.i for t in verb.doc):
        return False
    for token in (verb, *[g for g, _, _ in governors(verb)]):
        if token.pos_ not in ("VERB", "AUX"):
            continue
        goer = child(token, "nsubj", "nsubjpass")
        if goer is None:
            continue
        before = [t for t in verb.doc[token.sent.start : goer.left_edge.i] if not t.is_punct]
        if (
            before
            and (before[-1].dep_ in ("aux", "auxpass", "ROOT") or before[-1].i == token.i)
            and before[-1].pos_ in ("AUX", "VERB")
            and before[-1].head.i in (token.i, before[-1].i)
            and not any(t.tag_ in ("WP", "WRB", "WDT") for t in before)
        ):
            return True
    return False
