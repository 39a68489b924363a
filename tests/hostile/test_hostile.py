"""Whatever lies on the raw topic ends as an article or as a dead letter that says why, and the next one is handled.

`make fuzz` runs the generated ones a hundred times longer.
"""

from __future__ import annotations

import base64
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams import records
from streams.dead_letters import original
from streams.dry_run import DEAD, RAW, Pipeline, Published, stages_for
from streams.handling import handle
from streams.records import DeadLetter
from streams.settings import Settings
from streams.stage import Received, Stage
from tests.hostile.corpus import CORPUS, must_be_refused

CHECKOUT = Path(__file__).resolve().parents[2]
CLOCK_MS = 1_980_000_000_000
SAMPLES = [path.read_bytes() for path in sorted((CHECKOUT / "samples").glob("*.json"))]


@cache
def stages() -> list[Stage]:
    return stages_for(Settings())


def through_all(*raw: bytes) -> Published:
    pipeline = Pipeline(stages(), timestamp_ms=CLOCK_MS)
    for one in raw:
        pipeline.feed(one)
        pipeline.drain()
    return pipeline.published


def check_letter(letter: DeadLetter, raw: bytes, offset: int) -> None:
    """It says where the original lay and what was wrong, and has its bytes."""
    assert (letter.stage, letter.topic, letter.partition, letter.offset) == ("ingest", RAW, 0, offset)
    assert letter.error in ("InvalidRecord", "Rejected"), letter.message
    assert letter.message
    if letter.value is None:
        assert len(raw) > Settings().article_bytes, "only what is too large for a letter is left out"
    else:
        assert original(letter).value == raw


@pytest.mark.parametrize("name", CORPUS)
def test_a_hostile_article_ends_as_what_it_is_and_the_next_one_is_handled(name: str) -> None:
    raw, sound = CORPUS[name](), SAMPLES[0]

    published = through_all(raw, sound)

    articles, letters = published.records("articles.v1"), published.records(DEAD)
    if must_be_refused(name):
        (letter,) = letters
        check_letter(letter, raw, 0)
        assert len(articles) == 1
    else:
        assert letters == []
        assert len(articles) == 2
    assert articles[-1] == through_all(sound).records("articles.v1")[0]


def test_a_letter_that_is_replayed_unmended_is_the_same_letter_again() -> None:
    raw = CORPUS["no_outlet_is_refused"]()
    first, second = through_all(raw, raw).records(DEAD)
    assert original(first).value == original(second).value == raw
    assert (first.field, first.message) == (second.field, second.message) == ("outlet", second.message)


# --- generated -------------------------------------------------------------------------------------------------------

words = st.text(
    alphabet=st.one_of(
        st.sampled_from("troops send soldiers Fiji Lebanon 170 said “”\"'’.,:;()-–—\n\t \0\u202e\u2066\u200d\ufeff\U000e0041"),
        st.characters(codec="utf-8"),
    ),
    max_size=200,
)  # fmt: skip
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=12,
)
FIELDS = (
    "id", "outlet", "published", "title", "body", "html", "url", "language", "byline", "credits", "version", "status",
)  # fmt: skip


@st.composite
def near_records(draw: st.DrawFn) -> bytes:
    """A sample with some of its fields changed for anything, or its bytes changed somewhere."""
    record: dict[str, Any] = orjson.loads(draw(st.sampled_from(SAMPLES)))
    for field in draw(st.lists(st.sampled_from(FIELDS), max_size=3)):
        record[field] = draw(values | words | st.sampled_from(["0001-01-01", "9999-12-31T23:59:59Z", "2019-02-30"]))
    if draw(st.booleans()) and isinstance(record.get("body"), str):
        place = draw(st.integers(0, len(record["body"])))
        record["body"] = record["body"][:place] + draw(words) + record["body"][place:]
    raw = bytearray(orjson.dumps(record, option=orjson.OPT_NON_STR_KEYS, default=str) if _has_json(record) else b"{")
    for _ in range(draw(st.integers(0, 2))):
        raw[draw(st.integers(0, len(raw) - 1))] = draw(st.integers(0, 255))
    return bytes(raw)


def _has_json(record: Any) -> bool:
    try:
        orjson.dumps(record)
    except (TypeError, ValueError):
        return False
    return True


@given(st.binary(max_size=300) | near_records())
def test_any_bytes_end_as_records_that_can_be_read_again(raw: bytes) -> None:
    published = through_all(raw, raw)

    articles, letters = published.records("articles.v1"), published.records(DEAD)
    assert (len(articles), len(letters)) in ((2, 0), (0, 2), (1, 0)), [letter.message for letter in letters]
    for offset, letter in enumerate(letters):
        check_letter(letter, raw, offset)
    for messages in published.messages.values():
        for message in messages:
            if message.value is not None and message.topic != RAW:
                assert records.encode(message.record()) == message.value
    again = through_all(raw, raw)
    assert again.messages == published.messages, "the same input gives the same output"


@given(st.sampled_from(["articles.v1", "reports.v1", "events.v1", "anchors.v1", "matches.v1"]), st.binary(max_size=200))
def test_any_bytes_on_an_inner_topic_are_a_dead_letter(topic: str, raw: bytes) -> None:
    for stage in stages():
        if stage.consumes == topic:
            state = stage.new_state() if stage.new_state else None
            dead = handle(stage, state, b"key", raw, Received(0, 7, CLOCK_MS)).dead
            assert dead is not None
            assert dead.value == base64.b64encode(raw).decode()
