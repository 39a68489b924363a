"""The outcomes as tables: one of measures, one by kind with a column for each method."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.table import Table

from bench.wire.compared import METHODS
from bench.wire.outcome import BY_RECORD, MUSTER, Measured

SHORT = {MUSTER: MUSTER, BY_RECORD: "records", **{method.name: method.short for method in METHODS}}
"""Heads of columns."""
WIDTH = 132
"""Columns of a terminal below which the tables would be broken."""


def of_measures(measured: Measured, memory: Mapping[str, float | None]) -> Table:
    title = f"{measured.text}: {measured.articles:,} articles, {measured.stories:,} stories"
    table = Table(title=title, title_justify="left")
    table.add_column("method", no_wrap=True)
    for head in ("precision", "recall", "F1", "B³ prec.", "B³ recall", "B³ F1", "ARI", "articles/s", "bytes/article"):
        table.add_column(head, justify="right")
    for one in measured.outcomes:
        shares = (
            one.precision,
            one.recall,
            one.f1,
            one.b_cubed_precision,
            one.b_cubed_recall,
            one.b_cubed_f1,
            one.adjusted_rand,
        )
        table.add_row(
            one.method, *(f"{share:.3f}" for share in shares), _number(one.per_second), _number(memory.get(one.method))
        )
    return table


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f}"


def by_kind(measured: Measured, order: Sequence[str]) -> Table:
    """Kinds in the given order, and those that are not in it after them."""
    table = Table(title=f"{measured.text}: share right, by kind of change", title_justify="left")
    table.add_column("kind")
    table.add_column("articles", justify="right")
    shown = [one for one in measured.outcomes if one.method != BY_RECORD]
    for one in shown:
        table.add_column(SHORT[one.method], justify="right")
    for kind in [kind for kind in dict.fromkeys([*order, *measured.kinds]) if kind in measured.kinds]:
        table.add_row(kind, f"{measured.kinds[kind]:,}", *(f"{one.right[kind]:.3f}" for one in shown))
    return table
