"""What stands around an article on its page and has no words of its own to be known by: menus above it, lists of other
headlines below it or within it.

Known by shape: prose is long and ends as sentences do; headlines and menus are short and do not. Lines that say whom the
article credits, where it was written or by whom are no furniture, whatever their shape.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from wirecopy.credits import credit_line_of, dateline_of, is_byline

PROSE = 60
"""Characters from which a paragraph that ends as a sentence counts as prose."""
MENU = 4
"""Short lines above the first prose from which they are a menu: fewer are a standfirst, a byline and a place."""
MENU_LINE = 45
"""Most characters of a line of a menu: text that was wrapped by hand has longer ones."""
HEADLINE = 160
"""Most characters of a headline in a list."""
HEADLINES = 12
"""Most of them under one heading."""
_SENTENCE_END = re.compile(r"[.!?…。！？।؟]['\"”’»)\]]*$|[:;,]$")
_FULL_STOP = re.compile(r"[.,:;。！？।؟]['\"”’»)\]]*$|[.,!?]['\"”’»]+\s")
"""Headlines have none at their end; who is quoted in them has spoken in an article."""
_FACT = re.compile(r"\d|:|^[-•*–—]")
_MARKS_ONLY = re.compile(r"[\W_]*")


def is_prose(paragraph: str) -> bool:
    """Whether a paragraph is a sentence or more."""
    return len(paragraph) >= PROSE and _SENTENCE_END.search(paragraph) is not None


def without_menus(paragraphs: Sequence[str]) -> list[str]:
    """The paragraphs without lines of marks alone, and without a menu above the first prose.

    A text without any prose (a list, a poem, a language that ends sentences otherwise) keeps all its lines.
    """
    kept = [paragraph for paragraph in paragraphs if not _MARKS_ONLY.fullmatch(paragraph)]
    first = next((place for place, paragraph in enumerate(kept) if is_prose(paragraph)), 0)
    above = kept[:first]
    if sum(_is_in_menu(line) for line in above) < MENU:
        return kept
    return [line for line in above if not _is_in_menu(line)] + kept[first:]


def _is_in_menu(line: str) -> bool:
    # "Troops: 400", "- Bishkek" and "June 1" are facts above an article, not places to go to.
    return len(line) <= MENU_LINE and _FACT.search(line) is None and not _tells_of_the_text(line)


def end_of_headlines(paragraphs: Sequence[str], start: int) -> int:
    """Where the article goes on after a heading ("Most read") at `start`: the headlines below it belong to the heading."""
    place, end = start + 1, min(len(paragraphs), start + 1 + HEADLINES)
    while place < end and _is_headline(paragraphs[place]) and not _tells_of_the_text(paragraphs[place]):
        place += 1
    return place


def _is_headline(line: str) -> bool:
    return len(line) <= HEADLINE and _FULL_STOP.search(line) is None


def _tells_of_the_text(line: str) -> bool:
    return is_byline(line) or credit_line_of(line) is not None or dateline_of(line) is not None
