"""Reading a topic from outside: for a person at a terminal, a demonstration, a test. Belongs to no consumer group."""

from __future__ import annotations

from types import TracebackType
from typing import Any

from streams import kafka_options
from streams.administration import partition_counts
from streams.dry_run import Message, settled
from streams.settings import Settings


class TopicReader:
    """Reads all partitions of one topic, from its start or from its end as it is on entering the `with` block.

    Raises `AdministrationError` on entering if there is no broker or no such topic.
    """

    def __init__(self, settings: Settings, name: str, *, from_start: bool) -> None:
        self._settings = settings
        self._name = name
        self._from_start = from_start
        self._consumer: Any = None
        self._ends: dict[Any, int] = {}

    def __enter__(self) -> TopicReader:
        from kafka import KafkaConsumer, TopicPartition

        partitions = partition_counts(self._settings)[self._name]
        self._consumer = KafkaConsumer(
            **kafka_options.kafka_python_options(self._settings),
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            max_partition_fetch_bytes=kafka_options.largest_message(),
        )
        try:
            places = [TopicPartition(self._settings.topic_prefix + self._name, number) for number in range(partitions)]
            self._consumer.assign(places)
            self._ends = self._consumer.end_offsets(places)
            if self._from_start:
                self._consumer.seek_to_beginning(*places)
            else:
                for place in places:
                    self._consumer.seek(place, self._ends[place])
        except BaseException:
            self._consumer.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._consumer.close()

    def poll(self, seconds: float) -> list[Any]:
        """kafka-python's records that came within `seconds`, none of them twice; in order within a partition."""
        return [record for batch in self._consumer.poll(timeout_ms=int(seconds * 1000)).values() for record in batch]

    def caught_up(self) -> bool:
        """Whether everything has been read that the topic held on entering."""
        return all(self._consumer.position(place) >= end for place, end in self._ends.items())

    def held_on_entering(self, record: Any) -> bool:
        """Whether the topic held this record on entering."""
        from kafka import TopicPartition

        return bool(record.offset < self._ends[TopicPartition(record.topic, record.partition)])


def read_all(settings: Settings, name: str) -> list[Any]:
    """kafka-python's records of everything that the topic holds now."""
    found: list[Any] = []
    with TopicReader(settings, name, from_start=True) as reader:
        while not reader.caught_up():
            found += [record for record in reader.poll(0.5) if reader.held_on_entering(record)]
    return found


def read_messages(settings: Settings, name: str) -> list[Message]:
    """The same as a dry run has it, partition by partition in the order of the log."""
    found = [
        Message(name, record.partition, record.offset, (record.key or b"").decode("utf-8", "replace"), record.value)
        for record in read_all(settings, name)
    ]
    return sorted(found, key=lambda message: (message.partition, message.offset))


def read_settled(settings: Settings, name: str) -> list[Any]:
    """The records of a topic as `dry_run.settled` has them: of each event and story the highest version."""
    return settled(name, read_messages(settings, name))
