"""Page furniture, taken out of an article's paragraphs. Data: `furniture.toml`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from wirecopy.loading import InvalidData, rows, text_of, texts_of

LONGEST = 120
"""Characters of a paragraph that may be furniture where the data says nothing else: most prose is looked at by few patterns."""
_PROSE = 60
"""Characters from which a paragraph that ends as a sentence counts as prose: captions stand above the first one."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One kind of furniture. `top`: only above the first paragraph of prose."""

    name: str
    pattern: re.Pattern[str]
    top: bool
    longest: int
    signs: tuple[str, ...]
    examples: tuple[str, ...]
    kept: tuple[str, ...]


@cache
def patterns() -> tuple[Pattern, ...]:
    """The patterns of the data file. Raises `InvalidData`."""
    found = []
    for place, entry in rows("agents.ingest", "furniture.toml", "furniture"):
        where = text_of(place, entry, "where", "anywhere")
        if where not in ("anywhere", "top"):
            raise InvalidData(f"{place}: where: {where!r} is neither 'anywhere' nor 'top'")
        try:
            pattern = re.compile(text_of(place, entry, "pattern"), re.IGNORECASE)
        except re.error as error:
            raise InvalidData(f"{place}: pattern: {error}") from None
        examples = texts_of(place, entry, "examples")
        if not examples:
            raise InvalidData(f"{place}: examples: a pattern needs one at least")
        longest = entry.get("longest", LONGEST)
        if not isinstance(longest, int) or longest < 1:
            raise InvalidData(f"{place}: longest: expected a number of characters, got {longest!r}")
        kept = texts_of(place, entry, "kept")
        signs = tuple(entry.get("signs", ""))
        found.append(Pattern(text_of(place, entry, "name"), pattern, where == "top", longest, signs, examples, kept))
    return tuple(found)


def furniture_name(paragraph: str, *, top: bool) -> str | None:
    """Which kind of furniture a paragraph is, if any. `top`: it stands above the first paragraph of prose."""
    length = len(paragraph)
    for kind in patterns():
        if length > kind.longest or (kind.top and not top):
            continue
        if kind.signs and not any(sign in paragraph for sign in kind.signs):
            continue
        if kind.pattern.fullmatch(paragraph):
            return kind.name
    return None


def without_furniture(paragraphs: Sequence[str], title: str) -> list[str]:
    """The paragraphs that are the article's. A first paragraph that repeats the headline goes as well."""
    kept: list[str] = []
    above_prose = True
    heading = title.casefold().strip(" .")
    for paragraph in paragraphs:
        if furniture_name(paragraph, top=above_prose) is not None:
            continue
        if not kept and heading and paragraph.casefold().strip(" .") == heading:
            continue
        kept.append(paragraph)
        if len(paragraph) >= _PROSE and paragraph.rstrip("\"”’')")[-1:] in ".!?":
            above_prose = False
    return kept
