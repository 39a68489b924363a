"""The answer to a list of events: rows, and how many there are of each kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields

from agents.alert.names import countries
from desk.filters import EventQuery, Order, Searchable
from desk.index import Index, Rows, best
from desk.summary import UNKNOWN_PLACE, Summary

MOST_FLOWS = 500
"""Ways of the map that an answer has: more than it can draw."""


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


FACETS = tuple(field.name for field in fields(Facets))


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
    """What matches by mover and place, the most frequent first: at most 500 ways."""
    map_left_out: int
    """How many more ways there are."""


ORDERS: Mapping[Order, Callable[[Searchable], tuple[object, ...]]] = {
    "latest": lambda found: (found.row.last_seen, found.row.id),
    "sources": lambda found: (found.row.independent, found.row.outlets, found.row.last_seen, found.row.id),
    "first": lambda found: (found.row.first_seen, found.row.id),
}
"""By what rows stand, the least first; `latest` and `sources` are shown from their end."""


def listing(index: Index, rows: Sequence[Searchable], query: EventQuery, as_of: str | None) -> Listing:
    """The answer for all rows, in the order of `ORDERS[query.order]` and by an index of them."""
    passing = index.passing(query.tests.values())
    having = {name: index.with_any(name, values) for name, values in query.values.items()}
    matching = _all_of(having.values(), passing)
    page = index.page(iter(rows) if query.order == "first" else reversed(rows), matching, query.offset, query.limit)
    flows, left_out = _flows(index, matching)
    return Listing(
        as_of=as_of,
        total=matching.bit_count(),
        offset=query.offset,
        events=tuple(found.row for found in page),
        facets=Facets(
            **{
                name: _choices(index, name, _all_of((rows for key, rows in having.items() if key != name), passing))
                for name in FACETS
            }
        ),
        map=flows,
        map_left_out=left_out,
    )


def _all_of(some: Iterable[Rows], rows: Rows) -> Rows:
    for others in some:
        rows &= others
    return rows


def _choices(index: Index, name: str, among: Rows) -> tuple[Choice, ...]:
    counts = index.counted(name, among)
    counted = [Choice(value=value, label=_label(index, name, value), events=number) for value, number in counts.items()]
    return tuple(sorted(counted, key=lambda choice: (-choice.events, choice.label, choice.value)))


def _label(index: Index, name: str, value: str) -> str:
    """A value in words. Of movers that are no countries the rows know the names."""
    if name == "contested":
        return "contested" if value == "true" else "not contested"
    if name == "place" and value == UNKNOWN_PLACE:
        return "place not named"
    country = countries().get(value)
    if country is None:
        return index.name_of(value) if name == "mover" else value
    return country.removeprefix("the ")


def _flows(index: Index, among: Rows) -> tuple[tuple[Flow, ...], int]:
    """The ways with most events, and how many others there are."""
    counts = ((-(way.rows & among).bit_count(), ends) for ends, way in index.ways.items())
    counted = sorted(count for count in counts if count[0])
    contested = index.having("contested", "true") & among
    flows = []
    for events, (mover, place) in counted[:MOST_FLOWS]:
        way = index.ways[mover, place]
        flows.append(
            Flow(
                mover=mover,
                place=place,
                events=-events,
                contested=(way.rows & contested).bit_count(),
                top=best(way.by_rank, among).row.id,
            )
        )
    return tuple(flows), len(counted) - len(flows)
