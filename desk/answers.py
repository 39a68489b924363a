"""What the API answers beside lists of events and their pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from desk.alert_view import AlertView
from streams.records import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertList:
    """The answer of `GET /api/alerts`."""

    alerts: tuple[AlertView, ...]
    """The newest first, in the order in which the broker got them."""
    next: str | None
    """What `before` takes to go on; null where there are no more."""
    watchlists: tuple[str, ...]
    """All watchlists that an alert went out under, "all" among them."""
    severities: dict[Severity, str]
    """What each severity means, the most urgent first."""
    stream_id: str
    """Where a stream goes on after all alerts that the desk has: what `last_event_id` takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventsChanged:
    """The data of `event: events` in the stream: a list of events is out of date."""

    changed: int
    """How many changes there were since the last one."""
    as_of: str | None
    """As in the list of events."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong with a request."""

    field: str | None
    """The parameter at fault, or null."""
    reason: str
    """Why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """The answer to a request that cannot be answered."""

    error: Fault
    """What is wrong with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alive:
    """The process is well."""

    status: Literal["alive"] = "alive"
    """Always this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failing:
    """The process is not well, and is to be started again."""

    reasons: tuple[str, ...]
    """Why, one line each."""
    status: Literal["failing"] = "failing"
    """Always this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """All that lay on the topics at the start has been read."""

    events: int
    """Events that the desk has, those left out that others took over."""
    alerts: int
    """Alerts that it has."""
    unreadable: int
    """Records that it passed over because they could not be read."""
    status: Literal["ready"] = "ready"
    """Always this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CatchingUp:
    """What lay on the topics at the start is still being read."""

    read: int
    """Offsets behind it."""
    of: int
    """Of how many."""
    status: Literal["catching-up"] = "catching-up"
    """Always this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disconnected:
    """The broker is away; what the desk has can still be read."""

    reason: str
    """What is known of why."""
    status: Literal["disconnected"] = "disconnected"
    """Always this."""
