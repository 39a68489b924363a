"""Times as news writes them, resolved against the article's date."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.enrich.quantities.dates import find_times

THURSDAY = "2017-06-22T14:05:00Z"


@pytest.mark.parametrize(
    ("text", "start", "end", "precision"),
    [
        ("on Monday", "2017-06-19", "2017-06-20", "day"),
        ("late Tuesday", "2017-06-20", "2017-06-21", "day"),
        ("Sunday night", "2017-06-18", "2017-06-19", "day"),
        ("on Thursday", "2017-06-22", "2017-06-23", "day"),
        ("last Monday", "2017-06-19", "2017-06-20", "day"),
        ("next Monday", "2017-06-26", "2017-06-27", "day"),
        ("yesterday", "2017-06-21", "2017-06-22", "day"),
        ("tomorrow", "2017-06-23", "2017-06-24", "day"),
        ("next week", "2017-06-26", "2017-07-03", "week"),
        ("last month", "2017-05-01", "2017-06-01", "month"),
        ("this year", "2017-01-01", "2018-01-01", "year"),
        ("earlier this month", "2017-06-01", "2017-06-23", "month"),
        ("on June 22", "2017-06-22", "2017-06-23", "day"),
        ("15 October", "2016-10-15", "2016-10-16", "day"),
        ("June 22, 2011", "2011-06-22", "2011-06-23", "day"),
        ("22 June 2011", "2011-06-22", "2011-06-23", "day"),
        ("on February 09 , 2020", "2020-02-09", "2020-02-10", "day"),
        ("2017-05-04", "2017-05-04", "2017-05-05", "day"),
        ("on February 29", "2016-02-29", "2016-03-01", "day"),
        ("before the end of the month", "2017-06-22", "2017-07-01", "week"),
        ("in May", "2017-05-01", "2017-06-01", "month"),
        ("March 2018", "2018-03-01", "2018-04-01", "month"),
        ("in 2011", "2011-01-01", "2012-01-01", "year"),
        ("in the 1990s", "1990-01-01", "2000-01-01", "year"),
        ("in the fall of 1990", "1990-09-01", "1990-12-01", "season"),
        ("this spring", "2017-03-01", "2017-06-01", "season"),
        ("next spring", "2018-03-01", "2018-06-01", "season"),
        ("mid-June", "2017-06-11", "2017-06-21", "week"),
        ("by December", "2017-06-22", "2018-01-01", "month"),
        ("by Friday", "2017-06-22", "2017-06-24", "day"),
        ("by the end of the year", "2017-06-22", "2018-01-01", "season"),
        ("until 2020", "2017-06-22", "2021-01-01", "year"),
        ("since Monday", "2017-06-19", "2017-06-23", "day"),
        ("in the coming days", "2017-06-22", "2017-06-30", "day"),
        ("the past six months", "2016-12-22", "2017-06-23", "month"),
        ("two weeks ago", "2017-06-05", "2017-06-12", "week"),
        ("within hours", "2017-06-22", "2017-06-24", "hour"),
        ("over the weekend", "2017-06-17", "2017-06-19", "day"),
        ("in two days", "2017-06-20", "2017-06-23", "day"),
    ],
)
def test_a_time_is_an_interval_with_the_precision_of_its_words(text: str, start: str, end: str, precision: str) -> None:
    sentence = f"They left {text}."
    spans = find_times(sentence, THURSDAY)
    assert [(s.when.text, s.when.start, s.when.end, s.when.precision) for s in spans] == [(text, start, end, precision)]
    assert sentence[spans[0].start : spans[0].end] == text


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("on Monday", "2017-06-26"),
        ("on Thursday", "2017-06-22"),
        ("15 October", "2017-10-15"),
        ("March 30", "2018-03-30"),
        ("in May", "2018-05-01"),
        ("in six months", "2017-12-01"),
        ("for six months", "2017-06-22"),
        ("this summer", "2017-06-01"),
        ("this weekend", "2017-06-24"),
    ],
)
def test_a_plan_is_resolved_ahead_and_never_into_the_past(text: str, start: str) -> None:
    spans = find_times(f"They will leave {text}.", THURSDAY, "future")
    assert [s.when.start for s in spans] == [start]
    assert spans[0].when.end > "2017-06-22"


def test_the_direction_may_differ_within_a_text() -> None:
    text = "He said on Monday that troops would leave on Tuesday."
    spans = find_times(text, THURSDAY, lambda offset: "past" if offset < 20 else "future")
    assert [s.when.start for s in spans] == ["2017-06-19", "2017-06-27"]


def test_the_same_day_is_the_day_named_before() -> None:
    text = "said on June 20 that ... said the same day"
    assert [s.when.start for s in find_times(text, THURSDAY)] == ["2017-06-20", "2017-06-20"]


@pytest.mark.parametrize(
    "text",
    [
        "he may march in may",
        "the second april fool",
        "six years of bloody war",
        "1,500 troops in 40 ships",
        "he sat on the sun",
        "in the end",
        "February 30",
    ],
)
def test_what_only_looks_like_a_time_is_none(text: str) -> None:
    assert find_times(text, THURSDAY) == []


def test_without_the_articles_date_only_what_names_its_year_is_found() -> None:
    text = "on Monday, June 3, next week, in May, on June 22, 2011, in 2012"
    assert [s.when.text for s in find_times(text, None)] == ["on June 22, 2011", "in 2012"]
    assert [s.when.text for s in find_times(text, "no date at all")] == ["on June 22, 2011", "in 2012"]


@pytest.mark.parametrize("published", ["0001-01-01", "0001-12-31", "9999-01-01", "9999-12-31"])
@pytest.mark.parametrize("prefer", ["past", "future"])
def test_the_ends_of_the_calendar_break_nothing(published: str, prefer: str) -> None:
    text = (
        "last year, next week, two weeks ago, in 999 years, on June 5, yesterday, tomorrow, by December, in the coming months, on Monday, "
        "this weekend, over the weekend, next spring, last winter, in 12 decades, in May, since May, by the end of next month"
    )
    for span in find_times(text, published, prefer):  # type: ignore[arg-type]
        assert datetime.date.fromisoformat(span.when.start) < datetime.date.fromisoformat(span.when.end)


WORDS = "in on by since until the next last this coming six 22 June May 2011 Monday week days months ago end of year spring - , early".split()  # noqa: SIM905


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(st.text(max_size=80), st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)),
    st.one_of(st.none(), st.dates().map(datetime.date.isoformat)),
    st.sampled_from(["past", "future"]),
)
def test_any_text_gives_times_in_order_with_a_start_before_their_end(
    text: str, published: str | None, prefer: str
) -> None:
    end = 0
    for span in find_times(text, published, prefer):  # type: ignore[arg-type]
        assert end <= span.start < span.end
        assert span.when.text == text[span.start : span.end]
        assert span.when.start < span.when.end
        end = span.end


def test_what_is_called_for_a_day_lies_ahead() -> None:
    assert [s.when.start for s in find_times("a meeting called for Saturday", THURSDAY)] == ["2017-06-24"]


def test_of_is_no_part_of_a_time() -> None:
    assert [s.when.text for s in find_times("the war of 2008", THURSDAY)] == ["2008"]
