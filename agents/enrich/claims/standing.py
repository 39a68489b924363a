"""Status and stance of a claim, from the status that its words give and the stance of who says them."""

from __future__ import annotations

from typing import Any

from agents.enrich.claims import attribution, history, patterns
from agents.enrich.claims.discourse import Discourse
from agents.enrich.claims.place_names import is_place, place_of
from agents.enrich.claims.status_cues import Reading
from agents.enrich.language.parse import Parsed
from agents.enrich.language.syntax import children
from streams.records import Stance, Status

_MAY_BE_HISTORY: frozenset[Status] = frozenset(["occurred", "ongoing", "decided", "planned", "requested", "considered"])
"""What a report or an affirmation of an earlier time turns into background."""
_OF_A_PAST_YEAR: frozenset[Status] = frozenset(["occurred", "planned", "decided", "requested"])
"""What turns into background where its paragraph tells of a past year."""


def settle(
    move: patterns.Move,
    parsed: Parsed,
    reading: Reading,
    said: attribution.Attribution,
    discourse: Discourse,
) -> tuple[Status | None, Stance, list[str]]:
    """Status, stance and the rules that gave them. No status: the words claim nothing."""
    final, rules = _status(move, parsed, reading, said.stance)
    stance = said.stance
    if final is None:
        return None, stance, rules
    if reading.denied:
        if stance == "denies":
            stance = "affirms"
        elif stance in ("affirms", "reports", "alleges"):
            stance = "denies"
    if parsed.sentence.headline and stance == "affirms" and said.noun is None:
        stance = "reports"
    if final in _MAY_BE_HISTORY and stance in ("reports", "affirms"):
        earlier = _earlier(move, parsed, reading, discourse, final, stance)
        if earlier is not None:
            return "background", stance, [*rules, earlier]
    return final, stance, rules


def _status(move: patterns.Move, parsed: Parsed, reading: Reading, stance: Stance) -> tuple[Status | None, list[str]]:
    """The status that the words give, or else what the stance, a headline or an infinitive makes of them."""
    predicate = move.predicate
    if reading.status is not None:
        return reading.status, []
    if stance in ("denies", "alleges", "doubts", "knows-nothing"):
        happened = (
            predicate.tag_ in ("VBG", "VBN")
            or stance in ("denies", "alleges")
            or (stance == "knows-nothing" and predicate.pos_ == "NOUN")
        )
        return "occurred" if happened else "considered", ["status: by its stance"]
    headline = parsed.sentence.headline
    if predicate.pos_ in ("NOUN", "PROPN"):
        return "ongoing" if headline else None, []
    if headline:
        return "occurred" if predicate.tag_ != "VBG" else "ongoing", []
    if predicate.tag_ == "VBG" and predicate.dep_ == "acl" and _sighted(predicate):
        return "ongoing", ["status: as it is told"]
    if any(c.lower_ == "to" for c in children(predicate, "aux")):
        if predicate.dep_ in ("acl", "relcl") and predicate.tag_ == "VBN":
            return "planned", ["to be"]  # "the troops, to be stationed at two bases"
        return "considered", ["status: by default"]
    return None if predicate.tag_ == "VBG" else "considered", []


_SIGHTINGS = frozenset({"account", "report", "sighting", "footage", "image", "video", "photograph", "picture"})
"""Nouns of what is seen as it happens: "accounts of commandos moving into the country"."""


def _sighted(participle: Any) -> bool:
    return any(a.lemma_.lower() in _SIGHTINGS for a in participle.ancestors)


def _earlier(
    move: patterns.Move,
    parsed: Parsed,
    reading: Reading,
    discourse: Discourse,
    final: Status,
    stance: Stance,
) -> str | None:
    """The rule by which a claim tells of an earlier time, if it does."""
    clause = history.clause_text(move.predicate, parsed.sentence.text)
    happened = reading.past and final == "occurred"
    if history.told_as_history(clause, discourse.published, past=reading.past) or (discourse.bygone and happened):
        return "status: told of an earlier time"
    of_that_year = discourse.paragraph_year is not None and reading.past and final in _OF_A_PAST_YEAR
    if of_that_year and not history.told_of_now(clause):
        return "status: its paragraph tells of an earlier time"
    if happened and any(c.lower_ == "then" and c.dep_ == "advmod" for c in move.predicate.children):
        return "status: then"
    if discourse.whole_article and happened and stance == "reports" and len(_listed_places(move, parsed)) > 1:
        return "status: a record of several places"  # "sent soldiers to Bosnia, Kosovo and Afghanistan": no news
    return None


def _listed_places(move: patterns.Move, parsed: Parsed) -> set[str]:
    return {
        place_of(parsed.at[t.i]).code
        for p in children(move.predicate, "prep")
        if p.lower_ in ("to", "in")
        for t in p.subtree
        if t.i in parsed.at and is_place(parsed.at[t.i])
    }
