"""The state is a merge: order, repetition and the split over partitions change nothing."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents.corroborate.event import MERGED_VERSION
from agents.corroborate.sessions import DAY
from agents.corroborate.state import Limits, State
from agents.corroborate.step import fold, step
from streams.identity import digest
from streams.records import Attribution, Event, Report, Revision, Speaker, encode
from tests.news import DIPLOMAT, KALIN, KYRGYZ_MINISTRY, OWN, SHAMANOV, WIRE, publish, report, revision, settle, troops

HALF = len(WIRE) // 2
RETOLD = [
    one["text"].strip()
    for one in tomllib.loads(Path(__file__).with_name("rewrites.toml").read_text(encoding="utf-8"))["event"][1][
        "report"
    ]
]
TEXTS = (WIRE, WIRE[:HALF], WIRE[HALF:], OWN + " " + WIRE[:HALF], OWN, "", *RETOLD)
SPEAKERS = (SHAMANOV, Speaker(text="Shamanov", name="Shamanov"), KALIN, KYRGYZ_MINISTRY, DIPLOMAT, None)


@st.composite
def reports(draw: st.DrawFn) -> Report:
    outlet = draw(st.integers(0, 4))
    day = draw(st.integers(1, 60))
    made = report(
        f"outlet-{draw(st.sampled_from([outlet, outlet, outlet, 0]))}:{draw(st.integers(0, 2))}",
        version=draw(st.integers(1, 3)),
        outlet=f"Outlet {outlet}",
        family=draw(st.sampled_from([None, "house"])),
        credits=draw(st.sampled_from([(), (), ("tass",), ("ap", "tass")])),
        published=f"2017-{5 + day // 31:02}-{1 + day % 28:02}T{draw(st.integers(0, 23)):02}:00:00Z",
        text=draw(st.sampled_from(TEXTS)),
        mover=draw(st.sampled_from(["KGZ", "KGZ", "KAZ"])),
        status=draw(st.sampled_from(["requested", "planned", "decided", "refused", "background"])),
        stance=draw(st.sampled_from(["affirms", "affirms", "reports", "denies", "knows-nothing", "doubts"])),
        speaker=draw(st.sampled_from(SPEAKERS)),
        count=draw(st.sampled_from([None, troops(300), troops(3000)])),
    )
    cited = draw(st.sampled_from([None, None, "TASS", "The Orun Courier"]))
    if cited is not None:
        link = Attribution(who=cited, kind="outlet-quoted", cue="reported", start=0, end=len(cited))
        made = replace(made, claim=replace(made.claim, chain=(link, *made.claim.chain)))
    return replace(made, id=digest(encode(made).decode()))


@st.composite
def revisions(draw: st.DrawFn) -> Revision:
    """A version of an article is published once: its time follows from the version."""
    version, withdrawn = draw(st.integers(1, 3)), draw(st.booleans())
    return revision(
        f"outlet-{draw(st.integers(0, 4))}:{draw(st.integers(0, 2))}",
        version,
        withdrawn=withdrawn,
        published=f"2017-06-{10 + 4 * version + withdrawn}T12:00:00Z",
        family=draw(st.sampled_from([None, "house"])),
    )


@st.composite
def articles(draw: st.DrawFn) -> list[Report | Revision]:
    """One to three reports of one article version, that count together."""
    first = draw(reports())
    speakers = draw(st.lists(st.sampled_from(SPEAKERS), min_size=1, max_size=3, unique=True))
    made = [replace(first, claim=replace(first.claim, speaker=speaker), siblings=len(speakers)) for speaker in speakers]
    return [replace(r, id=digest(encode(r).decode())) for r in made]


RECORDS = st.lists(st.one_of(articles(), articles(), revisions().map(lambda r: [r])), min_size=1, max_size=9).map(
    lambda groups: [record for group in groups for record in group]
)
QUICK = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def settled_bytes(events: Sequence[Event]) -> dict[str, bytes]:
    return {id: encode(event) for id, event in settle(events).items()}


@QUICK
@given(RECORDS, st.data())
def test_any_order_and_any_repetition_settle_to_the_same_bytes(
    records: list[Report | Revision], data: st.DataObject
) -> None:
    again = records + data.draw(st.lists(st.sampled_from(records), max_size=5))
    shuffled = data.draw(st.permutations(again))

    assert settled_bytes(publish(shuffled)) == settled_bytes(publish(records))


@QUICK
@given(RECORDS)
def test_partitions_by_key_settle_to_the_same_bytes_as_one(records: list[Report | Revision]) -> None:
    apart: list[Event] = []
    for mover in ("KGZ", "KAZ"):
        apart += publish([r for r in records if isinstance(r, Revision) or r.mover.code == mover])

    assert settled_bytes(apart) == settled_bytes(publish(records))


@QUICK
@given(RECORDS, st.integers(0, 14))
def test_a_worker_that_takes_over_publishes_what_the_first_would_have(
    records: list[Report | Revision], split: int
) -> None:
    limits = Limits(gap=7 * DAY, kept=90 * DAY)
    caught_up = State()
    for record in records[:split]:
        fold(caught_up, record, limits)
    taken_over = [event for record in records[split:] for event in step(caught_up, record, limits, "week")]
    state = State()
    one = [step(state, record, limits, "week") for record in records]

    assert [encode(e) for e in taken_over] == [encode(e) for events in one[split:] for e in events]


@QUICK
@given(RECORDS)
def test_versions_of_an_event_only_grow(records: list[Report | Revision]) -> None:
    last: dict[str, Event] = {}
    for event in publish(records):
        before = last.get(event.id)
        if before is not None:
            assert event.version > before.version or encode(event) == encode(before)
            assert before.state != "merged" or event.state == "merged"
        assert (event.version > MERGED_VERSION // 2) is (event.state == "merged")
        last[event.id] = event


@QUICK
@given(RECORDS)
def test_every_merged_id_leads_to_a_standing_event_that_lists_it(records: list[Report | Revision]) -> None:
    events = settle(publish(records))
    standing = {id: event for id, event in events.items() if event.state != "merged"}

    listed = {(merged, id) for id, event in standing.items() for merged in event.merged}
    assert {(id, event.merged_into) for id, event in events.items() if event.state == "merged"} == listed


@QUICK
@given(RECORDS)
def test_independent_sources_are_groups_that_share_no_article(records: list[Report | Revision]) -> None:
    for event in publish(records):
        supporting = [group for group in event.sources if "#" not in group.id]
        articles = [article for group in supporting for article in group.articles]
        assert len(articles) == len(set(articles))
        assert event.independent == sum(group.standing for group in event.sources)
        assert {r.source for r in event.reports} <= {group.id for group in event.sources}


@QUICK
@given(reports(), st.floats(0, 1))
def test_of_one_report_told_twice_with_another_confidence_the_same_holds_in_any_order(
    one: Report, confidence: float
) -> None:
    other = replace(one, claim=replace(one.claim, confidence=confidence))

    assert settled_bytes(publish([one, other, one])) == settled_bytes(publish([other, one]))
