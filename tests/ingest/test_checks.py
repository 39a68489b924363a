"""What cannot be used is refused with the field that is wrong."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

import orjson
import pytest

from agents.ingest.checks import check_fields, checked_published
from agents.ingest.clean import article_of
from streams.records import RawArticle, decode
from streams.settings import Settings
from streams.stage import Rejected

SETTINGS = Settings()
RECEIVED_MS = 1_498_140_000_000  # 2017-06-22T14:00:00Z
USABLE = RawArticle(
    id="orun:1",
    outlet="Orun Courier",
    published="2017-06-22T14:05:00Z",
    title="Last ferry stops",
    body="The last ferry between the two banks of the Lower Orun will stop at the end of October.",
)


def changed(**fields: Any) -> RawArticle:
    return dataclasses.replace(USABLE, **fields)


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        (changed(id=None), "id"),
        (changed(id="   "), "id"),
        (changed(id="x" * 600), "id"),
        (changed(id="a\u202eb"), "id"),
        (changed(id=None, url="ftp://orun.example/1"), "url"),
        (changed(id=None, url="orun.example/1"), "url"),
        (changed(id=None, url="https:///1"), "url"),
        (changed(id=None, url="https://orun.example:port/1"), "url"),
        (changed(url="javascript:alert(1)"), "url"),
        (changed(url="https://orun.example/a b"), "url"),
        (changed(outlet=""), "outlet"),
        (changed(outlet=" - "), "outlet"),
        (changed(outlet="o" * 300), "outlet"),
        (changed(outlet="a\u202eb.example"), "outlet"),
        (changed(outlet="a\x1b[2Jb"), "outlet"),
        (changed(outlet="a\x00b"), "outlet"),
        (changed(credits=("y" * 100_000,)), "credits"),
        (changed(credits=("TASS",) * 51), "credits"),
        (changed(language="x" * 500_000), "language"),
        (changed(language="e\u202en"), "language"),
        (changed(published="2017-06-22T14:05:00"), "published"),
        (changed(published="22 June 2017"), "published"),
        (changed(published="2017-02-30T14:05:00Z"), "published"),
        (changed(published="2017-02-30"), "published"),
        (changed(published="2017-6-2"), "published"),
        (changed(published="2017-06-22T25:05:00Z"), "published"),
        (changed(published="2017-06-22T14:05:00+24:00"), "published"),
        (changed(published="0001-01-01T00:00:00+23:00"), "published"),
        (changed(published="9999-12-31T23:59:59-23:00"), "published"),
        (changed(published="1017-06-22T14:05:00Z"), "published"),
        (changed(published="2017-06-23T14:00:01Z"), "published"),
        (changed(published="٢٠١٧-06-22T14:05:00Z"), "published"),
        (changed(title="", body=""), "body"),
        (changed(title="", body=None), "body"),
        (changed(title="", body=" \x00\u200b "), "body"),
        (changed(title="", body=None, html="<html><body></body></html>"), "html"),
        (changed(title="t" * 3_000), "title"),
        (changed(version=0), "version"),
        (changed(status="corrected"), "version"),
        (changed(status="corrected", version=1), "version"),
        (changed(status="withdrawn"), "version"),
        (changed(credits=("AP",) * 60), "credits"),
    ],
)
def test_a_raw_article_that_cannot_be_used_names_its_field(raw: RawArticle, field: str) -> None:
    with pytest.raises(Rejected) as refused:
        article_of(raw, RECEIVED_MS, SETTINGS)
    assert refused.value.field == field
    assert refused.value.reason


def test_a_text_over_the_limit_of_the_settings_is_refused() -> None:
    settings = dataclasses.replace(SETTINGS, article_characters=1_000)
    with pytest.raises(Rejected, match=r"body: .* characters of text, more than 1000"):
        article_of(changed(body="word " * 400), RECEIVED_MS, settings)


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("2017-06-22T14:05:00Z", "2017-06-22T14:05:00Z"),
        ("2017-06-22t17:05:00+03:00", "2017-06-22T14:05:00Z"),
        ("2017-06-22 09:35:00.250-04:30", "2017-06-22T14:05:00Z"),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z"),
        ("2017-01-01T01:00:00+03:00", "2016-12-31T22:00:00Z"),
        (" 1939-09-01T04:45:00+01:00 ", "1939-09-01T03:45:00Z"),
        ("2017-06-22", "2017-06-22T00:00:00Z"),
    ],
)
def test_times_are_normalised_to_utc_seconds(written: str, utc: str) -> None:
    assert checked_published(changed(published=written), RECEIVED_MS, SETTINGS) == utc


def test_an_article_may_be_dated_ahead_as_far_as_the_settings_allow() -> None:
    raw = changed(published="2017-06-24T14:00:00Z")
    with pytest.raises(Rejected, match=r"published: .*48\.0 hours ahead, more than 24 allowed"):
        checked_published(raw, RECEIVED_MS, SETTINGS)
    allowed = dataclasses.replace(SETTINGS, future_hours=48.0)
    assert checked_published(raw, RECEIVED_MS, allowed) == "2017-06-24T14:00:00Z"


def test_what_is_said_of_an_article_without_a_text_is_so() -> None:
    with pytest.raises(Rejected, match="no text found, and no title either"):
        article_of(changed(title="", body=" "), RECEIVED_MS, SETTINGS)
    with pytest.raises(Rejected, match="no text found, and the title is page furniture"):
        article_of(changed(title="Accessibility links", body=None), RECEIVED_MS, SETTINGS)


TOLD = "The last of the troops left the harbour of Sarn on Monday, the ministry said."


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"text": TOLD}, "body: no text; unknown field `text`: the article's text goes into `body` or `html`"),
        ({"title": "Troops left", "text": TOLD}, "unknown field `text`"),
        ({"body": " ", "content": TOLD, "author": TOLD}, "unknown fields `author`, `content`"),
        ({str(n): TOLD for n in range(9)}, "unknown fields `0`, `1`, `2`, `3`, `4` and 4 more"),
    ],
)
def test_a_text_under_a_name_that_no_article_has_is_not_passed_over(given: dict[str, Any], said: str) -> None:
    with pytest.raises(Rejected, match=re.escape(said)):
        examined(given)


@pytest.mark.parametrize(
    "given",
    [
        {"body": "Troops left.", "section": "world"},
        {"html": "<p>Troops left.</p>", "section": "world"},
        {"title": "Troops left"},
        {"title": "Troops left", "section": "world", "paragraphs": 0},
        {"status": "withdrawn", "version": 2, "note": "withdrawn at noon"},
    ],
)
def test_unknown_fields_beside_a_text_are_passed_over(given: dict[str, Any]) -> None:
    examined(given)


def examined(given: dict[str, Any]) -> None:
    value = orjson.dumps({"id": "orun:1", "outlet": "Orun Courier", "published": "2017-06-22T14:05:00Z", **given})
    check_fields(decode(value, RawArticle), value)


def test_a_withdrawn_article_needs_no_text() -> None:
    article = article_of(changed(status="withdrawn", version=2, title="", body=None), RECEIVED_MS, SETTINGS)
    assert (article.text, article.fingerprint, article.version) == ("", "", 2)


def test_a_headline_alone_is_an_article() -> None:
    article = article_of(changed(body=None, title="Turkey sends troops to Idlib"), RECEIVED_MS, SETTINGS)
    assert article.text == "Turkey sends troops to Idlib\n\n"
    assert article.fingerprint


def test_a_name_that_is_spelled_with_a_joiner_is_an_outlet_and_a_long_tag_a_language() -> None:
    article = article_of(
        changed(outlet="ایران\u200cوایر", language=" Sr-Latn-RS ", credits=("c" * 200,)), RECEIVED_MS, SETTINGS
    )

    assert article.outlet_name == "ایران\u200cوایر"
    assert article.language == "sr-latn-rs"
