"""Dashboards and alert rules against the metrics that workers serve: nothing shows what does not exist."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from dashboards import build
from streams.metrics import METRICS, Metrics
from streams.stages import AGENTS
from tests.deployment.shown import FILES, GRAFANA, PROMETHEUS, ROOT, panels, rules, targets

PROMETHEUS_LABELS = {"instance", "job"}
UNITS = {"short", "s", "cps", "bytes", "Bps", "percentunit"}
"""Grafana's names; a misspelt one is shown as a word of its own behind every number."""
OF_THE_PROCESS = {"process_start_time_seconds", "process_resident_memory_bytes"}


def labels_by_series() -> dict[str, set[str]]:
    """Every series that is served, as Prometheus names it, with its labels."""
    series: dict[str, set[str]] = {name: set() for name in OF_THE_PROCESS}
    for metric in METRICS:
        if metric.kind == "histogram":
            for suffix in ("_bucket", "_sum", "_count"):
                series[metric.name + suffix] = {*metric.labels, *({"le"} if suffix == "_bucket" else ())}
        else:
            series[metric.name] = set(metric.labels)
    return series


def expressions() -> list[str]:
    return list(dict.fromkeys([*(target["expr"] for _, target in targets()), *(rule["expr"] for rule in rules())]))


@pytest.mark.parametrize("expression", expressions())
def test_an_expression_names_only_metrics_and_labels_that_exist(expression: str) -> None:
    series = labels_by_series()
    named = re.findall(r"\b(?:muster|process)_\w+", expression)
    assert named or 'up{job="muster"}' in expression
    assert [name for name in named if name not in series] == []
    known = set().union(*(series[name] for name in named)) | PROMETHEUS_LABELS
    grouped = {
        label.strip() for labels in re.findall(r"\b(?:by|on) \(([^)]*)\)", expression) for label in labels.split(",")
    }
    assert grouped <= known
    for label, value in re.findall(r'(\w+)="([^"]*)"', expression):
        assert label in known
        assert label != "stage" or value in AGENTS
        assert label != "job" or value == "muster"
        assert label != "reason" or value in ("invalid", "rejected", "defect")


def test_the_stage_that_nobody_runs_is_told_of_every_stage() -> None:
    (rule,) = (rule for rule in rules() if rule["alert"] == "MusterStageGone")
    assert re.findall(r'stage="([^"]*)"', rule["expr"]) == list(AGENTS)


def test_a_legend_shows_only_labels_that_its_expression_keeps() -> None:
    for where, target in targets():
        kept = {
            label.strip() for labels in re.findall(r"by \(([^)]*)\)", target["expr"]) for label in labels.split(",")
        } | ({"instance"} if " by " not in target["expr"] else set())
        assert set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"])) <= kept, where


def test_the_metrics_that_are_named_are_those_that_a_worker_serves() -> None:
    collected = list(Metrics().registry.collect())
    served = {sample.name for metric in collected for sample in metric.samples}
    assert served & labels_by_series().keys() >= {"muster_up", "muster_build_info", *OF_THE_PROCESS}
    documented = {metric.name for metric in collected if not metric.name.startswith("process_")}
    assert {metric.name.removesuffix("_total") for metric in METRICS} == documented


def test_the_dashboards_are_what_their_script_writes() -> None:
    assert sorted(build.path_of(dashboard) for dashboard in build.DASHBOARDS) == FILES
    for dashboard in build.DASHBOARDS:
        written = build.path_of(dashboard).read_text(encoding="utf-8")
        assert written == build.text(dashboard), "run `python -m dashboards.build`"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_panel_says_what_it_shows_in_which_unit(path: Path) -> None:
    shown = panels(path)
    for panel in shown:
        title = panel["title"]
        assert title, panel["id"]
        assert len(panel["description"]) > len("Alerts."), title
        assert panel["description"].endswith("."), title
        assert panel["description"] != title
        assert panel["fieldConfig"]["defaults"]["unit"] in UNITS, title
        assert panel["targets"], title
        assert all(target["legendFormat"] for target in panel["targets"]), title
    assert len({panel["title"] for panel in shown}) == len(shown)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_grows_within_a_bar_is_seen_at_several_scrapes(path: Path) -> None:
    scrape = int(read("dashboards/prometheus/prometheus.yml")["global"]["scrape_interval"].removesuffix("s"))
    for panel in panels(path):
        if any("[$__interval]" in target["expr"] for target in panel["targets"]):
            assert int((panel["interval"] or "0m").removesuffix("m")) * 60 >= 4 * scrape, panel["title"]
        if any("[$__range]" in target["expr"] for target in panel["targets"]):
            assert all(target["instant"] for target in panel["targets"]), panel["title"]


def steps_of(panel: dict[str, Any]) -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = panel["fieldConfig"]["defaults"]["thresholds"]["steps"]
    return steps


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_thresholds_rise_and_get_worse_or_better_all_the_way(path: Path) -> None:
    severity = [build.CALM, build.WARN, build.ALARM]
    for panel in panels(path):
        first, *rest = steps_of(panel)
        assert first["value"] is None, "the first colour holds from below everything"
        assert all(a["value"] < b["value"] for a, b in pairwise(rest)), panel["title"]
        ranks = [severity.index(step["color"]) for step in (first, *rest)]
        assert ranks in (sorted(set(ranks)), sorted(set(ranks), reverse=True)), panel["title"]


def test_a_number_that_is_better_high_is_red_below_its_limit() -> None:
    (ready,) = (panel for path in FILES for panel in panels(path) if panel["title"] == "Workers ready")
    assert steps_of(ready) == [{"color": "red", "value": None}, {"color": "green", "value": 1}]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_panels_do_not_overlap_and_have_ids_of_their_own(path: Path) -> None:
    every = json.loads(path.read_text(encoding="utf-8"))["panels"]
    assert len({panel["id"] for panel in every}) == len(every)
    cells = [
        (x, y)
        for panel in every
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
    home = grafana["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
    assert home == f"{provider['options']['path']}/{build.path_of(build.DESK).name}"
    datasource = yaml.safe_load(
        (GRAFANA / "provisioning" / "datasources" / "prometheus.yml").read_text(encoding="utf-8")
    )["datasources"][0]
    used = {panel["datasource"]["uid"] for path in FILES for panel in panels(path)}
    used |= {target["datasource"]["uid"] for _, target in targets()}
    assert used == {datasource["uid"]}
    host, port = datasource["url"].removeprefix("http://").split(":")
    assert compose["services"][host]["ports"][0].endswith(f":{port}")


def test_prometheus_looks_for_the_workers_where_they_serve_their_metrics() -> None:
    compose = read("docker-compose.yml")
    prometheus = read("dashboards/prometheus/prometheus.yml")
    for file in prometheus["rule_files"]:
        assert (PROMETHEUS / file).is_file()
    scraped = prometheus["scrape_configs"][0]
    assert scraped["job_name"] == "muster"
    found = scraped["dns_sd_configs"][0]
    assert found["names"]
    for service in found["names"]:
        assert str(found["port"]) == compose["services"][service]["environment"]["MUSTER_METRICS_PORT"]
