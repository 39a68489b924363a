"""Page furniture: every example of the data file goes, everything it says must stay stays."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from agents.ingest.furniture import furniture_name, patterns, without_furniture

PROSE = tomllib.loads((Path(__file__).parents[1] / "wirecopy" / "prose.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("paragraph", "name"), [(e, kind.name) for kind in patterns() for e in kind.examples])
def test_furniture_is_recognised(paragraph: str, name: str) -> None:
    assert furniture_name(paragraph, top=True) == name


@pytest.mark.parametrize("paragraph", [kept for kind in patterns() for kept in kind.kept])
def test_prose_that_looks_like_furniture_stays(paragraph: str) -> None:
    assert furniture_name(paragraph, top=True) is None


def test_a_caption_is_taken_out_above_the_first_paragraph_only() -> None:
    caption = "Smoke rises around buildings following a reported air strike in the city of Daraa on June 22."
    lead = "Russia has asked Kyrgyzstan and Kazakhstan to send troops to Syria, a lawmaker said on June 22."
    assert without_furniture(["Accessibility links", "Breaking News", caption, lead], "Troops") == [lead]
    assert without_furniture([lead, caption], "Troops") == [lead, caption]


def test_a_first_paragraph_that_repeats_the_headline_is_taken_out() -> None:
    assert without_furniture(["LAST FERRY STOPS", "It will stop."], "Last ferry stops.") == ["It will stop."]
    assert without_furniture(["It will stop.", "Last ferry stops"], "Last ferry stops") == [
        "It will stop.",
        "Last ferry stops",
    ]


def test_whole_stories_lose_nothing() -> None:
    for story in PROSE["stories"].values():
        paragraphs = story.strip().split("\n\n")
        assert without_furniture(paragraphs, "Another headline") == paragraphs
