"""The stage loop between lists: what is published, acknowledged, dead-lettered and retried, without a broker."""

from __future__ import annotations

import asyncio
import base64
import dataclasses

import pytest
from aiokafka.partitioner import DefaultPartitioner

from streams.cloud_events import HEADERS
from streams.dead_letters import ATTEMPTS_HEADER, TooManyDeadLetters
from streams.handling import partition_of
from streams.loop import RAW_MS_HEADER, STAGE_HEADER, DeliveryFailed, Input, Outgoing
from streams.settings import Settings
from streams.stage import Received
from tests.streams.memory import PARTITIONS, Run, each, raw, tally_stage, until

DEFECT = raw("a", title="break the fold")


def go(run: Run, *values: bytes | None, settings: Settings | None = None, **changes: object) -> None:
    """Run the tally stage over these values of partition 0."""
    inputs = [run.incoming(0, offset, value) for offset, value in enumerate(values)]
    asyncio.run(run.loop(tally_stage(**changes), settings).run(each(inputs)))


def test_every_input_is_stepped_published_and_acknowledged_in_order() -> None:
    run = Run()
    go(run, raw("a"), raw("b"), raw("c"))
    assert [story.agencies for story in run.stories()] == [("a",), ("a", "b"), ("a", "b", "c")]
    assert run.acknowledged == [(0, 0), (0, 1), (0, 2)]


def test_an_output_goes_to_the_partition_that_every_kafka_client_would_choose_for_its_key() -> None:
    run = Run()
    go(run, *(raw(f"a{i}", outlet=f"outlet {i} é") for i in range(40)))
    partitions = list(range(PARTITIONS))
    for message in run.published:
        assert message.partition == DefaultPartitioner()(message.key, partitions, partitions)
    assert {message.partition for message in run.published} == set(partitions)
    assert partition_of("outlet", 1) == 0


def test_an_output_for_every_partition_is_sent_to_each_once() -> None:
    run = Run()
    go(run, raw("a", title="everywhere"))
    assert sorted(message.partition for message in run.published) == list(range(PARTITIONS))


def test_a_record_of_none_is_published_as_a_tombstone() -> None:
    run = Run()
    go(run, raw("a", title="delete"))
    assert [message.value for message in run.published] == [None]


def test_a_tombstone_in_leads_to_nothing_and_is_acknowledged() -> None:
    run = Run()
    go(run, None, raw("a", title="nothing"))
    assert run.published == []
    assert run.acknowledged == [(0, 0), (0, 1)]
    assert run.metrics.value("muster_handled_total", stage="tally", outcome="tombstone") == 1
    assert run.metrics.value("muster_handled_total", stage="tally", outcome="silent") == 1


def test_outputs_carry_the_time_of_the_raw_article_and_the_stage() -> None:
    run = Run()
    go(run, raw("a"))
    headers = dict(run.published[0].headers)
    assert headers.pop("ce_type") == b"muster.story.v1"
    ours = {name: value for name, value in headers.items() if name not in HEADERS}
    assert ours == {RAW_MS_HEADER: b"1500000000000", STAGE_HEADER: b"tally"}


@pytest.mark.parametrize(
    ("value", "error", "field"),
    [
        (b"\xff\xfe no json", "InvalidRecord", None),
        (b'{"outlet": "o", "published": "p", "title": 7}', "InvalidRecord", "title"),
        (b'{"outlet": "o"}', "InvalidRecord", "published"),
        (b'{"outlet": "o", "published": "p", "credits": ["x", 1]}', "InvalidRecord", "credits[1]"),
        (raw("a", title="reject"), "Rejected", "title"),
        (raw("a", title="break the fold"), "RuntimeError", None),
        (raw("a", title="too much"), "OutputUnfit", None),
        (raw("a", title="beside"), "OutputUnfit", None),
        (raw("a", title="elsewhere"), "OutputUnfit", None),
    ],
)
def test_an_input_that_cannot_be_used_becomes_a_dead_letter_and_stops_nothing(
    value: bytes, error: str, field: str | None
) -> None:
    run = Run()
    go(run, raw("before"), value, raw("after"))
    (letter,) = run.letters()
    assert (letter.error, letter.field, letter.stage) == (error, field, "tally")
    assert (letter.topic, letter.partition, letter.offset, letter.attempts) == ("articles.raw.v1", 0, 1, 1)
    assert letter.timestamp_ms == 1_500_000_000_001
    assert base64.b64decode(letter.value) == value
    assert base64.b64decode(letter.key) == b"key"
    assert len(run.stories()) == 2
    assert run.acknowledged == [(0, 0), (0, 1), (0, 2)]


def test_an_input_that_is_too_large_is_not_even_decoded() -> None:
    run = Run()
    go(run, raw("a" * 2_000), raw("b"), input_bytes=1_000)
    (letter,) = run.letters()
    assert (letter.error, letter.field) == ("Rejected", "value")
    assert [story.agencies for story in run.stories()] == [("b",)]


def test_a_dead_letter_keeps_the_headers_and_counts_what_a_replay_tells_it() -> None:
    run = Run()
    inputs = [run.incoming(0, 0, b"{", muster_attempts=b"2", origin=b"feed")]
    asyncio.run(run.loop(tally_stage()).run(each(inputs)))
    (letter,) = run.letters()
    assert letter.attempts == 3
    assert letter.headers["origin"] == "feed"


def test_outcomes_exclude_one_another_and_sum_to_the_inputs() -> None:
    run = Run()
    go(
        run,
        raw("a"),
        None,
        raw("b", title="nothing"),
        b"{",
        raw("c", title="reject"),
        raw("d", title="beside"),
        raw("e"),
    )
    metrics = run.metrics
    outcomes = {
        outcome: metrics.value("muster_handled_total", stage="tally", outcome=outcome)
        for outcome in ("published", "silent", "dead", "tombstone")
    }
    assert outcomes == {"published": 2, "silent": 1, "dead": 3, "tombstone": 1}
    assert sum(outcomes.values()) == metrics.value("muster_inputs_total", stage="tally")
    reasons = {
        reason: metrics.value("muster_dead_letters_total", stage="tally", reason=reason)
        for reason in ("invalid", "rejected", "defect")
    }
    assert reasons == {"invalid": 1, "rejected": 1, "defect": 1}
    assert metrics.value("muster_outputs_total", stage="tally", topic="stories.v1") == 2
    taken = [raw("a"), raw("b", title="nothing"), b"{", raw("c", title="reject"), raw("d", title="beside"), raw("e")]
    in_bytes = metrics.value("muster_input_bytes_total", stage="tally")
    assert in_bytes == sum(map(len, taken)) + 7 * len(b"key")
    stories = [message for message in run.published if message.topic == "stories.v1"]
    out_bytes = metrics.value("muster_output_bytes_total", stage="tally", topic="stories.v1")
    assert out_bytes == sum(len(message.key) + len(message.value or b"") for message in stories)
    assert metrics.value("muster_copies_total", relation="own") == 2
    assert metrics.value("muster_in_flight", stage="tally") == 0


def test_nothing_is_acknowledged_before_what_came_earlier_in_its_partition() -> None:
    """Out of order, a consumer takes what is missing for a gap in the log and commits over it."""

    async def scenario() -> Run:
        first_may_finish = asyncio.Event()

        async def gate(message: Outgoing) -> None:
            if message.key == b"slow":
                await first_may_finish.wait()

        run = Run(gate=gate)
        inputs = [
            run.incoming(0, 0, raw("a", outlet="slow")),
            run.incoming(0, 1, raw("b", outlet="fast")),
            run.incoming(1, 0, raw("c", outlet="fast")),
        ]
        running = asyncio.create_task(run.loop(tally_stage()).run(each(inputs)))
        await until(lambda: len(run.published) == 2 and bool(run.acknowledged))
        assert run.acknowledged == [(1, 0)], "partition 0 waits for its first input, partition 1 for nobody"
        first_may_finish.set()
        await running
        return run

    assert asyncio.run(scenario()).acknowledged == [(1, 0), (0, 0), (0, 1)]


def test_no_more_inputs_are_taken_than_may_be_in_flight() -> None:
    async def scenario() -> None:
        may_finish = asyncio.Event()

        async def gate(_: Outgoing) -> None:
            await may_finish.wait()

        run = Run(gate=gate)
        loop = run.loop(tally_stage(), Settings(in_flight=3))
        inputs = [run.incoming(0, offset, raw(f"a{offset}")) for offset in range(10)]
        running = asyncio.create_task(loop.run(each(inputs)))
        await until(lambda: run.tried == 3)
        with pytest.raises(TimeoutError):
            await until(lambda: run.tried > 3, turns=50)
        assert run.tried == loop.in_flight == 3
        may_finish.set()
        await running
        assert len(run.acknowledged) == 10

    asyncio.run(scenario())


def test_a_failed_delivery_is_tried_again_and_the_input_acknowledged_then() -> None:
    run = Run(fail=lambda message, number: number <= 2)
    go(run, raw("a"))
    assert run.tried == 3
    assert run.acknowledged == [(0, 0)]
    assert run.metrics.value("muster_delivery_retries_total", stage="tally") == 2


def test_a_delivery_that_keeps_failing_ends_the_loop_and_nothing_after_it_is_acknowledged() -> None:
    run = Run(fail=lambda message, number: message.key == b"doomed")
    inputs = [raw("a", outlet="fine"), raw("b", outlet="doomed"), raw("c", outlet="fine"), raw("d", outlet="fine")]
    with pytest.raises(DeliveryFailed, match=r"stage tally: .* stories\.v1 .* in 3 attempts .*the broker is away"):
        go(run, *inputs, settings=Settings(delivery_attempts=3))
    assert run.acknowledged == [(0, 0)]


def test_a_loop_that_waits_for_its_next_input_ends_when_a_delivery_fails_for_good() -> None:
    async def scenario() -> None:
        run = Run(fail=lambda message, number: True)

        async def inputs():  # type: ignore[no-untyped-def]
            yield run.incoming(0, 0, raw("a"))
            await asyncio.Event().wait()

        with pytest.raises(DeliveryFailed):
            await asyncio.wait_for(run.loop(tally_stage(), Settings(delivery_attempts=2)).run(inputs()), 20)
        assert asyncio.current_task().cancelling() == 0  # type: ignore[union-attr]

    asyncio.run(scenario())


def test_of_two_messages_with_one_key_the_later_one_lies_last_whatever_failed_before() -> None:
    """On a compacted topic the last one stays: a retry must not put an old version on top of a new one."""
    run = Run(fail=lambda message, number: number == 1)
    go(run, raw("a"), raw("b"))
    revisions = [story.revision for story in run.stories()]
    assert sorted(set(revisions)) == [1, 2]
    assert revisions[-1] == 2


def test_too_many_dead_letters_in_a_row_stop_the_stage_with_the_last_reason() -> None:
    run = Run()
    with pytest.raises(TooManyDeadLetters, match=r"stage tally: 5 inputs in a row .*MUSTER_DEAD_LETTER_RUN.*offset 6"):
        go(run, raw("a"), raw("b"), *[DEFECT] * 20, settings=Settings(dead_letter_run=5))
    assert len(run.letters()) == 5
    assert run.acknowledged == [(0, offset) for offset in range(7)], "what was dead-lettered does not come again"


def test_too_large_a_share_of_dead_letters_stops_the_stage() -> None:
    run = Run()
    inputs = [DEFECT if i % 2 else raw(f"a{i}") for i in range(199)] + [DEFECT] * 4
    with pytest.raises(TooManyDeadLetters, match=r"101 of the last 200 inputs .*MUSTER_DEAD_LETTER_SHARE=0.5"):
        go(run, *inputs)


def test_a_broken_producer_does_not_stop_the_stage_that_takes_the_raw_articles() -> None:
    run = Run()
    bad = [b"{", raw("a", title="reject")] * 150
    go(run, *bad, raw("good"), settings=Settings(dead_letter_run=5))
    assert len(run.letters()) == 300
    assert [story.agencies for story in run.stories()][-1] == ("a", "good")


def test_bad_raw_articles_between_defects_do_not_hide_the_defects() -> None:
    run = Run()
    with pytest.raises(TooManyDeadLetters, match="5 inputs in a row"):
        go(run, *[b"{", DEFECT] * 10, settings=Settings(dead_letter_run=5))


def test_between_our_stages_invalid_records_stop_the_stage() -> None:
    run = Run()
    inside = dataclasses.replace(tally_stage(), consumes="articles.v1")
    inputs = [run.incoming(0, offset, b"{") for offset in range(20)]
    with pytest.raises(TooManyDeadLetters, match="5 inputs in a row"):
        asyncio.run(run.loop(inside, Settings(dead_letter_run=5)).run(each(inputs)))


NESTED = b'{"outlet": "o", "published": "p", "more": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"


@pytest.mark.parametrize(
    ("value", "key", "headers"),
    [
        (b"{", b"key", {ATTEMPTS_HEADER: b"99999999999999999999"}),
        (b"{", b"key", {ATTEMPTS_HEADER: b"9" * 5_000}),
        (b"{", b"key", {"nothing": None}),
        (b"{", b"k" * 6_000_000, {}),
        (b" " * 30_000_000, b"key", {}),
        (b"{", None, {"odd": bytes(range(256)), "": b""}),
        (b"{", b"key", {f"header-{i}": b"v" * 1_000 for i in range(5_000)}),
        (NESTED, b"key", {}),
        (raw("a", title="say half a character"), b"key", {"half \ud800": b"name"}),
        (raw("a", title="say nothing that can be said"), b"key", {}),
    ],
)
def test_whatever_an_input_holds_it_becomes_a_dead_letter_and_the_next_one_is_handled(
    value: bytes, key: bytes | None, headers: dict[str, bytes | None]
) -> None:
    run = Run()
    bad = run.message(Input(key, value, Received(0, 0, 1, headers)))
    asyncio.run(run.loop(tally_stage()).run(each([bad, run.incoming(0, 1, raw("good"))])))
    (letter,) = run.letters()
    assert (letter.topic, letter.partition, letter.offset, letter.stage) == ("articles.raw.v1", 0, 0, "tally")
    assert [story.agencies[-1] for story in run.stories()] == ["good"]
    assert run.acknowledged == [(0, 0), (0, 1)]


@pytest.mark.parametrize("attempts", [b"99999999999999999999", b"9" * 5_000, b"-1", b"many", None])
def test_a_good_article_with_an_odd_count_of_attempts_is_handled_as_any(attempts: bytes | None) -> None:
    run = Run()
    good = run.message(Input(b"key", raw("a"), Received(0, 0, 1, {ATTEMPTS_HEADER: attempts})))
    asyncio.run(run.loop(tally_stage()).run(each([good])))
    assert [story.agencies for story in run.stories()] == [("a",)]


def test_a_letter_that_cannot_be_written_is_replaced_by_a_bare_one() -> None:
    """The last resort: whatever we did not foresee, the stage goes on and the place of the input is known."""
    run = Run()
    go(run, raw("a", title="fail in a field without end"), raw("good"))
    (letter,) = run.letters()
    assert (letter.error, letter.field, letter.key, letter.value) == ("Rejected", None, None, None)
    assert (letter.partition, letter.offset, letter.timestamp_ms) == (0, 0, 1_500_000_000_000)
    assert run.acknowledged == [(0, 0), (0, 1)]


def test_a_stage_that_comes_back_folds_what_lies_before_its_first_input() -> None:
    run = Run(log={0: [raw("a"), raw("b"), b"{", None, raw("c")]})
    inputs = [run.incoming(0, 5, raw("d"))]
    asyncio.run(run.loop(tally_stage()).run(each(inputs)))
    assert run.reads == [(0, 0, 5)]
    assert [story.agencies for story in run.stories()] == [("a", "b", "c", "d")]
    assert run.metrics.value("muster_fold_caught_up_records_total", stage="tally", outcome="folded") == 3
    assert run.metrics.value("muster_fold_caught_up_records_total", stage="tally", outcome="skipped") == 1


def test_an_input_that_comes_again_changes_nothing_and_is_answered_again() -> None:
    run = Run()
    inputs = [run.incoming(0, 0, raw("a")), run.incoming(0, 1, raw("b")), run.incoming(0, 0, raw("a"))]
    asyncio.run(run.loop(tally_stage()).run(each(inputs)))
    assert [story.revision for story in run.stories()] == [1, 2, 2]
    assert run.reads == []
