"""Claims of an article as reports: one for each mover and each place, under the key of the event that they tell of."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import replace

from streams.identity import digest
from streams.records import ACT_FAMILY, Article, ArticleReference, Claim, Force, Place, Report

UNKNOWN_PLACE = "unknown"


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
    )


def reports_of(article: Article, claims: tuple[Claim, ...]) -> list[Report]:
    """The reports of an article's claims, each id once, in the order of the text."""
    found: dict[str, Report] = {}
    about = reference(article)
    for claim in claims:
        for mover in claim.movers:
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
                    ),
                )  # fmt: skip
    siblings = Counter(report.event_key for report in found.values())
    return [replace(report, siblings=siblings[report.event_key]) for report in found.values()]
