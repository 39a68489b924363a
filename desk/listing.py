"""The answer to a list of events: rows, and how many there are of each kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from agents.alert.names import countries
from desk.filters import EventQuery, Searchable
from desk.summary import UNKNOWN_PLACE, Summary, place_code


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A value that a filter may take, and what it would leave."""

    value: str
    """As the parameter takes it."""
    label: str
    """In words."""
    events: int
    """Events that match it and all other filters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """Values of five filters. Each is counted without its own filter, so that a choice can be changed."""

    mover: tuple[Choice, ...]
    """Whose forces, the most frequent first; so are the others."""
    place: tuple[Choice, ...]
    """Countries; "unknown" for events without a place."""
    family: tuple[Choice, ...]
    """Act families."""
    status: tuple[Choice, ...]
    """Statuses."""
    contested: tuple[Choice, ...]
    """Whether a party denies it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """All matching events of one mover and one place."""

    mover: str
    """Code of the mover."""
    place: str
    """Code of the place; "unknown" where none is known."""
    events: int
    """How many."""
    contested: int
    """How many of them are contested."""
    top: str
    """Id of the one with the most independent sources, of equals the latest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The answer of `GET /api/events`."""

    as_of: str | None
    """Latest time of publication of any report that the desk knows; null where it knows none."""
    total: int
    """Events that match."""
    offset: int
    """How many of them stand before these."""
    events: tuple[Summary, ...]
    """A page of them."""
    facets: Facets
    """What the filters may be set to."""
    map: tuple[Flow, ...]
    """All that match, by mover and place, the most frequent first."""


_ORDERS: Mapping[str, Callable[[Searchable], tuple[object, ...]]] = {
    "latest": lambda found: (found.row.last_seen, found.row.id),
    "sources": lambda found: (found.row.independent, found.row.outlets, found.row.last_seen, found.row.id),
    "first": lambda found: (found.row.first_seen, found.row.id),
}


def ordered(found: Iterable[Searchable], order: str) -> list[Searchable]:
    """Latest first, most independent sources first, or the earliest first."""
    return sorted(found, key=_ORDERS[order], reverse=order != "first")


def listing(rows: Sequence[Searchable], query: EventQuery, as_of: str | None) -> Listing:
    """The answer for rows that are in the order that the query wants."""
    matching, near = _matching(rows, query)
    return Listing(
        as_of=as_of,
        total=len(matching),
        offset=query.offset,
        events=tuple(matching[query.offset : query.offset + query.limit]),
        facets=Facets(**{name: _choices(name, [*matching, *near.get(name, ())]) for name in _FACETS}),
        map=_flows(matching),
    )


_FACETS: Mapping[str, tuple[Callable[[Summary], str], Callable[[Summary], str]]] = {
    "mover": (lambda row: row.mover.code, lambda row: row.mover.name),
    "place": (place_code, lambda row: _country(row)),
    "family": (lambda row: row.family, lambda row: row.family),
    "status": (lambda row: row.status, lambda row: row.status),
    "contested": (
        lambda row: "true" if row.contested else "false",
        lambda row: "contested" if row.contested else "not contested",
    ),
}
"""By filter, the value of a row and its label."""


def _matching(rows: Sequence[Searchable], query: EventQuery) -> tuple[list[Summary], dict[str, list[Summary]]]:
    """The rows that pass every test, and by filter those that fail its test alone."""
    near: dict[str, list[Summary]] = {name: [] for name in query.tests}
    if not near:
        return [found.row for found in rows], near
    matching: list[Summary] = []
    tests = list(query.tests.items())
    for found in rows:
        failed = None
        for name, test in tests:
            if not test(found):
                if failed is not None:
                    break
                failed = name
        else:
            (matching if failed is None else near[failed]).append(found.row)
    return matching, near


def _choices(name: str, rows: Sequence[Summary]) -> tuple[Choice, ...]:
    value_of, label_of = _FACETS[name]
    values = [value_of(row) for row in rows]
    examples = dict(zip(values, rows, strict=True))
    counted = [
        Choice(value=value, label=label_of(examples[value]), events=events) for value, events in Counter(values).items()
    ]
    return tuple(sorted(counted, key=lambda choice: (-choice.events, choice.label, choice.value)))


def _country(row: Summary) -> str:
    if row.place is None:
        return "place not named"
    return countries().get(row.place.code, row.place.code).removeprefix("the ")


def _flows(rows: Iterable[Summary]) -> tuple[Flow, ...]:
    together: dict[tuple[str, str], list[Summary]] = {}
    for row in rows:
        together.setdefault((row.mover.code, UNKNOWN_PLACE if row.place is None else row.place.code), []).append(row)
    flows = [
        Flow(
            mover=mover,
            place=place,
            events=len(found),
            contested=sum(row.contested for row in found),
            top=max(found, key=lambda row: (row.independent, row.last_seen, row.id)).id,
        )
        for (mover, place), found in together.items()
    ]
    return tuple(sorted(flows, key=lambda flow: (-flow.events, flow.mover, flow.place)))
