"""A text cut into sentences with their offsets: by rules, without the parser, at some megabytes a second.

Blank lines are hard breaks, so a headline or a caption is a sentence of its own. A line break inside a paragraph is one
too unless the text plainly runs on. Datelines ("TUNIS (MM) - ", "ISTANBUL, Jan. 14 — ") are not part of a sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST = 1_200
"""A sentence of more characters is cut at the last space before it: no news sentence is as long, and parsing costs time."""

ABBREVIATIONS = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "gen",
        "lt",
        "col",
        "maj",
        "capt",
        "sgt",
        "brig",
        "adm",
        "rear",
        "vice",
        "sen",
        "rep",
        "gov",
        "pres",
        "st",
        "no",
        "nos",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sept",
        "sep",
        "oct",
        "nov",
        "dec",
        "mon",
        "tue",
        "tues",
        "wed",
        "thu",
        "thur",
        "thurs",
        "fri",
        "sat",
        "sun",
        "inc",
        "ltd",
        "corp",
        "co",
        "vs",
        "etc",
        "al",
        "jr",
        "sr",
        "messrs",
        "rev",
        "hon",
        "u.s",
        "u.n",
        "u.k",
        "e.u",
        "u.a.e",
        "d.c",
        "a.m",
        "p.m",
        "i.e",
        "e.g",
        "ft",
        "mt",
        "approx",
        "dept",
        "est",
        "cmdr",
        "cpl",
        "pvt",
        "supt",
        "atty",
        "spc",
    ]
)
_HARD_BREAK = re.compile(r"\n[ \t\r]*(?:\n[ \t\r]*)+|\n")
_END = re.compile(r"[.!?…]{1,6}[\"”’'»)\]]{0,6}(?=\s)|(?<=\w)[.!?][\"”’»](?=[A-Z])")
_STARTS = re.compile(r"\s+[\"“‘'«(\[-]*[A-Z0-9ÀÖØÞ]|\s+[\"“‘«][^\W_]")
_DATELINE = re.compile(
    r"""(?: \w[\w.]*\ \d{1,2},?\ \d{4}\.\ )?             # June 9, 2020. BEIRUT (Reuters) -
        [A-Z\u00C0-\u00DE][\w'’.\u00C0-\u00FF-]*(?:[ ][\w'’.-]+){0,3}
        (?: ,\ [A-Z][\w.'’ -]{1,25}?){0,2}
        (?: ,?\ (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?\ \d{1,2}(?:,\ \d{4})?)?
        (?: \ \([^()\n]{2,40}\))?
        \ ?(?:--|[-–—])\ """,
    re.VERBOSE | re.IGNORECASE,
)


_CAPTION = re.compile(
    r"""[(\[]?\s*FILE(?:\s+(?:PHOTO|PICTURE|IMAGE|FOOTAGE)S?)?\s*[)\]:/|–—-]
    |.{0,120}\b[Ii]n\ this\b.{0,60}\bfile\ (?:photo(?:graph)?|picture|image|footage)\b""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """Characters [start, end) of the text. `paragraph` counts hard breaks; a headline has no full stop at its end."""

    start: int
    end: int
    text: str
    paragraph: int
    headline: bool
    dateline: str | None = None


def split(text: str) -> list[Sentence]:
    """The sentences of a text, in order. Never raises; a text without a letter has none."""
    found: list[Sentence] = []
    for paragraph, (start, end) in enumerate(_paragraphs(text)):
        found.extend(_cut(text, start, end, paragraph))
    return found


def is_caption(sentence: Sentence) -> bool:
    """Whether agencies mark it as the caption of an old picture, which tells no news: "FILE - Danish soldiers leave"."""
    return sentence.dateline == "FILE" or _CAPTION.match(sentence.text) is not None


def _paragraphs(text: str) -> list[tuple[int, int]]:
    spans = []
    start = 0
    for match in _HARD_BREAK.finditer(text):
        if match.group().count("\n") == 1 and _runs_on(text, start, match):
            continue
        spans.append((start, match.start()))
        start = match.end()
    spans.append((start, len(text)))
    return [(s, e) for s, e in spans if any(c.isalnum() for c in text[s : min(e, s + 2000)])]


def _runs_on(text: str, start: int, line_break: re.Match[str]) -> bool:
    """Whether a single line break is only a wrapped line: a long line before it that ends in no full stop, or a
    sentence that goes on in lower case."""
    before = text[start : line_break.start()].rstrip()
    last_line = before[before.rfind("\n") + 1 :]
    after = text[line_break.end() : line_break.end() + 2].strip()
    if not after or not last_line:
        return False
    if after[0].islower() and last_line[-1] not in ".!?:":
        return True  # however short the line: nothing but a wrapped one goes on in lower case
    return len(last_line) >= 50 and (last_line[-1] not in '.!?"”’' or after[0].islower())


def dateline_end(text: str, start: int, end: int) -> int:
    """Where the text proper begins after a dateline; `start` where there is none."""
    match = _DATELINE.match(text, start, min(end, start + 120))
    if not match:
        return start
    words = match.group()
    head = re.split(r"[,(]", words, maxsplit=1)[0].strip(" -–—")
    dated = re.search(r"\d|\(", words) is not None
    return match.end() if head.isupper() or (dated and head.istitle()) else start


def _cut(text: str, start: int, end: int, paragraph: int) -> list[Sentence]:
    body = dateline_end(text, start, end)
    dateline = text[start:body].strip(" -–—") or None
    ends = []
    for match in _END.finditer(text, body, end):
        if match.end() < end and not _is_end(text, body, match, end):
            continue
        ends.append(match.end())
    if not ends or ends[-1] < end:
        ends.append(end)
    sentences = []
    at = body
    for stop in ends:
        for piece_start, piece_end in _bounded(text, at, stop):
            if any(c.isalpha() for c in text[piece_start:piece_end]):
                words = text[piece_start:piece_end]
                sentences.append(
                    Sentence(
                        start=piece_start,
                        end=piece_end,
                        text=words,
                        paragraph=paragraph,
                        headline=len(ends) == 1 and not words.rstrip("\"”’')").endswith((".", "!", "?", ":")),
                        dateline=dateline if piece_start == body else None,
                    )
                )
        at = stop
    return sentences


def _is_end(text: str, start: int, match: re.Match[str], end: int) -> bool:
    if not _STARTS.match(text, match.end(), end) and text[match.end()].isspace():
        return False
    if match.group()[0] != ".":
        return True
    word = re.search(r"[\w.&-]*$", text[max(start, match.start() - 20) : match.start()])
    before = word.group() if word else ""
    after = text[match.end() : match.end() + 3].strip()
    if before.lower() in ABBREVIATIONS or (len(before) == 1 and before.isupper()):
        return False
    # an initialism with full stops ends a sentence only if a new one plainly starts: "in the U.S. The"
    return not (re.fullmatch(r"(?:[A-Za-z]\.)+[A-Za-z]", before) and not re.match(r"[\"“]", after))


def _bounded(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The span without outer white space, in pieces of at most `LONGEST` characters."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    pieces = []
    while end - start > LONGEST:
        space = text.rfind(" ", start + LONGEST // 2, start + LONGEST)
        stop = space if space > 0 else start + LONGEST
        pieces.append((start, stop))
        start = stop
        while start < end and text[start].isspace():
            start += 1
    if end > start:
        pieces.append((start, end))
    return pieces
