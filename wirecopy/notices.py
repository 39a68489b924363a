"""What an article says of itself in its headline: that it updates, corrects or withdraws an earlier one.

Data: `data/notices.toml`.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any, get_args

from streams.records import Notice
from wirecopy.loading import InvalidData, rows, text_of


@cache
def _patterns() -> tuple[tuple[Notice, re.Pattern[str]], ...]:
    patterns = []
    for place, entry in rows("wirecopy", "data/notices.toml", "notice"):
        kind: Any = text_of(place, entry, "kind")
        if kind not in get_args(Notice):
            raise InvalidData(f"{place}: kind: {kind!r} is none of {', '.join(get_args(Notice))}")
        try:
            patterns.append((kind, re.compile(text_of(place, entry, "pattern"), re.IGNORECASE)))
        except re.error as error:
            raise InvalidData(f"{place}: pattern: {error}") from None
    return tuple(patterns)


def notice_of(title: str) -> tuple[Notice | None, str]:
    """The notice at the start of a headline, and the headline without it.

    "CORRECTED-Russia asks Kazakhstan for troops" -> "correction", "Russia asks Kazakhstan for troops".
    """
    stripped = title.strip()
    for kind, pattern in _patterns():
        found = pattern.match(stripped)
        if found:
            return kind, stripped[found.end() :].lstrip(" \t-–—:,")
    return None, stripped
