"""Credits: who an article says that it leans on, and what is only prose."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wirecopy.credit_forms import first_words, form_of
from wirecopy.credits import (
    byline_credits,
    credit_line_of,
    dateline_credits,
    dateline_of,
    given_credits,
    is_byline,
)
from wirecopy.endings import signature_of, trailing_credit
from wirecopy.loading import rows


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
        ("Nairobi, Jun 22 (PTI) Kenya will send", "Nairobi", "pti"),
        ("Nairobi [Kenya], June 22 (ANI): Kenya will send", "Nairobi", "ani"),
        ("Tehran, June 22, IRNA – Kenya will send", "Tehran", "irna"),
        ("BAGHDAD / INA - Kenya will send", "BAGHDAD", "ina"),
        ("Reuters - Kenya will send", None, "reuters"),
        ("June 22 (UPI) -- The Pentagon said", None, "upi"),
        ("GOMA, Congo, Oct 6 (GLD) - The last battalion", "GOMA", None),
        ("QUITO, Jan 29 - Ecuador has ordered", "QUITO", None),
        ("ACCRA — West Africa's regional bloc", "ACCRA", None),
        ("ZAMBOANGA CITY, Philippines - Nineteen soldiers", "ZAMBOANGA CITY", None),
    ],
)
def test_a_dateline_gives_its_place_and_agency(paragraph: str, place: str | None, agency: str | None) -> None:
    dateline = dateline_of(paragraph)
    assert dateline is not None
    assert dateline.place == place
    assert [credit.agency for credit in dateline_credits(dateline, paragraph)] == ([agency] if agency else [])
    assert paragraph[dateline.length :][:1].isupper()


@pytest.mark.parametrize(
    ("paragraph", "place", "agencies"),
    [
        ("MOSCOW (AP/Reuters) - Russia said", "MOSCOW", ["associated-press", "reuters"]),
        ("ANKARA (A.P.) - Turkey said", "ANKARA", ["associated-press"]),
        ("ANKARA (AA) – Turkey said", "ANKARA", ["anadolu"]),
        ("(AFP-JIJI) - Japan said", None, ["afp", "jiji"]),
        ("Amman (Petra) - Jordan said", "Amman", ["petra"]),
        ("UNITED NATIONS (AP) — The council met", "UNITED NATIONS", ["associated-press"]),
        ("BAMAKO (EUTM) — Trainers from Spain arrived.", "BAMAKO", []),
        ("JUBA (SPLM-IO) - The rebels say", "JUBA", []),
        ("TAIPEI (MND/CNN) — China sent ships", "TAIPEI", ["cnn.com"]),
        ("ASTANA, June 22 (Altyn Press) - Moscow asked", "ASTANA", ["altyn-press"]),
        ("22 juin (AFP) - La Turquie", None, ["afp"]),
        ("MADRID, 22 jun (EFE).- El ministro", "MADRID", ["efe"]),
        ("Berlin, 22. Juni (dpa) - Der Minister", "Berlin", ["dpa"]),
        ("МОСКВА, 22 июня. /ТАСС/. Министр", "МОСКВА", ["tass"]),
        ("AFP - The minister said", None, ["afp"]),
        ("LONDON (The Sun) - The navy left", "LONDON", ["thesun.co.uk"]),
        ("LONDON (Sun) - The navy left", "LONDON", []),
        ("MOSCOW (Updated) - Russia said", "MOSCOW", []),
        ("MOSCOW (CORRECTED) - Russia said", "MOSCOW", []),
        ("MOSCOW (Staff) - Russia said", "MOSCOW", []),
        ("PARIS (Agencies) - France said", "PARIS", []),
        ("DELHI (Web Desk) - India said", "DELHI", []),
        ("MOSCOW (local time) - Russia said", "MOSCOW", []),
        ("BRUSSELS (NATO) - Ministers met", "BRUSSELS", []),
        ("SPRINGFIELD (IL) - The guard left", "SPRINGFIELD", []),
        ("NIAMEY (NIGER) - The guard left", "NIAMEY", []),
        ("LONDON (UK Ministry of Defence) - The navy left", "LONDON", []),
        ("BISHKEK (Kyrgyzstan) - The guard left", "BISHKEK", []),
    ],
)
def test_a_dateline_credits_agencies_and_no_other_words_in_brackets(
    paragraph: str, place: str | None, agencies: list[str]
) -> None:
    dateline = dateline_of(paragraph)
    assert dateline is not None
    assert dateline.place == place
    assert [credit.agency for credit in dateline_credits(dateline, paragraph)] == agencies


@pytest.mark.parametrize(
    "paragraph",
    [
        "NATO - the alliance that he calls obsolete - sent ships.",
        "President Obama (Democrat) - then in his first term - refused.",
        "The Foreign Ministry - it has been silent so far - will answer.",
        "Kalin (AP) said nothing.",
        "UPDATE - the ministry now says that it was a drill.",
        "OSCE (Vienna) - its observers have left.",
        "AFP - the oldest of the agencies - has an office there.",
        "MENA - A region of twenty states - waits.",
        "Petra, June 22. The minister came to see the ruins.",
        "Reuters - Britain's oldest agency - has an office there.",
        "Petra - The city of stone waits.",
        "Nairobi, June 22 (Monday) Kenya will send troops.",
        "Moscow, June 22, Wagner - The fighters left.",
        "Beckham (Sun) - his friends call him that.",
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
        ("AP/Reuters", ["associated-press", "reuters"]),
        ("TASS/Interfax", ["tass", "interfax"]),
        ("With reporting by AP, The News & Observer, and Reuters", ["associated-press", "newsobserver.com", "reuters"]),
        ("With reporting by AP and The News & Observer", ["associated-press", "newsobserver.com"]),
        ("Source: AP & AFP", ["associated-press", "afp"]),
        ("Reuters/AP/AFP", ["reuters", "associated-press", "afp"]),
        ("AFP-JIJI", ["afp", "jiji"]),
        ("AA/ANKARA", ["anadolu"]),
        ("A.P.", ["associated-press"]),
        ("(ТАСС)", ["tass"]),
        ("（新华社）", ["xinhua"]),
        ("(Reuters in Ankara)", ["reuters"]),
        ("(Observer, with dpa)", ["dpa"]),
        ("Foreign desk with TASS and AFP", ["tass", "afp"]),
        ("(Petra)", ["petra"]),
        ("© Thomson Reuters 2017 All rights reserved.", ["reuters"]),
        ("(c) 2017 by AFP", ["afp"]),
        ("© TCA 2017", ["tca"]),
        ("Copyright 2023 The Islander. Webmaster.", []),
        ("Copyright 2023 Ministry of Foreign Affairs", []),
        ("Reuters contributed from Ankara", ["reuters"]),
        ("AP writers John Smith in Moscow and Jane Doe contributed to this report.", ["associated-press"]),
        ("The Guardian's Jane Doe contributed reporting", ["theguardian.com"]),
        ("News agencies Reuters and AFP contributed to this article.", ["reuters", "afp"]),
        ("RFE/RL, with reporting by Reuters", ["rferl.org", "reuters"]),
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
        "The BBC contributed to his downfall",
        "He said the BBC contributed to this report.",
        "(The Guardian of the valley is what they call it.)",
        "(The Guardian of the valley)",
        "Copyright law is what the Daily Mail broke, the court said.",
        "With reporting by Reuters in doubt, nobody knew",
        "The BBC at war",
        "CNN in Moscow",
        "TASS reports",
        "Moscow, with reporting restrictions in place",
        "state",
        "With reporting by the state",
        "Source: the national news agency",
        "Sun",
        "The Sun",
        "Mirror",
        "Petra",
        "- Metro",
        "Kazakhstan/ANKARA",
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
        (" (RFE/RL)", ["rferl.org"]),
        (" (A.P.)", ["associated-press"]),
        (" (AFP and agencies)", ["afp"]),
        (" (Petra)", ["petra"]),
    ):
        credits, end = trailing_credit(prose + ending)
        assert [credit.agency for credit in credits] == agencies
        assert (prose + ending)[:end] == prose


@pytest.mark.parametrize(
    "paragraph",
    [
        "It asked the alliance (NATO)",
        "He spoke to Reuters.",
        "It fell - Moscow",
        "It fell. (Sky)",
        "It fell. - Express",
    ],
)
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
        ("By RFE/RL's Kazakh Service", ["azattyq.org"]),
        ("Observer staff", []),
        ("By Petra", []),
    ],
)
def test_a_byline_names_its_agency(byline: str, agencies: list[str]) -> None:
    assert [credit.agency for credit in byline_credits(byline)] == agencies


@pytest.mark.parametrize(
    "paragraph",
    [
        "By Ilse Bronner in Sarn",
        "BY ILSE B. BRONNER AND JANE DOE",
        "By a staff correspondent",
        "By Our Foreign Staff",
        "By Ilse Bronner, Defence Correspondent",
        "By Jane Doe, special to the Post",
        "By Jane Doe | 10:30 am, updated 2 hours ago",
        "By The Associated Press",
        "By Staff",
        "By Ilse, Defence Correspondent",
    ],
)
def test_a_line_of_who_wrote_is_a_byline(paragraph: str) -> None:
    assert is_byline(paragraph)


@pytest.mark.parametrize(
    "paragraph",
    [
        "By Tuesday all had left.",
        "By Thursday all 150 soldiers had left",
        "By NATO's own count 30 left",
        "By NATO",
        "By noon the troops had gone",
        "By Kazakhstan, no troops were sent",
        "By Reuters' own count 30 left",
        "By the sea",
        "By Force",
        "By Air And Sea, Moscow Reinforces Syria",
        "By Invitation Only, Russian Troops Enter Mali",
        "By Helicopter, Troops Reach Sarn",
        "By -",
    ],
)
def test_a_sentence_that_begins_with_by_is_no_byline(paragraph: str) -> None:
    assert not is_byline(paragraph)


def test_given_credits_are_taken_whatever_their_name() -> None:
    credits = given_credits(["Reuters", "RIA Novosti, AP", "Suara Dili", " "])
    assert [credit.agency for credit in credits] == ["reuters", "ria-novosti", "associated-press", "suara-dili"]
    assert {credit.where for credit in credits} == {"given"}


@pytest.mark.parametrize(
    ("given", "agencies"),
    [
        ("GLD", ["gld"]),
        ("A.P.", ["associated-press"]),
        ("Gulf Desk Evening Service", ["gulf-desk-evening-service"]),
        ("Associated Press writer Joe Doe", ["associated-press"]),
        ("Reuters, Moscow", ["reuters"]),
        ("Web Desk", []),
        ("News Desk", []),
        ("Own correspondent", []),
        ("Agencies, Web Desk", []),
        ("Ministry of Defence", []),
        ("Telegram", []),
        ("t.me/rybar", []),
        ("Reporting by Olga Petrova", []),
    ],
)
def test_given_credits_that_name_nobody_are_none(given: str, agencies: list[str]) -> None:
    assert [credit.agency for credit in given_credits([given])] == agencies


FORMS = [entry for _, entry in rows("wirecopy", "data/credit_forms.toml", "form")]


@pytest.mark.parametrize(("line", "agencies"), [(line, ids) for form in FORMS for line, *ids in form["examples"]])
def test_every_example_of_a_form_is_a_credit_line(line: str, agencies: list[str]) -> None:
    found = credit_line_of(line)
    assert found is not None
    assert [credit.agency for credit in found.credits] == agencies
    # Longer lines are read by their first words alone.
    assert form_of(line.strip("()")) is not None
    assert line.strip("()").split(" ")[0].split(":")[0].split("：")[0].casefold() in first_words()


@pytest.mark.parametrize("line", [line for form in FORMS for line in form["against"]])
def test_every_counterexample_of_a_form_credits_nobody(line: str) -> None:
    found = credit_line_of(line)
    assert found is None or found.credits == ()


POISON = [
    "\u00a9", "\u00a9 ", " ", "\t", "\u00a0", "-", "\u2013", "=", "_", ".", "'", "(", ")", "/", ",", "; ", "a", "A", "a ", "A ", "A.", "A-", "A, ",
    "1", "2017 ", "(c) ", "by ", "of ", "in ", "and ", "with ", "AP, ", "AP/", "\u2019s ", "(edited", "contributed ", "Copyright ",
]  # fmt: skip
BEGINNINGS = [
    "", "Copyright ", "\u00a9 2017 ", "With reporting by ", "Source: ", "this story was published by a", "AP contributed ", "AP contributed to",
    "MOSCOW", "MOSCOW, ", "Moscow, June 22 (", "22 juin ", "By A", "The troops left. (", "The troops left. - ",
]  # fmt: skip


@pytest.mark.parametrize("beginning", BEGINNINGS)
def test_no_text_takes_long(beginning: str) -> None:
    """A text that takes for ever keeps its partition. This one ends, or the tests do not."""
    for poison in POISON:
        for length in (110, 380, 20_000):
            for end in ("a!", "(AP)"):
                text = beginning + (poison * length)[:length] + end
                credit_line_of(text)
                trailing_credit(text)
                signature_of(text)
                is_byline(text)
                is_byline(text[:120])
                byline_credits(text[:300])
                given_credits([text[:200]])
                dateline = dateline_of(text)
                if dateline is not None:
                    dateline_credits(dateline, text)


@given(st.text(alphabet=st.sampled_from("\u00a9 -(/)AaP.,'\u2014:12;by"), max_size=400))
def test_any_line_is_read(line: str) -> None:
    parsed = credit_line_of(line)
    assert parsed is None or all(credit.agency for credit in parsed.credits)
    credits, end = trailing_credit(line)
    assert bool(credits) == (end < len(line)) or not credits
    dateline = dateline_of(line)
    assert dateline is None or 0 < dateline.length <= len(line)
    assert all(credit.agency for credit in (*byline_credits(line), *given_credits([line])))
    is_byline(line)
