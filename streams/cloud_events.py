"""CloudEvents 1.0 of what is published, in binary mode: the record is the message's value, all about it is in headers.

Every header follows from the record, its key and who publishes it, never from a clock or the machine, so that a replay
gives the same ones. What is the same for all records of a topic is made once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from xxhash import xxh3_64_hexdigest

from streams import dead_letters, records
from streams.topics import registry, topic

HEADERS = ("ce_specversion", "ce_id", "ce_source", "ce_type", "ce_subject", "ce_time", "ce_dataschema", "content-type")
"""All that there are; a record without a time has no `ce_time`, a tombstone neither that nor schema and content type."""
CONTENT_TYPE = "application/json"
SPECIFICATION = "1.0"
FEED = "feed"
"""Stands for a stage in the source of raw articles that `muster feed` publishes."""

Told = tuple[str, str, str | None]
"""Of a record: what it is about, its version after a slash or nothing, and its time in the world or None."""

_TOLD: Mapping[type, Callable[[Any], Told]] = {
    records.Article: lambda r: (r.id, f"/{r.version}", r.published),
    records.Report: lambda r: (r.event_key, f"/{r.article.version}", r.article.published),
    records.Revision: lambda r: (r.article, f"/{r.version}", r.published),
    records.Event: lambda r: (r.id, f"/{r.version}", r.last_seen),
    records.Alert: lambda r: (r.event, f"/{r.event_version}", r.published),
    records.Anchors: lambda r: (r.article, f"/{r.version}", r.published),
    records.Matches: lambda r: (r.article, f"/{r.version}", r.published),
    records.Story: lambda r: (r.article, f"/{r.version}.{r.revision}", None),
    records.DeadLetter: lambda r: (dead_letters.place(r), "", _rfc_3339(r.timestamp_ms)),
}


def type_of(name: str, record: type, *, deleted: bool = False) -> str:
    """The `ce_type` of a record on the topic of that name: "muster.raw-article.v1", for its end "muster.event.deleted.v1"."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", record.__name__).lower()
    return f"muster.{words}{'.deleted' if deleted else ''}.{name.rpartition('.')[2]}"


def schema_id(name: str) -> str:
    """The `ce_dataschema` of a topic, which is the `$id` of its schema file. A name, not an address: nothing is there to fetch."""
    return f"urn:muster:schema:{name}"


def source_of(topic_prefix: str, stage: str) -> str:
    """The `ce_source` of what a stage (or `feed`) publishes; the prefix tells installations on one broker apart."""
    return f"/{topic_prefix}muster/{stage}"


class CloudEvents:
    """The headers of what one source publishes."""

    def __init__(self, source: str, names: tuple[str, ...]) -> None:
        """`names` are the topics that it publishes to, as the registry has them."""
        self._kept: dict[tuple[str, type], dict[str, bytes]] = {}
        self._ended: dict[str, dict[str, bytes]] = {}
        for name in names:
            for record in registry()[name].records:
                self._kept[name, record] = {
                    **_constant(source, type_of(name, record)),
                    "ce_dataschema": schema_id(name).encode(),
                    "content-type": CONTENT_TYPE.encode(),
                }
            # A tombstone does not say which record it ends; no compacted topic has more than one kind.
            self._ended[name] = _constant(source, type_of(name, topic(name).records[0], deleted=True))

    def of(self, name: str, key: str, record: Any, value: bytes | None) -> dict[str, bytes]:
        """The headers of a record on the topic of that name; `value` is its bytes. A record of None is a tombstone.

        Its `ce_id` is the key, the version if it has one, and a hash of the value: equal bytes have one id, and what
        was said anew under the same version has another.

        Raises ValueError for a record that the topic does not carry.
        """
        if record is None or value is None:
            headers = self._ended[name].copy()
            headers["ce_id"] = f"{key}/deleted".encode()
            headers["ce_subject"] = key.encode()
            return headers
        kept = self._kept.get((name, type(record)))
        if kept is None:
            raise ValueError(f"a {type(record).__name__} for {name}, which carries none")
        subject, version, time = _TOLD[type(record)](record)
        headers = kept.copy()
        headers["ce_id"] = f"{key}{version}/{xxh3_64_hexdigest(value)}".encode()
        headers["ce_subject"] = subject.encode()
        if time is not None:
            headers["ce_time"] = time.encode()
        return headers

    def of_raw(self, key: str, payload: bytes, published: str | None) -> dict[str, bytes]:
        """The headers of a raw article, which is passed on as it is, right or wrong; `published` is its time in RFC 3339."""
        headers = self._kept["articles.raw.v1", records.RawArticle].copy()
        headers["ce_id"] = f"{_plain(key)}/{xxh3_64_hexdigest(payload)}".encode()
        headers["ce_subject"] = _plain(key).encode()
        if published is not None:
            headers["ce_time"] = published.encode()
        return headers


def _constant(source: str, kind: str) -> dict[str, bytes]:
    return {"ce_specversion": SPECIFICATION.encode(), "ce_source": source.encode(), "ce_type": kind.encode()}


_FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def _plain(text: str) -> str:
    """The text without what an attribute of CloudEvents may not hold: control characters and halves of pairs."""
    return _FORBIDDEN.sub("\ufffd", text)


def _rfc_3339(timestamp_ms: int) -> str | None:
    try:
        return datetime.fromtimestamp(timestamp_ms / 1000, UTC).isoformat(timespec="milliseconds")[:-6] + "Z"
    except (ValueError, OverflowError, OSError):
        return None
