"""Which events may tell of one deployment though each has a key of its own."""

from __future__ import annotations

from typing import Any, Protocol


class Told(Protocol):
    """An event or its row."""

    @property
    def id(self) -> str: ...
    @property
    def mover(self) -> Any: ...
    @property
    def family(self) -> str: ...
    @property
    def place(self) -> Any: ...
    @property
    def first_seen(self) -> str: ...
    @property
    def last_seen(self) -> str: ...


def may_be_one(one: Told, other: Told) -> bool:
    """Whether two events are of the same mover and act family at the same time, and the place of just one of them is known."""
    return (
        one.id != other.id
        and (one.mover.code, one.family) == (other.mover.code, other.family)
        and (one.place is None) != (other.place is None)
        and one.first_seen <= other.last_seen
        and other.first_seen <= one.last_seen
    )
