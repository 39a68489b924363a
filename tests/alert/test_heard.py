"""Who says that troops go, who denies it and who refuses it: nobody is told on the wrong side, and no denial is lost."""

from __future__ import annotations

from typing import Any

import pytest

from agents.alert.headline import Telling, telling
from streams.records import Report, Speaker
from tests.news import KALIN, KYRGYZ_MINISTRY, publish, report

LATER = "2017-06-24T09:00:00Z"
MINISTER = Speaker(
    text="Foreign Minister Erlan Abdyldaev", name="Erlan Abdyldaev", role="Foreign Minister", country="KGZ"
)
STATE = Speaker(text="Bishkek", role="Bishkek", organisation="government of Kyrgyzstan", country="KGZ")


def told(*reports: Report) -> Telling:
    return telling(publish(reports)[-1])


def against(speaker: Speaker | None, article: str = "b:1", **more: Any) -> Report:
    return report(article, outlet=article[0].upper(), speaker=speaker, published=LATER, **{"agents": (), **more})


@pytest.mark.parametrize(
    ("refusal", "who"),
    [
        (against(KYRGYZ_MINISTRY, status="refused"), [("a spokesman of the Kyrgyz Foreign Ministry", "refused")]),
        (against(MINISTER, status="suspended", agents=("KGZ",)), [("Erlan Abdyldaev", "suspended")]),
        (against(KALIN, status="opposed", agents=("SYR",)), [("Syria", "opposed")]),
        (against(None, status="opposed"), [("somebody who is not named", "opposed")]),
    ],
)
def test_who_refuses_or_opposes_is_not_one_of_those_who_say_so(refusal: Report, who: list[tuple[str, str]]) -> None:
    # The plan is newer than the refusal, so that the event stands.
    plan = report("p:1", outlet="P", speaker=KALIN, status="decided", agents=(), published="2017-06-25T09:00:00Z")

    event = told(report(), refusal, plan)

    assert event.speakers == ("Vladimir Shamanov", "Ibrahim Kalin")
    assert [(one.name, one.how) for one in event.against] == who


def test_where_the_deed_is_the_refusal_those_who_refuse_say_so() -> None:
    event = told(report(), against(MINISTER, status="refused", agents=("KGZ",)))

    assert event.deed == "Kyrgyzstan refuses to send troops to Syria"
    assert (event.speakers, event.against) == (("Erlan Abdyldaev",), ())


def test_who_says_so_is_told_source_by_source() -> None:
    """One who denies it is none of them, nor is an outlet that quotes nobody put in the shade by one that does."""
    event = told(
        report(),
        report("r:1", outlet="Relay", published=LATER),
        against(KALIN),
        against(None, "n:1", says="Troops may go to Syria."),
        report("x:1", outlet="X", speaker=KYRGYZ_MINISTRY, stance="denies", published=LATER),
    )

    assert [(one.speakers, one.outlet, one.more_outlets) for one in event.told_by] == [
        (("Vladimir Shamanov",), "RFE/RL", 1),
        (("Ibrahim Kalin",), "B", 0),
        ((), "N", 0),
    ]


@pytest.mark.parametrize(
    ("denials", "who"),
    [
        ([against(MINISTER, stance="denies"), against(STATE, stance="denies", says="Bishkek has denied it.")], ("Erlan Abdyldaev",)),
        ([against(STATE, stance="denies", says="Bishkek has denied it."), against(MINISTER, stance="denies")], ("Erlan Abdyldaev",)),
        ([against(MINISTER, stance="denies"), against(KALIN, stance="denies", says="No, said Kalin.")], ("Erlan Abdyldaev", "Ibrahim Kalin")),
        ([against(STATE, stance="denies")], ("Bishkek",)),
        ([against(MINISTER, stance="denies"), against(STATE, "c:1", stance="denies")], ("Erlan Abdyldaev", "Bishkek")),
        ([against(MINISTER), against(STATE, stance="denies", says="Bishkek has denied it.")], ("Bishkek",)),
        ([against(MINISTER, stance="denies"), against(MINISTER, status="refused", says="We refuse.")], ("Erlan Abdyldaev",)),
    ],
    ids=["minister first", "state first", "two states", "state alone", "two articles", "the minister claims it", "denies and refuses"],
)  # fmt: skip
def test_a_denial_is_told_once_by_the_person_and_none_is_lost(denials: list[Report], who: tuple[str, ...]) -> None:
    event = told(report(), *denials)

    assert set(event.denied_by) == set(who)
    assert event.against == ()
