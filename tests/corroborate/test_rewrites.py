"""Rewrites: reports that go back to one though they share no run of words, found by what they tell. Data: `rewrites.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from itertools import combinations, permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.corroborate.rewrites import SURE, Likeness, likeness, telling_of
from streams.records import Report, Span, Speaker, encode
from streams.stage import Rejected
from tests.news import KALIN, SHAMANOV, corroborate, only, report, troops
from wirecopy.names import hash_of, names_of

EVENTS: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("rewrites.toml").read_text(encoding="utf-8"))[
    "event"
]
BY_NAME = {event["name"]: event for event in EVENTS}
Told = tuple[str, Report]


def reports(event: dict[str, Any]) -> list[Told]:
    """Each report with its kind, an hour apart, each at an outlet of its own."""
    return [
        (
            one["kind"],
            report(
                f"{one['kind']}-{number}:1",
                outlet=f"{one['kind'].capitalize()} {number}",
                text=one["text"].strip(),
                mover=event["mover"],
                to=event["to"],
                says=one["says"],
                count=troops(one["count"]) if "count" in one else None,
                speaker=Speaker(text=one["speaker"], role=one["role"], anonymous=True),
                agents=(),
                published=f"2017-06-22T1{number}:00:00Z",
            ),
        )
        for number, one in enumerate(event["report"])
    ]


def alike(one: Report, other: Report) -> Likeness | None:
    return likeness(telling_of(one), telling_of(other))


PAIRS = [(event["name"], *pair) for event in EVENTS for pair in combinations(reports(event), 2)]
OF_ONE = [(name, one, other) for name, (a, one), (b, other) in PAIRS if "independent" not in (a, b)]
OF_TWO = [(name, one, other) for name, (a, one), (b, other) in PAIRS if "independent" in (a, b)]


@pytest.mark.parametrize(("name", "one", "other"), OF_ONE)
def test_a_rewrite_is_surely_found_though_it_shares_no_words_in_a_row(name: str, one: Report, other: Report) -> None:
    found = alike(one, other)
    assert found is not None
    assert found.sureness >= 0.95


@pytest.mark.parametrize(("name", "one", "other"), OF_TWO)
def test_reports_of_others_are_not_taken_for_rewrites(name: str, one: Report, other: Report) -> None:
    found = alike(one, other)
    assert found is None or found.sureness < 0.6


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_an_event_counts_a_story_and_its_rewrites_once_and_says_why(name: str) -> None:
    told = reports(BY_NAME[name])
    event = only(corroborate(*(one for _, one in told)))

    assert event.independent == 1 + sum(kind == "independent" for kind, _ in told)
    (source,) = [group for group in event.sources if group.article_count > 1]
    assert source.articles == tuple(one.article.id for kind, one in told if kind != "independent")
    (reason,) = source.reasons
    assert reason.kind == "rewrite"
    assert reason.articles == source.articles
    assert SURE <= reason.sureness < 1.0
    assert "in other words" in reason.detail
    assert reason.detail.endswith("% sure)")


def test_the_reason_names_who_retells_whom_and_how_sure_that_is() -> None:
    (_, original), (_, rewrite), *_ = reports(BY_NAME["fiji golan"])
    (reason,) = only(corroborate(original, rewrite)).sources[0].reasons
    assert reason.detail == (
        "Rewrite 1 retells Original 0 in other words, with 16 of its names, 12 in the same order and 2 of its figures "
        "(99% sure)"
    )


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_an_original_that_arrives_last_gives_the_same_event(name: str) -> None:
    told = [one for _, one in reports(BY_NAME[name])]
    expected = encode(only(corroborate(*told)))
    for order in list(permutations(told))[::5]:
        assert encode(only(corroborate(*order, *order[:2]))) == expected


def test_two_speakers_who_are_known_make_two_sources_whatever_else_is_told() -> None:
    (_, original), (_, rewrite), *_ = reports(BY_NAME["egypt libya"])
    named = [
        replace(one, claim=replace(one.claim, speaker=speaker))
        for one, speaker in ((original, SHAMANOV), (rewrite, KALIN))
    ]
    assert alike(*named) is None
    assert only(corroborate(*named)).independent == 2


def test_the_same_words_quoted_from_a_nameless_source_make_it_surer() -> None:
    (_, original), (_, rewrite), *_ = reports(BY_NAME["syria observers"])
    quoting = [
        replace(one, claim=replace(one.claim, quote=Span(start=0, end=len(quote), text=quote)))
        for one, quote in (
            (original, "“It was put politely, and with a deadline”"),
            (rewrite, "“put politely and with a deadline”"),
        )
    ]
    without, with_it = alike(original, rewrite), alike(*quoting)
    assert without is not None
    assert with_it is not None
    assert with_it.sureness > without.sureness


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(PAIRS))
def test_likeness_does_not_depend_on_which_is_asked(pair: tuple[str, Told, Told]) -> None:
    _, (_, one), (_, other) = pair
    assert alike(one, other) == alike(other, one)


def test_copies_are_told_as_copies_and_not_as_rewrites() -> None:
    (_, original), *_ = reports(BY_NAME["slovenia niger"])
    copy = report("copy:1", outlet="Copy", text=BY_NAME["slovenia niger"]["report"][0]["text"].strip(), mover="SVN",
                  to="NER", speaker=None, published="2017-06-22T15:00:00Z")  # fmt: skip
    (source,) = only(corroborate(original, copy)).sources
    assert [reason.kind for reason in source.reasons] == ["origin-text"]


def test_names_are_what_is_capitalised_inside_of_a_sentence() -> None:
    found = names_of("Officials met in Oslo on Monday. Aasland left. “He is tired,” said Henrik Aasland's aide in May.")
    assert found == tuple(map(hash_of, ("oslo", "aasland", "henrik")))


@pytest.mark.parametrize("broken", ["not base64!", "AAAAAA=="])
def test_a_report_whose_names_are_none_is_refused_and_changes_nothing(broken: str) -> None:
    good = report()
    bad = replace(good, article=replace(good.article, names=broken))
    with pytest.raises(Rejected, match=r"article\.names"):
        corroborate(bad)
