"""The dashboards and alert rules as they are committed: what their tests read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
PROMETHEUS = ROOT / "dashboards" / "prometheus"
GRAFANA = ROOT / "dashboards" / "grafana"
FILES = sorted((GRAFANA / "dashboards").glob("*.json"))


def panels(path: Path) -> list[dict[str, Any]]:
    """The panels of one dashboard, without the rows' headings."""
    return [panel for panel in json.loads(path.read_text(encoding="utf-8"))["panels"] if panel["type"] != "row"]


def targets() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every expression of the dashboards as Grafana has it, with the dashboard and panel that shows it."""
    for path in FILES:
        for panel in panels(path):
            for target in panel["targets"]:
                yield f"{path.stem}: {panel['title']}", target


def rules() -> list[dict[str, Any]]:
    """All alert rules."""
    groups = yaml.safe_load((PROMETHEUS / "rules.yml").read_text(encoding="utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def operands(expression: str) -> list[str]:
    """What a rule compares and combines: each must have data for the rule to be able to say anything.

    "a > 0 and absent(b)" -> ["a", "b"].
    """
    parts = re.split(r"\s(?:and|or|unless)\s", expression)
    bare = (re.sub(r"\s(?:==|>=|<=|>|<)\s[\d.]+$", "", part.strip()) for part in parts)
    return [re.sub(r"^absent\((.*)\)$", r"\1", part) for part in bare]
