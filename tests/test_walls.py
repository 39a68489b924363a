"""The walls between the parts, read off their imports.

The pure part of a stage (everything in its folder but `agent.py`) and `wirecopy/` know no stream, no broker, no clock
and no other stage; `streams/` knows no stage but by name.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]
STAGES = sorted(path.name for path in (CHECKOUT / "agents").iterdir() if path.is_dir() and path.name != "__pycache__")

IMPURE = frozenset(
    {"faust", "kafka", "aiokafka", "mode", "asyncio", "time", "random", "logging", "prometheus_client", "threading"}
)
SHARED = frozenset({"streams.records", "streams.identity", "streams.stage", "streams.settings", "streams.toml_lines"})
"""What the pure part may know of `streams`."""
CLOCKS = frozenset({"now", "utcnow", "today"})


def imports_of(source: str, package: str) -> Iterator[str]:
    """Full names of all modules that `source`, a module of `package`, imports anywhere in it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parents = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*parents, base] if base else parents)
            yield base
            # `from streams import records` imports a module as well.
            yield from (f"{base}.{alias.name}" for alias in node.names)


def breaches(source: str, package: str) -> list[str]:
    """What a pure module of `package` ("agents.alert", "wirecopy") reaches for and must not."""
    found = []
    for name in imports_of(source, package):
        top = name.split(".")[0]
        unshared = top == "streams" and name != "streams" and not any(f"{name}.".startswith(f"{s}.") for s in SHARED)
        if top in IMPURE or unshared:
            found.append(f"imports {name}")
        elif top == "agents" and name != "agents" and not f"{name}.".startswith(f"{package}."):
            found.append(f"imports {name}, another stage's")
        elif name.endswith(".agent") or ".agent." in name:
            found.append(f"imports {name}, which binds to the stream")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Attribute) and called.attr in CLOCKS:
                found.append(f"line {node.lineno}: reads a clock: .{called.attr}()")
            name = (
                called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""
            )
            if name in ("import_module", "__import__"):
                found.append(f"line {node.lineno}: imports by a computed name")
    return found


def pure_modules() -> list[tuple[Path, str]]:
    modules = [
        (path, f"agents.{stage}")
        for stage in STAGES
        for path in sorted((CHECKOUT / "agents" / stage).rglob("*.py"))
        if path != CHECKOUT / "agents" / stage / "agent.py"
    ]
    return modules + [(path, "wirecopy") for path in sorted((CHECKOUT / "wirecopy").rglob("*.py"))]


@pytest.mark.parametrize(
    ("path", "package"), pure_modules(), ids=[str(path.relative_to(CHECKOUT)) for path, _ in pure_modules()]
)
def test_the_pure_part_reaches_for_no_stream_clock_or_other_stage(path: Path, package: str) -> None:
    assert breaches(path.read_text(encoding="utf-8"), package) == []


def test_every_stage_that_the_design_names_has_a_folder() -> None:
    assert STAGES == ["alert", "corroborate", "dedupe", "enrich", "ingest"]


@pytest.mark.parametrize(
    "path", sorted((CHECKOUT / "agents").glob("*/agent.py")), ids=lambda path: str(path.relative_to(CHECKOUT))
)
def test_an_agent_is_thin_and_knows_its_own_stage_only(path: Path) -> None:
    package = f"agents.{path.parent.name}"
    source = path.read_text(encoding="utf-8")
    strangers = [
        name
        for name in imports_of(source, package)
        if name.startswith("agents.") and not f"{name}.".startswith(f"{package}.")
    ]
    assert strangers == []
    assert len(source.splitlines()) <= 120


DESK_RUNS = frozenset({"connections.py", "feed.py", "stream.py", "server.py", "running.py"})
"""Modules of the desk that run; the others are functions of records."""


@pytest.mark.parametrize(
    "path",
    [path for path in sorted((CHECKOUT / "desk").glob("*.py")) if path.name not in DESK_RUNS],
    ids=lambda path: path.name,
)
def test_what_the_desk_shows_is_made_without_stream_server_or_clock(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert not {name.split(".")[0] for name in imports_of(source, "desk")} & {*IMPURE, "aiohttp"}
    assert not {name for name in imports_of(source, "desk") if name in {f"desk.{other[:-3]}" for other in DESK_RUNS}}
    assert [found for found in breaches(source, "desk") if "clock" in found] == []


def test_the_stream_knows_stages_by_name_only() -> None:
    for path in sorted((CHECKOUT / "streams").glob("*.py")):
        strangers = [n for n in imports_of(path.read_text(encoding="utf-8"), "streams") if n.split(".")[0] == "agents"]
        assert strangers == [], path.name


@pytest.mark.parametrize("path", sorted((CHECKOUT / "sinks").rglob("*.py")), ids=lambda path: path.stem)
def test_sinks_know_no_stage_and_no_faust_and_their_formats_no_network(path: Path) -> None:
    found = set(imports_of(path.read_text(encoding="utf-8"), "sinks"))
    forbidden = {"faust", "mode", "agents", "wirecopy"}
    if path.parent.name == "formats" or path.stem in ("plain", "judging", "limits", "progress"):
        forbidden |= {*IMPURE, "aiohttp", "smtplib", "socket"}
    strangers = {name for name in found if name.split(".")[0] in forbidden or name in ("streams.app", "streams.worker")}
    assert strangers == set()


@pytest.mark.parametrize(
    ("source", "package"),
    [
        ("import time", "agents.alert"),
        ("import asyncio.queues", "agents.alert"),
        ("from kafka import KafkaProducer", "wirecopy"),
        ("from streams import topics", "agents.alert"),
        ("from streams.loop import StageLoop", "agents.alert"),
        ("import streams.loop", "agents.alert"),
        ("from agents.dedupe import index", "agents.corroborate"),
        ("from agents import dedupe", "agents.corroborate"),
        ("from ..dedupe import index", "agents.corroborate"),
        ("from agents.alert.agent import stage", "agents.alert"),
        ("from . import agent", "agents.alert"),
        ("from agents.alert import rules", "wirecopy"),
        ("def late():\n    import random", "agents.alert"),
        ("from datetime import datetime\nnow = datetime.now()", "agents.alert"),
        ("from importlib import import_module\nimport_module('time')", "agents.alert"),
    ],
)
def test_a_breach_is_found(source: str, package: str) -> None:
    assert breaches(source, package)


@pytest.mark.parametrize(
    ("source", "package"),
    [
        ("from streams import records, identity", "agents.alert"),
        ("from streams.stage import Output, Rejected", "agents.alert"),
        ("from agents.alert import rules", "agents.alert"),
        ("from .rules import due", "agents.alert"),
        ("import wirecopy.fingerprint", "agents.dedupe"),
        ("from datetime import datetime, timedelta", "agents.alert"),
    ],
)
def test_what_is_shared_is_no_breach(source: str, package: str) -> None:
    assert breaches(source, package) == []
