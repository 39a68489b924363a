"""What the stages make of the samples, compared with what a careful reader expects of them."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest

from streams.dry_run import DEAD, Published, settled
from streams.records import Alert, Article, Event, Report, Story

Identity = tuple[str, str, str | None]
"""Mover, act family and destination: what tells one deployment of the samples from another."""


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


def test_copies_are_recognised_with_their_origin_and_relation(
    in_order: Published, ids: dict[str, str], expected: dict[str, Any]
) -> None:
    stories: dict[str, Story] = {s.article: s for s in settled("stories.v1", in_order.messages["stories.v1"])}

    copies = {
        name: story
        for name, identity in ids.items()
        if (story := stories[identity]).relation in ("copy", "excerpt", "expanded", "rewrite", "update")
    }
    assert set(copies) == {label["article"] for label in expected["copies"]}
    for label in expected["copies"]:
        assert copies[label["article"]].of == ids[label["of"]]
        assert copies[label["article"]].relation in (label["relation"], *label.get("also", ()))


def test_copies_have_the_model_article_as_their_story(
    in_order: Published, ids: dict[str, str], expected: dict[str, Any]
) -> None:
    stories: dict[str, Story] = {s.article: s for s in settled("stories.v1", in_order.messages["stories.v1"])}

    for pair in expected["copies"]:
        assert stories[ids[pair["article"]]].story == ids[pair["of"]]


def test_later_versions_are_a_correction_and_a_withdrawal(
    in_order: Published, ids: dict[str, str], expected: dict[str, Any]
) -> None:
    stories: dict[str, Story] = {s.article: s for s in settled("stories.v1", in_order.messages["stories.v1"])}

    for pair in expected["versions"]:
        story = stories[ids[pair["article"]]]
        assert (story.version, story.relation) == (2, pair["relation"])


def test_articles_with_military_words_and_no_deployment_give_no_claim(
    in_order: Published, ids: dict[str, str], expected: dict[str, Any]
) -> None:
    reports = [r for r in settled("reports.v1", in_order.messages["reports.v1"]) if isinstance(r, Report)]
    without = {ids[name] for name in expected["without_claims"]}

    assert [(r.article.title, r.claim.evidence.text) for r in reports if r.article.id in without] == []


def test_events_are_those_that_a_careful_reader_expects(in_order: Published, expected: dict[str, Any]) -> None:
    assert set(_events(in_order)) == {_of_label(label) for label in expected["events"]}


@pytest.mark.parametrize("field", ["status", "state", "contested", "independent"])
def test_field_of_every_event_is_as_a_careful_reader_expects(
    in_order: Published, expected: dict[str, Any], field: str
) -> None:
    events = _events(in_order)

    found = {_of_label(label): getattr(events.get(_of_label(label)), field, None) for label in expected["events"]}
    assert found == {_of_label(label): label[field] for label in expected["events"]}


def test_events_stand_on_the_articles_that_a_careful_reader_expects(
    in_order: Published, expected: dict[str, Any], ids: dict[str, str]
) -> None:
    events = _events(in_order)

    for label in expected["events"]:
        event = events[_of_label(label)]
        assert {report.article for report in event.reports} == {ids[name] for name in label["articles"]}, label["why"]


def test_alerts_of_every_event_are_those_that_a_careful_reader_expects(
    in_order: Published, expected: dict[str, Any]
) -> None:
    events: list[Event] = settled("events.v1", in_order.messages["events.v1"])
    identity = {event.id: _of_event(event) for event in events}
    raised: dict[Identity, list[str]] = defaultdict(list)
    for alert in settled("alerts.v1", in_order.messages["alerts.v1"]):
        assert isinstance(alert, Alert)
        raised[identity[alert.event]].append(alert.kind)

    wanted = {_of_label(label): sorted(label["alerts"]) for label in expected["events"]}
    assert {key: sorted(kinds) for key, kinds in raised.items()} == wanted


def test_every_alert_shows_words_of_an_article_as_its_evidence(in_order: Published) -> None:
    articles: list[Article] = in_order.records("articles.v1")
    alerts: list[Alert] = in_order.records("alerts.v1")

    assert alerts
    for alert in alerts:
        assert alert.evidence
        for evidence in alert.evidence:
            assert any(evidence.text in article.text for article in articles)
