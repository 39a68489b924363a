"""Names by the words around them: when two short texts name others at the same places."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wirecopy.named import KEPT, LONGEST, Compared, by_place, compare, from_bytes, named_in, to_bytes
from wirecopy.sketch import sketch_of, text_from

texts = st.lists(
    st.lists(
        st.sampled_from(["said", "the", "Lavrov", "Mr", "Kiev", "in", "on", "Monday", "5.1", "that", "moved.", "to"]),
        max_size=30,
    ).map(" ".join),
    max_size=3,
)


def met(one: str, other: str) -> Compared:
    return compare(by_place(named_in([one])), by_place(named_in([other])))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("the road to Sarn was closed", "the road to Sarn was closed"),
        ("said that Mr Lavrov had left", "said that Lavrov had left"),
        ("said that Sergei Lavrov had left", "said that Foreign Minister Lavrov had left"),
        ("the road to Kiev was closed", "the road to Kyiv was closed"),
        ("said that Erdogan had left", "said that Erdoğan’s had left"),
        ("a quake of 5.1 shook Peru on Monday", "a quake of 4.9 shook Peru on Friday"),
    ],
)
def test_a_name_in_another_form_is_the_same(one: str, other: str) -> None:
    assert met(one, other) == Compared(same=1, other=0)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("the road to Sarn was closed", "the road to Velden was closed"),
        ("the road from Sarn to Garde was closed", "the road from Sarn to Velden was closed"),
        ("a quake of 5.1 shook Peru on Monday", "a quake of 4.9 shook Vanuatu on Friday"),
    ],
)
def test_another_name_between_the_same_words_is_another_one(one: str, other: str) -> None:
    assert met(one, other).other == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("the road to Sarn was closed", "it was in Velden that they met"),
        ("The road was closed", "A road was closed"),
        ("the road to SARN WAS CLOSED ON MONDAY BY ORDER", "the road to Velden was closed"),
        ("the road to Sarn was closed", "the road was closed"),
    ],
)
def test_names_between_other_words_do_not_meet(one: str, other: str) -> None:
    assert met(one, other) == Compared(same=0, other=0)


def test_only_short_texts_have_names_and_only_so_many() -> None:
    assert len(named_in([" ".join(f"word{n} Name{n}" for n in range(90))])) == KEPT
    assert named_in([f"the road to Sarn was closed {'and ' * LONGEST}"]) == ()


@given(texts, texts)
def test_it_does_not_matter_which_is_asked_and_names_survive_the_record(one: list[str], other: list[str]) -> None:
    ours, theirs = by_place(named_in(one)), by_place(named_in(other))
    assert compare(ours, theirs) == compare(theirs, ours)
    assert compare(ours, ours).other == 0
    assert text_from(sketch_of(one)).named == ours


def test_bytes_of_names_are_whole() -> None:
    with pytest.raises(ValueError, match="4-byte"):
        from_bytes(to_bytes(((1, 2),))[:3])
