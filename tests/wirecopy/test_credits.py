"""Credits: who an article says that it leans on, and what is only prose."""

from __future__ import annotations

import pytest

from wirecopy.credits import (
    byline_credits,
    credit_line_of,
    dateline_credit,
    dateline_of,
    given_credits,
    trailing_credit,
)


@pytest.mark.parametrize(
    ("paragraph", "place", "agency"),
    [
        ("MOSCOW (Reuters) - Russia has asked two neighbours for troops.", "MOSCOW", "reuters"),
        ("SEOUL, Oct. 24 (MNA) – South Korea's intelligence service said", "SEOUL", "mehr"),
        ("ANKARA, Turkey (AP) — Turkey's parliament refused", "ANKARA", "associated-press"),
        ("PORT ELLERY, Norvia (AP) _ Two battalions will be moved", "PORT ELLERY", "associated-press"),
        ("AL-TANF, Syria, June 22 (Reuters) - Rebels said", "AL-TANF", "reuters"),
        ("MOSCOW. June 22 (Interfax) - The head of the committee", "MOSCOW", "interfax"),
        ("MOSCOW, June 22. /TASS/. Russian servicemen", "MOSCOW", "tass"),
        ("Bishkek (AKIpress) – The ministry", "Bishkek", "akipress"),
        ("TASS, June 22. The head of the committee", None, "tass"),
        ("(Reuters) - Two diplomats said", None, "reuters"),
        ("June 22 (UPI) -- The Pentagon said", None, "upi"),
        ("GOMA, Congo, Oct 6 (GLD) - The last battalion", "GOMA", "gld"),
        ("QUITO, Jan 29 - Ecuador has ordered", "QUITO", None),
        ("ACCRA — West Africa's regional bloc", "ACCRA", None),
        ("ZAMBOANGA CITY, Philippines - Nineteen soldiers", "ZAMBOANGA CITY", None),
    ],
)
def test_a_dateline_gives_its_place_and_agency(paragraph: str, place: str | None, agency: str | None) -> None:
    dateline = dateline_of(paragraph)
    assert dateline is not None
    assert dateline.place == place
    credit = dateline_credit(dateline, paragraph)
    assert (credit.agency if credit else None) == agency
    assert paragraph[dateline.length :][:1].isupper()


@pytest.mark.parametrize(
    "paragraph",
    [
        "NATO - the alliance that he calls obsolete - sent ships.",
        "President Obama (Democrat) - then in his first term - refused.",
        "The Foreign Ministry - it has been silent so far - will answer.",
        "Kalin (AP) said nothing.",
        "UPDATE - the ministry now says that it was a drill.",
    ],
)
def test_prose_with_a_dash_is_no_dateline(paragraph: str) -> None:
    assert dateline_of(paragraph) is None


@pytest.mark.parametrize(
    ("line", "agencies"),
    [
        (
            "With reporting by RIA Novosti, AP, Hurriyet, and The Daily Sabah",
            ["ria-novosti", "associated-press", "hurriyet.com.tr", "dailysabah.com"],
        ),
        ("Based on reporting by AP, Reuters, and AFP", ["associated-press", "reuters", "afp"]),
        ("Additional reporting by Radio Delmas and El Faro de Santiago", ["radio-delmas", "el-faro-de-santiago"]),
        ("With reporting by Interfax and Al-Wasat.", ["interfax", "al-wasat"]),
        ("With inputs from PTI", ["pti"]),
        ("Source: TASS", ["tass"]),
        ("- AFP", ["afp"]),
        ("(AP)", ["associated-press"]),
        ("Copyright 2017 The Associated Press", ["associated-press"]),
        (
            "Copyright 2017 The Associated Press. All rights reserved. This material may not be published.",
            ["associated-press"],
        ),
        ("© 2017 AFP", ["afp"]),
        ("The Associated Press contributed to this report.", ["associated-press"]),
        ("Associated Press writer John Smith contributed to this report from Ankara.", ["associated-press"]),
        ("(Reporting by Olga Petrova in Moscow; Editing by Jane Doe)", []),
    ],
)
def test_a_credit_line_names_its_agencies(line: str, agencies: list[str]) -> None:
    found = credit_line_of(line)
    assert found is not None
    assert [credit.agency for credit in found.credits] == agencies


@pytest.mark.parametrize(
    "line",
    [
        "He told Reuters that the troops had left.",
        "- We will go, he said.",
        "Source: people who were there and would not give their names",
        "Reporting from the front has become impossible, the union said.",
        "With reporting restrictions in place, little was known on Monday.",
        "The agency contributed 200 vehicles to the mission, which began in May.",
    ],
)
def test_prose_is_no_credit_line(line: str) -> None:
    assert credit_line_of(line) is None


def test_a_credit_at_the_end_of_the_last_paragraph_is_found_and_cut_off() -> None:
    prose = "The troops left at noon."
    for ending, agencies in (
        (" - AFP", ["afp"]),
        (" (AP)", ["associated-press"]),
        (" – AFP/Reuters", ["afp", "reuters"]),
    ):
        credits, end = trailing_credit(prose + ending)
        assert [credit.agency for credit in credits] == agencies
        assert (prose + ending)[:end] == prose


@pytest.mark.parametrize("paragraph", ["It asked the alliance (NATO)", "He spoke to Reuters.", "It fell - Moscow"])
def test_an_ending_that_is_part_of_the_sentence_is_no_credit(paragraph: str) -> None:
    assert trailing_credit(paragraph) == ((), len(paragraph))


@pytest.mark.parametrize(
    ("byline", "agencies"),
    [
        ("By Vladimir Isachenkov, Associated Press", ["associated-press"]),
        ("Reuters Staff", ["reuters"]),
        ("By ANDREW KRAMER | The New York Times", ["nytimes.com"]),
        ("By AFP in Moscow", ["afp"]),
        ("Associated Press Writer Joe Doe", ["associated-press"]),
        ("By John Smith and Jane Doe", []),
    ],
)
def test_a_byline_names_its_agency(byline: str, agencies: list[str]) -> None:
    assert [credit.agency for credit in byline_credits(byline)] == agencies


def test_given_credits_are_taken_whatever_their_name() -> None:
    credits = given_credits(["Reuters", "RIA Novosti, AP", "Suara Dili", " "])
    assert [credit.agency for credit in credits] == ["reuters", "ria-novosti", "associated-press", "suara-dili"]
    assert {credit.where for credit in credits} == {"given"}
