"""docs/threat-model.md: each row has a test, and what is served stays on this machine unless told otherwise."""

from __future__ import annotations

import ast
import re
from dataclasses import fields
from ipaddress import ip_address
from pathlib import Path

import pytest

from streams.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
ROWS = [
    [cell.strip() for cell in line.strip("|\n").split("|")]
    for line in (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and not line.startswith("| boundary")
]


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_each_boundary_says_what_is_done_and_has_a_test_that_exists(row: list[str]) -> None:
    _boundary, crosses, wrong, done, _left, test = row
    assert crosses
    assert wrong
    assert done
    named = re.fullmatch(r"`(tests/[\w/]+\.py)::(test_\w+)`", test)
    assert named is not None, test
    tree = ast.parse((ROOT / named[1]).read_text(encoding="utf-8"))
    defined = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    assert named[2] in defined


def test_there_are_rows() -> None:
    assert len(ROWS) > 15


def test_what_is_served_is_served_on_loopback_unless_told_otherwise() -> None:
    hosts = {field.name: str(field.default) for field in fields(Settings) if field.name.endswith("_host")}
    assert hosts.keys() >= {"metrics_host", "desk_host"}
    assert [name for name, host in hosts.items() if not ip_address(host).is_loopback] == []
