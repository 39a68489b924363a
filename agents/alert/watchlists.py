"""Watchlists: what a desk wants to be told of. Data, checked when they are loaded; matching is pure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from agents.alert import names
from agents.alert.due import DueAlert, is_claim
from streams.records import ACTS, ALERT_KINDS, SEVERITIES, STATUSES, Event, EventReport, Severity
from streams.settings import SettingError
from streams.stage import KnownNames
from streams.toml_lines import Mistake, read


@dataclass(frozen=True, slots=True, kw_only=True)
class Watchlist:
    """What it names must all hold; an empty field holds for everything."""

    name: str
    countries: frozenset[str] = frozenset()
    """ISO 3166-1 alpha-3 of the mover, of the destination or of an agent."""
    movers: frozenset[str] = frozenset()
    """Codes or names of whose troops."""
    places: frozenset[str] = frozenset()
    """Codes or names of countries and places."""
    forces: frozenset[str] = frozenset()
    """Words that the mover's name or the evidence has: "marines", "Wagner Group"."""
    acts: frozenset[str] = frozenset()
    statuses: frozenset[str] = frozenset()
    """Statuses that the event has now."""
    kinds: frozenset[str] = frozenset()
    ignore_outlets: frozenset[str] = frozenset()
    """Slugs or names; what only these report does not count."""
    minimum_independent: int = 0
    minimum_severity: Severity = "low"


ALL: tuple[Watchlist, ...] = (Watchlist(name="all"),)
"""What holds where no watchlists are given."""

MOST_SOURCES = 100
"""More independent sources than any event has: a list that waits for more would wait for ever."""
NEAR = 0.65
"""Share of letters in common from which a country is told as meant."""

_CHOICES = {"acts": ACTS, "statuses": STATUSES, "kinds": ALERT_KINDS}


def parse(text: str, file: str, known: KnownNames | None = None) -> tuple[Watchlist, ...]:
    """The watchlists in a TOML document: `[[watchlist]]` with the fields of `Watchlist`. Movers and places must be known
    ones where these are given, and stand for all names that records have of them.

    Raises `SettingError` naming `file`, line, watchlist and key.
    """
    try:
        return read(text, lambda table: _parse_all(table, known))
    except ValueError as error:
        raise SettingError(f"MUSTER_WATCHLISTS: {file}: {error}") from None


def _parse_all(table: dict[str, Any], known: KnownNames | None) -> tuple[Watchlist, ...]:
    rows = table.get("watchlist")
    unknown = sorted(set(table) - {"watchlist"})
    if unknown:
        raise Mistake((unknown[0],), f"{unknown[0]}: only [[watchlist]] is known here")
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise Mistake(("watchlist",), "expected at least one [[watchlist]]")
    found: list[Watchlist] = []
    for number, row in enumerate(rows):
        watchlist = _parse_one(row, number, known)
        if any(watchlist.name == other.name for other in found):
            raise Mistake(("watchlist", number, "name"), f"watchlist {watchlist.name!r}: name: used twice")
        found.append(watchlist)
    return tuple(found)


def _parse_one(row: dict[str, Any], number: int, known: KnownNames | None) -> Watchlist:
    name = row.get("name")
    called = f"watchlist {name!r}" if name else f"watchlist {number + 1}"
    if not isinstance(name, str) or not name.strip():
        raise Mistake(("watchlist", number, *(["name"] if "name" in row else [])), f"{called}: name: expected a text")
    keys = [f.name for f in fields(Watchlist)]
    values: dict[str, Any] = {"name": name}
    for key, value in row.items():
        path = ("watchlist", number, key)
        if key not in keys:
            raise Mistake(path, f"{called}: {key}: no such key; there are: {', '.join(keys)}")
        if key == "name":
            continue
        if key == "minimum_independent":
            if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MOST_SOURCES:
                reason = f"expected a whole number from 0 to {MOST_SOURCES}, got {value!r}"
                raise Mistake(path, f"{called}: {key}: {reason}")
            values[key] = value
        elif key == "minimum_severity":
            if value not in SEVERITIES:
                raise Mistake(path, f"{called}: {key}: {value!r} is none of {', '.join(SEVERITIES)}")
            values[key] = value
        else:
            values[key] = _texts(value, path, f"{called}: {key}", known)
    return Watchlist(**values)


def _texts(value: Any, path: tuple[str, int, str], called: str, known: KnownNames | None) -> frozenset[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
        raise Mistake(path, f"{called}: expected a list of texts, got {value!r}")
    key = path[-1]
    for item in value:
        if key in _CHOICES and item not in _CHOICES[key]:
            raise Mistake(path, f"{called}: {item!r} is none of {', '.join(_CHOICES[key])}", item)
        if key == "countries" and item not in names.countries():
            raise Mistake(path, f"{called}: {item!r} is no ISO 3166-1 alpha-3 code of a country{_meant(item)}", item)
    if key in _CHOICES or key == "countries":
        return frozenset(value)
    if known is not None and key in ("movers", "places"):
        value = [name for item in value for name in _records_names(key, item, path, called, known)]
    return frozenset(item.casefold() for item in value)


def _records_names(key: str, item: str, path: tuple[str, int, str], called: str, known: KnownNames) -> frozenset[str]:
    """What records call a mover or place that a watchlist names."""
    found = names.countries_called(item) | (known.movers(item) if key == "movers" else known.places(item))
    if not found:
        near = known.nearest(item)
        meant = "" if near is None else f"; the nearest name is {near!r}"
        raise Mistake(path, f"{called}: no article can name {item!r}, which is no known {key[:-1]}{meant}", item)
    return found


def _meant(item: str) -> str:
    """The country whose code or name is nearest to a text that is no code."""
    codes = {text.casefold(): code for code in names.countries() for text in (code, names.country(code))}
    near = difflib.get_close_matches(item.casefold(), codes, n=1, cutoff=NEAR)
    return f"; the nearest is {codes[near[0]]!r}, {names.country(codes[near[0]])}" if near else ""


def matches(watchlist: Watchlist, event: Event, due: DueAlert, severity: Severity) -> bool:
    """Whether the watchlist wants to be told of this alert."""
    if watchlist.kinds and due.kind not in watchlist.kinds:
        return False
    if SEVERITIES.index(severity) < SEVERITIES.index(watchlist.minimum_severity):
        return False
    claims = [report for report in event.reports if is_claim(report)]
    heard = [report for report in claims if not _is_ignored(report, watchlist)]
    if claims and not heard:
        return False
    counted = heard if due.kind == "retracted" else [report for report in heard if report.void is None]
    if len({report.source for report in counted}) < watchlist.minimum_independent:
        return False
    return (
        _has(watchlist.countries, _countries(event))
        and _has(
            watchlist.movers,
            {event.mover.code.casefold(), event.mover.name.casefold(), names.actor(event.mover).casefold()},
        )
        and _has(watchlist.places, _places(event))
        and (not watchlist.forces or _mentions(watchlist.forces, event, heard))
        and _has(watchlist.acts, {report.act for report in heard or event.reports})
        and _has(watchlist.statuses, {event.status})
    )


def _has(wanted: frozenset[str], found: set[str]) -> bool:
    return not wanted or not wanted.isdisjoint(found)


def _is_ignored(report: EventReport, watchlist: Watchlist) -> bool:
    return not watchlist.ignore_outlets.isdisjoint({report.outlet.casefold(), report.outlet_name.casefold()})


def _countries(event: Event) -> set[str]:
    agents = {agent.code for report in event.reports for agent in report.agents}
    return {event.mover.code, *agents} | ({event.place.code} if event.place else set())


def _places(event: Event) -> set[str]:
    places = [report.place for report in event.reports if report.place] + ([event.place] if event.place else [])
    return {
        text.casefold() for place in places for text in (place.code, place.name, names.countries().get(place.code, ""))
    }


def _mentions(forces: frozenset[str], event: Event, heard: Sequence[EventReport]) -> bool:
    text = " ".join([event.mover.name, event.mover.text, *(r.evidence.text for r in heard)]).casefold()
    return any(re.search(rf"(?<!\w){re.escape(force)}(?!\w)", text) for force in forces)
