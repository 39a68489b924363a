"""Relations: what overlap and metadata say of two articles."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wirecopy.relation import Overlap, between, compared, is_candidate, is_one_text, own_relation
from wirecopy.sketch import sketch_of, text_from

PROSE = tomllib.loads(Path(__file__).with_name("prose.toml").read_text(encoding="utf-8"))
BRIGADE: str = PROSE["stories"]["brigade"].strip()
MUSEUM: str = PROSE["stories"]["museum"].strip()
PARAGRAPHS = BRIGADE.split("\n\n")
LOCAL: str = PROSE["boilerplate"]["ellery"].strip()
STANDING_TEXT: str = PROSE["boilerplate"]["orun"].strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    article: str = "a"
    published: str = "2017-06-22T10:00:00Z"
    outlet: str = "first.example"
    family: str = "first.example"
    agencies: tuple[str, ...] = ()


ORIGIN = Page()
ELSEWHERE = Page(article="b", published="2017-06-22T12:00:00Z", outlet="second.example", family="second.example")
AGAIN = Page(article="b", published="2017-06-22T12:00:00Z")


def of_texts(later: str, earlier: str) -> Overlap:
    return compared(*(text_from(sketch_of(text.split("\n\n"))) for text in (later, earlier)))


def edited(text: str) -> str:
    """The text with one word in 24 changed."""
    return " ".join("altered" if place % 24 == 11 else word for place, word in enumerate(text.split()))


@pytest.mark.parametrize(
    ("later", "relation"),
    [
        (BRIGADE.upper(), "copy"),
        (edited(BRIGADE), "copy"),
        ("\n\n".join([*PARAGRAPHS[2:], *PARAGRAPHS[:2]]), "copy"),
        ("\n\n".join(PARAGRAPHS[:2]), "excerpt"),
        (f"{BRIGADE}\n\n{LOCAL}", "copy"),
        (f"{BRIGADE}\n\n{LOCAL}\n\n{MUSEUM}", "expanded"),
        (MUSEUM, "own"),
    ],
)
def test_a_copy_elsewhere_is_told_by_what_was_done_to_it(later: str, relation: str) -> None:
    assert between(of_texts(later, BRIGADE), ELSEWHERE, ORIGIN) == relation


def test_the_same_outlet_with_the_same_text_updates_it() -> None:
    assert between(of_texts(f"{BRIGADE}\n\n{LOCAL}", BRIGADE), AGAIN, ORIGIN) == "update"


def test_a_notice_says_what_the_text_is_to_that_of_the_same_outlet_or_agency() -> None:
    found = of_texts(edited(BRIGADE), BRIGADE)
    assert between(found, AGAIN, ORIGIN, "correction") == "correction"
    wire = Page(article="w", agencies=("reuters",))
    client = Page(article="c", outlet="c.example", family="c.example", agencies=("reuters",))
    assert between(found, client, wire, "update") == "update"
    assert between(found, ELSEWHERE, ORIGIN, "correction") == "copy"


def test_what_an_outlet_prints_under_every_article_makes_no_two_alike() -> None:
    short_one = f"{PARAGRAPHS[0]}\n\n{STANDING_TEXT}"
    other = f"{MUSEUM.split(chr(10), maxsplit=1)[0]}\n\n{STANDING_TEXT}"
    found = of_texts(other, short_one)
    assert is_candidate(found)
    assert between(found, AGAIN, ORIGIN) == "own"
    sister = Page(article="b", outlet="sister.example", family="first.example")
    assert between(found, sister, ORIGIN) == "own"


def test_short_texts_are_copies_only_if_equal() -> None:
    text = "Turkey will send 300 troops to Idlib within a week, the defence ministry in Ankara said late on Monday."
    assert between(of_texts(text.upper(), text), ELSEWHERE, ORIGIN) == "copy"
    assert between(of_texts(text.replace("300", "3,000"), text), ELSEWHERE, ORIGIN) == "own"


QUAKE = (
    "An earthquake of magnitude {} struck {} on {}, the geological survey said, but there were no immediate reports of "
    "damage or casualties. The quake, which was at a depth of {} km, struck at {} GMT. No tsunami warning was issued. The "
    "region lies on an arc of volcanoes and fault lines that circles the ocean and is prone to earthquakes and eruptions."
)
SANCTIONS = (
    "The European Union on {} adopted its {} package of sanctions against Russia over the war in Ukraine, the bloc's "
    "presidency said. The {} package lists {} individuals and entities, bans the transit of more goods and technologies, and "
    "tightens the enforcement of earlier measures. Ambassadors of the 27 member states agreed on the {} package in "
    "principle earlier this week. The European Commission proposed it in the autumn."
)
LOSSES = (
    "Russia has lost about {} soldiers in Ukraine since the beginning of its full-scale invasion, including {} over the past "
    "day, the General Staff of the Armed Forces of Ukraine said on {}. According to the General Staff, Russia has also lost "
    "{} tanks, {} armored fighting vehicles, {} artillery systems, 332 airplanes, 325 helicopters and 26 ships and boats."
)


@pytest.mark.parametrize(
    ("template", "one", "other"),
    [
        (QUAKE, ("5.1", "northern Sumatra", "Monday", 10, "0412"), ("5.9", "the Banda Sea", "Thursday", 130, "2140")),
        (SANCTIONS, ("Monday", "12th", "12th", "140", "12th"), ("Friday", "13th", "13th", "194", "13th")),
        (
            LOSSES,
            ("360,010", 790, "Jan. 3", "5,990", "11,003", "8,500"),
            ("360,820", 810, "Jan. 4", "6,002", "11,020", "8,522"),
        ),
    ],
)
def test_two_bulletins_of_one_template_stay_apart(
    template: str, one: tuple[object, ...], other: tuple[object, ...]
) -> None:
    found = of_texts(template.format(*other), template.format(*one))
    assert is_candidate(found)
    assert between(found, ELSEWHERE, ORIGIN) == "own"
    same = of_texts(template.format(*one) + " The office gave no more details.", template.format(*one))
    assert between(same, ELSEWHERE, ORIGIN) == "copy"


HEARD_HERE: str = PROSE["statement"]["here"].strip()
HEARD_THERE: str = PROSE["statement"]["there"].strip()


@pytest.mark.parametrize("marks", [*("“”", '""', "''", "‘’"), ("``", "''")])
def test_reports_that_share_only_what_somebody_said_reuse_a_quotation(marks: Sequence[str]) -> None:
    here, there = (
        text.replace("“", marks[0]).replace("”", marks[1]).replace("’s", "'s") for text in (HEARD_HERE, HEARD_THERE)
    )
    found = of_texts(there, here)
    assert found.contained > 0.3
    assert between(found, ELSEWHERE, ORIGIN) == "quote-reuse"
    assert not is_one_text(found)


def test_a_copy_is_one_however_much_of_it_is_quoted() -> None:
    assert between(of_texts(HEARD_HERE, HEARD_HERE), ELSEWHERE, ORIGIN) == "copy"
    assert between(of_texts(f"{HEARD_HERE}\n\n{LOCAL}", HEARD_HERE), ELSEWHERE, ORIGIN) in ("copy", "expanded")
    first, said, last = HEARD_HERE.split("\n\n")
    assert between(of_texts(f"{first}\n\n{said}", HEARD_HERE), ELSEWHERE, ORIGIN) == "copy"
    assert between(of_texts(f"{said}\n\n{last}", HEARD_HERE), ELSEWHERE, ORIGIN) == "copy"
    assert between(of_texts(said, HEARD_HERE), ELSEWHERE, ORIGIN) in ("copy", "excerpt")


@pytest.mark.parametrize("again", [AGAIN, Page(article="b", outlet="sister.example", family="first.example")])
@pytest.mark.parametrize("words", [12, 30, 60])
def test_notices_under_one_standing_text_stay_apart_however_short_they_are(again: Page, words: int) -> None:
    notices = [" ".join(text.split()[:words]) + "." for text in PROSE["stories"].values()]
    for position, one in enumerate(notices):
        for other in notices[position + 1 :]:
            found = of_texts(f"{other}\n\n{STANDING_TEXT}", f"{one}\n\n{STANDING_TEXT}")
            assert between(found, again, ORIGIN) == "own"


def test_a_flash_that_grew_under_the_standing_text_of_its_outlet_is_updated() -> None:
    flash = f"{PARAGRAPHS[0]}\n\n{STANDING_TEXT}"
    grown = f"{PARAGRAPHS[0]}\n\n{PARAGRAPHS[1]}\n\n{STANDING_TEXT}"
    assert between(of_texts(grown, flash), AGAIN, ORIGIN) == "update"


def test_one_edited_figure_leaves_a_copy_and_another_set_of_figures_does_not() -> None:
    text = SANCTIONS.format("Monday", "12th", "12th", "140", "12th")
    assert between(of_texts(text.replace("140", "141"), text), ELSEWHERE, ORIGIN) == "copy"
    assert between(of_texts(text.replace("12th", "13th"), text), ELSEWHERE, ORIGIN) == "own"


@st.composite
def overlaps(draw: st.DrawFn) -> Overlap:
    """Any overlap that two texts can have, often one close to a threshold."""
    shared = draw(st.integers(0, 60))
    size, other = shared + draw(st.integers(0, 80)), shared + draw(st.integers(0, 80))
    speech = draw(st.integers(0, shared))
    leads = draw(st.integers(0, min(shared, 9)))
    return Overlap(
        shared=shared,
        size=size,
        other=other,
        speech=speech,
        speech_size=speech + draw(st.integers(0, size - shared)),
        speech_other=speech + draw(st.integers(0, other - shared)),
        lead=draw(st.integers(leads, shared)),
        leads=leads,
        lead_size=leads + draw(st.integers(0, min(size - shared, 5))),
        lead_other=leads + draw(st.integers(0, min(other - shared, 5))),
        same_figures=draw(st.integers(0, 30)),
        other_figures=draw(st.integers(0, 30)),
    )


@settings(max_examples=500)
@given(overlaps())
def test_two_texts_are_one_whichever_is_asked_first_and_just_when_the_relation_says_so(found: Overlap) -> None:
    reverse = Overlap(
        found.shared, found.other, found.size, found.speech, found.speech_other, found.speech_size,
        found.lead, found.leads, found.lead_other, found.lead_size, found.same_figures, found.other_figures,
    )  # fmt: skip
    one = is_one_text(found)
    assert one == is_one_text(reverse)
    assert one == (between(found, ELSEWHERE, ORIGIN) not in ("own", "quote-reuse"))
    assert not one or is_candidate(found)


def test_a_version_says_itself_what_it_is() -> None:
    assert own_relation("usable", 1) is None
    assert own_relation("usable", 2) == "update"
    assert own_relation("corrected", 2) == "correction"
    assert own_relation("withdrawn", 3) == "withdrawal"


def test_nothing_in_common_is_not_even_a_candidate() -> None:
    assert not is_candidate(of_texts(MUSEUM, BRIGADE))
    assert not is_candidate(of_texts("", BRIGADE))
    assert between(of_texts("", ""), ELSEWHERE, ORIGIN) == "own"
