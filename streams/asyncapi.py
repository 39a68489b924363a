"""The AsyncAPI 3.0 document of all topics, for tools that draw, mock or generate clients: written from the registry and the records.

`streams/asyncapi.json` is that of the default settings; `muster schemas --asyncapi` prints that of an installation.
"""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Any

import orjson

from streams import schemas
from streams.administration import policies_of
from streams.cloud_events import CONTENT_TYPE, SPECIFICATION, schema_id, type_of
from streams.settings import Settings
from streams.topics import Topic, registry

FILE = Path(__file__).parent / "asyncapi.json"
BINDING = "0.5.0"
"""Version of AsyncAPI's Kafka binding."""
LOCAL = "localhost:9092"
_PRETTY = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
_NUMBERS = frozenset({"retention.ms", "delete.retention.ms", "max.message.bytes"})


def document(settings: Settings) -> dict[str, Any]:
    """The document, with the topics' names, partitions, copies and broker of these settings."""
    topics = registry().values()
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Muster",
            "version": version("muster"),
            "description": "News articles in; troop-deployment claims, events, copies and alerts out. What holds of two records "
            "with one key, and what order means, is in docs/consuming.md.",
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        },
        "defaultContentType": CONTENT_TYPE,
        "servers": {
            f"broker-{number}" if number else "broker": {
                "host": host.strip(),
                "protocol": "kafka-secure" if "SSL" in settings.security_protocol else "kafka",
            }
            for number, host in enumerate((settings.broker or LOCAL).split(","))
        },
        "channels": {topic.name: _channel(topic, settings) for topic in topics},
        "operations": dict(_operations(settings)),
        "components": {
            "messages": {record.__name__: _message(topic, record) for topic in topics for record in topic.records},
            "schemas": {"Headers": _HEADERS, **_schemas()},
        },
    }


def encoded(settings: Settings) -> bytes:
    """The document as it is written."""
    return orjson.dumps(document(settings), option=_PRETTY)


def is_stale(file: Path = FILE) -> bool:
    """Whether the file is missing or other than it should be."""
    return not file.exists() or file.read_bytes() != encoded(Settings())


def write(file: Path = FILE) -> bool:
    """Write the file if it is stale; whether it was."""
    stale = is_stale(file)
    if stale:
        file.write_bytes(encoded(Settings()))
    return stale


def _channel(topic: Topic, settings: Settings) -> dict[str, Any]:
    kept = f"{topic.retention_hours / 24:g} days"
    tells = (
        f"Compacted: the last record of each key stays, a tombstone for {kept}."
        if topic.cleanup == "compact"
        else f"Kept for {kept}."
    )
    policies: dict[str, Any] = {
        name: int(value) if name in _NUMBERS else value for name, value in policies_of(topic).items()
    }
    policies["cleanup.policy"] = [topic.cleanup]
    return {
        "address": settings.topic_prefix + topic.name,
        "title": topic.name,
        "summary": topic.about,
        "description": f"Key: {topic.key}. Partition: murmur2 of the {topic.partition_by}. {tells}"
        + (" A message may hold several records, as docs/consuming.md says of bundles." if topic.bundled else ""),
        "messages": {
            record.__name__: _reference("components", "messages", record.__name__) for record in topic.records
        },
        "bindings": {
            "kafka": {
                "topic": settings.topic_prefix + topic.name,
                "partitions": settings.partitions,
                "replicas": settings.replication,
                "topicConfiguration": policies,
                "bindingVersion": BINDING,
            }
        },
    }


def _operations(settings: Settings) -> Any:
    """What each stage does with each topic, by names such as "enrich.receive.articles.v1"."""
    for topic in registry().values():
        channel = {"channel": _reference("channels", topic.name)}
        for stage in topic.written_by:
            yield (
                f"{stage}.send.{topic.name}",
                {
                    "action": "send",
                    **channel,
                    "summary": f"{stage} publishes {topic.about}",
                },
            )
        for stage in topic.read_by:
            yield (
                f"{stage}.receive.{topic.name}",
                {
                    "action": "receive",
                    **channel,
                    "summary": f"{stage} reads {topic.about}",
                    "bindings": {
                        "kafka": {
                            "groupId": {"type": "string", "enum": [f"{settings.topic_prefix}muster-{stage}"]},
                            "bindingVersion": BINDING,
                        }
                    },
                },
            )


def _message(topic: Topic, record: type) -> dict[str, Any]:
    own = {"ce_type": type_of(topic.name, record), "ce_dataschema": schema_id(topic.name)}
    headers = {
        "type": "object",
        "allOf": [_reference("components", "schemas", "Headers")],
        "properties": {name: {"type": "string", "const": value} for name, value in own.items()},
    }
    return {
        "name": type_of(topic.name, record),
        "title": record.__name__,
        "contentType": CONTENT_TYPE,
        "headers": headers,
        "payload": _reference("components", "schemas", record.__name__),
        "bindings": {
            "kafka": {"key": {"type": "string", "description": topic.key}, "bindingVersion": BINDING},
        },
    }


_HEADERS: dict[str, Any] = {
    "type": "object",
    "description": "CloudEvents in binary mode and Muster's own. Articles that others publish need none of them.",
    "properties": {
        "ce_specversion": {"type": "string", "const": SPECIFICATION, "description": "Version of CloudEvents."},
        "ce_id": {"type": "string", "description": "Key, version and a hash of the value: the same for equal bytes."},
        "ce_source": {
            "type": "string",
            "description": 'Who published it: "/muster/enrich", the topic prefix after "/".',
        },
        "ce_type": {"type": "string", "description": "Kind of record, with the version of the topic."},
        "ce_subject": {"type": "string", "description": "What it is about: an event, an article."},
        "ce_time": {"type": "string", "format": "date-time", "description": "Event time, never a time of processing."},
        "ce_dataschema": {"type": "string", "format": "uri", "description": "The `$id` of the topic's JSON Schema."},
        "content-type": {"type": "string", "const": CONTENT_TYPE, "description": "Media type of the value."},
        "muster-raw-ms": {
            "type": "string",
            "pattern": "^[0-9]+$",
            "description": "When the broker got the raw article, in milliseconds since 1970 UTC.",
        },
        "muster-stage": {"type": "string", "description": "The stage that published it."},
        "muster-attempts": {
            "type": "string",
            "pattern": "^[0-9]+$",
            "description": "Set by a replay: earlier attempts.",
        },
        "muster-replayed": {"type": "string", "description": "Set by a replay: the place of the dead letter."},
    },
}


def _schemas() -> dict[str, Any]:
    """The schema of every record and of all inside them, by name."""
    found: dict[str, Any] = {}
    for topic in registry().values():
        found.update(schemas.schema_of(topic)["$defs"])
    return {name: _relocated(definition) for name, definition in found.items()}


def _relocated(node: Any) -> Any:
    """With references into this document. AsyncAPI, as JSON Schema before 2019, ignores what stands beside a reference."""
    if isinstance(node, list):
        return [_relocated(each) for each in node]
    if not isinstance(node, dict):
        return node
    if isinstance(node.get("$ref"), str):
        reference = _reference("components", "schemas", node["$ref"].rpartition("/")[2])
        beside = {key: value for key, value in node.items() if key != "$ref"}
        return {"allOf": [reference], **beside} if beside else reference
    return {key: _relocated(value) for key, value in node.items()}


def _reference(*steps: str) -> dict[str, str]:
    return {"$ref": "#/" + "/".join(steps)}
