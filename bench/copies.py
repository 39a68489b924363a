"""How well copies are told from other articles, and how fast, beside other methods: a generator with known answers over made
and real text, and the pure steps over it.

    python -m bench.copies [--stories 300] [--seed 1] [--partitions 4] [--text made|real] [--times 2] [--wrong]

`bench/wire/` holds the parts, and bench/README.md the kinds of change and of hard negatives, the sources of the text and the
methods that are compared. Nothing here is tuned to: thresholds are in `wirecopy/relation.py`, each with its reason. The last
line of standard output is the same as one JSON object.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # run as a script or as a module

from bench import corpora
from bench.wire import compared, tables
from bench.wire.changes import CHANGES
from bench.wire.compared import METHODS, Method
from bench.wire.generate import ORIGIN, Made, generated, in_order
from bench.wire.memory import bytes_an_article
from bench.wire.muster import cleaned
from bench.wire.negatives import NEGATIVES
from bench.wire.news import COPY, UNRELATED, news
from bench.wire.outcome import MUSTER, Measured, measured
from bench.wire.stories import RealStories

ORDER = [ORIGIN, *(one.name for one in CHANGES), COPY, *(one.name for one in NEGATIVES), UNRELATED]
FOR_MEMORY = 500
"""Articles of the first set over which the memory of the other methods is measured: sketches of a fixed size grow evenly."""


def main() -> None:
    options = _options()
    sets = list(_sets(options))
    if not sets:
        sys.exit(f"no real text is installed: `{corpora.INSTALL}` brings it")
    methods = compared.installed()
    _tell_absent(methods)
    done = [measured(text, made, options.partitions, methods, options.times, _say) for text, made in sets]
    memory = _memory(sets[0][1], methods)
    _print(done, memory)
    if options.wrong:
        for one in done:
            for wrong in one.wrong:
                print(json.dumps(wrong))
    told = {
        "machine": f"{platform.machine()}, {platform.system()} {platform.release()}, Python {platform.python_version()}",
        "seed": options.seed,
        "partitions": options.partitions,
        "bytes_an_article": memory,
        "sets": [one.as_json() for one in done],
    }
    print(json.dumps(told))


def _sets(options: argparse.Namespace) -> Iterator[tuple[str, list[Made]]]:
    if options.text != "real":
        yield "made text", generated(options.stories, options.seed)
    if options.text != "made":
        real = RealStories(options.seed)
        if len(real):
            made = generated(options.stories, options.seed, real)
            yield "real text", in_order([*made, *news()])
        else:
            _say(f"no real text is installed, so none is measured: `{corpora.INSTALL}` brings it")


def _tell_absent(methods: list[Method]) -> None:
    absent = sorted({method.package or "" for method in METHODS} - {method.package or "" for method in methods})
    if absent:
        _say(f"{', '.join(absent)} not installed, so not compared: `{compared.INSTALL}` brings them")


def _memory(made: list[Made], methods: list[Method]) -> dict[str, float | None]:
    texts = cleaned(made[:FOR_MEMORY])
    memory: dict[str, float | None] = {}
    for method in methods:
        _say(f"memory of {method.name}")
        memory[method.name] = bytes_an_article(method, texts)
    return memory


def _print(done: list[Measured], memory: dict[str, float | None]) -> None:
    from rich.console import Console

    console = Console()
    if console.width < tables.WIDTH:
        console = Console(width=tables.WIDTH)
    for one in done:
        console.print(tables.of_measures(one, {**memory, MUSTER: one.bytes_in_all}))
        console.print(
            f"Muster's pure steps on a core: ingest {one.ingest_per_second:,.0f} articles/s, then dedupe (index and resolve) "
            f"{one.dedupe_per_second:,.0f} decisions/s; the index holds {one.bytes_in_a_partition:,.0f} bytes for an article in "
            f"a partition, {one.bytes_in_all:,.0f} in all\n",
            highlight=False,
        )
        console.print(tables.by_kind(one, ORDER))
        console.print()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure how well copies are recognised, beside other methods.")
    parser.add_argument("--stories", type=int, default=300, help="stories of each set (default: 300)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--partitions", type=int, default=4, help="partitions of the index (default: 4)")
    parser.add_argument(
        "--times", type=int, default=2, help="runs of each method, of which the fastest counts (default: 2)"
    )
    parser.add_argument("--text", choices=["made", "real"], help="only this text (default: both)")
    parser.add_argument(
        "--wrong", action="store_true", help="also print what Muster took wrongly, one JSON object a line"
    )
    return parser.parse_args()


def _say(line: str) -> None:
    print(f"bench: {line} ...", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
