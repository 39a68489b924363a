"""What the desk knows is the same in whatever order, and however often, the records come."""

from __future__ import annotations

import dataclasses
from random import Random

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk import position as positions
from desk.filters import alert_query, event_query
from desk.state import ALERTS, EVENTS, Desk, HeldAlert, Incoming
from streams.records import Alert, Event, decode, encode
from tests.desk.conftest import alert_messages, event_messages
from tests.news import DIPLOMAT, KYRGYZ_MINISTRY, publish, report, revision

EVERYTHING = event_query([])
ALL_ALERTS = alert_query([])

HISTORY = publish(
    [
        report("late:1", outlet="Late", published="2017-06-27T09:00:00Z"),
        report(),
        report("b:1", outlet="B", speaker=DIPLOMAT, published="2017-06-23T08:00:00Z"),
        report("c:1", outlet="C", stance="denies", speaker=KYRGYZ_MINISTRY, published="2017-06-23T10:00:00Z"),
        report("d:1", outlet="D", mover="NOR", to="MLI", status="decided", agents=()),
        revision("d:1", withdrawn=True),
        report("e:1", outlet="E", published="2017-06-18T10:00:00Z"),
    ]
)
"""Versions of two events; the one with the denial began in a later week until reports of earlier ones came."""


def desk_of(messages: list[Incoming], size: int = 1000) -> Desk:
    desk = Desk()
    for start in range(0, len(messages), size):
        assert desk.take(messages[start : start + size]) == []
    return desk


def event(id: str, version: int = 1, into: str | None = None) -> Event:
    """An event of that id; with `into` one that was taken over."""
    standing = HISTORY[0]
    if into is not None:
        return dataclasses.replace(standing, id=id, version=version, state="merged", merged_into=into, reports=())
    return dataclasses.replace(standing, id=id, version=version)


@pytest.fixture(scope="module")
def alert(messages: list[Incoming]) -> Alert:
    return decode(next(one.value for one in messages if one.topic == ALERTS and one.value is not None), Alert)


@settings(max_examples=30)
@given(
    order=st.permutations(range(len(HISTORY))),
    again=st.lists(st.sampled_from(range(len(HISTORY)))),
    size=st.integers(1, 9),
)
def test_events_are_the_same_in_any_order_again_and_with_lower_versions_later(
    order: list[int], again: list[int], size: int
) -> None:
    in_order = desk_of(event_messages(HISTORY))
    shuffled = desk_of(event_messages([HISTORY[number] for number in (*order, *again)]), size)

    assert shuffled.list_events(EVERYTHING) == in_order.list_events(EVERYTHING)
    assert (shuffled.as_of, shuffled.events) == (in_order.as_of, in_order.events)
    for id in {event.id for event in HISTORY}:
        assert shuffled.event(id) == in_order.event(id)


def test_the_history_holds_what_the_order_could_spoil() -> None:
    assert {"merged", "standing", "retracted"} == {event.state for event in HISTORY}
    assert desk_of(event_messages(HISTORY)).events == 2


@settings(max_examples=30)
@given(seed=st.randoms(use_true_random=False))
def test_partitions_of_alerts_may_be_read_in_any_turn(messages: list[Incoming], seed: Random) -> None:
    told = [message for message in messages if message.topic == ALERTS]
    lanes = {number: [one for one in told if one.partition == number] for number in (0, 1)}
    turns = [one.partition for one in told]
    seed.shuffle(turns)
    shuffled = [lanes[number].pop(0) for number in turns]

    assert ids(desk_of(shuffled, 3)) == ids(desk_of(told)) == [one.key for one in reversed(told)]


def ids(desk: Desk) -> list[str]:
    return [alert.id for alert in desk.list_alerts(ALL_ALERTS)[0]]


@pytest.mark.parametrize(
    ("events", "asked", "found"),
    [
        ([event("a"), event("b", into="a")], "b", "a"),
        ([event("a"), event("b", into="a"), event("c", into="b"), event("d", into="c")], "d", "a"),
        ([event("b", into="a")], "b", None),
        ([event("a", into="b"), event("b", into="a")], "a", None),
        ([event("a", into="a")], "a", None),
        ([event("a")], "nothing", None),
        ([event("b", 9, into="a"), event("a"), event("b", 3)], "b", "a"),
    ],
)
def test_an_id_that_was_merged_leads_to_what_took_it_over(events: list[Event], asked: str, found: str | None) -> None:
    desk = desk_of(event_messages(events))

    there = desk.event(asked)

    assert (there.id if there is not None else None) == found
    assert desk.events == len([e for e in events if e.state != "merged" and e.version == 1])


def test_a_deletion_takes_an_event_from_the_list() -> None:
    first, second = event_messages([event("a"), event("b")])
    desk = desk_of([first, second, dataclasses.replace(first, value=None, offset=2)], 1)

    assert [row.id for row in desk.list_events(EVERYTHING).events] == ["b"]
    assert desk.event("a") is None


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b'{"id": "x", "version": "1"}',
        b'{"id":"x","version":1,"state":"standing"}',
        b"[" * 9999,
    ],
)
@pytest.mark.parametrize("topic", [EVENTS, ALERTS])
def test_what_cannot_be_read_is_counted_and_takes_nothing_else_along(topic: str, value: bytes) -> None:
    bad = Incoming(topic=topic, partition=0, offset=0, timestamp_ms=0, key="x", value=value)
    desk = Desk()

    wrong = desk.take([bad, *event_messages(HISTORY), bad])

    assert (len(wrong), desk.unreadable, desk.events) == (2, 2, 2)


def test_an_alert_that_is_told_again_is_one_and_knows_the_further_watchlist(alert: Alert) -> None:
    first = dataclasses.replace(alert, watchlists=("Sahel",))
    again = dataclasses.replace(alert, watchlists=("Sahel", "Nordic"))
    desk = desk_of(alert_messages([first, first, again, first]), 1)

    (held,), _ = desk.list_alerts(ALL_ALERTS)
    assert b'"watchlists":["Sahel","Nordic"]' in held.encoded
    assert [len(found) for found in (desk.told_since({0: 3}), desk.told_since({0: 2}), desk.told_since({}))] == [
        0,
        1,
        1,
    ]
    assert desk.watchlists() == ["Nordic", "Sahel", "all"]
    assert [a.id for a in desk.list_alerts(alert_query([("watchlist", "Nordic")]))[0]] == [alert.id]


def test_an_alert_keeps_the_watchlists_of_before_whatever_it_is_told_again_for(alert: Alert) -> None:
    told = [dataclasses.replace(alert, watchlists=names) for names in (("Sahel", "Gulf"), ("Nordic",), ("Gulf",))]
    desk = desk_of(alert_messages(told), 1)

    (held,), _ = desk.list_alerts(ALL_ALERTS)
    assert b'"watchlists":["Nordic","Gulf","Sahel"]' in held.encoded
    for name in ("Gulf", "Nordic", "Sahel"):
        assert len(desk.list_alerts(alert_query([("watchlist", name)]))[0]) == 1


def numbered(alert: Alert, number: int) -> list[Alert]:
    return [dataclasses.replace(alert, id=f"{alert.event}.changed.{n}") for n in range(number)]


def test_the_newest_alerts_are_kept(alert: Alert) -> None:
    desk = Desk(most_alerts=10)
    told = numbered(alert, 35)
    for message in alert_messages(told):
        desk.take([message])

    assert ids(desk) == [one.id for one in reversed(told[-10:])]
    assert [held.id for held in desk.told_since({})] == [one.id for one in told[-10:]]
    assert desk.position == {0: 35}


def test_alerts_are_given_page_by_page_though_new_ones_come_between(alert: Alert) -> None:
    told = numbered(alert, 25)
    desk = desk_of(alert_messages(told[:20]))
    seen: list[HeldAlert] = []
    query = alert_query([("limit", "7")])
    while True:
        found, following = desk.list_alerts(query)
        seen += found
        if following is None:
            break
        desk.take(alert_messages(told[20:], start=20))
        query = alert_query([("limit", "7"), ("before", following)])

    assert [one.id for one in seen] == [one.id for one in reversed(told[:20])]


def test_a_topic_that_was_made_anew_is_told_from_its_start(alert: Alert) -> None:
    told = numbered(alert, 12)
    desk = desk_of(alert_messages(told[:10]))
    desk.take(alert_messages(told[10:]))

    assert desk.position == {0: 2}
    assert [one.id for one in desk.told_since({0: 1})] == [told[11].id]
    assert [one.id for one in desk.told_since({0: 10})] == [told[10].id, told[11].id]


@pytest.mark.parametrize("position", [{}, {0: 0}, {1: 40, 0: 12}, {11: 1, 2: 10**15}])
def test_a_position_comes_back_from_its_text(position: dict[int, int]) -> None:
    assert positions.from_text(positions.to_text(position)) == position


@pytest.mark.parametrize("text", ["0", "0-", "-1", "0-1.", "0-1.0-2", "a-1", "0-1\n", "0-١", "0-1" * 9999])
def test_what_is_no_position_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no position"):
        positions.from_text(text)


def test_a_search_looks_through_all_that_an_event_says(sample_desk: Desk) -> None:
    def found(words: str) -> set[str]:
        return {row.id for row in sample_desk.list_events(event_query([("q", words)])).events}

    assert found("KALIN idlib") >= {"TUR.deploy.SYR.2017-W25", "RUS.deploy.SYR.2017-W25"}
    assert found("vestland") == {"NOR.deploy.MLI.2017-W25"}, "an outlet"
    assert found("airfield") == {"NOR.deploy.MLI.2017-W25"}, "a word of the evidence"
    assert found("kalin vestland") == set()


def test_events_of_an_unknown_place_are_related_to_those_of_the_same_mover() -> None:
    known, unknown = publish([report(), report("b:1", outlet="B", to=None)])
    other = publish([report("c:1", outlet="C", mover="KAZ", to=None)])
    desk = desk_of(event_messages([known, unknown, *other]))

    assert [row.id for row in desk.related(known)] == [unknown.id]
    assert [row.id for row in desk.related(unknown)] == [known.id]


def test_records_of_before_the_text_around_was_kept_are_read() -> None:
    raw = orjson.loads(encode(HISTORY[1]))
    for told in raw["reports"]:
        for name in ("before", "after", "codes"):
            del told[name]
    (message,) = event_messages([HISTORY[1]])
    desk = desk_of([dataclasses.replace(message, value=orjson.dumps(raw))])

    there = desk.event(HISTORY[1].id)
    assert there is not None
    assert {(one.before, one.after, one.codes) for one in there.reports} == {("", "", None)}
