"""Watchlists: what a desk is told of, and what is wrong with a file in words that help."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from agents.alert.agent import stage
from agents.alert.state import State
from agents.alert.step import step
from agents.alert.watchlists import ALL, load, parse
from streams.records import Alert, Report, Revision
from streams.settings import SettingError, Settings
from streams.stage import Received, Surroundings
from tests.news import DIPLOMAT, KALIN, place, publish, report, revision


def told(text: str, *records: Report | Revision) -> list[tuple[str, tuple[str, ...]]]:
    """The alerts that these watchlists want, with the names of the lists."""
    watchlists = parse(tomllib.loads(text), "lists.toml")
    state = State()
    alerts: list[Alert] = [a for event in publish(records) for a in step(state, event, watchlists, 1e9)]
    return [(alert.kind, alert.watchlists) for alert in alerts]


@pytest.mark.parametrize(
    "rule",
    [
        'countries = ["KGZ"]', 'countries = ["SYR", "FRA"]', 'countries = ["RUS"]', 'movers = ["Kyrgyzstan"]',
        'movers = ["kgz"]', 'places = ["Idlib"]', 'places = ["Syria"]', 'acts = ["send"]', 'statuses = ["requested"]',
        'kinds = ["new"]', 'forces = ["troops"]', 'ignore_outlets = ["The Onion"]', "minimum_independent = 1",
        'minimum_severity = "normal"', "",
    ],
)  # fmt: skip
def test_a_watchlist_that_fits_is_named(rule: str) -> None:
    assert told(f'[[watchlist]]\nname = "desk"\n{rule}', report(town=place("SYR", "Idlib"))) == [("new", ("desk",))]


@pytest.mark.parametrize(
    "rule",
    [
        'countries = ["FRA"]', 'movers = ["RUS"]', 'places = ["Aleppo"]', 'acts = ["withdraw"]', 'statuses = ["decided"]',
        'kinds = ["contested"]', 'forces = ["troop"]', 'ignore_outlets = ["rfe/rl"]', "minimum_independent = 2",
        'minimum_severity = "critical"', 'countries = ["KGZ"]\nacts = ["withdraw"]',
    ],
)  # fmt: skip
def test_a_watchlist_that_does_not_fit_keeps_silent(rule: str) -> None:
    assert told(f'[[watchlist]]\nname = "desk"\n{rule}', report(town=place("SYR", "Idlib"))) == []


def test_an_alert_that_reaches_the_minimum_later_is_told_then() -> None:
    second = report("b:1", outlet="B", speaker=DIPLOMAT, published="2017-06-22T17:20:00Z")

    assert told('[[watchlist]]\nname = "sure"\nminimum_independent = 2', report(), second) == [
        ("new", ("sure",)),
        ("corroborated", ("sure",)),
    ]


def test_an_alert_names_every_watchlist_that_wants_it_and_is_told_again_for_a_further_one() -> None:
    lists = '[[watchlist]]\nname = "all"\n[[watchlist]]\nname = "sure"\nminimum_independent = 2\nkinds = ["new"]'
    second = report("b:1", outlet="B", speaker=DIPLOMAT, published="2017-06-22T17:20:00Z")

    assert told(lists, report(), second) == [
        ("new", ("all",)),
        ("new", ("all", "sure")),
        ("corroborated", ("all",)),
    ]


def test_a_retraction_reaches_those_who_were_told() -> None:
    lists = '[[watchlist]]\nname = "desk"\nminimum_independent = 1'

    assert told(lists, report(), revision("rferl:syria-request", withdrawn=True)) == [
        ("new", ("desk",)),
        ("retracted", ("desk",)),
    ]


def test_ignored_outlets_do_not_count_as_sources() -> None:
    lists = '[[watchlist]]\nname = "sure"\nminimum_independent = 2\nignore_outlets = ["B"]'

    assert told(lists, report(), report("b:1", outlet="B", speaker=KALIN)) == []


def test_without_a_file_everything_is_alerted() -> None:
    assert load(None) == ALL
    built = stage(Surroundings(Settings(), {"events.v1": 1}))
    assert built.new_state is not None
    (output,) = built.step(built.new_state(), publish([report()])[0], Received(0, 0, 0))
    assert (output.key, output.partition_by) == ("KGZ.deploy.SYR.2017-W25.new", "KGZ.deploy.SYR")
    assert output.record.watchlists == ("all",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "expected at least one [[watchlist]]"),
        ("[watchlist]\nname = 'x'", "expected at least one [[watchlist]]"),
        ("name = 'x'", "name: only [[watchlist]] is known here"),
        ("[[watchlist]]\ncountries = ['KGZ']", "watchlist 1: name: expected a text"),
        ("[[watchlist]]\nname = 'x'\ncountrys = ['KGZ']", "watchlist 'x': countrys: no such key; there are: name, countries"),
        ("[[watchlist]]\nname = 'x'\ncountries = ['KG']", "watchlist 'x': countries: 'KG' is no ISO 3166-1 alpha-3 code"),
        ("[[watchlist]]\nname = 'x'\ncountries = 'KGZ'", "watchlist 'x': countries: expected a list of texts, got 'KGZ'"),
        ("[[watchlist]]\nname = 'x'\nacts = ['invade']", "watchlist 'x': acts: 'invade' is none of send, withdraw"),
        ("[[watchlist]]\nname = 'x'\nminimum_independent = true", "watchlist 'x': minimum_independent: expected a whole number"),
        ("[[watchlist]]\nname = 'x'\nminimum_severity = 'high'", "watchlist 'x': minimum_severity: 'high' is none of low, normal"),
        ("[[watchlist]]\nname = 'x'\n[[watchlist]]\nname = 'x'", "watchlist 'x': name: used twice"),
        ("[[watchlist]\n", "lists.toml: "),
    ],
)  # fmt: skip
def test_a_wrong_file_names_file_watchlist_and_key(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "lists.toml"
    path.write_text(text)

    with pytest.raises(SettingError) as raised:
        load(path)
    assert str(raised.value).startswith(f"MUSTER_WATCHLISTS: {path}: ")
    assert message in str(raised.value)
