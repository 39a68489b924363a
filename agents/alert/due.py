"""Which alerts an event amounts to: a function of the event, and of the times of its reports rather than of the order
in which they came.

What was said stays said: a claim that has been corrected or withdrawn since still makes its alert due, whichever of the
two arrived first; the headline then says what became of it. So `due` all but only grows with an event. It shrinks where
a report arrives that is older than those which made the alert due and takes the ground from it; the alert was right for
what was known.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from agents.alert import names
from streams.records import AlertKind, Event, EventReport, Place, Status

LEVELS: dict[Status, int] = {
    "considered": 1, "conditional": 1, "threatened": 1, "proposed": 1, "offered": 1, "requested": 1, "demanded": 1,
    "planned": 2,
    "decided": 3,
    "ongoing": 4, "occurred": 4,
}  # fmt: skip
"""How far a deployment has come: talked of, planned by the mover, decided, under way."""
LEVEL_NAMES = {2: "planned", 3: "decided", 4: "under-way"}

MATERIAL = 1.5
"""A count is another one if it is this many times as large or small. A choice: what agencies round and officials guess
of one force ("about 1,000", "some 1,300") stays within it, a misplaced zero or a second contingent does not."""
DISTANCE_KM = 100.0
"""Two places this far apart are two destinations; nearer ones are a town and the province or front that it lies in."""

AGAIN = "again"
"""Begins the detail of an alert that tells that an event stands again."""

PEOPLE = frozenset(
    [
        "troops",
        "soldiers",
        "servicemen",
        "service",
        "members",
        "personnel",
        "men",
        "women",
        "peacekeepers",
        "fighters",
        "marines",
        "paratroopers",
        "forces",
        "recruits",
        "reservists",
        "conscripts",
        "combatants",
        "advisers",
        "instructors",
        "trainers",
        "military",
        "people",
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DueAlert:
    """One alert that is due. `name` is its id within the event; `published` when what made it due was published."""

    kind: AlertKind
    detail: str = ""
    published: str
    evidence: tuple[EventReport, ...]
    """What made it due first, then what it is to be compared with."""
    change: tuple[str, str] | None = None
    """For `changed`: from what to what, in plain words."""

    @property
    def stands_again(self) -> bool:
        """Whether it tells that the event stands again after a retraction."""
        return self.kind == "new" and self.detail.startswith(AGAIN)

    @property
    def name(self) -> str:
        return f"{self.kind}.{self.detail}" if self.detail else self.kind


def due(event: Event) -> tuple[DueAlert, ...]:
    """All alerts that the event amounts to, in the order of their kinds and times. None for a merged one."""
    if event.state == "merged":
        return ()
    claims = [report for report in event.reports if is_claim(report)]
    found = [
        *_new(claims),
        *_corroborated(claims),
        *_contested(event, claims),
        *_firmer(claims),
        *_changed_count(claims),
        *_changed_place(claims),
        *_called_off(claims),
        *_retracted(claims),
    ]
    return tuple(found)


def is_claim(report: EventReport) -> bool:
    """Whether the report supports the event, standing or void."""
    return report.stance in ("affirms", "reports", "alleges") and report.status != "background"


def _new(claims: Sequence[EventReport]) -> Iterator[DueAlert]:
    """The first claim. A denial before it does not count as one: it makes `contested` due."""
    if claims:
        yield DueAlert(kind="new", published=claims[0].published, evidence=(claims[0],))


def _corroborated(claims: Sequence[EventReport]) -> Iterator[DueAlert]:
    """A second independent source says that it is wanted, planned or done, while the first one stood."""
    first: dict[str, EventReport] = {}
    for report in claims:
        if report.status not in LEVELS or report.source in first:
            continue
        stood = [
            earlier
            for earlier in claims
            if earlier.source in first
            and earlier.status in LEVELS
            and earlier.published <= report.published
            and not _void_at(earlier, report.published)
        ]
        if stood:
            yield DueAlert(kind="corroborated", published=report.published, evidence=(report, stood[0]))
            return
        first[report.source] = report


def _void_at(report: EventReport, time: str) -> bool:
    return report.void_since is not None and report.void_since <= time


def _contested(event: Event, claims: Sequence[EventReport]) -> Iterator[DueAlert]:
    """A party denies it, whether the claim has been seen or not: a denial says that somebody claims it."""
    denials = [report for report in event.reports if report.stance == "denies" and report.party]
    if denials:
        yield DueAlert(kind="contested", published=denials[0].published, evidence=(denials[0], *claims[:1]))


def _firmer(claims: Sequence[EventReport]) -> Iterator[DueAlert]:
    """A level that an earlier report had not reached; of levels reached at once the highest."""
    steps = [report for report in claims if report.status in LEVELS]
    told = set()
    for level in LEVEL_NAMES:
        reached = [report for report in steps if LEVELS[report.status] >= level]
        if not reached:
            continue
        time = reached[0].published
        report = max((r for r in reached if r.published == time), key=lambda r: LEVELS[r.status])
        before = [r for r in steps if LEVELS[r.status] < level and r.published < time]
        at = LEVELS[report.status]
        if before and at not in told:
            told.add(at)
            yield DueAlert(kind="firmer", detail=LEVEL_NAMES[at], published=time, evidence=(report, before[-1]))


def _by_version(claims: Iterable[EventReport]) -> list[list[EventReport]]:
    """The claims of each version of an article together, in time order: what one text says of numbers and places is
    one picture ("the first 40 of 300")."""
    texts: defaultdict[tuple[str, str, int], list[EventReport]] = defaultdict(list)
    for report in claims:
        texts[report.published, report.article, report.version].append(report)
    return [texts[key] for key in sorted(texts)]


def _value(report: EventReport) -> int | None:
    if report.count is None:
        return None
    return report.count.high if report.count.high is not None else report.count.low


def _unit(report: EventReport) -> str:
    unit = report.count.unit.casefold() if report.count else ""
    return "people" if not unit or not PEOPLE.isdisjoint(unit.split()) else unit


def _changed_count(claims: Sequence[EventReport]) -> Iterator[DueAlert]:
    """Another number: one that is far from all that were named before, or that corrects the same article.

    A part of a planned force that arrives is no change, and a text that repeats a known number beside a new one
    changes nothing.
    """
    known: defaultdict[str, list[tuple[int, EventReport]]] = defaultdict(list)
    told = set()
    for text in _by_version(claims):
        said: defaultdict[str, list[tuple[int, EventReport]]] = defaultdict(list)
        for report in text:
            value = _value(report)
            if value:
                said[_unit(report)].append((value, report))
        for unit, counts in said.items():
            earlier = [(value, report) for value, report in known[unit] if report.published < text[0].published]
            value, report = max(counts, key=lambda item: item[0])
            corrected = [
                (old, was)
                for old, was in earlier
                if was.article == report.article and was.void == "corrected" and was.version < report.version
            ]
            changed = earlier and not any(_near(value, old) for value, _ in counts for old, _ in earlier)
            if corrected and all(value != old for old, _ in earlier):
                changed, earlier = True, corrected
            part = (
                all(LEVELS.get(r.status, 0) == 4 for _, r in counts)
                and any(old > value and LEVELS.get(r.status, 0) < 4 for old, r in earlier)
                and not corrected
            )
            if changed and not part and (unit, value) not in told:
                told.add((unit, value))
                old, was = earlier[-1]
                yield DueAlert(
                    kind="changed",
                    detail=f"count.{value}" if unit == "people" else f"count.{value}-{_slug(unit)}",
                    published=report.published,
                    evidence=(report, was),
                    change=_from_to(old, was, value, report),
                )
            known[unit] += counts


def _from_to(old: int, was: EventReport, value: int, report: EventReport) -> tuple[str, str]:
    """ "3,000" and "300 soldiers"."""
    before = was.count.text if was.count and was.count.text else f"{old:,}"
    return before, names.number(report.count) or f"{value:,}"


def _near(one: int, other: int) -> bool:
    return max(one, other) < MATERIAL * min(one, other)


def _changed_place(claims: Sequence[EventReport]) -> Iterator[DueAlert]:
    """Another destination within the country, far from all that were named before."""
    known: list[tuple[Place, EventReport]] = []
    told = set()
    for text in _by_version(claims):
        said = [(report.place, report) for report in text if report.place is not None and _located(report.place)]
        earlier = [(place, report) for place, report in known if report.published < text[0].published]
        if said and earlier:
            nearest = min(_kilometres(place, old) for place, _ in said for old, _ in earlier)
            place, report = said[0]
            if nearest >= DISTANCE_KM and place.name not in told:
                told.add(place.name)
                old, was = earlier[-1]
                yield DueAlert(
                    kind="changed",
                    detail=f"place.{_slug(place.name)}",
                    published=report.published,
                    evidence=(report, was),
                    change=(old.name, place.name),
                )
        known += said


def _located(place: Place) -> bool:
    return place.latitude is not None and place.longitude is not None and names.is_town(place)


def _kilometres(one: Place, other: Place) -> float:
    """Great-circle distance on a sphere of 6,371 km."""
    assert one.latitude is not None and one.longitude is not None  # noqa: PT018
    assert other.latitude is not None and other.longitude is not None  # noqa: PT018
    north, south = math.radians(one.latitude), math.radians(other.latitude)
    east = math.radians(other.longitude - one.longitude)
    half = math.sin((south - north) / 2) ** 2 + math.cos(north) * math.cos(south) * math.sin(east / 2) ** 2
    return 2 * 6371 * math.asin(min(1.0, math.sqrt(half)))


def _called_off(claims: Sequence[EventReport]) -> Iterator[DueAlert]:
    """Whoever could decide refuses or suspends what was said before."""
    for report in claims:
        if report.party and report.status not in LEVELS:
            before = [r for r in claims if r.status in LEVELS and r.published < report.published]
            if before:
                yield DueAlert(kind="called-off", published=report.published, evidence=(report, before[-1]))
                return


def _retracted(claims: Sequence[EventReport]) -> Iterator[DueAlert]:
    """Corrections and withdrawals after which, at their time, no claim was left; and claims that stand again after that.

    A correction that still makes the claim is published at the time at which it voids the one before it, so it takes
    nothing back. The first retraction is `retracted`; what follows carries its time, for each is told.
    """
    times = {time for report in claims for time in (report.published, report.void_since) if time is not None}
    back: str | None = None
    first = True
    for time in sorted(times):
        made = [report for report in claims if report.published <= time]
        standing = [report for report in made if not _void_at(report, time)]
        if made and not standing and back is None:
            last = max(made, key=lambda report: (report.void_since or "", report.published, report.id))
            yield DueAlert(kind="retracted", detail="" if first else time, published=time, evidence=(last,))
            back, first = time, False
        elif standing and back is not None:
            yield DueAlert(kind="new", detail=f"{AGAIN}.{time}", published=time, evidence=(standing[0],))
            back = None


def _slug(text: str) -> str:
    return re.sub(r"[\W_]+", "-", text.casefold()).strip("-")
