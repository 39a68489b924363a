"""The headers that say of every message what it is, so that nobody has to read it to know."""

from __future__ import annotations

import asyncio
import dataclasses
import re
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams import schemas
from streams.articles_in import raw_key_and_time
from streams.cloud_events import HEADERS, CloudEvents, schema_id, source_of
from streams.dead_letters import original
from streams.loop import Input
from streams.records import DeadLetter, encode
from streams.stage import Received
from streams.topics import registry
from tests.streams.memory import Run, each, raw, tally_stage

FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
OURS = CloudEvents(source_of("", "stage"), tuple(registry()))
PUBLISHED = [
    (topic.name, record) for topic in registry().values() if not topic.from_outside for record in topic.records
]


def examples(name: str) -> list[Any]:
    found = orjson.loads((schemas.EXAMPLES / f"{name}.json").read_bytes())
    return [registry()[name].decode(orjson.dumps(example)) for example in found]


def headers_of(name: str, record: Any, key: str = "key") -> dict[str, bytes]:
    return OURS.of(name, key, record, encode(record))


@pytest.mark.parametrize(("name", "kind"), PUBLISHED)
def test_every_record_has_all_headers_and_its_time_where_it_has_one(name: str, kind: type) -> None:
    for record in (found for found in examples(name) if type(found) is kind):
        headers = headers_of(name, record)
        assert set(headers) == set(HEADERS) - ({"ce_time"} if name == "stories.v1" else set())
        assert headers["ce_dataschema"].decode() == schemas.schema_of(registry()[name])["$id"] == schema_id(name)
        if "ce_time" in headers:
            assert re.fullmatch(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", headers["ce_time"])
        assert not any(FORBIDDEN.search(value.decode()) for value in headers.values())


def test_types_tell_the_records_of_all_topics_apart() -> None:
    types = {headers_of(t.name, r)["ce_type"] for t in registry().values() if t.written_by for r in examples(t.name)}
    assert len(types) == len(PUBLISHED)
    assert {b"muster.dead-letter.v1", b"muster.revision.v1", b"muster.event.v1"} <= types


def test_the_id_is_the_same_for_the_same_record_and_another_for_another() -> None:
    event = examples("events.v1")[0]
    once, again = headers_of("events.v1", event, event.id), headers_of("events.v1", event, event.id)
    assert once == again
    assert once["ce_id"].startswith(f"{event.id}/{event.version}/".encode())
    later = dataclasses.replace(event, version=event.version + 1)
    anew = dataclasses.replace(event, contested=not event.contested)
    assert len({headers_of("events.v1", e, event.id)["ce_id"] for e in (event, later, anew)}) == 3


@pytest.mark.parametrize(
    ("name", "subject", "time"),
    [
        ("articles.v1", "id", "published"),
        ("reports.v1", "event_key", "article.published"),
        ("events.v1", "id", "last_seen"),
        ("alerts.v1", "event", "published"),
        ("stories.v1", "article", None),
    ],
)
def test_subject_and_time_are_those_of_the_record(name: str, subject: str, time: str | None) -> None:
    def field(path: str) -> bytes:
        found: Any = record
        for step in path.split("."):
            found = getattr(found, step)
        return str(found).encode()

    record = examples(name)[0]
    headers = headers_of(name, record)
    assert headers["ce_subject"] == field(subject)
    assert headers.get("ce_time") == (None if time is None else field(time))


def test_a_tombstone_says_what_it_ends() -> None:
    headers = OURS.of("events.v1", "KGZ.deploy.SYR.2017-W25", None, None)
    assert headers == {
        "ce_specversion": b"1.0",
        "ce_id": b"KGZ.deploy.SYR.2017-W25/deleted",
        "ce_source": b"/muster/stage",
        "ce_type": b"muster.event.deleted.v1",
        "ce_subject": b"KGZ.deploy.SYR.2017-W25",
    }


def test_a_record_that_its_topic_does_not_carry_is_refused() -> None:
    with pytest.raises(ValueError, match=r"Event for alerts\.v1"):
        headers_of("alerts.v1", examples("events.v1")[0])


def test_two_installations_on_one_broker_are_two_sources() -> None:
    assert source_of("north-", "enrich") == "/north-muster/enrich" != source_of("", "enrich")


@given(key=st.text(alphabet=st.characters(codec=None), max_size=20), payload=st.binary(max_size=50))
def test_headers_of_any_raw_article_are_text_without_control_characters(key: str, payload: bytes) -> None:
    headers = OURS.of_raw(key, payload, raw_key_and_time(payload)[1])
    assert not any(FORBIDDEN.search(value.decode("utf-8")) for value in headers.values())


@pytest.mark.parametrize(
    ("published", "time"),
    [
        ("2017-06-22T14:05:00+03:00", "2017-06-22T11:05:00Z"),
        ("2017-06-22", "2017-06-22T00:00:00Z"),
        ("last Thursday", None),
        (7, None),
    ],
)
def test_the_time_of_a_raw_article_is_its_own_or_none(published: object, time: str | None) -> None:
    payload = orjson.dumps({"id": "a", "outlet": "o", "published": published})
    key, told = raw_key_and_time(payload)
    headers = OURS.of_raw(key, payload, told)
    assert headers.get("ce_time") == (None if time is None else time.encode())
    assert headers["ce_type"] == b"muster.raw-article.v1"


@pytest.mark.parametrize("payload", [b"[]", b"7", b"{", b"{}", b"null"])
def test_what_is_no_article_has_no_time(payload: bytes) -> None:
    assert raw_key_and_time(payload)[1] is None


def test_the_loop_sends_them_and_a_replay_gives_the_same_ones() -> None:
    def once(start: int) -> list[dict[str, bytes]]:
        run = Run(timestamp_ms=start)
        values = [raw("a"), b"{", raw("b", title="delete")]
        inputs = [run.incoming(0, offset, value) for offset, value in enumerate(values)]
        asyncio.run(run.loop(tally_stage()).run(each(inputs)))
        return [{k: v for k, v in m.headers.items() if k in HEADERS} for m in run.published]

    story, letter, tombstone = once(1_500_000_000_000)
    assert [h["ce_type"] for h in (story, letter, tombstone)] == [
        b"muster.story.v1", b"muster.dead-letter.v1", b"muster.story.deleted.v1",
    ]  # fmt: skip
    assert letter["ce_subject"] == b"articles.raw.v1/0/1"
    assert letter["ce_time"] == b"2017-07-14T02:40:00.001Z"
    assert once(1_500_000_000_000) == [story, letter, tombstone]
    later = once(1_600_000_000_000)
    assert [later[0], later[2]] == [story, tombstone], "the broker's clock is in none of them but a dead letter's"


def test_a_replayed_dead_letter_has_the_headers_of_its_original() -> None:
    run = Run()
    headers = headers_of("articles.v1", examples("articles.v1")[0])
    incoming = run.message(Input(b"key", b"{", Received(0, 0, run.timestamp_ms, headers)))
    asyncio.run(run.loop(tally_stage()).run(each([incoming])))
    (letter,) = run.letters()
    assert isinstance(letter, DeadLetter)
    again = dict(original(letter).headers)
    assert {name: again[name] for name in headers} == headers
