"""Watchlists: what a desk is told of, and what is wrong with a file in words that help."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from agents.alert.agent import stage, watched
from agents.alert.names import countries
from agents.alert.state import State
from agents.alert.step import step
from agents.alert.watchlists import parse
from streams import watched_file
from streams.dry_run import stages_for
from streams.metrics import Metrics
from streams.records import Alert, Report, Revision
from streams.settings import SettingError, Settings
from streams.stage import Received, Surroundings
from streams.stages import known_names
from streams.worker import look_at_files
from tests.news import DIPLOMAT, KALIN, place, publish, report, revision


def told(text: str, *records: Report | Revision) -> list[tuple[str, tuple[str, ...]]]:
    """The alerts that these watchlists want, with the names of the lists."""
    watchlists = parse(text, "lists.toml")
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
    built = stage(Surroundings(Settings(), {"events.v1": 1}))
    assert built.new_state is not None
    (output,) = built.step(built.new_state(), publish([report()])[0], Received(0, 0, 0))
    assert (output.key, output.partition_by) == ("KGZ.deploy.SYR.2017-W25.new", "KGZ.deploy.SYR")
    assert output.record.watchlists == ("all",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "expected at least one [[watchlist]]"),
        ("[watchlist]\nname = 'x'", "line 1: expected at least one [[watchlist]]"),
        ("\nname = 'x'", "line 2: name: only [[watchlist]] is known here"),
        ("[[watchlist]]\ncountries = ['KGZ']", "line 1: watchlist 1: name: expected a text"),
        ("[[watchlist]]\nname = 'a'\n\n[[watchlist]]\nacts = ['send']", "line 4: watchlist 2: name: expected a text"),
        ("[[watchlist]]\nname = 'x'\ncountrys = ['KGZ']", "line 3: watchlist 'x': countrys: no such key; there are: name, countries"),
        ("[[watchlist]]\nname = 'x'\ncountries = ['KG']", "line 3: watchlist 'x': countries: 'KG' is no ISO 3166-1 alpha-3 code"),
        ("[[watchlist]]\nname = 'x'\ncountries = [\n  'KGZ', # KG\n  'KG',\n]", "line 5: watchlist 'x': countries: 'KG' is no"),
        ("[[watchlist]]\nname = 'x'\ncountries = 'KGZ'", "line 3: watchlist 'x': countries: expected a list of texts, got 'KGZ'"),
        ("[[watchlist]]\nname = 'x'\nacts = ['invade']", "line 3: watchlist 'x': acts: 'invade' is none of send, withdraw"),
        ("[[watchlist]]\nname = 'x'\nminimum_independent = true", "line 3: watchlist 'x': minimum_independent: expected a whole number"),
        ("[[watchlist]]\nminimum_severity = 'high'\nname = 'x'", "line 2: watchlist 'x': minimum_severity: 'high' is none of low, normal"),
        ("[[watchlist]]\nname = 'x'\n[[watchlist]]\nname = 'x'", "line 4: watchlist 'x': name: used twice"),
        ("[[watchlist]]\nname = 'x'\n'acts' = [\n", "line 3: "),
        ("watchlist = [{name = 'x'},\n {name = 'y', acts = 5}]", "line 2: watchlist 'y': acts: expected a list of texts"),
        ("[[watchlist]]\nname = \"x\"\nforces = [\"\"\"\nacts = 5\"\"\"]\n# acts = 5\nacts = 5", "line 6: watchlist 'x': acts: expected"),
        ("[[watchlist]]\nname = 'x'\ncountries = ['KGX']", "line 3: watchlist 'x': countries: 'KGX' is no ISO 3166-1 alpha-3 code of a country; the nearest is "),
        ("[[watchlist]]\nname = 'x'\ncountries = ['France']", "line 3: watchlist 'x': countries: 'France' is no ISO 3166-1 alpha-3 code of a country; the nearest is 'FRA', France"),
        ("[[watchlist]]\nname = 'x'\nmovers = [\n'KGZ',\n'Kirgyzstan']", "line 5: watchlist 'x': movers: no article can name 'Kirgyzstan', which is no known mover; the nearest name is 'Kyrgyzstan'"),
        ("[[watchlist]]\nname = 'x'\nmovers = ['XQZ']", "line 3: watchlist 'x': movers: no article can name 'XQZ', which is no known mover"),
        ("[[watchlist]]\nname = 'x'\nplaces = ['Idlibb']", "line 3: watchlist 'x': places: no article can name 'Idlibb', which is no known place; the nearest name is 'Idlib'"),
        ("[[watchlist]]\nname = 'x'\nminimum_independent = 1000000", "line 3: watchlist 'x': minimum_independent: expected a whole number from 0 to 100, got 1000000"),
        ("[[watchlist]\n", "line 1: "),
        ("watchlist = " + "[" * 3_000 + "]" * 3_000, "brackets or keys lie too many levels inside each other"),
        ("[[watchlist]]\nname = 'x'\nacts." + "a." * 3_000 + "b = 1", "brackets or keys lie too many levels inside each other"),
        ("\ufeff[[watchlist]]\nname = 'x'\nacts = 5", "line 3: watchlist 'x': acts: expected a list of texts"),
        ("[[watchlist]]\nname = 'caf\udce9'", "line 2: not UTF-8 text"),
    ],
)  # fmt: skip
def test_a_wrong_file_names_file_line_watchlist_and_key(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "lists.toml"
    path.write_text(text, encoding="utf-8", errors="surrogateescape")

    with pytest.raises(SettingError) as raised:
        watched(path, known_names)
    assert str(raised.value).startswith(f"MUSTER_WATCHLISTS: {path}: {message}")


@pytest.mark.parametrize(
    ("key", "text", "name"),
    [
        ("movers", "Daesh", "islamic state"), ("movers", "kgz", "kgz"), ("movers", "the Americans", "united states"),
        ("movers", "US Marines", "u.s. marine corps"), ("movers", "UNSC", "un security council"),
        ("movers", "ECOWAS", "ecowas"), ("movers", "the Kremlin", "kremlin"), ("places", "SYR", "syr"),
        ("places", "Golan", "golan heights"), ("places", "the Golan Heights", "golan heights"), ("places", "Idlib", "idlib"),
    ],
)  # fmt: skip
def test_a_name_stands_for_what_records_call_it(key: str, text: str, name: str) -> None:
    (watchlist,) = parse(f'[[watchlist]]\nname = "x"\n{key} = ["{text}"]', "lists.toml", known_names())
    assert name in getattr(watchlist, key)


def test_the_names_of_the_stages_that_run_are_checked(tmp_path: Path) -> None:
    path = tmp_path / "lists.toml"
    path.write_text("[[watchlist]]\nname = 'x'\nplaces = ['Nowherestan']")
    with pytest.raises(SettingError, match="no known place"):
        stages_for(Settings(watchlists=path), ["alert"])


def test_every_country_by_code_and_name_is_a_mover_and_a_place() -> None:
    known = known_names()
    for code, name in countries().items():
        for key in ("movers", "places"):
            parse(f'[[watchlist]]\nname = "x"\n{key} = ["{code}", "{name}", "{name.removeprefix("the ")}"]', "x", known)


GOOD = "[[watchlist]]\nname = 'desk'\nkinds = ['contested']\n"


@pytest.mark.parametrize(
    ("change", "outcome", "said", "kinds_told"),
    [
        ("[[watchlist]]\nname = 'desk'\nkinds = ['new']\n", "taken", "is in force now", ["new"]),
        ("[[watchlist]]\nname = 'desk'\nkind = ['new']\n", "refused", "line 3: watchlist 'desk': kind: no such key", []),
        ("[[watchlist", "refused", "line 1: ", []),
        ("", "refused", "expected at least one [[watchlist]]", []),
        (None, "removed", "is gone", []),
    ],
)  # fmt: skip
def test_a_file_that_changes_is_taken_over_if_it_is_good_and_said_once(
    change: str | None, outcome: str, said: str, kinds_told: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "lists.toml"
    path.write_text(GOOD)
    built = stage(Surroundings(Settings(watchlists=path), {"events.v1": 1}))
    (file,) = built.watched
    assert file.look() is None
    if change is None:
        path.unlink()
    else:
        path.write_text(change)

    found = file.look()

    assert found is not None
    assert (found.outcome, said in found.message, str(path) in found.message) == (outcome, True, True)
    assert file.look() is None
    assert built.new_state is not None
    outputs = built.step(built.new_state(), publish([report()])[0], Received(0, 0, 0))
    assert [output.record.kind for output in outputs] == kinds_told
    path.write_text(GOOD + "# mended\n")
    mended = file.look()
    assert mended is not None
    assert mended.outcome == "taken"


def test_what_a_changed_list_wants_is_told_when_the_event_next_changes(tmp_path: Path) -> None:
    path = tmp_path / "lists.toml"
    path.write_text(GOOD)
    built = stage(Surroundings(Settings(watchlists=path), {"events.v1": 1}))
    assert built.new_state is not None
    state = built.new_state()
    first, second = publish([report(), report("b:1", outlet="B", speaker=DIPLOMAT, published="2017-06-22T17:20:00Z")])
    assert built.step(state, first, Received(0, 0, 0)) == []
    path.write_text("[[watchlist]]\nname = 'desk'\nkinds = ['new']\n")
    built.watched[0].look()

    assert [output.record.kind for output in built.step(state, second, Received(0, 1, 0))] == ["new"]


def test_a_file_that_is_being_written_is_left_for_the_next_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "lists.toml"
    path.write_text(GOOD)
    file = watched(path)
    path.write_text("")
    monkeypatch.setattr(watched_file.time, "sleep", lambda _: path.write_text(GOOD + "# written\n"))

    assert file.look() is None
    change = file.look()
    assert change is not None
    assert change.outcome == "taken"


def test_a_worker_logs_and_counts_each_change_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "lists.toml"
    path.write_text(GOOD)
    built, metrics = stage(Surroundings(Settings(watchlists=path), {"events.v1": 1})), Metrics()
    path.write_text("[[watchlist]]\n")
    with caplog.at_level("INFO", "muster.alert"):
        for _ in range(3):
            asyncio.run(look_at_files([built], metrics))

    assert [r.levelname for r in caplog.records] == ["ERROR"]
    assert "line 1: watchlist 1: name" in caplog.text
    assert metrics.value("muster_watched_file_changes_total", stage="alert", outcome="refused") == 1


def test_a_file_that_cannot_be_used_shows_as_long_as_that_lasts(tmp_path: Path) -> None:
    path = tmp_path / "lists.toml"
    path.write_text(GOOD)
    built, metrics = stage(Surroundings(Settings(watchlists=path), {"events.v1": 1})), Metrics()

    def shown(looks: int = 3) -> list[float]:
        values = []
        for _ in range(looks):
            asyncio.run(look_at_files([built], metrics))
            values.append(metrics.value("muster_watched_file_refused", stage="alert"))
        return values

    assert shown() == [0, 0, 0]
    path.write_text("[[watchlist]]\n")
    assert shown() == [1, 1, 1]
    path.unlink()
    assert shown() == [1, 1, 1]
    path.write_text(GOOD)
    assert shown() == [0, 0, 0]
