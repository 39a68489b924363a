"""Page furniture, taken out of an article's paragraphs. Data: `furniture.toml`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from agents.ingest.edges import end_of_headlines, is_prose, without_menus
from wirecopy.loading import InvalidData, rows, text_of, texts_of

LONGEST = 120
"""Characters of a paragraph that may be furniture where the data says nothing else: most prose is looked at by few patterns."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One kind of furniture. `top`: only above the first paragraph of prose. `heading`: headlines of others follow it."""

    name: str
    pattern: re.Pattern[str]
    top: bool
    heading: bool
    longest: int
    signs: tuple[str, ...]
    needs: tuple[str, ...]
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
        heading = entry.get("heading", False)
        if not isinstance(heading, bool):
            raise InvalidData(f"{place}: heading: expected true or false, got {heading!r}")
        name = text_of(place, entry, "name")
        needs = texts_of(place, entry, "needs")
        found.append(Pattern(name, pattern, where == "top", heading, longest, signs, needs, examples, kept))
    return tuple(found)


def furniture_of(paragraph: str, *, top: bool) -> Pattern | None:
    """Which kind of furniture a paragraph is, if any. `top`: it stands above the first paragraph of prose."""
    length, folded = len(paragraph), paragraph.casefold()
    for kind in patterns():
        if length > kind.longest or (kind.top and not top):
            continue
        if kind.signs and not any(sign in paragraph for sign in kind.signs):
            continue
        if kind.needs and not any(word in folded for word in kind.needs):
            continue
        if kind.pattern.fullmatch(paragraph):
            return kind
    return None


def without_furniture(paragraphs: Sequence[str], title: str) -> list[str]:
    """The paragraphs that are the article's. Whatever only repeats the headline goes as well."""
    paragraphs = without_menus(paragraphs)
    kept: list[str] = []
    above_prose = True
    heading = _folded(title)
    place = 0
    while place < len(paragraphs):
        paragraph = paragraphs[place]
        kind = furniture_of(paragraph, top=above_prose)
        if kind is not None:
            place = end_of_headlines(paragraphs, place) if kind.heading else place + 1
            continue
        place += 1
        if heading and _folded(paragraph) == heading:
            continue
        kept.append(paragraph)
        if is_prose(paragraph):
            above_prose = False
    return kept


def _folded(line: str) -> str:
    return line.casefold().strip(" .")
