"""`muster explain-event`: finding the event, and what the tree says."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from streams.commands.explain_event import find, related, tree
from streams.commands.failures import BAD_INPUT, Failure
from streams.kafka_options import kafka_python_options
from streams.records import Event, encode
from streams.settings import Settings
from tests.news import DIPLOMAT, KYRGYZ_MINISTRY, WIRE, corroborate, publish, report, revision

CHECKOUT = Path(__file__).resolve().parents[2]


def shown(event: Event, relatives: tuple[str, ...] = ()) -> str:
    console = Console(width=200, file=io.StringIO())
    with console.capture() as capture:
        console.print(tree(event, relatives))
    return capture.get()


def events_of(*records: object) -> list[Event]:
    return list(corroborate(*records).values())  # type: ignore[arg-type]


def test_the_tree_tells_each_source_and_why_it_is_one() -> None:
    (event,) = events_of(
        report("rferl:1", text=WIRE, credits=("ria-novosti",)),
        report("osh:1", outlet="Osh Evening Post", text=WIRE, published="2017-06-22T16:00:00Z"),
        report("meridian:1", outlet="The Meridian Post", speaker=DIPLOMAT, published="2017-06-22T17:20:00Z"),
        report(
            "b:1", outlet="Steppe Courier", stance="denies", speaker=KYRGYZ_MINISTRY, published="2017-06-23T05:45:00Z"
        ),
        revision("meridian:1", withdrawn=True),
    )
    text = shown(event)

    assert "1 independent source · 4 reports · 4 outlets" in text
    assert "one source because: 100% of the text at Osh Evening Post stands in the text at RFE/RL" in text
    assert "one source because: RFE/RL and Osh Evening Post carry what Vladimir Shamanov says" in text
    assert "credits RIA Novosti" in text
    assert text.index("sources that were corrected or withdrawn") < text.index("The Meridian Post")
    assert text.index("denials") < text.index("Steppe Courier")
    assert "“Russia has asked Kyrgyzstan to send troops to Syria.”" in text


def test_a_sentence_that_copies_repeat_is_told_once_with_their_outlets() -> None:
    outlets = [f"Outlet {letter}" for letter in "ABCDEFG"]
    (event,) = events_of(
        *(report(f"{o}:1", outlet=o, text=WIRE, published=f"2017-06-22T1{n}:00:00Z") for n, o in enumerate(outlets))
    )
    text = shown(event)
    assert text.count("“Russia has asked Kyrgyzstan to send troops to Syria.”") == 1
    assert "Outlet A, Outlet B, Outlet C, Outlet D, Outlet E and 2 more: requested" in text


def test_an_event_is_found_by_id_by_a_part_of_it_and_by_an_id_that_was_merged_into_it() -> None:
    events = events_of(report("a:1"), report("b:1", published="2017-06-26T12:00:00Z"), report("c:1", mover="KAZ"))

    for wanted in ("KGZ.deploy.SYR.2017-W25", "kgz", "KGZ.deploy.SYR.2017-W26"):
        assert find(events, wanted).id == "KGZ.deploy.SYR.2017-W25"


@pytest.mark.parametrize(("wanted", "message"), [("SYR", "2 events have 'SYR' in their id"), ("MLI", "no event 'MLI'")])
def test_an_event_that_is_not_there_or_not_the_only_one_is_a_clear_error(wanted: str, message: str) -> None:
    with pytest.raises(Failure, match=message) as raised:
        find(events_of(report(), report(mover="KAZ")), wanted)

    assert "KAZ.deploy.SYR.2017-W25" in raised.value.message


def test_an_event_whose_place_is_unknown_is_related_to_those_of_the_same_troops_at_the_same_time() -> None:
    events = events_of(
        report("a:1"),
        report("b:1", outlet="B", published="2017-06-23T12:00:00Z"),
        report("c:1", to=None, published="2017-06-22T20:00:00Z"),
        report("d:1", to=None, mover="KAZ", published="2017-06-22T20:00:00Z"),
        report("e:1", to="IRQ", published="2017-06-22T20:00:00Z"),
    )
    event = find(events, "KGZ.deploy.SYR")

    assert related(events, event) == ["KGZ.deploy.unknown.2017-W25"]
    assert "perhaps the same, the destination not named: KGZ.deploy.unknown.2017-W25" in shown(
        event, ("KGZ.deploy.unknown.2017-W25",)
    )


def muster(settings: Settings, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MUSTER_")}
    return subprocess.run(
        [sys.executable, "-m", "streams.commands.main", "explain-event", *arguments],
        capture_output=True,
        text=True,
        env={**environment, **settings.to_environment()},
        cwd=CHECKOUT,
        check=False,
    )


@pytest.mark.broker
def test_the_event_is_read_from_the_broker_in_its_highest_version(kafka_settings: Settings) -> None:
    from kafka import KafkaProducer

    producer = KafkaProducer(**kafka_python_options(kafka_settings))
    second = report("meridian:1", outlet="The Meridian Post", speaker=DIPLOMAT, published="2017-06-22T17:20:00Z")
    for event in publish([report(), second]):
        producer.send(kafka_settings.topic_prefix + "events.v1", key=event.id.encode(), value=encode(event))
    producer.flush(30)
    producer.close()

    result = muster(kafka_settings, "KGZ.deploy.SYR.2017-W25")
    assert (result.returncode, result.stderr) == (0, "")
    assert "2 independent sources" in result.stdout
    assert muster(kafka_settings, "--json", "KGZ").stdout.encode() == encode(event) + b"\n"
    missing = muster(kafka_settings, "FRA")
    assert missing.returncode == BAD_INPUT
    assert missing.stderr == "muster: no event 'FRA'; there are: KGZ.deploy.SYR.2017-W25\n"
