"""`muster copies`, on the real stages of ingest and dedupe."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import orjson
import pytest

from streams.commands.copies import answers, settled_answers
from streams.dry_run import DEAD, Pipeline, stages_for
from streams.settings import Settings

SAMPLES = sorted((Path(__file__).resolve().parents[2] / "samples").glob("*.json"))
CLOCK_MS = 1_498_500_000_000  # 2017-06-26, after the last sample


def pipeline(partitions: int = 1) -> Pipeline:
    stages = stages_for(Settings(), ("ingest", "dedupe"), partitions)
    return Pipeline(stages, partitions=partitions, timestamp_ms=CLOCK_MS, keep=("articles.v1", "stories.v1", DEAD))


@pytest.fixture(scope="module")
def lines() -> list[bytes]:
    return [json.dumps(json.loads(path.read_bytes())).encode() + b"\n" for path in SAMPLES]


def by_article(found: Iterable[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {answer["id"]: answer for answer in found}


def test_there_is_one_answer_for_each_article_in_order_of_arrival(lines: Sequence[bytes]) -> None:
    given = [json.loads(line).get("id") for line in lines]
    for found in (list(answers(lines, pipeline())), list(settled_answers(lines, pipeline()))):
        assert len(found) == len(lines)
        assert [a["id"] if g else None for g, a in zip(given, found, strict=True)] == given


def test_a_copy_names_its_origin_and_the_origin_itself(lines: Sequence[bytes]) -> None:
    found = dict(zip((path.stem for path in SAMPLES), answers(lines, pipeline()), strict=True))
    origin = found["05-syria-request"]
    assert (origin["relation"], origin["of"], origin["story"]) == ("own", None, origin["id"])
    for name in ("06-copy-truncated", "08-copy-edited", "09-copy-merged"):
        assert found[name]["relation"] in ("copy", "excerpt", "expanded")
        assert (found[name]["of"], found[name]["story"]) == (origin["id"], origin["id"])
        assert found[name]["containment"] >= 0.7
    assert found["10-second-source"]["relation"] == "own"


def test_a_copy_that_comes_before_its_origin_is_known_as_one_at_last(lines: Sequence[bytes]) -> None:
    backwards = list(reversed(lines))
    then = by_article(answers(backwards, pipeline()))
    at_last = by_article(settled_answers(backwards, pipeline()))
    truncated = "bosphorus-courier:2017-06-22:41877"
    assert then[truncated]["of"] != "transcaspian-daily:2017-06-22:syria-request"
    assert at_last[truncated]["of"] == "transcaspian-daily:2017-06-22:syria-request"


def test_what_an_outlet_added_or_changed_is_told_with_its_words(lines: Sequence[bytes]) -> None:
    found = dict(zip((path.stem for path in SAMPLES), settled_answers(lines, pipeline()), strict=True))
    assert found["05-syria-request"]["new"] is None
    assert found["06-copy-truncated"]["new"] == []
    (local,) = found["09-copy-merged"]["new"]
    assert local["text"].startswith("In Osh the news spread faster than the ministry's answer to it.")
    assert local["text"].endswith("By the evening three of the seven had promised to come.")
    figure, notice = found["11-norway-mali-corrected"]["new"]
    assert figure["text"] == "300"
    assert notice["text"].startswith(
        "Correction: An earlier version of this article gave the number of soldiers wrongly"
    )


@pytest.mark.parametrize("partitions", [1, 2, 7])
def test_settled_answers_depend_neither_on_order_nor_on_partitions(lines: Sequence[bytes], partitions: int) -> None:
    expected = by_article(settled_answers(lines, pipeline()))
    assert by_article(settled_answers(list(reversed(lines)), pipeline(partitions))) == expected


def test_an_answer_is_given_before_the_next_line_is_read(lines: Sequence[bytes]) -> None:
    read = 0

    def reading() -> Iterable[bytes]:
        nonlocal read
        for line in lines:
            read += 1
            yield line

    for number, _ in enumerate(answers(reading(), pipeline()), start=1):
        assert read == number


def test_an_article_that_cannot_be_used_is_named_and_the_others_go_on(lines: Sequence[bytes]) -> None:
    bad = [
        b"nonsense\n",
        b"\n",
        b'{"id": 5}\n',
        b'{"id": "a", "outlet": "o", "body": "Troops left."}\n',
        b'{"id": "b", "published": "2017-06-22T00:00:00Z", "body": "Troops left."}\n',
        b'{"outlet": "o", "published": "2017-06-22T00:00:00Z", "body": "Troops left."}\n',
    ]
    found = list(answers([*bad, lines[0]], pipeline()))
    assert [answer["id"] for answer in found[:4]] == [None, 5, "a", "b"]
    for answer, place in zip(found, ("line 1: ", "line 3: ", "line 4: ", "line 5: ", "line 6: "), strict=False):
        assert answer["error"].startswith(place)
        assert set(answer) == {"id", "error"}
    assert "published" in found[2]["error"]
    assert "outlet" in found[3]["error"]
    assert found[5]["relation"] == "own"


def test_an_article_that_comes_twice_is_no_copy_of_itself(lines: Sequence[bytes]) -> None:
    first, second = answers([lines[0], lines[0]], pipeline())
    assert first == second
    assert second["relation"] == "own"


@pytest.mark.parametrize("identity", ["[" * 300 + "]" * 300, "18446744073709551616"])
def test_an_id_that_cannot_be_given_back_is_null_and_the_others_go_on(identity: str, lines: Sequence[bytes]) -> None:
    bad = f'{{"id": {identity}, "outlet": "o", "published": "2017-06-22", "body": "text"}}'.encode()
    answer, good = (orjson.loads(orjson.dumps(found)) for found in answers([bad, lines[0]], pipeline()))
    assert answer["id"] is None
    assert answer["error"].startswith("line 1: ")
    assert good["relation"] == "own"
