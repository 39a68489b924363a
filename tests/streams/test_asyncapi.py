"""The AsyncAPI document is current, valid, and says of every topic what the registry and the records say."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import orjson
import pytest

from streams import asyncapi, schemas
from streams.administration import policies_of
from streams.cloud_events import HEADERS, CloudEvents, source_of
from streams.dead_letters import ATTEMPTS_HEADER, REPLAYED_HEADER
from streams.loop import RAW_MS_HEADER, STAGE_HEADER
from streams.records import encode
from streams.settings import Settings
from streams.topics import registry

# The official schema, Apache-2.0 (NOTICE), without descriptions, examples and the bindings of other brokers.
OFFICIAL = orjson.loads((Path(__file__).parent / "asyncapi-3.0.0.json").read_bytes())
DOCUMENT: dict[str, Any] = orjson.loads(asyncapi.encoded(Settings()))
OURS = CloudEvents(source_of("", "stage"), tuple(registry()))


def is_valid(document: dict[str, Any]) -> bool:
    return jsonschema.Draft7Validator(OFFICIAL).is_valid(document)


def validator(schema: dict[str, Any]) -> jsonschema.Draft7Validator:
    """For a schema inside the document, with what it refers to."""
    return jsonschema.Draft7Validator({"components": DOCUMENT["components"], "allOf": [schema]})


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        yield from (value for key, value in node.items() if key == "$ref")
    inside = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for part in inside:
        yield from references(part)


def test_the_file_is_as_the_registry_and_the_records_are() -> None:
    assert not asyncapi.is_stale(), "write it anew: muster schemas --write"


def test_it_is_valid_by_the_official_schema() -> None:
    jsonschema.Draft7Validator(OFFICIAL).validate(DOCUMENT)
    installation = dataclasses.replace(
        Settings(), broker="one:9092, two:9092", security_protocol="SASL_SSL", topic_prefix="north-", partitions=12
    )
    other = orjson.loads(asyncapi.encoded(installation))
    jsonschema.Draft7Validator(OFFICIAL).validate(other)
    assert [server["host"] for server in other["servers"].values()] == ["one:9092", "two:9092"]
    assert other["channels"]["events.v1"]["address"] == "north-events.v1"
    assert other["channels"]["events.v1"]["bindings"]["kafka"]["partitions"] == 12


@pytest.mark.parametrize(
    "spoil",
    [
        lambda d: d.pop("info"),
        lambda d: d["operations"]["ingest.receive.articles.raw.v1"].update(action="publish"),
        lambda d: d["channels"]["events.v1"]["bindings"]["kafka"].update(partitions=0),
        lambda d: d["channels"]["events.v1"]["bindings"]["kafka"]["topicConfiguration"].update({"cleanup.policy": "x"}),
        lambda d: d["components"]["messages"]["Event"]["bindings"]["kafka"].update(key=7),
        lambda d: d["components"]["schemas"]["Event"].update(type="record"),
        lambda d: d["components"]["messages"]["Event"].update(unknown=1),
    ],
)
def test_the_official_schema_as_it_is_kept_refuses_what_is_wrong(spoil: Callable[[dict[str, Any]], object]) -> None:
    spoilt = copy.deepcopy(DOCUMENT)
    spoil(spoilt)
    assert not is_valid(spoilt)


def test_every_reference_leads_somewhere() -> None:
    for reference in set(references(DOCUMENT)):
        found: Any = DOCUMENT
        for step in reference.removeprefix("#/").split("/"):
            assert step in found, reference
            found = found[step]


@pytest.mark.parametrize("name", list(registry()))
def test_a_channel_has_the_policies_and_records_of_its_topic(name: str) -> None:
    topic, channel = registry()[name], DOCUMENT["channels"][name]
    assert set(channel["messages"]) == {record.__name__ for record in topic.records}
    configuration = channel["bindings"]["kafka"]["topicConfiguration"]
    assert configuration.pop("cleanup.policy") == [topic.cleanup]
    wanted = policies_of(topic)
    wanted.pop("cleanup.policy")
    assert {key: str(value) for key, value in configuration.items()} == wanted
    for operation, stages in (("send", topic.written_by), ("receive", topic.read_by)):
        named = [n for n, o in DOCUMENT["operations"].items() if n.endswith(f".{operation}.{name}")]
        assert named == [f"{stage}.{operation}.{name}" for stage in stages]
        assert all(DOCUMENT["operations"][n]["action"] == operation for n in named)


@pytest.mark.parametrize("name", list(registry()))
def test_examples_and_their_headers_are_valid_by_their_message(name: str) -> None:
    topic = registry()[name]
    for example in orjson.loads((schemas.EXAMPLES / f"{name}.json").read_bytes()):
        record = topic.decode(orjson.dumps(example))
        message = DOCUMENT["components"]["messages"][type(record).__name__]
        validator(message["payload"]).validate(example)
        raw = encode(record)
        sent = OURS.of_raw("key", raw, None) if topic.from_outside else OURS.of(name, "key", record, raw)
        headers = {header: value.decode() for header, value in sent.items()}
        assert headers["ce_type"] == message["name"]
        validator(message["headers"]).validate(headers)
        assert not validator(message["headers"]).is_valid({**headers, "ce_type": "muster.mood.v1"})


def test_all_headers_are_described() -> None:
    described = DOCUMENT["components"]["schemas"]["Headers"]["properties"]
    assert set(described) == {*HEADERS, RAW_MS_HEADER, STAGE_HEADER, ATTEMPTS_HEADER, REPLAYED_HEADER}
    assert all(header["description"] for header in described.values())


def test_what_describes_a_field_stands_where_it_is_read() -> None:
    """Beside a reference AsyncAPI would pass over it."""
    mover = DOCUMENT["components"]["schemas"]["Event"]["properties"]["mover"]
    assert mover == {"allOf": [{"$ref": "#/components/schemas/Actor"}], "description": "Whose forces."}


def test_a_file_that_is_not_as_it_should_be_is_written_anew(tmp_path: Path) -> None:
    file = tmp_path / "asyncapi.json"
    assert asyncapi.is_stale(file)
    assert asyncapi.write(file)
    assert not asyncapi.write(file)
    file.write_text("{}")
    assert asyncapi.is_stale(file)
