"""Which lines tell news, whatever they look like."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from agents.ingest.news import tells_more_than_a_picture, tells_news, words

FORCES = Path(__file__).parents[2] / "agents" / "enrich" / "language" / "cues_and_forces" / "forces.toml"


@pytest.mark.parametrize(
    "line",
    [
        "Stay tuned, the general promised.",
        "“We are leaving,” reads the note on your page",
        "You may find our 300 soldiers here",
        "Four people were shelled",
        "Minsk gave up its say",
        "The treaty was signed in 1954",
        "It has moved two ferries",
        "The pact binds Minsk, which joined it",
        "Background: Georgia decides on Friday",
        "Background: It was the US that asked",
    ],
)
def test_a_line_tells_news(line: str) -> None:
    assert tells_news(line)


@pytest.mark.parametrize(
    "line",
    [
        "You have read 3 of your 5 free articles",
        "This story has been published from the Press Trust feed in 2017",
        "We will send you The Herald at Seven",
        "Related: The village that bought a pub",
        "Updated: May 3",
        "Published 22 June 2017",
        "",
    ],
)
def test_a_line_tells_no_news(line: str) -> None:
    assert not tells_news(line)


@pytest.mark.parametrize(
    ("line", "more"),
    [
        ("Turkish soldiers stand guard near Idlib on Thursday", False),
        ("Smoke rises after a reported air strike on May 3", False),
        ("Russian soldiers will leave for Syria", True),
        ("Russian soldiers may leave for Syria", True),
        ("Moscow ready to send soldiers", True),
        ("The ministry reported an air strike", True),
        ("Officers have left", True),
    ],
)
def test_a_caption_tells_more_than_a_picture_shows(line: str, more: bool) -> None:
    assert tells_more_than_a_picture(line) is more


def test_all_strong_forces_that_claims_are_found_by_are_news() -> None:
    groups = tomllib.loads(FORCES.read_text(encoding="utf-8"))["force"]
    strong = {word for group in groups if group["strength"] == "strong" for word in group["words"]}
    assert strong <= words()["force"]
