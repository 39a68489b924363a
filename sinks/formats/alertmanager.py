"""Alertmanager's formats: what its API takes in, and what its webhook receivers are sent (payload version 4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import orjson

from sinks.plain import desk_link, one_line
from streams.identity import digest
from streams.records import Alert

NAME = "MusterAlert"
LABEL = 200
"""Characters of a label: what Alertmanager groups and matches by."""
ANNOTATION = 4_000
NEVER = "0001-01-01T00:00:00Z"
"""The end of what has none, as Alertmanager writes it."""


def labels(alert: Alert) -> dict[str, str]:
    """What tells the alert from others; empty ones are left out, as Alertmanager does."""
    found = {
        "alertname": NAME,
        "alert": alert.id,
        "kind": alert.kind,
        "severity": alert.severity,
        "mover": alert.mover.code,
        "place": alert.place.code if alert.place else "",
        "event": alert.event,
        "family": alert.family,
        "status": alert.status,
        "watchlist": ", ".join(alert.watchlists),
    }
    cleaned = {name: one_line(text, LABEL) for name, text in found.items()}
    return {name: text for name, text in cleaned.items() if text}


def notes(alert: Alert, desk: str) -> dict[str, str]:
    """What people read of it."""
    evidence = [f"{one_line(e.text, 500)} - {one_line(e.outlet_name, 100)}" for e in alert.evidence]
    found = {
        "headline": one_line(alert.headline),
        "sources": "\n".join(one_line(line, 500) for line in alert.sources)[:ANNOTATION],
        "evidence": "\n".join(evidence)[:ANNOTATION],
        "published": one_line(alert.published),
        "link": desk_link(desk, alert.event) or "",
    }
    return {name: text for name, text in found.items() if text}


def posted(alerts: Sequence[Alert], desk: str, now: float, hold_minutes: float) -> bytes:
    """The body for POST /api/v2/alerts. An alert begins when it was published, and ends by itself after so long from now:
    nobody tells an Alertmanager that a desk has read it."""
    moment = datetime.fromtimestamp(now, UTC)
    return orjson.dumps(
        [
            {
                "labels": labels(alert),
                "annotations": notes(alert, desk),
                "startsAt": _time(min(_published(alert, moment), moment)),
                "endsAt": _time(moment + timedelta(minutes=hold_minutes)),
                **({"generatorURL": link} if (link := desk_link(desk, alert.event)) else {}),
            }
            for alert in alerts
        ]
    )


def webhook(alerts: Sequence[Alert], desk: str, receiver: str) -> bytes:
    """The payload that Alertmanager's webhook receivers are sent."""
    every_label = [labels(alert) for alert in alerts]
    every_annotation = [notes(alert, desk) for alert in alerts]
    return orjson.dumps(
        {
            "version": "4",
            "groupKey": f"{{}}:{{{'digest' if len(alerts) > 1 else alerts[0].id}}}",
            "truncatedAlerts": 0,
            "status": "firing",
            "receiver": receiver,
            "groupLabels": {"alertname": NAME},
            "commonLabels": _common(every_label),
            "commonAnnotations": _common(every_annotation),
            "externalURL": desk,
            "alerts": [
                {
                    "status": "firing",
                    "labels": found,
                    "annotations": said,
                    "startsAt": alert.published,
                    "endsAt": NEVER,
                    "generatorURL": desk_link(desk, alert.event) or "",
                    "fingerprint": digest(*(part for pair in sorted(found.items()) for part in pair)),
                }
                for alert, found, said in zip(alerts, every_label, every_annotation, strict=True)
            ],
        }
    )


def _common(tables: Sequence[dict[str, str]]) -> dict[str, str]:
    first, *others = tables
    return {name: text for name, text in first.items() if all(other.get(name) == text for other in others)}


def _published(alert: Alert, otherwise: datetime) -> datetime:
    try:
        found = datetime.fromisoformat(alert.published)
    except ValueError:
        return otherwise
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
