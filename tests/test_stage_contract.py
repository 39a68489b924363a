"""What every stage promises (`streams/stage.py`), asked of each in the same words; a new stage is one line in `stages.AGENTS`.

The inputs are the examples of the topic that a stage consumes, and what the stages make of the samples.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from streams import records
from streams.dead_letters import TOPIC as DEAD_LETTERS
from streams.dry_run import Message, run, settled, stages_for
from streams.fold import Folds
from streams.handling import handle, partitions_of
from streams.settings import Settings
from streams.stage import Output, Received, Stage
from streams.stages import AGENTS
from streams.topics import registry, topic
from tests.streams.memory import PARTITIONS, Run, each

CHECKOUT = Path(__file__).resolve().parents[1]
CLOCK_MS = 1_980_000_000_000
"""Later than every sample and example: none is from the future."""


@cache
def stage_named(name: str) -> Stage:
    (stage,) = stages_for(Settings(), [name], partitions=PARTITIONS)
    return stage


def examples_of(consumes: str) -> list[bytes]:
    """The examples of a topic, as bytes."""
    examples = json.loads((CHECKOUT / "streams" / "examples" / f"{consumes}.json").read_text(encoding="utf-8"))
    return [json.dumps(example).encode() for example in examples]


@cache
def inputs_of(consumes: str) -> tuple[bytes, ...]:
    """What lies on a topic after the samples went through all stages.

    The examples are asked for themselves: they lie years from the samples, and states expire by event time.
    """
    return tuple(message.value for message in samples_through_all_stages()[consumes] if message.value is not None)


@cache
def samples_through_all_stages() -> dict[str, list[Message]]:
    samples = [path.read_bytes() for path in sorted((CHECKOUT / "samples").glob("*.json"))]
    return run(stages_for(Settings()), samples, timestamp_ms=CLOCK_MS).messages


@pytest.fixture(params=AGENTS)
def stage(request: pytest.FixtureRequest) -> Stage:
    return stage_named(request.param)


def received(offset: int) -> Received:
    return Received(0, offset, CLOCK_MS)


def new_state(stage: Stage) -> Any:
    return stage.new_state() if stage.new_state else None


def steps(stage: Stage, state: Any, inputs: Sequence[bytes]) -> list[list[Output]]:
    """The outputs of each input in turn. Fails where one becomes a dead letter."""
    found = []
    for offset, value in enumerate(inputs):
        handled = handle(stage, state, b"key", value, received(offset))
        assert handled.dead is None, handled.dead
        found.append(list(handled.outputs))
    return found


def as_bytes(outputs: Sequence[Sequence[Output]]) -> list[list[tuple[str, str, bytes, object, object, bool]]]:
    return [
        [(o.topic, o.key, records.encode(o.record), o.partition_by, o.partition, o.every_partition) for o in some]
        for some in outputs
    ]


def settled_outputs(outputs: Sequence[Sequence[Output]]) -> dict[str, list[bytes]]:
    """What each topic says at last, once these outputs lie on it."""
    messages: dict[str, list[Message]] = {}
    for output in (output for some in outputs for output in some):
        value = None if output.record is None else records.encode(output.record)
        messages.setdefault(output.topic, []).append(Message(output.topic, 0, 0, output.key, value))
    return settled_topics(messages)


def settled_topics(messages: dict[str, list[Message]]) -> dict[str, list[bytes]]:
    """What topics say at last. The answers of the index are the inside of dedupe: of them what its second stage makes."""
    found = dict(messages)
    if answers := found.pop("matches.v1", None):
        resolve = stage_named("dedupe.resolve")
        values = [message.value for message in answers if message.value is not None]
        stories = [output for some in steps(resolve, new_state(resolve), values) for output in some]
        found["stories.v1"] = [Message(o.topic, 0, 0, o.key, records.encode(o.record)) for o in stories]
    return {name: sorted(map(records.encode, settled(name, lying))) for name, lying in found.items()}


def shuffled(inputs: Sequence[bytes], seed: int) -> list[bytes]:
    again = list(inputs)
    random.Random(seed).shuffle(again)
    return again


def shuffled_among_keys(messages: Sequence[Message], seed: int) -> list[bytes]:
    """The values in another order, those of one key in the order in which they lie."""
    by_key: dict[str, list[bytes]] = {}
    for message in messages:
        if message.value is not None:
            by_key.setdefault(message.key, []).append(message.value)
    turns = [key for key, values in by_key.items() for _ in values]
    random.Random(seed).shuffle(turns)
    lying = {key: iter(values) for key, values in by_key.items()}
    return [next(lying[key]) for key in turns]


# --- what it says of itself ----------------------------------------------------------------------------------------


def test_a_stage_is_named_as_it_is_registered_and_binds_to_topics_that_exist(stage: Stage) -> None:
    assert stage.name in AGENTS
    assert stage.consumes in registry()
    assert stage.publishes
    assert set(stage.publishes) <= set(registry()) - {DEAD_LETTERS, stage.consumes}


def test_a_state_comes_with_its_fold_and_its_size(stage: Stage) -> None:
    assert (stage.new_state is None) == (stage.fold is None) == (stage.size is None)
    if stage.new_state is not None and stage.size is not None:
        assert stage.size(stage.new_state()) == 0
        assert stage.new_state() is not stage.new_state(), "each partition has its own"


def test_there_are_inputs_to_ask_it_with(stage: Stage) -> None:
    assert len(inputs_of(stage.consumes)) >= 2


# --- what it returns -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("inputs_from", [examples_of, inputs_of])
def test_outputs_fit_the_topics_that_they_are_for(stage: Stage, inputs_from: Callable[[str], Sequence[bytes]]) -> None:
    partitions = dict.fromkeys(registry(), PARTITIONS)
    outputs = [output for some in steps(stage, new_state(stage), inputs_from(stage.consumes)) for output in some]
    assert outputs or inputs_from is examples_of, "no input leads to anything"
    for output in outputs:
        assert output.topic in stage.publishes
        assert output.key
        assert set(partitions_of(output, partitions)) <= set(range(PARTITIONS))
        if output.record is not None:
            raw = records.encode(output.record)
            assert type(output.record) in topic(output.topic).records
            assert topic(output.topic).decode(raw) == output.record
            assert len(raw) < topic(output.topic).max_message_bytes


def test_equal_states_and_inputs_give_equal_outputs(stage: Stage) -> None:
    inputs = inputs_of(stage.consumes)
    once, again = (as_bytes(steps(stage, new_state(stage), inputs)) for _ in range(2))
    assert once == again


def test_when_and_where_an_input_lies_changes_no_output(stage: Stage) -> None:
    """Times of processing travel in headers, never in records; after a replay the same articles lie elsewhere."""
    here, there = new_state(stage), new_state(stage)
    for offset, value in enumerate(inputs_of(stage.consumes)):
        one = handle(stage, here, b"key", value, Received(0, offset, CLOCK_MS))
        other = handle(stage, there, b"other", value, Received(0, offset + 1_000, CLOCK_MS + 86_400_000, {"x": b"y"}))
        assert as_bytes([one.outputs]) == as_bytes([other.outputs])


# --- the state is a fold, and the fold is a merge ------------------------------------------------------------------


def test_folding_leaves_the_state_that_stepping_leaves(stage: Stage) -> None:
    """What a worker catches up on is what another one stepped through."""
    if stage.fold is None:
        assert new_state(stage) is None
        return
    inputs = inputs_of(stage.consumes)
    stepped, folded = new_state(stage), new_state(stage)
    steps(stage, stepped, inputs)
    for value in inputs:
        stage.fold(folded, topic(stage.consumes).decode(value))
    assert as_bytes(steps(stage, folded, inputs)) == as_bytes(steps(stage, stepped, inputs))


def test_a_state_that_was_kept_answers_as_before_also_where_the_last_records_are_folded_again(stage: Stage) -> None:
    if stage.kept is None:
        return
    assert stage.fold is not None
    inputs = inputs_of(stage.consumes)
    stayed, loaded = new_state(stage), new_state(stage)
    steps(stage, stayed, inputs[: len(inputs) // 2])
    for part in list(stage.kept.dump(stayed)):
        stage.kept.load(loaded, part)
    for value in inputs[len(inputs) // 4 : len(inputs) // 2]:
        stage.fold(loaded, topic(stage.consumes).decode(value))
    assert as_bytes(steps(stage, loaded, inputs)) == as_bytes(steps(stage, stayed, inputs))


@pytest.mark.parametrize("seed", range(3))
def test_a_fold_in_any_order_with_repeats_leaves_the_same_state(stage: Stage, seed: int) -> None:
    if stage.fold is None:
        assert new_state(stage) is None
        return
    inputs = inputs_of(stage.consumes)
    straight, mixed = new_state(stage), new_state(stage)
    for value in inputs:
        stage.fold(straight, topic(stage.consumes).decode(value))
    for value in shuffled([*inputs, *inputs[::2]], seed):
        stage.fold(mixed, topic(stage.consumes).decode(value))
    assert as_bytes(steps(stage, mixed, inputs)) == as_bytes(steps(stage, straight, inputs))


def test_inputs_that_come_twice_settle_to_the_same_outputs(stage: Stage) -> None:
    inputs = inputs_of(stage.consumes)
    doubled = [value for value in inputs for _ in range(2)]
    once = settled_outputs(steps(stage, new_state(stage), inputs))
    assert settled_outputs(steps(stage, new_state(stage), doubled)) == once
    assert settled_outputs(steps(stage, new_state(stage), [*inputs, *inputs])) == once


@pytest.mark.parametrize("seed", range(3))
def test_inputs_in_another_order_settle_to_the_same_outputs(stage: Stage, seed: int) -> None:
    inputs = inputs_of(stage.consumes)
    once = settled_outputs(steps(stage, new_state(stage), inputs))
    if topic(stage.consumes).cleanup == "compact":
        # What an event's later version made due depends on the earlier one; and of one key a partition keeps the order.
        another = shuffled_among_keys(samples_through_all_stages()[stage.consumes], seed)
    else:
        another = shuffled(inputs, seed)
    assert settled_outputs(steps(stage, new_state(stage), another)) == once


# --- bad inputs ----------------------------------------------------------------------------------------------------


def bad_inputs(stage: Stage) -> list[bytes]:
    example = json.loads(examples_of(stage.consumes)[0])
    assert isinstance(example, dict)
    required = "published" if "published" in example else next(iter(example))
    bad = [
        b"", b"\x00\xff\xfe", b"null", b"[]", b"{}", b'"text"', b"{" * 100_000,
        json.dumps({name: value for name, value in example.items() if name != required}).encode(),
        json.dumps({**example, required: {"not": ["what", "it", "should", "be"]}}).encode(),
        json.dumps(example).encode()[:-2],
    ]  # fmt: skip
    if stage.input_bytes is not None:
        bad.append(b" " * (stage.input_bytes + 1))
    return bad


def test_bad_inputs_become_dead_letters_and_change_nothing(stage: Stage) -> None:
    inputs = inputs_of(stage.consumes)
    state = new_state(stage)
    for value in bad_inputs(stage):
        handled = handle(stage, state, b"key", value, received(7))
        assert handled.dead is not None, value[:80]
        assert (handled.dead.stage, handled.dead.topic, handled.dead.offset) == (stage.name, stage.consumes, 7)
        assert handled.dead.error in ("InvalidRecord", "Rejected"), handled.dead
        assert handled.outputs == ()
    assert as_bytes(steps(stage, state, inputs)) == as_bytes(steps(stage, new_state(stage), inputs))


# --- crashes -------------------------------------------------------------------------------------------------------


def through_the_loop(stage: Stage, memory: Run, offsets: range) -> None:
    inputs = [memory.incoming(0, offset, memory.log[0][offset]) for offset in offsets]
    asyncio.run(memory.loop(stage, folds=Folds(stage, memory.read, memory.metrics)).run(each(inputs)))


def settled_messages(memory: Run) -> dict[str, list[bytes]]:
    messages: dict[str, list[Message]] = {}
    for m in memory.published:
        messages.setdefault(m.topic, []).append(Message(m.topic, m.partition, 0, m.key.decode(), m.value))
    return settled_topics(messages)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_a_crash_and_a_new_start_some_inputs_earlier_settle_to_the_same_outputs(stage: Stage, share: float) -> None:
    """Before a send, after it, after its confirmation: what was not acknowledged comes again, to a state caught up."""
    log: list[bytes | None] = [*inputs_of(stage.consumes)]
    whole, broken = Run(log={0: log}, timestamp_ms=CLOCK_MS), Run(log={0: log}, timestamp_ms=CLOCK_MS)
    through_the_loop(stage, whole, range(len(log)))
    crash = int(len(log) * share)
    through_the_loop(stage, broken, range(crash))
    through_the_loop(stage, broken, range(max(0, crash - 3), len(log)))
    assert settled_messages(broken) == settled_messages(whole)
    assert DEAD_LETTERS not in settled_messages(broken)
