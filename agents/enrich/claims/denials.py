"""Denials and shrugs without content: "Moscow denied it", "there is nothing to this", "called the accusation absurd".

They deny what was claimed before: of the claims so far, the latest about the denier's own country or forces.
"""

from __future__ import annotations

from typing import Any

from agents.enrich.language.lexicon import lexicon
from agents.enrich.language.parse import Parsed
from agents.enrich.language.syntax import child, children, lemma, negated, phrasal
from agents.enrich.language.word_lists import word_list
from streams.records import Stance

CHARGES = word_list("denials.charges")
DISMISSIVE = word_list("denials.dismissive")
_HEARSAY = word_list("denials.hearsay")
_ASKED = word_list("denials.asked")
_WARS = word_list("denials.wars")


def find(parsed: Parsed) -> tuple[Any, Any, Stance] | None:
    """(who denies, the cue, the stance) of a denial without content; None where the sentence is none."""
    for token in parsed.tokens:
        if token.pos_ not in ("VERB", "AUX"):
            continue
        found = _verb(token)
        if found is not None:
            return found
    return None


def _verb(token: Any) -> tuple[Any, Any, Stance] | None:
    word = lemma(token)
    who = child(token, "nsubj")
    cue = next((c for k in phrasal(token) if (c := lexicon().speech.get(("verb", k))) is not None), None)
    what = children(token, "dobj")
    denies = cue is not None and cue.stance == "denies" and not children(token, "ccomp", "xcomp")
    if denies and who is not None and any(w.lower_ in CHARGES and not _has_content(w) and _of_war(w) for w in what):
        return who, token, "knows-nothing" if negated(token) else "denies"
    relative = token.dep_ == "relcl" and all(w.lower_ in ("that", "which") for w in what)
    charge = token.head if relative and token.head.lower_ in CHARGES else None
    if charge is not None and who is not None and who.i > charge.i and (denies or word in ("reject", "dismiss")):
        return who, token, "knows-nothing" if negated(token) else "denies"  # "..., a claim that Moscow denies"
    if (
        word == "reject"
        and who is not None
        and any(w.lower_ in CHARGES - {"it", "this", "that", "such"} for w in what)
        and not negated(token)
    ):
        return who, token, "denies"
    if word in ("call", "describe", "brand", "label", "dismiss", "denounce") and who is not None:
        words = {t.lower_ for t in token.subtree}
        if token.dep_ == "relcl":
            words.add(token.head.lower_)
            if any(c.lower_ == "which" and token.doc[c.i - 1].text == "," for c in token.children):
                words.add("this")  # "..., which Moscow called nonsense" is about all that was said before
        if (
            words & DISMISSIVE
            and words & CHARGES
            and not any(t.i != token.i and t.pos_ == "VERB" and lemma(t) in lexicon().verbs for t in token.subtree)
        ):
            return who, token, "denies"
        if _called_hearsay(token, what):
            return who, token, "denies"
    unheard = _unheard_of(token, what)
    if unheard is not None and who is not None:
        speaker = _speaker_of(token)
        return (who, token, unheard) if speaker is None else (*speaker, unheard)
    if word in ("have", "decline", "refuse") and who is not None:
        shrug = next(
            (w for w in what if w.lower_ in ("information", "comment", "knowledge", "details", "confirmation")), None
        )
        if shrug is not None and (negated(token) or negated(shrug) or word != "have") and not _content_clause(shrug):
            speaker = _speaker_of(token)
            return (speaker or (who, token))[0], token, "knows-nothing"
    if (
        word == "confirm"
        and what
        and what[0].lower_ in CHARGES | {"that"}
        and (negated(token) or any(c.lower_ in ("neither", "nor") for c in token.children))
    ):
        speaker = _speaker_of(token)
        subject = speaker[0] if speaker is not None else who
        if subject is not None:
            return subject, token, "knows-nothing"
    if word == "be" and who is not None and who.lower_ in CHARGES and not _has_content(who):
        judged = {t.lower_ for c in children(token, "acomp", "attr") for t in (c, *c.children)}
        false = bool(judged & DISMISSIVE) and not negated(token)
        untrue = bool(judged & {"true", "correct", "accurate"}) and negated(token)
        speaker = _speaker_of(token) if false or untrue else None
        if speaker is not None:
            return speaker[0], speaker[1], "denies"  # "the reports are untrue, she said"
    if word == "be":
        there = child(token, "expl")
        thing = child(token, "attr", "nsubj")
        if (
            there is not None
            and thing is not None
            and thing.lower_ == "nothing"
            and (
                any(g.lower_ in ("kind", "sort", "this", "that", "it", "truth") for g in token.subtree)
                or len(list(token.subtree)) < 7
            )
        ):
            speaker = _speaker_of(token)
            if speaker is not None:
                return speaker[0], speaker[1], "denies"
    return None


def _of_war(charge: Any) -> bool:
    """Whether an involvement that is denied may be one of forces: not "involvement in the killing"."""
    if charge.lower_ != "involvement":
        return True
    inside = [n for p in children(charge, "prep") for n in children(p, "pobj")]
    return all(n.pos_ == "PROPN" or n.lower_ in _WARS | CHARGES for n in inside)


def _called_hearsay(verb: Any, what: list[Any]) -> bool:
    """ "Calls the claim a rumour"."""
    called = children(verb, "oprd", "attr", "xcomp", "ccomp")
    called += [n for p in children(verb, "prep") if p.lower_ == "as" for n in children(p, "pobj")]
    charged = [*what, *(n for c in called for n in children(c, "nsubj"))]
    return any(c.lower_ in _HEARSAY for c in called) and any(w.lower_ in CHARGES for w in charged)


def _unheard_of(verb: Any, what: list[Any]) -> Stance | None:
    """ "Was not aware of any such request", "knew nothing about it", "had heard nothing of the kind"; "had received no such
    request" denies."""
    word = lemma(verb)
    if word in ("be", "remain"):
        for state in children(verb, "acomp"):
            unaware = state.lower_ == "unaware" or (state.lower_ == "aware" and (negated(verb) or negated(state)))
            about = [n for p in children(state, "prep") if p.lower_ == "of" for n in children(p, "pobj")]
            if unaware and any(_told_before(n) for n in about):
                return "knows-nothing"
    if word in ("know", "hear", "learn") and any(w.lower_ == "nothing" for w in what):
        about = [n for t in (verb, *what) for p in children(t, "prep") for n in children(p, "pobj")]
        if about and all(n.lower_ in ("kind", "sort") or _told_before(n) for n in about):
            return "knows-nothing"
    if word in ("receive", "get") and any(w.lower_ in _ASKED and _such(w) and negated(verb) for w in what):
        return "denies"
    return None


def _such(noun: Any) -> bool:
    return any(t.lower_ == "such" for t in noun.children)


def _told_before(noun: Any) -> bool:
    """Whether a noun means what was told before: "it", "any such request", "the request"."""
    if noun.lower_ in ("it", "this", "that", "them"):
        return True
    defined = _such(noun) or any(t.lower_ in ("the", "this", "these", "any") for t in noun.children)
    return noun.lower_ in _ASKED | CHARGES | {"matter"} and defined and not _has_content(noun) and not _clause_of(noun)


def _clause_of(noun: Any) -> bool:
    return any(
        c.dep_ in ("acl", "relcl", "ccomp") or (c.dep_ == "prep" and c.lower_ in ("for", "to")) for c in noun.children
    )


def _content_clause(noun: Any) -> bool:
    """Whether the information that is lacking is about something told here rather than before."""
    for c in noun.children:
        if c.dep_ in ("acl", "relcl", "ccomp"):
            return True
        if c.dep_ == "prep":
            for n in children(c, "pobj"):
                words = {t.lower_ for t in n.children}
                deictic = n.lower_ in ("it", "this", "that", "them") or words & {"such", "this", "that", "these", "any"}
                if not deictic and n.lower_ not in ("matter", "report", "reports", "subject", "order", "plan", "move"):
                    return True
    return False


def _has_content(noun: Any) -> bool:
    return any(
        c.dep_ in ("acl", "relcl", "ccomp") or (c.dep_ == "prep" and c.lower_ in ("of", "that")) for c in noun.children
    )


def _speaker_of(token: Any) -> tuple[Any, Any] | None:
    at = token
    for _ in range(6):
        if at.dep_ == "ROOT":
            return None
        at = at.head
        if at.pos_ == "VERB" and any(("verb", k) in lexicon().speech for k in phrasal(at)):
            who = child(at, "nsubj")
            if who is not None:
                return who, at
    return None
