"""What a word of saying does with what it says: affirms, alleges, denies, doubts, or knows nothing of it."""

from __future__ import annotations

from typing import Any

from agents.enrich.claims.denials import DISMISSIVE
from agents.enrich.language.lexicon import SpeechCue, lexicon
from agents.enrich.language.syntax import (
    child,
    children,
    is_passive,
    lemma,
    negated,
    phrasal,
    subtree_without_clauses,
)
from agents.enrich.language.word_lists import word_list
from streams.records import Stance

CONTENT = frozenset(
    {
        "ccomp",
        "parataxis",
        "xcomp",
        "prep:of",
        "prep:for",
        "prep:as",
        "pcomp",
        "dobj",
        "nsubjpass",
        "prep:about",
        "prep:with",
        "prep:that",
        "prep:on",
        "prep:to",
        "acl",
        "advcl",
        "prep:in",
        "attr",
        "conj",
        "acomp",
    }
)


IGNORANT_NOUNS = word_list("stances.ignorant_nouns")
_PROOF = word_list("stances.proof")
TALK = word_list("stances.talk")
_OPEN = word_list("stances.open")
FALSE = word_list("stances.false")


def dismissed_as(governor: Any, label: str) -> Stance | None:
    """What is told only to be dismissed: "there is no evidence that", "rumours that ... are false", "no truth in reports that"."""
    word = lemma(governor)
    if word in _PROOF and label in ("acl", "ccomp", "relcl", "prep:of", "prep:for"):
        lacking = negated(governor) or (governor.head.pos_ in ("VERB", "AUX") and negated(governor.head))
        return "doubts" if lacking or lemma(governor.head) == "lack" else None
    if label in ("ccomp", "csubj", "acl") and called_false(governor):
        return "denies"
    if label in ("ccomp", "csubj", "advcl", "xcomp") and _left_open(governor):
        return "doubts"
    if word == "truth" and label in ("prep:in", "prep:to", "prep:of"):
        return "denies" if negated(governor) or negated(governor.head) else None
    if word in TALK and label in ("acl", "ccomp", "relcl", "prep:of", "prep:about", "prep:on"):
        head = governor.head
        if governor.dep_ == "nsubj" and head.pos_ in ("AUX", "VERB") and lemma(head) in ("be", "remain"):
            said = [t for c in children(head, "acomp", "attr") for t in subtree_without_clauses(c)]
            if any(t.lower_ in DISMISSIVE for t in said):
                return None if negated(head) else "denies"
            if any(t.lower_ in ("true", "correct", "accurate") for t in said) and negated(head):
                return "denies"
    return None


def called_false(governor: Any) -> bool:
    """Whether what hangs from a word is called false: "it is untrue that", "it was a lie that", "it is not true that"."""
    be = governor if governor.lemma_ == "be" else governor.head
    if be.lemma_ != "be" or (governor.i != be.i and governor.dep_ not in ("acomp", "attr")):
        return False
    judged = {t.lower_ for c in children(be, "acomp", "attr") for t in (c, *children(c, "amod"))}
    if judged & {"true", "case", "correct"}:
        return negated(be)
    return bool(judged & FALSE) and not negated(be)


def _left_open(governor: Any) -> bool:
    """Whether nobody knows: "it is unclear whether", "it remains uncertain if", "it is not clear whether"."""
    be = governor if governor.pos_ in ("VERB", "AUX") else governor.head
    if be.lemma_ not in ("be", "remain") or all(c.lower_ not in ("whether", "if") for c in be.subtree):
        return False
    judged = {t.lower_ for t in (governor, *children(be, "acomp", "oprd"))}
    return bool(judged & _OPEN) or (bool(judged & {"clear", "certain"}) and negated(be))


def cue_of_speech(verb: Any) -> SpeechCue | None:
    speech = lexicon().speech
    return next((cue for key in phrasal(verb) if (cue := speech.get(("verb", key))) is not None), None)


def content_advcl(governor: Any, under: Any) -> bool:
    plain = child(under, "mark") is None and governor.pos_ in ("VERB", "AUX")
    return plain and lemma(governor) in ("accuse", "suspect", "thank", "praise", "blast", "blame")


def stance_of_speech(governor: Any, label: str, under: Any) -> Stance | None:
    """The stance that a governing word gives as a verb, noun or adjective of saying; None where it is none."""
    speech = lexicon().speech
    if label not in CONTENT:
        return None
    if governor.pos_ in ("VERB", "AUX"):
        for key in phrasal(governor):
            cue = speech.get(("verb", key))
            if cue is None:
                continue
            word = lemma(governor)
            if word in ("reject", "dismiss") and not (label == "dobj" and lemma(under) in TALK):
                return None  # "rejected the report that" denies it, "rejected the deployment" refuses it
            if label in (
                "dobj",
                "nsubjpass",
                "prep:of",
                "prep:for",
                "prep:about",
                "prep:on",
                "prep:in",
                "prep:to",
                "pcomp",
                "xcomp",
                "prep:as",
            ):
                if cue.stance == "affirms" and word not in (
                    "announce",
                    "confirm",
                    "say",
                    "report",
                    "quote",
                    "tell",
                    "acknowledge",
                    "admit",
                    "declare",
                    "describe",
                    "promise",
                    "pledge",
                    "vow",
                    "reveal",
                    "disclose",
                    "blast",
                ):
                    return None
                if cue.stance == "affirms" and label == "xcomp" and word not in ("promise", "pledge", "vow", "say"):
                    return None
                if cue.stance == "affirms" and label.startswith("prep") and word not in ("quote", "say", "tell"):
                    return None
            if cue.stance == "affirms" and label == "advcl":
                return None
            if (
                cue.stance == "affirms"
                and word
                in (
                    "think",
                    "believe",
                    "expect",
                    "hope",
                    "agree",
                    "recall",
                    "show",
                    "suggest",
                    "indicate",
                    "demand",
                    "urge",
                    "threaten",
                    "learn",
                    "own",
                )
                and label not in ("ccomp", "parataxis")
            ):
                return None
            if is_passive(governor) and word not in ("quote", "accuse", "tell") and cue.stance != "denies":
                return None if word not in ("allege", "claim") else "alleges"
            unwilling = governor.dep_ == "xcomp" and lemma(governor.head) in ("refuse", "decline")
            if cue.stance == "denies" and (negated(governor) or unwilling):
                return "knows-nothing"  # "did not deny that", "declined to deny that"
            return cue.stance
        if lemma(governor) in ("blast", "criticise", "criticize", "thank", "praise", "condemn", "blame") and label in (
            "prep:for",
            "pcomp",
        ):
            return "affirms"
        return None
    if governor.pos_ == "ADJ" and label in (
        "ccomp",
        "xcomp",
        "prep:of",
        "prep:about",
        "acl",
        "advcl",
        "prep:that",
        "conj",
    ):
        cue = speech.get(("adjective", governor.lower_))
        return cue.stance if cue is not None else None
    if governor.pos_ == "NOUN" and label in ("acl", "ccomp", "prep:of", "prep:about"):
        cue = speech.get(("noun", lemma(governor)))
        return (
            cue.stance
            if cue is not None
            and (cue.stance in ("alleges", "denies", "doubts") or lemma(governor) in ("announcement", "statement"))
            else None
        )
    return None


def says_to_know_nothing(governor: Any, label: str, under: Any) -> bool:
    """ "Has no information on", "would neither confirm nor deny that", "could not tell whether", "had seen nothing to show"."""
    if (
        governor.pos_ == "NOUN"
        and governor.lower_ in IGNORANT_NOUNS
        and label in ("prep:on", "prep:about", "prep:of", "acl", "ccomp", "prep:regarding")
    ):
        return negated(governor) or negated(governor.head) or lemma(governor.head) in ("decline", "lack", "refuse")
    if governor.lower_ == "nothing" and label in ("relcl", "acl"):
        return True
    if governor.lower_ == "nothing" and label in ("prep:of", "prep:about"):
        return lemma(governor.head) in ("know", "hear", "learn", "say")
    word = lemma(governor)
    if word in ("confirm", "know", "verify", "comment", "tell", "say", "rule", "establish") and label in (
        "ccomp",
        "prep:on",
        "dobj",
        "prep:about",
        "prep:of",
    ):
        if word in ("say", "tell", "know", "establish", "rule"):
            whether = child(under, "mark", "advmod")
            if whether is None or whether.lower_ not in ("whether", "if", "how", "when"):
                return word == "know" and negated(governor) and label in ("prep:of", "prep:about", "ccomp")
        if negated(governor) or any(c.lower_ in ("neither", "either") for c in governor.children):
            return True
        head = governor.head
        return (governor.dep_ == "xcomp" and lemma(head) in ("decline", "refuse")) or (
            lemma(head) in ("be", "able") and negated(head)
        )
    if governor.pos_ == "ADJ" and governor.lower_ in ("aware", "sure", "certain") and label in ("ccomp", "prep:of"):
        return negated(governor) or negated(governor.head)
    return False
