"""Articles that look like copies and are none: the hard negatives of the bench, each with what it stands for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bench.wire.changes import Material
from bench.wire.templates import kinds, series, standing
from bench.wire.words import QUOTATION_MARKS, Paragraphs, count, first_words, last_words, sentences_of

STATEMENT = (80, 150)
"""Words of a statement that two reports quote."""
OWN_PROSE = (120, 220)
BACKGROUND = 0.25


@dataclass(frozen=True, slots=True)
class Negative:
    """`made` gives one or two articles; none is of the story that they are made of, and two are of two stories. `outlets`
    is "own": each at another outlet, or the one outlet of all of this kind."""

    name: str
    stands_for: str
    outlets: str
    made: Callable[[Material], list[Paragraphs]]


def follow_up(material: Material) -> list[Paragraphs]:
    """The next day's news with the background of the day before: its last sentences, a quarter of the new text at most."""
    other = material.fresh()
    share = BACKGROUND / (1 - BACKGROUND)
    words = min(int(count(other) * share), count(material.story) * 2 // 5)
    return [[*other, *last_words(material.story, words)]]


def shared_statement(material: Material) -> list[Paragraphs]:
    """Two reports of one long statement. Each quotes all of it, in paragraphs of its own making."""
    chance = material.chance
    said = _statement(material, chance.randint(*STATEMENT))
    reports = []
    for parts in chance.sample((1, 2, 3), 2):
        step = -(-len(said) // parts)
        quoted = [f"“{' '.join(said[place : place + step])}”" for place in range(0, len(said), step)]
        quoted[0] += chance.choice([" the minister said.", " she told reporters.", " it said in a statement."])
        own = first_words(material.fresh(), chance.randint(*OWN_PROSE))
        place = min(len(own), chance.randint(1, 2))
        reports.append([*own[:place], *quoted, *own[place:]])
    return reports


def _statement(material: Material, wanted: int) -> list[str]:
    """Sentences without quotation marks of so many words at least, and of 150 at most."""
    said: list[str] = []
    words = 0
    while words < STATEMENT[0]:
        for sentence in [one for paragraph in material.fresh() for one in sentences_of(paragraph)]:
            plain = "".join(sign for sign in sentence if sign not in QUOTATION_MARKS).split()
            if words < wanted and words + len(plain) <= STATEMENT[1]:
                said.append(" ".join(plain))
                words += len(plain)
    return said


def under_short_text(material: Material) -> list[Paragraphs]:
    return [[*material.fresh()[:2], *standing("short")]]


def under_long_text(material: Material) -> list[Paragraphs]:
    return [[*first_words(material.fresh(), 200), *standing("long")]]


def bulletins(kind: str, number: int) -> Callable[[Material], list[Paragraphs]]:
    return lambda material: series(kind, number, material.chance)


_IN_A_ROW = {"market report": 1, "casualty round-up": 2, "package after package": 2}
_STANDS_FOR = {
    "market report": "a daily report of which only figures and names change",
    "casualty round-up": "two days' losses in the same words with other figures",
    "package after package": "the 12th and the 13th package, consignment, round of talks: 80 words, other figures",
}

NEGATIVES = (
    Negative("follow-up", "the next day's news, of which a quarter is the background of the first", "own", follow_up),
    Negative(
        "report of a shared statement",
        "two independent reports that quote the same 80 to 150 words",
        "own",
        shared_statement,
    ),
    Negative(
        "short, with standing text",
        "two paragraphs over 70 words that the outlet always prints",
        "house.example",
        under_short_text,
    ),
    Negative(
        "with long standing text", "200 words over 160 that the outlet always prints", "trust.example", under_long_text
    ),
    *(Negative(kind, _STANDS_FOR[kind], "own", bulletins(kind, _IN_A_ROW[kind])) for kind in kinds()),
)
