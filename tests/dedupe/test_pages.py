"""Pages of six events at many outlets: no two stories become one, and copies are found as far as texts tell."""

from __future__ import annotations

from typing import Any

import pytest

from bench.wire.measures import b_cubed, pairwise
from streams.commands.copies import settled_answers
from streams.dry_run import DEAD, Pipeline, stages_for
from streams.settings import Settings
from tests.dedupe.pages_of_events import EVENTS, Page, pages_of

CLOCK_MS = 1_700_000_000_000
PAGES = [page for event in EVENTS for page in pages_of(event)]
OTHER_WORDS = {"rewrite"}
"""Relations that share no words to be known by."""


@pytest.fixture(scope="module")
def answers() -> list[dict[str, Any]]:
    stages = stages_for(Settings(), ("ingest", "dedupe"), 4)
    pipeline = Pipeline(stages, partitions=4, timestamp_ms=CLOCK_MS, keep=("articles.v1", "stories.v1", DEAD))
    return list(settled_answers([page.line for page in PAGES], pipeline))


def test_every_page_is_answered(answers: list[dict[str, Any]]) -> None:
    assert [answer["id"] for answer in answers] == [page.id for page in PAGES]


def test_no_two_stories_become_one(answers: list[dict[str, Any]]) -> None:
    found = [answer["story"] for answer in answers]
    assert pairwise([page.story for page in PAGES], found).precision >= 0.98


def test_copies_are_found_with_their_stories(answers: list[dict[str, Any]]) -> None:
    copied = [(p, a) for p, a in zip(PAGES, answers, strict=True) if p.relation not in OTHER_WORDS and not _flash(p)]
    score = b_cubed([page.story for page, _ in copied], [answer["story"] for _, answer in copied])
    assert score.precision >= 0.98
    assert score.recall >= 0.95


def _flash(page: Page) -> bool:
    """Whether a page is the first word of an agency: two sentences that its later versions say otherwise."""
    return page.relation == "own" and page.id in FLASHES


FLASHES = {page.id for page in PAGES if page.id.endswith("-01") and len(page.line) < 1200}
