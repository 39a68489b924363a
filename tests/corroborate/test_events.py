"""What an event says: when it begins and ends, how firm it is, who contests it, what is void."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from agents.corroborate.event import BYTES, REPORTS
from agents.corroborate.sessions import DAY
from agents.corroborate.state import Limits, State
from agents.corroborate.step import step
from streams.records import Event, Report, Revision, Speaker, Status, encode
from tests.news import (
    DIPLOMAT,
    KALIN,
    KYRGYZ_MINISTRY,
    SHAMANOV,
    corroborate,
    country,
    only,
    place,
    publish,
    report,
    revision,
    troops,
)


def test_the_id_names_mover_family_place_and_week() -> None:
    event = only(corroborate(report(published="2017-06-22T14:05:00Z")))

    assert event.id == "KGZ.deploy.SYR.2017-W25"
    assert (event.mover.name, event.status, event.state) == ("Kyrgyzstan", "requested", "standing")


def test_an_unknown_place_is_a_value() -> None:
    event = only(corroborate(report(to=None)))

    assert event.id == "KGZ.deploy.unknown.2017-W25"
    assert event.place is None


def test_reports_within_a_week_of_each_other_are_one_event() -> None:
    event = only(
        corroborate(
            report("a:1", published="2017-06-22T14:05:00Z"), report("b:1", outlet="B", published="2017-06-29T14:05:00Z")
        )
    )

    assert (event.first_seen, event.last_seen) == ("2017-06-22T14:05:00Z", "2017-06-29T14:05:00Z")


def test_reports_more_than_a_week_apart_are_two_events() -> None:
    events = corroborate(
        report("a:1", published="2017-06-22T14:05:00Z"), report("b:1", outlet="B", published="2017-06-29T14:05:01Z")
    )

    assert sorted(events) == ["KGZ.deploy.SYR.2017-W25", "KGZ.deploy.SYR.2017-W26"]


def test_late_report_bridges_two_sessions() -> None:
    first = report("a:1", published="2017-06-14T12:00:00Z")
    second = report("b:1", outlet="B", published="2017-06-26T12:00:00Z")
    late = report("c:1", outlet="C", published="2017-06-20T12:00:00Z")
    published = publish([first, second, late])

    assert [(event.id, event.state) for event in published] == [
        ("KGZ.deploy.SYR.2017-W24", "standing"),
        ("KGZ.deploy.SYR.2017-W26", "standing"),
        ("KGZ.deploy.SYR.2017-W24", "standing"),
        ("KGZ.deploy.SYR.2017-W25", "merged"),
        ("KGZ.deploy.SYR.2017-W26", "merged"),
    ]
    joined = published[2]
    assert joined.merged == ("KGZ.deploy.SYR.2017-W25", "KGZ.deploy.SYR.2017-W26")
    assert joined.report_count == 3
    assert {event.merged_into for event in published[3:]} == {joined.id}
    assert published[4].version > published[1].version


def test_an_earlier_report_that_arrives_late_renames_the_event() -> None:
    events = corroborate(
        report("b:1", published="2017-06-26T12:00:00Z"), report("a:1", published="2017-06-22T12:00:00Z")
    )

    assert only(events).id == "KGZ.deploy.SYR.2017-W25"
    assert events["KGZ.deploy.SYR.2017-W26"].merged_into == "KGZ.deploy.SYR.2017-W25"


@pytest.mark.parametrize(("gap", "named"), [(7.0, "2017-W25"), (2.0, "2017-06-22"), (0.25, "2017-06-22T14")])
def test_sessions_closer_than_a_week_are_named_by_day_or_hour(gap: float, named: str) -> None:
    assert only(corroborate(report(), gap_days=gap)).id == f"KGZ.deploy.SYR.{named}"


def test_the_firmest_standing_status_is_the_events() -> None:
    event = only(
        corroborate(
            report("a:1", status="planned"),
            report("b:1", outlet="B", status="requested", published="2017-06-23T10:00:00Z"),
        )
    )

    assert event.status == "planned"


def test_a_status_that_has_been_withdrawn_no_longer_counts() -> None:
    event = only(
        corroborate(
            report("a:1", status="requested"),
            report("b:1", outlet="B", status="decided", published="2017-06-23T10:00:00Z"),
            revision("b:1", withdrawn=True),
        )
    )

    assert event.status == "requested"


def refusal(status: Status = "refused", by: str | None = "KGZ", published: str = "2017-06-24T09:00:00Z") -> Report:
    return report(
        "akipress:1", outlet="AKIpress", status=status, speaker=None, agents=(by,) if by else (), published=published
    )


def test_refusal_by_the_one_who_was_asked_outweighs_the_request() -> None:
    assert only(corroborate(report(), refusal())).status == "refused"


def test_a_request_repeated_after_the_refusal_does_not_revive_it() -> None:
    again = report("late:1", outlet="Late", published="2017-06-25T09:00:00Z")

    assert only(corroborate(report(), refusal(), again)).status == "refused"


def test_a_decision_after_the_refusal_outweighs_it() -> None:
    decision = report("later:1", outlet="Later", status="decided", published="2017-06-26T09:00:00Z")

    assert only(corroborate(report(), refusal(), decision)).status == "decided"


def test_refusal_of_a_bystander_changes_nothing() -> None:
    assert only(corroborate(report(), refusal(by="FRA"))).status == "requested"


def test_opposition_of_the_host_state_does_not_call_off_what_happens() -> None:
    event = only(corroborate(report(status="ongoing"), refusal("opposed", by="SYR")))

    assert event.status == "ongoing"


@pytest.mark.parametrize(
    "speaker",
    [
        KYRGYZ_MINISTRY,  # the mover
        Speaker(text="the Kremlin", organisation="Kremlin", country="RUS"),  # the agent
        Speaker(text="Damascus", country="SYR"),  # the place
    ],
)
def test_denial_by_the_accused_party_contests_the_event(speaker: Speaker) -> None:
    denial = report("b:1", outlet="B", stance="denies", speaker=speaker, agents=(), published="2017-06-23T05:45:00Z")
    event = only(corroborate(report(), denial))

    assert event.contested
    assert event.status == "requested"
    assert [r.party for r in event.reports] == [False, True]


def test_who_denies_it_does_not_refuse_it_in_the_same_breath() -> None:
    denial = report("b:1", outlet="B", stance="denies", speaker=KYRGYZ_MINISTRY, published="2017-06-23T05:45:00Z")
    refused = report(
        "b:1", outlet="B", status="refused", speaker=KYRGYZ_MINISTRY, agents=("KGZ",), published="2017-06-23T05:45:00Z"
    )
    event = only(corroborate(report(), denial, refused))

    assert (event.status, event.contested) == ("requested", True)
    assert only(corroborate(report(), refused)).status == "refused"


def test_an_armed_group_denies_under_its_own_name() -> None:
    event = only(
        corroborate(
            report(mover="hezbollah", kind="armed-group", agents=()),
            report(
                "b:1",
                mover="hezbollah",
                kind="armed-group",
                stance="denies",
                speaker=Speaker(text="a Hezbollah spokesman", organisation="Hezbollah", country="LBN"),
                agents=(),
            ),
        )
    )

    assert event.contested


def test_lack_of_knowledge_is_no_denial() -> None:
    event = only(corroborate(report(), report(speaker=KYRGYZ_MINISTRY, stance="knows-nothing")))

    assert not event.contested
    assert event.independent == 1
    assert [(r.stance, r.speaker) for r in event.reports if r.stance == "knows-nothing"] == [
        ("knows-nothing", KYRGYZ_MINISTRY)
    ]


def test_a_withdrawn_denial_no_longer_contests() -> None:
    denial = report("b:1", outlet="B", stance="denies", speaker=KYRGYZ_MINISTRY, published="2017-06-23T05:45:00Z")

    assert not only(corroborate(report(), denial, revision("b:1", withdrawn=True))).contested


def test_a_denial_that_comes_before_the_claim_makes_an_event_without_a_source() -> None:
    denial = report("b:1", outlet="B", stance="denies", speaker=KYRGYZ_MINISTRY, published="2017-06-21T05:45:00Z")
    alone = only(corroborate(denial))

    assert (alone.independent, alone.contested, alone.state) == (0, True, "standing")
    both = only(corroborate(denial, report()))
    assert (both.independent, both.contested, both.state) == (1, True, "standing")


@pytest.mark.parametrize("order", list(itertools.permutations(range(2))))
def test_a_withdrawn_article_retracts_the_event_whatever_came_first(order: tuple[int, ...]) -> None:
    records: list[Report | Revision] = [report(), revision("rferl:syria-request", version=1, withdrawn=True)]
    event = only(corroborate(*(records[n] for n in order)))

    assert (event.state, event.independent, event.status) == ("retracted", 0, "requested")
    assert (event.reports[0].void, event.reports[0].void_since) == ("withdrawn", "2017-06-22T18:00:00Z")


def test_a_denial_does_not_keep_a_withdrawn_claim_standing() -> None:
    denial = report("b:1", outlet="B", stance="denies", speaker=KYRGYZ_MINISTRY, published="2017-06-23T05:45:00Z")

    assert only(corroborate(report(), denial, revision("rferl:syria-request", withdrawn=True))).state == "retracted"


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_a_corrected_article_replaces_its_reports(order: tuple[int, ...]) -> None:
    first = report(mover="NOR", to="MLI", status="decided", count=troops(3000))
    second = report(
        mover="NOR", to="MLI", status="decided", count=troops(300), version=2, published="2017-06-22T18:05:00Z"
    )
    records: list[Report | Revision] = [first, second, revision("rferl:syria-request", 2)]
    event = only(corroborate(*(records[n] for n in order)))

    assert [(r.count.high if r.count else None, r.void) for r in event.reports] == [(3000, "corrected"), (300, None)]
    assert (event.state, event.independent) == ("standing", 1)


def test_background_alone_raises_no_event() -> None:
    assert publish([report(status="background")]) == []


def test_background_joins_an_event_that_is_there_or_comes_later() -> None:
    history = report("b:1", outlet="B", status="background", speaker=None, published="2017-06-18T10:00:00Z")

    for records in ([history, report()], [report(), history]):
        event = only(corroborate(*records))
        assert event.report_count == 2
        assert (event.id, event.first_seen, event.independent) == ("KGZ.deploy.SYR.2017-W25", "2017-06-22T14:05:00Z", 1)


def test_background_does_not_hold_two_events_together() -> None:
    weekly = [
        report(f"b:{n}", outlet="B", status="background", speaker=None, published=f"2017-06-{n}T10:00:00Z")
        for n in range(12, 30, 3)
    ]
    events = corroborate(
        report("a:1", published="2017-06-10T10:00:00Z"), report("a:2", published="2017-06-30T10:00:00Z"), *weekly
    )

    assert [event.state for event in events.values()] == ["standing", "standing"]


def test_a_known_report_and_a_revision_of_something_else_publish_nothing() -> None:
    published = publish([report(), report(), revision("elsewhere:1", withdrawn=True)])

    assert len(published) == 1


def test_a_withdrawal_that_is_told_twice_is_published_once() -> None:
    notice = revision("rferl:syria-request", withdrawn=True)

    assert [event.state for event in publish([report(), notice, notice])] == ["standing", "retracted"]


def test_the_version_grows_with_everything_that_becomes_known() -> None:
    published = publish(
        [
            report(),
            report("b:1", outlet="B", speaker=KALIN),
            revision("b:1", 2),
            revision("b:1", 3),
            revision("b:1", 3, withdrawn=True),
            report("c:1", outlet="C", speaker=DIPLOMAT),
        ]
    )

    versions = [event.version for event in published]
    assert len(versions) == 6
    assert versions == sorted(set(versions))


def test_a_later_usable_version_brings_a_withdrawn_article_back() -> None:
    article = "rferl:syria-request"
    event = only(
        corroborate(
            report(),
            revision(article, 2, withdrawn=True),
            report(version=3, published="2017-06-23T09:00:00Z"),
            revision(article, 3),
        )
    )

    assert (event.state, [r.void for r in event.reports]) == ("standing", ["withdrawn", None])


def test_an_event_that_ended_long_ago_is_forgotten() -> None:
    old = report("a:1", published="2017-01-10T10:00:00Z")
    elsewhere = report("b:1", to="IRQ", published="2017-06-22T10:00:00Z")
    late = report("c:1", outlet="C", published="2017-01-11T10:00:00Z")

    assert [event.key for event in publish([old, elsewhere, late])] == ["KGZ.deploy.SYR", "KGZ.deploy.IRQ"]


def test_what_is_forgotten_leaves_the_memory_bit_by_bit() -> None:
    state, limits = State(), Limits(gap=7 * DAY, kept=90 * DAY)
    old = [report(f"a:{n}", mover=f"{n:03}", published="2017-01-10T10:00:00Z") for n in range(40)]
    notices = [revision(f"a:{n}", published="2017-01-11T10:00:00Z") for n in range(40)]
    later = [report(f"b:{n}", to="IRQ", published="2017-06-22T10:00:00Z") for n in range(60)]
    for record in [*old, *notices, *later]:
        step(state, record, limits, "week")

    assert state.size() == 60
    assert set(state.keys) == {"KGZ.deploy.IRQ"}
    assert not state.revisions


def test_a_large_event_lists_a_bounded_number_of_reports_and_counts_all() -> None:
    many = [
        report(
            f"paper-{n}:1",
            outlet=f"Paper {n}",
            says=f"Sentence {n}. " + "x" * 30_000,
            published=f"2017-06-22T{n // 60:02}:{n % 60:02}:00Z",
        )
        for n in range(300)
    ]
    denial = report("z:1", outlet="Z", stance="denies", speaker=KYRGYZ_MINISTRY, published="2017-06-23T05:45:00Z")
    event = only(corroborate(*many, denial))

    assert (event.report_count, event.outlet_count) == (301, 301)
    assert len(event.reports) <= REPORTS
    assert any(r.stance == "denies" for r in event.reports)
    assert len(encode(event)) <= BYTES


def test_reports_are_listed_by_time() -> None:
    event: Event = only(
        corroborate(
            *(report(f"a{n}:1", outlet=f"A{n}", published=f"2017-06-2{n}T10:00:00Z") for n in (5, 2, 4, 3)),
        )
    )

    assert [r.published for r in event.reports] == sorted(r.published for r in event.reports)


def test_the_place_of_an_event_is_the_one_that_most_reports_name() -> None:
    idlib = place("SYR", "Idlib")
    event = only(
        corroborate(report("a:1", town=idlib), *(report(f"b{n}:1", outlet=f"B{n}", speaker=DIPLOMAT) for n in range(2)))
    )

    assert event.place is not None
    assert event.place.name == "Syria"
    assert event.mover.code == country("KGZ").code
    assert SHAMANOV in [r.speaker for r in event.reports]


def test_what_one_article_says_of_an_event_is_told_together() -> None:
    both = [replace(report(speaker=speaker), siblings=2) for speaker in (SHAMANOV, KALIN)]
    published = publish(both)

    assert [event.report_count for event in published] == [2]
    assert publish([both[0], both[0]]) == []


def test_the_siblings_of_another_version_or_event_are_not_waited_for() -> None:
    both = [replace(report(speaker=speaker), siblings=2) for speaker in (SHAMANOV, KALIN)]
    second = [replace(r, id=r.id + "2", article=replace(r.article, version=2)) for r in both]
    elsewhere = report(mover="KAZ")

    assert publish([both[0], second[0]]) == []
    assert [event.key for event in publish([both[0], elsewhere])] == ["KAZ.deploy.SYR"]
    assert [event.report_count for event in publish([both[0], second[0], second[1], both[1]])] == [2, 4]
