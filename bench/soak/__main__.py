"""Faults on the real broker, and whether what is left is the same as without them.

    python -m bench.soak [--faults 50] [--seed 1] [--articles 250] [--only KIND ...] [--round 5]

A known set of articles, two workers under `muster run`, `muster notify` with a webhook's receiver, and faults drawn from a
seed. Each round has topics and processes of its own and some faults, one after the other; all rounds share a broker, which the
faults stop, kill and fill up. After each round the settled records and the alerts must be those of an undisturbed run and
of `muster dry-run`, byte for byte (bench/soak/comparing.py says what is compared). Prints the schedule, a table by kind, every
difference, and as the last line the same as JSON. Ends with 1 if anything differs or did not recover; logs and records are then kept.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Any

from bench.running import say
from bench.soak.comparing import differences
from bench.soak.ground import Ground, ground
from bench.soak.plan import AWAY_SECONDS, KINDS, Fault, rounds, schedule
from bench.soak.running import (
    SESSION_SECONDS,
    References,
    Round,
    disturbed,
    dry_ending,
    made_articles,
    undisturbed_ending,
)
from streams.settings import Settings

ARTICLES = 250
FAULTS = 50
FAULTS_OF_A_ROUND = 5
TIMES = ("median", "slowest", "whole_median", "whole_slowest")
"""Columns of the table: seconds."""


def soak(
    faults: Sequence[Fault], folder: Path, *, articles: int = ARTICLES, size: int = FAULTS_OF_A_ROUND
) -> list[Round]:
    """The rounds of those faults, after the two runs that they are compared with; logs go below `folder`.

    Raises `AssertionError` if those two differ: then it is no fault's doing.
    """
    made = made_articles(articles)
    say(f"a dry run of {articles} articles")
    dry = dry_ending(made)
    assert dry.due, "articles without an alert would tell nothing"
    with ground(Settings.from_environment()) as place:
        say("an undisturbed run")
        undisturbed, _ = undisturbed_ending(place, made, folder / "undisturbed")
        told = differences(undisturbed, dry, "dry run")
        assert not told, f"without any fault: {told}"
        references = References(made, dry, undisturbed)
        return [
            _told(disturbed(place, references, number, group, folder / f"round-{number}"), place)
            for number, group in enumerate(rounds(faults, size), start=1)
        ]


def _told(made: Round, place: Ground) -> Round:
    """Tell how a round ended, and see that the next one has a broker."""
    say(f"round {made.number}: {len(made.differences)} differences, {len(made.early)} early alerts")
    for line in made.differences[:10]:
        print(f"    {line}", file=sys.stderr, flush=True)
    place.ensure()
    return made


def table(made: Sequence[Round]) -> Iterator[str]:
    yield "| fault | times | recovered: median, s | slowest, s | both workers back: median, s | slowest, s | in rounds that differ |"
    yield "|---|---|---|---|---|---|---|"
    for kind, row in by_kind(made).items():
        times = " | ".join("-" if row[name] is None else f"{row[name]:.1f}" for name in TIMES)
        yield f"| {kind} | {row['times']} | {times} | {row['differing']} |"


def by_kind(made: Sequence[Round]) -> dict[str, dict[str, Any]]:
    """For each kind that was recovered from: how often, the median and slowest seconds of it and of having all workers back,
    and how many lie in rounds that differ."""
    found = {}
    for kind in KINDS:
        of_kind = [(suffered, one) for one in made for suffered in one.suffered if suffered.fault.kind == kind]
        if of_kind:
            recovery = [suffered.recovery_seconds for suffered, _ in of_kind]
            whole = [s.whole_seconds for s, _ in of_kind if s.whole_seconds is not None]
            times = (median(recovery), max(recovery), median(whole) if whole else None, max(whole, default=None))
            found[kind] = {
                "times": len(of_kind),
                **{name: None if value is None else round(value, 1) for name, value in zip(TIMES, times, strict=True)},
                "differing": sum(bool(one.differences) for _, one in of_kind),
            }
    return found


def _plain(one: Round) -> dict[str, Any]:
    """For the last line: without the clock of this process."""
    plain = asdict(one)
    for suffered in plain["suffered"]:
        del suffered["ended"]
    return plain


def main() -> int:
    options = _options()
    kinds = options.only or KINDS
    faults = schedule(options.seed, options.faults, session_seconds=SESSION_SECONDS, kinds=kinds, away=options.away)
    for number, group in enumerate(rounds(faults, options.round), start=1):
        print(f"round {number}: " + "; ".join(fault.told() for fault in group))
    folder = options.keep or Path(tempfile.mkdtemp(prefix="muster-soak-"))
    made = soak(faults, folder, articles=options.articles, size=options.round)
    for line in table(made):
        print(line)
    differing = [one for one in made if one.differences]
    for one in differing:
        print(f"round {one.number}: " + "; ".join(suffered.fault.told() for suffered in one.suffered))
        for line in one.differences:
            print(f"    {line}")
    repeated = sum(one.repeated_alerts for one in made), sum(one.repeated_deliveries for one in made)
    print(
        f"alerts that lie twice on their topic: {repeated[0]}; that a sink delivered twice where it may: {repeated[1]}"
    )
    print(
        "alerts that only an order of arrival makes due: "
        + (", ".join(sorted({i for o in made for i in o.early})) or "none")
    )
    if differing:
        print(f"logs and records: {folder}; again: python -m bench.soak {' '.join(sys.argv[1:])}")
    elif options.keep is None:
        shutil.rmtree(folder, ignore_errors=True)
    print(
        json.dumps(
            {
                "seed": options.seed,
                "articles": options.articles,
                "faults": len(faults),
                "kinds": by_kind(made),
                "rounds": [_plain(one) for one in made],
                "differences": sum(len(one.differences) for one in made),
            }
        )
    )
    return 1 if differing else 0


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1 on")
    return int(text)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Faults on the real broker, and whether what is left is the same.")
    parser.add_argument("--faults", type=_positive, default=FAULTS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--articles", type=int, default=ARTICLES, help="of each round")
    parser.add_argument("--round", type=int, default=FAULTS_OF_A_ROUND, help="faults of a round")
    parser.add_argument("--away", type=float, default=AWAY_SECONDS, help="seconds for which the broker is down")
    parser.add_argument("--keep", type=Path, help="folder for logs, which stay there even if nothing differs")
    parser.add_argument("--only", nargs="+", choices=KINDS, metavar="KIND", help=f"only these: {', '.join(KINDS)}")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
