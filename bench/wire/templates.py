"""Bulletins, standing text and page furniture of the bench. Data: `templates.toml`, which says how slots are filled."""

from __future__ import annotations

import random
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from bench.wire.words import Paragraphs

_SLOT = re.compile(r"\{([^{}]+)\}")
_RANGE = re.compile(r"([\d,.]+)-([\d,.]+)")


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("templates.toml").read_text(encoding="utf-8"))


def kinds() -> list[str]:
    """The kinds of bulletins, each once, in the order of the file."""
    return list(dict.fromkeys(entry["kind"] for entry in _data()["bulletin"]))


def series(kind: str, number: int, source: random.Random) -> list[Paragraphs]:
    """So many bulletins of one template of the kind, as they follow one another: the same names, other figures."""
    text = source.choice([entry["text"] for entry in _data()["bulletin"] if entry["kind"] == kind])
    named: dict[str, str] = {}
    first = source.randint(4, 40)
    return [_filled(text, named, first + place, source) for place in range(number)]


def _filled(text: str, named: dict[str, str], ordinal: int, source: random.Random) -> Paragraphs:
    def fill(slot: re.Match[str]) -> str:
        inside = slot[1]
        if inside == "ordinal":
            return f"{ordinal}{_ending(ordinal)}"
        name, _, choices = inside.rpartition(":")
        if name:
            return named.setdefault(name, source.choice(choices.split("|")))
        return _value(source.choice(inside.split("|")), source)

    return _SLOT.sub(fill, text).strip().split("\n\n")


def _value(choice: str, source: random.Random) -> str:
    span = _RANGE.fullmatch(choice)
    if span is None:
        return choice
    low, high = (float(side.replace(",", "")) for side in span.groups())
    decimals = len(span[1].partition(".")[2])
    comma = "," if "," in choice else ""
    return (
        f"{source.uniform(low, high):{comma}.{decimals}f}"
        if decimals
        else f"{source.randint(int(low), int(high)):{comma}}"
    )


def _ending(number: int) -> str:
    return "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def standing(size: str) -> Paragraphs:
    """What an outlet prints under all of its articles: "short" (some 80 words) or "long" (some 160)."""
    text: str = _data()["standing"][size]
    return text.strip().split("\n\n")


def page_around(story: Paragraphs, headlines: Paragraphs, source: random.Random) -> Paragraphs:
    """The story as a page shows it: cookies and sharing above, links and advertisements between, related headlines below."""
    page = _data()["page"]

    def line(where: str) -> str:
        text: str = source.choice(page[where])
        return text.replace("{headline}", source.choice(headlines))

    above = source.sample(page["above"], 3)
    inside: Paragraphs = []
    for place, paragraph in enumerate(story):
        if place and place % 2 == 0:
            inside.append(line("between"))
        inside.append(paragraph)
    below = [line("below") for _ in range(4)]
    return [*above, *inside, *dict.fromkeys(below)]
