"""A state is the fold of its partition, from wherever it stood, whatever order and gaps the offsets come with."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.fold import Batch, CannotCatchUp, Folds
from streams.metrics import Metrics
from streams.stage import Output, Stage
from tests.streams.memory import Run, raw, tally_stage


def folds_of(run: Run, stage: Stage | None = None) -> Folds:
    return Folds(stage or tally_stage(), run.read, run.metrics)


def ids(state: dict[str, set[str]]) -> set[str]:
    return set().union(*state.values()) if state else set()


def take(folds: Folds, partition: int, offset: int) -> set[str]:
    """What a step at that offset finds folded."""
    return ids(asyncio.run(folds.before(partition, offset)))


def test_a_partition_that_goes_away_and_returns_catches_up_from_where_it_stood() -> None:
    run = Run(log={0: [raw(f"a{i}") for i in range(10)]})
    folds = folds_of(run)
    assert take(folds, 0, 3) == {"a0", "a1", "a2"}
    folds.after(0, 3)
    folds.assign(())
    folds.assign([0])
    assert take(folds, 0, 8) >= {"a4", "a5", "a6", "a7"}
    assert run.reads == [(0, 0, 3), (0, 4, 8)]
    assert run.metrics.value("muster_fold_catch_ups_total", stage="tally") == 2


def test_it_is_shown_while_an_input_waits_for_its_state_also_of_a_reading_that_fails() -> None:
    run = Run(log={0: [raw("a"), raw("b")]})
    shown: list[float] = []

    async def reading(partition: int, start: int, end: int) -> AsyncIterator[Batch]:
        shown.append(run.metrics.value("muster_fold_catching_up", stage="tally"))
        yield [(0, raw("a"))]
        raise CannotCatchUp("the broker is away")

    with pytest.raises(CannotCatchUp):
        take(Folds(tally_stage(), reading, run.metrics), 0, 2)
    shown.append(run.metrics.value("muster_fold_catching_up", stage="tally"))
    assert shown == [1, 0]


def test_each_partition_has_a_state_of_its_own() -> None:
    run = Run(log={0: [raw("a")], 1: [raw("b")]})
    folds = folds_of(run)
    assert take(folds, 0, 1) == {"a"}
    assert take(folds, 1, 1) == {"b"}


def test_a_stage_without_a_state_reads_nothing() -> None:
    run = Run(log={0: [raw("a")]})
    stage = Stage(
        name="pass", consumes="articles.raw.v1", publishes=(), step=lambda *_: [Output(topic="", key="", record=None)]
    )
    assert asyncio.run(folds_of(run, stage).before(0, 1)) is None
    assert run.reads == []


def test_records_that_a_stage_cannot_use_are_skipped_and_counted() -> None:
    run = Run(log={0: [raw("a"), b"{", None, raw("b", title="break the fold"), raw("c" * 2_000), raw("d")]})
    assert take(folds_of(run, tally_stage(input_bytes=1_000)), 0, 6) == {"a", "d"}
    skipped = run.metrics.value("muster_fold_caught_up_records_total", stage="tally", outcome="skipped")
    assert skipped == 3, "undecodable, broken, too large; a tombstone is no record"


def test_a_catch_up_that_fails_goes_on_from_where_it_got_to() -> None:
    starts = []

    async def read(partition: int, start: int, end: int) -> AsyncIterator[Batch]:
        starts.append(start)
        yield [(offset, raw(f"a{offset}")) for offset in range(start, start + 2)]
        if len(starts) == 1:
            raise CannotCatchUp("the broker is away")
        yield [(offset, raw(f"a{offset}")) for offset in range(start + 2, end)]

    folds = Folds(tally_stage(), read, Metrics())
    with pytest.raises(CannotCatchUp):
        asyncio.run(folds.before(0, 5))
    assert ids(asyncio.run(folds.before(0, 5))) == {f"a{i}" for i in range(5)}
    assert starts == [0, 2]


def test_items_and_partitions_in_memory_are_shown_by_whether_they_are_assigned() -> None:
    run = Run(log={0: [raw("a", outlet="x"), raw("b", outlet="y")], 1: [raw("c", outlet="z")]})
    folds = folds_of(run)
    take(folds, 0, 2)
    take(folds, 1, 1)
    folds.assign([1])
    folds.measure()
    assert run.metrics.value("muster_fold_items", stage="tally", held="assigned") == 1
    assert run.metrics.value("muster_fold_items", stage="tally", held="kept") == 2
    assert run.metrics.value("muster_fold_partitions", stage="tally", held="kept") == 1


@given(st.sets(st.integers(0, 60), min_size=1), st.lists(st.integers(0, 60), min_size=1, max_size=30))
def test_before_any_offset_at_least_all_earlier_records_are_folded(present: set[int], visits: list[int]) -> None:
    """Whatever was compacted away, skipped or came again: the state holds all that the log has before the offset."""

    async def read(partition: int, start: int, end: int) -> AsyncIterator[Batch]:
        found = [(offset, raw(f"a{offset}")) for offset in sorted(present) if start <= offset < end]
        for i in range(0, len(found), 7):
            yield found[i : i + 7]

    stage = tally_stage()
    folds = Folds(stage, read, Metrics())
    highest = 0
    for offset in visits:
        state = asyncio.run(folds.before(0, offset))
        highest = max(highest, offset)
        assert ids(state) >= {f"a{i}" for i in present if i < offset}
        assert ids(state) <= {f"a{i}" for i in present if i <= highest}
        # The step folds the input itself.
        if offset in present:
            state.setdefault("outlet", set()).add(f"a{offset}")
        folds.after(0, offset)
