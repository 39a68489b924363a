"""What a soak compares, and what it does when: both without a broker."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest

from bench.soak.comparing import READ, Ending, differences, early, ending
from bench.soak.faults import disordered
from bench.soak.plan import KINDS, Fault, rounds, schedule
from bench.soak.running import made_articles
from streams.dry_run import Message, run, stages_for
from streams.settings import Settings

PARTITIONS = 2
Messages = dict[str, list[Message]]


@pytest.fixture(scope="module")
def messages() -> Messages:
    clock = int(time.time() * 1000)
    published = run(
        stages_for(Settings(), partitions=PARTITIONS), made_articles(60), partitions=PARTITIONS, timestamp_ms=clock
    )
    return {name: published.messages[name] for name in READ}


def _ending(messages: Messages) -> Ending:
    return ending(messages, Settings(), partitions=PARTITIONS)


@pytest.fixture(scope="module")
def wanted(messages: Messages) -> Ending:
    return _ending(messages)


def test_a_run_ends_as_itself_and_alerts_that_are_told_twice_change_nothing(messages: Messages, wanted: Ending) -> None:
    twice = {**messages, "alerts.v1": messages["alerts.v1"] * 2}

    found = _ending(twice)

    assert wanted.due == wanted.alerts != frozenset()
    assert wanted.faults == found.faults == ()
    assert differences(found, wanted, "first") == early(found, wanted) == []
    assert found.repeated == len(messages["alerts.v1"])


def test_an_alert_that_only_the_order_of_arrival_made_due_is_shown_and_is_no_difference() -> None:
    articles = [article for article in made_articles(300) if b"Mozambique" in article]
    clock = int(time.time() * 1000)

    in_order, reversed_ = (
        _ending(run(stages_for(Settings()), given, partitions=1, timestamp_ms=clock).messages)
        for given in (articles, articles[::-1])
    )

    assert reversed_.faults == in_order.faults == ()
    assert differences(reversed_, in_order, "undisturbed run") == []
    assert set(early(reversed_, in_order)) == reversed_.alerts - in_order.alerts != set()


def _without_the_first_event(messages: Messages) -> Messages:
    key = messages["events.v1"][0].key
    return {**messages, "events.v1": [m for m in messages["events.v1"] if m.key != key]}


def _with_another_byte(messages: Messages) -> Messages:
    *rest, last = messages["events.v1"]
    changed = json.dumps(json.loads(last.value or b"")).encode()  # the same fields, and spaces between them
    return {**messages, "events.v1": [*rest, replace(last, value=changed)]}


def _without_an_alert(messages: Messages) -> Messages:
    return {**messages, "alerts.v1": messages["alerts.v1"][1:]}


def _with_an_alert_of_nothing(messages: Messages) -> Messages:
    made_up = replace(messages["alerts.v1"][0], key="NOR.deploy.FIN.2026-W01.new")
    return {**messages, "alerts.v1": [*messages["alerts.v1"], made_up]}


def _without_a_story(messages: Messages) -> Messages:
    return {**messages, "stories.v1": messages["stories.v1"][1:]}


@pytest.mark.parametrize(
    ("spoilt", "topic"),
    [
        (_without_the_first_event, "events.v1"),
        (_with_another_byte, "events.v1"),
        (_without_an_alert, "alerts.v1"),
        (_with_an_alert_of_nothing, "alerts.v1"),
        (_without_a_story, "stories.v1"),
    ],
)
def test_what_is_lost_made_up_or_written_otherwise_is_told(
    spoilt: Callable[[Messages], Messages], topic: str, messages: Messages, wanted: Ending
) -> None:
    found = _ending(spoilt(messages))

    told = [*found.faults, *differences(found, wanted, "dry run")]
    assert any(line.startswith(topic) for line in told), told


def test_the_schedule_is_the_seeds_and_fifty_faults_have_every_kind() -> None:
    made = schedule(1, 50, session_seconds=6)

    assert made == schedule(1, 50, session_seconds=6) != schedule(2, 50, session_seconds=6)
    assert made[:10] == schedule(1, 10, session_seconds=6)
    assert min(Counter(fault.kind for fault in made)[kind] for kind in KINDS) >= 4
    assert all(fault.seconds > 6 for fault in made if fault.kind == "worker-frozen")
    assert [fault for group in rounds(made, 7) for fault in group] == made


@pytest.mark.parametrize("variant", [0, 1])
def test_disordered_input_holds_every_article(variant: int) -> None:
    articles, before = [b"%d" % n for n in range(20)], [b"before %d" % n for n in range(9)]
    given = disordered(Fault(kind="input-disordered", moment=0.5, variant=variant, seed=5), articles, before)

    assert set(articles) <= set(given) <= {*articles, *before}
    assert len(given) == (40 if variant == 0 else 23)
    assert given != sorted(given, key=[*articles, *before].index)
