"""`python -m bench.table [--only end-to-end,peer,ceiling,scale,stages,growth] [--short] [--largest N] [--output FILE]`"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, replace
from pathlib import Path

from bench.table import growth, on_a_broker, stages
from bench.table.measuring import FULL, SHORT
from bench.table.rows import Row, table
from streams.broker import RunningBroker, temporary_broker
from streams.settings import Settings

ON_A_BROKER = {
    "end-to-end": on_a_broker.end_to_end,
    "peer": on_a_broker.peer,
    "ceiling": on_a_broker.ceiling,
    "scale": on_a_broker.scale,
    "growth": growth.growth,
}
GROUPS = ("end-to-end", "peer", "ceiling", "scale", "stages", "growth")


def measured(chosen: Sequence[str], *, short: bool, largest: int, partitions: int) -> dict[str, list[Row]]:
    """The rows of each group. A broker is started only where a group needs one."""
    sizes = SHORT if short else FULL
    sizes = replace(sizes, folds=(*(n for n in sizes.folds if n < largest), largest)) if largest else sizes
    settings = replace(Settings.from_environment(), partitions=partitions)
    found: dict[str, list[Row]] = {}
    with ExitStack() as stack:
        broker: RunningBroker | None = None
        for group in chosen:
            rows: Iterable[Row]
            if group == "stages":
                rows = stages.rows(sizes.stages)
            else:
                broker = broker or stack.enter_context(temporary_broker(settings))
                rows = ON_A_BROKER[group](replace(settings, broker=broker.bootstrap), broker, sizes)
            found[group] = list(rows)
    return found


def chosen(text: str) -> list[str]:
    """The groups that a list with commas names, in the order of the table."""
    names = text.split(",")
    if unknown := [name for name in names if name not in GROUPS]:
        raise argparse.ArgumentTypeError(f"no such rows: {', '.join(unknown)}; there are: {', '.join(GROUPS)}")
    return [group for group in GROUPS if group in names]


def main(arguments: Sequence[str] | None = None, show: Callable[[str], object] = print) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.table", description="One table of what Muster does here.")
    parser.add_argument("--only", type=chosen, default=list(GROUPS), help=f"of {','.join(GROUPS)} (default: all)")
    parser.add_argument("--short", action="store_true", help="sizes that show only whether the bench itself runs")
    parser.add_argument("--largest", type=int, default=0, help="articles in the largest fold (default: 100000)")
    parser.add_argument("--partitions", type=int, default=4, help="partitions of each topic (default: 4)")
    parser.add_argument("--output", type=Path, help="write the JSON to this file as well")
    options = parser.parse_args(arguments)
    found = measured(options.only, short=options.short, largest=options.largest, partitions=options.partitions)
    machine = f"{os.cpu_count()} processors, {platform.machine()}, Python {platform.python_version()}"
    show(f"{machine}{', short: no figures to quote' if options.short else ''}")
    if options.short:
        found = {group: [replace(row, goal=None) for row in rows] for group, rows in found.items()}
    for line in table([row for rows in found.values() for row in rows]):
        show(line)
    result = {"machine": machine, "short": options.short, "load": os.getloadavg()[0]}
    text = json.dumps({**result, "rows": {group: [asdict(row) for row in rows] for group, rows in found.items()}})
    if options.output:
        options.output.write_text(text + "\n", encoding="utf-8")
    show(text)


if __name__ == "__main__":
    sys.exit(main())
