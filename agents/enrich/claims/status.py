"""How far a deployment has come, in the words of the sentence: tense, mood and negation of what is said of it, and the
cues that it hangs from ("asked X to", "plans for", "ruled out").

The innermost cue decides ("approve plans to send" is planned) unless an outer one says that the inner has not been done
("is considering ordering", "refused to let").
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from agents.enrich.language.lexicon import StatusCue, lexicon
from agents.enrich.language.syntax import auxiliaries, child, children, governors, lemma, negated, phrasal
from agents.enrich.language.word_lists import word_list
from streams.records import Status

AGAINST = ("refused", "opposed", "suspended")
_FUTURE = frozenset({"will", "shall", "'ll", "wo", "ll"})
_MAYBE = frozenset({"may", "might", "could", "can"})
_OUGHT = frozenset({"should", "ought"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Local:
    """What the clause of the predicate itself says. `status` is None for an infinitive, a gerund or a bare noun."""

    status: Status | None
    negative: bool
    finite: bool
    past: bool = False
    would: bool = False


@dataclass(slots=True, kw_only=True)
class Reading:
    """The status of a deployment with the cues that gave it. `denied` where a cue is negated ("has not asked")."""

    status: Status | None
    denied: bool = False
    past: bool = False
    """Told in the simple past or past perfect: may be history."""
    cues: list[Any] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    dropped: bool = False


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
    if words & _MAYBE:
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


_PERIODS = word_list("status.periods")


def cue_of(token: Any, label: str) -> StatusCue | None:
    """The status cue that a governing token is, for what hangs from it by `label`."""
    statuses = lexicon().statuses
    if lemma(token) == "call" and label in ("xcomp", "ccomp", "advcl"):
        marks = [child(c, "mark") for c in children(token, "xcomp", "ccomp", "advcl")]
        if any(mark is not None and mark.lower_ == "for" for mark in marks):
            return statuses.get(("verb", "call_for"))  # "calling for the marines to leave"
    if token.lower_ in _PERIODS and lemma(token.head) == "give" and label in ("acl", "relcl", "xcomp"):
        return statuses.get(("verb", "demand"))  # "gave the soldiers one month to leave"
    if (
        lemma(token) == "give"
        and label in ("advcl", "xcomp", "ccomp")
        and any(c.lower_ in _PERIODS or c.lower_ == "until" for c in token.children)
    ):
        return statuses.get(("verb", "demand"))
    if label == "prep:for" and token.pos_ == "VERB" and any(c.lower_ == "pressure" for c in children(token, "dobj")):
        return statuses.get(("verb", "press"))  # "stepped up the pressure for a withdrawal"
    if lemma(token) == "stop" and any(c.lower_ == "short" for c in token.children):
        return statuses.get(("verb", "refuse"))  # "stopped short of sending"
    if lemma(token) == "fail" and label == "nsubj":
        return statuses.get(("verb", "refuse"))  # "the request to let troops in failed by three votes"
    if lemma(token) == "time" and not (label in ("acl", "relcl", "advcl") and lemma(token.head) == "be"):
        return None  # "it is time for the troops to come home"
    if lemma(token) == "put" and any(
        n.lower_ in ("hold", "ice") for p in children(token, "prep") if p.lower_ == "on" for n in children(p, "pobj")
    ):
        return statuses.get(("verb", "suspend"))  # "plans were put on hold"
    if token.pos_ in ("VERB", "AUX"):
        if (
            token.tag_ == "VBN"
            and label == "xcomp"
            and any(c.lemma_ == "be" for c in children(token, "aux", "auxpass"))
        ):
            as_adjective = statuses.get(("adjective", token.lower_))  # "is prepared to", "are expected to"
            if as_adjective is not None and not any(c.lower_ == "being" for c in children(token, "aux", "auxpass")):
                return as_adjective  # but "are being prepared to deploy" is planned
        for key in phrasal(token):
            cue = statuses.get(("verb", key))
            if cue is not None:
                return cue
        return statuses.get(("adjective", token.lower_)) if token.tag_ in ("VBN", "VBD") else None
    if token.pos_ in ("NOUN", "PROPN"):
        return statuses.get(("noun", lemma(token)))
    if token.pos_ in ("ADJ", "ADP", "ADV", "SCONJ"):
        return statuses.get(("adjective", token.lower_))
    return None


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


_TRANSPARENT = word_list("status.transparent")


_PLANS = word_list("status.plans")


def plan_told(verb: Any) -> Status | None:
    """The status that a plan gives to what it would do: "a mechanism that would bring forces to the south"."""
    if verb.dep_ != "relcl" or not any(a.lower_ in ("would", "'d", "could") for a in auxiliaries(verb)):
        return None
    noun = verb.head
    cue = lexicon().statuses.get(("noun", lemma(noun)))
    if cue is not None and cue.status in ("planned", "proposed", "considered", "requested", "demanded", "offered"):
        return cue.status
    return "planned" if lemma(noun) in _PLANS or cue is not None else None


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


def read(verb: Any, *, headline: bool, base: Status | None = None) -> Reading:
    """The status of the deployment that `verb` (or a noun of motion) tells.

    `base` is what the predicate says by itself ("asked for troops" is requested), before its own tense and mood.
    """
    is_verb = verb.pos_ in ("VERB", "AUX")
    here = local(verb, headline=headline) if is_verb else Local(status=None, negative=negated(verb), finite=False)
    wished = verb.tag_ in ("VBN", "VBD") and verb.dep_ in ("ccomp", "xcomp", "oprd") and not auxiliaries(verb)
    if (
        is_verb
        and wished
        and child(verb, "mark") is None
        and verb.i > verb.head.i
        and lemma(verb.head) in ("want", "need", "demand", "like")
    ):
        here = Local(status=None, negative=here.negative, finite=False)  # "wants the army brought home"
    reading = Reading(status=None, past=here.past)
    inner_finite = here.finite
    infinitive = is_verb and any(c.lower_ == "to" for c in children(verb, "aux"))
    negative = here.negative
    if base is not None:
        cue = cue_of(verb, "")
        reading.status = base
        reading.cues.append(verb)
        if negative:
            after = cue.negated if cue is not None and cue.status == base else "refused"
            if base in ("ongoing", "occurred"):
                after = "denies"  # "no battalion is on its way"
            if after == "denies":
                reading.denied = True
            else:
                reading.status = after  # type: ignore[assignment]
        elif here.status == "considered" and base in ("decided", "offered", "requested", "refused"):
            reading.status = "considered"
        negative = False
    elif here.status is not None:
        reading.status = here.status
        if negative and here.status == "occurred" and any(c.lower_ == "yet" for c in children(verb, "advmod")):
            reading.status, negative = "planned", False  # "have not deployed yet"
            reading.rules.append("not yet")
        if negative:
            _negate(reading, here)
            negative = False
        if here.would and reading.status == "decided":
            condition = conditions(verb)
            if condition or headline:
                reading.status = "conditional"
        elif (
            here.finite
            and reading.status in ("decided", "considered", "ongoing")
            and conditions(verb) in ("if", "unless", "once", "provided", "without")
        ):
            reading.status = "conditional"
    if headline and is_verb and not reading.cues and verb.tag_ == "VBG":
        reading.status = None if here.status == "ongoing" else reading.status
    planned = plan_told(verb) if is_verb and base is None else None
    if planned is not None and not negative:
        reading.status = planned
        reading.rules.append("told of a plan")
    mark = own_mark(verb) if is_verb else None
    if is_verb and any(c.lower_ in ("nearly", "almost") for c in children(verb, "advmod")):
        reading.dropped = True  # "nearly sent troops" sent none
        return reading
    if mark == "before" and inner_finite and verb.dep_ == "advcl":
        reading.dropped = True  # "before the contingent leaves" dates something else
        return reading
    if is_verb and asked(verb):
        reading.dropped = True
        return reading
    asked_whether = mark == "whether"
    _climb(verb, reading, inner_finite=inner_finite, negative=negative, infinitive=infinitive, headline=headline)
    if asked_whether and any(
        (c := cue_of(t, "ccomp")) is not None and c.status == "considered" for t in verb.ancestors
    ):
        reading.status = "considered"
    if mark in ("if", "unless") and reading.status not in ("background",):
        _condition_clause(verb, reading, mark, here)
    if mark in ("until",) and reading.status in ("occurred", "ongoing") and _main_is_negative(verb):
        reading.status = "demanded"
        reading.rules.append("until-clause under a refusal")
    imperative = (
        is_verb and here.status is None and verb.tag_ == "VB" and not auxiliaries(verb) and child(verb, "nsubj") is None
    )
    if imperative and reading.status is None and verb.dep_ in ("ROOT", "ccomp"):
        reading.status = "opposed" if here.negative else "demanded"
        reading.rules.append("imperative")
    if headline and len(reading.cues) == 1 and reading.cues[0].i > 0:
        noun_like = reading.cues[0]  # "Tokyo scraps plan to send": "plan" is no verb
        before = noun_like.doc[noun_like.i - 1]
        outer = lexicon().statuses.get(("verb", before.lower_.removesuffix("s")))
        if outer is not None and before.lower_.endswith("s") and outer.status in (*AGAINST, "considered"):
            reading.status = outer.status
            reading.rules.append(f"headline cue {outer.word}: {outer.status}")
    if headline and is_verb and not reading.cues and (reading.status is None or verb.tag_ in ("VB", "VBG")):
        _headline_cue(verb, reading)
    if reading.status is None and infinitive and headline:
        reading.status = "refused" if here.negative else "decided"
        reading.rules.append("headline infinitive")
    return reading


def _headline_cue(verb: Any, reading: Reading) -> None:
    """A cue that the parser took for a noun in a headline: "U.S. mulls sending advisers", "Tokyo scraps plan to send"."""
    statuses = lexicon().statuses
    for token in reversed(list(verb.doc[: verb.i])):
        for word in (token.lower_, token.lower_.removesuffix("s"), token.lower_.removesuffix("es")):
            cue = statuses.get(("verb", word))
            if cue is not None and token.lower_ != "to":
                if reading.status in (None, "ongoing", "occurred") or cue.status in AGAINST:
                    reading.status = cue.status
                    reading.cues.append(token)
                    reading.rules.append(f"headline cue {word}: {cue.status}")
                return


def _negate(reading: Reading, here: Local) -> None:
    if reading.status in ("decided", "planned"):
        reading.status = "refused"
    elif reading.status in ("proposed", "demanded", "considered"):
        reading.status = "opposed" if reading.status != "considered" else "refused"
    else:
        reading.denied = True


def _main_is_negative(verb: Any) -> bool:
    for governor, _, _ in governors(verb):
        if governor.pos_ in ("VERB", "AUX") and (negated(governor) or any(t.lower_ == "no" for t in governor.subtree)):
            return True
    return False


def _condition_clause(verb: Any, reading: Reading, mark: str, here: Local) -> None:
    """A deployment inside an if-clause: a demand where its absence is threatened, otherwise no more than a thought."""
    negative = here.negative or mark == "unless" or reading.denied
    menaced = False
    for governor, _, _ in governors(verb):
        if lemma(governor) in (
            "warn",
            "threaten",
            "ultimatum",
            "retaliate",
            "punish",
            "attack",
            "strike",
            "drop",
            "treat",
        ):
            menaced = True
        if any(lemma(c) in ("ultimatum", "warning") for c in governor.children):
            menaced = True
    reading.denied = False
    if negative:
        reading.status = "demanded"
        reading.rules.append("absence is threatened")
    elif menaced:
        reading.status = "opposed"
    else:
        reading.dropped = True


def _climb(
    verb: Any, reading: Reading, *, inner_finite: bool, negative: bool, infinitive: bool, headline: bool
) -> None:
    """Apply the cues that the predicate hangs from, from the inside out."""
    finite = inner_finite
    content = True
    bare = verb.tag_ == "VBN" and verb.dep_ == "ccomp" and verb.i < verb.head.i and not auxiliaries(verb)
    if bare and child(verb.head, "nsubj", "nsubjpass") is None and child(verb, "nsubj") is not None:
        return  # "soldiers deployed to Kuwait last week are waiting": a relative clause that the parser took for another
    for governor, label, under in governors(verb):
        to = under.pos_ in ("VERB", "AUX") and any(c.lower_ == "to" for c in children(under, "aux"))
        if (label == "relcl" and not to and plan_told(under) is None) or (label == "advcl" and finite):
            break
        if label == "relcl" and not to:
            finite = False  # a plan that is rejected is not carried out
            continue
        if label in ("nsubj", "csubj") and governor.pos_ in ("VERB", "AUX") and not content:
            break
        cue = cue_of(governor, label)
        if label == "nsubj" and under.pos_ == "NOUN" and reading.cues and reading.cues[-1].i == under.i:
            break  # "the insistence on their withdrawal held up the talks"
        if (
            label in ("nsubj", "csubj", "agent", "prep:by")
            and cue is not None
            and cue.status not in ("ongoing", "occurred", "suspended")
        ) and not (label == "nsubj" and lemma(governor) in ("expect", "plan", "schedule", "need", "set", "face")):
            break
        if label.startswith("prep:") and label not in (
            "prep:for", "prep:of", "prep:on", "prep:to", "prep:about", "prep:against", "prep:over", "prep:from", "prep:with", "prep:in", "prep:into", "prep:out", "prep:at", "prep:regarding", "prep:toward", "prep:towards",
        ):  # fmt: skip
            break
        if (
            governor.pos_ in ("VERB", "AUX")
            and label in ("dobj", "nsubjpass", "nsubj", "attr")
            and cue is None
            and lemma(governor) not in _TRANSPARENT
        ):
            content = False
        if cue is not None and not _applies(governor, cue, label, finite):
            cue = None
        if label == "prep:against" and lemma(governor) in ("be", "stand", "vote", "come", "argue", "speak", "protest"):
            reading.status = "opposed" if not negated(governor) else "considered"
            reading.cues.append(governor)
            reading.rules.append("against")
        if cue is not None:
            _apply(
                cue,
                governor,
                label,
                under,
                reading,
                finite=finite,
                negative=negative,
                infinitive=infinitive,
                headline=headline,
            )
            negative = False
            infinitive = (
                any(c.lower_ == "to" for c in children(governor, "aux")) if governor.pos_ in ("VERB", "AUX") else False
            )
        if governor.pos_ in ("VERB", "AUX"):
            shape = local(governor, headline=headline)
            if (
                cue is None
                and reading.status is None
                and label in ("xcomp", "ccomp", "advcl")
                and lemma(governor) in _SEEN
            ):
                reading.status = "ongoing"
                reading.past = reading.past or shape.past
                reading.rules.append("seen to")  # "were seen crossing into"
            if reading.status is None and label in ("csubj", "nsubj", "csubjpass") and lemma(governor) == "be":
                judged = {t.lower_ for c in children(governor, "attr", "acomp") for t in c.subtree}
                if judged & _WRONG:
                    reading.status = "opposed" if not negated(governor) else "proposed"
                    reading.rules.append("judged wrong")  # "sending soldiers would be a mistake"
            if (
                cue is None
                and reading.status is None
                and label in ("xcomp", "prep:to", "acomp")
                and lemma(governor) in ("be", "go", "have", "stand")
            ):
                _be_to(governor, shape, reading, negative)
                negative = False
            elif (
                cue is None
                and reading.status is None
                and label in ("pcomp", "advcl", "prep:by", "prep:for", "prep:of", "prep:in", "acl")
                and shape.status
            ):
                reading.status = shape.status if shape.status in ("ongoing", "occurred") else "planned"
                reading.past = reading.past or shape.past
                reading.rules.append("participle under " + lemma(governor))
            finite = finite or shape.finite


_SEEN = word_list("status.seen")
_WRONG = word_list("status.wrong")


def _be_to(governor: Any, shape: Local, reading: Reading, negative: bool) -> None:
    """ "Is to send", "is going to send", "has to withdraw"."""
    if lemma(governor) == "have":
        reading.status = "demanded"
    else:
        reading.status = "decided"
    if reading.status == "demanded" and shape.status == "considered":
        reading.status = "considered"
    thing = child(governor, "nsubj")
    cue = lexicon().statuses.get(("noun", lemma(thing))) if thing is not None else None
    if cue is not None and lemma(governor) == "be":
        reading.status = cue.status  # "an option is to send a brigade"
    if shape.negative or negative:
        reading.status = "refused"
    if shape.past and reading.status == "decided" and lemma(governor) == "be":
        reading.status = "planned"
    reading.rules.append(f"{lemma(governor)} to")


def _applies(governor: Any, cue: StatusCue, label: str, finite: bool) -> bool:
    """Whether a word that can be a cue is one here."""
    word = lemma(governor)
    if label in ("advcl",) and finite:
        return False
    if word == "insist" and label == "ccomp" and governor.tag_ == "VBD":
        clauses = [c for c in children(governor, "ccomp") if c.tag_ in ("VB", "VBP") and not auxiliaries(c)]
        if clauses:
            return True  # "insisted that foreign troops leave"
    if (
        word
        in (
            "tell",
            "warn",
            "expect",
            "announce",
            "declare",
            "confirm",
            "suggest",
            "mean",
            "need",
            "insist",
            "welcome",
            "regret",
            "like",
            "agree",
            "recommend",
            "propose",
            "urge",
            "demand",
            "hope",
            "decide",
            "order",
            "promise",
            "pledge",
            "vow",
            "threaten",
            "protest",
            "fear",
            "seem",
            "recall",
            "resolve",
            "determine",
            "accept",
            "back",
            "press",
            "plan",
            "plead",
            "warn_against",
        )
        and label == "ccomp"
        and finite
    ):
        # a finite clause under a verb that also reports: the clause has its own status, the verb only says it
        return word in (
            "demand",
            "propose",
            "recommend",
            "suggest",
            "urge",
            "hope",
            "order",
            "threaten",
            "expect",
            "fear",
        )
    if word in ("hold", "stop", "push", "need", "slow", "end", "speed") and label not in (
        "dobj",
        "nsubjpass",
        "xcomp",
        "nsubj",
        "prep:for",
        "prep:of",
        "prep:to",
    ):
        return False
    if word == "ask" and label == "ccomp" and finite:
        return False  # "asked: why should we send troops?"; "asked that troops be sent" is no finite clause
    if word == "tell" and label not in ("xcomp", "ccomp"):
        return False
    if word in ("show", "see"):
        return False
    if word == "ask" and governor.tag_ == "VBN" and governor.dep_ == "advcl":
        return False  # "asked about the departure, the ministry said"
    return not (cue.word in ("call", "brand", "describe") and (finite or label not in ("dobj", "ccomp", "nsubj")))


def _apply(
    cue: StatusCue,
    governor: Any,
    label: str,
    under: Any,
    reading: Reading,
    *,
    finite: bool,
    negative: bool,
    infinitive: bool,
    headline: bool,
) -> None:
    is_verb = governor.pos_ in ("VERB", "AUX")
    shape = (
        local(governor, headline=headline) if is_verb else Local(status=None, negative=negated(governor), finite=False)
    )
    cue_negative = shape.negative
    if governor.pos_ in ("ADJ", "ADP", "ADV") and governor.head.pos_ in ("AUX", "VERB"):
        cue_negative = cue_negative or negated(governor.head)
    status: str = cue.negated if cue_negative else cue.status
    if cue.word in ("want", "need", "like", "prefer") and is_verb and _wants_another(governor, label):
        status = "opposed" if cue_negative else "requested"
    if (
        status in ("decided", "planned")
        and label in ("dobj", "nsubjpass", "nsubj")
        and under.lower_ in ("arrival", "departure", "landing", "entry", "arrivals")
    ):
        status = "occurred"  # "announced the arrival of 300 military police"
    if cue_negative and cue.status == "considered" and any(t.lower_ in ("until", "before") for t in governor.subtree):
        status = "considered"  # "does not vote on the dispatch until next week"
    if cue.word in ("warn", "advise") and negative:
        status = "opposed"
    if is_verb and shape.would and status == "decided":
        status = "conditional"  # "would have allowed the army to"
    if cue.word == "order" and is_verb and infinitive is False and label == "dobj":
        status = "decided" if not cue_negative else cue.negated
    if (
        is_verb
        and not cue_negative
        and status in ("decided", "offered", "requested", "planned", "proposed", "refused", "threatened")
    ):
        helpers = {a.lower_ for a in auxiliaries(governor)}
        if helpers & _MAYBE:
            status = "considered"
    if (
        cue.status in ("ongoing", "occurred")
        and not cue_negative
        and shape.status in ("decided", "planned", "considered", "conditional")
    ):
        status = shape.status  # "will begin withdrawing"
    if label.endswith(":against"):
        status = "opposed"
    if cue.word == "ready" and status == "offered" and lemma(governor.head) in ("get", "make"):
        status = "planned"  # "ordered to get ready to send"
    if status in ("decided", "refused") and cue.word == "decide" and _undecided(governor):
        status = "considered"  # "has yet to decide whether to send"
    previous = reading.status
    reading.rules.append(f"{cue.word}: {cue.status}")
    reading.cues.append(governor)
    if status == "denies":
        reading.denied = not reading.denied
        status = cue.status
    if negative and previous is None:
        status = _not_to(status)
    if previous is None:
        reading.status = status  # type: ignore[assignment]
        reading.past = reading.past or shape.past
        return
    outer_wins = False
    if not finite:
        if status in AGAINST and previous in AGAINST:
            reading.status = "considered" if status != "suspended" else previous
            return
        outer_wins = (
            status in AGAINST
            or status in ("considered", "threatened", "conditional")
            or (
                status in ("requested", "demanded", "planned", "offered", "proposed")
                and previous in ("decided", "ongoing", "occurred")
            )
            or (status == "decided" and previous in ("ongoing",))
        )
        if previous in AGAINST and status not in AGAINST:
            outer_wins = False
    elif label == "ccomp":
        outer_wins = (
            status in ("demanded", "requested", "proposed", "threatened", "planned", "opposed")
            and previous in ("decided", "conditional", "proposed", "considered", "ongoing", "planned")
            and not (status == "planned" and previous in ("conditional", "considered", "proposed", "ongoing"))
            and not (cue.word == "fear" and previous == "considered")
        ) or (
            status in ("demanded", "proposed", "requested")
            and previous in ("occurred", "ongoing")
            and (not reading.past or cue.word in ("demand", "urge"))
            and cue.word in ("demand", "urge", "propose", "recommend", "insist", "request", "suggest", "ask")
        )
    if outer_wins:
        reading.status = status  # type: ignore[assignment]


def _undecided(verb: Any) -> bool:
    """Whether a decision is still open: "has yet to decide", "has not decided whether", "will decide"."""
    yet = any(c.lower_ == "yet" for t in (verb, verb.head) for c in children(t, "advmod"))
    whether = any(c.lower_ == "whether" for clause in children(verb, "ccomp", "xcomp") for c in clause.children)
    return yet or whether


def _not_to(status: str) -> str:
    """ "Asked X not to send" opposes, "decided not to send" refuses."""
    if status in ("requested", "demanded", "proposed", "threatened", "opposed"):
        return "opposed"
    if status in ("refused", "suspended"):
        return "decided"
    return "refused"


def _wants_another(governor: Any, label: str) -> bool:
    """ "Wants X to leave", "wants the troops out": a wish about another's deed."""
    for clause in children(governor, "ccomp", "xcomp"):
        own = child(clause, "nsubj", "nsubjpass")
        if own is not None and own.i < governor.i:
            continue
        if child(clause, "nsubj", "nsubjpass") is not None:
            return True
    return label == "dobj"
