"""Counts of forces as news writes them, and numbers that count no force."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.enrich.quantities.counts import counts_in_turn, find_counts


def counted(text: str) -> list[tuple[str, int | None, int | None, str]]:
    return [(s.count.text, s.count.low, s.count.high, s.count.unit) for s in find_counts(text)]


@pytest.mark.parametrize(
    ("text", "low", "high", "qualifier", "unit"),
    [
        ("up to 1,500 troops", None, 1500, "up to", "troops"),
        ("the first of 300 soldiers", None, 300, "the first of", "troops"),
        ("some of the 1,000 soldiers", None, 1000, "some of", "troops"),
        ("40 of the 300 soldiers", 40, 40, None, "troops"),
        ("some 163 of a 331-strong force", 163, 163, "some", "troops"),
        ("a dozen tanks", 12, 12, None, "tanks"),
        ("half a dozen warships", 6, 6, None, "ships"),
        ("hundreds of soldiers", 200, None, "hundreds", "troops"),
        ("tens of thousands of U.S. troops", 20_000, None, "tens of thousands", "troops"),
        ("several hundred advisers", 300, None, "several hundred", "advisers"),
        ("two battalions", 2, 2, None, "battalions"),
        ("10,000-strong contingent", 10_000, 10_000, None, "troops"),
        ("between 300 and 500 soldiers", 300, 500, "between", "troops"),
        ("300-500 troops", 300, 500, "between", "troops"),
        ("two to three hundred soldiers", 200, 300, "between", "troops"),
        ("2 or 3 battalions", 2, 3, "between", "battalions"),
        ("at least 40 police officers", 40, None, "at least", "police"),
        ("more than 200 Nigerian soldiers", 200, None, "more than", "troops"),
        ("no fewer than three army helicopters", 3, None, "no fewer than", "helicopters"),
        ("fewer than 500 observers", None, 500, "fewer than", "observers"),
        ("2.5 thousand troops", 2500, 2500, None, "troops"),
        ("one million troops", 1_000_000, 1_000_000, None, "troops"),
        ("three ships", 3, 3, None, "ships"),
        ("an aircraft carrier", 1, 1, None, "aircraft carriers"),
        ("two hundred and fifty peacekeepers", 250, 250, None, "peacekeepers"),
        ("twenty-five thousand men", 25_000, 25_000, None, "troops"),
        ("up to another 500 marines", None, 500, "up to", "troops"),
        ("about 3,000 more soldiers", 3000, 3000, "about", "troops"),
        ("four of its most capable fighter jets", 4, 4, None, "aircraft"),
        ("10 F-16 jets", 10, 10, None, "aircraft"),
        ("12 unarmed military observers", 12, 12, None, "observers"),
        ("12-man team", 12, 12, None, "troops"),
        ("100 armoured patrol vehicles", 100, 100, None, "vehicles"),
        ("a couple of thousand soldiers", 2000, None, "a couple of thousand", "troops"),
        ("Twelve U.S. Army soldiers", 12, 12, None, "troops"),
    ],
)
def test_a_count_has_the_bounds_and_the_unit_that_its_words_give(
    text: str, low: int | None, high: int | None, qualifier: str | None, unit: str
) -> None:
    sentence = f"Officials said that {text} went there."
    spans = find_counts(sentence)
    assert len(spans) == 1, spans
    count = spans[0].count
    assert (count.text, count.low, count.high, count.qualifier, count.unit) == (text, low, high, qualifier, unit)
    assert sentence[spans[0].start : spans[0].end] == text


def test_several_counts_in_a_sentence_are_found_in_order() -> None:
    text = "Britain sent three frigates, an aircraft carrier and some 2,000 marines, and France 40 of its trainers."
    assert counted(text) == [
        ("three frigates", 3, 3, "ships"),
        ("an aircraft carrier", 1, 1, "aircraft carriers"),
        ("some 2,000 marines", 2000, 2000, "troops"),
        ("40 of its trainers", 40, 40, "trainers"),
    ]


def test_a_force_of_a_number_is_that_number_of_troops() -> None:
    assert counted("a force of 1,500 was sent") == [("1,500", 1500, 1500, "troops")]


@pytest.mark.parametrize(
    "text",
    [
        "In 2011 U.S. troops left.",
        "On June 22 troops left.",
        "20-year-old soldiers",
        "the 82nd Airborne Division",
        "the 32 Artillery Brigade",
        "F-16 jets and T-72 tanks",
        "$5 million ships",
        "US$ 100 troops",
        "5 percent of troops, 40% of soldiers",
        "Resolution 1701 troops",
        "at 0310 GMT troops moved",
        "78 days of bombing by jets",
        "M23 fighters",
        "aged 20, soldiers",
        "A first patch of peacekeeping troops",
        "the troops stayed",
        "a suicide bomber and an army of fans",
        "many troops",
        "five people were killed by soldiers",
    ],
)
def test_years_days_ages_money_shares_and_names_are_no_counts(text: str) -> None:
    assert counted(text) == []


def test_a_year_before_a_count_does_not_hide_it() -> None:
    assert counted("In 2011, 2,000 U.S. troops left.") == [("2,000 U.S. troops", 2000, 2000, "troops")]


def test_numbers_of_hundreds_of_digits_are_passed_over() -> None:
    assert counted("9" * 400 + " troops") == []
    assert counted("1," + ",".join(["000"] * 200) + " troops and 40 tanks") == [("40 tanks", 40, 40, "tanks")]


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("0123456789,.- troopsa\n\0")), max_size=120))
def test_any_text_gives_counts_in_order_that_are_its_own_words(text: str) -> None:
    end = 0
    for span in find_counts(text):
        assert end <= span.start < span.end
        assert span.count.text == text[span.start : span.end]
        if span.count.low is not None and span.count.high is not None:
            assert span.count.low <= span.count.high
        end = span.end


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 99_999), st.sampled_from(["troops", "soldiers", "peacekeepers", "tanks", "ships"]))
def test_figures_are_read_with_and_without_commas(number: int, unit: str) -> None:
    if number == 1:
        return
    for written in (f"{number:,}", str(number)):
        spans = find_counts(f"They sent {written} {unit} there")
        assert [(s.count.low, s.count.high) for s in spans] == [(number, number)]


@pytest.mark.parametrize("text", ["1" * 5000 + " and 2", "1, " * 7000 + "1 and 2", "1," * 7000 + "1 and 2"])
def test_no_number_that_is_given_in_turn_is_longer_than_a_count(text: str) -> None:
    found = counts_in_turn(f"They pledged {text} soldiers respectively.")
    assert all(count.high is not None and count.high < 10**20 for count in found)
