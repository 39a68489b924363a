"""What a dashboard is made of: rows of panels, one question each. How Grafana writes them down is `build.py`'s business."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

RATE = "[$__rate_interval]"
"""Long enough for a rate, whatever the time shown: Grafana puts it in."""

Kind = Literal["stat", "timeseries", "bars", "ranking"]
"""A number as it is at the end of the time shown; lines; bars over time; parts of a whole as at that end, largest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One panel: its question in plain words, expressions with their legends, the unit (Grafana's name for it).

    `warn` and `alarm` colour a number that is at least so large; without them nothing is coloured. `low_is_bad` turns them
    round: a number below `warn`, and one below `alarm`.
    """

    title: str
    about: str
    expressions: tuple[tuple[str, str], ...]
    unit: str = "short"
    kind: Kind = "timeseries"
    width: int = 8
    warn: float | None = None
    alarm: float | None = None
    low_is_bad: bool = False


Rows = tuple[tuple[str, tuple[Panel, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dashboard:
    """One dashboard. `uid` is its address and the name of its file."""

    uid: str
    title: str
    about: str
    rows: Rows


def rate(counter: str, by: str, legend: str | None = None) -> tuple[tuple[str, str], ...]:
    """How fast a counter grows, for each value of a label or of several."""
    shown = legend or " ".join(f"{{{{{label.strip()}}}}}" for label in by.split(","))
    return ((f"sum by ({by}) (rate({counter}{RATE}))", shown),)


def quantile(histogram: str, share: float, by: str) -> tuple[tuple[str, str], ...]:
    """A quantile of a histogram for each value of a label."""
    return (
        (f"histogram_quantile({share}, sum by (le, {by}) (rate({histogram}_bucket{RATE})))", f"{{{{{by}}}}}"),
    )  # fmt: skip


def over_the_time_shown(counter: str, by: str) -> tuple[tuple[str, str], ...]:
    """How much a counter has grown over the time shown, for each value of a label."""
    return ((f"sort_desc(sum by ({by}) (increase({counter}[$__range])))", f"{{{{{by}}}}}"),)
