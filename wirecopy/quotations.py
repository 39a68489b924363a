"""Which words of a text stand in quotation marks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

_MARK = re.compile(r"``|''|[\"“”„«»‘’'`]")
_BEFORE_SINGLE = re.compile(r"^$|[\s(\[\"“„«—–]$")
_AFTER_SINGLE = re.compile(r"[^\w\s]{0,2}(?:\s|$)")
"""Where single marks stand around words. Others are apostrophes: "the ministry’s"."""
_SHORTENED = re.compile(r"(?:\d0s|em|til|tis|twas|n|cause)\b|\s", re.IGNORECASE)
"""What begins with an apostrophe: "the '90s", "let 'em", "rock 'n' roll"."""
_CLOSED_BY = {
    "“": frozenset("”"),
    "„": frozenset("“”"),
    "«": frozenset("»"),
    "‘": frozenset("’"),
    '"': frozenset('"'),
    "'": frozenset("'"),
    "`": frozenset("'"),
    "``": frozenset(("''", '"')),
    "''": frozenset(("''",)),
}
_SINGLE = frozenset("‘’'`")
_LIKE_APOSTROPHES = _SINGLE | {"``", "''"}
_GOES_ON = re.compile(r"\s\w")


def pieces(paragraph: str) -> Iterator[tuple[str, bool]]:
    """The paragraph cut at its quotation marks, in order, each piece with whether it is quoted.

    A quotation that is not closed goes on to the end of the paragraph. The next paragraph is quoted from its own mark, as
    it opens with one: so a mark that is missing or too many does no harm beyond its paragraph. Only a straight single mark that
    nothing closes opens none, unless the paragraph begins with it: it is an apostrophe.
    """
    start = 0
    open_mark = ""
    marks = list(_marks(paragraph))
    last = {found.group(): found.start() for found in marks if _is_behind(paragraph, found)}
    for found, following in zip(marks, _following(marks), strict=True):
        mark = found.group()
        if open_mark:
            if mark not in _CLOSED_BY[open_mark] or not _closes(paragraph, found, following):
                continue
            yield paragraph[start : found.start()], True
            open_mark = ""
        elif mark in _CLOSED_BY and _opens(paragraph, found, last):
            yield paragraph[start : found.start()], False
            open_mark = mark
        else:
            continue
        start = found.end()
    yield paragraph[start:], bool(open_mark)


def _following(marks: Sequence[re.Match[str]]) -> list[re.Match[str] | None]:
    """For each mark the next single one."""
    found: list[re.Match[str] | None] = []
    following = None
    for mark in reversed(marks):
        found.append(following)
        if mark.group() in _SINGLE:
            following = mark
    return found[::-1]


def _marks(paragraph: str) -> Iterator[re.Match[str]]:
    """The marks of a paragraph without the apostrophes inside of words."""
    for found in _MARK.finditer(paragraph):
        mark = found.group()
        if mark in _LIKE_APOSTROPHES and not (_is_before_words(paragraph, found) or _is_behind(paragraph, found)):
            continue
        yield found


def _is_before_words(paragraph: str, found: re.Match[str]) -> bool:
    before = paragraph[max(0, found.start() - 1) : found.start()]
    return found.group() != "’" and bool(_BEFORE_SINGLE.search(before)) and not _SHORTENED.match(paragraph, found.end())


def _is_behind(paragraph: str, found: re.Match[str]) -> bool:
    return found.group() not in ("‘", "`", "``") and bool(_AFTER_SINGLE.match(paragraph, found.end()))


def _opens(paragraph: str, found: re.Match[str], last: Mapping[str, int]) -> bool:
    """`last`: where each mark stands behind words for the last time."""
    mark = found.group()
    if mark not in _LIKE_APOSTROPHES:
        return True
    if not _is_before_words(paragraph, found):
        return False
    if mark in ("‘", "``") or not paragraph[: found.start()].strip():
        return True
    return any(last.get(closing, -1) > found.start() for closing in _CLOSED_BY[mark])


def _closes(paragraph: str, found: re.Match[str], following: re.Match[str] | None) -> bool:
    """Whether a mark ends the words that are quoted: not that of "the ministers' plan", if the single mark that follows closes
    as well."""
    if found.group() not in _SINGLE:
        return True
    if not _is_behind(paragraph, found):
        return False
    of_plural = paragraph[max(0, found.start() - 1) : found.start()].casefold() == "s"
    if not of_plural or not _GOES_ON.match(paragraph, found.end()):
        return True
    return following is None or _is_before_words(paragraph, following)
