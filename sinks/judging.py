"""Which messages of alerts.v1 a sink has to deliver, and what it has had: a fold of the topic. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sinks.configuration import Sink
from streams.dead_letters import ATTEMPTS_HEADER, SINK_HEADER, SINK_STAGE
from streams.records import SEVERITIES, Alert
from streams.topics import topic

TOPIC = "alerts.v1"

Identity = tuple[str, int]
"""Id of an alert; and how often it was tried before, where it was replayed for this sink."""


@dataclass(frozen=True, slots=True)
class Due:
    """An alert that the sink wants."""

    identity: Identity
    alert: Alert

    @property
    def replayed(self) -> bool:
        return self.identity[1] > 0


@dataclass(slots=True)
class Told:
    """What the sink has been told, or has a dead letter for, of one partition."""

    identities: set[Identity] = field(default_factory=set)

    def fold(self, due: Due | None) -> None:
        if due is not None:
            self.identities.add(due.identity)


def judge(sink: Sink, value: bytes | None, headers: Iterable[tuple[str, bytes | None]]) -> Due | None:
    """What the sink has to deliver of a message, None if nothing. Raises `InvalidRecord` for what is no alert.

    A replay is for the one sink that it names, whatever the alert's watchlists are.
    """
    if value is None:
        return None
    found = dict(headers)
    named = found.get(SINK_HEADER)
    if named is not None and named != sink.name.encode("utf-8"):
        return None
    alert: Alert = topic(TOPIC).decode(value)
    if named is not None:
        return Due((alert.id, max(1, _number(found.get(ATTEMPTS_HEADER)))), alert)
    return Due((alert.id, 0), alert) if wants(sink, alert) else None


def wants(sink: Sink, alert: Alert) -> bool:
    """Whether the sink has chosen such alerts."""
    return (
        (not sink.watchlists or not sink.watchlists.isdisjoint(alert.watchlists))
        and (not sink.kinds or alert.kind in sink.kinds)
        and SEVERITIES.index(alert.severity) >= SEVERITIES.index(sink.minimum_severity)
    )


def stage_of(sink: Sink) -> str:
    """What a dead letter calls the sink."""
    return SINK_STAGE + sink.name


def _number(raw: bytes | None) -> int:
    return int(raw) if raw is not None and raw.isdigit() and len(raw) <= 9 else 0
