"""Whether a deployment is told as history: `background`, which alerts nobody."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

YEARS_AGO = 0.9
"""Told as history from this many years before the article on; "last year" in January is news still."""

_YEAR = re.compile(
    r"\b(1[89]\d\d|20\d\d)\b(?!\s*(?:troops|soldiers|men|tanks|personnel|jets|aircraft|fighters|planes))"
)
_NAMED_BY_YEAR = re.compile(
    r"\b(?:genocide|wars?|treaty|accords?|revolution|protocol|coup|class|classes|resolution|constitution|agreement|crisis|intake|massacre|"
    r"uprising|law|act|pact|convention|invasion) of (?:the )?$",
    re.IGNORECASE,
)
"""What is called by its year is no time that the sentence tells of: "after the genocide of 1994"."""
_DECADE = re.compile(r"\b(?:1[89]|20)\d0s\b")
_DAY = re.compile(
    r"\b\d{1,2}(?:st|nd|rd|th)?,?\s+(?:of\s+)?(?:1[89]\d\d|20\d\d)\b|\b\d{1,2}\s+(?:January|February|March|April|May|June|July|August|September|October|November|December)\b",
    re.IGNORECASE,
)
_AGO = re.compile(
    r"\b(?:(?:a|one) (?:year|decade)|(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|several|many|some|\d+) (?:years|decades)) (?:ago|before|earlier|later|afterwards)\b|\bcenturies ago\b|\b(?:years|decades) (?:ago|earlier)\b|\b(?:repeatedly|often|several times) in the past\b|\bin the past(?= (?:has|have|had|sent|repeatedly))",
    re.IGNORECASE,
)
_NOW = re.compile(
    r"\b(?:today|yesterday|tomorrow|now|this (?:week|month|year|morning|weekend)|last (?:week|month|night)|next (?:week|month|year)|"
    r"(?:on )?(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)|(?:has|have) (?:been|now|already))\b",
    re.IGNORECASE,
)
_ERA = re.compile(
    r"\b(?:World War|First World War|Second World War|Cold War|Gulf War|Napoleonic|Vietnam War|Korean War|colonial era|Soviet era)\b"
)


def years(text: str) -> list[int]:
    """The years that a text names."""
    return [int(m.group(1)) for m in _YEAR.finditer(text) if not _NAMED_BY_YEAR.search(text[: m.start()])]


def told_as_history(clause: str, published: date | None, *, past: bool) -> bool:
    """Whether a clause tells of an earlier time. `past`: it is told in the simple past.

    Without the article's date only a year without a day, a decade, or "years ago" tell history.
    """
    if not past:
        return False
    if _DECADE.search(clause) or _AGO.search(clause) or _ERA.search(clause):
        return True
    named = years(clause)
    if not named:
        return False
    if published is None:
        return not _DAY.search(clause)
    return _long_past(clause, max(named), published)


def year_told(text: str, published: date | None) -> int | None:
    """The year that a sentence tells of, where it lies long before the article; -1 for a decade or "years ago"."""
    if published is None:
        return None
    named = years(text)
    if named:
        return max(named) if _long_past(text, max(named), published) else None
    return -1 if _DECADE.search(text) or _AGO.search(text) else None


def told_of_now(text: str) -> bool:
    """Whether a sentence speaks of the days around the article: it ends a paragraph's history."""
    return _NOW.search(text) is not None


def _long_past(text: str, year: int, published: date) -> bool:
    return published.year - year > 1 or (published.year - year == 1 and _old_enough(text, year, published))


def _old_enough(text: str, year: int, published: date) -> bool:
    """Whether a time in the year before the article's lies far enough back."""
    months = (
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    )
    lowered = text.lower()
    for number, month in enumerate(months, start=1):
        if f"{month} {year}" in lowered or f"{month} of {year}" in lowered:
            return (published - date(year, number, 15)).days > YEARS_AGO * 365
    return published.month > 3


def clause_text(verb: Any, sentence: str) -> str:
    """The words of the predicate's own clause, without its coordinated and embedded ones."""
    start, end = verb.idx, verb.idx + len(verb.text)
    for token in verb.subtree:
        inside = token
        while inside.i != verb.i:
            if inside.dep_ in ("conj", "relcl") and inside.pos_ in ("VERB", "AUX"):
                break
            inside = inside.head
        if inside.i == verb.i:
            start, end = min(start, token.idx), max(end, token.idx + len(token.text))
    return sentence[start:end]
