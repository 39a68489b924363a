"""What stands around an article on its page and has no words of its own to be known by: menus above it, lists of other
headlines below it or within it.

Known by shape: prose is long and ends as sentences do; headlines and menus are short and do not. A menu is known by its
words as well (`page_words.toml`): key points, the names of the dead and what people answer are short too. Lines that say
whom the article credits, where it was written or by whom are no furniture, whatever their shape.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from functools import cache

from agents.ingest.news import tells_news
from wirecopy.credits import credit_line_of, dateline_of, is_byline
from wirecopy.loading import words_by_kind

PROSE = 60
"""Characters from which a paragraph that ends as a sentence counts as prose."""
ENTRIES = 3
"""Lines above the first prose that are words of menus from which there is one: a kicker and a share link are not."""
OTHERS = 2
"""Most other lines in a row before an entry that are its neighbours in the menu: the outlet's name, a section of its own."""
ENTRY_LINE = 45
ENTRY_WORDS = 4
"""Most characters and words of a line among them."""
HEADLINE = 160
"""Most characters of a headline in a list."""
HEADLINES = 12
"""Most of them under one heading."""
_SENTENCE_END = re.compile(r"[.!?…。！？।؟]['\"”’»)\]]*$|[:;,]$")
_FULL_STOP = re.compile(r"[.,:;。！？।؟]['\"”’»)\]]*$|[.,!?]['\"”’»]+\s")
"""Headlines have none at their end; who is quoted in them has spoken in an article."""
_TOLD = re.compile(r"\d|[.,:;!?…،。！？；।؟\"“”„«»‘]|^[-•*–—]")
"""What stands in sentences, in what somebody says, in facts ("Troops: 400", "- Bishkek", "June 1") and not in menus."""
_MARKS_ONLY = re.compile(r"[\W_]*")


def is_prose(paragraph: str) -> bool:
    """Whether a paragraph is a sentence or more."""
    return len(paragraph) >= PROSE and _SENTENCE_END.search(paragraph) is not None


@cache
def page_words() -> Mapping[str, frozenset[str]]:
    """Lines that are a part of a page ("page") or where a menu leads ("section"). Raises `InvalidData`."""
    return words_by_kind("agents.ingest", "page_words.toml", "of", ("page", "section"))


def is_page_word(line: str) -> bool:
    """Whether a line is a part of a page by its words alone ("Skip to main content"): as a title it is none."""
    return _bare(line) in page_words()["page"]


def is_marks_only(paragraph: str) -> bool:
    """Whether there is no letter and no figure in it: a rule between parts of a page."""
    return _MARKS_ONLY.fullmatch(paragraph) is not None


def menu_above(paragraphs: Sequence[str]) -> set[int]:
    """Places of the lines of a menu above the first prose, with the few other short lines that stand among its entries.

    A text without any prose (a list, a poem, a language that ends sentences otherwise) has none.
    """
    first = next((place for place, paragraph in enumerate(paragraphs) if is_prose(paragraph)), 0)
    entries = [place for place in range(first) if _is_entry(paragraphs[place])]
    if len(entries) < ENTRIES:
        return set()
    menu = set(entries)
    for before, entry in itertools.pairwise([-1, *entries]):
        others = range(before + 1, entry)
        if len(others) <= OTHERS:
            menu |= {place for place in others if _may_be_entry(paragraphs[place])}
    return menu


def _is_entry(line: str) -> bool:
    words = page_words()
    return len(line) <= ENTRY_LINE and (_bare(line) in words["page"] or _bare(line) in words["section"])


def _may_be_entry(line: str) -> bool:
    if len(line) > ENTRY_LINE or len(line.split()) > ENTRY_WORDS or _TOLD.search(line):
        return False
    return not _tells_of_the_text(line) and not tells_news(line)


def _bare(line: str) -> str:
    return line.casefold().strip(" .»›>|•·-–—")


def end_of_headlines(paragraphs: Sequence[str], start: int, *, of_others: bool = True) -> int:
    """Where the article goes on after a heading ("Most read") at `start`: the headlines below it belong to the heading.

    `of_others`: they are of other articles, and may tell news; lines below a pay wall that do are this one's.
    """
    place, end = start + 1, min(len(paragraphs), start + 1 + HEADLINES)
    while place < end and _is_headline(paragraphs[place]) and not _tells_of_the_text(paragraphs[place]):
        if not of_others and tells_news(paragraphs[place]):
            break
        place += 1
    return place


def _is_headline(line: str) -> bool:
    return len(line) <= HEADLINE and _FULL_STOP.search(line) is None


def _tells_of_the_text(line: str) -> bool:
    return is_byline(line) or credit_line_of(line) is not None or dateline_of(line) is not None
