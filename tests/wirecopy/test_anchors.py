"""Anchors: a text and any fair part of it have one in common."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wirecopy.anchors import MOST, OF_LEAD, SMALLEST, anchors_of
from wirecopy.fingerprint import from_text
from wirecopy.sketch import sketch_of

PROSE = tomllib.loads(Path(__file__).with_name("prose.toml").read_text(encoding="utf-8"))
STORIES: list[str] = [story.strip() for story in PROSE["stories"].values()]
LONG: list[str] = "\n\n".join(STORIES).split("\n\n")


def anchors(*paragraphs: str) -> set[int]:
    sketch = sketch_of(paragraphs)
    return set(anchors_of(sketch.fingerprint, sketch.lead))


@pytest.mark.parametrize("story", STORIES)
def test_the_smallest_hashes_are_anchors_and_some_of_the_lead(story: str) -> None:
    sketch = sketch_of(story.split("\n\n"))
    hashes = from_text(sketch.fingerprint)
    found = anchors_of(sketch.fingerprint, sketch.lead)
    assert list(found) == sorted(set(found))
    assert set(hashes[:SMALLEST]) <= set(found) <= set(hashes)
    assert len(found) <= MOST + OF_LEAD


@pytest.mark.parametrize("story", STORIES)
def test_a_brief_that_is_the_beginning_of_a_long_text_shares_one_with_it(story: str) -> None:
    brief = story.split("\n\n", maxsplit=1)[0]
    others = [paragraph for other in STORIES if other != story for paragraph in other.split("\n\n")]
    assert anchors(brief) & anchors(*story.split("\n\n"), *others)


def test_a_long_text_has_more_anchors_than_a_short_one_and_not_without_end() -> None:
    short, long = anchors(*STORIES[0].split("\n\n")), anchors(*LONG)
    assert len(short) < len(long)
    longest = sketch_of([f"{paragraph} {number}" for number in range(40) for paragraph in LONG[number % 7 :]])
    assert len(anchors_of(longest.fingerprint, longest.lead)) <= MOST + OF_LEAD


@settings(max_examples=60, deadline=None)
@given(start=st.integers(0, len(LONG) - 4), length=st.integers(4, 8))
def test_four_paragraphs_from_anywhere_in_a_long_text_share_one_with_it(start: int, length: int) -> None:
    assert anchors(*LONG[start : start + length]) & anchors(*LONG)


def test_a_text_without_words_has_none() -> None:
    assert anchors("", "—") == set()


def test_a_lead_of_another_size_is_an_error() -> None:
    sketch = sketch_of(LONG)
    with pytest.raises(ValueError, match="bitmap"):
        anchors_of(sketch.fingerprint, "AA==")
