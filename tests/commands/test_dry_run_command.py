"""`muster dry-run` over the samples."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from streams.commands import failures
from streams.commands.dry_run import TOPICS
from streams.topics import registry
from tests.commands.test_main import run


@pytest.mark.parametrize("kind", ["stories", "events"])
def test_what_settles_is_the_same_fed_once_or_twice_in_another_order_on_more_partitions(kind: str) -> None:
    straight = run("dry-run", "samples", "--json", kind)
    assert (straight.returncode, straight.stderr) == (0, "")
    lines = straight.stdout.splitlines()
    assert lines
    records = [registry()[TOPICS[kind]].decode(line.encode()) for line in lines]
    keys = [record.article if kind == "stories" else record.id for record in records]
    assert keys == sorted(set(keys))
    again = run("dry-run", "samples", "samples", "--json", kind, "--shuffle", "3", "--partitions", "3")
    assert again.stdout == straight.stdout


@pytest.mark.parametrize("kind", ["articles", "reports", "alerts"])
def test_records_of_the_other_topics_are_valid_and_each_there_once(kind: str) -> None:
    result = run("dry-run", "samples", "--json", kind)
    assert (result.returncode, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert len(lines) == len(set(lines)) > 0
    for line in lines:
        registry()[TOPICS[kind]].decode(line.encode())


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


def test_an_article_that_cannot_be_used_is_not_counted_as_one() -> None:
    result = run("dry-run", "-", text='{"id": "1", "outlet": "o", "published": "yesterday", "body": "Troops left."}\n')
    assert result.returncode == failures.BAD_INPUT
    assert "0 alerts from 0 articles" in result.stdout
    assert "1 input could not be used" in result.stderr
