"""The answer to a list of events: rows, and how many there are of each kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from agents.alert.names import countries
from desk.filters import EventQuery, Key, Order, Searchable
from desk.summary import UNKNOWN_PLACE, Summary


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


ORDERS: Mapping[Order, Callable[[Searchable], tuple[object, ...]]] = {
    "latest": lambda found: (found.row.last_seen, found.row.id),
    "sources": lambda found: (found.row.independent, found.row.outlets, found.row.last_seen, found.row.id),
    "first": lambda found: (found.row.first_seen, found.row.id),
}
"""By what rows stand, the least first; `latest` and `sources` are shown from their end."""


def listing(rows: Sequence[Searchable], query: EventQuery, as_of: str | None) -> Listing:
    """The answer for all rows in the order of `ORDERS[query.order]`."""
    shown = rows if query.order == "first" else rows[::-1]
    matching, near = _matching(shown, query)
    counts = Counter(found.key for found in matching)
    page = matching[query.offset : query.offset + query.limit]
    return Listing(
        as_of=as_of,
        total=len(matching),
        offset=query.offset,
        events=tuple(found.row for found in page),
        facets=Facets(**{name: _choices(name, counts, near.get(name, ()), shown) for name in Key._fields}),
        map=_flows(matching, counts),
    )


def _matching(
    rows: Sequence[Searchable], query: EventQuery
) -> tuple[Sequence[Searchable], dict[str, list[Searchable]]]:
    """The rows that pass every test, and by filter those that fail its test alone."""
    near: dict[str, list[Searchable]] = {name: [] for name in query.tests}
    if not near:
        return rows, near
    matching: list[Searchable] = []
    tests = list(query.tests.items())
    for found in rows:
        failed = None
        for name, test in tests:
            if not test(found):
                if failed is not None:
                    break
                failed = name
        else:
            (matching if failed is None else near[failed]).append(found)
    return matching, near


def _choices(
    name: str, counts: Mapping[Key, int], near: Iterable[Searchable], rows: Iterable[Searchable]
) -> tuple[Choice, ...]:
    at = Key._fields.index(name)
    events: Counter[str] = Counter()
    for key, number in counts.items():
        events[key[at]] += number
    events.update(found.key[at] for found in near)
    labels = _labels(name, events, rows)
    counted = [Choice(value=value, label=labels[value], events=number) for value, number in events.items()]
    return tuple(sorted(counted, key=lambda choice: (-choice.events, choice.label, choice.value)))


def _labels(name: str, values: Iterable[str], rows: Iterable[Searchable]) -> dict[str, str]:
    """The values in words. Of movers that are no countries the rows know the names."""
    known = {value: countries().get(value, value).removeprefix("the ") for value in values}
    if name == "mover":
        bare = {value for value, label in known.items() if value == label}
        if bare:
            known |= {found.key.mover: found.row.mover.name for found in rows if found.key.mover in bare}
    elif name == "place":
        known |= {UNKNOWN_PLACE: "place not named"}
    elif name == "contested":
        known |= {"true": "contested", "false": "not contested"}
    return {value: known[value] for value in values}


def _flows(rows: Iterable[Searchable], counts: Mapping[Key, int]) -> tuple[Flow, ...]:
    events: Counter[tuple[str, str]] = Counter()
    contested: Counter[tuple[str, str]] = Counter()
    for key, number in counts.items():
        events[key[:2]] += number
        contested[key[:2]] += number if key.contested == "true" else 0
    top: dict[tuple[str, str], tuple[int, str, str]] = {}
    for found in rows:
        flow = found.key[:2]
        if flow not in top or found.rank > top[flow]:
            top[flow] = found.rank
    flows = [
        Flow(mover=mover, place=place, events=number, contested=contested[mover, place], top=top[mover, place][2])
        for (mover, place), number in events.items()
    ]
    return tuple(sorted(flows, key=lambda flow: (-flow.events, flow.mover, flow.place)))
