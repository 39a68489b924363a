"""The API as an OpenAPI 3.1 document, made from the classes that it answers with."""

from __future__ import annotations

import importlib
from functools import cache
from typing import Any

import msgspec

from agents.alert.severity import SEVERITY_MEANINGS
from desk import answers, filters
from desk.listing import Listing
from desk.story import Story
from streams.schemas import describe, field_docstrings

VERSION = "1.0.0"
"""Of the API. It grows in the middle where something is added, in front where a reader would have to change."""

_REFERENCE = "#/components/schemas/{name}"
_ABOUT = {
    "mover": "Code of the mover.",
    "place": 'Code of the country of the place; "unknown" for events without one.',
    "family": "Act family.",
    "act": "The act that is told.",
    "status": "Status of the event.",
    "state": "Both where it is left out.",
    "contested": "Whether a party denies it.",
    "minimum_independent": "Least number of independent sources.",
    "q": "Words that must all occur in headline, names, speakers, outlets or evidence, in any case.",
    "since": "Events with a report at this time or later: a date or a time, RFC 3339.",
    "until": "Events with a report at this time or earlier; a date means its whole day.",
    "order": "Latest report first, most independent sources first, or the earliest first.",
    "limit": "Most entries of the answer.",
    "offset": "Entries to pass over.",
    "before": "`next` of an earlier answer.",
    "watchlist": "Name of a watchlist.",
    "kind": "Kind of alert.",
    "severity": "Severity. " + " ".join(f"{name}: {meaning}" for name, meaning in SEVERITY_MEANINGS.items()),
}
_NUMBERS = {
    "limit": {"type": "integer", "minimum": 1, "maximum": filters.MOST_EVENTS, "default": filters.DEFAULT_EVENTS},
    "offset": {"type": "integer", "minimum": 0, "default": 0},
    "minimum_independent": {"type": "integer", "minimum": 0},
}


@cache
def description() -> dict[str, Any]:
    """The document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Muster desk",
            "version": VERSION,
            "description": "Who is said to be sending troops where: events and alerts as `muster desk` shows them. Times are "
            "RFC 3339 in UTC, countries ISO 3166-1 alpha-3. Fields may be added; pass over what you do not know.",
        },
        "paths": {
            "/api/events": _get(
                "listEvents",
                "Events, with what the filters may be set to.",
                Listing,
                _parameters(filters.EVENT_PARAMETERS),
            ),
            "/api/events/{id}": _get(
                "getEvent",
                "One event with its reports and sources; of an id that was merged, the event that took it over.",
                Story,
                [
                    {
                        "name": "id",
                        "in": "path",
                        "required": True,
                        "schema": {"type": "string"},
                        "description": "Its id.",
                    }
                ],
                missing=True,
            ),
            "/api/alerts": _get(
                "listAlerts", "Alerts, the newest first.", answers.AlertList, _parameters(filters.ALERT_PARAMETERS)
            ),
            "/api/alerts/stream": {"get": _stream()},
            "/api/health/live": _get(
                "isAlive", "Whether the process is well.", answers.Alive, unwell=(answers.Failing,)
            ),
            "/api/health/ready": _get(
                "isReady",
                "Whether the desk shows all that there is.",
                answers.Ready,
                unwell=(answers.CatchingUp, answers.Disconnected),
            ),
            "/api/openapi.json": {
                "get": {
                    "operationId": "describe",
                    "summary": "This document.",
                    "responses": {"200": _answer("The document.", {"type": "object"})},
                }
            },
        },
        "components": {"schemas": _schemas()},
    }


def _schemas() -> dict[str, Any]:
    kinds = (
        Listing, Story, answers.AlertList, answers.EventsChanged, answers.Failed, answers.Alive, answers.Failing,
        answers.Ready, answers.CatchingUp, answers.Disconnected,
    )  # fmt: skip
    _, definitions = msgspec.json.schema_components(kinds, ref_template=_REFERENCE)
    told: dict[str, Any] = {}
    for name in ("desk.answers", "desk.listing", "desk.summary", "desk.story", "desk.alert_view", "agents.alert.heard"):
        told |= field_docstrings(importlib.import_module(name))
    for name, definition in definitions.items():
        describe(definition, told[name] if name in told else field_docstrings()[name])
    return dict(sorted(definitions.items()))


def _get(
    operation: str,
    summary: str,
    kind: type,
    parameters: list[dict[str, Any]] | None = None,
    *,
    missing: bool = False,
    unwell: tuple[type, ...] = (),
) -> dict[str, Any]:
    responses = {"200": _answer(kind.__doc__ or "", _reference(kind))}
    if parameters:
        responses["400"] = _answer("A parameter cannot be used.", _reference(answers.Failed))
    if missing:
        responses["404"] = _answer("There is no such event.", _reference(answers.Failed))
    if unwell:
        references = [_reference(one) for one in unwell]
        responses["503"] = _answer("It is not.", references[0] if len(references) == 1 else {"oneOf": references})
    return {
        "get": {
            "operationId": operation,
            "summary": summary,
            **({"parameters": parameters} if parameters else {}),
            "responses": responses,
        }
    }


def _stream() -> dict[str, Any]:
    about = (
        "Server-sent events. `event: alert` has an `AlertView` as its data and a position as its id; whoever sends the last id "
        "back gets what has come since, also from a desk that was started again. `event: events` has `EventsChanged` as its "
        "data and no id."
    )
    told = {"type": "string", "pattern": "^([0-9]+-[0-9]+(\\.[0-9]+-[0-9]+)*)?$"}
    return {
        "operationId": "streamAlerts",
        "summary": "Alerts as they come.",
        "description": about,
        "parameters": [
            {"name": "Last-Event-ID", "in": "header", "schema": told, "description": "Last id that was seen."},
            {"name": "last_event_id", "in": "query", "schema": told, "description": "The same, for a first request."},
        ],
        "responses": {
            "200": {"description": "The stream.", "content": {"text/event-stream": {"schema": {"type": "string"}}}},
            "400": _answer("The id is not one of this stream's.", _reference(answers.Failed)),
            "503": {
                **_answer("Too many streams are open.", _reference(answers.Failed)),
                "headers": {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds."}},
            },
        },
    }


def _parameters(names: tuple[str, ...]) -> list[dict[str, Any]]:
    return [_parameter(name) for name in names]


def _parameter(name: str) -> dict[str, Any]:
    schema: dict[str, Any] = dict(_NUMBERS.get(name, {"type": "string", "minLength": 1}))
    if name in filters.CHOICES:
        schema = {"type": "string", "enum": list(filters.CHOICES[name])}
    if name in filters.REPEATABLE:
        return {
            "name": name,
            "in": "query",
            "explode": True,
            "schema": {"type": "array", "items": schema},
            "description": f"{_ABOUT[name]} May be repeated.",
        }
    return {"name": name, "in": "query", "schema": schema, "description": _ABOUT[name]}


def _reference(kind: type) -> dict[str, str]:
    return {"$ref": _REFERENCE.format(name=kind.__name__)}


def _answer(about: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": about, "content": {"application/json": {"schema": schema}}}
