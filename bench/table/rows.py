"""A row of the table, and how all of them are shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One figure. `ratio` is `value` beside `against`, another figure of the same run, or none where it has no peer; it is
    meant to be at least `goal`, or at most where `at_most`. `note` says what was left out and why, or how it was made."""

    name: str
    value: float | None = None
    unit: str = ""
    against: str = ""
    ratio: float | None = None
    goal: float | None = None
    at_most: bool = False
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; None where there is no goal or no ratio."""
        if self.goal is None or self.ratio is None:
            return None
        return self.ratio <= self.goal if self.at_most else self.ratio >= self.goal


def share(value: float | None, other: float | None) -> float | None:
    """One figure divided by another; None where either is missing or the other is nothing."""
    return value / other if value is not None and other else None


def table(rows: Sequence[Row]) -> Iterator[str]:
    yield "| measured | value | against | ratio | goal | met | note |"
    yield "|---|---|---|---|---|---|---|"
    for row in rows:
        value = (
            "-"
            if row.value is None
            else f"{row.value:,.4g} {row.unit}"
            if row.value < 1000
            else f"{row.value:,.0f} {row.unit}"
        )
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        goal = "" if row.goal is None else f"{'≤' if row.at_most else '≥'} {row.goal:g}"
        met = {None: "", True: "yes", False: "no"}[row.met]
        yield f"| {row.name} | {value} | {row.against} | {ratio} | {goal} | {met} | {row.note} |"
