"""Words of a text as names are compared: folded case and accents, with offsets of the original text.

A name in the data and a name in the text are equal if their keys are: the folded words, joined by what stands between
them. So "U.S.", "U . S ." and "U. S." have one key, and so have "Guinea-Bissau" and "Guinea - Bissau".
"""

from __future__ import annotations

import functools
import itertools
import re
import unicodedata

# Soft hyphens, zero-width characters and marks of direction stand inside words of pasted text and mean nothing.
_IGNORED = "\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
# One class repeated: linear on any input. Combining marks belong to the letter before.
WORD = re.compile(rf"[^\W_][^\W_\u0300-\u036f{_IGNORED}]*(?:[\u0300-\u036f{_IGNORED}]+[^\W_]*)*")
_MEANINGLESS = re.compile(f"[{_IGNORED}]")


def listed_words(text: str) -> list[str]:
    """The words of a list written in one string."""
    return text.split()


HARD = None
"""What stands between two words that no name can span."""

_APART = {"ı": "i", "ł": "l", "Ł": "l", "ø": "o", "Ø": "o", "đ": "d", "Đ": "d", "ß": "ss", "æ": "ae", "Æ": "ae",
          "œ": "oe", "ð": "d", "Ð": "d", "þ": "th", "Þ": "th", "ʻ": "", "ʼ": ""}  # fmt: skip
# A full stop after these, or after a single letter, does not end a sentence.
_ABBREVIATIONS = frozenset(
    listed_words("st mt ft dr mr mrs ms gen lt col maj capt sgt cpl adm brig sen rep gov prof rev dem pres")
)


@functools.lru_cache(maxsize=16384)
def _fold_accents(word: str) -> str:
    apart = "".join(_APART.get(c, c) for c in word)
    decomposed = unicodedata.normalize("NFKD", _MEANINGLESS.sub("", apart))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).lower()


def fold(word: str) -> str:
    """`word` in lower case without accents. Words of more than 60 characters are no names and are only lowered."""
    if word.isascii() or len(word) > 60:
        return word.lower()
    return _fold_accents(word)


@functools.lru_cache(maxsize=4096)
def _joint_of(gap: str, after_initial: bool) -> str | None:
    gap = _MEANINGLESS.sub("", gap)
    if gap.count("\n") > 1:
        return HARD
    mark = "".join(gap.split())
    if mark in ("", "-", "'", "’", "‘", "`", "´", "&", "‐", "‑", "-'"):
        return " "
    if mark == "–" and gap == mark:
        return " "
    if mark in (".", ".-"):
        return " " if after_initial else HARD
    if mark == "," or (mark == ".," and after_initial):
        return ", "
    return HARD


def joint(gap: str, before: str) -> str | None:
    """How the words on both sides of `gap` are joined in a key: " ", ", " or `HARD`. `before` is the folded word before it."""
    if gap in (" ", "-"):
        return " "
    if len(gap) > 6:
        return HARD
    return _joint_of(gap, len(before) == 1 or before in _ABBREVIATIONS)


def key_of(name: str) -> str:
    """The key of a name as the data writes it. Raises `ValueError` if it has no words or cannot be one name."""
    words = list(WORD.finditer(name))
    if not words:
        raise ValueError(f"{name!r} has no words")
    parts = [fold(words[0].group())]
    for before, word in itertools.pairwise(words):
        joined = joint(name[before.end() : word.start()], fold(before.group()))
        if joined is HARD:
            raise ValueError(f"{name!r}: no name can span {name[before.end() : word.start()]!r}")
        parts += [joined, fold(word.group())]
    return "".join(parts)
