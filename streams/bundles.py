"""Several records in one message, on the topics between the stages of dedupe.

A message costs some 0.5 ms of processor from one stage to the next, whatever is in it, and an article asks as many questions as
the index has partitions: to carry them one by one cost more than to answer them. A bundle is

    {"bundle":[{"key":"a1","headers":{"muster-raw-ms":"1500000000000"},"record":{...}}, ...]}

and counts as its records, one after the other. A message with one record is that record itself, as on all other topics.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

_BEGINNING = b'{"bundle":['


class Inside(NamedTuple):
    """One record of a bundle, as it would be a message of its own."""

    key: bytes
    value: bytes
    headers: Mapping[str, bytes]


class _Item(msgspec.Struct):
    key: str
    headers: dict[str, str]
    record: msgspec.Raw


class _Bundle(msgspec.Struct):
    bundle: list[_Item]


_decoder = msgspec.json.Decoder(_Bundle)
_encoder = msgspec.json.Encoder()


def sealed(records: Sequence[Inside]) -> bytes:
    """The bundle of these records, which are ours: JSON with a key in UTF-8. A header may have come in from anybody."""
    items = [
        _Item(key.decode(), {name: raw.decode("utf-8", "replace") for name, raw in headers.items()}, msgspec.Raw(value))
        for key, value, headers in records
    ]
    return _encoder.encode(_Bundle(items))


def opened(value: bytes) -> list[Inside]:
    """The records of a bundle. Nothing where it is none, or a broken one: a record that whoever reads it has to judge."""
    if not value.startswith(_BEGINNING):
        return []
    try:
        items = _decoder.decode(value).bundle
        return [
            Inside(item.key.encode(), bytes(item.record), {name: text.encode() for name, text in item.headers.items()})
            for item in items
        ]
    except (ValueError, RecursionError):
        return []


def values_in(value: bytes) -> list[bytes]:
    """The values of the records in a message of a topic that takes bundles: its own where it is none."""
    return [one.value for one in opened(value)] or [value]
