"""What a list of events is asked for, and how many events each choice would leave."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.filters import BadParameter, Searchable, alert_query, event_query, searchable
from desk.index import Index
from desk.listing import ORDERS, Listing, listing
from desk.state import Desk
from desk.summary import Summary
from tests.desk.conftest import event_messages
from tests.news import DIPLOMAT, KYRGYZ_MINISTRY, publish, report

EVENTS = publish(
    [
        report(speaker=DIPLOMAT),
        report("b:1", outlet="B", stance="denies", speaker=KYRGYZ_MINISTRY, published="2017-06-24T10:00:00Z"),
        report("c:1", outlet="C", mover="KAZ", published="2017-06-23T08:00:00Z"),
        report("d:1", outlet="D", mover="KAZ", published="2017-06-23T09:00:00Z", speaker=DIPLOMAT),
        report("e:1", outlet="E", mover="NOR", to="MLI", status="decided", agents=(), published="2017-06-20T08:00:00Z"),
        report("f:1", outlet="F", mover="USA", to="IRQ", act="withdraw", status="ongoing", agents=()),
        report("g:1", outlet="G", mover="USA", to=None, status="planned", agents=(), published="2017-06-25T08:00:00Z"),
    ]
)
KGZ, KAZ, NOR, USA_OUT, USA_IN = (
    "KGZ.deploy.SYR.2017-W25", "KAZ.deploy.SYR.2017-W25", "NOR.deploy.MLI.2017-W25", "USA.withdraw.IRQ.2017-W25",
    "USA.deploy.unknown.2017-W25",
)  # fmt: skip
ALL = {KGZ, KAZ, NOR, USA_OUT, USA_IN}


def _some_row() -> Summary:
    desk = Desk()
    desk.take(event_messages(EVENTS[:1]))
    row = desk.row(KGZ)
    assert row is not None
    return row


ROW = _some_row()


@pytest.fixture(scope="module")
def desk() -> Desk:
    desk = Desk()
    assert desk.take(event_messages(EVENTS)) == []
    return desk


def asked(desk: Desk, query: str) -> Listing:
    return desk.list_events(event_query([tuple(part.split("=")) for part in query.split("&") if part]))  # type: ignore[misc]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ALL),
        ("mover=KGZ", {KGZ}),
        ("mover=kgz&mover=NOR", {KGZ, NOR}),
        ("mover=ATL", set()),
        ("place=SYR", {KGZ, KAZ}),
        ("place=unknown", {USA_IN}),
        ("mover=USA&place=IRQ", {USA_OUT}),
        ("family=withdraw", {USA_OUT}),
        ("act=withdraw&act=reinforce", {USA_OUT}),
        ("status=decided&status=planned", {NOR, USA_IN}),
        ("state=retracted", set()),
        ("state=standing", ALL),
        ("contested=true", {KGZ}),
        ("contested=true&contested=false", ALL),
        ("minimum_independent=2", {KAZ}),
        ("q=diplomat", {KGZ, KAZ}),
        ("q=Diplomat foreign", {KGZ}),
        ("q=diplomat&q=ministry", {KGZ}),
        ("since=2017-06-24", {KGZ, USA_IN}),
        ("since=2017-06-24T10:00:00", {KGZ, USA_IN}),
        ("since=2017-06-24T10:00:01Z", {USA_IN}),
        ("until=2017-06-20", {NOR}),
        ("until=2017-06-20T08:00:00Z", {NOR}),
        ("until=2017-06-20T07:59:59Z", set()),
        ("since=2017-06-23&until=2017-06-23", {KGZ, KAZ}),
    ],
)
def test_events_are_found_by_what_they_are(desk: Desk, query: str, found: set[str]) -> None:
    answer = asked(desk, query)

    assert {row.id for row in answer.events} == found
    assert answer.total == len(found) == sum(flow.events for flow in answer.map)


def test_a_time_with_an_offset_is_meant_as_it_says(desk: Desk) -> None:
    assert {row.id for row in asked(desk, "since=2017-06-24T12:00:00+02:00").events} == {KGZ, USA_IN}
    assert {row.id for row in asked(desk, "since=2017-06-24T12:00:01+02:00").events} == {USA_IN}


@pytest.mark.parametrize(
    ("order", "found"),
    [
        ("latest", [USA_IN, KGZ, KAZ, USA_OUT, NOR]),
        ("first", [NOR, KGZ, USA_OUT, KAZ, USA_IN]),
        ("sources", [KAZ, USA_IN, KGZ, USA_OUT, NOR]),  # an outlet that only denies is none of a source
    ],
)
def test_events_stand_in_the_order_that_is_asked_for(desk: Desk, order: str, found: list[str]) -> None:
    assert [row.id for row in asked(desk, f"order={order}").events] == found
    page = asked(desk, f"order={order}&limit=2&offset=1")
    assert ([row.id for row in page.events], page.offset, page.total) == (found[1:3], 1, 5)


def choices(listing: Listing, name: str) -> dict[str, int]:
    return {choice.value: choice.events for choice in getattr(listing.facets, name)}


def test_a_choice_is_counted_without_its_own_filter_and_with_all_others(desk: Desk) -> None:
    answer = asked(desk, "mover=USA&family=deploy")

    assert {row.id for row in answer.events} == {USA_IN}
    assert choices(answer, "mover") == {"KGZ": 1, "KAZ": 1, "NOR": 1, "USA": 1}
    assert choices(answer, "family") == {"deploy": 1, "withdraw": 1}
    assert choices(answer, "place") == {"unknown": 1}
    assert choices(answer, "status") == {"planned": 1}
    assert choices(answer, "contested") == {"false": 1}


def test_choices_have_words_and_the_most_frequent_is_first(desk: Desk) -> None:
    facets = asked(desk, "").facets

    assert [(choice.value, choice.label, choice.events) for choice in facets.place] == [
        ("SYR", "Syria", 2), ("IRQ", "Iraq", 1), ("MLI", "Mali", 1), ("unknown", "place not named", 1),
    ]  # fmt: skip
    assert (facets.mover[0].value, facets.mover[0].label) == ("USA", "United States")


def test_the_map_has_each_way_once_with_its_best_known_event(desk: Desk) -> None:
    flows = {(flow.mover, flow.place): flow for flow in asked(desk, "").map}

    assert set(flows) == {("KGZ", "SYR"), ("KAZ", "SYR"), ("NOR", "MLI"), ("USA", "IRQ"), ("USA", "unknown")}
    syria = flows["KGZ", "SYR"]
    assert (syria.events, syria.contested, syria.top) == (1, 1, KGZ)


def test_the_map_is_bounded_and_says_how_many_ways_it_leaves_out(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desk.listing.MOST_FLOWS", 2)
    answer = asked(desk, "")
    assert ([(flow.mover, flow.place) for flow in answer.map], answer.map_left_out) == (
        [("KAZ", "SYR"), ("KGZ", "SYR")], 3,
    )  # fmt: skip
    assert asked(desk, "place=SYR").map_left_out == 0


ROWS = st.builds(
    lambda number, mover, place, status, contested: replace(
        ROW, id=f"E{number}", last_seen=f"2017-06-{10 + number % 7}T00:00:00Z", independent=number % 3,
        mover=replace(ROW.mover, code=mover, name=f"name {number % 2}"), status=status, contested=contested,
        place=None if place is None else replace(ROW.place, code=place),
    ),
    st.integers(0, 30), st.sampled_from(["KGZ", "NOR", "x-force"]), st.sampled_from(["SYR", "MLI", None]),
    st.sampled_from(["planned", "decided"]), st.booleans(),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    changes=st.lists(st.tuples(ROWS, st.booleans()), max_size=40),
    query=st.sampled_from(["", "mover=KGZ", "mover=kgz&status=planned", "contested=true&minimum_independent=1", "place=unknown&since=2017-06-12"]),
    order=st.sampled_from(["latest", "first", "sources"]),
    offset=st.integers(0, 4),
)  # fmt: skip
def test_an_index_that_changed_answers_as_one_that_is_made_anew(
    changes: list[tuple[Summary, bool]], query: str, order: str, offset: int
) -> None:
    def answer(index: Index, held: dict[str, Searchable]) -> Listing:
        pairs = [("order", order), ("offset", str(offset)), ("limit", "5"), *map(pair, filter(None, query.split("&")))]
        rows = sorted(held.values(), key=ORDERS[order])  # type: ignore[index]
        return listing(index, rows, event_query(pairs), None)

    index, held = Index(), {}
    for row, stays in changes:
        if row.id in held:
            index.take_out(held.pop(row.id))
        if stays:
            held[row.id] = searchable(row, "")
            index.put(held[row.id])
    changed = answer(index, held)
    rows = {id: searchable(found.row, "") for id, found in held.items()}
    anew = Index()
    for found in rows.values():
        anew.put(found)

    assert changed == answer(anew, rows)
    tests = event_query(map(pair, filter(None, query.split("&"))))
    fitting = [
        found
        for found in held.values()
        if all(found.values[name].casefold() in values for name, values in tests.values.items())
        and all(test(found) for test in tests.tests.values())
    ]
    assert changed.total == len(fitting) == sum(flow.events for flow in changed.map)
    for flow in changed.map:
        same = [
            found for found in fitting if (found.values["mover"], found.values["place"]) == (flow.mover, flow.place)
        ]
        assert flow.top == max(same, key=lambda found: found.rank).row.id
        assert flow.contested == sum(found.row.contested for found in same)


def pair(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name, value


def test_a_desk_without_events_answers(desk: Desk) -> None:
    empty = asked(Desk(), "mover=KGZ")
    assert (empty.as_of, empty.total, empty.events, empty.map) == (None, 0, (), ())
    assert asked(desk, "mover=ATL").as_of == "2017-06-25T08:00:00Z"


@pytest.mark.parametrize(
    ("query", "field", "reason"),
    [
        ([("movers", "KGZ")], "movers", "no such parameter"),
        ([("mover", " ")], "mover", "empty"),
        ([("mover", "x" * 201)], "mover", "longer than"),
        ([("mover", "KGZ")] * 51, "mover", "more than 50 times"),
        ([("family", "DEPLOY")], "family", "none of deploy, withdraw"),
        ([("state", "merged")], "state", "none of standing, retracted"),
        ([("contested", "1")], "contested", "none of true, false"),
        ([("minimum_independent", "-1")], "minimum_independent", "whole number"),
        ([("limit", "0")], "limit", "from 1 to 500"),
        ([("limit", "501")], "limit", "from 1 to 500"),
        ([("limit", "١")], "limit", "whole number"),
        ([("limit", "10"), ("limit", "20")], "limit", "more than once"),
        ([("offset", "1.5")], "offset", "whole number"),
        ([("order", "newest")], "order", "none of latest, sources, first"),
        ([("since", "yesterday")], "since", "neither a date"),
        ([("since", "2017-02-30")], "since", "neither a date"),
        ([("until", "9999-12-31")], "until", "neither a date"),
        ([("until", "0001-01-01T00:00:00+14:00")], "until", "neither a date"),
        ([("since", "0999-12-31")], "since", "before the year 1000"),
        ([("until", "0001-01-01T00:00:00Z")], "until", "before the year 1000"),
        ([("since", "1000-01-01T00:00:00+14:00")], "since", "before the year 1000"),
        ([("since", "2017-W25")], "since", "neither a date"),
        ([("since", "20170622")], "since", "neither a date"),
        ([("until", "2017-06-22T14")], "until", "neither a date"),
        ([("until", "2017-06-22x14:05")], "until", "neither a date"),
        ([("until", "2017-06-22T14:05:00+00:00:30")], "until", "neither a date"),
        ([("since", "2017-06-22T14:05:00 02:00")], "since", "%2B"),
    ],
)
def test_a_parameter_that_cannot_be_used_is_named_with_the_reason(
    query: list[tuple[str, str]], field: str, reason: str
) -> None:
    with pytest.raises(BadParameter, match=reason) as caught:
        event_query(query)
    assert caught.value.field == field


@pytest.mark.parametrize("name", ["kind", "severity", "before", "order"])
def test_a_parameter_of_a_list_of_alerts_is_named_as_well(name: str) -> None:
    with pytest.raises(BadParameter) as caught:
        Desk().list_alerts(alert_query([(name, "1-2")]))
    assert caught.value.field == name
