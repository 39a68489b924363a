"""What outlets do to a story that they take over: the kinds of copies of the bench, each with what it stands for."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from bench.wire.style import in_other_style
from bench.wire.templates import page_around
from bench.wire.words import QUOTATION_MARKS, Paragraphs, count, first_words, sentences_of


@dataclass(frozen=True, slots=True)
class Material:
    """What a copy is made of. `earlier` is another story of the set, published before; `fresh` hands out text that is
    nowhere else in the set."""

    chance: random.Random
    story: Paragraphs
    earlier: Paragraphs
    fresh: Callable[[], Paragraphs] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Change:
    name: str
    stands_for: str
    made: Callable[[Material], Paragraphs]


def whole(material: Material) -> Paragraphs:
    return material.story


def with_house_text(material: Material) -> Paragraphs:
    return [*material.story, " ".join(material.fresh()[-1].split()[:60])]


def cut(material: Material) -> Paragraphs:
    return material.story[: max(2, int(len(material.story) * material.chance.uniform(0.3, 0.7)))]


def edited(share: float) -> Callable[[Material], Paragraphs]:
    def edit(material: Material) -> Paragraphs:
        chance = material.chance
        return [
            " ".join(f"word{chance.randrange(500)}" if chance.random() < share else word for word in paragraph.split())
            for paragraph in material.story
        ]

    return edit


def reordered(material: Material) -> Paragraphs:
    return material.chance.sample(material.story, len(material.story))


def merged(material: Material) -> Paragraphs:
    return _with_own(material, material.story)


def cut_and_merged(material: Material) -> Paragraphs:
    return _with_own(material, cut(material))


def _with_own(material: Material, kept: Paragraphs) -> Paragraphs:
    other = material.fresh()
    own = other[: max(1, len(other) // 4)]
    place = material.chance.randrange(len(kept) + 1)
    return [*kept[:place], *own, *kept[place:]]


def half_of_another(material: Material) -> Paragraphs:
    other = material.fresh()
    return [*cut(material)[: max(2, len(material.story) // 2)], *other[: len(other) // 2]]


_CLAUSE = re.compile(r"(?<=[,;:])\s+|\s+(?=(?:and|but|which|who|after|as|while|when|where|that)\b)")
_LITTLE = {"the": "a", "a": "the", "of": "from", "in": "at", "to": "for", "and": "with", "is": "was", "was": "had been"}


def new_lead(material: Material) -> Paragraphs:
    """The clauses of the first paragraph in reverse, and every other little word exchanged: what it says, told anew."""
    clauses = _CLAUSE.split(material.story[0].rstrip('.”"'))
    words = " ".join(reversed(clauses)).replace(",", "").split()
    told = " ".join(_LITTLE.get(word, word) if place % 2 else word for place, word in enumerate(words))
    return [f"{told[:1].upper()}{told[1:]}.", *material.story[1:]]


def quotations_kept(material: Material) -> Paragraphs:
    """Without what stands in the middle and quotes nobody: two fifths of the paragraphs, where there are so many."""
    story = material.story
    middle = [place for place in range(1, len(story) - 1) if QUOTATION_MARKS.isdisjoint(story[place])]
    wanted = len(story) * 2 // 5
    start = max(0, (len(middle) - wanted) // 2)
    dropped = set(middle[start : start + wanted])
    return [paragraph for place, paragraph in enumerate(story) if place not in dropped]


def in_another_style(material: Material) -> Paragraphs:
    return [in_other_style(paragraph) for paragraph in material.story]


def two_merged(material: Material) -> Paragraphs:
    """The story, and after it the beginning of the other one, of half its length."""
    return [*material.story, *first_words(material.earlier, count(material.story) // 2)]


def tightened(material: Material) -> Paragraphs:
    kept: Paragraphs = []
    told = 0
    for paragraph in material.story:
        left = []
        for sentence in sentences_of(paragraph):
            told += 1
            if told % 3:
                left.append(sentence)
        if left:
            kept.append(" ".join(left))
    return kept


def on_a_page(material: Material) -> Paragraphs:
    headlines = [" ".join(paragraph.split()[:9]).rstrip(".,;:") for paragraph in material.earlier[:3]]
    return page_around(material.story, headlines, material.chance)


CHANGES = (
    Change("whole", "printed as it came", whole),
    Change("with an outlet's standing text", "60 words of the outlet's own under it", with_house_text),
    Change("cut", "the first 30 to 70 % of the paragraphs", cut),
    Change("edited, one word in 20", "light editing throughout", edited(0.05)),
    Change("edited, one word in 10", "heavy editing throughout", edited(0.10)),
    Change("reordered", "all paragraphs in another order", reordered),
    Change("merged with own paragraphs", "a quarter of another text in the midst of it", merged),
    Change("cut and merged", "cut as above, and a quarter of another text in it", cut_and_merged),
    Change("half of it in another story", "30 to 50 % of it, then as much of the outlet's own report", half_of_another),
    Change("lead rewritten", "headline and first paragraph told anew, the rest kept", new_lead),
    Change(
        "quotations kept", "up to two fifths of the paragraphs cut out of the middle, none that quotes", quotations_kept
    ),
    Change(
        "in another desk's style",
        "British or American spelling, figures, dates and units of the other",
        in_another_style,
    ),
    Change(
        "two agencies merged", "the whole story, then the beginning of another agency's story, half as long", two_merged
    ),
    Change("tightened", "every third sentence dropped", tightened),
    Change(
        "on a page",
        "cookie line, sharing, advertisements, “Read more:” and related headlines around and in it",
        on_a_page,
    ),
)
