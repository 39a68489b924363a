"""One record of reports.v1: what it changes in the events of its partition."""

from __future__ import annotations

from collections.abc import Iterable

from agents.corroborate.event import Cache, labels_of, render, render_merged
from agents.corroborate.sessions import Session, Unit
from agents.corroborate.standing import origin_of
from agents.corroborate.state import Limits, Reports, State, merge
from streams.records import Event, Report, Revision
from streams.stage import Rejected


def fold(state: State, record: Report | Revision, limits: Limits) -> None:
    """Merge the record; one that the stage rejects changes nothing."""
    try:
        merge(state, record, limits)
    except Rejected:
        return


def step(state: State, record: Report | Revision, limits: Limits, unit: Unit) -> list[Event]:
    """Merge the record and return the events that it changed, then the ids that they took over.

    A record that is known already, a report whose siblings are not all there, and a revision that touches no report
    here, return nothing. Raises `Rejected`.
    """
    before: dict[str, list[Session]] = {}
    events: list[Event] = []
    for key in sorted(merge(state, record, limits, before)):
        reports = state.keys[key]
        sessions = reports.sessions(limits.gap)
        if isinstance(record, Report):
            article = record.article
            touched = {
                id for id in reports.of_article[article.id] if reports.by_id[id].article.version == article.version
            }
            was = labels_of(before[key], unit)
        else:
            touched = {
                id for id in reports.of_article[record.article] if origin_of(reports.by_id[id]) == origin_of(record)
            }
            was = labels_of(sessions, unit)
        changed = {}
        for session in sessions:
            if any(moment.id in touched for moment in (*session.core, *session.background)):
                cache = _cache(reports, session)
                event = render(key, session, reports.by_id, state.revisions, unit, cache)
                changed[session.labels(unit)[0]] = event
        events += changed.values()
        for named, into in labels_of(sessions, unit).items():
            if was.get(named) != into and into in changed:
                events.append(render_merged(key, named, into, unit, changed[into]))
    return events


def _cache(reports: Reports, session: Session) -> Cache:
    """What was linked already of the largest session that went into this one."""
    ids = {moment.id for moment in session.core}
    parts = [first for first in reports.caches if first in ids]
    largest = max(parts, key=lambda first: len(reports.caches[first].seen), default=None)
    cache = Cache() if largest is None else reports.caches[largest]
    _forget(reports, parts)
    reports.caches[session.core[0].id] = cache
    return cache


def _forget(reports: Reports, parts: Iterable[str]) -> None:
    for first in parts:
        del reports.caches[first]
