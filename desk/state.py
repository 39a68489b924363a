"""What the desk knows: all events of events.v1 at their highest version, and the newest alerts of alerts.v1.

A merge of records in whatever order they come, again or late. No Kafka, no clock.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import msgspec
import orjson

from agents.alert import names
from agents.alert.headline import telling
from desk.alert_view import alert_view
from desk.filters import AlertQuery, BadParameter, EventQuery, Order, Searchable, searchable
from desk.index import Index
from desk.listing import ORDERS, Listing, listing
from desk.related import may_be_one
from desk.summary import Summary, summary_of
from streams import records
from streams.records import Alert, Event, InvalidRecord

EVENTS = "events.v1"
ALERTS = "alerts.v1"
MOST_ALERTS = 20_000
"""Alerts that are kept, the newest ones: some 80 MB."""

Moment = tuple[int, int, int]
"""Where an alert stands among all: the broker's time in milliseconds, never less than of one before it in its partition;
partition; offset."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A record as it lies on a topic; `value` is None for a deletion."""

    topic: str
    partition: int
    offset: int
    timestamp_ms: int
    key: str
    value: bytes | None


@dataclass(slots=True)
class _HeldEvent:
    version: int
    raw: bytes
    searchable: Searchable | None
    """None for an event that another took over."""
    into: str | None


@dataclass(slots=True)
class HeldAlert:
    """An alert as it is kept: what it is looked up by, and the JSON of its `AlertView`."""

    id: str
    event: str
    kind: str
    severity: str
    watchlists: frozenset[str]
    first: Moment
    """Of the record that told it first."""
    last: Moment
    """Of the one that told it last, to a further watchlist."""
    encoded: bytes


@dataclass(frozen=True, slots=True)
class _Head:
    """As much of an event as decides whether it is news."""

    id: str
    version: int
    state: Literal["standing", "background", "retracted", "merged"]
    merged_into: str | None = None


_head = msgspec.json.Decoder(_Head)


@dataclass(slots=True)
class Desk:
    """The state. Whoever shares it does so within one thread."""

    most_alerts: int = MOST_ALERTS
    changes: int = 0
    """How often an event has changed."""
    unreadable: int = 0
    """Records that could not be decoded."""
    position: dict[int, int] = field(default_factory=dict)
    """Next offset of each partition of alerts.v1."""
    lives: dict[int, int] = field(default_factory=dict)
    """How often each partition of alerts.v1 was found to begin anew."""
    _events: dict[str, _HeldEvent] = field(default_factory=dict)
    _alerts: dict[str, HeldAlert] = field(default_factory=dict)
    _in_order: list[tuple[Moment, str]] = field(default_factory=list)
    """All alerts by their first moment."""
    _told: dict[int, list[tuple[int, Moment, str]]] = field(default_factory=dict)
    """By partition: offset, moment and id of every record that told something, in the order of offsets."""
    _latest: dict[int, int] = field(default_factory=dict)
    """By partition, the latest time of any alert."""
    _of_event: dict[str, set[str]] = field(default_factory=dict)
    _ordered: dict[Order, list[Searchable]] = field(default_factory=lambda: {order: [] for order in ORDERS})
    """All rows in each order."""
    _index: Index = field(default_factory=Index)

    # --- merging ---------------------------------------------------------------------------------------------------

    def take(self, incoming: Iterable[Incoming]) -> list[Exception]:
        """Merge records, those of one partition in the order of their offsets: a lower one is of a topic that was made anew. What is
        wrong with those that cannot be used is counted and returned; nothing of them is kept."""
        wrong: list[Exception] = []
        news: dict[str, list[tuple[_Head, bytes]]] = {}
        for record in incoming:
            try:
                if record.topic == ALERTS:
                    self._take_alert(record)
                elif record.value is None:
                    news.pop(record.key, None)
                    self._remove(record.key)
                else:
                    head = self._head_of_news(record.value)
                    if head is not None:
                        news.setdefault(head.id, []).append((head, record.value))
            except Exception as error:  # whatever it holds, one record does not take the desk from its readers
                wrong.append(error)
        for versions in news.values():
            # Of many versions the highest alone is read in full, or the next one where that cannot be.
            for head, raw in sorted(versions, key=lambda version: version[0].version)[::-1]:
                try:
                    self._take_event(head, raw)
                    break
                except Exception as error:
                    wrong.append(error)
        self.unreadable += len(wrong)
        return wrong

    def _head_of_news(self, raw: bytes) -> _Head | None:
        """Id and version of an event that is newer than what is known of it; None for any other."""
        try:
            head = _head.decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            records.decode(raw, Event)  # says in words what is wrong
            raise InvalidRecord(None, "no event") from None
        known = self._events.get(head.id)
        newer = known is None or head.version > known.version or (head.version == known.version and raw != known.raw)
        return head if newer else None

    def _take_event(self, head: _Head, raw: bytes) -> None:
        event = records.decode(raw, Event)
        if event.state == "merged":
            held = _HeldEvent(event.version, b"", None, event.merged_into)
        else:
            row = summary_of(event, telling(event))
            held = _HeldEvent(event.version, raw, searchable(row, _words(event, row)), None)
        self._put(head.id, held)

    def _remove(self, id: str) -> None:
        if id in self._events:
            self._put(id, None)

    def _put(self, id: str, held: _HeldEvent | None) -> None:
        """Put an event in the place of what is known of it, or nothing."""
        was = self._events.pop(id, None)
        if held is not None:
            self._events[id] = held
        gone = was.searchable if was is not None else None
        come = held.searchable if held is not None else None
        for order, key in ORDERS.items():
            rows = self._ordered[order]
            if gone is not None:
                del rows[bisect_left(rows, key(gone), key=key)]
            if come is not None:
                insort(rows, come, key=key)
        if gone is not None:
            self._index.take_out(gone)
        if come is not None:
            self._index.put(come)
        self.changes += 1

    def _take_alert(self, record: Incoming) -> None:
        partition, offset = record.partition, record.offset
        if offset < self.position.get(partition, 0):
            self.begin_anew(partition)
        self.position[partition] = offset + 1
        if record.value is None:
            return
        alert = records.decode(record.value, Alert)
        at = max(record.timestamp_ms, self._latest.get(partition, record.timestamp_ms))
        self._latest[partition] = at
        moment = (at, partition, offset)
        known = self._alerts.get(alert.id)
        watchlists = frozenset(alert.watchlists)
        if known is not None:
            if watchlists <= known.watchlists:
                return
            # It went out under those of before as well, whatever is watched for now.
            alert = replace(alert, watchlists=(*alert.watchlists, *sorted(known.watchlists - watchlists)))
            watchlists |= known.watchlists
        encoded = records.encode(alert_view(alert, record.timestamp_ms))
        held = HeldAlert(
            id=alert.id,
            event=alert.event,
            kind=alert.kind,
            severity=alert.severity,
            watchlists=watchlists,
            first=moment if known is None else known.first,
            last=moment,
            encoded=encoded,
        )
        self._alerts[alert.id] = held
        if known is None:
            insort(self._in_order, (moment, alert.id))
            self._of_event.setdefault(alert.event, set()).add(alert.id)
        told = self._told.setdefault(partition, [])
        told.append((offset, moment, alert.id))
        if len(self._alerts) > self.most_alerts:
            self._forget(self._in_order.pop(0)[1])
        if len(told) > 2 * self.most_alerts:
            told[:] = [entry for entry in told if entry[2] in self._alerts]

    def begin_anew(self, partition: int) -> None:
        """That partition of alerts.v1 begins at its start again, as when the topic was made anew: positions that were reached in it
        mean nothing any more, and what lay there is told no more."""
        self.lives[partition] = self.lives.get(partition, 0) + 1
        self.position[partition] = 0
        self._told.pop(partition, None)

    def _forget(self, id: str) -> None:
        gone = self._alerts.pop(id)
        self._of_event[gone.event].discard(id)
        if not self._of_event[gone.event]:
            del self._of_event[gone.event]

    # --- questions -------------------------------------------------------------------------------------------------

    @property
    def events(self) -> int:
        """How many events there are, those left out that others took over."""
        return len(self._ordered["latest"])

    @property
    def alerts(self) -> int:
        """How many alerts are kept."""
        return len(self._alerts)

    @property
    def as_of(self) -> str | None:
        """The latest time of publication of any report of any event."""
        latest = self._ordered["latest"]
        return latest[-1].row.last_seen if latest else None

    def list_events(self, query: EventQuery) -> Listing:
        return listing(self._index, self._ordered[query.order], query, self.as_of)

    def encoded(self, row: Summary) -> bytes:
        """A row that the list gave just now, as JSON."""
        held = self._events[row.id].searchable
        return held.encoded if held is not None else orjson.dumps(row)

    def event(self, id: str) -> Event | None:
        """The event of that id, or the one that took it over, at once or by way of others. None where there is none, also
        where ids lead round in a circle."""
        seen = set()
        held = self._events.get(id)
        while held is not None and held.searchable is None:
            seen.add(id)
            id = held.into or ""
            held = None if id in seen else self._events.get(id)
        return None if held is None else records.decode(held.raw, Event)

    def row(self, id: str) -> Summary | None:
        """The row of an event that stands in the list under just this id."""
        held = self._events.get(id)
        return held.searchable.row if held is not None and held.searchable is not None else None

    def related(self, event: Event) -> list[Summary]:
        """Events that may tell of the same deployment."""
        return [found.row for found in self._ordered["first"] if may_be_one(found.row, event)]

    def alerts_of(self, event: Event) -> list[HeldAlert]:
        """Alerts of the event and of what went into it, the newest first."""
        ids = [alert for id in (event.id, *event.merged) for alert in self._of_event.get(id, ())]
        return sorted((self._alerts[id] for id in ids), key=lambda alert: alert.first, reverse=True)

    def list_alerts(self, query: AlertQuery) -> tuple[list[HeldAlert], str | None]:
        """Alerts, the newest first, and the cursor of what comes after them, if anything does. Raises `BadParameter`."""
        end = len(self._in_order)
        if query.before is not None:
            end = bisect_left(self._in_order, (_moment_of(query.before), ""))
        found: list[HeldAlert] = []
        for _, id in reversed(self._in_order[:end]):
            alert = self._alerts[id]
            if (
                (not query.kinds or alert.kind in query.kinds)
                and (not query.severities or alert.severity in query.severities)
                and (not query.watchlists or not query.watchlists.isdisjoint(alert.watchlists))
            ):
                if len(found) == query.limit:
                    return found, "-".join(map(str, found[-1].first))
                found.append(alert)
        return found, None

    def watchlists(self) -> list[str]:
        """All watchlists that an alert went out under, sorted; "all" among them."""
        return sorted({"all", *(name for alert in self._alerts.values() for name in alert.watchlists)})

    def reached(self, position: Mapping[int, int]) -> dict[int, int]:
        """The position as far as it can be one in the topic as it is. Where it is ahead of what has been read, it was reached in an
        earlier topic of that name, and of this one nothing has been heard."""
        return {
            partition: offset if offset <= self.position.get(partition, 0) else 0
            for partition, offset in position.items()
        }

    def told_since(self, position: Mapping[int, int]) -> list[HeldAlert]:
        """Alerts told at or after a position, in the order in which the broker got them, of each partition in the order of
        offsets. A partition that the position does not name counts from its start, as does one in which it is ahead of the desk."""
        found: dict[str, Moment] = {}
        reached = self.reached(position)
        for partition, told in self._told.items():
            start = reached.get(partition, 0)
            for _, moment, id in told[bisect_left(told, (start,)) :]:
                found[id] = moment
        alive = [
            self._alerts[id] for id, moment in found.items() if id in self._alerts and self._alerts[id].last == moment
        ]
        return sorted(alive, key=lambda alert: alert.last)


def _moment_of(cursor: str) -> Moment:
    parts = cursor.split("-")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) < 20 for part in parts):
        raise BadParameter("before", f"{cursor[:60]!r} is not the cursor of an earlier answer")
    return int(parts[0]), int(parts[1]), int(parts[2])


def _words(event: Event, row: Summary) -> str:
    """All that a search looks through, folded."""
    told = [row.headline, row.mover.name, row.mover.code, event.mover.text]
    if event.place is not None:
        told += [names.place(event.place), event.place.code, event.place.text]
    for report in event.reports:
        told += [report.outlet_name, report.outlet, report.title, report.evidence.text]
        told += [agent.name for agent in report.agents]
        if report.place is not None:
            told.append(report.place.name)
        if report.speaker is not None:
            speaker = report.speaker
            told += [speaker.text, *(part for part in (speaker.name, speaker.role, speaker.organisation) if part)]
    for source in event.sources:
        told += [*source.outlets, *(names.credit(agency) for agency in source.agencies)]
    return "\n".join(dict.fromkeys(told)).casefold()
