"""Segmentation: offsets, abbreviations, quotations, headlines, datelines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.enrich.language.sentences import LONGEST, is_caption, split


def texts(text: str) -> list[str]:
    return [s.text for s in split(text)]


def test_a_full_stop_of_an_abbreviation_ends_no_sentence() -> None:
    assert texts("U.S. troops left. Gen. Smith said so on Jan. 5 in St. Louis. He flew home.") == [
        "U.S. troops left.",
        "Gen. Smith said so on Jan. 5 in St. Louis.",
        "He flew home.",
    ]


def test_a_quotation_of_two_sentences_is_two_sentences() -> None:
    assert texts('"They will come," he said. "They may come in the winter." Then he left.') == [
        '"They will come," he said.',
        '"They may come in the winter."',
        "Then he left.",
    ]


def test_a_headline_is_a_sentence_of_its_own_and_known_as_one() -> None:
    headline, lede = split("Kenya sends troops to Haiti\n\nKenya sent 400 policemen to Haiti on Tuesday.")
    assert headline.headline
    assert not lede.headline
    assert headline.paragraph != lede.paragraph


def test_a_dateline_is_no_part_of_the_sentence() -> None:
    text = "NAIROBI, Kenya, Oct 6 (GLD) - The last battalion left on Saturday."
    (sentence,) = split(text)
    assert sentence.text == "The last battalion left on Saturday."
    assert sentence.dateline == "NAIROBI, Kenya, Oct 6 (GLD)"


def test_a_wrapped_line_runs_on_and_a_short_line_does_not() -> None:
    wrapped = "The government in the capital said on Tuesday that the soldiers had\nleft the country."
    assert len(split(wrapped)) == 1
    assert len(split("Breaking News\nTroops left the country.")) == 2


def test_tokenised_text_is_cut_at_its_full_stops() -> None:
    assert texts("NIGER WILL SEND TROOPS THIS WEEK . IT SAID SO TUESDAY .") == [
        "NIGER WILL SEND TROOPS THIS WEEK .",
        "IT SAID SO TUESDAY .",
    ]


@given(st.text(max_size=400))
def test_offsets_point_at_the_words_of_every_sentence(text: str) -> None:
    end = 0
    for sentence in split(text):
        assert text[sentence.start : sentence.end] == sentence.text
        assert sentence.start >= end
        assert len(sentence.text) <= LONGEST
        end = sentence.end


@pytest.mark.parametrize(
    ("text", "captions"),
    [
        ("FILE - In this Jan. 3, 2010, file photo, Kenyan troops arrive in Somalia.", [True]),
        ("FILE – Ugandan troops arrive in South Sudan, Jan. 3, 2014. Uganda has left since.", [True, False]),
        ("FILE PHOTO: Kenyan troops arrive in Somalia.", [True]),
        ("(FILE) Kenyan troops arrive in Somalia.", [True]),
        ("Kenyan troops arrive in Somalia in this March 2010 file photo.", [True]),
        ("KAMPALA - Ugandan troops arrived in South Sudan.", [False]),
        ("File the report by noon, the troops were told.", [False]),
    ],
)
def test_a_caption_that_is_marked_is_known(text: str, captions: list[bool]) -> None:
    assert [is_caption(sentence) for sentence in split(text)] == captions
