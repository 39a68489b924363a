"""Claims of an article as reports: one for each mover and each place, under the key of the event that they tell of."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import replace

from agents.enrich.names.gazetteer import default_data
from agents.enrich.names.nametokens import key_of
from streams.identity import digest
from streams.records import ACT_FAMILY, Article, ArticleReference, Claim, Force, Place, Report
from wirecopy import names
from wirecopy.citing import cited_in
from wirecopy.outlets import agency_named, directory

UNKNOWN_PLACE = "unknown"
REPORTS = 200
"""Most reports of one version of an article. A choice, far above the 11 of the sample article that makes most; each
report costs every later stage, and the size of an article is bounded but not how often it repeats itself."""
AROUND = 240
"""Characters of the article on either side of the evidence that a report carries: two or three sentences to read it in."""


def slug(name: str) -> str:
    """A readable key: lower case, without accents, hyphens for everything else ("Golan Heights" -> "golan-heights").

    ISO codes stay in capitals. A name without a letter or digit in Latin script is kept by its digest.
    """
    if re.fullmatch(r"[A-Z]{3}", name):
        return name
    folded = unicodedata.normalize("NFKD", name)
    plain = "".join(c for c in folded if not unicodedata.combining(c)).casefold()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or digest(name)


def event_key(mover: Force, claim: Claim, place: Place | None) -> str:
    """`mover.family.place`, for example "RUS.deploy.SYR" or "wagner-group.withdraw.unknown"."""
    return f"{slug(mover.code)}.{ACT_FAMILY[claim.act]}.{slug(place.code) if place else UNKNOWN_PLACE}"


def reference(article: Article) -> ArticleReference:
    """What later stages need of the article."""
    return ArticleReference(
        id=article.id,
        version=article.version,
        outlet=article.outlet,
        outlet_name=article.outlet_name,
        family=article.family,
        url=article.url,
        title=article.title,
        published=article.published,
        credits=tuple(sorted({credit.agency for credit in article.credits})),
        fingerprint=article.fingerprint,
        speech=article.speech,
        lead=article.lead,
        figures=article.figures,
        named=article.named,
        names=names.to_text(names.names_of(article.text[article.body_start :])),
        cites=tuple(name for name in cited_in(article.text[article.body_start :]) if not _is_place(name)),
    )


def _is_place(name: str) -> bool:
    """Whether a name that is cited stands for a place or its government, and for no house that is known ("Ankara said")."""
    if agency_named(name) or name in directory().outlet_by_name:
        return False
    return any(sense.kind in ("country", "place") for sense in default_data().look_up(key_of(name)))


def reports_of(article: Article, claims: tuple[Claim, ...]) -> list[Report]:
    """The reports of an article's claims, each id once, in the order of the text; at most `REPORTS`."""
    if not claims:
        # Most articles have none, and what is read of the whole text for a report is read for nothing then.
        return []
    found: dict[str, Report] = {}
    about = reference(article)
    for joint in claims:
        for mover in joint.movers:
            claim = _of_one(mover, joint)
            for place in claim.places or (None,):
                key = event_key(mover, claim, place)
                speaker = claim.speaker
                identity = digest(
                    article.id, article.outlet, article.version, key, claim.act, claim.status, claim.stance,
                    speaker.text if speaker else None, claim.evidence.start, claim.evidence.end,
                )  # fmt: skip
                found.setdefault(
                    identity,
                    Report(
                        id=identity, event_key=key, mover=mover, family=ACT_FAMILY[claim.act], place=place, claim=claim, article=about,
                        before=before(article, claim.evidence.start), after=after(article, claim.evidence.end),
                    ),
                )  # fmt: skip
    kept = _most_telling(list(found.values()))
    siblings = Counter(report.event_key for report in kept)
    return [replace(report, siblings=siblings[report.event_key]) for report in kept]


def before(article: Article, start: int) -> str:
    """What stands before `start`, from a whole word on; of a place in the body nothing of the title."""
    begin = article.body_start if start >= article.body_start else 0
    text = article.text
    if start - begin <= AROUND:
        return text[begin:start]
    cut = start - AROUND
    return text[cut:start] if text[cut - 1 : cut].isspace() else _from_next_word(text[cut:start])


def after(article: Article, end: int) -> str:
    """What stands after `end`, up to a whole word."""
    text = article.text
    cut = end + AROUND
    if cut >= len(text) or text[cut].isspace():
        return text[end:cut]
    return _from_next_word(text[end:cut][::-1])[::-1]


def _from_next_word(text: str) -> str:
    """`text` without the part of a word that it begins with; all of it where it has no blank (no words to cut between)."""
    first = next((at for at, character in enumerate(text) if character.isspace()), None)
    return text if first is None else text[first:].lstrip()


def _of_one(mover: Force, claim: Claim) -> Claim:
    """A claim as the report of one mover has it: who moves beside him does not decide for him ("France and Britain have ruled
    out sending troops")."""
    beside = {other.code for other in claim.movers} - {mover.code}
    return replace(claim, agents=tuple(agent for agent in claim.agents if agent.code not in beside))


def _most_telling(reports: list[Report]) -> list[Report]:
    """At most `REPORTS` of them: the most confident of each event, then the second of each, ...; of equals the first."""
    if len(reports) <= REPORTS:
        return reports
    turns: Counter[str] = Counter()
    ranked = []
    for position in sorted(range(len(reports)), key=lambda at: (-reports[at].claim.confidence, at)):
        report = reports[position]
        ranked.append((turns[report.event_key], -report.claim.confidence, position))
        turns[report.event_key] += 1
    return [reports[position] for position in sorted(position for _, _, position in sorted(ranked)[:REPORTS])]
