"""Write Grafana's dashboards from the tables of panels beside this: `python -m dashboards.build`.

They are generated, so that a panel is some lines of question and expression instead of sixty of JSON; a test holds the files
against this, and runs every expression on a real Prometheus.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dashboards.desk import DESK
from dashboards.kafka import KAFKA
from dashboards.panels import Dashboard, Panel
from dashboards.pipeline import PIPELINE

DASHBOARDS = (DESK, PIPELINE, KAFKA)
FOLDER = Path(__file__).parent / "grafana" / "dashboards"
DATASOURCE = {"type": "prometheus", "uid": "prometheus"}
ROW_WIDTH = 24
STAT_HEIGHT, HEIGHT = 4, 8
CALM, WARN, ALARM = "green", "orange", "red"
TYPES = {"stat": "stat", "timeseries": "timeseries", "bars": "timeseries", "ranking": "bargauge"}
CUSTOM: dict[str, dict[str, Any]] = {
    "timeseries": {"fillOpacity": 10, "showPoints": "never", "thresholdsStyle": {"mode": "dashed"}},
    "bars": {"drawStyle": "bars", "fillOpacity": 80, "stacking": {"mode": "normal", "group": "A"}},
}
AT_THE_END = ("stat", "ranking")
"""Kinds that are asked for once, at the end of the time shown."""
BAR_INTERVAL = "1m"
"""The shortest time of a bar: within Grafana's own shortest, one scrape, a counter is seen to grow by nothing."""
LAST = {"calcs": ["lastNotNull"], "fields": "", "values": False}
TOOLTIP = {"tooltip": {"mode": "multi", "sort": "desc"}}
OPTIONS: dict[str, dict[str, Any]] = {
    "timeseries": TOOLTIP,
    "bars": TOOLTIP,
    "stat": {"reduceOptions": LAST, "graphMode": "none", "textMode": "auto"},
    "ranking": {"reduceOptions": LAST, "orientation": "horizontal", "displayMode": "basic", "showUnfilled": False},
}


def path_of(dashboard: Dashboard) -> Path:
    """The file of a dashboard."""
    return FOLDER / f"{dashboard.uid}.json"


def text(dashboard: Dashboard) -> str:
    """The file as it should be."""
    return json.dumps(_as_json(dashboard), indent=2, ensure_ascii=False) + "\n"


def _as_json(dashboard: Dashboard) -> dict[str, Any]:
    return {
        "uid": dashboard.uid,
        "title": dashboard.title,
        "description": dashboard.about,
        "tags": ["muster"],
        "timezone": "utc",
        "schemaVersion": 41,
        "editable": False,
        "refresh": "10s",
        "time": {"from": "now-6h", "to": "now"},
        "links": [{"type": "dashboards", "title": "Muster", "tags": ["muster"], "asDropdown": False, "keepTime": True}],
        "panels": list(_panels(dashboard)),
    }


def _panels(dashboard: Dashboard) -> Iterator[dict[str, Any]]:
    identity, top = 1, 0
    for title, panels in dashboard.rows:
        place = {"x": 0, "y": top, "w": ROW_WIDTH, "h": 1}
        yield {"id": identity, "type": "row", "title": title, "collapsed": False, "panels": [], "gridPos": place}
        identity, top, left = identity + 1, top + 1, 0
        height = STAT_HEIGHT if all(panel.kind == "stat" for panel in panels) else HEIGHT
        for panel in panels:
            if left + panel.width > ROW_WIDTH:
                top, left = top + height, 0
            yield _panel(panel, identity, {"x": left, "y": top, "w": panel.width, "h": height})
            identity, left = identity + 1, left + panel.width
        top += height


def _panel(panel: Panel, identity: int, place: dict[str, int]) -> dict[str, Any]:
    steps = _steps(panel)
    defaults = {
        "unit": panel.unit,
        "decimals": 0 if panel.unit == "short" else None,
        "min": 0,
        "color": _colour(panel),
        "thresholds": {"mode": "absolute", "steps": steps},
        "custom": CUSTOM.get(panel.kind, {}),
    }
    return {
        "id": identity,
        "type": TYPES[panel.kind],
        "title": panel.title,
        "description": panel.about,
        "datasource": DATASOURCE,
        "gridPos": place,
        "interval": BAR_INTERVAL if panel.kind == "bars" else None,
        "fieldConfig": {"defaults": defaults, "overrides": []},
        "options": OPTIONS[panel.kind],
        "targets": [
            {
                "refId": chr(ord("A") + index),
                "datasource": DATASOURCE,
                "expr": expression,
                "legendFormat": legend,
                "instant": panel.kind in AT_THE_END,
                "range": panel.kind not in AT_THE_END,
            }
            for index, (expression, legend) in enumerate(panel.expressions)
        ],
    }


def _steps(panel: Panel) -> list[dict[str, Any]]:
    """Grafana's thresholds, in rising order: each colour holds from its value on, the first one below all of them."""
    limits = [(value, colour) for value, colour in ((panel.warn, WARN), (panel.alarm, ALARM)) if value is not None]
    colours = [CALM, *(colour for _, colour in limits)]
    if panel.low_is_bad:
        limits, colours = limits[::-1], colours[::-1]
    values = [None, *(value for value, _ in limits)]
    return [{"color": colour, "value": value} for value, colour in zip(values, colours, strict=True)]


def _colour(panel: Panel) -> dict[str, str]:
    """Colour means something or is one: stages keep theirs on every panel, numbers with limits show which is passed."""
    if panel.kind in ("timeseries", "bars"):
        several = len(panel.expressions) > 1 or "{{" in panel.expressions[0][1]
        return {"mode": "palette-classic-by-name"} if several else {"mode": "fixed", "fixedColor": "blue"}
    if panel.warn is None and panel.alarm is None:
        return {"mode": "fixed", "fixedColor": "text" if panel.kind == "stat" else "blue"}
    return {"mode": "thresholds"}


def main() -> None:
    for dashboard in DASHBOARDS:
        path_of(dashboard).write_text(text(dashboard), encoding="utf-8")


if __name__ == "__main__":
    main()
