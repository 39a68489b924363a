"""Blocks of a page judged by those beside them: as jusText does, but not block by block along the whole page."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from justext import core

from agents.ingest.html import page_of
from agents.ingest.neighbours import judge


def blocks_of(kinds: list[str]) -> list[SimpleNamespace]:
    return [SimpleNamespace(cf_class=kind, heading=False, text="") for kind in kinds]


@given(st.lists(st.sampled_from(["good", "bad", "neargood", "short"]), max_size=12))
def test_blocks_are_judged_as_justext_judges_them(kinds: list[str]) -> None:
    ours, theirs = blocks_of(kinds), blocks_of(kinds)
    judge(ours)
    core.revise_paragraph_classification(theirs)
    assert [block.class_type for block in ours] == [block.class_type for block in theirs]


def test_a_page_of_short_blocks_is_not_searched_from_each_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    def searched(*_: object) -> str:
        raise AssertionError("jusText looks along all blocks of the page")

    monkeypatch.setattr(core, "_get_neighbour", searched)
    judged: list[int] = []

    def counted(blocks: Sequence[Any], distance: int) -> None:
        judged.append(len(blocks))
        judge(blocks, distance)

    monkeypatch.setattr("agents.ingest.neighbours.judge", counted)
    page = page_of("<p>Fiji will send 170 soldiers to Lebanon in March.</p>" + "<td>and support France" * 500)
    assert page is not None
    assert judged, "trafilatura judges blocks with this function"
