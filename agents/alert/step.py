"""One version of an event: the alerts that are due by it and were not before."""

from __future__ import annotations

from collections.abc import Sequence

from agents.alert import headline
from agents.alert.due import DueAlert, due, is_claim
from agents.alert.severity import severity_of
from agents.alert.state import State, merge
from agents.alert.watchlists import Watchlist, matches
from streams.records import Alert, AlertEvidence, Event, EventReport
from streams.stage import Rejected

EVIDENCE = 6
"""Most passages that an alert quotes."""
OUTLETS = 25
"""Most outlets that an alert names."""


Wanted = list[tuple[DueAlert, tuple[str, ...]]]
"""Alerts with the names of the watchlists that want them."""


def wanted(event: Event, watchlists: Sequence[Watchlist]) -> Wanted:
    """What is due and wanted by somebody."""
    found = []
    for one in due(event):
        severity = severity_of(event, one)
        names = tuple(w.name for w in watchlists if matches(w, event, one, severity))
        if names:
            found.append((one, names))
    return found


def fold(state: State, event: Event, watchlists: Sequence[Watchlist], kept: float) -> None:
    """Note the event without telling anybody; one that the stage rejects changes nothing."""
    try:
        _note(state, event, wanted(event, watchlists), kept)
    except Rejected:
        return


def step(state: State, event: Event, watchlists: Sequence[Watchlist], kept: float) -> list[Alert]:
    """The alerts that this version makes due, unless the event, or one that went into it, has told them before.

    A version that is not newer than what is known tells nothing. Raises `Rejected` for an event without a valid time.
    """
    now = wanted(event, watchlists)
    before = {told for id in (event.id, *event.merged) if id in state.events for told in state.events[id].told}
    if not _note(state, event, now, kept):
        return []
    return [alert_of(event, one, names) for one, names in now if any((one.name, name) not in before for name in names)]


def _note(state: State, event: Event, now: Wanted, kept: float) -> bool:
    told = [(one.name, name) for one, names in now for name in names]
    try:
        return merge(state, event.id, event.version, event.last_seen, told, kept)
    except ValueError as error:
        raise Rejected("last_seen", str(error)) from None


def alert_of(event: Event, one: DueAlert, watchlists: tuple[str, ...]) -> Alert:
    """The record of one alert, as the event stands now."""
    standing = [report for report in event.reports if is_claim(report) and report.void is None]
    return Alert(
        id=f"{event.id}.{one.name}",
        kind=one.kind,
        event=event.id,
        event_version=event.version,
        severity=severity_of(event, one),
        headline=headline.headline(event, one),
        published=one.published,
        mover=event.mover,
        place=event.place,
        family=event.family,
        status=event.status,
        independent=event.independent,
        outlets=tuple(dict.fromkeys(report.outlet_name for report in standing))[:OUTLETS],
        sources=headline.source_lines(event),
        evidence=tuple(_evidence(report) for report in _quoted(event, one)),
        watchlists=watchlists,
    )


def _quoted(event: Event, one: DueAlert) -> list[EventReport]:
    """What made the alert due, then the first report of each other source and speaker."""
    quoted = {report.id: report for report in one.evidence}
    heard = {(report.source, report.speaker) for report in one.evidence}
    for report in event.reports:
        voice = (report.source, report.speaker)
        if report.void is None and report.status != "background" and voice not in heard:
            heard.add(voice)
            quoted.setdefault(report.id, report)
    return list(quoted.values())[:EVIDENCE]


def _evidence(report: EventReport) -> AlertEvidence:
    return AlertEvidence(
        outlet_name=report.outlet_name,
        url=report.url,
        title=report.title,
        published=report.published,
        speaker=report.speaker,
        stance=report.stance,
        text=report.evidence.text,
        report=report.id,
        article=report.article,
        version=report.version,
        status=report.status,
        confidence=report.confidence,
    )
