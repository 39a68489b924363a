"""The parts of an article that are new against the one it copies."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.ingest.clean import article_of
from streams.records import Article, RawArticle
from streams.settings import Settings
from wirecopy.fingerprint import words
from wirecopy.spans import new_spans

PROSE = tomllib.loads(Path(__file__).with_name("prose.toml").read_text(encoding="utf-8"))
FERRY: str = PROSE["stories"]["ferry"].strip()
BRIGADE: str = PROSE["stories"]["brigade"].strip()
LOCAL: str = PROSE["boilerplate"]["ellery"].strip()


def article(body: str, title: str = "Mules to guard the strait") -> Article:
    raw = RawArticle(id="a", outlet="Orun Courier", published="2017-06-22T10:00:00Z", title=title, body=body)
    return article_of(raw, 1_498_500_000_000, Settings())


def new(later: Article, earlier: Article) -> list[str]:
    spans = new_spans(later, earlier)
    assert all(later.text[span.start : span.end] == span.text for span in spans)
    return [span.text for span in spans]


def test_an_added_paragraph_is_new_to_the_word() -> None:
    paragraphs = BRIGADE.split("\n\n")
    merged = article("\n\n".join([*paragraphs[:2], LOCAL, *paragraphs[2:]]))
    assert new(merged, article(BRIGADE)) == [LOCAL]
    assert new(article(f"{LOCAL}\n\n{BRIGADE}"), article(BRIGADE)) == [LOCAL]
    assert new(article(f"{BRIGADE}\n\n{LOCAL}"), article(BRIGADE)) == [LOCAL]


def test_nothing_is_new_in_a_copy_however_it_is_dressed() -> None:
    dressed = article(
        f"PORT ELLERY (Reuters) - {BRIGADE}\n\nReporting by Maren Tolk; editing by Jon Averill", "Soldiers"
    )
    assert new(dressed, article(BRIGADE)) == []
    assert new(article("\n\n".join(BRIGADE.split("\n\n")[:2])), article(BRIGADE)) == []


def test_new_words_behind_a_dateline_are_found_where_they_stand() -> None:
    dressed = article(f"PORT ELLERY (Reuters) - {LOCAL}\n\n{BRIGADE}", "Soldiers")
    assert new(dressed, article(BRIGADE)) == [LOCAL]


def test_everything_is_new_in_an_article_that_shares_nothing() -> None:
    assert new(article(FERRY), article(BRIGADE)) == FERRY.split("\n\n")


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        ("disused cannery", "former monastery", ["former monastery"]),
        ("disused cannery", "disused monastery", ["monastery"]),
        ("Two battalions", "Three battalions", ["Three"]),
    ],
)
def test_an_exchanged_word_is_told_to_the_word(one: str, other: str, told: list[str]) -> None:
    assert one in BRIGADE
    assert new(article(BRIGADE.replace(one, other, 1)), article(BRIGADE)) == told


@pytest.mark.parametrize("other", ["Velden", "Port Ellery"])
def test_in_a_short_text_no_changed_word_is_passed_over(other: str) -> None:
    notice = "The road to {} was closed on Monday after a rockfall, the police said, and will stay so for some days."
    assert new(article(notice.format("Sarn")), article(notice.format(other))) == ["Sarn"]
    assert new(article("Troops leave Sarn"), article("Troops leave Velden")) == ["Sarn"]


def test_paragraphs_in_another_order_and_what_is_left_out_are_not_new() -> None:
    paragraphs = BRIGADE.split("\n\n")
    assert new(article("\n\n".join([*paragraphs[2:], paragraphs[0]])), article(BRIGADE)) == []


def test_an_article_without_a_body_is_new_by_its_title() -> None:
    only = article("", "Two battalions of the mountain brigade will be moved to the coast before the first snow falls")
    assert new(only, article(FERRY)) == [only.title]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from([*FERRY.split("\n\n"), *BRIGADE.split("\n\n"), LOCAL]), min_size=1, max_size=8, unique=True
    )
)
def test_no_word_of_a_paragraph_that_the_other_lacks_is_passed_over(paragraphs: list[str]) -> None:
    later = article("\n\n".join(paragraphs))
    told = words("\n".join(new(later, article(BRIGADE))))
    own = [words(paragraph) for paragraph in paragraphs if paragraph not in BRIGADE]
    assert len(told) >= sum(map(len, own))
    known = [paragraph for paragraph in paragraphs if paragraph in BRIGADE]
    assert len(told) <= sum(map(len, own)) + 14 * 2 * len(known)
