"""Citing phrases: whose report a text says that it has."""

from __future__ import annotations

import pytest

from wirecopy.citing import KEPT, cited_in, house_key, passed_on_in


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The plan is ready, an officer told Reuters on Monday.", "Reuters"),
        ("The plan is ready, The Moscow Times reported.", "The Moscow Times"),
        ("According to the Russian newspaper Kommersant, the plan is ready.", "Kommersant"),
        ("The plan is ready, the minister said in an interview with Russia's Interfax news agency.", "Interfax"),
        ("The plan is ready, the state news agency SANA has reported.", "SANA"),
        ("The plan is ready, officials said, citing Voice of America.", "Voice of America"),
        ("The minister, quoted by AFP, said that the plan was ready.", "AFP"),
        ("A Reuters report said that the plan was ready.", "Reuters"),
        ("He spoke to reporters from the Meridian Post after the meeting.", "Meridian Post"),
        ("“It is ready,” he told the Highland Gazette Tuesday.", "Highland Gazette"),
        ("Fifteen of 17 economists polled by Reuters had expected it.", "Reuters"),
        ("AFP could not establish where it was filmed.", "AFP"),
        ("The officer told Reuters and AFP that the plan was ready.", "AFP"),
        ("An officer told RFE/RL’s Kyrgyz Service that it was ready.", "RFE/RL"),
        ("An officer told Jane's Defence Weekly that it was ready.", "Jane's Defence Weekly"),
    ],
)
def test_a_house_in_a_citing_phrase_is_found_by_its_words_in_a_row(text: str, name: str) -> None:
    assert house_key(name) in cited_in(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Reuters Plaza in the old town was closed for the parade.", "Reuters"),
        ("He left Moscow on Monday. Times are hard, a soldier told his mother.", "The Moscow Times"),
        ("In Moscow, an officer said, these are other Times.", "The Moscow Times"),
        ("Shells fell beside the office of the Meridian Post.", "Meridian Post"),
        ("The officer left. Reuters, the shop on the corner, was closed, a witness said.", "Reuters"),
    ],
)
def test_a_house_that_is_named_for_something_else_is_not(text: str, name: str) -> None:
    assert house_key(name) not in cited_in(text)


def test_of_many_names_the_first_are_kept() -> None:
    text = " ".join(f"An officer told Paper{number} so." for number in range(40))
    assert cited_in(text) == tuple(f"paper{number}" for number in range(KEPT))


@pytest.mark.parametrize(
    "sentence",
    [
        "Chile has sent 70 soldiers to Haiti, according to a Reuters report.",
        "Chile has sent 70 soldiers to Haiti, as first reported by Reuters.",
        "Chile has sent 70 soldiers to Haiti, per Reuters.",
        "Chile has sent 70 soldiers to Haiti (Reuters).",
        "Chile has sent 70 soldiers to Haiti, a Reuters dispatch said.",
        "A Reuters report says Chile has sent 70 soldiers to Haiti.",
        "Citing Reuters, the radio said Chile had sent 70 soldiers to Haiti.",
        "Reuters: Chile has sent 70 soldiers to Haiti.",
        "Chile has sent 70 soldiers to Haiti, it was reported by Reuters.",
        "Chile has sent 70 soldiers to Haiti, in news first carried by the news agency Reuters.",
        "Chile has sent 70 soldiers to Haiti, the Reuters correspondent in Kigali wrote.",
        "Chile has sent 70 soldiers to Haiti, a Reuters reporter saw.",
        "Chile has sent 70 soldiers to Haiti, a Reuters dispatch from Kigali said.",
    ],
)
def test_a_sentence_passes_on_what_a_house_reports(sentence: str) -> None:
    assert "Reuters" in passed_on_in(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "The ministry confirmed a Reuters report that Chile has sent 70 soldiers to Haiti.",
        "The ministry denied what Reuters had told its readers.",
        "Chile has sent 70 soldiers to Haiti, where an AP and Reuters office was shelled.",
        "Chile has sent 70 soldiers (seen by Reuters on Monday) to Haiti.",
        "The soldiers freed a Reuters reporter, the ministry said.",
    ],
)
def test_a_house_that_is_only_spoken_of_has_not_told_the_sentence(sentence: str) -> None:
    assert "Reuters" not in passed_on_in(sentence)
