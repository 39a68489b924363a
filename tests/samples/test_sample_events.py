"""What the stages make of the samples, compared with what a careful reader expects of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from streams.dry_run import DEAD, Published, settled
from streams.records import Alert, Article, Event, Report, Story

EXPECTED: dict[str, Any] = json.loads((Path(__file__).parent / "expected.json").read_text(encoding="utf-8"))
LATER_VERSIONS = {pair["article"] for pair in EXPECTED["versions"]}
"""Samples with the id of an earlier one."""

GAPS: dict[str, str] = {}
"""What extraction does not get right yet, by article or event. A gap that is closed fails its test until it is taken out."""

Identity = tuple[str, str, str | None]
"""Mover, act family and destination: what tells one deployment of the samples from another."""


def _labelled(cases: Sequence[Any], name_of: Callable[[Any], str]) -> list[Any]:
    """The cases as parameters, each with the name that `GAPS` may know it by."""
    return [
        pytest.param(
            case,
            id=name_of(case),
            marks=[pytest.mark.xfail(reason=GAPS[name_of(case)])] if name_of(case) in GAPS else [],
        )
        for case in cases
    ]


def _of_event(event: Event) -> Identity:
    return (event.mover.code, event.family, event.place.code if event.place else None)


def _of_label(label: dict[str, Any]) -> Identity:
    return (label["mover"], label["family"], label["place"])


def _events(published: Published) -> dict[Identity, Event]:
    events: list[Event] = settled("events.v1", published.messages["events.v1"])
    found = {_of_event(event): event for event in events if event.state not in ("merged", "background")}
    assert len(found) == len([event for event in events if event.state not in ("merged", "background")])
    return found


def test_no_sample_is_a_dead_letter(in_order: Published) -> None:
    assert in_order.records(DEAD) == []


def test_page_furniture_is_no_part_of_the_text(in_order: Published, ids: dict[str, str]) -> None:
    articles: dict[str, Article] = {a.id: a for a in settled("articles.v1", in_order.messages["articles.v1"])}

    model = articles[ids["05-syria-request"]].text
    assert "Accessibility links" not in model
    assert "Breaking News" not in model
    page = articles[ids["08-copy-edited"]].text
    for furniture in ("Crossword", "Council tax", "Breaking News", "All rights reserved", "archive"):
        assert furniture not in page
    assert "war in 2011" in page


def test_copies_are_recognised_with_their_origin_and_relation(in_order: Published, ids: dict[str, str]) -> None:
    stories: dict[str, Story] = {s.article: s for s in settled("stories.v1", in_order.messages["stories.v1"])}

    copies = {
        name: story
        for name, identity in ids.items()
        if (story := stories[identity]).relation in ("copy", "excerpt", "expanded", "rewrite", "update")
    }
    assert set(copies) == {label["article"] for label in EXPECTED["copies"]}
    for label in EXPECTED["copies"]:
        assert copies[label["article"]].of == ids[label["of"]]
        assert copies[label["article"]].relation in (label["relation"], *label.get("also", ()))


def test_copies_have_the_model_article_as_their_story(in_order: Published, ids: dict[str, str]) -> None:
    stories: dict[str, Story] = {s.article: s for s in settled("stories.v1", in_order.messages["stories.v1"])}

    for pair in EXPECTED["copies"]:
        assert stories[ids[pair["article"]]].story == ids[pair["of"]]


def test_later_versions_are_a_correction_and_a_withdrawal(in_order: Published, ids: dict[str, str]) -> None:
    stories: dict[str, Story] = {s.article: s for s in settled("stories.v1", in_order.messages["stories.v1"])}

    for pair in EXPECTED["versions"]:
        story = stories[ids[pair["article"]]]
        assert (story.version, story.relation) == (2, pair["relation"])


@pytest.mark.parametrize("name", _labelled(EXPECTED["without_claims"], str))
def test_article_with_military_words_and_no_deployment_gives_no_claim(
    in_order: Published, ids: dict[str, str], name: str
) -> None:
    reports = [r for r in settled("reports.v1", in_order.messages["reports.v1"]) if isinstance(r, Report)]

    assert [(r.event_key, r.claim.evidence.text) for r in reports if r.article.id == ids[name]] == []


@pytest.mark.parametrize("label", _labelled(EXPECTED["events"], lambda label: ".".join(_of_label(label))))
def test_event_its_sources_and_its_alerts_are_as_a_careful_reader_expects(
    in_order: Published, ids: dict[str, str], label: dict[str, Any]
) -> None:
    event = _events(in_order)[_of_label(label)]
    names = {identity: name for name, identity in ids.items() if name not in LATER_VERSIONS}
    alerts = settled("alerts.v1", in_order.messages["alerts.v1"])

    found = {
        "status": event.status,
        "state": event.state,
        "contested": event.contested,
        "independent": event.independent,
        "articles": {names[report.article] for report in event.reports},
        "alerts": sorted(alert.kind for alert in alerts if alert.event == event.id),
    }
    wanted = {field: label[field] for field in ("status", "state", "contested", "independent")}
    wanted["articles"] = set(label["articles"]) - LATER_VERSIONS
    wanted["alerts"] = sorted(label["alerts"])
    assert found == wanted, label["why"]


def _headlines(published: Published, event: Event, kind: str) -> list[str]:
    alerts: list[Alert] = settled("alerts.v1", published.messages["alerts.v1"])
    return [alert.headline for alert in alerts if (alert.event, alert.kind) == (event.id, kind)]


def test_claims_of_a_corrected_article_are_replaced_and_an_alert_says_what_has_changed(
    in_order: Published, ids: dict[str, str]
) -> None:
    event = _events(in_order)["NOR", "deploy", "MLI"]
    reports = [report for report in event.reports if report.article == ids["02-norway-mali"]]

    assert {(r.version, r.void) for r in reports} == {(1, "corrected"), (2, None)}
    assert {r.count.text for r in reports if r.count and not r.void} == {"300"}
    (headline,) = _headlines(in_order, event, "changed")
    assert "from 3,000 to 300 troops" in headline


def test_claims_of_a_withdrawn_article_are_taken_out_and_an_alert_says_who_has_withdrawn_them(
    in_order: Published, ids: dict[str, str]
) -> None:
    event = _events(in_order)["SVN", "deploy", "NER"]

    assert {(r.article, r.void) for r in event.reports} == {(ids["15-slovenia-niger"], "withdrawn")}
    assert not any(source.standing for source in event.sources)
    (headline,) = _headlines(in_order, event, "retracted")
    assert "Adriatic Ledger has withdrawn its report and no other stands" in headline


@pytest.mark.xfail("other events" in GAPS, reason=GAPS.get("other events", ""))
def test_there_is_no_event_that_a_careful_reader_does_not_expect(in_order: Published) -> None:
    assert set(_events(in_order)) - {_of_label(label) for label in EXPECTED["events"]} == set()


def test_every_alert_shows_words_of_an_article_as_its_evidence(in_order: Published) -> None:
    articles: list[Article] = in_order.records("articles.v1")
    alerts: list[Alert] = in_order.records("alerts.v1")

    assert alerts
    for alert in alerts:
        assert alert.evidence
        for evidence in alert.evidence:
            assert any(evidence.text in article.text for article in articles)
