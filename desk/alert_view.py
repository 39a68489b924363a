"""An alert as the page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from agents.alert import names
from desk.summary import Destination, Mover, destination_of, mover_of
from streams.records import ActFamily, Alert, AlertKind, Severity, Stance, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Words on which an alert stands."""

    outlet_name: str
    """The outlet that carries them."""
    url: str | None
    """Address of the article, as it was given: a link only where it is http or https."""
    title: str
    """Headline of the article."""
    published: str
    """Time of publication, UTC."""
    speaker: str | None
    """Who says it; null where the outlet says it in its own voice."""
    stance: Stance
    """What the speaker does with it."""
    text: str
    """The sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertView:
    """One alert."""

    id: str
    """The same whenever the same thing is told again."""
    kind: AlertKind
    """What is new about the event."""
    event: str
    """Id of the event."""
    event_version: int
    """The version of the event that made it due."""
    severity: Severity
    """How urgent it is."""
    headline: str
    """All of it in one line of plain words."""
    published: str
    """When the report that made it due was published, UTC."""
    mover: Mover
    """Whose forces."""
    place: Destination | None
    """Where to (of a withdrawal the place left), or null."""
    family: ActFamily
    """Act family."""
    status: Status
    """Status of the event."""
    independent: int
    """Number of independent sources standing behind the event."""
    outlets: tuple[str, ...]
    """Outlets that carry a claim that stands."""
    sources: tuple[str, ...]
    """One line in plain words for each independent source."""
    evidence: tuple[Passage, ...]
    """First what made it due, then one passage of each other source and speaker."""
    watchlists: tuple[str, ...]
    """Names of the watchlists that want it."""
    raised: str
    """When it was published on alerts.v1, UTC, with milliseconds."""


def alert_view(alert: Alert, timestamp_ms: int) -> AlertView:
    """The alert that the broker got at `timestamp_ms`."""
    return AlertView(
        id=alert.id,
        kind=alert.kind,
        event=alert.event,
        event_version=alert.event_version,
        severity=alert.severity,
        headline=alert.headline,
        published=alert.published,
        mover=mover_of(alert.mover),
        place=destination_of(alert.place),
        family=alert.family,
        status=alert.status,
        independent=alert.independent,
        outlets=alert.outlets,
        sources=alert.sources,
        evidence=tuple(
            Passage(
                outlet_name=passage.outlet_name,
                url=passage.url,
                title=passage.title,
                published=passage.published,
                speaker=names.speaker(passage.speaker) if passage.speaker is not None else None,
                stance=passage.stance,
                text=passage.text,
            )
            for passage in alert.evidence
        ),
        watchlists=alert.watchlists,
        raised=moment_of(timestamp_ms),
    )


def moment_of(timestamp_ms: int) -> str:
    """A Kafka timestamp as RFC 3339; one that is none (before 1970, after 9999) as the nearest that there is."""
    seconds, milliseconds = divmod(min(max(timestamp_ms, 0), 253_402_300_799_999), 1000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{milliseconds:03}Z"
