"""The figures of a text, and whether two texts that share their words also share their figures.

Bulletins of one template ("the 12th package of sanctions", "the 13th package of sanctions") share most of their words:
what tells them apart is how many, how much, the how-manieth, when, and whether up or down. A figure is kept as its value, what
it counts (the next word that means something) and the two words before it. Two figures of two texts *meet* if they count the
same or stand behind the same words; then they are the same or other ones. A figure that an editor has rounded is the same.
Which words stand for figures is data: `data/figures.toml`.

Of one text at most `KEPT` figures are kept, those whose context has the smallest hashes: two versions of one text keep the
same ones. They stay in the order of the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from math import floor, isfinite, log10
from struct import Struct

import xxhash

from wirecopy.loading import InvalidData, rows, text_of, texts_of

KEPT = 24
"""Figures kept of one text: 192 bytes. News has one in some 25 words, bulletins one in eight; of a longer text a part is
enough."""
ROUNDED = 0.03
"""Share of a figure by which rounding may change it: 3,957 to 4,000 and 2.47 to 2.5, but not 140 to 100."""
ORDINAL = 3
"""An ordinal counts so often where it is another one: editors round and correct numbers, but the 13th package is never the
12th."""
REACH = 3
"""Words behind a figure among which the first that means something is what it counts: "26 of the soldiers"."""

YEARS = (1900, 2100)
"""Numbers of four digits that are years, where a word before them says so."""
DAYS = 31
MOST = 1e30
"""Larger numbers are taken for this one: nothing in the news is counted so high, and a sketch has no room above 3e38."""
DECIMALS = 3
"""Digits behind a point at most: more are the next number."""
_FIGURE = Struct("<HHf")

_NUMERAL = re.compile(r"(\d{1,15})([a-z]{0,3})")
_ENDINGS = frozenset(("st", "nd", "rd", "th"))


@cache
def _words() -> dict[str, dict[str, float]]:
    """The words of the data file with their values, by kind. Raises `InvalidData`."""
    kinds: dict[str, dict[str, float]] = {
        kind: {}
        for kind in ("number", "ordinal", "scale", "suffix", "weekday", "month", "direction", "before a year", "empty")
    }
    for place, entry in rows("wirecopy", "data/figures.toml", "words"):
        kind = text_of(place, entry, "kind")
        if kind not in kinds:
            raise InvalidData(f"{place}: kind: {kind!r} is none of {', '.join(kinds)}")
        first, step = entry.get("first", 0), entry.get("step", 0)
        if not isinstance(first, int) or not isinstance(step, int):
            raise InvalidData(f"{place}: first, step: expected whole numbers, got {first!r} and {step!r}")
        for number, word in enumerate(texts_of(place, entry, "words")):
            kinds[kind][word] = float(first + number * step)
    return kinds


@cache
def _begins() -> frozenset[str]:
    """The words with which a figure may begin."""
    return frozenset(
        word for kind in ("number", "ordinal", "scale", "weekday", "month", "direction") for word in _words()[kind]
    )


Figure = tuple[int, int, float]
"""What it counts and the two words before it, as 16-bit hashes (0: nothing), and its value; of an ordinal below 0."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Figures of two texts that meet, counted in both: how many are the same, how many other ones."""

    same: int
    other: int


NONE_MEET = Compared(0, 0)


@lru_cache(maxsize=8192)
def _hash16(text: str) -> int:
    return xxhash.xxh3_64_intdigest(text.encode()) & 0xFFFF


def _stem(word: str) -> str:
    """What is counted, in the singular as far as an s goes: "troops" and "troop", "packages" and "package"."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def figures_of_words(words: Sequence[str]) -> tuple[Figure, ...]:
    """The figures among the words of a text (as `fingerprint.words` gives them), at most `KEPT`, in their order."""
    found: list[Figure] = []
    place = 0
    begins = _begins()
    # Of what words are made of, only the ten digits come before ":".
    for start in [place for place, word in enumerate(words) if word <= ":" or word in begins]:
        if start < place:
            continue
        read = _figure(words, start)
        if read is None:
            continue
        counts, value, place = read
        behind = " ".join(words[max(0, start - 2) : start])
        figure = (_hash16(counts) if counts else 0, _hash16(behind) if behind else 0, _as_kept(value))
        if figure not in found[-1:]:
            found.append(figure)
    if len(found) > KEPT:
        limit = sorted(map(_chance, found))[KEPT - 1]
        found = [figure for figure in found if _chance(figure) <= limit][:KEPT]
    return tuple(found)


def _figure(words: Sequence[str], start: int) -> tuple[str, float, int] | None:
    """What the figure that begins here counts, its value, and the place behind it."""
    word, known = words[start], _words()
    if word in known["weekday"]:
        return "weekday", known["weekday"][word], start + 1
    if word in known["direction"]:
        # What goes up stands before it: "shares closed higher".
        return "", known["direction"][word], start + 1
    if word in known["month"]:
        # "June 22": the date is one figure. A month alone may be a verb or a name ("may", "april").
        day = _NUMERAL.fullmatch(words[start + 1]) if start + 1 < len(words) else None
        if day is None or day[2] not in ("", *_ENDINGS) or not 1 <= int(day[1]) <= DAYS:
            return None
        return "date", 100 * known["month"][word] + int(day[1]), start + 2
    read = _number(words, start)
    if read is None:
        return None
    value, place = read
    if place < len(words) and words[place] in known["month"] and 1 <= abs(value) <= DAYS:
        return "date", 100 * known["month"][words[place]] + abs(value), place + 1
    if YEARS[0] <= value <= YEARS[1] and place - start == 1 and words[max(0, start - 1)] in known["before a year"]:
        return None
    return _counted(words, place), value, place


def _as_kept(value: float) -> float:
    """The value in the precision in which a sketch carries it."""
    kept: float = _FIGURE.unpack(_FIGURE.pack(0, 0, value))[2]
    return kept


def _chance(figure: Figure) -> int:
    return (figure[0] * 40503 + figure[1] * 30011) & 0xFFFF


def _number(words: Sequence[str], place: int) -> tuple[float, int] | None:
    """The value of the number that begins here (of an ordinal below 0), and the place behind it: "1 5 million" (of "1.5
    million"), "two hundred", "12th"."""
    word, size, known = words[place], len(words), _words()
    numeral = _NUMERAL.fullmatch(word)
    if word in known["ordinal"]:
        return -known["ordinal"][word], place + 1
    if numeral is not None and numeral[2] in _ENDINGS:
        return -float(numeral[1]), place + 1
    if numeral is not None and (not numeral[2] or numeral[2] in known["suffix"]):
        value = float(numeral[1]) * known["suffix"].get(numeral[2], 1.0)
        place += 1
        # Decimals come as two words, and so does a result of 2-1: both are read as a point.
        if place < size and not numeral[2] and words[place].isdecimal() and len(words[place]) <= DECIMALS:
            value += float(words[place]) / 10 ** len(words[place])
            place += 1
    elif word in known["number"]:
        value = known["number"][word]
        place += 1
        if value >= 20 and place < size and 0 < known["number"].get(words[place], 0) < 10:
            value += known["number"][words[place]]
            place += 1
    elif word in known["scale"]:
        value = 1.0
    else:
        return None
    while place < size and words[place] in known["scale"]:
        value = min(value * known["scale"][words[place]], MOST)
        place += 1
    return value, place


def _counted(words: Sequence[str], place: int) -> str:
    """What a number counts that ends before this place; empty where nothing near says it."""
    empty = _words()["empty"]
    for word in words[place : place + REACH]:
        if word not in empty and not word[0].isdigit():
            return _stem(word)
    return ""


_Values = dict[int, list[float]]


@dataclass(frozen=True, slots=True)
class InContext:
    """The figures of a text ready to be compared: those that can meet one of another text, and their values by what they count
    and by the words before them."""

    kept: tuple[Figure, ...]
    meeting: tuple[Figure, ...]
    distinct: frozenset[Figure]
    counting: _Values
    standing: _Values


def in_context(figures: Sequence[Figure]) -> InContext:
    """Figures ready to be compared."""
    counting: _Values = {}
    standing: _Values = {}
    meeting = tuple(figure for figure in figures if figure[0] or figure[1])
    for counts, behind, value in meeting:
        if counts:
            counting.setdefault(counts, []).append(value)
        if behind:
            standing.setdefault(behind, []).append(value)
    return InContext(tuple(figures), meeting, frozenset(meeting), counting, standing)


def compare(ours: InContext, theirs: InContext) -> Compared:
    """How many figures of two texts that meet are the same, and how many other ones. Symmetric."""
    if not ours.meeting or not theirs.meeting:
        return NONE_MEET
    same, other = _agreed(ours, theirs)
    their_same, their_other = _agreed(theirs, ours)
    return Compared(same + their_same, other + their_other)


def _agreed(ours: InContext, theirs: InContext) -> tuple[int, int]:
    # Copies have most figures with all that is around them: what they share is not looked at one by one.
    rest = [figure for figure in ours.meeting if figure not in theirs.distinct]
    same, other = len(ours.meeting) - len(rest), 0
    counting, standing = theirs.counting, theirs.standing
    for counts, behind, value in rest:
        counted, stood = counting.get(counts, ()), standing.get(behind, ())
        if not counted and not stood:
            continue
        if value in counted or value in stood or (value > 0 and _is_rounded_to_one(value, counted, stood)):
            same += 1
        else:
            other += ORDINAL if value < 0 else 1
    return same, other


def _is_rounded_to_one(value: float, *others: Sequence[float]) -> bool:
    """Whether a figure above 0 is one of the others rounded, or one of them is it. Most are not near enough to be asked
    further."""
    least, most = value * (1 - 2 * ROUNDED), value * (1 + 2 * ROUNDED)
    for values in others:
        for their in values:
            if least <= their <= most and (_is_rounded(value, their) or _is_rounded(their, value)):
                return True
    return False


def _is_rounded(short: float, full: float) -> bool:
    """Whether `short` is `full` rounded to one, two or three digits: 4,000 for 3,957, but 360,820 is not 360,010 and 3,000
    is not 300. Whole numbers below a hundred are not rounded: 49 dead are not 50."""
    if full <= 0 or abs(short - full) > ROUNDED * full or (full < 100 and full % 1 == 0):
        return False
    first = floor(log10(full))
    return any(abs(round(full, digits - first) - short) <= 1e-6 * full for digits in range(3))


def to_bytes(figures: Sequence[Figure]) -> bytes:
    """Eight bytes a figure, little endian."""
    return b"".join(_FIGURE.pack(*figure) for figure in figures)


@lru_cache(maxsize=4096)
def from_bytes(raw: bytes) -> tuple[Figure, ...]:
    """The figures of `to_bytes`. Raises ValueError for what is no whole number of them, or has no value."""
    if len(raw) % _FIGURE.size:
        raise ValueError(f"{len(raw)} bytes are no whole number of {_FIGURE.size}-byte figures")
    figures: tuple[Figure, ...] = tuple(_FIGURE.iter_unpack(raw))
    if not all(isfinite(value) for _, _, value in figures):
        raise ValueError("a figure that is infinite or no number")
    return figures


@cache
def calendar_words() -> frozenset[str]:
    """Days of the week and months, as they are written."""
    return frozenset(word for kind in ("weekday", "month") for word in _words()[kind])
