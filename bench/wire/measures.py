"""How well a clustering of articles into stories agrees with the true one. Both are given as one label for each article."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

Labels = Sequence[Hashable]


@dataclass(frozen=True, slots=True)
class Score:
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def pairs(labels: Labels) -> int:
    """Pairs of articles that have one label."""
    return sum(size * (size - 1) // 2 for size in Counter(labels).values())


def _both(truth: Labels, found: Labels) -> list[tuple[Hashable, Hashable]]:
    return list(zip(truth, found, strict=True))


def pairwise(truth: Labels, found: Labels) -> Score:
    """Of the pairs put together those that belong together, and the reverse. Where there are no pairs none is wrong."""
    right, put, wanted = pairs(_both(truth, found)), pairs(found), pairs(truth)
    return Score(right / put if put else 1.0, right / wanted if wanted else 1.0)


def b_cubed(truth: Labels, found: Labels) -> Score:
    """Bagga and Baldwin 1998: precision and recall of the cluster of each article, on average over all articles."""
    both = Counter(_both(truth, found))
    ours, theirs = Counter(found), Counter(truth)
    precision = sum(n * n / ours[group] for (_, group), n in both.items()) / len(truth)
    recall = sum(n * n / theirs[story] for (story, _), n in both.items()) / len(truth)
    return Score(precision, recall)


def adjusted_rand(truth: Labels, found: Labels) -> float:
    """Hubert and Arabie 1985: 1 for the same clustering, 0 on average for one by chance with clusters of these sizes."""
    right, put, wanted = pairs(_both(truth, found)), pairs(found), pairs(truth)
    all_pairs = len(truth) * (len(truth) - 1) // 2
    expected = put * wanted / all_pairs if all_pairs else 0.0
    most = (put + wanted) / 2
    return (right - expected) / (most - expected) if most != expected else 1.0
