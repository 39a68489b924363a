"""Records and their bytes."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields, is_dataclass
from pathlib import Path
from typing import Any

import orjson
import pytest

from streams import records
from streams.topics import registry

EXAMPLES = Path(records.__file__).parent / "examples"


def example(topic: str, index: int = 0) -> dict[str, object]:
    found: list[dict[str, object]] = orjson.loads((EXAMPLES / f"{topic}.json").read_bytes())
    return found[index]


@pytest.mark.parametrize("name", list(registry()))
def test_equal_records_have_equal_bytes_and_come_back_equal(name: str) -> None:
    topic = registry()[name]
    raw = orjson.dumps(example(name))
    first, second = topic.decode(raw), topic.decode(raw)
    assert first == second
    assert records.encode(first) == records.encode(second)
    assert topic.decode(records.encode(first)) == first


def test_records_are_frozen() -> None:
    article = registry()["articles.v1"].decode(orjson.dumps(example("articles.v1")))
    with pytest.raises(FrozenInstanceError):
        article.title = "another"


def test_kind_tells_the_records_of_one_topic_apart() -> None:
    decode = registry()["reports.v1"].decode
    assert isinstance(decode(orjson.dumps(example("reports.v1", 0))), records.Report)
    assert isinstance(decode(orjson.dumps(example("reports.v1", 2))), records.Revision)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"title": 7}, "title: a string is needed, got a number"),
        ({"id": 7}, "id: a string is needed, got a number"),
        ({"version": "two"}, "version: a whole number is needed, got a string"),
        ({"version": 1.5}, "version: a whole number is needed, got a number with a fraction"),
        ({"status": "retracted"}, "status: 'retracted' is none of usable, corrected, withdrawn"),
        ({"credits": "AP"}, "credits: an array is needed, got a string"),
        ({"credits": ["AP", None]}, "credits[1]: a string is needed, got null"),
        ({"outlet": None}, "outlet: a string is needed, got null"),
    ],
)
def test_a_record_that_does_not_fit_names_the_field_and_the_reason(change: dict[str, object], named: str) -> None:
    raw = orjson.dumps({**example("articles.raw.v1"), **change})
    with pytest.raises(records.InvalidRecord) as raised:
        records.decode(raw, records.RawArticle)
    assert str(raised.value) == named
    assert raised.value.field == named.partition(":")[0]


def test_what_is_wrong_deep_inside_a_record_is_told_with_its_path() -> None:
    event = example("events.v1")
    reports: Any = event["reports"]
    reports[1]["chain"][0]["kind"] = "friend"
    with pytest.raises(
        records.InvalidRecord, match=r"reports\[1\].chain\[0\].kind: 'friend' is none of speaker, outlet-"
    ):
        records.decode(orjson.dumps(event), records.Event)
    del reports[1]["chain"][0]["who"], reports[1]["chain"][0]["kind"]
    with pytest.raises(records.InvalidRecord, match=r"reports\[1\].chain\[0\].who: missing"):
        records.decode(orjson.dumps(event), records.Event)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"[]", "an object is needed, got an array"),
        (b'{"outlet": "o"', "no JSON: it ends too early"),
        (b"\xff\xfe", "no JSON: invalid character (byte 0)"),
        (b'{"outlet": "\xff"}', "not UTF-8 text: invalid start byte"),
    ],
)
def test_what_is_no_record_at_all_has_no_field(raw: bytes, said: str) -> None:
    with pytest.raises(records.InvalidRecord) as raised:
        records.decode(raw, records.RawArticle)
    assert (str(raised.value), raised.value.field) == (said, None)


def test_a_missing_field_is_named() -> None:
    raw = orjson.dumps({key: value for key, value in example("articles.raw.v1").items() if key != "published"})
    with pytest.raises(records.InvalidRecord, match="published: missing"):
        records.decode(raw, records.RawArticle)


@pytest.mark.parametrize("raw", [b"", b"{", b"null", b"[]", b'"text"', b'{"kind":"other"}', b'{"kind":', b"\xff\xfe{}"])
def test_nonsense_is_an_invalid_record_and_nothing_else(raw: bytes) -> None:
    for topic in registry().values():
        with pytest.raises(records.InvalidRecord):
            topic.decode(raw)


def test_a_field_that_is_not_known_is_passed_over() -> None:
    """A newer producer may say more than this reader knows."""
    raw = orjson.dumps({**example("articles.raw.v1"), "colour": "blue"})
    assert records.decode(raw, records.RawArticle).outlet == "Atlantic Wire"


def test_every_act_belongs_to_a_family() -> None:
    assert set(records.ACT_FAMILY) == set(records.ACTS)


def test_no_record_holds_a_time_of_processing() -> None:
    """A record is a function of its inputs: the broker's own times may stand in a dead letter only."""
    for topic in registry().values():
        for kind in topic.records:
            assert is_dataclass(kind)
            if kind is not records.DeadLetter:
                assert not {"timestamp_ms", "processed", "received", "created"} & {f.name for f in fields(kind)}
