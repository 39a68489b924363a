"""Query parameters of the API as what they ask for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, get_args

import orjson

from desk.summary import Summary, place_code
from streams.records import ACT_FAMILY, ACTS, ALERT_KINDS, SEVERITIES, STATUSES

Order = Literal["latest", "sources", "first"]
Test = Callable[["Searchable"], bool]

MOST_EVENTS = 500
DEFAULT_EVENTS = 100
LONGEST_VALUE = 200
"""Characters of a parameter's value."""
MOST_VALUES = 50
"""Times that one parameter may be given."""


class BadParameter(ValueError):
    """A query parameter that cannot be used: its name, and why."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


KEYS = ("mover", "place", "family", "act", "status", "state", "contested")
"""Filters that ask for one of some values."""


@dataclass(slots=True)
class Searchable:
    """A row of the list with what filters look at, made once: ten thousand of them are looked through for every answer."""

    row: Summary
    encoded: bytes
    """The row as JSON."""
    words: str
    """The words that a search looks through, folded."""
    values: Mapping[str, str]
    """By the filters of `KEYS`."""
    rank: tuple[int, str, str]
    """Independent sources, latest report, id."""
    place_in_line: int = -1
    """Where the index has it."""


def searchable(row: Summary, words: str) -> Searchable:
    """The row, with words that are folded already."""
    values = {
        "mover": row.mover.code,
        "place": place_code(row),
        "family": row.family,
        "act": row.act,
        "status": row.status,
        "state": row.state,
        "contested": "true" if row.contested else "false",
    }
    rank = (row.independent, row.last_seen, row.id)
    return Searchable(row=row, encoded=orjson.dumps(row), words=words, values=values, rank=rank)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventQuery:
    """What a list of events is asked for, by the parameters that were given: `values`, folded, of which an event has to have any,
    and predicates that it has to pass."""

    values: Mapping[str, frozenset[str]]
    tests: Mapping[str, Test]
    order: Order
    limit: int
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertQuery:
    """What a list of alerts is asked for; an empty set asks for all. `before` is the cursor of an earlier answer."""

    watchlists: frozenset[str]
    kinds: frozenset[str]
    severities: frozenset[str]
    before: str | None
    limit: int


def event_query(parameters: Iterable[tuple[str, str]]) -> EventQuery:
    """The query of `GET /api/events`. Raises `BadParameter`."""
    given = _collected(parameters, EVENT_PARAMETERS)
    tests: dict[str, Test] = {}
    values = {name: frozenset(value.casefold() for value in given[name]) for name in _CODES if name in given}
    for name, choices in _CHOICES.items():
        if name in given:
            values[name] = frozenset(_choice(name, value, choices) for value in given[name])
    if "minimum_independent" in given:
        least = _number(given, "minimum_independent", 0, low=0, high=1_000_000)
        tests["minimum_independent"] = lambda found: found.row.independent >= least
    if "q" in given:
        words = [word for value in given["q"] for word in value.casefold().split()]
        for number, word in enumerate(words):
            tests[f"q{number}"] = _holding(word)
    if "since" in given:
        since = _moment(_single(given, "since"), "since")
        tests["since"] = lambda found: found.row.last_seen >= since
    if "until" in given:
        until, whole_day = _single(given, "until"), _DAY.fullmatch(_single(given, "until"))
        end = _moment(until, "until", days=1 if whole_day else 0)
        tests["until"] = lambda found: found.row.first_seen < end or (not whole_day and found.row.first_seen == end)
    return EventQuery(
        values=values,
        tests=tests,
        order=_choice("order", _single(given, "order", "latest"), get_args(Order)),  # type: ignore[arg-type]
        limit=_number(given, "limit", DEFAULT_EVENTS, low=1, high=MOST_EVENTS),
        offset=_number(given, "offset", 0, low=0, high=10_000_000),
    )


def alert_query(parameters: Iterable[tuple[str, str]]) -> AlertQuery:
    """The query of `GET /api/alerts`. Raises `BadParameter`."""
    given = _collected(parameters, ALERT_PARAMETERS)
    return AlertQuery(
        watchlists=frozenset(given.get("watchlist", ())),
        kinds=frozenset(_choice("kind", value, ALERT_KINDS) for value in given.get("kind", ())),
        severities=frozenset(_choice("severity", value, SEVERITIES) for value in given.get("severity", ())),
        before=_single(given, "before") if "before" in given else None,
        limit=_number(given, "limit", DEFAULT_EVENTS, low=1, high=MOST_EVENTS),
    )


def no_parameters(parameters: Iterable[tuple[str, str]]) -> None:
    """Raises `BadParameter` if there are any."""
    _collected(parameters, ())


_CODES = ("mover", "place")
_CHOICES: Mapping[str, Sequence[str]] = {
    "family": tuple(dict.fromkeys(ACT_FAMILY.values())),
    "act": ACTS,
    "status": STATUSES,
    "state": ("standing", "retracted"),
    "contested": ("true", "false"),
}
EVENT_PARAMETERS = (*_CODES, *_CHOICES, "minimum_independent", "q", "since", "until", "order", "limit", "offset")
ALERT_PARAMETERS = ("limit", "before", "watchlist", "kind", "severity")
CHOICES: Mapping[str, Sequence[str]] = {
    **_CHOICES,
    "order": get_args(Order),
    "kind": ALERT_KINDS,
    "severity": SEVERITIES,
}
"""What parameters with a fixed set of values take."""
REPEATABLE = frozenset({*_CODES, *_CHOICES, "q", "watchlist", "kind", "severity"})
"""Parameters of which several values are "any of them"; of `q` all words must occur."""


def _holding(word: str) -> Test:
    return lambda found: word in found.words


def _collected(parameters: Iterable[tuple[str, str]], known: Sequence[str]) -> dict[str, list[str]]:
    given: dict[str, list[str]] = {}
    for name, value in parameters:
        if name not in known:
            there = f"; there are: {', '.join(known)}" if known else "; it takes none"
            raise BadParameter(name[:LONGEST_VALUE], f"no such parameter{there}")
        if len(value) > LONGEST_VALUE:
            raise BadParameter(name, f"longer than {LONGEST_VALUE} characters")
        if not value.strip():
            raise BadParameter(name, "empty")
        given.setdefault(name, []).append(value.strip())
    for name, values in given.items():
        if len(values) > MOST_VALUES:
            raise BadParameter(name, f"given more than {MOST_VALUES} times")
        if len(values) > 1 and name not in REPEATABLE:
            raise BadParameter(name, "given more than once")
    return given


def _single(given: Mapping[str, list[str]], name: str, default: str = "") -> str:
    return given[name][0] if name in given else default


def _choice(name: str, value: str, choices: Sequence[str]) -> str:
    if value not in choices:
        raise BadParameter(name, f"{value!r} is none of {', '.join(choices)}")
    return value


def _number(given: Mapping[str, list[str]], name: str, default: int, *, low: int, high: int) -> int:
    if name not in given:
        return default
    text = given[name][0]
    if not re.fullmatch(r"[0-9]{1,9}", text, re.ASCII) or not low <= int(text) <= high:
        raise BadParameter(name, f"{text!r} is not a whole number from {low:,} to {high:,}")
    return int(text)


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME = re.compile(
    rf"{_DAY.pattern}[T ]\d{{2}}:\d{{2}}(:\d{{2}}(\.\d{{1,9}})?)?(Z|[+-]\d{{2}}:\d{{2}})?", re.ASCII | re.IGNORECASE
)
FIRST_YEAR = 1000
"""Times are compared as text, which years of fewer digits would upset."""


def _moment(text: str, name: str, *, days: int = 0) -> str:
    """The time as the records have it: UTC, whole seconds. A date is its midnight; a time without an offset is UTC."""
    unusable = f"{text!r} is neither a date (2017-06-22) nor a time (2017-06-22T14:05:00Z)"
    if not _DAY.fullmatch(text) and not _TIME.fullmatch(text):
        lost_plus = _TIME.fullmatch("+".join(text.rsplit(" ", 1)))
        raise BadParameter(name, f"{unusable}; in an address + is written as %2B" if lost_plus else unusable)
    try:
        found = datetime.fromisoformat(text.upper())
        found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
        found += timedelta(days=days)
    except (ValueError, OverflowError):
        raise BadParameter(name, unusable) from None
    if found.year < FIRST_YEAR:
        raise BadParameter(name, f"{text!r} is before the year {FIRST_YEAR}")
    return found.strftime("%Y-%m-%dT%H:%M:%SZ")
