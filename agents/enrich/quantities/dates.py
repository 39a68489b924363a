"""When: expressions of time in a text, resolved against the article's date to an interval of dates.

A weekday, a month or a day without a year is the nearest one in the direction that the caller gives: the past for what
is told, the future for what is planned. Words that look ahead ("by", "next", "coming") or back ("since", "last", "ago")
decide for themselves. Nothing is guessed without the article's date: then only what names its year is found.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from agents.enrich.names.nametokens import listed_words
from streams.records import When

Direction = Literal["past", "future"]
Prefer = Direction | Callable[[int], Direction]
"""A direction, or what gives one for an offset of the text (the tense of the verb near it)."""
Precision = Literal["hour", "day", "week", "month", "season", "year"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeSpan:
    """Characters [start, end) of the text, and the time that they name."""

    start: int
    end: int
    when: When


class _Token(NamedTuple):  # made by the thousand: four times as fast as a frozen dataclass
    start: int
    end: int
    text: str
    low: str


@dataclass(frozen=True, slots=True)
class _Time:
    """An interval [start, end) and the index of the first token after its words. `fixed`: the words leave no choice."""

    start: datetime.date
    end: datetime.date
    precision: Precision
    following: int


@dataclass(frozen=True, slots=True)
class _Context:
    tokens: list[_Token]
    today: datetime.date | None
    direction: Direction
    previous: _Time | None


_TOKEN = re.compile(r"\d+(?:st|nd|rd|th)?(?![^\W_])|[^\W_]+(?:['’]s)?|[^\w\s]|_+")

_MONTHS = {name: i for i, names in enumerate(
    ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug", "september sept sep",
     "october oct", "november nov", "december dec"), start=1) for name in names.split(" ")}  # fmt: skip
_WEEKDAYS = {name: i for i, names in enumerate(
    ("monday mon", "tuesday tue tues", "wednesday wed", "thursday thu thurs", "friday fri", "saturday sat", "sunday sun")
) for name in names.split(" ")}  # fmt: skip
_SHORT_MONTHS = frozenset(listed_words("jan feb mar apr jun jul aug sept sep oct nov dec"))
_SHORT_WEEKDAYS = frozenset(listed_words("mon tue tues wed thu thurs fri sat sun"))
# First month of each season; seasons of the northern hemisphere, as news agencies use them.
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
_UNITS: dict[str, str] = {}
for _unit in ("hour", "day", "week", "month", "year", "decade"):
    _UNITS[_unit] = _UNITS[_unit + "s"] = _unit
_NUMBERS = dict(zip(listed_words("one two three four five six seven eight nine ten eleven twelve"), range(1, 13), strict=True)) | {
    "a": 1, "an": 1, "fifteen": 15, "eighteen": 18, "twenty": 20, "thirty": 30, "sixty": 60, "ninety": 90, "couple": 2, "few": 3, "several": 4,
}  # fmt: skip
# "A few" and "several" have no number: three and four keep an interval from being too short (they only bound it).
_NEXT = frozenset(listed_words("next coming following upcoming"))
_LAST = frozenset(listed_words("last past previous recent preceding"))
_PARTS = {
    "early": (0, 1),
    "beginning": (0, 1),
    "start": (0, 1),
    "mid": (1, 2),
    "middle": (1, 2),
    "late": (2, 3),
    "end": (2, 3),
}
_UNTIL = frozenset(listed_words("by until till before"))
_DURING = frozenset(listed_words("in on during within for over throughout of since after from around about for"))
_OUTSIDE = frozenset(listed_words("of about around"))
"""Prepositions that let a month or a year stand alone and are no part of the time themselves."""
_DAY_PARTS = frozenset(listed_words("morning afternoon evening night noon midnight"))
_MOST_YEARS = 200
"""Years that a relative expression may lead away from the article's date: more is no news."""


def find_times(text: str, published: str | None, prefer: Prefer = "past") -> list[TimeSpan]:
    """The times named in `text`, in order, without overlap. `published` is RFC 3339 or an ISO date; null if unknown."""
    tokens = [_Token(m.start(), m.end(), m.group(), m.group().lower()) for m in _TOKEN.finditer(text)]
    today = _date_of(published)
    spans: list[TimeSpan] = []
    previous: _Time | None = None
    i = 0
    while i < len(tokens):
        if tokens[i].low not in _STARTS and not tokens[i].text[0].isdecimal():
            i += 1
            continue
        direction = prefer(tokens[i].start) if callable(prefer) else prefer
        found = _expression(_Context(tokens, today, direction, previous), i)
        if found is None:
            i += 1
            continue
        previous = found
        first = i + 1 if tokens[i].low in _OUTSIDE else i
        start, end = tokens[first].start, tokens[found.following - 1].end
        when = When(
            text=text[start:end], start=found.start.isoformat(), end=found.end.isoformat(), precision=found.precision
        )
        spans.append(TimeSpan(start=start, end=end, when=when))
        i = found.following
    return spans


def _date_of(published: str | None) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat((published or "")[:10])
    except ValueError:
        return None


def _expression(context: _Context, i: int) -> _Time | None:
    """The time whose words begin at token `i`, with the preposition before it."""
    try:
        return _with_preposition(context, i)
    except (ValueError, OverflowError):  # no such day, or beyond the calendar
        return None


def _low(context: _Context, i: int) -> str:
    return context.tokens[i].low if 0 <= i < len(context.tokens) else ""


def _with_preposition(context: _Context, i: int) -> _Time | None:
    word = _low(context, i)
    if word not in _UNTIL and word not in _DURING:
        return _core(context, i, preposition="")
    at = i + 1
    if word in ("by", "before", "until", "in", "on") and _low(context, at) == "about":
        at += 1
    ahead = _Context(context.tokens, context.today, "future", context.previous)
    back = _Context(context.tokens, context.today, "past", context.previous)
    named = _low(context, at + 1) if _low(context, at) == "the" else _low(context, at)
    scheduled = word == "for" and (
        named in _WEEKDAYS or named in _MONTHS or named == "weekend"
    )  # "called for Saturday"
    chosen = ahead if scheduled or word in ("by", "until", "till") else back if word == "since" else context
    time = _core(chosen, at, preposition=word)
    if time is None:
        return None
    today = context.today
    if today is not None and word in _UNTIL and time.start >= today:
        ending = _low(context, i + 1) == "the" and _low(context, i + 2) == "end"  # "before the end of the month"
        limit = max(time.start, _plus(today, 1)) if word == "before" and not ending else time.end
        return _Time(today, limit, time.precision, time.following)
    if today is not None and word == "before" and today < time.end and _low(context, i + 2) == "end":
        return _Time(today, time.end, time.precision, time.following)
    if today is not None and word == "since" and time.start <= today:
        return _Time(time.start, _plus(today, 1), time.precision, time.following)
    return time


def _core(context: _Context, i: int, preposition: str) -> _Time | None:
    if _low(context, i) == "the" and i + 1 < len(context.tokens):
        i += 1
    for form in (_calendar_date, _same_day, _part_of, _ago, _span_of_units, _relative, _season, _weekday):
        time = form(context, i)
        if time is not None:
            return time
    if preposition:
        return _month_alone(context, i) or _year(context, i)
    return None


# --- calendar --------------------------------------------------------------------------------------------------


def _month_at(context: _Context, i: int) -> tuple[int, int] | None:
    """Month at token `i` and the index after it. "may" and "march" in lower case are verbs."""
    if i >= len(context.tokens):
        return None
    token = context.tokens[i]
    month = _MONTHS.get(token.low)
    if month is None or not token.text[0].isupper():
        return None
    following = i + 1
    if token.low in _SHORT_MONTHS and _low(context, following) == ".":
        following += 1
    return month, following


def _day_at(context: _Context, i: int) -> int | None:
    if i >= len(context.tokens):
        return None
    digits = context.tokens[i].low.rstrip("stndrh")
    return (
        int(digits) if digits.isascii() and digits.isdecimal() and len(digits) <= 2 and 1 <= int(digits) <= 31 else None
    )


def _year_at(context: _Context, i: int) -> int | None:
    if i >= len(context.tokens):
        return None
    text = context.tokens[i].text
    return int(text) if len(text) == 4 and text.isascii() and text.isdecimal() and 1800 <= int(text) <= 2199 else None


def _calendar_date(context: _Context, i: int) -> _Time | None:
    """ "June 22, 2017", "22 June", "2017-06-22", "June 2017"; a weekday may stand before."""
    at = i
    if _low(context, at) in _WEEKDAYS:
        at += 1
        while _low(context, at) in (",", "."):
            at += 1
    year = _year_at(context, at)
    if year is not None:
        return _iso_date(context, at, year)
    month = _month_at(context, at)
    if month is not None:
        number, following = month
        day = _day_at(context, following)
        if day is not None and _low(context, following + 1) not in (":", "percent", "%"):
            return _with_year(context, number, day, following + 1)
        named = following + 1 if _low(context, following) in (",", "of") else following
        year = _year_at(context, named)
        return _month(year, number, named + 1) if year is not None else None
    day = _day_at(context, at)
    if day is None:
        return None
    at += 1
    if _low(context, at) == "of":
        at += 1
    month = _month_at(context, at)
    return _with_year(context, month[0], day, month[1]) if month is not None else None


def _iso_date(context: _Context, i: int, year: int) -> _Time | None:
    marks = [_low(context, i + 1), _low(context, i + 3)]
    month, day = _low(context, i + 2), _low(context, i + 4)
    if marks not in (["-", "-"], ["/", "/"]) or not (
        month.isdecimal() and day.isdecimal() and len(month) == len(day) == 2
    ):
        return None
    start = datetime.date(year, int(month), int(day))
    return _Time(start, _plus(start, 1), "day", i + 5)


def _with_year(context: _Context, month: int, day: int, following: int) -> _Time | None:
    named = following + 1 if _low(context, following) == "," else following
    year = _year_at(context, named)
    if year is not None:
        start = datetime.date(year, month, day)
        return _Time(start, _plus(start, 1), "day", named + 1)
    if context.today is None:
        return None
    start = _nearest(context, lambda y: datetime.date(y, month, day))
    return _Time(start, _plus(start, 1), "day", following)


def _nearest(context: _Context, on: Callable[[int], datetime.date]) -> datetime.date:
    """The day of a year-less date in the direction that is preferred; today counts in both."""
    today = context.today
    assert today is not None
    candidates = []
    for year in range(today.year - 8, today.year + 9):  # eight years hold every 29 February but at 1900 and 2100
        try:
            candidates.append(on(year))
        except ValueError:
            continue
    if context.direction == "future":
        return min(day for day in candidates if day >= today)
    # what happened a day ahead of the article's own date happened in another time zone
    return max(day for day in candidates if day <= _plus(today, 1))


def _month(year: int, month: int, following: int) -> _Time:
    start = datetime.date(year, month, 1)
    return _Time(start, _add_months(start, 1), "month", following)


def _month_alone(context: _Context, i: int) -> _Time | None:
    month = _month_at(context, i)
    if month is None or context.today is None:
        return None
    return _month_nearest(context, *month)


def _month_nearest(context: _Context, month: int, following: int) -> _Time:
    today = context.today
    assert today is not None
    years = (today.year - 1, today.year, today.year + 1)
    times = [_month(year, month, following) for year in years]
    if context.direction == "future":
        return next(time for time in times if time.end > today)
    return next(time for time in reversed(times) if time.start <= today)


def _year(context: _Context, i: int) -> _Time | None:
    year = _year_at(context, i)
    if year is None:
        return _decade(context, i)
    start = datetime.date(year, 1, 1)
    return _Time(start, datetime.date(year + 1, 1, 1), "year", i + 1)


def _decade(context: _Context, i: int) -> _Time | None:
    if i >= len(context.tokens):
        return None
    low = context.tokens[i].low
    if len(low) == 5 and low.endswith("0s") and low[:4].isdecimal() and 1800 <= int(low[:4]) <= 2190:
        return _Time(datetime.date(int(low[:4]), 1, 1), datetime.date(int(low[:4]) + 10, 1, 1), "year", i + 1)
    return None


# --- relative to the article's date ----------------------------------------------------------------------------


def _same_day(context: _Context, i: int) -> _Time | None:
    today, word = context.today, _low(context, i)
    if word == "same" and _low(context, i + 1) == "day" and context.previous is not None:
        previous = context.previous
        return _Time(previous.start, previous.end, previous.precision, i + 2) if previous.precision == "day" else None
    if today is None:
        return None
    if word == "day" and _low(context, i + 2) in ("yesterday", "tomorrow"):
        away = {("before", "yesterday"): -2, ("after", "tomorrow"): 2}.get((_low(context, i + 1), _low(context, i + 2)))
        return _day(_plus(today, away), i + 3) if away is not None else None
    if word in ("today", "tonight"):
        return _day(today, i + 1)
    if word == "overnight":
        return _Time(_plus(today, -1), _plus(today, 1), "day", i + 1)
    if word in ("yesterday", "tomorrow"):
        following = i + 2 if _low(context, i + 1) in _DAY_PARTS else i + 1
        return _day(_plus(today, -1 if word == "yesterday" else 1), following)
    if word == "this" and _low(context, i + 1) in _DAY_PARTS:
        return _day(today, i + 2)
    if word == "last" and _low(context, i + 1) == "night":
        return _day(_plus(today, -1), i + 2)
    return None


def _day(start: datetime.date, following: int) -> _Time:
    return _Time(start, _plus(start, 1), "day", following)


def _whole(today: datetime.date, unit: str, away: int) -> tuple[datetime.date, datetime.date, Precision] | None:
    """The calendar week, month, year or decade `away` from the one of `today`."""
    if unit == "week":
        start = _plus(today, -today.weekday() + 7 * away)
        return start, _plus(start, 7), "week"
    if unit == "month":
        start = _add_months(today.replace(day=1), away)
        return start, _add_months(start, 1), "month"
    if unit == "year":
        return datetime.date(today.year + away, 1, 1), datetime.date(today.year + away + 1, 1, 1), "year"
    if unit == "decade":
        first = today.year - today.year % 10 + 10 * away
        return datetime.date(first, 1, 1), datetime.date(first + 10, 1, 1), "year"
    if unit == "day":
        start = _plus(today, away)
        return start, _plus(start, 1), "day"
    return None


def _away(word: str) -> int | None:
    return 1 if word in _NEXT else -1 if word in _LAST else 0 if word in ("this", "current") else None


def _relative(context: _Context, i: int) -> _Time | None:
    """ "Next week", "last month", "this June", "earlier this year", "next Monday"; "year's end"."""
    today = context.today
    if today is None:
        return None
    at = i
    half: tuple[int, int] | None = None
    if _low(context, at) in ("earlier", "later") and _low(context, at + 1) == "this":
        half = (0, 1) if _low(context, at) == "earlier" else (1, 2)
        at += 1
    if _low(context, at) in ("year's", "year’s") and _low(context, at + 1) == "end":
        return _Time(datetime.date(today.year, 12, 1), datetime.date(today.year + 1, 1, 1), "month", at + 2)
    if [_low(context, at + step) for step in range(3)] == ["year", "-", "end"]:
        return _Time(datetime.date(today.year, 12, 1), datetime.date(today.year + 1, 1, 1), "month", at + 3)
    if _low(context, at) == "weekend" and _low(context, at - 1) == "the":
        coming = _plus(today, 5 - today.weekday())
        start = _plus(coming, 0 if context.direction == "future" or coming <= today else -7)
        return _Time(start, _plus(start, 2), "day", at + 1)
    away = _away(_low(context, at))
    if away is None:
        return None
    at += 1
    if away == 0 and _low(context, at) in _NEXT | _LAST:
        away = 1 if _low(context, at) in _NEXT else -1
        at += 1
    word = _low(context, at)
    if word == "weekend":
        monday = _plus(today, -today.weekday() + 7 * away)
        return _Time(_plus(monday, 5), _plus(monday, 7), "day", at + 1)
    if word in _UNITS and not word.endswith("s"):
        whole = _whole(today, _UNITS[word], away)
        if whole is None:
            return None
        start, end, precision = whole
        if half is not None:
            start, end = (start, min(_plus(today, 1), end)) if half == (0, 1) else (max(start, today), end)
        return _Time(start, end, precision, at + 1)
    month = _month_at(context, at)
    if month is not None:
        number, following = month
        if away == 0:
            return _month(today.year, number, following)
        turned = _Context(context.tokens, today, "future" if away > 0 else "past", context.previous)
        time = _month_nearest(turned, number, following)
        if time.start <= today < time.end:  # "last June" said in June is a year ago
            time = _month(today.year + away, number, following)
        return time
    return _weekday_away(context, at, away)


def _weekday_away(context: _Context, i: int, away: int) -> _Time | None:
    today = context.today
    day = _WEEKDAYS.get(_low(context, i))
    if day is None or today is None or not context.tokens[i].text[0].isupper():
        return None
    following = i + 2 if _low(context, i + 1) in _DAY_PARTS else i + 1
    ahead = (day - today.weekday()) % 7
    if away > 0:
        return _day(_plus(today, ahead or 7), following)
    if away < 0:
        return _day(_plus(today, -((today.weekday() - day) % 7 or 7)), following)
    return _day(_plus(today, day - today.weekday()), following)


def _weekday(context: _Context, i: int) -> _Time | None:
    today = context.today
    if today is None:
        return None
    if _low(context, i) in ("early", "late"):
        i += 1 if _low(context, i + 1) != "on" else 2
    if i >= len(context.tokens):
        return None
    token = context.tokens[i]
    day = _WEEKDAYS.get(token.low)
    if day is None or not token.text[0].isupper():
        return None
    if token.low in _SHORT_WEEKDAYS and _low(context, i + 1) not in (".", ","):
        return None
    following = i + 2 if _low(context, i + 1) in _DAY_PARTS else i + 1
    if context.direction == "future":
        return _day(_plus(today, (day - today.weekday()) % 7), following)
    return _day(_plus(today, -((today.weekday() - day) % 7)), following)


def _part_of(context: _Context, i: int) -> _Time | None:
    """ "Early 2018", "late June", "mid-June", "the end of the year", "the beginning of next month"."""
    part = _PARTS.get(_low(context, i))
    if part is None:
        return None
    at = i + 1
    while _low(context, at) in ("-", "of", "in", "the", "–"):
        at += 1
    if at == i + 1 and _low(context, i) in ("end", "start", "beginning", "middle"):
        return None
    today = context.today
    whole: _Time | None = None
    calendar = _calendar_date(context, at)
    if calendar is not None and calendar.precision == "month":
        whole = calendar
    elif _low(context, at) in _UNITS and _low(context, at - 1) == "the" and today is not None:
        this = _whole(today, _UNITS[_low(context, at)], 0)
        whole = _Time(*this, at + 1) if this is not None else None
    else:
        whole = _relative(context, at) or _season(context, at) or _month_alone(context, at) or _year(context, at)
    if whole is None or whole.precision == "day":
        return None
    days = (whole.end - whole.start).days
    start = _plus(whole.start, days * part[0] // 3)
    end = whole.end if part[1] == 3 else _plus(whole.start, days * part[1] // 3)
    finer: dict[str, Precision] = {"year": "season", "season": "month", "month": "week", "week": "day"}
    return _Time(start, end, finer.get(whole.precision, whole.precision), whole.following)


def _number_at(context: _Context, i: int) -> tuple[int, int] | None:
    """A small number at token `i` and the index after it: "six", "48", "a few", "a couple of"."""
    word = _low(context, i)
    if word in ("a", "the") and _low(context, i + 1) in ("few", "couple"):
        i, word = i + 1, _low(context, i + 1)
    if word.isascii() and word.isdecimal() and len(word) <= 3:
        return int(word), i + 1
    number = _NUMBERS.get(word)
    if number is None:
        return None
    return number, (i + 2 if _low(context, i + 1) == "of" else i + 1)


def _unit_at(context: _Context, i: int) -> str | None:
    return _UNITS.get(_low(context, i))


def _ago(context: _Context, i: int) -> _Time | None:
    """ "Six months ago", "two weeks earlier"."""
    today, number = context.today, _number_at(context, i)
    if today is None or number is None:
        return None
    unit = _unit_at(context, number[1])
    if unit is None or _low(context, number[1] + 1) != "ago":
        return None
    following = number[1] + 2
    start = _shift(today, unit, -number[0])
    if unit in ("hour", "day"):
        return _Time(start, _plus(start, 1), "hour" if unit == "hour" else "day", following)
    whole = _whole(start, unit, 0)
    return _Time(*whole, following) if whole is not None else None


def _span_of_units(context: _Context, i: int) -> _Time | None:
    """ "The coming days", "the next two weeks", "the past six months", and after a preposition "six months", "24 hours"."""
    today = context.today
    if today is None:
        return None
    at, away = i, _away(_low(context, i))
    if away is not None:
        at += 1
    number = _number_at(context, at)
    if number is not None:
        at = number[1]
    unit = _unit_at(context, at)
    if unit is None:
        return None
    plural = _low(context, at).endswith("s")
    if away is None or away == 0:
        return _after_preposition(context, i, at, number, unit, plural)
    if not plural:
        return None
    # "The coming days" end within a week or so, "weeks" within two months: what the plural leaves open is bounded thus.
    times = number[0] if number is not None else {"hour": 24, "day": 7, "week": 8, "month": 12, "year": 5}.get(unit, 1)
    return _between(today, _shift(today, unit, away * times), unit, at + 1)


def _after_preposition(
    context: _Context, i: int, at: int, number: tuple[int, int] | None, unit: str, plural: bool
) -> _Time | None:
    today, before = context.today, _low(context, i - 1)
    assert today is not None
    if number is None:
        if plural and before in ("within", "in") and unit in ("hour", "day", "week", "month"):
            return _between(
                today, _shift(today, unit, {"hour": 24, "day": 7, "week": 8, "month": 12}[unit]), unit, at + 1
            )
        return None
    if number[0] > 1 and not plural:
        return None
    times = number[0]
    if before == "in" and context.direction == "future" and unit not in ("hour", "day"):
        start = _shift(today, unit, times)
        whole = _whole(start, unit, 0)
        return _Time(*whole, at + 1) if whole is not None else None
    if before == "within":
        return _between(today, _shift(today, unit, times), unit, at + 1)
    if before in ("in", "for", "over", "during", "throughout"):
        sign = 1 if context.direction == "future" else -1
        return _between(today, _shift(today, unit, sign * times), unit, at + 1)
    return None


def _between(today: datetime.date, other: datetime.date, unit: str, following: int) -> _Time:
    start, end = (today, _plus(other, 1)) if other >= today else (other, _plus(today, 1))
    precision: Precision = (
        "hour" if unit == "hour" else "day" if unit == "day" else "week" if unit == "week" else "month"
    )
    return _Time(start, end, "year" if unit in ("year", "decade") else precision, following)


def _season(context: _Context, i: int) -> _Time | None:
    """ "This spring", "next summer", "the fall of 1990", "spring 2018"."""
    away = _away(_low(context, i))
    at = i + 1 if away is not None else i
    first = _SEASONS.get(_low(context, at))
    if first is None:
        return None
    named = at + 2 if _low(context, at + 1) == "of" else at + 1
    year = _year_at(context, named)
    if year is not None:
        return _season_of(year, first, named + 1)
    today = context.today
    if today is None:
        return None
    if away is None:
        if _low(context, i - 1) != "the" or _low(context, i - 2) not in ("in", "by", "until", "before", "since"):
            return None
        away = 0
    times = [_season_of(y, first, at + 1) for y in range(today.year - 2, today.year + 3)]
    if away > 0:
        return next(time for time in times if time.start > today)
    if away < 0:
        return next(time for time in reversed(times) if time.end <= today)
    if context.direction == "future":
        return next(time for time in times if time.end > today)
    # "this spring" in told news: the running one, the one just over, or, said of what is to come, the year's own
    return min(times, key=lambda time: abs((time.start - today).days + 45))


def _season_of(year: int, first: int, following: int) -> _Time:
    start = datetime.date(year, first, 1)
    return _Time(start, _add_months(start, 3), "season", following)


# --- arithmetic ------------------------------------------------------------------------------------------------


def _plus(day: datetime.date, days: int) -> datetime.date:
    return day + datetime.timedelta(days=days)


def _add_months(day: datetime.date, months: int) -> datetime.date:
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return datetime.date(year, month + 1, min(day.day, last))
        except ValueError:
            if not 1 <= year <= 9999:
                raise
    raise ValueError(f"no day {day.day} in month {month + 1} of {year}")


def _shift(day: datetime.date, unit: str, times: int) -> datetime.date:
    if unit == "hour":
        return _plus(day, int(times / 24))
    if unit == "day":
        return _plus(day, times)
    if unit == "week":
        return _plus(day, 7 * times)
    if unit == "month":
        return _add_months(day, times)
    years = times * (10 if unit == "decade" else 1)
    if abs(years) > _MOST_YEARS:
        raise OverflowError
    return _add_months(day, 12 * years)


_STARTS = (
    frozenset(_MONTHS) | frozenset(_WEEKDAYS) | frozenset(_SEASONS) | _NEXT | _LAST | frozenset(_PARTS) | _UNTIL | _DURING
    | frozenset(_NUMBERS)
    | frozenset(listed_words("the this today tonight yesterday tomorrow overnight same earlier later current year year's year’s"))
)  # fmt: skip
