"""Which words of a text stand in quotation marks."""

from __future__ import annotations

import re
from collections.abc import Iterator

_MARK = re.compile(r"[\"“”„«»‘’]")
_BEFORE_SINGLE = re.compile(r"^$|[\s(\[\"“„«]$")
_AFTER_SINGLE = re.compile(r"[^\w\s]{0,2}(?:\s|$)")
"""Where single marks stand around words. Others are apostrophes: "the ministry’s"."""
_OPENING = frozenset("“„«‘")
_CLOSING = {"”": "“", "“": "„", "»": "«", "’": "‘", '"': '"'}


def pieces(paragraph: str) -> Iterator[tuple[str, bool]]:
    """The paragraph cut at its quotation marks, in order, each piece with whether it is quoted.

    A quotation that is not closed goes on to the end of the paragraph. The next paragraph is quoted from its own mark, as
    it opens with one: so a mark that is missing or too many does no harm beyond its paragraph.
    """
    start = 0
    open_mark = ""
    for found in _MARK.finditer(paragraph):
        mark = found.group()
        if mark == "‘" and not _BEFORE_SINGLE.search(paragraph[max(0, found.start() - 1) : found.start()]):
            continue
        if mark == "’" and not _AFTER_SINGLE.match(paragraph, found.end()):
            continue
        if open_mark:
            if _CLOSING.get(mark) != open_mark:
                continue
            yield paragraph[start : found.start()], True
            open_mark = ""
        elif mark in _OPENING or mark == '"':
            yield paragraph[start : found.start()], False
            open_mark = mark
        else:
            continue
        start = found.end()
    yield paragraph[start:], bool(open_mark)
