"""Which blocks of a page are text, by the blocks beside them: jusText's judgement, in a time that grows with the page.

jusText looks from each short block along all others until it meets one that is decided. On a page of nothing but short
blocks, such as 19,000 cells of a table, that took 25 s of a processor; in two passes it is the same in milliseconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

_DECIDED = frozenset({"good", "bad"})
_NEAR = _DECIDED | {"neargood"}


def install() -> None:
    """Let trafilatura judge blocks by `judge`. It does so without headings, which `judge` knows nothing of."""
    from trafilatura import external

    external.revise_paragraph_classification = judge


def judge(blocks: Sequence[Any], heading_distance: int = 0) -> None:
    """Set each block's `class_type`, "good" or "bad", from the `cf_class` of all: "good", "bad", "neargood" or "short".

    It is what `justext.core.revise_paragraph_classification` does where no block is a heading.
    """
    first = [block.cf_class for block in blocks]
    classes = [
        _of_short(*beside) if kind == "short" else kind
        for kind, *beside in zip(first, *_beside(first, _DECIDED), *_beside(first, _NEAR), strict=True)
    ]
    _, following = _beside(classes, _DECIDED)
    before = "bad"
    for block, kind, after in zip(blocks, classes, following, strict=True):
        if kind == "neargood":
            kind = "bad" if before == after == "bad" else "good"
        block.class_type = before = kind


def _of_short(before: str, after: str, near_before: str, near_after: str) -> str:
    if before == after:
        return before
    near = (before == "bad" and near_before == "neargood") or (after == "bad" and near_after == "neargood")
    return "good" if near else "bad"


def _beside(classes: Sequence[str], told: frozenset[str]) -> tuple[list[str], list[str]]:
    """For each place the nearest of `told` before it, and after it; the page's edges are "bad"."""
    return _before(classes, told), _before(classes[::-1], told)[::-1]


def _before(classes: Sequence[str], told: frozenset[str]) -> list[str]:
    found, last = [], "bad"
    for kind in classes:
        found.append(last)
        if kind in told:
            last = kind
    return found
