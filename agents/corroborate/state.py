"""The state of one partition: reports by event key and id, and the revisions of each article by its publisher.

`merge` is a union, so it is commutative, associative and idempotent. Sessions older than the time for
which events are kept, measured by the newest report of the partition, count for nothing and are removed bit by bit.
"""

from __future__ import annotations

from bisect import insort
from collections import deque
from dataclasses import dataclass, field
from typing import TypeVar

from agents.corroborate.event import Cache
from agents.corroborate.rewrites import names_in
from agents.corroborate.sessions import Moment, Session, cut, is_background, moment_of
from agents.corroborate.standing import Origin, origin_of, void_of
from agents.corroborate.texts import key_of, text_of
from streams.records import Report, Revision, encode
from streams.stage import Rejected

SWEPT = 2
"""Keys and revisions that each record makes the state look at for what has expired. One would go round as fast as the
state grows; two make it shrink."""

_NEVER = float("inf")
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """In seconds of event time: the gap between two sessions, and how long a session without new reports is kept."""

    gap: float
    kept: float


@dataclass(slots=True)
class Reports:
    """The reports of one event key.

    A report counts when all reports of its version of the article are there; until then it waits in `incomplete`, by
    article, outlet and version.
    """

    by_id: dict[str, Report] = field(default_factory=dict)
    incomplete: dict[tuple[str, str, int], dict[str, Report]] = field(default_factory=dict)
    of_article: dict[str, set[str]] = field(default_factory=dict)
    core: list[Moment] = field(default_factory=list)
    background: list[Moment] = field(default_factory=list)
    caches: dict[str, Cache] = field(default_factory=dict)
    """By the id of a session's first report."""
    oldest: float = _NEVER
    """No session ended before this, in seconds since 1970."""

    def sessions(self, gap: float) -> list[Session]:
        return cut(self.core, self.background, gap)


@dataclass(slots=True)
class State:
    """What a partition of reports.v1 amounts to. `latest` is its newest report or revision, in seconds since 1970."""

    keys: dict[str, Reports] = field(default_factory=dict)
    revisions: dict[Origin, set[Revision]] = field(default_factory=dict)
    keys_of: dict[str, set[str]] = field(default_factory=dict)
    """By article, the keys that have reports of it: a revision touches those only."""
    latest: float = -_NEVER
    to_sweep: deque[str] = field(default_factory=deque)
    revisions_to_sweep: deque[Origin] = field(default_factory=deque)
    reports: int = 0

    def size(self) -> int:
        """Reports and revisions held."""
        return self.reports + sum(map(len, self.revisions.values()))


def checked(record: Report | Revision) -> Moment:
    """Where the record stands in time. Raises `Rejected` for a record that the stage cannot use."""
    if isinstance(record, Revision):
        return _moment("published", record.published, record.article)
    text_of(key_of(record.article))
    names_in(record.article)
    return _moment("article.published", record.article.published, record.id)


def _moment(field: str, published: str, id: str) -> Moment:
    try:
        return moment_of(published, id)
    except ValueError as error:
        raise Rejected(field, str(error)) from None


def merge(
    state: State, record: Report | Revision, limits: Limits, before: dict[str, list[Session]] | None = None
) -> set[str]:
    """Merge a record into the state; the keys whose events changed by it. Raises `Rejected`, and then changes nothing.

    If given, `before` receives the sessions of the report's key as they were without it.
    """
    moment = checked(record)
    state.latest = max(state.latest, moment.seconds)
    _sweep(state, limits)
    if isinstance(record, Revision):
        return _merge_revision(state, record, limits)
    reports = state.keys.get(record.event_key)
    if reports is None:
        reports = state.keys[record.event_key] = Reports()
        state.to_sweep.append(record.event_key)
    _expire(state, reports, limits)
    if before is not None:
        before[record.event_key] = reports.sessions(limits.gap)
    reports.oldest = min(reports.oldest, moment.seconds)
    changed = [ready.id for ready in _ready(reports, record) if _add(state, reports, ready)]
    _expire(state, reports, limits)
    return {record.event_key} if any(id in reports.by_id for id in changed) else set()


def _ready(reports: Reports, record: Report) -> list[Report]:
    """The reports of this version of the article that count now, the new one among them or not."""
    group = _text_of(record)
    if record.siblings <= 1 and group not in reports.incomplete:
        return [record]
    waiting = reports.incomplete.setdefault(group, {})
    if record.id not in reports.by_id:
        waiting[record.id] = _one_of(waiting.get(record.id), record)
    counted = sum(_text_of(reports.by_id[id]) == group for id in reports.of_article.get(record.article.id, ()))
    ready = [report for report in waiting.values() if len(waiting) + counted >= report.siblings]
    for report in ready:
        del waiting[report.id]
    if not waiting:
        del reports.incomplete[group]
    return ready or ([record] if record.id in reports.by_id else [])


def _text_of(report: Report) -> tuple[str, str, int]:
    """Which text it was read in: two outlets may give one id to what each of them publishes."""
    return report.article.id, report.article.outlet, report.article.version


def _merge_revision(state: State, record: Revision, limits: Limits) -> set[str]:
    origin = origin_of(record)
    known = state.revisions.get(origin)
    if known is None:
        known = state.revisions[origin] = set()
        state.revisions_to_sweep.append(origin)
    if record in known:
        return set()
    known.add(record)
    changed = set()
    for key in tuple(state.keys_of.get(record.article, ())):
        reports = state.keys[key]
        _expire(state, reports, limits)
        if any(void_of(reports.by_id[id], record) for id in reports.of_article.get(record.article, ())):
            changed.add(key)
    return changed


def _add(state: State, reports: Reports, record: Report) -> bool:
    moment = checked(record)
    known = reports.by_id.get(record.id)
    if known is not None:
        if _one_of(known, record) is known:
            return False
        _remove(state, reports, [known])
    reports.by_id[record.id] = record
    state.reports += 1
    insort(reports.background if is_background(record) else reports.core, moment)
    reports.of_article.setdefault(record.article.id, set()).add(record.id)
    state.keys_of.setdefault(record.article.id, set()).add(record.event_key)
    return True


def _one_of(known: Report | None, record: Report) -> Report:
    """Of two contents of one id (a replay with another model) the one that holds: any rule that does not look at the
    order will do."""
    return record if known is None or (known != record and encode(record) < encode(known)) else known


def _expire(state: State, reports: Reports, limits: Limits) -> None:
    """Remove the sessions of one key that ended too long ago, and old background that no session has joined."""
    horizon = state.latest - limits.kept
    if reports.oldest >= horizon:
        return
    for group, waiting in tuple(reports.incomplete.items()):
        if all(checked(report).seconds < horizon for report in waiting.values()):
            del reports.incomplete[group]
    living = [session for session in reports.sessions(limits.gap) if session.last >= horizon]
    needed = {moment.id for session in living for moment in (*session.core, *session.background)}
    needed.update(moment.id for moment in reports.background if moment.seconds >= horizon)
    if len(needed) < len(reports.by_id):
        _remove(state, reports, [report for id, report in reports.by_id.items() if id not in needed])
    reports.oldest = min(
        (
            *(session.last for session in living),
            *(moment.seconds for moment in reports.background if moment.seconds >= horizon),
            *(checked(report).seconds for waiting in reports.incomplete.values() for report in waiting.values()),
        ),
        default=_NEVER,
    )


def _remove(state: State, reports: Reports, removed: list[Report]) -> None:
    ids = {report.id for report in removed}
    state.reports -= len(ids)
    for report in removed:
        del reports.by_id[report.id]
        article = report.article.id
        reports.of_article[article].discard(report.id)
        if not reports.of_article[article]:
            del reports.of_article[article]
            state.keys_of[article].discard(report.event_key)
            if not state.keys_of[article]:
                del state.keys_of[article]
    reports.core = [moment for moment in reports.core if moment.id not in ids]
    reports.background = [moment for moment in reports.background if moment.id not in ids]
    reports.caches.clear()


def _sweep(state: State, limits: Limits) -> None:
    """Look at a few keys and revisions for what has expired, the longest unseen first."""
    for key in _next(state.to_sweep):
        _expire(state, state.keys[key], limits)
        if state.keys[key].by_id or state.keys[key].incomplete:
            state.to_sweep.append(key)
        else:
            del state.keys[key]
    for origin in _next(state.revisions_to_sweep):
        horizon = state.latest - limits.kept
        old = all(checked(revision).seconds < horizon for revision in state.revisions[origin])
        if old and origin[0] not in state.keys_of:
            del state.revisions[origin]
        else:
            state.revisions_to_sweep.append(origin)


def _next(queue: deque[T]) -> list[T]:
    return [queue.popleft() for _ in range(min(SWEPT, len(queue)))]
