"""The measures of clusterings, against examples counted by hand."""

from __future__ import annotations

import random

import pytest

from bench.wire.measures import Score, adjusted_rand, b_cubed, pairs, pairwise

TRUTH, FOUND = ["a", "a", "b"], ["x", "y", "y"]


def test_pairs_that_share_a_label_are_counted() -> None:
    assert pairs(["x", "y", "y", "y"]) == 3


def test_pairs_put_together_are_right_if_they_belong_together() -> None:
    # {1, 2, 3}, {4} taken as {1, 2}, {3, 4}: one of two pairs is right, and one of three is found.
    score = pairwise(["a", "a", "a", "b"], ["x", "x", "y", "y"])
    assert (score.precision, score.recall, score.f1) == (1 / 2, 1 / 3, pytest.approx(0.4))


def test_where_nothing_is_put_together_no_pair_is_wrong() -> None:
    assert pairwise(["a", "a"], ["x", "y"]) == Score(1.0, 0.0)
    assert pairwise(["a", "b"], ["x", "y"]) == Score(1.0, 1.0)
    assert Score(0.0, 0.0).f1 == 0.0


def test_b_cubed_counts_as_published() -> None:
    # Bagga and Baldwin's definition by hand: {1, 2}, {3} taken as {1}, {2, 3}.
    score = b_cubed(TRUTH, FOUND)
    assert score.precision == pytest.approx((1 + 0.5 + 0.5) / 3)
    assert score.recall == pytest.approx((0.5 + 0.5 + 1) / 3)


def test_the_adjusted_rand_index_counts_as_published() -> None:
    # {1, 2, 3}, {4, 5, 6} taken as {1, 2}, {3, 4}, {5, 6}: 2 pairs agree of 6 and of 3, of 15; expected are 6 * 3 / 15 = 1.2,
    # and (2 - 1.2) / ((6 + 3) / 2 - 1.2) = 8 / 33.
    assert adjusted_rand([0, 0, 0, 1, 1, 1], [0, 0, 1, 1, 2, 2]) == pytest.approx(8 / 33)
    assert adjusted_rand([0, 0, 1, 1], [0, 1, 0, 1]) == pytest.approx(-0.5)


def test_the_adjusted_rand_index_is_one_for_the_same_clustering_and_nothing_by_chance() -> None:
    assert adjusted_rand(["a", "a", "b"], [1, 1, 2]) == 1.0
    assert adjusted_rand(["a", "b"], [1, 2]) == 1.0
    chance = random.Random(1)
    labels = [[chance.randrange(20) for _ in range(2000)] for _ in range(2)]
    assert adjusted_rand(*labels) == pytest.approx(0.0, abs=0.01)
