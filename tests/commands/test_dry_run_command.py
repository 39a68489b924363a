"""`muster dry-run` over the samples."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from streams.commands import failures
from streams.commands.dry_run import TOPICS
from streams.topics import registry
from tests.commands.test_main import run


@pytest.mark.parametrize("kind", list(TOPICS))
def test_records_are_valid_sorted_and_the_same_in_another_order_and_on_more_partitions(kind: str) -> None:
    straight = run("dry-run", "samples", "--json", kind)
    assert (straight.returncode, straight.stderr) == (0, "")
    lines = straight.stdout.encode().splitlines()
    assert lines
    for line in lines:
        registry()[TOPICS[kind]].decode(line)
    if kind in ("events", "stories", "articles", "reports"):
        again = run("dry-run", "samples", "samples", "--json", kind, "--shuffle", "3", "--partitions", "3")
        assert again.stdout == straight.stdout


def test_alerts_are_told_in_plain_words() -> None:
    result = run("dry-run", "samples")
    assert result.returncode == 0
    told = " ".join(result.stdout.split())
    assert "NEW " in told
    assert "Syria" in told
    assert "alerts from 21 articles" in told


def test_articles_that_cannot_be_used_are_named_and_the_others_are_worked_on(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    good = {"id": "1", "outlet": "o", "published": "2031-09-16T00:00:00Z", "title": "t", "body": "Nothing happened."}
    early = {**good, "published": "2017-06-22T00:00:00Z"}
    path.write_text("\n".join([json.dumps(early), "nonsense", json.dumps({**early, "id": "2", "published": "soon"})]))
    result = run("dry-run", str(path), "--json", "articles")
    assert result.returncode == failures.BAD_INPUT
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == ["1"]
    assert f"not used: {path}:2: no JSON" in result.stderr
    assert f"not used: {path}:3: ingest: published" in result.stderr
