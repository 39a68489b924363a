"""Who says it, and what they do with it: affirm, report, allege, deny, doubt, or know nothing.

The speaker is the subject of the outermost verb of saying that governs the claim ("a Kuwaiti newspaper said" that Syria told
Riyadh ...), found over "was quoted as saying", "according to", and over the sentences of a longer quotation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from agents.enrich.claims.denials import DISMISSIVE
from agents.enrich.claims.dismissals import dismissed as told_to_be_dismissed
from agents.enrich.claims.dismissals import is_report
from agents.enrich.claims.parties import is_pronoun
from agents.enrich.claims.speakers import OUTLETS
from agents.enrich.claims.stances import (
    TALK,
    called_false,
    content_advcl,
    cue_of_speech,
    dismissed_as,
    says_to_know_nothing,
    stance_of_speech,
)
from agents.enrich.language.lexicon import lexicon
from agents.enrich.language.parse import Parsed
from agents.enrich.language.syntax import (
    child,
    children,
    governors,
    is_passive,
    lemma,
    phrasal,
    subject,
    subtree_without_clauses,
)
from agents.enrich.language.word_lists import word_list
from streams.records import Stance

COMMITTING = word_list("attribution.committing")


_ISSUED = frozenset({"statement", "letter", "announcement", "message", "communique", "decree"})
"""What somebody issues who says it."""


@dataclass(slots=True, kw_only=True)
class Attribution:
    """A speaker's noun phrase (None: the outlet itself), the cue and the stance that it gives."""

    noun: Any | None = None
    cue: Any | None = None
    stance: Stance = "reports"
    tokens: set[int] = field(default_factory=set)
    """Tokens of the speakers' phrases: names in them are no places of the deployment."""
    party: Any | None = None
    rules: list[str] = field(default_factory=list)


def attribute(predicate: Any, parsed: Parsed, *, headline: bool, start: int = 0) -> Attribution:
    """The attribution of what `predicate` tells. Speech outside its governors ("according to") counts as well."""
    found = Attribution()
    speeches: list[tuple[Any, Stance, Any | None]] = []
    ignorance: Any | None = None
    dismissed: Stance | None = None
    embedded = False
    for governor, label, under in governors(predicate):
        if label == "relcl" and governor.dep_ == "attr" and called_false(governor):
            of_it = child(governor.head, "nsubj", "expl")  # "it was a lie that troops were sent": no relative clause
            if of_it is not None and of_it.lower_ == "it":
                dismissed = "denies"
                continue
        if label == "relcl" or (label == "advcl" and not content_advcl(governor, under)):
            if speeches:
                break
            embedded = True  # "X recaptured the town after the army pulled out, the monitors said"
            continue
        between = parsed.tokens[min(governor.i, predicate.i) : max(governor.i, predicate.i)]
        if any(t.text == ";" for t in between) and not any(t.text in '“”"' for t in parsed.tokens):
            break
        if embedded and label not in ("ccomp", "parataxis"):
            continue
        dismissed = dismissed or dismissed_as(governor, label)
        denying = _denied_talk(governor) or _talk_called_false(governor, predicate)
        if denying is not None:
            speeches.append((denying, "denies", subject_of_speech(denying)))
            break
        stance = stance_of_speech(governor, label, under)
        if says_to_know_nothing(governor, label, under):
            ignorance = governor
        if stance is not None:
            if governor.pos_ in ("VERB", "AUX"):
                who = subject_of_speech(governor)
                speeches.append((governor, stance, who))
            elif stance in ("doubts", "denies"):
                who = subject(governor) or (subject(governor.head) if governor.head.pos_ in ("VERB", "AUX") else None)
                if who is not None and who.lower_ in ("it", "there"):
                    who = None
                speeches.append((governor, stance, who))
            elif governor.pos_ == "NOUN" and stance == "affirms":
                who = child(governor, "poss") or next(
                    (n for p in children(governor, "prep") if p.lower_ in ("by", "from") for n in children(p, "pobj")),
                    next((c for c in children(governor, "amod", "compound") if c.i in parsed.at), None),
                )
                if who is not None:
                    speeches.append((governor, stance, who))
            elif governor.pos_ == "NOUN" and stance == "alleges":
                speeches.append((governor, stance, child(governor, "poss")))
    if told_to_be_dismissed(predicate, parsed):
        dismissed = "denies"
        speeches = [(v, "affirms" if s == "denies" else s, w) for v, s, w in speeches if not is_report(v)]
    if not speeches:
        speeches = _beside(predicate) or _told_after(predicate, parsed) or _said_right_before(predicate, parsed)
        if dismissed is not None:
            speeches = [speech for speech in speeches if not is_report(speech[0])]
    if speeches:
        _combine(speeches, found)
    according = _according_to(predicate, parsed)
    if according is not None and found.noun is None:
        found.noun, found.cue = according
        found.stance = "affirms" if found.stance == "reports" else found.stance
        found.rules.append("speaker: according to")
    if ignorance is not None:
        found.stance = "knows-nothing"
        found.rules.append("stance: " + lemma(ignorance))
        if found.noun is None and ignorance.pos_ in ("VERB", "AUX"):
            found.noun, found.cue = subject(ignorance), ignorance
        elif found.noun is None and (source := _source_of(ignorance)) is not None:
            found.noun, found.cue = source, ignorance
        elif found.noun is None:
            for governor, _, _ in governors(ignorance):
                if governor.pos_ in ("VERB", "AUX"):
                    found.noun, found.cue = subject(governor), governor
                    break
    if dismissed is not None and found.stance in ("reports", "affirms", "alleges"):
        found.stance = dismissed
        found.rules.append(f"stance: {dismissed}")
    if found.noun is not None:
        whole = list(found.noun.subtree)
        named = subtree_without_clauses(found.noun) if predicate in whole else whole
        found.tokens.update(t.i for t in named)
    for _, _, who in speeches:
        if who is not None:
            found.tokens.update(t.i for t in subtree_without_clauses(who))
    return found


def _denied_talk(saying: Any) -> Any | None:
    """The verb that denies what is said by a report: "denied a statement suggesting that", "rejected reports saying that"."""
    if saying.tag_ != "VBG" or saying.dep_ not in ("acl", "advcl") or cue_of_speech(saying) is None:
        return None
    told = saying.head if saying.dep_ == "acl" else child(saying.head, "dobj")
    verb = told.head if told is not None else None
    talk = told is not None and (lemma(told) in TALK or told.lower_ in _ISSUED)
    denies = verb is not None and verb.pos_ == "VERB" and lemma(verb) in ("deny", "reject", "dismiss", "refute")
    return verb if talk and denies else None


def _talk_called_false(told: Any, predicate: Any) -> Any | None:
    """The verb that calls a report false, or rejects it as such: "called the claim that troops were sent a lie", "rejected as
    baseless allegations that"."""
    if told.pos_ != "NOUN" or not (lemma(told) in TALK or told.lower_ in _ISSUED):
        return None
    if told.dep_ == "pobj" and told.head.lower_ == "as" and lemma(told.head.head) in ("reject", "dismiss", "denounce"):
        return told.head.head if any(c.lower_ in DISMISSIVE for c in children(told, "amod")) else None
    calls = told.dep_ == "dobj" and lemma(told.head) in ("call", "brand", "label")
    behind = [t for t in told.head.subtree if t.i > predicate.i] if calls else []
    return told.head if any(t.lower_ in DISMISSIVE for t in behind) else None


def _source_of(noun: Any) -> Any | None:
    """ "No confirmation from Kigali"."""
    return next((n for p in children(noun, "prep") if p.lower_ in ("from", "by") for n in children(p, "pobj")), None)


def _beside(predicate: Any) -> list[tuple[Any, Stance, Any | None]]:
    """A verb of saying that the parser hangs from what is said: "police had deployed, Moscow said"."""
    chain = [predicate, *[g for g, _, _ in governors(predicate)]]
    for token in chain:
        goer = child(token, "nsubj", "nsubjpass") if token.dep_ == "conj" and token.head.pos_ == "VERB" else None
        if goer is not None and goer.lower_ in ("he", "she", "it", "they") and child(token.head, "ccomp") is not None:
            cue = cue_of_speech(token.head)  # "declared that ..., and he was mobilising the army"
            who = subject_of_speech(token.head)
            if cue is not None and cue.stance == "affirms" and who is not None and not is_pronoun(who):
                return [(token.head, cue.stance, who)]
        for c in token.children:
            if c.dep_ == "parataxis" and c.pos_ == "VERB":
                cue = cue_of_speech(c)
                who = child(c, "nsubj")
                if cue is not None and who is not None:
                    return [(c, cue.stance, who)]
            elif c.dep_ == "conj" and c.pos_ == "VERB" and all(cue_of_speech(x) for x in children(c, "ccomp")):
                cue = cue_of_speech(c)
                who = _between_comma_and(c) or _opened_by_a_comma(c)
                if cue is not None and who is not None:
                    return [(c, cue.stance, who)]
    return []


def _told_after(predicate: Any, parsed: Parsed) -> list[tuple[Any, Stance, Any | None]]:
    """A speaker and a verb of saying between commas behind the words: "..., a diplomat in Cairo said, although ..."."""
    for verb in parsed.tokens[predicate.i + 1 :]:
        if verb.text in (";", "—"):
            break
        participle = verb.tag_ == "VBN" and verb.dep_ == "acl" and verb.head.i == verb.i - 1
        if verb.pos_ != "VERB" or not (verb.tag_ in ("VBD", "VBZ") or participle):
            continue
        cue = cue_of_speech(verb)
        if cue is None or any(c.i > verb.i for c in children(verb, "ccomp", "xcomp", "dobj", "acomp", "oprd")):
            continue
        who = verb.head if participle else (child(verb, "nsubj") or _behind_comma(verb))
        if who is None or who.i > verb.i or is_pronoun(who):
            continue
        phrase = {t.i for t in who.subtree}  # "a diplomat who follows the talks said"
        first = who.i
        while first - 1 in phrase and parsed.tokens[first - 1].text != ",":
            first -= 1
        between = parsed.tokens[who.i + 1 : verb.i]
        fills = all(t.i in phrase or t.is_punct for t in between)
        if first > predicate.i and fills and parsed.tokens[first - 1].text in (",", "”", '"'):
            return [(verb, cue.stance, who)]
    return []


def _said_right_before(predicate: Any, parsed: Parsed) -> list[tuple[Any, Stance, Any | None]]:
    """A word of saying right before the clause, from which the parser does not hang it: "saying at the time he was willing to
    withdraw", "the announcement by Mr Trump that troops will leave"."""
    clause = predicate
    for _ in range(4):
        if child(clause, "nsubj", "nsubjpass") is not None or clause.head.i == clause.i:
            break
        clause = clause.head
    goer = child(clause, "nsubj", "nsubjpass")
    if goer is None or goer.left_edge.i > predicate.i:
        return []
    mark = next((c for c in children(clause, "mark") if c.lower_ == "that"), None)
    start = mark.i if mark is not None else goer.left_edge.i
    speech = lexicon().speech
    for token in reversed(parsed.tokens[max(0, start - 7) : start]):
        if token.is_punct or token.pos_ in ("CCONJ", "SCONJ"):
            return []
        verb = cue_of_speech(token) if token.pos_ == "VERB" else None
        if verb is not None and (is_pronoun(goer) or mark is not None):
            who = subject_of_speech(token) or (subject(token.head) if token.dep_ == "advcl" else None)
            return [(token, verb.stance, who)] if who is not None else []
        noun = speech.get(("noun", lemma(token))) if token.pos_ == "NOUN" and mark is not None else None
        if noun is not None:
            owner = child(token, "poss") or next(
                (n for p in children(token, "prep") if p.lower_ in ("by", "from") for n in children(p, "pobj")), None
            )
            return [(token, noun.stance, owner)] if owner is not None else []
        if token.pos_ in ("VERB", "AUX"):
            return []
    return []


def _opened_by_a_comma(verb: Any) -> Any | None:
    """The subject of a verb of saying, where a comma opens its phrase: "..., Russian Defence Minister Shoigu reported"."""
    who = child(verb, "nsubj")
    if who is None or who.left_edge.i == 0 or verb.doc[who.left_edge.i - 1].text != ",":
        return None
    return who if verb.tag_ in ("VBD", "VBZ") and not any(c.dep_ == "cc" for c in verb.head.children) else None


def _behind_comma(verb: Any) -> Any | None:
    """The longest phrase that fills the place from a comma to a verb that has no subject."""
    doc = verb.doc
    found = None
    for token in doc[: verb.i]:
        opened = token.left_edge.i > 0 and doc[token.left_edge.i - 1].text == ","
        if opened and token.right_edge.i == verb.i - 1 and token.dep_ == "appos" and token.pos_ in ("NOUN", "PROPN"):
            found = token if found is None or token.left_edge.i < found.left_edge.i else found
    return found


def _between_comma_and(verb: Any) -> Any | None:
    """The noun phrase that fills the place from a comma to the verb: "troops to Syria, the head of the committee said".

    The parser likes to take the verb for a second one of the sentence, and what stands before it for an apposition to
    the name before the comma.
    """
    doc = verb.doc
    for noun in verb.head.subtree:
        if noun.i >= verb.i:
            break
        behind = noun.right_edge.i + 1
        if behind < verb.i and doc[behind].text == ",":
            behind += 1
        fills = behind == verb.i and noun.left_edge.i > 0 and doc[noun.left_edge.i - 1].text == ","
        if fills and noun.dep_ in ("appos", "nsubj") and noun.pos_ in ("NOUN", "PROPN", "PRON"):
            return noun
    return None


def subject_of_speech(verb: Any) -> Any | None:
    """The subject of a verb of saying; of a passive the agent, of "was quoted as saying" the subject itself."""
    word = lemma(verb)
    if word in ("quote", "cite") and not is_passive(verb) and (cited := child(verb, "dobj")) is not None:
        return cited  # "RIA cited the ministry as saying"
    if is_passive(verb) and word not in ("quote", "cite"):
        by = child(verb, "agent")
        if by is not None:
            return child(by, "pobj")
        return None
    issued = verb.head if verb.dep_ == "acl" and verb.head.dep_ == "dobj" and verb.head.lower_ in _ISSUED else None
    if issued is not None and issued.head.pos_ == "VERB":
        return subject(issued.head)  # "Ryder issued a statement announcing"
    who = subject(verb)
    if who is None and verb.tag_ in ("VBD", "VBZ"):
        who = _behind_comma(verb)
    if who is not None and verb.dep_ == "pcomp" and lemma(verb) == "say":
        return who
    if who is not None and who.lower_ in ("there", "it") and who.tag_ == "EX":
        return None
    return who


def _combine(speeches: list[tuple[Any, Stance, Any | None]], found: Attribution) -> None:
    """Of several speeches, the outermost is the speaker; an inner denial or charge keeps its stance and its speaker."""
    inner_verb, _, inner_who = speeches[0]
    outer = next(((v, s, w) for v, s, w in reversed(speeches) if w is not None), speeches[-1])
    verb, stance, who = outer
    for v, s, w in sorted(speeches, key=lambda speech: speech[1] != "denies"):
        if s in ("alleges", "denies", "doubts", "knows-nothing"):
            found.stance = s
            if (w is not None and s != "alleges") or (w is not None and s == "alleges"):
                verb, who = v, w
            break
    else:
        found.stance = stance
        if who is not None and _is_outlet(who) and inner_who is not None and inner_verb.i != verb.i:
            verb, who = inner_verb, inner_who
    if who is None and found.stance == "affirms":
        found.stance = "reports"
    found.noun, found.cue = who, verb
    found.rules.append(f"speaker: {lemma(verb)}")


def _is_outlet(noun: Any) -> bool:
    return noun.lower_ in OUTLETS or any(c.lower_ in OUTLETS for c in noun.children)


def trailing(parsed: Parsed) -> Any | None:
    """The name after the last comma of a headline: "Sudan is willing to withdraw its troops, President Carter"."""
    text = parsed.sentence.text
    if not parsed.sentence.headline:
        return None
    match = re.search(r"[,:–-] ((?:[A-Z][\w.'-]+ ?){1,4})$", text)
    if match is None:
        return None
    token = next((t for t in reversed(list(parsed.tokens)) if not t.is_punct), None)
    mention = parsed.at.get(token.i) if token is not None else None
    person = token is not None and any(s <= token.idx < e for s, e in parsed.people)
    return (
        token
        if token is not None
        and token.pos_ == "PROPN"
        and (person or (mention is not None and mention.kind in ("person", "organisation")))
        else None
    )


def committed(cues: list[Any]) -> tuple[Any, Any] | None:
    """(who, cue) of a finite verb that commits its subject without a verb of saying."""
    for cue in reversed(cues):
        finite = cue.pos_ == "VERB" and cue.tag_ in ("VBD", "VBN", "VBZ", "VBP") and not is_passive(cue)
        if finite and any(k in COMMITTING for k in phrasal(cue)):
            who = subject(cue)
            if who is not None:
                return who, cue
    return None


def _according_to(predicate: Any, parsed: Parsed) -> tuple[Any, Any] | None:
    for token in parsed.tokens:
        if token.lower_ == "according":
            for to in token.children:
                if to.lower_ == "to":
                    noun = child(to, "pobj")
                    if noun is not None and predicate not in list(noun.subtree):
                        return _behind(noun), token
    return None


def _before(verb: Any, parsed: Parsed) -> Any | None:
    """The name right before a verb of saying that has no subject in the parse."""
    if verb.i == 0:
        return None
    token = parsed.tokens[verb.i - 1]
    named = token.pos_ == "PROPN" and (parsed.at.get(token.i) is None or parsed.at[token.i].kind != "place")
    return token if named else None


def _behind(noun: Any) -> Any:
    """Who stands behind figures or a report: "figures handed out by the mission", "a report described by two diplomats"."""
    if lemma(noun) in (
        "figure",
        "report",
        "document",
        "statement",
        "datum",
        "tally",
        "account",
        "letter",
        "cable",
        "memo",
    ):
        for clause in children(noun, "acl"):
            by = child(clause, "agent")
            who = child(by, "pobj") if by is not None else None
            if who is not None:
                return who
    return noun


def outer_speech(parsed: Parsed) -> tuple[Any, Any] | None:
    """The sentence's own verb of saying with its subject, wherever it stands: who speaks in it at all."""
    speech = lexicon().speech
    best: tuple[Any, Any] | None = None
    for token in parsed.tokens:
        if (
            token.pos_ == "VERB"
            and any(("verb", k) in speech for k in phrasal(token))
            and lemma(token)
            in (
                "say",
                "tell",
                "add",
                "announce",
                "quote",
                "state",
                "declare",
                "accuse",
                "claim",
                "deny",
                "warn",
                "insist",
                "report",
                "confirm",
                "write",
                "reply",
                "concede",
                "acknowledge",
            )
        ):
            who = subject_of_speech(token) or _before(token, parsed)
            if who is not None and (best is None or token.dep_ == "ROOT"):
                best = (who, token)
                if token.dep_ == "ROOT":
                    return best
    return best
