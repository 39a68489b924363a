"""From a raw article to clean text with outlet, credits and fingerprint."""

from __future__ import annotations

import dataclasses
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.ingest.clean import article_of, text_of
from agents.ingest.markup import TAGS
from agents.ingest.paragraphs import normalised, paragraphs_of
from streams.records import Article, RawArticle
from streams.settings import Settings
from streams.stage import Rejected
from wirecopy.fingerprint import fingerprint, from_text

PROSE = tomllib.loads((Path(__file__).parents[1] / "wirecopy" / "prose.toml").read_text(encoding="utf-8"))
BRIGADE: str = PROSE["stories"]["brigade"].strip()
SHARED = Path(__file__).resolve().parents[3] / "shared"
RECEIVED_MS = 1_498_140_000_000


def clean(body: str | None = BRIGADE, **fields: Any) -> Article:
    raw = RawArticle(id="a", outlet="Orun Courier", published="2017-06-22T10:00:00Z", title="Mules", body=body)
    return article_of(dataclasses.replace(raw, **fields), RECEIVED_MS, Settings())


def test_text_is_the_headline_a_blank_line_and_the_body() -> None:
    article = clean()
    assert article.text == f"Mules\n\n{BRIGADE}"
    assert article.text[article.body_start :] == BRIGADE


def test_an_article_without_a_title_takes_its_headline_from_the_body() -> None:
    article = clean(f"Two battalions go to the coast\n\n{BRIGADE}", title="")
    assert article.title == "Two battalions go to the coast"
    assert article.text[article.body_start :] == BRIGADE
    assert clean(title="").title == ""
    assert clean(title="").body_start == 0


def test_furniture_credit_lines_and_datelines_are_no_part_of_the_fingerprint() -> None:
    plain = clean()
    dressed = clean(
        f"Accessibility links\n\nShare on Facebook\n\nPORT ELLERY, June 21 (Reuters) - {BRIGADE} - AFP\n\n"
        "Read more: The mules of Sarn\n\nWith reporting by RIA Novosti and AP\n\n"
        "Sign up for our newsletter.\n\nCopyright 2017 The Associated Press. All rights reserved."
    )
    assert dressed.fingerprint == plain.fingerprint
    assert from_text(plain.fingerprint) == fingerprint(BRIGADE)
    assert dressed.dateline == "PORT ELLERY"
    assert {credit.agency for credit in dressed.credits} == {"reuters", "afp", "ria-novosti", "associated-press"}
    assert "Facebook" not in dressed.text
    assert "Sign up" not in dressed.text


def test_credits_come_from_byline_dateline_lines_and_what_is_given_each_once() -> None:
    article = clean(
        f"SARN (AP) — {BRIGADE}\n\nSource: TASS",
        byline="By Ilse Bronner, Associated Press",
        credits=("AP", "Suara Dili"),
    )
    assert [(credit.agency, credit.where) for credit in article.credits] == [
        ("associated-press", "byline"),
        ("tass", "credit-line"),
        ("suara-dili", "given"),
    ]
    assert article.byline == "By Ilse Bronner, Associated Press"


@pytest.mark.parametrize(
    ("outlet", "line", "agencies"),
    [
        ("lowlands-tribune.example", "Copyright 2023 Lowlands Tribune. Webmaster.", []),
        ("Lowlands Tribune", "© 2023 Lowlands Tribune. All rights reserved.", []),
        ("lowlands-tribune.example", "Copyright 2023 The Associated Press. All rights reserved.", ["associated-press"]),
        ("apnews.com", "Copyright 2023 The Associated Press. All rights reserved.", ["associated-press"]),
        ("lowlands-tribune.example", "Source: Lowlands Tribune", []),
        ("Lowlands Tribune", "With reporting by Lowlands Tribune and AFP", ["afp"]),
        ("the-lowlands-tribune.example", "Originally published by the Lowlands Tribune", []),
        ("lowlands-tribune.example", "Source: Highlands Tribune", ["highlands-tribune"]),
        ("The Guardian", "Source: The Guardian", []),
        ("guardian.example", "Source: The Guardian", ["theguardian.com"]),
        ("lowlands-tribune.example", "With agencies Reuters and AFP", ["reuters", "afp"]),
        ("a.example", "This article was originally published by TASS and is reproduced with light edits.", ["tass"]),
    ],
)
def test_an_outlet_that_names_itself_credits_nobody(outlet: str, line: str, agencies: list[str]) -> None:
    article = clean(f"{BRIGADE}\n\n{line}", outlet=outlet)
    assert [credit.agency for credit in article.credits] == agencies


def test_a_byline_above_the_text_is_no_part_of_it() -> None:
    article = clean(f"By Ilse Bronner in Sarn\n\n{BRIGADE}")
    assert article.byline == "By Ilse Bronner in Sarn"
    assert article.text[article.body_start :] == BRIGADE


def test_outlet_and_family_come_from_the_directory() -> None:
    article = clean(outlet="Hurriyet Daily News")
    assert (article.outlet, article.outlet_name, article.family) == (
        "hurriyetdailynews.com",
        "Hurriyet Daily News",
        "demiroren",
    )
    unknown = clean(outlet="Orun Courier")
    assert (unknown.outlet, unknown.outlet_name, unknown.family) == ("orun-courier", "Orun Courier", "orun-courier")


def test_the_same_page_under_two_addresses_is_one_article() -> None:
    one = clean(id=None, url="http://www.orun.example/a/1/?utm_source=feed")
    other = clean(id=None, url="https://orun.example/a/1#top")
    assert one.id == other.id
    assert one.url == "http://www.orun.example/a/1/?utm_source=feed"


PAGE = """<!DOCTYPE html><html lang="en"><head><title>Mules to the coast - Orun Courier</title></head><body>
<header><nav><ul><li><a href="/">Home</a></li><li><a href="/w">World</a></li></ul></nav></header>
<main><article><h1>Mules to the coast</h1>
<figure><img src="m.jpg"><figcaption>Mules of the brigade near Sarn</figcaption></figure>
{body}
<p>Share this article</p></article>
<aside><h2>Most read</h2><ul><li><a href="/1">The bear in the cellar</a></li></ul></aside></main>
<footer><p>Contact us</p><p>© 2017 Orun Courier</p></footer></body></html>"""


def test_a_page_gives_the_text_of_its_article_only() -> None:
    html = PAGE.format(body="".join(f"<p>{p}</p>" for p in BRIGADE.split("\n\n")))
    article = clean(None, html=html, title="")
    assert article.title == "Mules to the coast"
    assert article.text[article.body_start :] == BRIGADE
    assert article.fingerprint == clean().fingerprint
    assert clean(None, html=html, title="") == article


def test_a_page_of_two_sentences_is_an_article_too() -> None:
    brief = "The ferry between the two banks of the Lower Orun will stop in October. The council voted on Tuesday."
    article = clean(None, html=f"<html><body><article><h1>Ferry</h1><p>{brief}</p></article></body></html>")
    assert brief in article.text


@pytest.mark.parametrize(
    "html",
    ["<", "<p>" * 3000, "<div>" * 3000 + "x", "<!--" * 99, "&#0;&#xD800;<p>abc", "{}" * 500, "<svg>" * 300, "\x00",
     "<?xml version='1.0' encoding='utf-16'?><html><body><p>It was.</p></body></html>", "<frameset><frame></frameset>"],
)  # fmt: skip
def test_a_page_that_is_no_page_gives_what_text_there_is_and_breaks_nothing(html: str) -> None:
    article = clean(None, html=html)
    assert article.title == "Mules"
    assert article.text.startswith("Mules\n\n")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["<p>", "</p>", "<div class='caption'>", "</div>", "<b>", "The mules left. ", "<!-", "&", '"', "<figure>"]
        )
    )
)
def test_any_page_is_refused_with_its_field_or_becomes_an_article(parts: list[str]) -> None:
    html = "".join(parts)
    refused: Rejected | None = None
    try:
        article = clean(None, html=html, title="")
        assert article.text.strip()
    except Rejected as rejected:
        refused = rejected
    assert refused is None or refused.field == "html"


def test_a_wrapper_that_speaks_of_captions_does_not_take_the_article_with_it() -> None:
    html = (
        "<html><body><div class='has-captions'>"
        + "".join(f"<p>{p}</p>" for p in BRIGADE.split("\n\n"))
        + "</div></body></html>"
    )
    assert clean(None, html=html).text[len("Mules\n\n") :] == BRIGADE


def test_characters_that_deceive_or_break_are_taken_out() -> None:
    article = clean("The mi\u00adnistry\u202e said\x00 no.\u200b It was Kalı\u0301n\ufeff.", title="Mules\u2066\x07")
    assert article.title == "Mules"
    assert article.text[article.body_start :] == "The ministry said no. It was Kalı\u0301n."


@pytest.mark.parametrize(
    ("text", "paragraphs"),
    [
        ("One.\n\nTwo.\r\n\r\nThree.", ["One.", "Two.", "Three."]),
        ("One is\nwrapped here.\n\nTwo.", ["One is wrapped here.", "Two."]),
        (
            "The troops left the\nvalley of Sarn on\nTuesday at noon.",
            ["The troops left the valley of Sarn on Tuesday at noon."],
        ),
        ("It was told.\nIt was heard.\nIt was over.", ["It was told.", "It was heard.", "It was over."]),
        ("One.\u2029Two.", ["One.", "Two."]),
        ("", []),
    ],
)
def test_paragraphs_are_kept(text: str, paragraphs: list[str]) -> None:
    assert paragraphs_of(normalised(text)) == paragraphs


@given(st.text(max_size=300), st.text(max_size=60))
def test_any_text_is_refused_or_becomes_a_text_that_stays_as_it_is(body: str, title: str) -> None:
    article = clean(f"{body}\n\nThe mules left.", title=title)
    assert normalised(article.text) == article.text.strip()
    assert article.text.startswith(article.title)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared articles are not beside this checkout")
def test_the_model_article_loses_its_furniture_and_keeps_its_credits() -> None:
    article = clean(
        (SHARED / "articles" / "rferl-2017-06-22.txt").read_text(encoding="utf-8"), title="", outlet="RFE/RL"
    )
    assert article.title == "Kazakhstan, Kyrgyzstan Reportedly Asked About Sending Troops To 'Monitor' Syria"
    assert article.text[article.body_start :].startswith("Turkey, Russia, and Iran are working on a mechanism")
    assert [credit.agency for credit in article.credits] == [
        "ria-novosti",
        "associated-press",
        "hurriyet.com.tr",
        "dailysabah.com",
    ]
    assert article.family == "rfe-rl"


def test_a_first_line_that_is_page_furniture_is_no_headline() -> None:
    article = clean(f"Breaking News\n\nTwo battalions go to the coast\n\n{BRIGADE}", title="Accessibility links")
    assert article.title == "Two battalions go to the coast"
    assert article.text == f"Two battalions go to the coast\n\n{BRIGADE}"


def test_an_article_of_credit_lines_keeps_a_bounded_number_of_credits() -> None:
    body = "\n\n".join(f"Source: Paper{n} News" for n in range(3000))
    article = article_of(
        RawArticle(id="a", outlet="Orun Courier", published="2017-06-22T14:05:00Z", title="Sources", body=body),
        1_498_140_600_000,
        Settings(),
    )

    assert len(article.credits) == 100


@pytest.mark.parametrize(
    "title",
    [
        "Russia prepares to send 300 troops to Syria in July",
        "Updated: 4 dead",
        "Video: Russia sends 300 soldiers to Syria",
        "Background: the mission in Mali",
        "Watch: Russian convoy crosses the border",
        "More on troops going to Syria",
        "Stay tuned: Minsk decides on Friday",
        "Weather",
        "Transcript",
    ],
)
def test_a_given_title_stays_whatever_it_looks_like(title: str) -> None:
    assert clean(title=title).title == title
    assert clean(None, title=title).text.strip() == title


@pytest.mark.parametrize("title", ["Skip to main content", "MENU", "Home »"])
def test_a_title_that_is_a_part_of_the_page_is_none(title: str) -> None:
    assert clean(f"Two battalions go to the coast\n\n{BRIGADE}", title=title).title == "Two battalions go to the coast"


MARKED_UP = "".join(f"<p>{p}</p>" for p in BRIGADE.split("\n\n"))


@pytest.mark.parametrize(
    "html",
    [
        f"<pre>{BRIGADE}</pre>",
        f"<html><body><pre>{BRIGADE}</pre></body></html>",
        f"<aside>{MARKED_UP}</aside>",
        f"<html><body><aside><h2>Most</h2>{MARKED_UP}</aside></body></html>",
        f"<div class='caption'>{BRIGADE.replace(chr(10) * 2, '<br><br>')}</div>",
    ],
)
def test_the_text_of_a_page_in_which_nothing_looks_like_an_article_is_found(html: str) -> None:
    article = clean(None, html=html)
    assert article.text[article.body_start :] == BRIGADE


@pytest.mark.parametrize(
    "around", ["<script>{}</script>", "<aside><h2>Most read</h2><p>The bear in the cellar</p></aside>"]
)
def test_a_page_without_text_is_its_headline_and_says_so(around: str) -> None:
    raw = RawArticle(
        id="a", outlet="o", published="2017-06-22", title="Mules", html=f"<html><body>{around}</body></html>"
    )
    text = text_of(raw, Settings())
    assert (text.title, text.paragraphs, text.empty) == ("Mules", (), "html")
    with pytest.raises(Rejected, match=r"^html: no text found, and no title either"):
        article_of(dataclasses.replace(raw, title=""), RECEIVED_MS, Settings())


@pytest.mark.parametrize(
    "body",
    [
        MARKED_UP,
        f"<div>{MARKED_UP}<figure><img src='m.jpg'><figcaption>Mules</figcaption></figure><script>x=1</script></div>",
        BRIGADE.replace("\n\n", "<br><br>"),
        f"<html><head><title>M</title></head><body><nav><p>Home</p></nav><article>{MARKED_UP}</article></body></html>",
    ],
)
def test_a_body_with_its_tags_is_read_as_a_page(body: str) -> None:
    article = clean(body)
    assert article.text[article.body_start :] == BRIGADE
    assert article.fingerprint == clean().fingerprint


def test_lists_and_short_lines_of_a_body_with_its_tags_stay() -> None:
    article = clean(
        "<p>MOSCOW (Reuters) - It sends:</p><ul><li>300 men &amp; a tank</li><li>two mules</li></ul><p>No more.</p>"
    )
    assert article.text.split("\n\n")[1:] == [
        "MOSCOW (Reuters) - It sends:",
        "300 men & a tank",
        "two mules",
        "No more.",
    ]
    assert article.dateline == "MOSCOW"


@pytest.mark.parametrize(
    "body", ["He typed <p> and left.", "If a <b and c> d, he said.", "The tag <br> breaks a line.", "<TASS>"]
)
def test_a_text_that_mentions_a_tag_stays_as_it_is(body: str) -> None:
    assert clean(body).text == f"Mules\n\n{body}"


@pytest.mark.parametrize("piece", ["<p>", "<p>a</p>", "<div>", "<", "<br ", "<pre>\n", "<p <p", "</p", "<!--", "&#"])
def test_hostile_markup_is_read_to_its_end(piece: str) -> None:
    markup = piece * (20_000 // len(piece))
    clean(markup)
    clean(None, html=markup)


@pytest.mark.parametrize(("field", "begins"), [("html", ""), ("body", "<html><body>")])
def test_a_page_of_nothing_but_tags_is_refused_before_it_is_read(field: str, begins: str) -> None:
    page = begins + "<p>It was.</p>" + "<p>" * TAGS
    raw = RawArticle(
        id="a",
        outlet="o",
        published="2017-06-22",
        title="Mules",
        body=page if field == "body" else None,
        html=page if field == "html" else None,
    )
    with pytest.raises(Rejected, match=rf"^{field}: \d+ tags, more than {TAGS}"):
        text_of(raw, Settings())
