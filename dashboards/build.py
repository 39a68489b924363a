"""Write the Grafana dashboard from the table of panels below: `python dashboards/build.py`.

The dashboard is generated, so that a panel is two lines here instead of sixty of JSON; a test holds the file against
this script, and every expression against `streams/metrics.py`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

TARGET = Path(__file__).parent / "grafana" / "dashboards" / "muster.json"

RATE = "[$__rate_interval]"
DATASOURCE = {"type": "prometheus", "uid": "prometheus"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One panel: expressions with their legends, and the unit (Grafana's name for it)."""

    title: str
    about: str
    expressions: tuple[tuple[str, str], ...]
    unit: str = "short"
    kind: Literal["stat", "timeseries", "bars"] = "timeseries"
    width: int = 8


def quantiles(histogram: str, *, by: str = "") -> tuple[tuple[str, str], ...]:
    """Median and 99th percentile of a histogram, for each value of the label `by` where one is given."""
    labels = f"le, {by}" if by else "le"
    legend = f"{{{{{by}}}}} " if by else ""
    return tuple(
        (f"histogram_quantile({quantile}, sum by ({labels}) (rate({histogram}_bucket{RATE})))", f"{legend}{name}")
        for quantile, name in ((0.5, "p50"), (0.99, "p99"))
    )


ROWS: tuple[tuple[str, tuple[Panel, ...]], ...] = (
    (
        "At a glance",
        (
            Panel(
                title="Workers ready",
                about="Workers whose every stage has got its partitions.",
                expressions=(("sum(muster_up)", "workers"),),
                kind="stat",
                width=4,
            ),
            Panel(
                title="Articles",
                about="Raw articles taken in.",
                expressions=((f'sum(rate(muster_inputs_total{{stage="ingest"}}{RATE}))', "articles"),),
                unit="cps",
                kind="stat",
                width=4,
            ),
            Panel(
                title="Alerts",
                about="Alerts raised in the time shown.",
                expressions=(("sum(increase(muster_alerts_total[$__range]))", "alerts"),),
                kind="stat",
                width=4,
            ),
            Panel(
                title="Raw article to alert, p99",
                about="From the broker's timestamp of the raw article to the confirmed alert.",
                expressions=(
                    (
                        "histogram_quantile(0.99, sum by (le) (increase(muster_alert_latency_seconds_bucket[$__range])))",
                        "p99",
                    ),
                ),
                unit="s",
                kind="stat",
                width=4,
            ),
            Panel(
                title="Messages behind",
                about="Messages that are not acknowledged yet, over all stages.",
                expressions=(("sum(muster_consumer_lag)", "messages"),),
                kind="stat",
                width=4,
            ),
            Panel(
                title="Dead letters",
                about="Inputs that could not be handled, in the time shown.",
                expressions=(("sum(increase(muster_dead_letters_total[$__range]))", "dead letters"),),
                kind="stat",
                width=4,
            ),
        ),
    ),
    (
        "Alerts",
        (
            Panel(
                title="Raw article to alert",
                about="From the broker's timestamp of the raw article to the confirmed alert.",
                expressions=quantiles("muster_alert_latency_seconds"),
                unit="s",
                width=12,
            ),
            Panel(
                title="Alerts by kind",
                about="Alerts raised, by kind.",
                expressions=(("sum by (kind) (increase(muster_alerts_total[$__interval]))", "{{kind}}"),),
                kind="bars",
                width=12,
            ),
        ),
    ),
    (
        "Stages",
        (
            Panel(
                title="Inputs",
                about="Inputs taken by each stage.",
                expressions=((f"sum by (stage) (rate(muster_inputs_total{RATE}))", "{{stage}}"),),
                unit="cps",
            ),
            Panel(
                title="Outcomes",
                about="Inputs that are done, by outcome; over time their sum is the inputs.",
                expressions=((f"sum by (outcome) (rate(muster_handled_total{RATE}))", "{{outcome}}"),),
                unit="cps",
            ),
            Panel(
                title="Published",
                about="Messages that the broker has confirmed, by topic.",
                expressions=((f"sum by (topic) (rate(muster_outputs_total{RATE}))", "{{topic}}"),),
                unit="cps",
            ),
            Panel(
                title="Time of a step",
                about="To decode an input and to run the step on it.",
                expressions=quantiles("muster_step_seconds", by="stage"),
                unit="s",
            ),
            Panel(
                title="Time of an input",
                about="From taking an input until everything that it led to is confirmed.",
                expressions=quantiles("muster_handling_seconds", by="stage"),
                unit="s",
            ),
            Panel(
                title="In flight",
                about="Inputs taken and not yet acknowledged.",
                expressions=(("sum by (stage) (muster_in_flight)", "{{stage}}"),),
            ),
            Panel(
                title="Messages behind",
                about="Messages that are not acknowledged yet, by stage.",
                expressions=(("sum by (stage) (muster_consumer_lag)", "{{stage}}"),),
            ),
            Panel(
                title="Dead letters",
                about="By stage and reason. Invalid and rejected are bad input; a defect is ours.",
                expressions=(
                    (f"sum by (stage, reason) (rate(muster_dead_letters_total{RATE}))", "{{stage}} {{reason}}"),
                ),
                unit="cps",
            ),
            Panel(
                title="Deliveries tried again",
                about="Deliveries that failed and were tried again: trouble with the broker.",
                expressions=((f"sum by (stage) (rate(muster_delivery_retries_total{RATE}))", "{{stage}}"),),
                unit="cps",
            ),
        ),
    ),
    (
        "What the articles say",
        (
            Panel(
                title="Claims by status",
                about="Claims published, by the status of the deployment that they speak of.",
                expressions=(("sum by (status) (increase(muster_claims_total[$__interval]))", "{{status}}"),),
                kind="bars",
            ),
            Panel(
                title="Claims by act",
                about="Claims published, by act.",
                expressions=(("sum by (act) (increase(muster_claims_total[$__interval]))", "{{act}}"),),
                kind="bars",
            ),
            Panel(
                title="Articles by relation",
                about="What articles are to earlier ones: own, copy, excerpt and so on; a revised answer counts again.",
                expressions=(("sum by (relation) (increase(muster_copies_total[$__interval]))", "{{relation}}"),),
                kind="bars",
            ),
        ),
    ),
    (
        "State and partitions",
        (
            Panel(
                title="Items in folds",
                about="Items in the states of the stages, those of moved partitions that are kept apart.",
                expressions=(("sum by (stage, held) (muster_fold_items)", "{{stage}} {{held}}"),),
            ),
            Panel(
                title="Partitions in memory",
                about="Partitions whose state is in memory.",
                expressions=(("sum by (stage, held) (muster_fold_partitions)", "{{stage}} {{held}}"),),
            ),
            Panel(
                title="Partitions assigned",
                about="Over all workers this is the number of the topic's partitions.",
                expressions=(("sum by (stage) (muster_assigned_partitions)", "{{stage}}"),),
            ),
            Panel(
                title="Catch-ups",
                about="Times that a state was behind the input in hand.",
                expressions=(("sum by (stage) (increase(muster_fold_catch_ups_total[$__interval]))", "{{stage}}"),),
                kind="bars",
            ),
            Panel(
                title="Records read to catch up",
                about="Folded, or skipped because a stage cannot use them.",
                expressions=(
                    (
                        f"sum by (stage, outcome) (rate(muster_fold_caught_up_records_total{RATE}))",
                        "{{stage}} {{outcome}}",
                    ),
                ),
                unit="cps",
            ),
            Panel(
                title="Time to catch up",
                about="How long an input waited for its state.",
                expressions=quantiles("muster_fold_catch_up_seconds", by="stage"),
                unit="s",
            ),
            Panel(
                title="Rebalances",
                about="Times that partitions were assigned, by stage.",
                expressions=(("sum by (stage) (increase(muster_rebalances_total[$__interval]))", "{{stage}}"),),
                kind="bars",
                width=12,
            ),
            Panel(
                title="Versions",
                about="Workers by version of Muster and of Python.",
                expressions=(("count by (version, python) (muster_build_info)", "{{version}}, Python {{python}}"),),
                kind="stat",
                width=12,
            ),
        ),
    ),
    (
        "Sinks",
        (
            Panel(
                title="Delivered",
                about="Alerts that a sink has taken.",
                expressions=((f"sum by (sink) (rate(muster_sink_delivered_total{RATE}))", "{{sink}}"),),
                unit="cps",
                width=6,
            ),
            Panel(
                title="Oldest waiting",
                about="Age of the oldest alert that is not delivered; those that wait for a digest count.",
                expressions=(("max by (sink) (muster_sink_oldest_waiting_seconds)", "{{sink}}"),),
                unit="s",
                width=6,
            ),
            Panel(
                title="Retries",
                about="Attempts that failed and are made again.",
                expressions=((f"sum by (sink) (rate(muster_sink_retries_total{RATE}))", "{{sink}}"),),
                unit="cps",
                width=6,
            ),
            Panel(
                title="Failed",
                about="Alerts that became dead letters.",
                expressions=(("sum by (sink) (increase(muster_sink_failed_total[$__interval]))", "{{sink}}"),),
                kind="bars",
                width=6,
            ),
        ),
    ),
)


def dashboard() -> dict[str, Any]:
    """The dashboard as Grafana reads it."""
    return {
        "uid": "muster",
        "title": "Muster",
        "tags": ["muster"],
        "timezone": "utc",
        "schemaVersion": 41,
        "editable": False,
        "refresh": "10s",
        "time": {"from": "now-1h", "to": "now"},
        "panels": list(_panels()),
    }


def _panels() -> Iterator[dict[str, Any]]:
    identity, top = 1, 0
    for title, panels in ROWS:
        yield {
            "id": identity,
            "type": "row",
            "title": title,
            "collapsed": False,
            "panels": [],
            "gridPos": {"x": 0, "y": top, "w": 24, "h": 1},
        }
        identity, top, left = identity + 1, top + 1, 0
        height = 4 if all(panel.kind == "stat" for panel in panels) else 8
        for panel in panels:
            if left + panel.width > 24:
                top, left = top + height, 0
            yield _panel(panel, identity, {"x": left, "y": top, "w": panel.width, "h": height})
            identity, left = identity + 1, left + panel.width
        top += height


def _panel(panel: Panel, identity: int, position: dict[str, int]) -> dict[str, Any]:
    custom: dict[str, Any] = {}
    if panel.kind == "bars":
        custom = {"drawStyle": "bars", "fillOpacity": 80, "stacking": {"mode": "normal", "group": "A"}}
    elif panel.kind == "timeseries":
        custom = {"fillOpacity": 10, "showPoints": "never"}
    return {
        "id": identity,
        "type": "stat" if panel.kind == "stat" else "timeseries",
        "title": panel.title,
        "description": panel.about,
        "datasource": DATASOURCE,
        "gridPos": position,
        "fieldConfig": {"defaults": {"unit": panel.unit, "min": 0, "custom": custom}, "overrides": []},
        "targets": [
            {"refId": chr(ord("A") + index), "datasource": DATASOURCE, "expr": expression, "legendFormat": legend}
            for index, (expression, legend) in enumerate(panel.expressions)
        ],
    }


def text() -> str:
    """The file that `main` writes."""
    return json.dumps(dashboard(), indent=2, ensure_ascii=False) + "\n"


def main() -> None:
    TARGET.write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    main()
