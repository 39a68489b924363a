"""Page furniture: every example of the data file goes, everything it says must stay stays."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

from agents.ingest.furniture import furniture_of, patterns, sorted_out, without_furniture
from agents.ingest.news import tells_more_than_a_picture, tells_news
from agents.ingest.paragraphs import normalised, paragraphs_of

PROSE = tomllib.loads((Path(__file__).parents[1] / "wirecopy" / "prose.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("paragraph", "name"), [(e, kind.name) for kind in patterns() for e in kind.examples])
def test_furniture_is_recognised(paragraph: str, name: str) -> None:
    kind = furniture_of(paragraph, top=True)
    assert kind is not None
    assert kind.name == name


@pytest.mark.parametrize("paragraph", [kept for kind in patterns() for kept in kind.kept])
def test_prose_that_looks_like_furniture_stays(paragraph: str) -> None:
    assert furniture_of(paragraph, top=True) is None


def test_a_caption_is_taken_out_above_the_first_paragraph_only() -> None:
    caption = "Smoke rises around buildings following a reported air strike in the city of Daraa on June 22."
    lead = "Russia has asked Kyrgyzstan and Kazakhstan to send troops to Syria, a lawmaker said on June 22."
    assert without_furniture(["Accessibility links", "Breaking News", caption, lead], "Troops") == [lead]
    assert without_furniture([lead, caption], "Troops") == [lead, caption]


def test_a_paragraph_that_only_repeats_the_headline_is_taken_out() -> None:
    assert without_furniture(["LAST FERRY STOPS", "It will stop."], "Last ferry stops.") == ["It will stop."]
    assert without_furniture(["It will stop.", "Last ferry stops"], "Last ferry stops") == ["It will stop."]


def test_whole_stories_lose_nothing() -> None:
    for story in PROSE["stories"].values():
        paragraphs = story.strip().split("\n\n")
        assert without_furniture(paragraphs, "Another headline") == paragraphs


LEAD = "Two battalions will be moved to the coast before the first snow, the defence ministry said on Wednesday."
NEXT = "The neighbouring government called it a theatrical gesture with animals and summoned the ambassador."


def test_a_menu_above_the_article_goes_and_its_byline_and_credits_stay() -> None:
    menu = ["Orun Courier", "Front page", "|", "National", "|", "Foreign", "|", "Sports"]
    assert without_furniture([*menu, "Mules to the coast", "By Ilse Bronner", LEAD, NEXT], "Mules to the coast") == [
        "By Ilse Bronner",
        LEAD,
        NEXT,
    ]
    assert without_furniture([*menu, "With agencies Reuters and AFP", LEAD], "Mules") == [
        "With agencies Reuters and AFP",
        LEAD,
    ]


def test_a_standfirst_above_the_article_stays() -> None:
    assert without_furniture(["Nobody asked the mules", LEAD], "Mules to the coast") == ["Nobody asked the mules", LEAD]


def test_headlines_under_a_heading_go_and_the_article_goes_on_after_them() -> None:
    others = ["Most read", "Goalkeeper, 41, signs on", "Quiz: how closely did you follow the week?"]
    assert without_furniture([LEAD, *others, NEXT, *others], "Mules") == [LEAD, NEXT]
    said = ["Related stories", "Why mules?", "“They are cheap,” said Tolk.", NEXT]
    assert without_furniture([LEAD, *said], "Mules") == [LEAD, "“They are cheap,” said Tolk.", NEXT]


def test_a_credit_under_a_list_of_headlines_stays() -> None:
    assert without_furniture([LEAD, "Other headlines", "Snow expected", "- AFP"], "Mules") == [LEAD, "- AFP"]


def test_a_text_of_short_lines_alone_stays_whole() -> None:
    lines = ["Mules 3", "Corvettes 2", "Ferries 1", "Postponed: 4", "Cancelled: 0"]
    assert without_furniture(lines, "Results") == lines


def test_text_that_was_wrapped_by_hand_is_no_menu() -> None:
    wrapped = [
        "Two battalions of the Third Mountain Brigade will be moved from the va",
        "lley of Sarn to the coast before the first snow, the defence ministry",
        "said on Wednesday, in the first redeployment of the army's winter troo",
        "ps since the quarrel with its neighbour over fishing rights began in M",
        "arch, when the ferry that carries tourists to the seal colony was stopped.",
    ]
    assert without_furniture(wrapped, "Mules") == wrapped


def test_an_article_without_full_stops_is_no_list_of_headlines_without_end() -> None:
    told = [f"Statement number {number} of the ministry on the mules" for number in range(40)]
    assert without_furniture([LEAD, "Related stories", *told], "Mules")[-20:] == told[-20:]


def test_facts_above_the_article_stay() -> None:
    facts = ["At a glance", "Troops: 400", "- 300 from Bishkek", "- 100 from Astana", "June 1: request", "June 9: vote"]
    assert without_furniture([*facts, LEAD], "Mules") == [*facts, LEAD]


CAPTION = re.compile(r"Photo caption:|.{3,40} soldier waves")
"""Claims that the caption of a picture makes: they go with it."""
SENTENCES = Path(__file__).parents[1] / "enrich" / "sentences"


@pytest.mark.parametrize(
    "label", ["", "Background: ", "Watch: ", "Video: ", "Related: ", "Read more: ", "Stay tuned: "]
)
def test_sentences_that_claim_a_deployment_stay_behind_any_label(label: str) -> None:
    claims = [json.loads(line)["text"] for line in (SENTENCES / "claims.jsonl").read_text("utf-8").splitlines()]
    told = [f"{label}{claim}" for claim in claims if claim.endswith(".") and not CAPTION.match(claim)]
    assert len(told) > 300
    assert [line for line in told if furniture_of(line, top=True)] == []


@pytest.mark.parametrize(
    "above",
    [
        ["Russia to send 300", "Turkey objects", "Vote on Friday", "Minsk is silent", "Weather delays it"],
        ["Who asked?", "Moscow.", "Who goes?", "Nobody.", "When?"],
        ["“We are leaving”", "“When?”", "“At noon”", "“Good”"],
        ["Ivan Petrov", "Oleg Sidorov", "Marat Akhmetov", "Daniyar Asanov", "Timur Bekov"],
        ["Mules 3", "Corvettes 2", "Ferries 1", "Lorries 40"],
        ["روسيا ترسل قوات", "تركيا تعترض", "موسكو تنفي", "لا تعليق", "يوم الجمعة"],
        ["俄罗斯派兵", "土耳其反对", "莫斯科否认", "没有评论", "星期五"],
    ],
)
def test_short_lines_above_the_article_that_are_no_menu_stay(above: list[str]) -> None:
    assert without_furniture([*above, LEAD, NEXT], "Mules") == [*above, LEAD, NEXT]


def test_what_stands_between_a_menu_and_the_article_stays() -> None:
    menu = ["Orun Courier", "Home", "World", "Steppe", "Sport"]
    points = ["Russia to send 300", "Turkey objects", "Ivan Petrov"]
    assert without_furniture([*menu, *points, LEAD], "Mules") == [*points, LEAD]
    assert without_furniture([*menu, *points, "Support", LEAD], "Mules") == [*points, LEAD]
    assert without_furniture([*menu, "Troops leave Syria", "More", LEAD], "Mules") == ["Troops leave Syria", LEAD]


@pytest.mark.parametrize("heading", ["In other news", "Latest news", "Weather", "Recommended", "More from the summit"])
def test_what_stands_under_a_heading_that_may_be_the_articles_own_stays(heading: str) -> None:
    told = ["Ankara balks", "- 300 men from Bishkek", "General says 400 went", "Moscow denies"]
    assert without_furniture([LEAD, heading, *told, NEXT], "Mules") == [LEAD, *told, NEXT]


def test_offers_below_a_pay_wall_go_and_news_below_it_stays() -> None:
    wall = ["Subscribe to continue reading", "- Market data and charts", "- Ten gift articles a month"]
    assert without_furniture([LEAD, *wall], "Mules") == [LEAD]
    assert without_furniture([LEAD, *wall, "General says 400 went"], "Mules") == [LEAD, "General says 400 went"]


def test_what_is_taken_out_is_told_with_its_kind() -> None:
    page = [
        "Home",
        "World",
        "Sport",
        "|",
        LEAD,
        "Most read",
        "Goalkeeper, 41, signs on",
        NEXT,
        "Share on Facebook",
        "Mules.",
    ]
    assert [(taken.line, taken.kind) for taken in sorted_out(page, "Mules").taken] == [
        ("|", "marks"),
        ("Home", "menu"),
        ("World", "menu"),
        ("Sport", "menu"),
        ("Most read", "headings of other headlines"),
        ("Goalkeeper, 41, signs on", "headlines below it"),
        ("Share on Facebook", "sharing"),
        ("Mules.", "headline again"),
    ]


HOSTILE = [
    "a", " ", ".", "-", "(", '"', "1", "A ", ". ", "! ", "(photo ", "read more: ", "our you newspaper support ", "sign up to ", "share x ",
    "updated 1 ", "published st ", "1 a month ", "Photo by A ", "Photo by A, ", "A rises on ", "you have read your free ", "—\"", "May ", "to ",
    "email ",
]  # fmt: skip


@pytest.mark.parametrize("repeated", HOSTILE)
def test_hostile_text_is_read_to_its_end(repeated: str) -> None:
    for length in (*{kind.longest for kind in patterns()}, 20_000):
        line = (repeated * length)[: length - 1] + "x"
        for kind in patterns():
            if length <= kind.longest:
                kind.pattern.fullmatch(line)
                kind.pattern.fullmatch(f"Share on {line}"[: kind.longest])
        for paragraph in (line, f"A{line}"):
            tells_news(paragraph)
            tells_more_than_a_picture(paragraph)
            without_furniture([paragraph, LEAD], paragraph)
            paragraphs_of(normalised(f"{paragraph}\n{paragraph}"))
