"""The examples of docs/sinks.md do what the page says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from sinks import configuration
from sinks.web import signature
from streams.metrics import METRICS

PAGE = (Path(__file__).parents[2] / "docs" / "sinks.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    return found[1]


def test_the_example_of_a_file_can_be_used(tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "slack-address").write_text("https://hooks.example.com/services/T/B/X\n")
    (tmp_path / "secrets" / "mail-password").write_text("x\n")
    (tmp_path / "sinks.toml").write_text(block("toml"))

    found = configuration.load(tmp_path / "sinks.toml", allow_private=False, environment={"ARCHIVE_SECRET": "x"})

    assert [(sink.name, sink.kind) for sink in found] == [
        ("chat", "webhook"), ("archive", "webhook"), ("on-call", "alertmanager"), ("asia-desk", "email"),
    ]  # fmt: skip


def test_the_table_has_every_key() -> None:
    known = {*configuration.COMMON, *(key for keys in configuration.OF_KIND.values() for key in keys)}
    rows = re.findall(r"^\| (`.*?) \|", PAGE.partition("## Keys")[2].partition("## What")[0], re.MULTILINE)
    assert {key for row in rows for key in re.findall(r"`(\w+)`", row)} == known


@pytest.mark.parametrize(
    ("secret", "late", "genuine"), [(b"secret", 0, True), (b"guess", 0, False), (b"secret", 400, False)]
)
def test_the_check_of_a_signature_accepts_ours_and_no_other(secret: bytes, late: int, genuine: bool) -> None:
    names: dict[str, Any] = {}
    exec(compile(block("python"), "docs/sinks.md", "exec"), names)  # noqa: S102 - our own page
    header = signature("secret", b"{}", 1_700_000_000)
    assert names["is_genuine"](header, b"{}", secret, 1_700_000_000.5 + late) is genuine
    assert not names["is_genuine"](header, b"{ }", b"secret", 1_700_000_000.5)


def test_the_metrics_that_are_named_are_those_of_sinks() -> None:
    named = set(re.findall(r"`(muster_sink_\w+)`", PAGE))
    assert named == {metric.name for metric in METRICS if metric.labels == ("sink",)}
