"""Who says it, and what they do with it: affirm, report, allege, deny, doubt, or know nothing.

The speaker is the subject of the outermost verb of saying that governs the claim ("a Kuwaiti newspaper said" that Syria told
Riyadh ...), found over "was quoted as saying", "according to", and over the sentences of a longer quotation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from agents.enrich.claims.denials import DISMISSIVE
from agents.enrich.claims.discourse import Discourse
from agents.enrich.claims.parties import PRONOUNS, definite, pronoun, stands_for
from agents.enrich.language.lexicon import SpeechCue, lexicon
from agents.enrich.language.parse import Parsed
from agents.enrich.language.syntax import (
    child,
    children,
    governors,
    is_passive,
    lemma,
    negated,
    phrasal,
    subject,
    subtree_without_clauses,
)
from agents.enrich.language.word_lists import word_list
from streams.records import Actor, Speaker, Stance

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
ANONYMOUS_KINDS = word_list("attribution.anonymous_kinds")
OUTLETS = word_list("attribution.outlets")
IGNORANT_NOUNS = word_list("attribution.ignorant_nouns")
COMMITTING = word_list("attribution.committing")


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
        if label == "relcl" and governor.dep_ == "attr" and _called_false(governor):
            of_it = child(governor.head, "nsubj", "expl")  # "it was a lie that troops were sent": no relative clause
            if of_it is not None and of_it.lower_ == "it":
                dismissed = "denies"
                continue
        if label == "relcl" or (label == "advcl" and not _content_advcl(governor, under)):
            if speeches:
                break
            embedded = True  # "X recaptured the town after the army pulled out, the monitors said"
            continue
        between = parsed.tokens[min(governor.i, predicate.i) : max(governor.i, predicate.i)]
        if any(t.text == ";" for t in between) and not any(t.text in '“”"' for t in parsed.tokens):
            break
        if embedded and label not in ("ccomp", "parataxis"):
            continue
        dismissed = dismissed or _dismissed(governor, label)
        stance = _speech(governor, label, under)
        if _ignorant(governor, label, under):
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
                    None,
                )
                if who is not None:
                    speeches.append((governor, stance, who))
            elif governor.pos_ == "NOUN" and stance == "alleges":
                speeches.append((governor, stance, child(governor, "poss")))
    if not speeches:
        speeches = _beside(predicate) or _told_after(predicate, parsed) or _said_right_before(predicate, parsed)
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


_PROOF = word_list("attribution.proof")
_TALK = word_list("attribution.talk")


def _dismissed(governor: Any, label: str) -> Stance | None:
    """What is told only to be dismissed: "there is no evidence that", "rumours that ... are false", "no truth in reports that"."""
    word = lemma(governor)
    if word in _PROOF and label in ("acl", "ccomp", "relcl", "prep:of", "prep:for"):
        lacking = negated(governor) or (governor.head.pos_ in ("VERB", "AUX") and negated(governor.head))
        return "doubts" if lacking or lemma(governor.head) == "lack" else None
    if label in ("ccomp", "csubj", "acl") and _called_false(governor):
        return "denies"
    if word == "truth" and label in ("prep:in", "prep:to", "prep:of"):
        return "denies" if negated(governor) or negated(governor.head) else None
    if word in _TALK and label in ("acl", "ccomp", "relcl", "prep:of", "prep:about"):
        head = governor.head
        if governor.dep_ == "nsubj" and head.pos_ in ("AUX", "VERB") and lemma(head) in ("be", "remain"):
            said = [t for c in children(head, "acomp", "attr") for t in subtree_without_clauses(c)]
            if any(t.lower_ in DISMISSIVE for t in said):
                return None if negated(head) else "denies"
    return None


def _called_false(governor: Any) -> bool:
    """Whether what hangs from a word is called false: "it is untrue that", "it was a lie that", "it is not true that"."""
    be = governor if governor.lemma_ == "be" else governor.head
    if be.lemma_ != "be" or (governor.i != be.i and governor.dep_ not in ("acomp", "attr")):
        return False
    judged = {t.lower_ for c in children(be, "acomp", "attr") for t in (c, *children(c, "amod"))}
    if judged & {"true", "case", "correct"}:
        return negated(be)
    return bool(judged & _FALSE) and not negated(be)


_FALSE = word_list("attribution.false")


def _beside(predicate: Any) -> list[tuple[Any, Stance, Any | None]]:
    """A verb of saying that the parser hangs from what is said: "police had deployed, Moscow said"."""
    chain = [predicate, *[g for g, _, _ in governors(predicate)]]
    for token in chain:
        goer = child(token, "nsubj", "nsubjpass") if token.dep_ == "conj" and token.head.pos_ == "VERB" else None
        if goer is not None and goer.lower_ in ("he", "she", "it", "they") and child(token.head, "ccomp") is not None:
            cue = _cue_of_speech(token.head)  # "declared that ..., and he was mobilising the army"
            who = subject_of_speech(token.head)
            if cue is not None and cue.stance == "affirms" and who is not None and who.lower_ not in PRONOUNS:
                return [(token.head, cue.stance, who)]
        for c in token.children:
            if c.dep_ == "parataxis" and c.pos_ == "VERB":
                cue = _cue_of_speech(c)
                who = child(c, "nsubj")
                if cue is not None and who is not None:
                    return [(c, cue.stance, who)]
            elif c.dep_ == "conj" and c.pos_ == "VERB" and all(_cue_of_speech(x) for x in children(c, "ccomp")):
                cue = _cue_of_speech(c)
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
        cue = _cue_of_speech(verb)
        if cue is None or any(c.i > verb.i for c in children(verb, "ccomp", "xcomp", "dobj", "acomp", "oprd")):
            continue
        who = verb.head if participle else (child(verb, "nsubj") or _behind_comma(verb))
        if who is None or who.i > verb.i or who.lower_ in PRONOUNS:
            continue
        phrase = {t.i for t in subtree_without_clauses(who)}
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
        verb = _cue_of_speech(token) if token.pos_ == "VERB" else None
        if verb is not None and (goer.lower_ in PRONOUNS or mark is not None):
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


def _cue_of_speech(verb: Any) -> SpeechCue | None:
    speech = lexicon().speech
    return next((cue for key in phrasal(verb) if (cue := speech.get(("verb", key))) is not None), None)


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


def _content_advcl(governor: Any, under: Any) -> bool:
    plain = child(under, "mark") is None and governor.pos_ in ("VERB", "AUX")
    return plain and lemma(governor) in ("accuse", "suspect", "thank", "praise", "blast", "blame")


def _speech(governor: Any, label: str, under: Any) -> Stance | None:
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
            if cue.stance == "denies" and negated(governor):
                return "knows-nothing"
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


def subject_of_speech(verb: Any) -> Any | None:
    """The subject of a verb of saying; of a passive the agent, of "was quoted as saying" the subject itself."""
    word = lemma(verb)
    if is_passive(verb) and word not in ("quote", "cite"):
        by = child(verb, "agent")
        if by is not None:
            return child(by, "pobj")
        return None
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


def _ignorant(governor: Any, label: str, under: Any) -> bool:
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


def describe(noun: Any, parsed: Parsed, discourse: Discourse) -> tuple[Speaker | None, list[Actor]]:
    """The speaker that a noun phrase names, with its country, and the parties that "we" means when it speaks."""
    if noun.lower_ in PRONOUNS or noun.lower_ in ("one", "another", "both", "two", "some"):
        if noun.lower_ in ("one", "another", "both", "two", "some") and discourse.speakers:
            last = discourse.speakers[-1]
            return last, party_of(last)
        return _pronoun_speaker(noun, parsed, discourse)
    tokens = [t for t in subtree_without_clauses(noun) if not t.is_space]
    while tokens and tokens[0].is_punct:
        tokens = tokens[1:]
    while tokens and tokens[-1].is_punct:
        tokens = tokens[:-1]
    text = parsed.sentence.text[tokens[0].idx : tokens[-1].idx + len(tokens[-1].text)][:160] if tokens else noun.text
    mention = parsed.at.get(noun.i)
    parties = stands_for(noun, parsed, discourse)
    country = next((a.code for a in parties if a.kind == "country"), None)
    organisation = next((a.name for a in parties if a.kind != "country"), None)
    name = _name(noun, parsed)
    if mention is not None and mention.kind in ("country",) and mention.form != "office-holder":
        organisation = f"government of {mention.name}"
    elif mention is not None and mention.kind == "organisation":
        organisation = mention.name
    elif mention is not None and mention.form in ("capital", "seat"):
        organisation = f"government of {mention.country}"
    role = None
    if name is None or noun.pos_ == "NOUN":
        role = text if noun.pos_ == "NOUN" or name is None else None
    titles = [
        t.text
        for t in tokens
        if name and t.text not in name and t.pos_ in ("PROPN", "NOUN", "ADJ") and t.i not in parsed.at
    ]
    if role is None and titles:
        role = " ".join(titles)[:100]
    if name is not None:
        earlier = discourse.speaker_named(*name.split()[-1:])
        if earlier is not None and earlier.name and len(earlier.name) > len(name):
            return earlier, party_of(earlier)
        if country is None and name.split()[-1].lower() in discourse.persons:
            country = discourse.persons[name.split()[-1].lower()]
    elif any(t.lower_ == "the" for t in noun.children if t.dep_ == "det") and mention is None:
        earlier = discourse.speaker_named(noun.text) if len(tokens) <= 3 else None
        if earlier is not None and (country is None or earlier.country == country or not earlier.country):
            return earlier, party_of(earlier)
    if country is None and organisation is None:
        country = _country_of_title(tokens, parsed)
    if country is None and organisation is None:
        for actor in definite(noun, discourse):
            if actor.kind == "country":
                country = actor.code
    if country is None and organisation is None and discourse.scene and noun.pos_ == "NOUN":
        country = discourse.scene
    anonymous = (
        name is None
        and bool({t.lower_ for t in tokens} & ANONYMOUS_KINDS)
        and any(t.lower_ in ANONYMOUS_KINDS for t in [noun, *children(noun, "appos")])
    )
    speaker = Speaker(text=text, name=name, role=role, organisation=organisation, country=country, anonymous=anonymous)
    if name and country:
        discourse.persons.setdefault(name.split()[-1].lower(), country)
    return speaker, [a for a in parties if a.kind in ("country", "organisation", "armed-group")] or party_of(speaker)


def _country_of_title(tokens: list[Any], parsed: Parsed) -> str | None:
    """The country in somebody's title, however deep the parser puts it: "Pakistani Defence Minister Khawaja Asif"."""
    for token in tokens:
        mention = parsed.at.get(token.i)
        if mention is not None and mention.kind == "country" and token.dep_ in ("compound", "amod", "nmod", "poss"):
            return mention.country or mention.code
    return None


def party_of(speaker: Speaker) -> list[Actor]:
    if speaker.country:
        return [Actor(code=speaker.country, name=speaker.country, kind="country", text=speaker.text)]
    if speaker.organisation:
        return [Actor(code=speaker.organisation, name=speaker.organisation, kind="organisation", text=speaker.text)]
    return []


def _told_before(noun: Any) -> frozenset[int]:
    """Tokens of what a speech that follows it tells: in "a mechanism is being worked on, he added" the mechanism is not "he"."""
    verb = noun.head
    return frozenset(t.i for c in verb.children if c.dep_ in ("ccomp", "parataxis") and c.i < noun.i for t in c.subtree)


def _pronoun_speaker(noun: Any, parsed: Parsed, discourse: Discourse) -> tuple[Speaker | None, list[Actor]]:
    word = noun.lower_
    if word in ("who", "which", "that"):
        at = noun
        for _ in range(8):
            if at.dep_ == "relcl":
                return describe(at.head, parsed, discourse)
            if at.dep_ == "ROOT":
                break
            at = at.head
    told = _told_before(noun)
    before = [
        t
        for t in parsed.tokens
        if t.i < noun.i
        and t.dep_ in ("nsubj", "nsubjpass")
        and t.lower_ not in PRONOUNS
        and t.head.i < noun.i
        and t.i not in parsed.forces  # forces are spoken of: "the first soldiers are to leave, she said"
        and not (t.i in told and t.ent_type_ != "PERSON" and word in ("he", "she"))
    ]
    if word in ("it",) and before:
        got = stands_for(before[0], parsed, discourse)
        if got:
            return describe(before[0], parsed, discourse)
    if word in ("he", "she") and before:
        earlier = before[0]
        if earlier.ent_type_ in ("PERSON", "") and earlier.i not in parsed.at and earlier.pos_ in ("PROPN", "NOUN"):
            return describe(earlier, parsed, discourse)
    if word in ("it", "they") and discourse.parties and not discourse.speakers:
        actor = discourse.parties[-1]
        return Speaker(
            text=noun.text, organisation=actor.name, country=actor.code if actor.kind == "country" else None
        ), [actor]
    for speaker in reversed(discourse.speakers):
        if word in ("he", "she", "i") and speaker.organisation and not (speaker.name or speaker.role):
            continue
        return speaker, party_of(speaker)
    got = pronoun(noun, parsed, discourse) if word not in ("he", "she", "him", "her") else []
    if got:
        return Speaker(
            text=noun.text, organisation=got[0].name, country=got[0].code if got[0].kind == "country" else None
        ), got
    return (Speaker(text=noun.text) if word in ("we", "i") else None), []


def _name(noun: Any, parsed: Parsed) -> str | None:
    """The person named by a noun phrase: its head, or an apposition to its title."""
    for token in [noun, *children(noun, "appos")]:
        for start, end in parsed.people:
            if start <= token.idx < end:
                return parsed.sentence.text[start:end].removesuffix("'s").removesuffix("’s")
        mention = parsed.at.get(token.i)
        if mention is not None and mention.kind == "person":
            return mention.text
        if (
            token.pos_ == "PROPN"
            and mention is None
            and token.ent_type_ not in ("ORG", "GPE", "NORP", "LOC", "FAC")
            and token.lower_ not in OUTLETS
        ):
            parts = [c.text for c in token.children if c.dep_ == "compound" and c.pos_ == "PROPN"]
            if (
                parts
                and not any(
                    p.lower() in ("ministry", "department", "defense", "defence", "foreign", "prime", "news")
                    for p in parts
                )
                and token.lower_
                not in (
                    "ministry",
                    "minister",
                    "office",
                    "command",
                    "party",
                    "house",
                    "council",
                    "observatory",
                    "army",
                    "force",
                    "forces",
                    "department",
                    "agency",
                )
            ):
                return " ".join([*parts, token.text])
    return None
