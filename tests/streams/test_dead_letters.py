"""Dead letters: that one always fits, and that its original can be published again."""

from __future__ import annotations

import base64
import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams import records
from streams.dead_letters import (
    ATTEMPTS_HEADER,
    REPLAYED_HEADER,
    Limits,
    NotKept,
    TooManyDeadLetters,
    fitted,
    original,
    place,
)
from streams.handling import dead_letter
from streams.loop import ENVELOPE_BYTES
from streams.records import DeadLetter
from streams.settings import Settings
from streams.stage import Received
from streams.topics import topic
from tests.streams.memory import tally_stage


def letter_of(key: bytes | None, value: bytes | None, headers: dict[str, bytes] | None = None) -> DeadLetter:
    received = Received(2, 17, 1_500_000_000_000, headers or {})
    return dead_letter(tally_stage(), key, value, received, ValueError("no"), 1)


@given(st.none() | st.binary(max_size=50), st.binary(max_size=200))
def test_a_replay_publishes_the_very_bytes_of_the_original(key: bytes | None, value: bytes) -> None:
    written = records.decode(records.encode(letter_of(key, value, {"origin": "café".encode()})), DeadLetter)
    again = original(written)
    assert (again.topic, again.key, again.value) == ("articles.raw.v1", key, value)
    assert dict(again.headers) == {
        "origin": "café".encode(),
        ATTEMPTS_HEADER: b"1",
        REPLAYED_HEADER: place(written).encode(),
    }


def test_the_largest_raw_article_that_a_topic_takes_fits_into_a_dead_letter_with_its_bytes() -> None:
    value = b"x" * topic("articles.raw.v1").max_message_bytes
    limit = topic("dead-letters.v1").max_message_bytes - ENVELOPE_BYTES
    letter = fitted(letter_of(b"key", value), limit)
    assert base64.b64decode(letter.value or "") == value
    assert len(records.encode(letter)) <= limit


def test_an_original_that_is_too_large_is_left_out_and_the_letter_says_so() -> None:
    letter = fitted(letter_of(b"key", b"x" * 10_000), 5_000)
    assert letter.value is None
    assert "too large to be kept" in letter.message
    with pytest.raises(NotKept, match=r"articles\.raw\.v1/2/17"):
        original(letter)


def test_the_text_of_an_error_is_cut() -> None:
    letter = fitted(dataclasses.replace(letter_of(None, b"{"), message="x" * 100_000), 1_000_000)
    assert len(letter.message) < 2_100


def test_a_place_is_topic_partition_and_offset() -> None:
    assert place(letter_of(None, b"{")) == "articles.raw.v1/2/17"


@given(st.lists(st.booleans(), max_size=600), st.integers(1, 30), st.sampled_from([0.0, 0.1, 0.5, 1.0]))
def test_the_limits_stop_exactly_when_the_run_or_the_share_is_exceeded(
    dead: list[bool], run: int, share: float
) -> None:
    limits = Limits("stage", share=share, run=run)
    letter = letter_of(None, b"{")
    for i, is_dead in enumerate(dead):
        window = dead[max(0, i - 199) : i + 1]
        too_long = i + 1 >= run and all(dead[i + 1 - run : i + 1])
        too_many = len(window) == 200 and sum(window) > share * 200
        if is_dead and (too_long or too_many):
            with pytest.raises(TooManyDeadLetters):
                limits.count(letter)
            return
        limits.count(letter if is_dead else None)


def test_the_defaults_let_a_feed_with_some_bad_articles_pass() -> None:
    settings = Settings()
    limits = Limits("stage", share=settings.dead_letter_share, run=settings.dead_letter_run)
    letter = letter_of(None, b"{")
    for i in range(10_000):
        limits.count(letter if i % 3 == 0 else None)
