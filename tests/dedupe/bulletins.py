"""Bulletins of one template that differ in their figures, and copies of them as editors make them. Data: `bulletins.toml`."""

from __future__ import annotations

import random
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

_DATA = tomllib.loads(Path(__file__).with_name("bulletins.toml").read_text(encoding="utf-8"))
BULLETINS: dict[str, str] = {entry["name"]: entry["text"].strip() for entry in _DATA["bulletin"]}
_CHOICES: dict[str, list[str]] = _DATA["choices"]
_SLOT = re.compile(r"\{(\w+)(?::(\w+))?\}")
_RANGES = {
    "tens": (11, 99),
    "hundreds": (101, 950),
    "thousands": (1_100, 9_900),
    "hundredthousands": (101_000, 990_000),
}


def _value(kind: str, source: random.Random) -> str:
    if kind in _CHOICES:
        return source.choice(_CHOICES[kind])
    if kind in _RANGES:
        return f"{source.randint(*_RANGES[kind]):,}"
    if kind == "ordinal":
        number = source.randint(2, 60)
        ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
        return f"{number}{ending}"
    if kind == "date":
        return f"{source.choice(['March', 'June', 'October'])} {source.randint(1, 28)}"
    if kind == "score":
        return f"{source.randint(2, 5)}-{source.randint(0, 1)}"
    if kind == "clock":
        return f"{source.randint(0, 23):02}{source.randint(0, 59):02}"
    return {"magnitude": f"{source.uniform(4.6, 7.2):.1f}", "percent": f"{source.uniform(0.2, 30):.2f}"}.get(
        kind, f"{source.uniform(1.5, 60):.1f}"
    )


@dataclass(frozen=True, slots=True)
class Bulletin:
    text: str
    told: tuple[str, ...]
    """What stands in its slots."""

    def tells_other_than(self, other: Bulletin) -> bool:
        """Whether at most a quarter of the slots have the same in both: a day or a small number in common is chance."""
        alike = sum(one == another for one, another in zip(self.told, other.told, strict=True))
        return alike * 4 <= len(self.told)


def bulletin(name: str, seed: object) -> Bulletin:
    """The bulletin of that name with the figures, days and names that follow from the seed."""
    source = random.Random(f"{name}:{seed}")
    named: dict[str, str] = {}
    told = []

    def fill(slot: re.Match[str]) -> str:
        value = _value(slot[1], source)
        if slot[2]:
            value = named.setdefault(slot[2], value)
        told.append(value)
        return value

    text = _SLOT.sub(fill, BULLETINS[name])
    return Bulletin(text, tuple(told))


_NUMBER = re.compile(r"(?<![\w.,-])\d[\d,]*(?:\.\d+)?(?![\w-])")


def with_one_figure_edited(text: str, source: random.Random) -> str:
    """As when an editor corrects or mistypes one number."""
    found = list(_NUMBER.finditer(text))
    chosen = source.choice(found)
    value = int(chosen.group().split(".")[0].replace(",", "")) + source.randint(1, 9)
    return f"{text[: chosen.start()]}{value:,}{text[chosen.end() :]}"


def with_figures_rounded(text: str, source: random.Random) -> str:
    """Every number of three digits and more as a desk rounds it: 3,957 is nearly 4,000."""

    def rounded(found: re.Match[str]) -> str:
        value = float(found.group().replace(",", ""))
        if value < 1000:
            return found.group()
        digits = 1 - len(str(int(value)))
        return f"about {round(value, digits + 1):,.0f}"

    return _NUMBER.sub(rounded, text)


def with_own_paragraph(text: str, source: random.Random) -> str:
    """With a paragraph of the outlet's own, which has a figure as well."""
    return (
        f"{text}\n\nIn the offices of this newspaper the news was read out at {source.randint(7, 11)} in the morning to the "
        f"{source.randint(12, 40)} people who work there, and some readers called to ask what it meant for them."
    )


def with_words_edited(text: str, source: random.Random) -> str:
    """One word in thirty, never a figure, for another."""
    return " ".join(
        "newly" if word.isalpha() and word.islower() and source.random() < 1 / 30 else word for word in text.split(" ")
    )


def without_its_end(text: str, source: random.Random) -> str:
    """Cut after two thirds of its sentences."""
    sentences = re.split(r"(?<=[.!?])\s+", text)
    return " ".join(sentences[: max(2, len(sentences) * 2 // 3)])


EDITS = {
    "one figure edited": with_one_figure_edited,
    "figures rounded": with_figures_rounded,
    "own paragraph": with_own_paragraph,
    "words edited": with_words_edited,
    "cut": without_its_end,
}
