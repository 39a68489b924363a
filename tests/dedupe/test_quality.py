"""What the whole reaches on the generated set of `bench/copies.py`, hard negatives included."""

from __future__ import annotations

import pytest

from bench.copies import KINDS, b_cubed, generated, pairs, run

MADE = generated(90, seed=7)
TRUTH = [one.story for one in MADE]


@pytest.fixture(scope="module")
def found() -> list[str]:
    stories = run(MADE, partitions=3).stories
    return [stories[one.raw.id].story for one in MADE]


def test_every_kind_of_change_and_of_hard_negative_is_in_the_set() -> None:
    assert {one.kind for one in MADE} == {"origin", "follow-up", "template", "short, with standing text", *KINDS}


def test_hardly_any_pair_of_articles_is_wrongly_called_one_story(found: list[str]) -> None:
    right = pairs([f"{story} {taken}" for story, taken in zip(TRUTH, found, strict=True)])
    assert right / pairs(found) >= 0.98


def test_stories_are_found_as_wholes(found: list[str]) -> None:
    assert b_cubed(TRUTH, found)[2] >= 0.97


def test_the_measure_itself_counts_as_published() -> None:
    # Bagga and Baldwin's definition by hand: {1, 2}, {3} taken as {1}, {2, 3}.
    precision, recall, _ = b_cubed(["a", "a", "b"], ["x", "y", "y"])
    assert precision == pytest.approx((1 + 0.5 + 0.5) / 3)
    assert recall == pytest.approx((0.5 + 0.5 + 1) / 3)
    assert pairs(["x", "y", "y", "y"]) == 3
