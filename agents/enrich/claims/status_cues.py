"""What a cue ("asked X to", "plans for", "ruled out") makes of the status of what hangs from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from agents.enrich.claims.clause import MAYBE, Local, local
from agents.enrich.claims.stances import TALK
from agents.enrich.language.lexicon import StatusCue, lexicon
from agents.enrich.language.syntax import auxiliaries, child, children, lemma, negated, phrasal
from agents.enrich.language.word_lists import word_list
from streams.records import Status

AGAINST = ("refused", "opposed", "suspended")


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


_PERIODS = word_list("status_cues.periods")
_PLANS = word_list("status_cues.plans")
_VOTERS = word_list("status_cues.voters")
_MINORITIES = word_list("status_cues.minorities")
_GRANTING = word_list("status_cues.granting")
_CARRYING = word_list("status_cues.carrying")
_CARRYING_IN = word_list("status_cues.carrying_in")
_WISHES = ("requested", "demanded", "offered", "proposed")
"""What somebody else may grant."""
_TO_VOTE_ON = ("requested", "demanded", "offered", "proposed", "planned", "decided", "considered")
"""What may be put to a vote, and defeated in it."""


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
    if lemma(token) == "pressure" and label == "prep:over":
        return None  # "under pressure over sending": for what is done already
    if (
        lemma(token) == "be"
        and label in ("xcomp", "advcl")
        and any(
            n.lower_ == "pressure" for p in children(token, "prep") if p.lower_ == "under" for n in children(p, "pobj")
        )
    ):
        return statuses.get(("verb", "demand"))  # "has been under pressure to contribute"
    if label == "prep:for" and token.pos_ == "VERB" and any(c.lower_ == "pressure" for c in children(token, "dobj")):
        return statuses.get(("verb", "press"))  # "stepped up the pressure for a withdrawal"
    if lemma(token) == "press" and label == "prep:with":
        return None  # "presses on with its buildup"
    if lemma(token) == "stop" and any(c.lower_ == "short" for c in token.children):
        return statuses.get(("verb", "refuse"))  # "stopped short of sending"
    if lemma(token) == "fail" and label == "nsubj":
        return statuses.get(("verb", "refuse"))  # "the request to let troops in failed by three votes"
    if lemma(token) == "set" and any(c.lower_ == "sail" for c in children(token, "dobj")):
        return None
    if lemma(token) == "time" and not (label in ("acl", "relcl", "advcl") and lemma(token.head) == "be"):
        return None  # "it is time for the troops to come home"
    if lemma(token) == "put" and any(
        n.lower_ in ("hold", "ice") for p in children(token, "prep") if p.lower_ == "on" for n in children(p, "pobj")
    ):
        return statuses.get(("verb", "suspend"))  # "plans were put on hold"
    if lemma(token) == "be" and label in ("nsubj", "csubj"):
        at = {p.lower_: n.lower_ for p in children(token, "prep") for n in children(p, "pobj")}
        if at.get("on") in ("hold", "ice"):
            return statuses.get(("verb", "suspend"))  # "plans to send them are on hold"
        if at.get("off") in ("table", "agenda"):
            return statuses.get(("verb", "refuse"))
        spoken_of = at.get("on") in ("table", "agenda") or at.get("under") in ("consideration", "discussion", "review")
        if spoken_of and negated(token):
            return statuses.get(("verb", "consider"))  # "the deployment is not under discussion"
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
        if lemma(token) == "position" and token.head.lower_ == "in":
            if any(children(c, "ccomp") for c in children(token, "acl", "relcl")):
                return None  # "not in a position to verify whether they had left"
            return statuses.get(("adjective", "possible"))  # "is not in a position to send"
        return statuses.get(("noun", lemma(token)))
    if token.pos_ in ("ADJ", "ADP", "ADV", "SCONJ"):
        return statuses.get(("adjective", token.lower_))
    return None


def plan_told(verb: Any) -> Status | None:
    """The status that a plan gives to what it would do: "a mechanism that would bring forces to the south"."""
    if verb.dep_ == "relcl" and lemma(verb.head) in _PLANS and lemma(verb) in ("allow", "permit", "let", "authorise"):
        return "planned"  # "a bill that lets soldiers remain"
    if verb.dep_ != "relcl" or not any(a.lower_ in ("would", "'d", "could") for a in auxiliaries(verb)):
        return None
    noun = verb.head
    cue = lexicon().statuses.get(("noun", lemma(noun)))
    if cue is not None and cue.status in ("planned", "proposed", "considered", "requested", "demanded", "offered"):
        return cue.status
    return "planned" if lemma(noun) in _PLANS or cue is not None else None


def is_cue(governor: Any, cue: StatusCue, label: str, finite: bool) -> bool:
    """Whether a word that can be a cue is one here."""
    word = lemma(governor)
    if label in ("advcl",) and finite:
        return False
    if word == "suggest" and label == "ccomp" and finite:
        return any(
            c.tag_ == "VB" for c in children(governor, "ccomp")
        )  # "suggesting that Chad was massing tanks" says so
    if word in ("reject", "dismiss", "call", "brand") and any(lemma(c) in TALK for c in children(governor, "dobj")):
        return False  # what is said is denied, not what is done
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
    if cue.word in ("throw_out", "defeat"):
        return _put_to_a_vote(governor, label)  # "defeated a motion to send", not an army
    if word == "ask" and governor.tag_ == "VBN" and governor.dep_ == "advcl":
        return False  # "asked about the departure, the ministry said"
    return not (cue.word in ("call", "brand", "describe") and (finite or label not in ("dobj", "ccomp", "nsubj")))


def _carrier(noun: Any) -> Any | None:
    """The verb that says no more of a talk, a plan or a decision than that there is one: "does not have plans to", "is not
    in talks about", "a decision to ... was not made"."""
    if noun.dep_ in ("dobj", "nsubjpass"):
        return noun.head if lemma(noun.head) in _CARRYING else None
    if noun.dep_ == "pobj" and noun.head.lower_ in _CARRYING_IN and noun.head.dep_ == "prep":
        verb = noun.head.head
        return verb if lemma(verb) in _CARRYING or lemma(verb) == "be" else None
    return None


def apply_cue(
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
    if governor.pos_ in ("NOUN", "PROPN"):
        carrier = _carrier(governor)
        cue_negative = cue_negative or (carrier is not None and negated(carrier))
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
        if helpers & MAYBE:
            status = "considered"
    if (
        cue.status in ("ongoing", "occurred")
        and not cue_negative
        and shape.status in ("decided", "planned", "considered", "conditional")
    ):
        status = shape.status  # "will begin withdrawing"
    to_come = headline and is_verb and any(c.lower_ == "to" for c in children(governor, "aux"))
    if to_come and cue.status == "ongoing" and not cue_negative:
        status = "decided"  # "AU to begin sending soldiers"
    if cue.status == "opposed" and label == "prep:for" and under.tag_ == "VBG":
        status = "occurred"  # "criticised Russia for sending soldiers": it has been done
    if label.endswith(":against"):
        status = "opposed"
    if cue.word == "ready" and status == "offered" and lemma(governor.head) in ("get", "make"):
        status = "planned"  # "ordered to get ready to send"
    if status in ("decided", "refused") and cue.word == "decide" and _undecided(governor):
        status = "considered"  # "has yet to decide whether to send"
    if cue.word == "vote_against" and not cue_negative and _by_who_decides(governor):
        status = "refused"
    previous = reading.status
    reading.cues.append(governor)
    if status == "denies":
        reading.denied = not reading.denied
        status = cue.status
    not_to = negative and previous is None
    if not_to:
        status = _not_to(status)
    reading.rules.append(f"{'not ' if cue_negative else ''}{cue.word}{' not to' if not_to else ''}: {status}")
    granted = label in ("dobj", "nsubjpass", "prep:to") and cue.word in _GRANTING and under.pos_ == "NOUN"
    if granted and status == "decided" and previous in _WISHES:
        reading.status = "decided"  # "approved a request to send"
        return
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
    elif label in ("acl", "ccomp") and governor.pos_ == "NOUN" and status == "considered":
        outer_wins = previous in ("decided", "planned", "conditional")  # "the possibility that troops would take part"
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


def _put_to_a_vote(governor: Any, label: str) -> bool:
    """ "Threw out a bill to send", "the motion to send was defeated"."""
    label_fits = label in ("dobj", "nsubjpass", "prep:out")
    things = [
        n for t in (governor, *children(governor, "prep", "prt")) for n in children(t, "dobj", "nsubjpass", "pobj")
    ]
    statuses = lexicon().statuses
    told = [cue for n in things if (cue := statuses.get(("noun", lemma(n)))) is not None]
    return label_fits and any(cue.status in _TO_VOTE_ON for cue in told)


def _by_who_decides(verb: Any) -> bool:
    """Whether who votes is a parliament or its members, and not a party or a minority of them."""
    who = child(verb, "nsubj")
    if who is None:
        return False
    words = {t.lower_ for t in who.subtree}
    return who.lower_ in _VOTERS and not words & _MINORITIES


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
