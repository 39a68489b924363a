"""Figures: what is read as one, and when two texts give the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wirecopy.figures import KEPT, Compared, Figure, compare, figures_of_words, from_bytes, in_context, to_bytes
from wirecopy.fingerprint import words


def figures(text: str) -> tuple[Figure, ...]:
    return figures_of_words(words(text))


def alike(one: tuple[Figure, ...], other: tuple[Figure, ...]) -> Compared:
    return compare(in_context(one), in_context(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Turkey will send 3,957 troops", "Turkey will send nearly 4,000 troops"),
        ("the 12th package of sanctions", "the twelfth package of sanctions"),
        ("profit of 2.47 percent", "profit of 2.5 percent"),
        ("1.5 million euros", "1,500,000 euros"),
        ("on June 22 they met", "on 22 June they met"),
        ("twenty-five men", "25 men"),
        ("the index closed at 360,010 points", "the index closed at 360,000 points"),
    ],
)
def test_a_figure_in_other_words_or_rounded_is_the_same(one: str, other: str) -> None:
    assert alike(figures(one), figures(other)) == Compared(same=2, other=0)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Turkey will send 300 troops", "Turkey will send 3,000 troops"),
        ("Russia has lost 360,010 soldiers", "Russia has lost 360,820 soldiers"),
        ("49 dead in Velden", "50 dead in Velden"),
        ("lists 140 individuals", "lists 100 individuals"),
        ("Halmar won 2-1 at Velden", "Halmar won 3-1 at Velden"),
        ("on Monday the bloc", "on Friday the bloc"),
        ("profit of 1.5 million euros", "profit of 1.5 billion euros"),
        ("Shares in Halmar had closed higher", "Shares in Velden had closed lower"),
    ],
)
def test_another_number_of_the_same_is_another_figure(one: str, other: str) -> None:
    assert alike(figures(one), figures(other)) == Compared(same=0, other=2)


def test_another_ordinal_counts_more_than_another_number() -> None:
    assert alike(figures("the 12th package of sanctions"), figures("the 13th package of sanctions")).other == 6


def test_figures_of_different_things_do_not_meet() -> None:
    assert alike(figures("300 troops were sent"), figures("the hotel has 40 rooms")) == Compared(0, 0)


def test_a_year_is_a_date_and_no_count() -> None:
    assert figures("elected in 2017 and again since 2021") == ()
    assert figures("sent 2,017 men") != ()


def test_of_very_many_figures_two_versions_of_a_text_keep_the_same() -> None:
    text = " ".join(f"district{n} reported {n * 37 + 11} cases of kind{n} today" for n in range(200))
    whole, without_its_start = figures(text), figures(text.split("district9 ", maxsplit=1)[1])
    assert len(whole) == len(without_its_start) == KEPT
    found = alike(whole, without_its_start)
    assert found.same >= 1.5 * KEPT
    assert found.other <= 0.1 * found.same


sketches = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(-30, 4000).map(float)), max_size=KEPT
).map(tuple)


@given(sketches, sketches)
def test_whichever_text_is_asked_the_figures_compare_alike(one: tuple[Figure, ...], other: tuple[Figure, ...]) -> None:
    assert alike(one, other) == alike(other, one)
    assert alike(one, one).other == 0


@given(sketches)
def test_figures_survive_the_record(found: tuple[Figure, ...]) -> None:
    assert from_bytes(to_bytes(found)) == found


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_no_text_is_too_odd_to_be_read(text: str) -> None:
    found = figures(text)
    assert len(found) <= KEPT
    assert from_bytes(to_bytes(found)) == found


@pytest.mark.parametrize("scales", [1, 4, 5, 40, 400])
def test_a_number_beyond_all_numbers_is_a_figure_too(scales: int) -> None:
    found = figures("7 " + "billion " * scales)
    assert from_bytes(to_bytes(found)) == found
    assert alike(found, found).other == 0


def test_what_is_no_list_of_figures_is_refused() -> None:
    with pytest.raises(ValueError, match="8-byte"):
        from_bytes(b"12345")
    for value in (float("inf"), float("nan")):
        with pytest.raises(ValueError, match="infinite"):
            from_bytes(to_bytes([(1, 2, value)]))
