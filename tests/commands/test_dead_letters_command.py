"""`muster dead-letters` without a broker: which letters are one input that failed again, and what is no letter at all."""

from __future__ import annotations

import dataclasses

import pytest

from streams.commands import failures
from streams.commands.dead_letters import _at, _chosen, failed_again
from streams.commands.failures import Failure
from streams.records import DeadLetter

FIRST = DeadLetter(
    topic="articles.raw.v1", partition=0, offset=3, timestamp_ms=1, stage="ingest", error="Rejected", field="id",
    message="id: missing", attempts=1, key=None, value="e30=",
)  # fmt: skip
SECOND = dataclasses.replace(FIRST, offset=9, timestamp_ms=2, attempts=2)
THIRD = dataclasses.replace(FIRST, offset=12, timestamp_ms=3, attempts=3)


def test_a_letter_names_the_one_that_its_replay_became() -> None:
    other = dataclasses.replace(SECOND, offset=10, value="e31=")
    assert failed_again([THIRD, FIRST, other, SECOND]) == {
        "articles.raw.v1/0/3": "articles.raw.v1/0/9",
        "articles.raw.v1/0/9": "articles.raw.v1/0/12",
    }


def test_the_same_article_fed_twice_is_no_replay() -> None:
    assert failed_again([FIRST, dataclasses.replace(FIRST, offset=4)]) == {}


def test_a_stage_that_there_is_not_is_told_with_those_that_there_are() -> None:
    with pytest.raises(Failure, match="no stage 'nosuch'; there are: ingest, enrich, ") as raised:
        _chosen([FIRST], stage="nosuch", field=None)
    assert raised.value.exit_code == failures.USAGE
    assert _chosen([FIRST], stage="enrich", field=None) == []


@pytest.mark.parametrize("place", ["foo", "articles.raw.v1/0", "articles.raw.v1/x/3"])
def test_what_is_no_place_is_told_apart_from_a_place_without_a_letter(place: str) -> None:
    with pytest.raises(Failure, match="is no place of a dead letter: TOPIC/PARTITION/OFFSET") as raised:
        _at([FIRST], [place])
    assert raised.value.exit_code == failures.USAGE
    with pytest.raises(Failure, match=r"no dead letter for articles\.raw\.v1/0/4") as raised:
        _at([FIRST], ["articles.raw.v1/0/4"])
    assert raised.value.exit_code == failures.BAD_INPUT
