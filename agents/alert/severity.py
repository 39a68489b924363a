"""How urgent an alert is."""

from __future__ import annotations

from agents.alert.due import LEVELS, DueAlert, is_claim
from streams.records import Event, EventReport, Severity

CONFIDENT = 0.6
"""Confidence from which a claim of a decision is taken at its word. A choice, not a measurement: above even odds, so
that a guessed mover or destination does not wake anybody."""

SEVERITY_MEANINGS: dict[Severity, str] = {
    "critical": f"Troops cross a border by decision or in fact, with confidence of {CONFIDENT} or more, and not on the word of one "
    "unnamed source alone; or that was told, and is taken back.",
    "normal": "What is neither critical nor low.",
    "low": "One source alone that names nobody or only alleges; a denial of what nobody was seen to claim; or a claim that was void "
    "before it could be told.",
}
"""What each severity says to a reader, the most urgent first: in the description of the API, the page's help and docs/alerts.md."""


def severity_of(event: Event, due: DueAlert) -> Severity:
    """The severity of an alert of this event, by `SEVERITY_MEANINGS`."""
    claims = [report for report in event.reports if is_claim(report)]
    standing = [report for report in claims if report.void is None]
    if due.kind == "retracted":
        # What takes back a critical alert is as urgent as the alert was.
        standing = claims
    if not standing:
        return "low"
    sources = {report.source for report in standing}
    weak = all(_is_weak(report) for report in standing)
    if weak and len(sources) < 2:
        return "low"
    abroad = event.place is not None and event.place.code != event.mover.code
    real = [r for r in standing if LEVELS.get(r.status, 0) >= 3 and r.confidence >= CONFIDENT]
    sound = len({r.source for r in real}) > 1 or any(not _is_weak(r) for r in real)
    return "critical" if event.family == "deploy" and abroad and sound else "normal"


def _is_weak(report: EventReport) -> bool:
    return report.stance == "alleges" or (report.speaker is not None and report.speaker.anonymous)
