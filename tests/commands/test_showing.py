"""Records in plain words."""

from __future__ import annotations

import io
from pathlib import Path

import orjson
import pytest
from rich.console import Console

from streams import records
from streams.commands import showing
from streams.topics import registry

EXAMPLES = Path(records.__file__).parent / "examples"


def printed(record: object, *, terminal: bool = False) -> str:
    console = Console(file=io.StringIO(), width=100, force_terminal=terminal, highlight=False)
    console.print(record)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def alert(**changes: object) -> records.Alert:
    raw = {**orjson.loads((EXAMPLES / "alerts.v1.json").read_bytes())[0], **changes}
    return records.decode(orjson.dumps(raw), records.Alert)


def test_an_alert_is_told_with_its_headline_sources_words_and_who_said_them() -> None:
    evidence = {
        "outlet_name": "Atlantic Wire",
        "url": None,
        "title": "t",
        "published": "2019-09-16T11:20:00Z",
        "speaker": {"text": "Helena Castro", "name": "Helena Castro", "role": "Defence Minister"},
        "stance": "denies",
        "text": "“No marine will go,” said Castro.",
    }
    record = alert(evidence=[evidence], sources=["Atlantic Wire", "Isle Post"], watchlists=["all", "islands"])
    shown = " ".join(printed(showing.alert(record)).split())
    assert shown.startswith(f"NEW {record.headline} 16 Sep 2019 11:20")
    assert "source 1: Atlantic Wire source 2: Isle Post" in shown
    assert (
        "│ “No marine will go,” said Castro. │ — Helena Castro, Defence Minister (denies); Atlantic Wire, 16 Sep"
        in shown
    )
    assert "watched: islands" in shown


@pytest.mark.parametrize("kind", list(showing.KIND_STYLES))
def test_every_kind_of_alert_can_be_shown(kind: str) -> None:
    assert kind.replace("-", " ").upper() in printed(showing.alert(alert(kind=kind)))


@pytest.mark.parametrize("name", list(registry()))
def test_every_record_is_one_line_that_names_it(name: str) -> None:
    topic = registry()[name]
    for example in orjson.loads((EXAMPLES / f"{name}.json").read_bytes()):
        line = showing.line(topic.decode(orjson.dumps(example))).plain
        assert "\n" not in line
        assert len(line) > 20
        assert not line.startswith(tuple(kind.__name__ for kind in topic.records)), "it is the bare record"


def test_a_text_of_a_stranger_cannot_steer_the_terminal() -> None:
    evil = "Troops\x1b[2J\x1b]0;owned\x07 \u202egnihton\u202c to\nMali\x9b31m"
    shown = printed(showing.alert(alert(headline=evil, sources=[evil])), terminal=False)
    assert not any(character in shown for character in "\x1b\x07\x9b\u202e\u202c")
    assert showing.plain("co\u00adoperate\u200b") == "cooperate"


def test_markup_of_the_console_in_a_headline_is_only_text() -> None:
    shown = printed(showing.alert(alert(headline="[bold red]Troops[/] :smile: to Mali")))
    assert "[bold red]Troops[/] :smile: to Mali" in shown


def test_an_event_is_shown_by_the_id_by_which_it_can_be_asked_for() -> None:
    event = records.decode(orjson.dumps(orjson.loads((EXAMPLES / "events.v1.json").read_bytes())[0]), records.Event)
    assert showing.line(event).plain.startswith(f"{event.id}  ")
