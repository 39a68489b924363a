"""What the whole reaches on the made set of `bench/wire`, hard negatives included."""

from __future__ import annotations

import pytest

from agents.dedupe.chains import whole_story
from bench.wire.generate import generated
from bench.wire.measures import b_cubed, pairwise
from bench.wire.muster import run
from bench.wire.outcome import expected

MADE = generated(90, seed=7)
TRUTH = expected(MADE)


@pytest.fixture(scope="module")
def found() -> list[str]:
    stories = run(MADE, partitions=3).stories
    return [whole_story(one.id, stories) for one in MADE]


def test_hardly_any_pair_of_articles_is_wrongly_called_one_story(found: list[str]) -> None:
    assert pairwise(TRUTH, found).precision >= 0.98


def test_stories_are_found_as_wholes(found: list[str]) -> None:
    assert b_cubed(TRUTH, found).f1 >= 0.97


@pytest.mark.parametrize("kind", ["market report", "casualty round-up", "package after package"])
def test_no_bulletin_is_taken_for_another_of_its_template(kind: str, found: list[str]) -> None:
    assert all(story == one.id for one, story in zip(MADE, found, strict=True) if one.kind == kind)
