"""The questions that an article asks the index of copies: one message for each partition that owns some of its anchors."""

from __future__ import annotations

from streams.identity import digest
from streams.records import Anchors, Article
from wirecopy.anchors import anchors_of
from wirecopy.notices import notice_of


def owner(anchor: int, partitions: int) -> int:
    """The partition of the index that holds an anchor. The upper half decides, which is all that the index keeps of it."""
    return (anchor >> 32) % partitions


def questions_of(article: Article, partitions: int) -> list[Anchors]:
    """One question for each partition that owns anchors of the article, in the order of partitions.

    An article without a fingerprint (withdrawn, or a picture with a headline in another script) shares text with none,
    and is settled through one partition, chosen by its id, without anchors.
    """
    owned: dict[int, list[int]] = {}
    for anchor in anchors_of(article.fingerprint, article.lead):
        owned.setdefault(owner(anchor, partitions), []).append(anchor)
    if not owned:
        owned[int(digest(article.id), 16) % partitions] = []
    asked = tuple(sorted(owned))
    notice, _ = notice_of(article.title)
    agencies = tuple(sorted({credit.agency for credit in article.credits}))
    return [
        Anchors(
            article=article.id,
            version=article.version,
            status=article.status,
            published=article.published,
            outlet=article.outlet,
            family=article.family,
            agencies=agencies,
            asked=asked,
            partition=partition,
            anchors=tuple(owned[partition]),
            fingerprint=article.fingerprint,
            notice=notice,
            speech=article.speech,
            lead=article.lead,
            figures=article.figures,
            named=article.named,
        )
        for partition in asked
    ]
