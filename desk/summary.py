"""An event as one row of the list."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from agents.alert import names
from agents.alert.headline import Telling
from agents.alert.heard import Opponent, ToldBy
from streams.records import Act, ActFamily, Actor, ActorKind, Event, Place, Status

LISTED = 5
"""Most speakers that a row names; the page of the event has them all."""
SOURCES_TOLD = 3
"""Most sources of which a row tells who is heard in them."""
UNKNOWN_PLACE = "unknown"
"""Stands for the place of an event that has none, in filters and counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mover:
    """Whose forces."""

    code: str
    """ISO 3166-1 alpha-3, an organisation's or group's id, or its name."""
    name: str
    """The name, of a country without its article: "United States"."""
    kind: ActorKind
    """What the code stands for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where to; of a withdrawal the place left."""

    code: str
    """ISO 3166-1 alpha-3 of the country, or a disputed region's own name."""
    name: str
    """In words: "Syria", "Gao in Mali"."""
    latitude: float | None
    """Degrees north, of a town or region that is known."""
    longitude: float | None
    """Degrees east."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One event as a row of a list."""

    id: str
    """Id of the event: "KGZ.deploy.SYR.2017-W25"."""
    version: int
    """Of two versions of an event the higher one holds."""
    headline: str
    """Who would do what where, how far it is, who says so, on how many sources."""
    deed: str
    """Who would do what where, and how far it is."""
    mover: Mover
    """Whose forces."""
    place: Destination | None
    """Where to (of a withdrawal the place left); null where no report says so."""
    family: ActFamily
    """Act family."""
    act: Act
    """The act that is told."""
    status: Status
    """The firmest status that stands."""
    state: Literal["standing", "background", "retracted", "merged"]
    """"retracted" when every claim has been corrected or withdrawn. "merged" and "background" are not listed."""
    contested: bool
    """True if a party denies it."""
    denied_by: tuple[str, ...]
    """Who denies it, at most 5."""
    against: tuple[Opponent, ...]
    """Who refuses, opposes or suspends it and does not deny it, at most 5."""
    independent: int
    """Number of independent sources standing behind it."""
    outlets: int
    """Outlets that carry a source that counts: not those that only deny it."""
    reports: int
    """All reports of it."""
    speakers: tuple[str, ...]
    """Who says what the deed says, at most 5."""
    told_by: tuple[ToldBy, ...]
    """The independent sources, each with its speakers, at most 3; of an event taken back those that it had."""
    count: str | None
    """How many: "up to 1,500 troops"; null where nothing is counted."""
    confidence: float
    """0 to 1: how often claims read as the one that is told are right; 0 where no claim has been seen."""
    first_seen: str
    """Time of publication of its earliest report, UTC."""
    last_seen: str
    """Time of publication of its latest report, UTC."""


def summary_of(event: Event, told: Telling) -> Summary:
    """The row of an event of which `told` tells."""
    return Summary(
        id=event.id,
        version=event.version,
        headline=told.line,
        deed=told.deed,
        mover=mover_of(event.mover),
        place=destination_of(event.place),
        family=event.family,
        act=told.act,
        status=event.status,
        state=event.state,
        contested=event.contested,
        denied_by=told.denied_by[:LISTED],
        against=told.against[:LISTED],
        independent=event.independent,
        outlets=_outlets(event),
        reports=event.report_count,
        speakers=told.speakers[:LISTED],
        told_by=tuple(replace(one, speakers=one.speakers[:LISTED]) for one in told.told_by[:SOURCES_TOLD]),
        count=told.count,
        confidence=told.confidence,
        first_seen=event.first_seen,
        last_seen=event.last_seen,
    )


def _outlets(event: Event) -> int:
    """Outlets of the sources that count. One that carries two of them is one, as far as the record names it."""
    counting = [source for source in event.sources if source.standing]
    named = {outlet for source in counting for outlet in source.outlets}
    return len(named) + sum(max(0, source.outlet_count - len(source.outlets)) for source in counting)


def mover_of(who: Actor) -> Mover:
    return Mover(code=who.code, name=_bare(names.actor(who)), kind=who.kind)


def destination_of(place: Place | None) -> Destination | None:
    if place is None:
        return None
    return Destination(
        code=place.code, name=_bare(names.place(place)), latitude=place.latitude, longitude=place.longitude
    )


def place_code(row: Summary) -> str:
    """The code by which a row is filtered and counted."""
    return UNKNOWN_PLACE if row.place is None else row.place.code


def _bare(name: str) -> str:
    return name.removeprefix("the ")
