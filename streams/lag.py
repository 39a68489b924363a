"""How far each stage is behind, as the broker knows it: what a demo, a test or a measurement waits for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from streams.settings import Settings

if TYPE_CHECKING:
    from kafka.admin import KafkaAdminClient

CONSUMES: Mapping[str, str] = {
    "ingest": "articles.raw.v1",
    "enrich": "articles.v1",
    "corroborate": "reports.v1",
    "alert": "events.v1",
    "dedupe.index": "anchors.v1",
    "dedupe.resolve": "matches.v1",
}
"""The topic of every stage. Each stage says so itself, but to ask it would mean to load its models; a test compares."""


@dataclass(frozen=True, slots=True)
class Lag:
    """Messages of all partitions of the consumed topic: how many are acknowledged, and how many there are."""

    acknowledged: int
    published: int

    @property
    def behind(self) -> int:
        return self.published - self.acknowledged


def lags(client: KafkaAdminClient, settings: Settings, stages: Iterable[str] = CONSUMES) -> dict[str, Lag]:
    """The lag of each of those stages, by its name.

    If none is behind, they were all idle at one moment, and everything that they had been given had led to all that it
    leads to: acknowledged offsets are read before the ends of the topics, and an input is acknowledged after its
    outputs are there. (Offsets are committed about once a second.)
    """
    from kafka import TopicPartition
    from kafka.admin import OffsetSpec

    from streams.app import group_of

    consumed = {stage: settings.topic_prefix + CONSUMES[stage] for stage in stages}
    groups = {stage: group_of(settings, stage) for stage in consumed}
    committed = client.list_group_offsets(list(groups.values()))
    places = [
        TopicPartition(row["name"], partition["partition_index"])
        for row in client.describe_topics(sorted(set(consumed.values())))
        for partition in row["partitions"]
    ]
    ends = client.list_partition_offsets(dict.fromkeys(places, OffsetSpec.LATEST))
    found = {}
    for stage, topic in consumed.items():
        of_stage = [place for place in places if place.topic == topic]
        offsets = committed.get(groups[stage], {})
        acknowledged = sum(offsets[place].offset for place in of_stage if place in offsets)
        found[stage] = Lag(acknowledged, sum(ends[place].offset for place in of_stage))
    return found
