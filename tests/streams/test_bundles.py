"""Several records in one message: what goes in comes out, in order, acknowledged together, and nothing else is taken for it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.dedupe.agent import index_stage
from streams import app, records, schemas
from streams import bundling as bundling_module
from streams.app import _messages
from streams.bundles import Inside, opened, sealed
from streams.bundling import BYTES, RECORDS, Bundling
from streams.dead_letters import TooManyDeadLetters, original, place
from streams.fold import Folds
from streams.loop import RAW_MS_HEADER, Incoming, Input, Outgoing
from streams.settings import Settings
from streams.stage import Received, Stage, Surroundings
from streams.topics import registry, topic
from tests.streams.memory import PARTITIONS, Run, each, until, with_turns

ANCHORS = "anchors.v1"
EXAMPLES = Path(schemas.__file__).parent / "examples" / "anchors.v1.json"


def question(article: str, published: str = "2025-03-01T10:00:00Z") -> bytes:
    """A question as ingest asks it, from the examples of the topic."""
    found = orjson.loads(EXAMPLES.read_bytes())[0]
    return records.encode(topic(ANCHORS).decode(orjson.dumps({**found, "article": article, "published": published})))


def outgoing(number: int, *, name: str = ANCHORS, partition: int = 0, value: bytes | None = b"{}") -> Outgoing:
    headers = {RAW_MS_HEADER: str(number).encode(), "ce_id": b"one record's"}
    return Outgoing(name, f"a{number}".encode(), value, partition, headers)


# --- the format -----------------------------------------------------------------------------------------------------

_TEXT = st.text(st.characters(blacklist_categories=["Cs"]))
_RECORD = st.dictionaries(_TEXT, st.one_of(_TEXT, st.integers(-(2**53), 2**53), st.none()), max_size=4).map(
    orjson.dumps
)
_INSIDE = st.builds(Inside, _TEXT.map(str.encode), _RECORD, st.dictionaries(_TEXT, _TEXT.map(str.encode), max_size=3))


@given(st.lists(_INSIDE, min_size=1, max_size=5))
def test_what_is_sealed_is_what_is_opened(inside: list[Inside]) -> None:
    assert opened(sealed(inside)) == inside


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"{}",
        b'{"article":"a"}',
        b'{"bundle":[]}',
        b'{"bundle":[',
        b'{"bundle":[1]}',
        b'{"bundle":[{"key":"a","headers":{},"record":{}},{"key":"b"}]}',
        b'{"bundle":[{"key":"\xff","headers":{},"record":{}}]}',
        b'{"bundle":[{"key":"\\ud800","headers":{},"record":{}}]}',
        b'{"bundle":[' + b"[" * 100_000,
    ],
)
def test_what_is_no_whole_bundle_is_none(value: bytes) -> None:
    assert opened(value) == []


def test_a_header_that_is_no_text_stops_nothing() -> None:
    """What somebody wrote into a header of an inner topic is passed on with what it led to."""
    (found,) = opened(sealed([Inside(b"a", b"{}", {RAW_MS_HEADER: b"\xff\xfe"})]))
    assert found == Inside(b"a", b"{}", {RAW_MS_HEADER: "\ufffd\ufffd".encode()})


# --- collecting -----------------------------------------------------------------------------------------------------


@dataclass
class Broker:
    """Takes messages; `fails` of them first."""

    taken: list[Outgoing] = field(default_factory=list)
    fails: int = 0
    refuses: bool = False

    async def publish(self, message: Outgoing) -> Awaitable[Any]:
        if self.refuses:
            raise ConnectionError("not even sent")

        async def confirm() -> str:
            if self.fails:
                self.fails -= 1
                raise ConnectionError("the broker is away")
            return "confirmed"

        self.taken.append(message)
        return asyncio.ensure_future(confirm())

    def keys_taken(self) -> list[list[bytes]]:
        """Of each message the keys of its records."""
        return [[one.key for one in opened(message.value or b"")] or [message.key] for message in self.taken]


async def published(bundling: Bundling, messages: Sequence[Outgoing]) -> list[Any]:
    promises = [await bundling.publish(message) for message in messages]
    return await asyncio.gather(*promises, return_exceptions=True)


def test_what_a_stage_that_is_behind_sends_to_one_partition_goes_together_in_order() -> None:
    broker = Broker()
    behind = iter([True, True, False])
    bundling = Bundling(broker.publish, more=lambda: next(behind, False))
    results = asyncio.run(published(bundling, [outgoing(n, partition=n % 2) for n in range(10)]))
    assert results == ["confirmed"] * 10
    assert sorted(broker.keys_taken()) == [[b"a0", b"a2", b"a4", b"a6", b"a8"], [b"a1", b"a3", b"a5", b"a7", b"a9"]]
    assert {message.partition: message.key for message in broker.taken} == {0: b"a0", 1: b"a1"}


def test_records_keep_our_headers_and_a_bundle_has_none() -> None:
    broker = Broker()
    asyncio.run(published(Bundling(broker.publish), [outgoing(1), outgoing(2)]))
    (bundle,) = broker.taken
    assert bundle.headers == {}
    assert [one.headers for one in opened(bundle.value or b"")] == [{RAW_MS_HEADER: b"1"}, {RAW_MS_HEADER: b"2"}]


def test_one_record_is_a_message_as_on_every_other_topic() -> None:
    broker = Broker()
    asyncio.run(published(Bundling(broker.publish), [outgoing(1)]))
    assert broker.taken[0].headers == outgoing(1).headers
    assert broker.taken[0].value == b"{}"


def test_topics_that_others_read_take_no_bundles() -> None:
    broker = Broker()
    names = [name for name, one in registry().items() if not one.bundled]
    assert "alerts.v1" in names
    messages = [outgoing(n, name=name) for name in names for n in range(3)]
    asyncio.run(published(Bundling(broker.publish, more=lambda: True), messages))
    assert [(m.topic, m.key, m.value) for m in broker.taken] == [(m.topic, m.key, m.value) for m in messages]


def test_a_stage_that_is_always_behind_does_not_wait_for_ever() -> None:
    broker = Broker()

    async def go() -> None:
        await asyncio.wait_for(published(Bundling(broker.publish, more=lambda: True), [outgoing(1)]), timeout=30)

    asyncio.run(go())
    assert broker.keys_taken() == [[b"a1"]]


def test_a_stage_that_can_take_no_more_does_not_wait_for_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """With one input in flight nothing else can come before this one is confirmed."""
    monkeypatch.setattr(bundling_module, "SHORTEST_SECONDS", 3_600.0)
    monkeypatch.setattr(bundling_module, "LONGEST_SECONDS", 3_600.0)
    broker = Broker()

    async def go() -> None:
        collected = Bundling(broker.publish, more=lambda: True, awaited=lambda: True)
        for number in range(3):
            await asyncio.wait_for(published(collected, [outgoing(number)]), timeout=30)

    asyncio.run(go())
    assert broker.keys_taken() == [[b"a0"], [b"a1"], [b"a2"]]


def test_a_bundle_has_so_many_records_and_bytes_at_most_and_a_record_that_has_more_goes_alone() -> None:
    broker = Broker()
    large = outgoing(RECORDS + 1, value=b'"' + b"x" * BYTES + b'"')
    messages = [*(outgoing(n) for n in range(RECORDS + 1)), large, outgoing(RECORDS + 2)]
    asyncio.run(published(Bundling(broker.publish), messages))
    assert [len(keys) for keys in broker.keys_taken()] == [RECORDS, 1, 1, 1]
    assert [key for keys in broker.keys_taken() for key in keys] == [message.key for message in messages]


@pytest.mark.parametrize("at_once", [False, True])
def test_a_bundle_that_the_broker_does_not_take_fails_for_each_of_its_records(at_once: bool) -> None:
    broker = Broker(fails=1, refuses=at_once)
    results = asyncio.run(published(Bundling(broker.publish), [outgoing(1), outgoing(2)]))
    assert [type(result) for result in results] == [ConnectionError, ConnectionError]


def test_a_record_that_was_not_taken_is_tried_again_by_the_loop() -> None:
    run = Run()
    broker = Broker(fails=2)
    stage = index()
    loop = run.loop(stage)
    loop._publish = Bundling(broker.publish).publish
    incoming = [run.incoming(0, number, question(f"a{number}")) for number in range(3)]
    asyncio.run(loop.run(each(incoming)))
    answered = [opened(m.value or b"") or [m] for m in broker.taken]
    articles = {topic("matches.v1").decode(one.value or b"").article for some in answered for one in some}
    assert articles == {"a0", "a1", "a2"}
    assert run.acknowledged == [(0, 0), (0, 1), (0, 2)]
    assert run.metrics.value("muster_delivery_retries_total", stage=stage.name) >= 1


# --- taking ---------------------------------------------------------------------------------------------------------


@dataclass
class Stream:
    """As much of Faust's stream as the inputs are read from."""

    messages: list[Any]
    acknowledged: list[int] = field(default_factory=list)
    app: Any = None
    channel: Any = field(default_factory=lambda: SimpleNamespace(queue=asyncio.Queue()))

    def noack(self) -> Stream:
        return self

    async def events(self) -> Any:
        for message in self.messages:
            yield SimpleNamespace(message=message, ack=lambda offset=message.offset: self.acknowledged.append(offset))


def message(offset: int, value: bytes | None) -> Any:
    return SimpleNamespace(key=b"k", value=value, partition=0, offset=offset, timestamp=1.5, headers=[("h", b"1")])


async def taken(stream: Stream, *, bundled: bool = True) -> list[Incoming]:
    return [incoming async for incoming in _messages(stream, bundled=bundled)]


def test_the_records_of_a_bundle_are_inputs_of_one_message() -> None:
    inside = [Inside(f"a{n}".encode(), b"{}", {RAW_MS_HEADER: str(n).encode()}) for n in range(3)]
    stream = Stream([message(7, sealed(inside)), message(8, b"{}"), message(9, None)])
    found = asyncio.run(taken(stream))
    assert [[(one.key, one.value, one.received.within) for one in incoming.inputs] for incoming in found] == [
        [(b"a0", b"{}", 0), (b"a1", b"{}", 1), (b"a2", b"{}", 2)],
        [(b"k", b"{}", None)],
        [(b"k", None, None)],
    ]
    assert found[0].inputs[1].received == Received(0, 7, 1500, {RAW_MS_HEADER: b"1"}, 1)
    assert [incoming.offset for incoming in found] == [7, 8, 9]
    for incoming in found:
        incoming.acknowledge()
    assert stream.acknowledged == [7, 8, 9]


def test_on_other_topics_what_looks_like_a_bundle_is_a_record_to_be_judged() -> None:
    value = sealed([Inside(b"a", b"{}", {}), Inside(b"b", b"{}", {})])
    (found,) = asyncio.run(taken(Stream([message(7, value)]), bundled=False))
    assert [(one.key, one.value) for one in found.inputs] == [(b"k", value)]
    assert not registry()["articles.raw.v1"].bundled


def test_letters_of_one_bundle_lie_at_places_of_their_own() -> None:
    run = Run()
    bad = [Inside(f"a{n}".encode(), b'{"article":%d}' % n, {}) for n in range(3)]
    asyncio.run(run.loop(index()).run(_messages(Stream([message(7, sealed(bad))]), bundled=True)))
    letters = run.letters()
    assert [place(letter) for letter in letters] == [f"{ANCHORS}/0/7.{n}" for n in range(3)]
    assert [original(letter).value for letter in letters] == [one.value for one in bad]


def test_a_limit_of_dead_letters_ends_the_stage_behind_the_bundle_so_that_it_does_not_come_again() -> None:
    run = Run()
    stream = Stream([message(7, sealed([Inside(b"a", b"{}", {})] * 5)), message(8, question("a9"))])
    loop = run.loop(index(), Settings(dead_letter_run=3))
    with pytest.raises(TooManyDeadLetters, match="3 inputs in a row"):
        asyncio.run(loop.run(_messages(stream, bundled=True)))
    assert stream.acknowledged == [7]
    assert len(run.letters()) == 5
    assert (loop.acknowledged, loop.progress) == (1, 5)


def test_a_bundle_that_is_refused_is_one_retry() -> None:
    run = Run()
    broker = Broker(fails=1)
    loop = run.loop(index())
    loop._publish = Bundling(broker.publish).publish
    asyncio.run(loop.run(each(run.incoming(0, n, question("a0", f"2025-03-01T10:00:{n:02}Z")) for n in range(5))))
    assert run.acknowledged == [(0, n) for n in range(5)]
    assert run.metrics.value("muster_delivery_retries_total", stage="dedupe.index") == 1


@pytest.mark.parametrize(
    "lying", [[sealed([Inside(b"a", b"{}", {})] * 2)] * 64, [b"{}"] * 64], ids=["bundles", "messages of one record"]
)
@pytest.mark.parametrize(("seconds", "least", "most"), [(-1.0, 64, 200), (3600.0, 0, 10)])
def test_other_stages_have_their_turn_after_so_many_seconds(
    monkeypatch: pytest.MonkeyPatch, lying: list[bytes], seconds: float, least: int, most: int
) -> None:
    monkeypatch.setattr(app, "AT_ONCE_SECONDS", seconds)
    _, turns = asyncio.run(with_turns(taken(Stream([message(7 + n, value) for n, value in enumerate(lying)]))))
    assert least <= turns <= most


@pytest.mark.parametrize("raw_ms", [b"\xff", b"x" * 100_000, b"-1", b""])
def test_a_time_of_the_raw_article_that_is_none_is_not_passed_on(raw_ms: bytes) -> None:
    run = Run()
    inside = [Inside(f"a{n}".encode(), question(f"a{n}"), {RAW_MS_HEADER: raw_ms}) for n in range(2)]
    asked = run.loop(index())
    inputs = [Input(one.key, one.value, Received(0, 0, 1, {RAW_MS_HEADER: raw_ms})) for one in inside]
    asyncio.run(asked.run(each([run.message(*inputs)])))
    assert run.published
    assert all(RAW_MS_HEADER not in dict(message.headers) for message in run.published)


# --- states ---------------------------------------------------------------------------------------------------------


def index() -> Stage:
    return index_stage(Surroundings(Settings(), dict.fromkeys(registry(), PARTITIONS)))


def bundle(*articles: str) -> bytes:
    return sealed([Inside(article.encode(), question(article), {}) for article in articles])


def test_a_state_catches_up_on_bundles_as_on_messages() -> None:
    run = Run(log={0: [bundle("a0", "a1"), question("a2"), b'{"bundle":[', bundle("a3", "a4")]})
    stage = index()
    state = asyncio.run(Folds(stage, run.read, run.metrics).before(0, 4))
    assert stage.size is not None
    assert stage.size(state) == 5
    assert run.metrics.value("muster_fold_caught_up_records_total", stage=stage.name, outcome="folded") == 5
    assert run.metrics.value("muster_fold_caught_up_records_total", stage=stage.name, outcome="skipped") == 1


def test_a_bundle_is_acknowledged_when_all_that_its_records_led_to_is_confirmed() -> None:
    async def go() -> Run:
        may_finish = asyncio.Event()

        async def gate(message: Outgoing) -> None:
            if message.key == b"a1":
                await may_finish.wait()

        run = Run(gate=gate)
        stream = Stream([message(7, bundle("a0", "a1", "a2")), message(8, question("a3"))])
        loop = run.loop(index())
        running = asyncio.ensure_future(loop.run(_messages(stream, bundled=True)))
        await until(lambda: len(run.published) == 3)
        assert (stream.acknowledged, loop.position(0), loop.in_flight) == ([], None, 4)
        may_finish.set()
        await running
        assert (stream.acknowledged, loop.position(0), loop.in_flight) == ([7, 8], 9, 0)
        return run

    run = asyncio.run(go())
    assert run.metrics.value("muster_inputs_total", stage="dedupe.index") == 4
    assert run.metrics.value("muster_messages_total", stage="dedupe.index") == 2
    assert run.metrics.value("muster_handled_total", stage="dedupe.index", outcome="published") == 4
    assert run.metrics.value("muster_outputs_total", stage="dedupe.index", topic="matches.v1") == 4


def test_what_a_bundle_led_to_is_tried_again_at_once_and_in_order() -> None:
    async def go() -> None:
        may_finish = asyncio.Event()

        async def gate(_: Outgoing) -> None:
            if run.tried > 3:
                await may_finish.wait()

        run = Run(gate=gate, fail=lambda message, number: number <= 3)
        stream = Stream([message(7, bundle("a0", "a1", "a2"))])
        running = asyncio.ensure_future(run.loop(index()).run(_messages(stream, bundled=True)))
        await until(lambda: run.tried == 6)
        assert not run.published
        may_finish.set()
        await running
        assert [sent.key for sent in run.published] == [b"a0", b"a1", b"a2"]
        assert stream.acknowledged == [7]

    asyncio.run(go())


def test_the_window_counts_the_records_of_bundles() -> None:
    async def go() -> None:
        may_finish = asyncio.Event()

        async def gate(_: Outgoing) -> None:
            await may_finish.wait()

        run = Run(gate=gate)
        messages = [message(7 + n, bundle(f"a{n}", f"b{n}")) for n in range(5)]
        loop = run.loop(index(), Settings(in_flight=3))
        running = asyncio.ensure_future(loop.run(_messages(Stream(messages), bundled=True)))
        await until(lambda: loop.in_flight == 4)
        with pytest.raises(TimeoutError):
            await until(lambda: loop.in_flight > 4, turns=50)
        assert loop.waits_for_the_broker
        may_finish.set()
        await running
        assert loop.position(0) == 12

    asyncio.run(go())
