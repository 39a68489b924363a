"""Page furniture, taken out of an article's paragraphs, and what was taken out. Data: `furniture.toml`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from agents.ingest.edges import end_of_headlines, is_marks_only, is_prose, menu_above
from agents.ingest.news import tells_more_than_a_picture, tells_news
from wirecopy.loading import InvalidData, rows, text_of, texts_of

LONGEST = 120
"""Characters of a paragraph that may be furniture where the data says nothing else: most prose is looked at by few patterns."""

GUARDS: dict[str, Callable[[str], bool]] = {
    "news": tells_news,
    "picture": tells_more_than_a_picture,
    "none": lambda _: False,
}
"""What a paragraph that fits a pattern is looked at for: if it tells that, it is no furniture."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One kind of furniture. `top`: only above the first paragraph of prose. `guard`: which of `GUARDS` spares it.

    `below`: what goes with it of the short lines below: "headlines", "offers" (what tells no news), or "nothing".
    """

    name: str
    pattern: re.Pattern[str]
    top: bool
    below: str
    guard: str
    longest: int
    signs: tuple[str, ...]
    needs: tuple[str, ...]
    examples: tuple[str, ...]
    kept: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """A line that was taken out, and the kind of furniture that it is."""

    line: str
    kind: str


@dataclass(frozen=True, slots=True)
class Sorted:
    """The paragraphs of a page: those of the article, and those that are not, both in their order."""

    kept: tuple[str, ...]
    taken: tuple[Taken, ...]


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
        below = text_of(place, entry, "below", "nothing")
        if below not in ("headlines", "offers", "nothing"):
            raise InvalidData(f"{place}: below: {below!r} is none of 'headlines', 'offers', 'nothing'")
        guard = text_of(place, entry, "guard", "news")
        if guard not in GUARDS:
            raise InvalidData(f"{place}: guard: {guard!r} is none of {', '.join(GUARDS)}")
        name = text_of(place, entry, "name")
        needs = texts_of(place, entry, "needs")
        found.append(Pattern(name, pattern, where == "top", below, guard, longest, signs, needs, examples, kept))
    return tuple(found)


def furniture_of(paragraph: str, *, top: bool) -> Pattern | None:
    """Which kind of furniture a paragraph is, if any. `top`: it stands above the first paragraph of prose."""
    length, folded = len(paragraph), paragraph.casefold()
    for kind in patterns():
        if length > kind.longest or (kind.top and not top):
            continue
        if kind.signs and not _has_any(paragraph, kind.signs):
            continue
        if kind.needs and not _has_any(folded, kind.needs):
            continue
        if kind.pattern.fullmatch(paragraph) and not GUARDS[kind.guard](paragraph):
            return kind
    return None


def _has_any(text: str, words: Sequence[str]) -> bool:
    # Asked some sixty times of each paragraph: `any` over a generator takes three times as long.
    for word in words:  # noqa: SIM110
        if word in text:
            return True
    return False


def sorted_out(paragraphs: Sequence[str], title: str) -> Sorted:
    """The paragraphs that are the article's, and the others. Whatever only repeats the headline is none of the article's."""
    kept: list[str] = []
    taken = [Taken(paragraph, "marks") for paragraph in paragraphs if is_marks_only(paragraph)]
    paragraphs = [paragraph for paragraph in paragraphs if not is_marks_only(paragraph)]
    menu = menu_above(paragraphs)
    taken += [Taken(paragraphs[place], "menu") for place in sorted(menu)]
    paragraphs = [paragraph for place, paragraph in enumerate(paragraphs) if place not in menu]
    above_prose = True
    heading = _folded(title)
    place = 0
    while place < len(paragraphs):
        paragraph = paragraphs[place]
        kind = furniture_of(paragraph, top=above_prose)
        if kind is not None:
            end = place + 1
            if kind.below != "nothing":
                end = end_of_headlines(paragraphs, place, of_others=kind.below == "headlines")
            taken.append(Taken(paragraph, kind.name))
            taken += [Taken(line, f"{kind.below} below it") for line in paragraphs[place + 1 : end]]
            place = end
            continue
        place += 1
        if heading and _folded(paragraph) == heading:
            taken.append(Taken(paragraph, "headline again"))
            continue
        kept.append(paragraph)
        if is_prose(paragraph):
            above_prose = False
    return Sorted(tuple(kept), tuple(taken))


def without_furniture(paragraphs: Sequence[str], title: str) -> list[str]:
    """The paragraphs that are the article's."""
    return list(sorted_out(paragraphs, title).kept)


def _folded(line: str) -> str:
    return line.casefold().strip(" .")
