"""One speaker is known again under another description, within an article by what it refers back to."""

from __future__ import annotations

import pytest

from streams.records import Speaker
from wirecopy.speakers import best_known, identity_of, is_same, voices

TORA = Speaker(text="Defence Minister Josaia Tora", name="Josaia Tora", role="Defence Minister")
ITS_MINISTER = Speaker(text="its defence minister", role="its defence minister", country="MLI")
UN_SPOKESMAN = Speaker(
    text="a spokesman for the United Nations mission", role="spokesman United Nations mission", anonymous=True
)
MBARGA = Speaker(text="The spokesman, Jean-Claude Mbarga", role="The spokesman, Jean-Claude Mbarga", country="NOR")
SURNAME = Speaker(text="Mbarga", role="Mbarga")
STATEMENT = Speaker(text="The statement", role="The statement")
SLOVENIAN = Speaker(text="the Slovenian Defence Ministry", role="the Slovenian Defence Ministry", country="SVN")
MINISTRY = Speaker(text="the ministry", role="ministry")
LAVROV = Speaker(text="Sergei Lavrov", name="Sergei Lavrov", role="foreign minister", country="RUS")
SHOIGU = Speaker(text="Sergei Shoigu", name="Sergei Shoigu", role="defence minister", country="RUS")
MINISTER = Speaker(text="the minister", role="minister")
DIPLOMAT = Speaker(text="a Western diplomat", role="diplomat", anonymous=True)
OFFICIAL = Speaker(text="an official", role="official", anonymous=True)


@pytest.mark.parametrize(
    ("heard", "count"),
    [
        ((ITS_MINISTER, TORA), 1),
        ((UN_SPOKESMAN, MBARGA, SURNAME), 1),
        ((STATEMENT, SLOVENIAN, MINISTRY), 1),
        ((SLOVENIAN, Speaker(text="a ministry statement", role="statement")), 1),
        ((DIPLOMAT, Speaker(text="the diplomat", role="diplomat", anonymous=True)), 1),
        ((LAVROV, SHOIGU), 2),
        ((LAVROV, SHOIGU, MINISTER), 2),
        ((DIPLOMAT, OFFICIAL), 2),
        ((SLOVENIAN, Speaker(text="the Defence Ministry", role="ministry", country="NOR")), 2),
        ((STATEMENT,), 1),
        ((SLOVENIAN, DIPLOMAT), 2),
    ],
)
def test_speakers_of_one_article(heard: tuple[Speaker, ...], count: int) -> None:
    for order in (heard, heard[::-1]):
        assert len(set(voices([("a", speaker) for speaker in order]))) == count


def test_a_description_refers_to_whoever_spoke_last_and_only_in_its_own_article() -> None:
    assert voices([("a", LAVROV), ("a", SHOIGU), ("a", MINISTER), ("b", MINISTRY)]) == [0, 1, 1, 3]
    assert voices([("a", SLOVENIAN), ("b", MINISTRY), ("b", STATEMENT)]) == [0, 1, 1]


def test_a_speaker_is_best_known_by_name_then_by_the_fuller_words() -> None:
    assert best_known([ITS_MINISTER, TORA]) == TORA
    assert best_known([Speaker(text="Tora", name="Tora"), TORA]) == TORA
    assert best_known([STATEMENT, MINISTRY, SLOVENIAN]) == SLOVENIAN


def described(text: str, country: str | None = None) -> Speaker:
    return Speaker(text=text, role=text, country=country)


@pytest.mark.parametrize(
    "text",
    ["a bus driver", "an opposition lawmaker", "A retired general", "a human rights activist", "two local journalists",
     "47 farmers", "local journalists", "Kenyan lawmakers", "local people", "farmers near the border", "several tribal elders"],
)  # fmt: skip
@pytest.mark.parametrize("country", [None, "KEN"])
def test_nobody_in_particular_is_known_again_in_the_same_article_only(text: str, country: str | None) -> None:
    speaker = described(text, country)
    assert identity_of(speaker) is None
    assert voices([("a", speaker), ("a", speaker), ("b", speaker)]) == [0, 0, 2]


@pytest.mark.parametrize(
    ("text", "country", "known"),
    [
        ("the mayor", None, False),
        ("the mayor", "KEN", True),
        ("the mayor of Goma", None, True),
        ("police", None, False),
        ("the president", None, True),
        ("the army", None, True),
        ("the defence minister", None, True),
        ("Sudanese armed forces", "SDN", True),
        ("the head of the farmers' union", None, True),
        ("a Kenyan army spokeswoman", "KEN", True),
        ("a statement by the Foreign Ministry", None, True),
    ],
)
def test_an_office_is_known_again_in_another_article(text: str, country: str | None, known: bool) -> None:
    speaker = described(text, country)
    identity = identity_of(speaker)
    assert identity is not None
    assert is_same(identity, identity) is known
    assert voices([("a", speaker), ("a", speaker), ("b", speaker)]) == [0, 0, 0 if known else 2]
