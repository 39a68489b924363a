"""The page of an event: its course, its sources and its words, for somebody who sees it for the first time."""

from __future__ import annotations

import pytest

from desk.state import Desk
from desk.story import Story, story
from streams.records import Report, Revision
from tests.desk.conftest import event_messages
from tests.news import DIPLOMAT, KALIN, KYRGYZ_MINISTRY, WIRE, corroborate, only, place, report, revision, troops


def told(*records: Report | Revision, alerts: set[str] | None = None) -> Story:
    event = only(corroborate(*records))
    desk = Desk()
    assert desk.take(event_messages([event])) == []
    row = desk.row(event.id)
    assert row is not None
    return story(event, requested=event.id, summary=row, related=[], alerts=alerts or set())


DENIAL = report("c:1", outlet="C", stance="denies", speaker=KYRGYZ_MINISTRY, published="2017-06-23T10:00:00Z")
SECOND = report("b:1", outlet="B", speaker=DIPLOMAT, published="2017-06-23T08:00:00Z")
PLAN = report("d:1", outlet="D", speaker=None, status="planned", agents=(), published="2017-06-24T08:00:00Z")
TAKEN_BACK = revision("rferl:syria-request", withdrawn=True, published="2017-06-25T09:00:00Z")


def test_the_timeline_tells_what_the_event_amounted_to_at_each_time() -> None:
    moments = told(PLAN, DENIAL, report(), SECOND, TAKEN_BACK).timeline

    assert [(m.kind, m.level, m.firmest, m.independent, m.outlet, m.speaker) for m in moments] == [
        ("claim", 1, "requested", 1, "RFE/RL", "Vladimir Shamanov"),
        ("claim", 1, "requested", 2, "B", "a Western diplomat"),
        ("denial", 1, "requested", 2, "C", "a spokesman of the Kyrgyz Foreign Ministry"),
        ("claim", 2, "planned", 3, "D", None),
        ("withdrawal", 1, "planned", 2, "RFE/RL", "Vladimir Shamanov"),
    ]
    assert [m.at for m in moments] == sorted(m.at for m in moments)


def test_kinds_of_reports_are_told_apart() -> None:
    moments = told(
        report(status="refused", agents=("KGZ",), speaker=KYRGYZ_MINISTRY),
        report("b:1", outlet="B", stance="doubts", speaker=DIPLOMAT),
        report("c:1", outlet="C", stance="knows-nothing", speaker=KYRGYZ_MINISTRY),
        report("d:1", outlet="D", status="background", speaker=None),
        revision("b:1"),
    ).timeline

    assert {m.outlet: m.kind for m in moments if m.kind != "correction"} == {
        "RFE/RL": "refusal", "B": "doubt", "C": "knows-nothing", "D": "background",
    }  # fmt: skip
    assert [m.outlet for m in moments if m.kind == "correction"] == ["B"]


def test_who_knows_nothing_of_it_is_called_so() -> None:
    page = told(report(), report("c:1", outlet="C", stance="knows-nothing", speaker=KYRGYZ_MINISTRY))

    assert [source.title for source in page.sources] == ["source 1", "who knows nothing of it"]


def test_while_nobody_claims_it_there_is_no_status() -> None:
    assert [(m.firmest, m.independent) for m in told(DENIAL).timeline] == [(None, 0)]


def test_what_was_taken_back_keeps_the_status_that_it_had() -> None:
    again = report("b:1", outlet="B", published="2017-06-26T08:00:00Z", status="offered")
    early = report("c:1", outlet="C", stance="denies", speaker=KYRGYZ_MINISTRY, published="2017-06-21T10:00:00Z")
    moments = told(early, report(), TAKEN_BACK, again, revision("b:1", published="2017-06-27T09:00:00Z")).timeline

    assert [(m.kind, m.firmest, m.independent) for m in moments] == [
        ("denial", None, 0),
        ("claim", "requested", 1),
        ("withdrawal", "requested", 0),
        ("claim", "offered", 1),
        ("correction", "offered", 0),
    ]


def test_what_was_news_is_told_with_its_reason_and_its_alert() -> None:
    changes = told(PLAN, DENIAL, report(), SECOND, alerts={"KGZ.deploy.SYR.2017-W25.contested"}).changes

    assert [(change.what, change.why, change.alert) for change in changes] == [
        ("new", "first reported: RFE/RL, quoting Vladimir Shamanov", None),
        ("corroborated", "a second independent source: B, quoting a Western diplomat", None),
        (
            "contested",
            "denied: C, quoting a spokesman of the Kyrgyz Foreign Ministry",
            "KGZ.deploy.SYR.2017-W25.contested",
        ),
        ("firmer", "planned, requested before: D", None),
    ]


def test_what_was_taken_back_and_told_again_is_news() -> None:
    again = report("b:1", outlet="B", published="2017-06-26T08:00:00Z")
    number = report("e:1", outlet="E", count=troops(3000), published="2017-06-27T08:00:00Z")
    fewer = report("f:1", outlet="F", count=troops(300), published="2017-06-28T08:00:00Z")

    whys = [change.why for change in told(report(), TAKEN_BACK, again, number, fewer).changes]

    assert whys[1:] == [
        "RFE/RL has withdrawn its report",
        "reported again: B, quoting Vladimir Shamanov",
        "from 3,000 to 300 troops: F, quoting Vladimir Shamanov",
    ]


def test_an_alert_of_an_id_that_was_merged_belongs_to_the_event() -> None:
    early = report("e:1", outlet="E", published="2017-06-18T10:00:00Z")

    page = told(report(), early, alerts={"KGZ.deploy.SYR.2017-W25.new"})

    assert page.summary.id == "KGZ.deploy.SYR.2017-W24"
    assert page.merged == ("KGZ.deploy.SYR.2017-W25",)
    assert [change.alert for change in page.changes if change.what == "new"] == ["KGZ.deploy.SYR.2017-W25.new"]


def test_sources_are_named_by_what_they_are_and_by_where_they_come_from() -> None:
    copies = [report(f"{name}:1", outlet=name, text=WIRE, credits=("interfax",)) for name in ("One", "Two")]
    quoted = [
        report(f"{name}:1", outlet=name, speaker=KALIN, published="2017-06-23T08:00:00Z") for name in ("Four", "Five")
    ]
    void = report("six:1", outlet="six", speaker=None, published="2017-06-24T08:00:00Z")
    page = told(*copies, *quoted, void, revision("six:1", published="2017-06-24T09:00:00Z"), DENIAL)

    assert [(s.title, s.counts, s.origin.kind, s.origin.name) for s in page.sources] == [
        ("source 1", True, "agency", "Interfax"),
        ("source 2", True, "speaker", "Ibrahim Kalin"),
        ("corrected or withdrawn", False, "outlet", "six"),
        ("denials", False, "outlet", "C"),
    ]
    first = page.sources[0]
    assert [agency.name for agency in first.agencies] == ["Interfax"]
    assert {outlet.name: len(outlet.reports) for outlet in first.outlets} == {"One": 1, "Two": 1}
    assert {reason.kind for reason in first.reasons} >= {"origin-text", "agency"}
    assert [(who.name, who.stance) for who in page.sources[3].speakers] == [
        ("a spokesman of the Kyrgyz Foreign Ministry", "denies")
    ]


@pytest.mark.parametrize(
    ("credits", "kind", "name"),
    [
        ((("interfax",), ()), "agency", "Interfax"),
        ((("interfax",), ("tass",)), "outlet", "One"),
        ((("interfax", "tass"), ("interfax",)), "outlet", "One"),
        ((("dailysabah.com",), ("dailysabah.com",)), "outlet", "One"),
    ],
)
def test_only_an_agency_that_all_credit_and_no_other_is_the_origin(
    credits: tuple[tuple[str, ...], ...], kind: str, name: str
) -> None:
    first, second = (
        report(
            f"{outlet}:1",
            outlet=outlet,
            text=WIRE,
            credits=credited,
            speaker=None,
            published=f"2017-06-22T1{hour}:00:00Z",
        )
        for hour, (outlet, credited) in enumerate(zip(("One", "Two"), credits, strict=True))
    )

    (source,) = told(second, first).sources

    assert (source.origin.kind, source.origin.name) == (kind, name)
    assert {agency.id for agency in source.agencies} == {id for some in credits for id in some}


def test_who_refuses_in_a_source_is_told_by_that_word() -> None:
    refusal = report(status="refused", agents=("KGZ",), speaker=KYRGYZ_MINISTRY, says="We shall send nobody.")
    told_of = report(status="opposed", agents=("SYR",), speaker=KALIN, says="Syria is against it, said Kalin.")

    (source,) = told(report(), refusal, told_of).sources

    assert {(who.name, who.word, who.against) for who in source.speakers} == {
        ("Vladimir Shamanov", "affirms", False),
        ("a spokesman of the Kyrgyz Foreign Ministry", "refuses", True),
        ("Ibrahim Kalin", "says it is opposed", True),
    }


def test_a_report_is_shown_in_words_with_all_that_it_rests_on() -> None:
    gao = place("MLI", "Gao", 16.27, -0.04)
    (shown,) = told(report(mover="NOR", to="MLI", town=gao, count=troops(300), agents=("FRA",))).reports

    assert (shown.count, shown.place, shown.agents, shown.called) == (
        "300 troops", "Gao in Mali", ("France",), "Vladimir Shamanov",
    )  # fmt: skip
    assert shown.evidence == "Russia has asked Kyrgyzstan to send troops to Syria."
    assert shown.codes is not None


def test_codes_are_counted() -> None:
    assert [(codes.plover, codes.cameo, codes.reports) for codes in told(report(), SECOND).codes] == [
        ("REQUEST", "0214", 2)
    ]


def test_every_report_of_the_samples_is_shown_with_the_text_around_it(sample_desk: Desk) -> None:
    event = sample_desk.event("NOR.deploy.MLI.2017-W25")
    assert event is not None
    assert all(report.before or report.after for report in event.reports)
    assert any(report.after.startswith(" ") for report in event.reports)
