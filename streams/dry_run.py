"""All stages in one process, in memory: what a broker would carry between them, and nothing else.

Every record passes as bytes and is decoded anew by whoever reads it, every topic has partitions, every partition of a
stage's input has a state of its own; so a dry run ends with the records that the same articles leave on the broker.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from streams import records
from streams.articles_in import raw_key
from streams.handling import handle, partition_of, partitions_of
from streams.settings import Settings
from streams.stage import Output, Received, Stage, Surroundings
from streams.stages import build, known_names, names_of
from streams.topics import registry, topic

RAW = "articles.raw.v1"
DEAD = "dead-letters.v1"


@dataclass(frozen=True, slots=True)
class Message:
    """One record as it lies on a topic. A `value` of None is a tombstone."""

    topic: str
    partition: int
    offset: int
    key: str
    value: bytes | None

    def record(self) -> Any:
        return None if self.value is None else topic(self.topic).decode(self.value)


@dataclass(slots=True)
class Published:
    """What lies on every topic, in the order of publication."""

    messages: dict[str, list[Message]] = field(default_factory=lambda: {name: [] for name in registry()})

    def records(self, name: str) -> list[Any]:
        """The records of one topic, tombstones left out."""
        return [message.record() for message in self.messages[name] if message.value is not None]


class Pipeline:
    """Stages bound to topics that live in memory.

    `published` keeps what lies on the topics in `keep` (by default all of them). `timestamp_ms` stands for the
    broker's clock in whatever is published.
    """

    def __init__(
        self,
        stages: Sequence[Stage],
        *,
        partitions: int = 1,
        timestamp_ms: int,
        keep: Collection[str] | None = None,
    ) -> None:
        self.published = Published()
        self._partitions = dict.fromkeys(registry(), partitions)
        self._timestamp_ms = timestamp_ms
        self._keep = frozenset(registry() if keep is None else keep)
        self._offsets = {(name, partition): 0 for name in registry() for partition in range(partitions)}
        self._consumers: dict[str, list[Stage]] = {name: [] for name in registry()}
        self._states: dict[tuple[str, int], Any] = {}
        for stage in stages:
            self._consumers[stage.consumes].append(stage)
            for partition in range(partitions):
                self._states[stage.name, partition] = stage.new_state() if stage.new_state else None
        self._waiting: dict[tuple[str, int], deque[tuple[Stage, Message]]] = {}

    def publish(self, name: str, partition: int, key: str, value: bytes | None) -> int:
        """Put a message on a topic, for all stages that consume it; its offset."""
        offset = self._offsets[name, partition]
        self._offsets[name, partition] = offset + 1
        message = Message(name, partition, offset, key, value)
        if name in self._keep:
            self.published.messages[name].append(message)
        for stage in self._consumers[name]:
            self._waiting.setdefault((stage.name, partition), deque()).append((stage, message))
        return offset

    def feed(self, raw: bytes) -> tuple[int, int]:
        """Publish one raw article, as `muster feed` does; its partition and offset."""
        key = raw_key(raw)
        partition = partition_of(key, self._partitions[RAW])
        return partition, self.publish(RAW, partition, key, raw)

    def drain(self, choose: Callable[[list[tuple[str, int]]], tuple[str, int]] | None = None) -> None:
        """Let the stages work until nothing is left to do.

        Each partition of each stage's input is worked through in its order. Which of them goes on next is the one that
        has waited longest, or what `choose` says of the (stage, partition) pairs that have something to do.
        """
        while self._waiting:
            lane = next(iter(self._waiting)) if choose is None else choose(sorted(self._waiting))
            queue = self._waiting.pop(lane)
            stage, message = queue.popleft()
            if queue:
                self._waiting[lane] = queue
            self._work(stage, message)

    def _work(self, stage: Stage, message: Message) -> None:
        handled = handle(
            stage,
            self._states[stage.name, message.partition],
            message.key.encode("utf-8", "surrogatepass"),
            message.value,
            Received(message.partition, message.offset, self._timestamp_ms),
        )
        outputs = handled.outputs
        if handled.dead is not None:
            outputs = (Output(topic=DEAD, key=stage.name, record=handled.dead),)
        for output in outputs:
            value = None if output.record is None else records.encode(output.record)
            for partition in partitions_of(output, self._partitions):
                self.publish(output.topic, partition, output.key, value)


def stages_for(settings: Settings, chosen: Iterable[str] = (), partitions: int = 1) -> list[Stage]:
    """The stages of those names (none: all), built for topics of so many partitions.

    Raises ValueError for a name that is no stage.
    """
    surroundings = Surroundings(settings, dict.fromkeys(registry(), partitions), known_names)
    return [build(name, surroundings) for name in names_of(chosen)]


def run(stages: Sequence[Stage], raw_articles: Iterable[bytes], *, partitions: int = 1, timestamp_ms: int) -> Published:
    """Everything that the stages publish when they are fed these raw articles in this order."""
    pipeline = Pipeline(stages, partitions=partitions, timestamp_ms=timestamp_ms)
    for raw in raw_articles:
        pipeline.feed(raw)
        pipeline.drain()
    return pipeline.published


_GROWS = {"articles.v1": "version", "events.v1": "version", "stories.v1": "revision"}


def settled(name: str, messages: Iterable[Message]) -> list[Any]:
    """What a topic says at last, sorted by key: of each article, event and story the highest version; the others once each.

    Of equal versions the later one holds, as on a compacted topic. Works for messages of a broker as well.
    """
    grows = _GROWS.get(name)
    found: dict[tuple[str, bytes], tuple[int, Any]] = {}
    for message in messages:
        if message.value is None:
            found.pop((message.key, b""), None)
            continue
        if grows is None:
            # Alerts have one id for one thing; a revision of an article lies on every partition of reports.
            by = b"" if name == "alerts.v1" else message.value
            found.setdefault((message.key, by), (0, message.record()))
            continue
        record = message.record()
        known = found.get((message.key, b""))
        if known is None or getattr(record, grows) >= known[0]:
            found[message.key, b""] = (getattr(record, grows), record)
    return [record for _, (_, record) in sorted(found.items(), key=lambda item: item[0])]
