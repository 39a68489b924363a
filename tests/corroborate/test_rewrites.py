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
from rich.console import Console

from agents.corroborate.rewrites import LIKELY, Likeness, is_retold, likeness, telling_of
from agents.corroborate.texts import key_of, text_of
from agents.ingest.clean import article_of
from streams.commands.explain_event import tree
from streams.records import Event, RawArticle, Report, Span, Speaker, decode, encode
from streams.settings import Settings
from streams.stage import Rejected
from tests.dedupe.pages_of_events import EVENTS as EVENTS_ON_PAGES
from tests.dedupe.pages_of_events import pages_of
from tests.news import KALIN, SHAMANOV, corroborate, only, report, troops
from wirecopy.citing import cited_in
from wirecopy.names import hash_of, names_of, to_text
from wirecopy.relation import compared, is_one_text

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


APART = {"independent", "thin"}
"""Kinds of reports that count on their own: a thin one retells another, but has too few names of it to be known by."""
PAIRS = [(event["name"], *pair) for event in EVENTS for pair in combinations(reports(event), 2)]
OF_ONE = [(name, one, other) for name, (a, one), (b, other) in PAIRS if APART.isdisjoint((a, b))]
OF_TWO = [(name, one, other) for name, (a, one), (b, other) in PAIRS if not APART.isdisjoint((a, b))]


@pytest.mark.parametrize(("name", "one", "other"), OF_ONE)
def test_a_rewrite_is_likely_found_though_it_shares_no_words_in_a_row(name: str, one: Report, other: Report) -> None:
    found = alike(one, other)
    assert found is not None
    assert found.sureness >= LIKELY


@pytest.mark.parametrize(("name", "one", "other"), OF_TWO)
def test_reports_of_others_are_not_taken_for_rewrites(name: str, one: Report, other: Report) -> None:
    found = alike(one, other)
    assert found is None or found.sureness < LIKELY


def test_a_rewrite_that_has_nearly_all_names_counts_as_one_source_and_says_why() -> None:
    told = reports(BY_NAME["fiji golan"])
    event = only(corroborate(*(one for _, one in told)))
    assert event.independent == 1 + sum(kind in APART for kind, _ in told)
    (source,) = [group for group in event.sources if group.article_count > 1]
    assert source.articles == tuple(one.article.id for kind, one in told if kind not in APART)
    assert [(reason.kind, reason.articles) for reason in source.reasons] == [("rewrite", source.articles)]
    assert all(not group.doubts for group in event.sources)


def test_the_reason_names_who_retells_whom_and_how_sure_that_is() -> None:
    (_, original), (_, rewrite), *_ = reports(BY_NAME["fiji golan"])
    (reason,) = only(corroborate(original, rewrite)).sources[0].reasons
    assert reason.detail == (
        "Rewrite 1 retells Original 0 in other words, with 16 of its names, 12 in the same order and 2 of its figures "
        "(97% sure)"
    )


def test_a_likely_rewrite_that_names_nobody_is_counted_and_the_doubt_is_told() -> None:
    (_, original), (_, rewrite), *_ = reports(BY_NAME["slovenia niger"])
    event = only(corroborate(original, rewrite))
    assert event.independent == 2
    first, second = event.sources
    assert not first.doubts
    (doubt,) = second.doubts
    assert doubt.kind == "rewrite"
    assert doubt.articles == (original.article.id, rewrite.article.id)
    assert LIKELY <= doubt.sureness < 1.0
    assert "Rewrite 1 perhaps retells Original 0 in other words" in doubt.detail
    assert "perhaps no source of its own: Rewrite 1 perhaps retells" in shown(event)


CITING = [
    ("Original 0", (), "A person familiar with the plan told Original 0 so."),
    ("The Original Times", (), "The Original Times reported it first."),
    ("Original 0", ("reuters",), "The news agency Reuters reported it first."),
    ("Original 0", ("afp",), "The person was quoted by Agence France-Presse."),
]
NAMING = [
    ("Original 0", (), "The soldiers marched past the building of Original 0."),
    ("The Original Times", (), "Times change, said an Original soldier."),
    ("Slovenia", (), "According to Slovenia, all is well."),
    ("Original 0", ("reuters",), "In Niamey they sleep at Reuters Plaza."),
]


@pytest.mark.parametrize(("outlet", "credits", "sentence", "one_source"),
                         [(*case, True) for case in CITING] + [(*case, False) for case in NAMING])  # fmt: skip
def test_a_likely_rewrite_is_one_source_with_whom_it_cites_and_not_with_whom_it_only_names(
    outlet: str, credits: tuple[str, ...], sentence: str, one_source: bool
) -> None:
    event = BY_NAME["slovenia niger"]
    (_, original), (_, rewrite), *_ = reports(event)
    retelling = f"{event['report'][1]['text'].strip()}\n\n{sentence}"
    original = replace(original, article=replace(original.article, outlet_name=outlet, credits=credits))
    rewrite = replace(
        rewrite, article=replace(rewrite.article, cites=cited_in(retelling), names=to_text(names_of(retelling)))
    )
    for order in ((original, rewrite), (rewrite, original)):
        found = only(corroborate(*order))
        assert found.independent == (1 if one_source else 2)
        assert [reason.kind for source in found.sources for reason in source.reasons] == ["rewrite"] * one_source


def shown(event: Event) -> str:
    console = Console(width=200)
    with console.capture() as captured:
        console.print(tree(event))
    return captured.get()


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
    (_, original), (_, rewrite), *_ = reports(BY_NAME["egypt libya"])
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


def told_on_pages(event: str) -> list[tuple[str, Report]]:
    """A report of each page of an event, with the story that the page belongs to; what is told of the event is no name."""
    found = []
    for page in pages_of(event):
        raw = decode(page.line, RawArticle)
        article = article_of(raw, 1_700_000_000_000, Settings())
        body = article.text[article.body_start :]
        found.append((page.story, report(page.id, outlet=raw.outlet, text=body, speaker=None, mover="KGZ", to="SYR")))
    return found


def test_who_reports_on_one_event_is_never_taken_for_who_retells_another() -> None:
    of_two = [
        (one, other)
        for event in EVENTS_ON_PAGES
        for (a, one), (b, other) in combinations(told_on_pages(event), 2)
        if a != b and not is_one_text(compared(text_of(key_of(one.article)), text_of(key_of(other.article))))
    ]
    assert len(of_two) > 900
    likely = [found for pair in of_two if (found := alike(*pair)) is not None and found.sureness >= LIKELY]
    assert len(likely) <= 0.02 * len(of_two)
    assert not any(is_retold(found) for found in likely)
