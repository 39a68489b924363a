"""`muster dead-letters` without a broker: which letters are one input that failed again, and what is no letter at all."""

from __future__ import annotations

import base64
import dataclasses
from typing import Any

import pytest
from click.testing import CliRunner

from streams.commands import dead_letters, failures
from streams.commands.dead_letters import SHOWN_BYTES, _at, _chosen, failed_again
from streams.commands.failures import Failure
from streams.dead_letters import original
from streams.records import DeadLetter

FIRST = DeadLetter(
    topic="articles.raw.v1", partition=0, offset=3, timestamp_ms=1, stage="ingest", error="Rejected", field="id",
    message="id: missing", attempts=1, key=None, value="e30=",
)  # fmt: skip


def replayed(letter: DeadLetter, **changes: Any) -> DeadLetter:
    """The letter that the replay of one became."""
    headers = {name: raw.decode() for name, raw in original(letter).headers}
    return dataclasses.replace(letter, attempts=letter.attempts + 1, headers=headers, **changes)


SECOND = replayed(FIRST, offset=9, timestamp_ms=2)
THIRD = replayed(SECOND, offset=12, timestamp_ms=3)


def test_a_letter_names_the_one_that_its_last_replay_became() -> None:
    assert failed_again([THIRD, FIRST, SECOND]) == {
        "articles.raw.v1/0/3": "articles.raw.v1/0/9",
        "articles.raw.v1/0/9": "articles.raw.v1/0/12",
    }
    twice = replayed(FIRST, offset=10, timestamp_ms=3)
    assert failed_again([FIRST, twice, SECOND]) == {"articles.raw.v1/0/3": "articles.raw.v1/0/10"}


def test_a_header_that_anybody_wrote_names_no_letter_of_ours() -> None:
    named = dataclasses.replace(FIRST, offset=5, headers={"muster-replayed": "articles.raw.v1/0/77"})
    itself = dataclasses.replace(FIRST, offset=6, headers={"muster-replayed": "articles.raw.v1/0/6"})
    assert failed_again([FIRST, named, itself]) == {}


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


def shown(letter: DeadLetter, monkeypatch: pytest.MonkeyPatch, *command: str) -> str:
    monkeypatch.setattr(dead_letters, "_all", lambda _: [letter])
    result = CliRunner().invoke(dead_letters.dead_letters, command or ["show", "articles.raw.v1/0/3"])
    assert result.exit_code == 0, result.exception or result.output
    return result.stdout


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"[" * 100_000, "[[[["),
        (b"[" * 50_000 + b"]" * 50_000, "100,000 bytes in all"),
        (b"[" * 300 + b"1," * 100_000 + b"1" + b"]" * 300, "200,601 bytes in all"),
        (b'{"title": "\\ud800 \\u202e \\u009b31m"}', r'"title": "\ud800 \u202e \x9b31m"'),
        ("\u202etroops\u2066\u200b\ufeff\u2028\U000e0041".encode(), r"\u202etroops\u2066\u200b\ufeff\u2028\U000e0041"),
        (b"\x1b]0;owned\x07\x1b[2J\r\0", r"\x1b]0;owned\x07\x1b[2J\r\x00"),
        (b"\xff\xfe", r"\xff\xfe"),
    ],
)
def test_an_original_is_shown_with_codes_for_what_a_terminal_would_obey_or_hide(
    raw: bytes, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = base64.b64encode(raw).decode()
    output = shown(dataclasses.replace(FIRST, value=text, key=text), monkeypatch)
    assert told in output
    assert all(c == "\n" or c.isprintable() for c in output)
    assert len(output.split("\n\n", 1)[1]) <= SHOWN_BYTES + 100


def test_a_letter_that_is_odd_itself_is_shown_and_does_not_hide_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    odd = dataclasses.replace(FIRST, timestamp_ms=2**63 - 1, key="!", value="!", headers={"a\x1b": "b\u202e"})
    output = shown(odd, monkeypatch)
    assert "the original is not base64" in output
    assert r"a\x1b=b\u202e" in output
    assert f"{2**63 - 1}ms" in shown(odd, monkeypatch, "list")
