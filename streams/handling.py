"""What happens to one input of a stage, without a broker: decode, step, and where each output goes, or the dead letter.

Pure. The stage loop runs it between a consumer and a producer, a dry run between lists.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from streams.records import DeadLetter, InvalidRecord
from streams.stage import Output, Received, Rejected, Stage
from streams.time_limit import TookTooLong
from streams.topics import topic


@dataclass(frozen=True, slots=True)
class Handled:
    """What an input led to: outputs in order, or none and a dead letter."""

    outputs: tuple[Output, ...]
    dead: DeadLetter | None = None


def handle(
    stage: Stage, state: Any, key: bytes | None, value: bytes | None, received: Received, attempts: int = 1
) -> Handled:
    """Run the step of `stage` on the bytes of one input. A tombstone leads to nothing. Never raises an `Exception`."""
    if value is None:
        return Handled(())
    try:
        return Handled(tuple(stage.step(state, decoded(stage, value), received)))
    except (Exception, TookTooLong) as error:
        return Handled((), dead_letter(stage, key, value, received, error, attempts))


def takes_long(stage: Stage, value: bytes | None) -> bool:
    """Whether the step of an input takes long. Not where that cannot be told: the step then says what is wrong."""
    if stage.takes_long is None or value is None:
        return False
    if stage.takes_long is True:
        return True
    try:
        return stage.takes_long(decoded(stage, value))
    except (Exception, TookTooLong):
        return False


def decoded(stage: Stage, value: bytes) -> Any:
    """The record that a stage gets to see. Raises `InvalidRecord`, or `Rejected` for an input that is too large or that the
    stage does not want to see."""
    if stage.input_bytes is not None and len(value) > stage.input_bytes:
        raise Rejected("value", f"{len(value):,} bytes; at most {stage.input_bytes:,} are taken")
    record = topic(stage.consumes).decode(value)
    if stage.examine is not None:
        stage.examine(record, value)
    return record


def dead_letter(
    stage: Stage, key: bytes | None, value: bytes | None, received: Received, error: BaseException, attempts: int
) -> DeadLetter:
    """The record of an input that `error` stopped, with all that a replay needs. Never raises an `Exception`."""
    try:
        return _full_letter(stage, key, value, received, error, attempts)
    except Exception:
        return bare_letter(stage, received, error)


def bare_letter(stage: Stage, received: Received, error: BaseException) -> DeadLetter:
    """The record of an input of which nothing can be kept: where it lies, and of what kind the error was.

    All of it is ours or the broker's, so that it can be written whatever is in the input.
    """
    return DeadLetter(
        topic=stage.consumes,
        partition=received.partition,
        offset=received.offset,
        timestamp_ms=received.timestamp_ms,
        stage=stage.name,
        error=type(error).__name__,
        field=None,
        message="the input and what is wrong with it cannot be written down here; see it at its place in the topic",
        attempts=1,
        key=None,
        value=None,
        within=received.within,
    )


def _full_letter(
    stage: Stage, key: bytes | None, value: bytes | None, received: Received, error: BaseException, attempts: int
) -> DeadLetter:
    field = _field_of(error)
    return DeadLetter(
        topic=stage.consumes,
        partition=received.partition,
        offset=received.offset,
        timestamp_ms=received.timestamp_ms,
        stage=stage.name,
        error=type(error).__name__,
        field=None if field is None else _writable(field),
        message=_writable(str(error)) or type(error).__name__,
        attempts=attempts,
        key=_base64(key),
        value=_base64(value),
        # A header's value may be null: Kafka allows it, whatever the clients' types say.
        headers={_writable(name): _text(raw) for name, raw in sorted(received.headers.items())},
        within=received.within,
    )


def partitions_of(output: Output, partitions: Mapping[str, int]) -> tuple[int, ...]:
    """The partitions of its topic to which an output goes; `partitions` has the number of partitions of each topic."""
    count = partitions[output.topic]
    if output.every_partition:
        return tuple(range(count))
    if output.partition is not None:
        return (output.partition,)
    return (partition_of(output.key if output.partition_by is None else output.partition_by, count),)


@lru_cache(maxsize=1_024)  # all that is said of one article has its id for a key
def partition_of(key: str, count: int) -> int:
    """The partition of a key: murmur2, as Java's clients and kafka-python have it by default, so that they agree with us.

    (librdkafka has another by default, and can be told to use this one.)
    """
    return (murmur2(key.encode("utf-8", "surrogatepass")) & 0x7FFFFFFF) % count if count > 1 else 0


def murmur2(data: bytes) -> int:
    """Austin Appleby's MurmurHash2 in 32 bits, with Kafka's seed (org.apache.kafka.common.utils.Utils.murmur2)."""
    multiplier, mask, length = 0x5BD1E995, 0xFFFFFFFF, len(data)
    state = 0x9747B28C ^ length
    whole = length & ~3
    for position in range(0, whole, 4):
        word = int.from_bytes(data[position : position + 4], "little") * multiplier & mask
        word = (word ^ word >> 24) * multiplier & mask
        state = (state * multiplier & mask) ^ word
    if length != whole:
        state = (state ^ int.from_bytes(data[whole:], "little")) * multiplier & mask
    state = (state ^ state >> 13) * multiplier & mask
    return state ^ state >> 15


def _field_of(error: BaseException) -> str | None:
    """The field at fault, as a path."""
    return error.field if isinstance(error, Rejected | InvalidRecord) else None


def _text(raw: bytes | None) -> str:
    return "" if raw is None else raw.decode("utf-8", "replace")


def _writable(text: str) -> str:
    """The text without halves of surrogate pairs, which JSON may bring in and UTF-8 has no bytes for."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _base64(raw: bytes | None) -> str | None:
    return None if raw is None else base64.b64encode(raw).decode("ascii")
