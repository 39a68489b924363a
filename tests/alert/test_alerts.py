"""Which alerts reports lead to, each once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents.alert.due import due
from agents.alert.severity import SEVERITY_MEANINGS
from agents.alert.state import State
from agents.alert.step import fold, step
from agents.alert.watchlists import ALL
from streams.records import SEVERITIES, Alert, Event, Report, Revision, Severity, Speaker, Status, decode, encode
from tests.news import (
    DIPLOMAT,
    KALIN,
    KYRGYZ_MINISTRY,
    corroborate,
    only,
    place,
    publish,
    report,
    revision,
    troops,
)

KEPT = 180 * 86_400.0


def alerts_of(events: Sequence[Event], state: State | None = None) -> list[Alert]:
    state = State() if state is None else state
    return [alert for event in events for alert in step(state, event, ALL, KEPT)]


def raised(*records: Report | Revision) -> list[str]:
    """The alerts that these records raise in this order, without the event's id."""
    return [alert.id.removeprefix(alert.event + ".") for alert in alerts_of(publish(records))]


CLAIM = report()
SECOND = report("meridian:1", outlet="The Meridian Post", speaker=DIPLOMAT, published="2017-06-22T17:20:00Z")
DENIAL = report("b:1", outlet="B", stance="denies", speaker=KYRGYZ_MINISTRY, published="2017-06-23T05:45:00Z")
DECISION = report("c:1", outlet="C", status="decided", speaker=None, agents=(), published="2017-06-25T09:00:00Z")
REFUSAL = report("d:1", outlet="D", status="refused", speaker=None, agents=("KGZ",), published="2017-06-24T09:00:00Z")
WITHDRAWAL = revision("rferl:syria-request", withdrawn=True, published="2017-06-22T16:00:00Z")


def test_the_first_claim_is_new() -> None:
    assert raised(CLAIM) == ["new"]


def test_a_copy_of_the_claim_is_no_news() -> None:
    assert raised(CLAIM, report("copy:1", outlet="Copy", text=None, published="2017-06-22T16:00:00Z")) == ["new"]


def test_a_second_independent_source_corroborates_and_a_third_says_nothing_new() -> None:
    third = report("e:1", outlet="E", speaker=KALIN, published="2017-06-23T10:00:00Z")

    assert raised(CLAIM, SECOND, third) == ["new", "corroborated"]


def test_a_refusal_does_not_corroborate_the_request() -> None:
    assert "corroborated" not in raised(CLAIM, REFUSAL)


def test_a_source_that_speaks_after_the_first_was_withdrawn_does_not_corroborate_it() -> None:
    assert raised(CLAIM, WITHDRAWAL, SECOND) == ["new", "retracted", "new.again.2017-06-22T17:20:00Z"]


def test_a_denial_by_a_party_contests() -> None:
    assert raised(CLAIM, DENIAL) == ["new", "contested"]


def test_a_denial_by_somebody_else_does_not() -> None:
    paris = Speaker(text="the French foreign minister", role="foreign minister", country="FRA")
    assert raised(CLAIM, report("f:1", outlet="F", stance="denies", speaker=paris)) == ["new"]


def test_a_denial_before_any_claim_is_told_at_once_and_the_claim_when_it_comes() -> None:
    assert raised(DENIAL, CLAIM) == ["contested", "new"]


def test_a_decision_after_a_request_is_firmer() -> None:
    assert raised(CLAIM, DECISION)[-1] == "firmer.decided"


def test_an_arrival_after_a_request_is_firmer_once_and_not_for_each_level_between() -> None:
    arrival = report("g:1", outlet="G", status="occurred", speaker=None, published="2017-06-26T09:00:00Z")

    assert [name for name in raised(CLAIM, arrival) if name.startswith("firmer")] == ["firmer.under-way"]


def test_each_level_that_is_reached_later_is_firmer_again() -> None:
    arrival = report("g:1", outlet="G", status="occurred", speaker=None, published="2017-06-26T09:00:00Z")

    assert [name for name in raised(CLAIM, DECISION, arrival) if name.startswith("firmer")] == [
        "firmer.decided",
        "firmer.under-way",
    ]


def test_a_request_and_a_plan_in_one_article_are_not_firmer() -> None:
    assert raised(CLAIM, report(status="planned", speaker=KALIN)) == ["new"]


def test_a_vaguer_report_after_the_decision_is_not_firmer() -> None:
    later = report("h:1", outlet="H", status="considered", speaker=KALIN, published="2017-06-27T09:00:00Z")

    assert not [name for name in raised(DECISION, later) if name.startswith("firmer")]


def counted(number: int, article: str = "a:1", day: int = 22, status: Status = "decided", version: int = 1) -> Report:
    return report(
        article,
        outlet=article.partition(":")[0],
        version=version,
        status=status,
        mover="NOR",
        to="MLI",
        agents=(),
        count=troops(number),
        published=f"2017-06-{day}T10:00:00Z",
    )


def test_another_number_is_a_change() -> None:
    assert [n for n in raised(counted(300), counted(3000, "b:1", 23)) if n.startswith("changed")] == [
        "changed.count.3000"
    ]


def test_a_number_that_is_rounded_is_no_change() -> None:
    assert not [n for n in raised(counted(1000), counted(1300, "b:1", 23)) if n.startswith("changed")]


def test_the_first_of_a_planned_force_to_arrive_are_no_change_of_its_number() -> None:
    assert not [n for n in raised(counted(300), counted(40, "b:1", 24, "occurred")) if n.startswith("changed")]


def test_a_corrected_number_is_a_change() -> None:
    corrected = counted(250, day=23, version=2)

    assert raised(counted(300), corrected, revision("a:1", 2, published="2017-06-23T10:00:00Z")) == [
        "new",
        "changed.count.250",
    ]


def test_another_destination_far_from_the_first_is_a_change_and_a_suburb_is_none() -> None:
    gao, bamako = place("MLI", "Gao", 16.27, -0.04), place("MLI", "Bamako", 12.65, -8.0)
    suburb = place("MLI", "Wabaria", 16.22, -0.01)
    first = report("a:1", mover="NOR", town=gao)

    assert raised(first, report("b:1", outlet="B", mover="NOR", town=bamako, published="2017-06-23T10:00:00Z")) == [
        "new",
        "changed.place.bamako",
    ]
    assert raised(first, report("b:1", outlet="B", mover="NOR", town=suburb, published="2017-06-23T10:00:00Z")) == [
        "new"
    ]


def test_a_refusal_by_the_one_who_was_asked_calls_it_off() -> None:
    assert raised(CLAIM, REFUSAL) == ["new", "called-off"]


def test_a_refusal_that_was_never_more_than_that_is_new() -> None:
    assert raised(REFUSAL) == ["new"]


def test_a_withdrawal_retracts_whatever_came_first() -> None:
    assert raised(CLAIM, WITHDRAWAL) == ["new", "retracted"]
    assert raised(WITHDRAWAL, CLAIM) == ["new", "retracted"]


def test_a_correction_that_keeps_the_claim_retracts_nothing() -> None:
    again = report(version=2, published="2017-06-22T18:00:00Z")

    assert raised(CLAIM, again, revision("rferl:syria-request")) == ["new"]


def test_a_correction_that_drops_the_claim_retracts_it() -> None:
    assert raised(CLAIM, revision("rferl:syria-request")) == ["new", "retracted"]


AGAIN = report(version=3, published="2017-06-23T09:00:00Z")
THIRD = revision("rferl:syria-request", 3, published="2017-06-23T09:00:00Z")
GONE = revision("rferl:syria-request", 4, withdrawn=True, published="2017-06-24T09:00:00Z")


@pytest.mark.parametrize(
    "order",
    [
        [CLAIM, WITHDRAWAL, AGAIN, THIRD, GONE],
        [CLAIM, AGAIN, THIRD, WITHDRAWAL, GONE],
        [GONE, THIRD, AGAIN, WITHDRAWAL, CLAIM],
        [WITHDRAWAL, CLAIM, GONE, AGAIN, THIRD],
    ],
)
def test_what_is_published_again_after_its_withdrawal_is_told_and_so_is_a_second_withdrawal(
    order: list[Report | Revision],
) -> None:
    assert sorted(raised(*order)) == [
        "new",
        "new.again.2017-06-23T09:00:00Z",
        "retracted",
        "retracted.2017-06-24T09:00:00Z",
    ]


def test_an_event_that_another_outlet_reports_after_its_retraction_stands_again() -> None:
    alerts = alerts_of(publish([CLAIM, WITHDRAWAL, SECOND]))

    assert [alert.headline.partition(": ")[0] for alert in alerts[1:]] == ["Taken back", "Stands again"]
    assert alerts[-1].evidence[0].outlet_name == "The Meridian Post"


def test_a_retraction_that_is_told_late_says_that_the_claim_came_again() -> None:
    (late,) = [a for a in alerts_of(publish([CLAIM, AGAIN, THIRD, WITHDRAWAL])) if a.kind == "retracted"]

    assert late.headline.endswith("RFE/RL has withdrawn its report and it has been reported again since")


def test_background_and_lack_of_knowledge_alert_nobody() -> None:
    assert raised(report(status="background"), report(speaker=KYRGYZ_MINISTRY, stance="knows-nothing")) == []


def test_a_version_told_again_or_overtaken_tells_nothing() -> None:
    events = publish([CLAIM, SECOND])
    state = State()

    assert len(alerts_of(events, state)) == 2
    assert alerts_of([events[1], events[0], events[1]], state) == []


def test_an_event_that_gets_an_earlier_id_does_not_alert_again() -> None:
    late = report("c:1", outlet="C", published="2017-06-16T12:00:00Z")
    alerts = alerts_of(publish([CLAIM, SECOND, late]))

    assert [alert.id for alert in alerts] == ["KGZ.deploy.SYR.2017-W25.new", "KGZ.deploy.SYR.2017-W25.corroborated"]


def test_two_events_that_become_one_tell_only_what_neither_told() -> None:
    early = report("a:1", outlet="A", speaker=KALIN, published="2017-06-14T12:00:00Z")
    bridge = report("c:1", outlet="C", speaker=DIPLOMAT, published="2017-06-18T12:00:00Z")
    alerts = alerts_of(publish([early, CLAIM, bridge]))

    assert [alert.id for alert in alerts] == [
        "KGZ.deploy.SYR.2017-W24.new",
        "KGZ.deploy.SYR.2017-W25.new",
        "KGZ.deploy.SYR.2017-W24.corroborated",
    ]


POOL = [
    CLAIM,
    SECOND,
    DENIAL,
    DECISION,
    REFUSAL,
    WITHDRAWAL,
    AGAIN,
    THIRD,
    GONE,
    counted(300),
    counted(3000, "b:2", 23),
]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(POOL), min_size=1, max_size=10), st.data())
def test_a_worker_that_takes_over_tells_what_the_first_would_have(
    records: list[Report | Revision], data: st.DataObject
) -> None:
    events = publish(records)
    split = data.draw(st.integers(0, len(events)))
    state, caught_up = State(), State()
    alerts_of(events[:split], state)
    for event in data.draw(st.permutations(events[:split])):
        fold(caught_up, event, ALL, KEPT)

    assert [encode(a) for a in alerts_of(events[split:], caught_up)] == [
        encode(a) for a in alerts_of(events[split:], state)
    ]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.permutations([CLAIM, DENIAL, REFUSAL, counted(300), counted(3000, "b:2", 23), SECOND]))
def test_claims_in_any_order_raise_the_same_alerts(records: list[Report]) -> None:
    assert sorted(set(raised(*records))) == sorted(set(raised(*sorted(records, key=lambda r: r.article.published))))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(POOL), min_size=1, max_size=10))
def test_what_is_due_of_the_settled_events_has_been_told(records: list[Report | Revision]) -> None:
    events = publish(records)
    told = {alert.id for alert in alerts_of(events)}

    assert told >= {f"{event.id}.{one.name}" for event in corroborate(*records).values() for one in due(event)}


def test_the_page_of_alerts_says_what_each_severity_means() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "alerts.md").read_text(encoding="utf-8")
    assert set(SEVERITY_MEANINGS) == set(SEVERITIES)
    for name, meaning in SEVERITY_MEANINGS.items():
        assert f"| `{name}` | {meaning} |\n" in page


@pytest.mark.parametrize(
    ("records", "severity"),
    [
        ([CLAIM], "normal"),
        ([SECOND], "low"),
        ([SECOND, report("i:1", outlet="I", speaker=DIPLOMAT)], "normal"),
        ([report(stance="alleges")], "low"),
        ([DECISION], "critical"),
        ([report(status="decided", speaker=None, agents=(), confidence=0.4)], "normal"),
        ([report(status="occurred", speaker=DIPLOMAT)], "low"),
        ([report(status="occurred", to="KGZ", agents=())], "normal"),
        ([report(status="occurred", to=None)], "normal"),
        ([report(act="withdraw", status="occurred")], "normal"),
        ([DENIAL], "low"),
    ],
)
def test_severity(records: list[Report | Revision], severity: Severity) -> None:
    assert alerts_of(publish(records))[-1].severity == severity


def test_a_claim_that_was_void_before_it_could_be_told_is_low() -> None:
    assert alerts_of(publish([WITHDRAWAL, CLAIM]))[0].severity == "low"


def test_taking_back_a_critical_alert_is_critical() -> None:
    alerts = alerts_of(publish([DECISION, revision("c:1", withdrawn=True, published="2017-06-25T19:00:00Z")]))

    assert [(alert.kind, alert.severity) for alert in alerts] == [("new", "critical"), ("retracted", "critical")]


def test_an_alert_carries_its_evidence_and_sources() -> None:
    alert = alerts_of(publish([CLAIM, SECOND]))[-1]

    assert [evidence.outlet_name for evidence in alert.evidence] == ["The Meridian Post", "RFE/RL"]
    assert alert.sources == ("RFE/RL, quoting Vladimir Shamanov", "The Meridian Post, quoting a Western diplomat")
    assert alert.outlets == ("RFE/RL", "The Meridian Post")
    assert (alert.event_version, alert.published) == (2, "2017-06-22T17:20:00Z")
    assert only(corroborate(CLAIM, SECOND)).id == alert.event


def test_evidence_names_its_report_and_article_so_that_both_can_be_looked_up() -> None:
    alert = alerts_of(publish([CLAIM, SECOND]))[-1]
    by_id = {r.id: r for r in (CLAIM, SECOND)}
    for evidence in alert.evidence:
        told = by_id[evidence.report]
        assert (evidence.article, evidence.version) == (told.article.id, told.article.version)
        assert (evidence.status, evidence.confidence) == (told.claim.status, told.claim.confidence)


def test_an_alert_that_was_written_before_these_fields_is_still_read() -> None:
    raw = orjson.loads(encode(alerts_of(publish([CLAIM]))[0]))
    for evidence in raw["evidence"]:
        for field in ("report", "article", "version", "status", "confidence"):
            del evidence[field]
    read = decode(orjson.dumps(raw), Alert)
    assert (read.evidence[0].report, read.evidence[0].confidence) == ("", None)
