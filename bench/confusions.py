"""Where claims go wrong: confusion matrices and every missed, false and wrong sentence, as a page or in the terminal.

The page is one file that needs nothing else, and everything in it that comes from a text is escaped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape as unmarked
from rich.table import Table

from bench.labelled import Pair

FIELDS = ("status", "stance", "act")
NONE = "(none)"
SHOWN = ("act", "status", "stance", "mover", "agent", "place", "speaker", "confidence", "rules")

STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem; max-width: 80rem; color: #222; background: #fff; }
table { border-collapse: collapse; margin: 1rem 0; }
th, td { border: 1px solid #ccc; padding: .25rem .5rem; vertical-align: top; text-align: left; }
table.matrix td { text-align: right; }
td.right { background: #dcf2dc; }
td.wrong { background: #fbe0e0; }
td.fields { white-space: pre-line; font: 13px/1.4 ui-monospace, monospace; }
"""
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Claims: confusions</title><style>{style}</style></head>
<body><h1>Claims: confusions</h1>
{body}
</body></html>
"""

Matrix = Counter[tuple[str, str]]


def matrix(pairs: Sequence[Pair], name: str) -> Matrix:
    """How often each gold value met each predicted one. Labels that leave the field open are not counted.

    Where a label has equally good values, it counts as the one that was predicted.
    """
    counted: Matrix = Counter()
    for pair in pairs:
        gold = NONE if pair.gold is None else pair.gold.get(name)
        if gold is None:
            continue
        predicted = NONE if pair.predicted is None else str(pair.predicted.get(name))
        equally_good = (pair.gold or {}).get("also") or {}
        if predicted in equally_good.get(name, ()):
            gold = predicted
        counted[str(gold), predicted] += 1
    return counted


def axes(counted: Matrix) -> tuple[list[str], list[str]]:
    """The values down and across, the most frequent gold values first and what is missing last."""
    totals: Counter[str] = Counter()
    for (gold, _), number in counted.items():
        totals[gold] += number
    order = [value for value, _ in totals.most_common() if value != NONE]
    across = [*order, *sorted({p for _, p in counted} - set(order) - {NONE})]
    down = [*order, NONE] if NONE in totals else order
    return down, [*across, NONE] if any(p == NONE for _, p in counted) else across


def kinds(pairs: Sequence[Pair]) -> dict[str, list[Pair]]:
    return {
        "missed": [p for p in pairs if p.predicted is None],
        "false": [p for p in pairs if p.gold is None],
        "wrong field": [p for p in pairs if p.wrong],
    }


def fields_of(claim: dict[str, Any] | None) -> str:
    """A label or a claim in lines, without what is empty."""
    if claim is None:
        return NONE
    lines = []
    for name in SHOWN:
        value = claim.get(name)
        if isinstance(value, dict):
            value = value.get("text")
        if isinstance(value, (list, tuple)):
            value = ", ".join(str(v) for v in value)
        if value not in (None, ""):
            lines.append(f"{name}: {value}")
    return "\n".join(lines)


def page(pairs: Sequence[Pair]) -> str:
    parts = []
    for name in FIELDS:
        counted = matrix(pairs, name)
        down, across = axes(counted)
        parts.append(f"<h2>{escape(name)}: gold down, predicted across</h2>\n<table class='matrix'><tr><th></th>")
        parts.append("".join(f"<th>{escape(value)}</th>" for value in across) + "</tr>")
        for gold in down:
            cells = "".join(_cell(gold, predicted, counted[gold, predicted]) for predicted in across)
            parts.append(f"<tr><th>{escape(gold)}</th>{cells}</tr>")
        parts.append("</table>")
    for kind, listed in kinds(pairs).items():
        parts.append(f"<h2>{kind}: {len(listed)}</h2>\n<table><tr><th>data</th><th>sentence</th><th>wrong</th>")
        parts.append("<th>gold</th><th>predicted</th></tr>")
        for pair in listed:
            parts.append(
                f"<tr><td>{escape(pair.source)}</td><td>{escape(pair.text)}</td><td>{escape(', '.join(pair.wrong))}</td>"
                f"<td class='fields'>{escape(fields_of(pair.gold))}</td>"
                f"<td class='fields'>{escape(fields_of(pair.predicted))}</td></tr>"
            )
        parts.append("</table>")
    return PAGE.format(style=STYLE, body="\n".join(parts))


def _cell(gold: str, predicted: str, number: int) -> str:
    kind = "right" if gold == predicted else "wrong" if number else ""
    return f"<td class='{kind}'>{number or ''}</td>"


def show(pairs: Sequence[Pair], console: Console) -> None:
    for name in FIELDS:
        counted = matrix(pairs, name)
        down, across = axes(counted)
        # Numbers stand for the values across: sixteen names would not fit a terminal.
        names = {value: f"{number} {value}" for number, value in enumerate(across, 1)}
        rest = ", ".join(names[value] for value in across if value not in down)
        table = Table("gold \\ predicted", title=name, caption=plain(f"also predicted: {rest}") if rest else None)
        for number in range(1, len(across) + 1):
            table.add_column(str(number), justify="right")
        for gold in down:
            numbers = (str(counted[gold, predicted] or "") for predicted in across)
            table.add_row(plain(names.get(gold, gold)), *numbers)
        console.print(table)
    for kind, listed in kinds(pairs).items():
        table = Table("sentence", "wrong", "gold", "predicted", title=f"{kind}: {len(listed)}", show_lines=True)
        for pair in listed:
            cells = (pair.text, ", ".join(pair.wrong), fields_of(pair.gold), fields_of(pair.predicted))
            table.add_row(*(plain(cell) for cell in cells))
        console.print(table)


def plain(text: str) -> str:
    """Without markup, and without the control characters by which a text could drive a terminal."""
    return unmarked("".join(c if c.isprintable() or c == "\n" else " " for c in text))


def write(pairs: Sequence[Pair], where: str, console: Console) -> None:
    if where == "-":
        show(pairs, console)
    else:
        Path(where).write_text(page(pairs), encoding="utf-8", errors="replace")
        console.print(plain(f"confusions written to {where}"))
