"""The claims of a text settled by all of it: places that only the context tells, vague claims, claims that are one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from agents.enrich.claims.confidence import confidence
from agents.enrich.claims.draft import Draft
from agents.enrich.claims.parties import unique
from agents.enrich.language.sentences import Sentence
from agents.enrich.language.word_lists import word_list
from streams.records import ACT_FAMILY, Claim, Place

_VAGUE = word_list("whole_article.vague")


def settled(drafts: Sequence[Draft], sentences: Sequence[Sentence], *, whole_article: bool) -> list[Claim]:
    """The claims of all drafts, in order, their open places filled."""
    claims = _placed(drafts, sentences) if whole_article else [draft.claim for draft in drafts]
    return _merged(_without_vague([c for c in claims if not whole_article or _about_somebody(c)]))


def _placed(drafts: Sequence[Draft], sentences: Sequence[Sentence]) -> list[Claim]:
    """The claims with the places that only the article tells."""
    votes, named = _places_told(drafts)
    claims = []
    for number, draft in enumerate(drafts):
        claim = draft.claim
        if "place: the only other place named" in claim.rules:
            claim = _placed_like_the_others(claim, votes, named)
        if draft.fillable and not claim.places:
            codes = {m.code for m in claim.movers}
            found = _nearby_place(drafts[: number + 1], sentences, codes)
            if found is None:
                found = next((named[c] for c, _ in votes.most_common() if c not in codes), None)
            if found is not None:
                claim = _moved_to(claim, found, (*claim.rules, "place: of the article"))
        if draft.abroad and not claim.places:
            continue
        claims.append(claim)
    return claims


def _places_told(drafts: Sequence[Draft]) -> tuple[Counter[str], dict[str, Place]]:
    """How often the claims tell of each place abroad, history counting half, and the places by their codes. Where no claim
    tells one in so many words, those that its sentence only happens to name count."""
    named: dict[str, Place] = {}
    for sure in (True, False):
        votes: Counter[str] = Counter()
        for draft in drafts:
            if draft.place_known is sure and ACT_FAMILY[draft.claim.act] != "mobilise":
                for place in draft.claim.places:
                    if not any(place.code == m.code for m in draft.claim.movers):
                        votes[place.code] += 1 if draft.claim.status == "background" else 2
                        named.setdefault(place.code, place)
        if votes:
            return votes, named
    return Counter(), named


def _moved_to(claim: Claim, place: Place, rules: tuple[str, ...]) -> Claim:
    return replace(claim, places=(place,), rules=rules, confidence=confidence(rules, placed=True))


def _placed_like_the_others(claim: Claim, votes: Counter[str], named: Mapping[str, Place]) -> Claim:
    """A place that the sentence only happens to name gives way to the one that the article's other claims tell."""
    codes = {m.code for m in claim.movers}
    if any(p.code in votes for p in claim.places):
        return claim
    found = next((named[c] for c, count in votes.most_common() if c not in codes and count > 2), None)
    if found is None:
        return claim
    rules = tuple("place: of the article" if r == "place: the only other place named" else r for r in claim.rules)
    return _moved_to(claim, found, rules)


def _nearby_place(drafts: Sequence[Draft], sentences: Sequence[Sentence], codes: set[str]) -> Place | None:
    """For the last draft the place of the claim before in the same paragraph."""
    paragraph = sentences[drafts[-1].sentence].paragraph
    for earlier in reversed(drafts[:-1]):
        if sentences[earlier.sentence].paragraph != paragraph:
            return None
        for place in earlier.claim.places:
            if place.code not in codes:
                return place
    return None


def _without_vague(claims: list[Claim]) -> list[Claim]:
    """Without claims of a continent where the same sentence says the same of a country: "went to Africa, when 400 were sent to Liberia"."""
    return [c for c in claims if not (_vague(c) and any(_same_but_placed(c, other) for other in claims))]


def _vague(claim: Claim) -> bool:
    return bool(claim.places) and all(p.code in _VAGUE for p in claim.places)


def _same_but_placed(vague: Claim, other: Claim) -> bool:
    return (
        bool(other.places)
        and not any(p.code in _VAGUE for p in other.places)
        and (other.evidence, other.movers, other.status) == (vague.evidence, vague.movers, vague.status)
        and ACT_FAMILY[other.act] == ACT_FAMILY[vague.act]
    )


def _about_somebody(claim: Claim) -> bool:
    """Whether a claim names a party or a place: "asked for reinforcements" alone may be about bats."""
    return bool(claim.places or claim.agents) or any(m.kind != "force" for m in claim.movers)


def _merged(claims: list[Claim]) -> list[Claim]:
    """Claims of one sentence that differ only in who moves are one claim with several movers."""
    merged: list[Claim] = []
    for claim in claims:
        twin = next((i for i, c in enumerate(merged) if _twins(c, claim)), None)
        if twin is None:
            merged.append(claim)
            continue
        known = {m.code for m in merged[twin].movers}
        more = tuple(m for m in claim.movers if m.code not in known)
        agents = tuple(unique([*merged[twin].agents, *claim.agents]))
        merged[twin] = replace(merged[twin], movers=(*merged[twin].movers, *more), agents=agents)
    return merged


def _twins(one: Claim, other: Claim) -> bool:
    return (
        one.evidence == other.evidence and one.act == other.act and one.status == other.status and one.stance == other.stance
        and one.speaker == other.speaker and {p.code for p in one.places} == {p.code for p in other.places}
        and all(m.kind == "country" for m in (*one.movers, *other.movers)) and "gapped clause" not in other.rules
    )  # fmt: skip
