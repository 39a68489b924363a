"""The sketch: the same hashes as the fingerprint, and which of them lie in quotations and in the lead."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wirecopy import bitmaps
from wirecopy.fingerprint import fingerprint, from_text
from wirecopy.quotations import pieces
from wirecopy.sketch import LEAD, SPEECH, Sketch, Text, sketch_of, text_from

PROSE = tomllib.loads(Path(__file__).with_name("prose.toml").read_text(encoding="utf-8"))
FERRY: str = PROSE["stories"]["ferry"].strip()
SAID = (
    "We have never asked anybody for permission to dig on our own side of the river and we shall not begin with it now, "
    "whatever the council on the other bank has been told by its lawyers, whose letters I have read and put away again"
)


def text(*paragraphs: str) -> Text:
    return text_from(sketch_of(paragraphs))


@pytest.mark.parametrize(
    ("paragraph", "quoted"),
    [
        ('He said: "We are leaving." Nobody moved.', ["We are leaving."]),
        ("He said: “We are leaving.” Nobody moved.", ["We are leaving."]),
        ("He said: «We are leaving.» Nobody moved.", ["We are leaving."]),
        ("Er sagte: „Wir gehen.“ Niemand ging.", ["Wir gehen."]),
        ("The ministry’s ‘plan of action’ is the ministers’ own.", ["plan of action"]),
        ("“We are leaving,” he said. “It isn’t safe", ["We are leaving,", "It isn’t safe"]),
        ("No quotation, though it is the ministry's.", []),
        ("The ministers' plan of the '90s was the president's, and the soldiers' pay was his own.", []),
        (
            "'We're leaving,' he said. 'The ministers' plan isn't ours.' Nobody moved.",
            ["We're leaving,", "The ministers' plan isn't ours."],
        ),
        ("He said: 'It is the soldiers' own' and left.", ["It is the soldiers' own"]),
        ("The so-called 'zone of calm', the ministers' word for it, is empty.", ["zone of calm"]),
        ("'We are leaving and shall not be back", ["We are leaving and shall not be back"]),
        ("He gave 'em the soldiers' pay, in the '90s. They'd earned it.", []),
        ("``We are leaving,'' he said. ``It isn't safe.''", ["We are leaving,", "It isn't safe."]),
        ("`We are leaving,' he said.", ["We are leaving,"]),
        ("Mówił: „Wyjeżdżamy.” Nikt się nie ruszył.", ["Wyjeżdżamy."]),
    ],
)
def test_quotations_are_found_whatever_their_marks(paragraph: str, quoted: list[str]) -> None:
    assert [piece for piece, is_quoted in pieces(paragraph) if is_quoted] == quoted


def test_a_mark_that_is_missing_does_no_harm_beyond_its_paragraph() -> None:
    broken = text('"The road is closed, said the mayor of the town', *FERRY.split("\n\n"))
    whole = text("The road is closed, said the mayor of the town", *FERRY.split("\n\n"))
    assert abs(broken.speech_size - whole.speech_size) <= 2


def test_hashes_lie_in_a_quotation_if_all_of_their_words_do() -> None:
    speech = text(f"“{SAID}.”")
    assert speech.speech_size == len(speech.hashes)
    assert text(SAID).speech_size == 0
    around = text("The mayor of the village on the western bank spoke to reporters on Monday.", f"“{SAID},” he said.")
    assert 0 < around.speech_size < len(around.hashes)


def test_what_is_said_in_a_quotation_and_outside_of_it_is_not_only_speech() -> None:
    assert text(f"“{SAID}.”", f"{SAID}.").speech_size == 0


def test_the_lead_is_the_first_paragraph() -> None:
    paragraphs = FERRY.split("\n\n")
    whole = text(*paragraphs)
    lead = set(whole.hashes[whole.marks & LEAD > 0].tolist())
    assert lead
    assert lead <= set(text(paragraphs[0]).hashes.tolist())
    assert not lead & set(text(*paragraphs[1:]).hashes.tolist())


@given(st.lists(st.text(alphabet=" \n.,\"“”‘’„«»'`sabcdeABC1234", max_size=120), max_size=6))
def test_a_sketch_has_the_fingerprint_of_its_text_and_survives_the_record(paragraphs: list[str]) -> None:
    made = sketch_of(paragraphs)
    hashes = from_text(made.fingerprint)
    assert hashes == fingerprint("\n".join(paragraphs))
    read = text_from(made)
    assert len(read.marks) == len(hashes)
    assert bitmaps.to_text(read.marks & SPEECH > 0) == made.speech
    assert bitmaps.to_text(read.marks & LEAD > 0) == made.lead


@pytest.mark.parametrize(
    "broken",
    [
        {"speech": "!"},
        {"lead": "AAAAAAAAAAAAAAAAAAAAAAAA"},
        {"figures": "AAAA"},
        {"named": "AAA="},
        {"named": "?"},
        {"fingerprint": "AAAA"},
    ],
)
def test_what_is_no_sketch_is_refused(broken: dict[str, str]) -> None:
    made = sketch_of([FERRY])
    fields = {name: getattr(made, name) for name in ("fingerprint", "speech", "lead", "figures", "named")} | broken
    with pytest.raises(ValueError, match=r"base64|bitmap|8-byte|4-byte"):
        text_from(Sketch(**fields))
