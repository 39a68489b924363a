"""How far a deployment has come, in the words of the sentence: tense, mood and negation of what is said of it, and the
cues that it hangs from ("asked X to", "plans for", "ruled out").

The innermost cue decides ("approve plans to send" is planned) unless an outer one says that the inner has not been done
("is considering ordering", "refused to let").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, get_args

from agents.enrich.claims.clause import Local, asked, conditions, left_untold, local, own_mark, set_aside
from agents.enrich.claims.status_cues import AGAINST, Reading, apply_cue, cue_of, is_cue, plan_told
from agents.enrich.language.lexicon import lexicon
from agents.enrich.language.syntax import auxiliaries, child, children, governors, lemma, negated
from agents.enrich.language.word_lists import word_list
from streams.records import Status

_STATUSES = frozenset(get_args(Status))
_TRANSPARENT = word_list("status.transparent")


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
    if mark in ("before", "once") and inner_finite and verb.dep_ == "advcl":
        reading.dropped = True  # "before the contingent leaves", "once it arrives" date something else
        return reading
    dated = (
        verb.dep_ == "advcl" and any(c.lower_ == "when" and c.dep_ == "advmod" for c in verb.children)
        if is_verb
        else False
    )
    if dated and not headline and verb.tag_ in ("VBZ", "VBP") and not auxiliaries(verb):
        reading.dropped = True  # "unease when his men arrive"
        return reading
    if is_verb and here.negative and any(c.lower_ == "why" for c in children(verb, "advmod")):
        reading.dropped = True  # "asked why the army had not been sent"
        return reading
    if set_aside(verb):
        reading.dropped = True
        return reading
    if is_verb and left_untold(verb):
        reading.dropped = True
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
    if asked_whether and reading.status in ("decided", "planned", "conditional") and not reading.cues:
        reading.status = "considered"
        reading.rules.append("whether")  # "it was unclear whether the frigates would pass"
    if is_verb and _against_the_facts(verb, mark):
        if not here.negative:
            reading.dropped = True  # "had Russia sent troops": it did not
            return reading
        reading.status, reading.denied = "background", False
        reading.rules.append("against the facts")
    elif mark in ("if", "unless") and reading.status not in ("background",):
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
    none_of_it = not is_verb and any(c.lower_ == "no" and c.dep_ == "det" for c in verb.children)
    if none_of_it and reading.status in ("decided", "planned") and not reading.denied:
        reading.status = "refused"
        reading.rules.append("none")  # "announced no new deployment"
    if headline and is_verb and not reading.cues and (reading.status is None or verb.tag_ in ("VB", "VBG")):
        _headline_cue(verb, reading)
    if headline and is_verb and here.negative and not here.finite and not reading.cues and verb.tag_ == "VBG":
        reading.status = "refused"  # "Kenya Not Sending Troops"
        reading.rules.append("headline negation")
    if reading.status is None and infinitive and headline:
        reading.status = "refused" if here.negative else "decided"
        reading.rules.append("headline infinitive")
    return reading


_CUE_RULE = re.compile(r"(?:(?:headline cue|not) )?[\w-]+(?: not to)?: (\w+)")


def overruled(rules: Sequence[str], final: Status) -> list[str]:
    """The rules of a claim, the cues marked that its status does not follow: another cue, or a rule, decided."""
    told = ((rule, _CUE_RULE.fullmatch(rule)) for rule in rules)
    return [
        f"{rule}, overruled" if cue is not None and cue[1] in _STATUSES and cue[1] != final else rule
        for rule, cue in told
    ]


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


def _against_the_facts(verb: Any, mark: str | None) -> bool:
    """A condition that was not so: "if Chad had not sent troops, ... would have", "had France not withdrawn, ... would"."""
    had = next((a for a in children(verb, "aux") if a.lower_ == "had"), None)
    if verb.dep_ not in ("advcl", "ccomp") or had is None:
        return False
    goer = child(verb, "nsubj", "nsubjpass")
    inverted = mark is None and goer is not None and had.i < goer.i
    would = any(a.lower_ in ("would", "could", "might", "'d") for a in children(verb.head, "aux"))
    return would and (inverted or mark == "if")


def _main_is_negative(verb: Any) -> bool:
    for governor, _, _ in governors(verb):
        if governor.pos_ in ("VERB", "AUX") and (negated(governor) or any(t.lower_ == "no" for t in governor.subtree)):
            return True
    return False


def _condition_clause(verb: Any, reading: Reading, mark: str, here: Local) -> None:
    """A deployment inside an if-clause: a demand where its absence is threatened, otherwise no more than a thought."""
    negative = here.negative or mark == "unless" or reading.denied or reading.status == "refused"
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
        if reading.status is None and label in ("csubj", "nsubj", "prep:by", "pcomp") and _makes_worse(governor):
            reading.status = "opposed"
            reading.rules.append("would make it worse")
            continue
        cue = cue_of(governor, label)
        shelved = cue is not None and lemma(governor) == "be"  # "plans to send them are on hold"
        if label == "nsubj" and under.pos_ == "NOUN" and reading.cues and reading.cues[-1].i == under.i and not shelved:
            break  # "the insistence on their withdrawal held up the talks"
        if (
            label in ("nsubj", "csubj", "agent", "prep:by")
            and cue is not None
            and cue.status not in ("ongoing", "occurred", "suspended")
        ) and not (
            label == "nsubj" and (shelved or lemma(governor) in ("expect", "plan", "schedule", "need", "set", "face"))
        ):
            break
        if label.startswith("prep:") and label not in (
            "prep:for", "prep:of", "prep:on", "prep:to", "prep:about", "prep:against", "prep:over", "prep:from", "prep:with", "prep:in", "prep:into", "prep:out", "prep:at", "prep:regarding", "prep:toward", "prep:towards",
            "prep:down",
        ):  # fmt: skip
            break
        if (
            governor.pos_ in ("VERB", "AUX")
            and label in ("dobj", "nsubjpass", "nsubj", "attr")
            and cue is None
            and lemma(governor) not in _TRANSPARENT
        ):
            content = False
        if cue is not None and not is_cue(governor, cue, label, finite):
            cue = None
        by_cue = cue is not None and cue.word.endswith("_against")
        if (
            not by_cue
            and label == "prep:against"
            and lemma(governor) in ("be", "stand", "vote", "come", "argue", "speak", "protest")
        ):
            reading.status = "opposed" if not negated(governor) else "considered"
            reading.cues.append(governor)
            reading.rules.append("against")
        if cue is not None:
            apply_cue(
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
            happens = label == "nsubj" and verb.pos_ == "NOUN" and cue is None and reading.status is None
            if happens and lemma(governor) in _HAPPENING and shape.status is not None:
                reading.status = shape.status  # "their arrival would take place step by step"
                reading.cues.append(governor)
                reading.rules.append("happens: " + lemma(governor))
            if label == "xcomp" and lemma(governor) == "fail" and reading.status in ("decided", "planned"):
                reading.status = "refused" if not negated(governor) else reading.status
                reading.rules.append("fail to")
            if reading.status is None and label == "xcomp" and lemma(governor) == "hesitate" and shape.negative:
                reading.status = "occurred" if shape.status == "occurred" else "threatened"
                reading.rules.append("not hesitate to")
            if label == "nsubjpass" and lemma(governor) in _REGARDING and _called_hostile(governor):
                reading.status = "opposed"  # "any intervention would be considered an act of war"
                reading.rules.append("called hostile")
            if label in ("csubj", "csubjpass") and governor.lower_ == "needed" and negated(governor):
                reading.status = "opposed"
                reading.rules.append("not needed")
            if reading.status is None and label in ("csubj", "nsubj", "csubjpass") and lemma(governor) == "be":
                judged = {t.lower_ for c in children(governor, "attr", "acomp") for t in c.subtree}
                if not judged & _WRONG and judged & {"needed", "necessary"} and negated(governor):
                    reading.status = "opposed"  # "sending troops is not necessary"
                if judged & _WRONG:
                    reading.status = "opposed" if not negated(governor) else "proposed"
                    reading.rules.append("judged wrong")  # "sending soldiers would be a mistake"
            if (
                cue is None
                and reading.status is None
                and label in ("xcomp", "prep:to", "acomp")
                and lemma(governor) in ("be", "go", "have", "stand")
                and child(governor, "expl") is None
            ):
                _be_to(governor, shape, reading, negative)
                negative = False
            elif (
                cue is None
                and reading.status is None
                and label in ("pcomp", "advcl", "prep:by", "prep:for", "prep:of", "prep:in", "acl")
                and shape.status
            ):
                happens = shape.status in ("ongoing", "occurred") and not (label == "prep:for" and verb.pos_ == "NOUN")
                reading.status = shape.status if happens else "planned"  # "on alert for a deployment to the Gulf"
                reading.past = reading.past or shape.past
                reading.rules.append("participle under " + lemma(governor))
            finite = finite or shape.finite


_SEEN = word_list("status.seen")
_WRONG = word_list("status.wrong")
_HAPPENING = word_list("status.happening")
_REGARDING = word_list("status.regarding")
_HOSTILE = word_list("status.hostile")
_WORSENING = word_list("status.worsening")


def _called_hostile(verb: Any) -> bool:
    """ "Be declared an act of war"."""
    return not {t.lower_ for t in verb.subtree if t.i > verb.i}.isdisjoint(_HOSTILE) and not negated(verb)


def _makes_worse(verb: Any) -> bool:
    """ "Would destabilise the region", "would make matters worse"."""
    if negated(verb) or not any(a.lower_ in ("would", "will", "could", "'d", "'ll", "can") for a in auxiliaries(verb)):
        return False
    worse = lemma(verb) == "make" and any(t.lower_ == "worse" for t in verb.subtree if t.i > verb.i)
    return worse or lemma(verb) in _WORSENING


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
