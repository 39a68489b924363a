"""How many: numbers of troops, units, ships and aircraft in a text, with the bounds that the words give.

A count is a number in figures or words, a qualifier before it ("up to", "at least"), up to six words of description
("1,500 more Russian airborne troops") and a unit of `units.tsv`. Dates, years, money, percentages, ages and names
that hold a number (F-16, 82nd Airborne, Resolution 1701) are none. One pass over the words; linear on any input.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from agents.enrich.names.gazetteer import BadData, rows
from agents.enrich.names.nametokens import listed_words
from streams.records import Count

_UNITS = Path(__file__).parent / "units.tsv"

MOST = 100_000_000
"""No force is larger; a larger number is something else, and one of hundreds of digits is never converted."""
_REACH = 24
"""Tokens before a unit in which its number may begin: a range in words, and the description."""
_DESCRIPTION = 6
"""Words between number and unit. "12 unarmed United Nations military observers" has four."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountSpan:
    """Characters [start, end) of the text, from the qualifier to the unit, and the count that they give."""

    start: int
    end: int
    count: Count


class _Token(NamedTuple):  # made by the thousand: four times as fast as a frozen dataclass
    start: int
    end: int
    text: str
    low: str


# A number in figures, a word, or one mark. Each alternative consumes what it looks at: linear.
_TOKEN = re.compile(r"\d{1,3}(?:,\d{3})+(?![\d])|\d+(?:\.\d+)?|[^\W\d_]+(?:['’][^\W\d_]+)?|[^\w\s]|_+")

_ONES = dict(zip(listed_words("one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
                 "eighteen nineteen"), range(1, 20), strict=True))  # fmt: skip
_TENS = dict(
    zip(listed_words("twenty thirty forty fifty sixty seventy eighty ninety"), range(20, 100, 10), strict=True)
)
_SCALES = {"dozen": 12, "score": 20, "hundred": 100, "thousand": 1000, "million": 1_000_000, "billion": 1_000_000_000}
# "Hundreds" says that there are at least two hundred, and nothing about how many at most.
_PLURAL_SCALES = {"dozens": 24, "scores": 40, "hundreds": 200, "thousands": 2000, "millions": 2_000_000}
_FEW = {"several": 3, "few": 2, "couple": 2, "handful": 2}

_Bounds = tuple[int | None, int | None]
_AT_MOST, _AT_LEAST, _ABOUT = "at most", "at least", "about"
_QUALIFIERS: dict[tuple[str, ...], str] = {
    **{tuple(words.split()): _AT_MOST for words in (
        "up to", "as many as", "at most", "no more than", "not more than", "fewer than", "less than", "under", "nearly", "almost",
        "close to", "a maximum of", "maximum of", "just under", "at the most", "no fewer than up to", "upto", "just short of",
    )},
    **{tuple(words.split()): _AT_LEAST for words in (
        "at least", "more than", "over", "no fewer than", "not fewer than", "no less than", "not less than", "well over", "upwards of",
        "in excess of", "a minimum of", "minimum of", "just over", "above", "as few as", "better than",
    )},
    # A part of so many: "the first of 300 soldiers have arrived".
    **{tuple(words.split()): _AT_MOST for words in (
        "the first of", "first of", "some of", "most of", "many of", "several of", "part of", "a part of", "half of",
    )},
    **{tuple(words.split()): _ABOUT for words in (
        "about", "around", "some", "roughly", "approximately", "an estimated", "estimated", "circa", "perhaps", "probably", "possibly",
        "reportedly", "only", "just", "a total of", "total of", "another", "an additional", "additional", "an extra", "exactly",
        "a further", "further", "the first", "the last", "all", "all of", "its", "their", "his", "her", "our", "these", "those", "the",
        "an initial", "initial", "a combined", "a reported", "the remaining", "the other", "the final", "anywhere",
    )},
}  # fmt: skip
# Qualifiers that say nothing of how exact the number is: they belong to the span, not to the count.
_PLAIN = frozenset({
    "only", "just", "a total of", "total of", "another", "an additional", "additional", "an extra", "exactly", "a further", "further",
    "the first", "the last", "all", "all of", "its", "their", "his", "her", "our", "these", "those", "the", "an initial", "initial",
    "the remaining", "the other", "the final", "a combined", "a reported", "anywhere",
})  # fmt: skip
DETERMINERS = frozenset({"the", "its", "their", "his", "her", "our", "these", "those"})
_LONGEST_QUALIFIER = max(map(len, _QUALIFIERS))

_STRONG = frozenset({"strong"})
_MEMBERS = frozenset({"man", "member", "person", "soldier", "troop", "officer", "woman", "personnel"})
_GROUPS = frozenset({"force", "contingent", "army", "detachment", "group", "team", "column", "garrison", "unit", "presence", "deployment",
                     "mission", "battalion", "brigade", "regiment", "convoy", "advance party", "party", "corps"})  # fmt: skip
_MONTHS = frozenset(listed_words("january february march april may june july august september october november december jan feb mar apr jun jul aug "
                    "sep sept oct nov dec"))  # fmt: skip
_YEAR_AFTER = (
    frozenset(
        listed_words("in since until till by of during after before from late early mid through fiscal and to the")
    )
    | _MONTHS
)
_NUMBERED = frozenset(listed_words("resolution resolutions article section chapter no number nos flight room route highway page point paragraph annex "
                      "phase stage day week year version level group type mark model block pier gate line sector zone unit"))  # fmt: skip
# What ends the description between a number and its unit.
_STOP = frozenset(
    listed_words(
        "and or but nor in on at to for with by from into as that which who whom whose where when while after before since until than then "
        "is are was were be been being has have had do does did will would can could may might must shall should said says told year years "
        "month months week weeks day days hour hours minute minutes percent per mile miles kilometre kilometres kilometer kilometers km "
        "metre metres meter meters feet foot dollars euros pounds rubles roubles yen people civilians children families refugees women "
        "dead deaths wounded killed times countries nations states villages towns cities provinces points votes seats tons tonnes "
        "journalists diplomats lawmakers members ministers prisoners hostages tribesmen villagers workers residents demonstrators "
        "protesters students if because so not also it he she they we there here this against between under over through during "
        "suicide about around near among across without within off out up down back away"
    )
)
_AFTER_NUMBER = frozenset({"of", "or", "so"})


@functools.cache
def units() -> dict[str, tuple[str, str, bool]]:
    """For each word (or words) for what is counted: the unit, its kind, and whether the form is a plural. Raises `BadData`."""
    held: dict[str, tuple[str, str, bool]] = {}
    for number, row in rows(_UNITS, ("singular", "plural", "unit", "kind")):
        if row["kind"] not in ("person", "group", "equipment"):
            raise BadData(f"{_UNITS.name}, line {number}: kind {row['kind']!r} is none of person, group, equipment")
        held[row["singular"]] = (row["unit"], row["kind"], row["singular"] == row["plural"])
        held[row["plural"]] = (row["unit"], row["kind"], True)
    return held


@functools.cache
def _compound_starts() -> frozenset[str]:
    return frozenset(name.split(" ")[0] for name in units() if " " in name)


def find_counts(text: str) -> list[CountSpan]:
    """The counts of forces in `text`, in order, without overlap."""
    tokens = [_Token(m.start(), m.end(), m.group(), m.group().lower()) for m in _TOKEN.finditer(text)]
    near = _near_a_unit(tokens)
    spans: list[CountSpan] = []
    i = 0
    while i < len(tokens):
        read = _count_at(text, tokens, i) if near[i] else None
        if read is None:
            i += 1
            continue
        span, following = read
        spans.append(span)
        i = following
    return spans


def _near_a_unit(tokens: list[_Token]) -> bytearray:
    """For each token whether what is counted stands near enough to be worth a look: most of a text is passed over so."""
    near = bytearray(len(tokens))
    known, starts = units(), _compound_starts()
    until = 0
    for i, token in enumerate(tokens):
        if token.low in known or token.low in starts or token.low in _GROUPS:
            for j in range(max(until, i - _REACH), min(i + _DESCRIPTION, len(tokens))):
                near[j] = 1
            until = i
    return near


@dataclass(frozen=True, slots=True)
class _Number:
    low: int | None
    high: int | None
    following: int
    """Index of the first token after it."""
    vague: bool = False
    article: bool = False
    """Only "a" or "an"."""
    qualifier: str | None = None


def _count_at(text: str, tokens: list[_Token], i: int) -> tuple[CountSpan, int] | None:
    number = _expression(text, tokens, i)
    if number is None or _is_no_count(text, tokens, i, number):
        return None
    first = _qualifier_before(text, tokens, i)
    qualifier, bounds = _qualified(tokens, first, i, number)
    unit = _unit_after(text, tokens, number)
    if unit is None and not number.article:
        unit = _group_of(tokens, first, number) or _of_more(text, tokens, number)
    if unit is None:
        return None
    name, last = unit
    start, end = tokens[first].start, tokens[last].end
    count = Count(text=text[start:end], low=bounds[0], high=bounds[1], qualifier=qualifier, unit=name)
    return CountSpan(start=start, end=end, count=count), max(last + 1, number.following)


def _of_more(text: str, tokens: list[_Token], number: _Number) -> tuple[str, int] | None:
    """The unit of "40" in "40 of the 300 soldiers": that of the greater number which it is a part of."""
    i = number.following
    if i >= len(tokens) or tokens[i].low != "of":
        return None
    i += 1
    while i < len(tokens) and tokens[i].low in DETERMINERS:
        i += 1
    whole = _value(text, tokens, i) if i < len(tokens) else None
    if whole is None or whole.article or (whole.low or 0) <= (number.high or number.low or 0):
        return None
    return _unit_after(text, tokens, whole)


# --- numbers ---------------------------------------------------------------------------------------------------


def _expression(text: str, tokens: list[_Token], i: int) -> _Number | None:
    """The number that begins at token `i`: one value, or a range of two."""
    if tokens[i].low in ("between", "from"):
        low = _value(text, tokens, i + 1)
        if low is None or low.following + 1 >= len(tokens) or tokens[low.following].low not in ("and", "to"):
            return None
        high = _value(text, tokens, low.following + 1)
        return _range(tokens[i].low, low, high) if high is not None else None
    first = _value(text, tokens, i)
    if first is None or first.article:
        return first
    following = first.following
    if following + 1 < len(tokens) and tokens[following].low in ("to", "-", "–", "or"):
        second = _value(text, tokens, following + 1)
        if second is not None and not second.article and not second.vague and (second.low or 0) > (first.low or 0):
            return _range("between", first, second)
    return first


def _range(_: str, low: _Number, high: _Number) -> _Number | None:
    if low.low is None or high.high is None or low.low >= high.high:
        return None
    bottom = low.low
    if high.high >= 1000 and bottom < 1000 and high.high % 1000 == 0 and bottom * 1000 < high.high:
        bottom *= 1000  # "two to three thousand"
    elif 100 <= high.high < 1000 and bottom < 10 and high.high % 100 == 0 and bottom * 100 < high.high:
        bottom *= 100  # "two to three hundred"
    return _Number(bottom, high.high, high.following, qualifier="between")


def _value(text: str, tokens: list[_Token], i: int) -> _Number | None:
    """One number in figures or words at token `i`."""
    if i >= len(tokens):
        return None
    token = tokens[i]
    if token.text[0].isdecimal():
        return _figures(text, tokens, i)
    word = token.low
    if word in ("a", "an") and i + 1 < len(tokens):
        following = tokens[i + 1].low
        if following in _SCALES and following != "score":
            return _scaled(tokens, 1, i + 1)
        if following in _FEW:
            return _few(tokens, i + 1)
        return _Number(1, 1, i + 1, article=True)
    if word == "half" and i + 2 < len(tokens) and tokens[i + 1].low == "a" and tokens[i + 2].low == "dozen":
        return _Number(6, 6, i + 3)
    if word in _FEW:
        return _few(tokens, i)
    if word == "tens" and i + 2 < len(tokens) and tokens[i + 1].low == "of" and tokens[i + 2].low in _PLURAL_SCALES:
        return _Number(10 * _PLURAL_SCALES[tokens[i + 2].low], None, i + 3, vague=True)
    if word in _PLURAL_SCALES:
        low = _PLURAL_SCALES[word]
        if i + 2 < len(tokens) and tokens[i + 1].low == "of" and tokens[i + 2].low in ("thousands", "millions"):
            return _Number(low * (_PLURAL_SCALES[tokens[i + 2].low] // 2), None, i + 3, vague=True)
        return _Number(low, None, i + 1, vague=True)
    if word in _ONES or word in _TENS:
        return _words(text, tokens, i)
    return None


_DECIMAL = re.compile(r"\d+(?:\.\d+)?")


def _figures(text: str, tokens: list[_Token], i: int) -> _Number | None:
    token = tokens[i]
    digits = token.text.replace(",", "")
    if len(token.text) > 15 or _DECIMAL.fullmatch(digits) is None:
        return None  # "400²" has a footnote's mark
    value = float(digits)
    following = i + 1
    if following < len(tokens) and tokens[following].low in ("hundred", "thousand", "million", "billion"):
        value *= _SCALES[tokens[following].low]
        following += 1
    elif following < len(tokens) and tokens[following].low == "k" and tokens[following].start == token.end:
        value *= 1000
        following += 1
    if value != int(value) or not 0 < value <= MOST:
        return None
    return _Number(int(value), int(value), following)


def _scaled(tokens: list[_Token], times: int, i: int) -> _Number | None:
    value = times * _SCALES[tokens[i].low]
    if i + 1 < len(tokens) and tokens[i + 1].low in ("thousand", "million"):
        value *= _SCALES[tokens[i + 1].low]
        i += 1
    return _Number(value, value, i + 1) if value <= MOST else None


def _few(tokens: list[_Token], i: int) -> _Number:
    low = _FEW[tokens[i].low]
    following = i + 1
    if (
        following + 1 < len(tokens)
        and tokens[following].low == "of"
        and tokens[following + 1].low in ("hundred", "thousand", "dozen")
    ):
        following += 1  # "a couple of thousand"
    if following < len(tokens) and tokens[following].low in ("hundred", "thousand", "dozen", "million"):
        return _Number(low * _SCALES[tokens[following].low], None, following + 1, vague=True)
    return _Number(low, low if tokens[i].low == "couple" else None, following, vague=True)


def _words(text: str, tokens: list[_Token], i: int) -> _Number | None:
    """A number in words: "two hundred and fifty", "twenty-one thousand"."""
    total, part, j = 0, 0, i
    while j < len(tokens):
        word = tokens[j].low
        if word in _ONES:
            if part % 10 or 0 < part % 100 < 20:
                break
            part += _ONES[word]
        elif word in _TENS:
            if part % 100:
                break
            part += _TENS[word]
        elif word == "hundred" and 0 < part < 100:
            part *= 100
        elif word in ("thousand", "million") and part:
            total += part * _SCALES[word]
            part = 0
        elif word == "dozen" and part and not total:
            return _Number(part * 12, part * 12, j + 1)
        elif not _joins_words(tokens, i, j, part):
            break
        if total + part > MOST or j - i > 12:
            return None
        j += 1
    value = total + part
    return _Number(value, value, j) if value else None


def _joins_words(tokens: list[_Token], first: int, i: int, part: int) -> bool:
    """Whether token `i` joins two words of one number: "hundred and fifty", "twenty-one"."""
    if tokens[i].low == "and":
        return i > first and tokens[i - 1].low in ("hundred", "thousand") and _continues(tokens, i + 1)
    if tokens[i].low == "-":
        return part >= 20 and part % 10 == 0 and i + 1 < len(tokens) and tokens[i + 1].low in _ONES
    return False


def _continues(tokens: list[_Token], i: int) -> bool:
    return i < len(tokens) and (tokens[i].low in _ONES or tokens[i].low in _TENS)


# --- what is no count ------------------------------------------------------------------------------------------


def _is_no_count(text: str, tokens: list[_Token], i: int, number: _Number) -> bool:
    token = tokens[i]
    before = tokens[i - 1] if i else None
    after = tokens[number.following] if number.following < len(tokens) else None
    glued = before is not None and before.end == token.start
    if token.text[0].isdecimal():
        if glued and before is not None and (before.text[0].isalpha() or before.text in "$€£¥#:/.,+"):
            return True  # M23, $5, 12:30
        if glued and before is not None and before.text in "-–" and i >= 2 and tokens[i - 2].end == before.start:
            return True  # F-16, and the second half of a score
        if (
            after is not None
            and after.start == tokens[number.following - 1].end
            and (after.text[0].isalpha() or after.text in "%:/°")
        ):
            return True  # 82nd, 5%, 10:30, 50mm
        if before is not None and (before.text in "$€£¥" or before.low in ("us$", "usd", "eur")):
            return True
        if before is not None and (before.low in _MONTHS and number.low is not None and number.low <= 31):
            return True
        if before is not None and before.low in _NUMBERED:
            return True
        if _is_year(tokens, i, number) and (before is None or before.low in _YEAR_AFTER or before.text in "(,"):
            return True
    if after is not None and after.low in ("percent", "%", "pct", "am", "pm", "gmt", "a.m", "p.m"):
        return True
    if after is not None and after.low in _MONTHS and after.text[0].isupper():
        return True
    if before is not None and before.low in ("aged", "age"):
        return True
    if number.following + 1 < len(tokens) and after is not None and after.text in "-–":
        joined = tokens[number.following + 1]
        if joined.start == after.end and joined.text[0].isalpha():
            return joined.low not in _STRONG and joined.low not in _MEMBERS  # "20-year-old soldiers"
    return False


def _is_year(tokens: list[_Token], i: int, number: _Number) -> bool:
    return (
        number.low is not None
        and 1900 <= number.low <= 2100
        and number.following == i + 1
        and tokens[i].text.isdecimal()
    )


# --- qualifiers and units --------------------------------------------------------------------------------------


def _qualifier_before(text: str, tokens: list[_Token], i: int) -> int:
    """Index of the first token of the qualifiers that stand before token `i`."""
    first = i
    for _ in range(3):  # "up to another 500", "at least some 300"
        for length in range(min(_LONGEST_QUALIFIER, first), 0, -1):
            words = tuple(t.low for t in tokens[first - length : first])
            if words in _QUALIFIERS and not _apart(text, tokens, first - length, first):
                first -= length
                break
        else:
            break
    return first


def _apart(text: str, tokens: list[_Token], first: int, last: int) -> bool:
    return "\n\n" in text[tokens[first].start : tokens[last].start]


def _qualified(tokens: list[_Token], first: int, i: int, number: _Number) -> tuple[str | None, _Bounds]:
    words = [t.low for t in tokens[first:i]]
    low, high = number.low, number.high
    if number.qualifier is not None:
        return number.qualifier, (low, high)
    said: list[str] = []
    at = 0
    while at < len(words):
        for length in range(min(_LONGEST_QUALIFIER, len(words) - at), 0, -1):
            meaning = _QUALIFIERS.get(tuple(words[at : at + length]))
            if meaning is not None:
                phrase = " ".join(words[at : at + length])
                if phrase not in _PLAIN:
                    said.append(phrase)
                if meaning == _AT_MOST:
                    low, high = None, (high if high is not None else low)
                elif meaning == _AT_LEAST:
                    high = None
                at += length
                break
        else:
            at += 1
    qualifier = said[0] if said else None
    if qualifier is None and number.vague:
        qualifier = " ".join(t.low for t in tokens[i : number.following])
    return qualifier, (low, high)


def _unit_after(text: str, tokens: list[_Token], number: _Number) -> tuple[str, int] | None:
    """The unit of a number and the index of its last token, or None."""
    known, i = units(), number.following
    collective = False
    if i + 1 < len(tokens) and tokens[i].text in "-–" and tokens[i + 1].low in _STRONG | _MEMBERS:
        collective = True  # "331-strong force", "12-man team"
        i += 2
    if i < len(tokens) and tokens[i].low in _AFTER_NUMBER and not collective:
        i += 1
        if i < len(tokens) and tokens[i].low == "so":
            i += 1
        if i < len(tokens) and tokens[i].low in ("a", "an", "the"):
            inner = _value(text, tokens, i + 1)  # "some 163 of a 331-strong force"
            if inner is not None and not inner.article:
                return _unit_after(text, tokens, inner)
            i += 1
    single = not collective and number.high == 1
    for j in range(i, min(i + _DESCRIPTION + 1, len(tokens))):
        token = tokens[j]
        if not token.text[0].isalpha():
            if token.text in "-–" or (token.text == "." and len(tokens[j - 1].text) == 1):
                continue
            if token.text[0].isdecimal() and tokens[j - 1].text in "-–":
                continue  # "F-16 jets"
            return None
        if j > i and text.count("\n", tokens[j - 1].end, token.start) > 1:
            return None
        compound = _compound(tokens, j, known)
        if compound is not None:
            name, kind, plural = known[compound[0]]
            if collective and kind == "group":
                return "troops", compound[1]
            if plural or single or collective:
                if number.article and (
                    kind == "person" or name in ("troops", "armies") or _of_a_number(tokens, compound[1])
                ):
                    return None
                return name, compound[1]
        if token.low in _STOP and not (token.low == "women" and j == i):
            return None
        if collective and token.low in _GROUPS:
            return "troops", j
    return None


def _of_a_number(tokens: list[_Token], i: int) -> bool:
    """Whether "of" and a number follow token `i`: "a contingent of some 200"; that number is the count then."""
    ahead = tokens[i + 1 : i + 7]
    if not ahead or ahead[0].low != "of":
        return False
    return any(t.text[0].isdecimal() or t.low in _ONES or t.low in _TENS or t.low in _PLURAL_SCALES for t in ahead)


def _compound(tokens: list[_Token], i: int, known: dict[str, tuple[str, str, bool]]) -> tuple[str, int] | None:
    """The longest unit name at token `i`: its words and the index of the last, where no further unit word follows."""
    if tokens[i].low in _compound_starts():
        for length in (3, 2):
            words = " ".join(t.low for t in tokens[i : i + length])
            if words in known and i + length <= len(tokens):
                return words, i + length - 1
    if tokens[i].low not in known:
        return None
    if i + 1 < len(tokens) and tokens[i + 1].low in known and tokens[i + 1].start - tokens[i].end == 1:
        return None  # "police officers", "army helicopters": the last word is the unit
    return tokens[i].low, i


def _group_of(tokens: list[_Token], first: int, number: _Number) -> tuple[str, int] | None:
    """ "A force of 1,500": the unit of a number that has none of its own."""
    if first >= 2 and tokens[first - 1].low == "of" and tokens[first - 2].low in _GROUPS:
        return "troops", number.following - 1
    return None


_FIGURE = r"(?<![\d,])\d(?:[\d,]{0,18}\d)?(?![\d,]*\d)"
"""A number of no more digits than any count of soldiers has, whole."""
_IN_TURN = re.compile(rf"({_FIGURE}(?:, {_FIGURE}){{0,30}}),? and ({_FIGURE}) [\w -]{{1,200}}?\brespectively\b")


def counts_in_turn(text: str) -> list[Count]:
    """The numbers that "respectively" gives to parties listed before: "pledged 500, 200 and 50 soldiers respectively"."""
    match = _IN_TURN.search(text)
    if match is None:
        return []
    written = [*match[1].split(", "), match[2]]
    return [
        Count(text=n, low=int(n.replace(",", "")), high=int(n.replace(",", "")), qualifier=None, unit="troops")
        for n in written
    ]
