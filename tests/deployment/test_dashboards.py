"""Dashboards and alert rules against the metrics that workers serve: nothing shows what does not exist."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from dashboards import build
from streams.metrics import METRICS, Metrics
from streams.stages import AGENTS

ROOT = Path(__file__).resolve().parents[2]
DASHBOARDS = ROOT / "dashboards"
GENERATED = DASHBOARDS / "grafana" / "dashboards" / "muster.json"
PROMETHEUS_LABELS = {"instance", "job"}


def labels_by_series() -> dict[str, set[str]]:
    """Every series that a worker serves, as Prometheus names it, with its labels."""
    series = {}
    for metric in METRICS:
        if metric.kind == "histogram":
            for suffix in ("_bucket", "_sum", "_count"):
                series[metric.name + suffix] = {*metric.labels, *({"le"} if suffix == "_bucket" else ())}
        else:
            series[metric.name] = set(metric.labels)
    return series


def expressions() -> list[str]:
    dashboard = json.loads(GENERATED.read_text(encoding="utf-8"))
    shown = [target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", [])]
    rules = yaml.safe_load((DASHBOARDS / "prometheus" / "rules.yml").read_text(encoding="utf-8"))
    return shown + [rule["expr"] for group in rules["groups"] for rule in group["rules"]]


@pytest.mark.parametrize("expression", expressions())
def test_an_expression_names_only_metrics_and_labels_that_exist(expression: str) -> None:
    series = labels_by_series()
    named = re.findall(r"\bmuster_\w+", expression)
    assert named or 'up{job="muster"}' in expression
    assert [name for name in named if name not in series] == []
    known = set().union(*(series[name] for name in named)) | PROMETHEUS_LABELS
    grouped = {label.strip() for labels in re.findall(r"\bby \(([^)]*)\)", expression) for label in labels.split(",")}
    assert grouped <= known
    matched = dict(re.findall(r'(\w+)="([^"]*)"', expression))
    assert matched.keys() <= known
    assert matched.get("stage", "ingest") in AGENTS
    assert matched.get("job", "muster") == "muster"


def test_a_legend_shows_only_labels_that_its_expression_keeps() -> None:
    for panel in json.loads(GENERATED.read_text(encoding="utf-8"))["panels"]:
        for target in panel.get("targets", []):
            kept = {
                label.strip() for labels in re.findall(r"by \(([^)]*)\)", target["expr"]) for label in labels.split(",")
            }
            assert set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"])) <= kept, panel["title"]


def test_the_metrics_that_are_named_are_those_that_a_worker_serves() -> None:
    served = {sample.name for metric in Metrics().registry.collect() for sample in metric.samples}
    assert served & labels_by_series().keys() >= {"muster_up", "muster_build_info"}
    documented = {metric.name for metric in Metrics().registry.collect()}
    assert {metric.name.removesuffix("_total") for metric in METRICS} == documented


def test_the_dashboard_is_what_its_script_writes() -> None:
    assert GENERATED.read_text(encoding="utf-8") == build.text(), "run `python dashboards/build.py`"


def test_panels_do_not_overlap_and_have_ids_of_their_own() -> None:
    panels = json.loads(GENERATED.read_text(encoding="utf-8"))["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    cells = [
        (x, y)
        for panel in panels
        for position in [panel["gridPos"]]
        for x in range(position["x"], position["x"] + position["w"])
        for y in range(position["y"], position["y"] + position["h"])
    ]
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24


def read(path: str) -> Any:
    return yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))


def test_grafana_finds_its_datasource_and_dashboards_where_they_are_mounted() -> None:
    compose = read("docker-compose.yml")
    grafana = compose["services"]["grafana"]
    mounted = {source: target for source, target, *_ in (volume.split(":") for volume in grafana["volumes"])}
    provider = read("dashboards/grafana/provisioning/dashboards/muster.yml")["providers"][0]
    assert mounted["./dashboards/grafana/dashboards"] == provider["options"]["path"]
    assert mounted["./dashboards/grafana/provisioning"] == "/etc/grafana/provisioning"
    assert (
        grafana["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
        == f"{provider['options']['path']}/{GENERATED.name}"
    )
    datasource = read("dashboards/grafana/provisioning/datasources/prometheus.yml")["datasources"][0]
    dashboard = json.loads(GENERATED.read_text(encoding="utf-8"))
    used = {panel["datasource"]["uid"] for panel in dashboard["panels"] if "datasource" in panel}
    assert used == {datasource["uid"]}
    host, port = datasource["url"].removeprefix("http://").split(":")
    assert compose["services"][host]["ports"][0].endswith(f":{port}")


def test_prometheus_looks_for_the_workers_where_they_serve_their_metrics() -> None:
    compose = read("docker-compose.yml")
    prometheus = read("dashboards/prometheus/prometheus.yml")
    for rules in prometheus["rule_files"]:
        assert (DASHBOARDS / "prometheus" / rules).is_file()
    found = prometheus["scrape_configs"][0]["dns_sd_configs"][0]
    assert found["names"] == ["worker", "notify"]
    for service in found["names"]:
        assert str(found["port"]) == compose["services"][service]["environment"]["MUSTER_METRICS_PORT"]
