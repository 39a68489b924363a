"""The set of articles that methods are measured on, with what each was made as and the story that it belongs to.

Every story has its origin at an agency and three copies at other outlets within ten hours, and is followed by one hard
negative, the kinds of both taken in turns. Three minutes lie between two stories, so that a set of some hundred is within
one window of the index. One seed gives the same set on every machine.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bench.wire.changes import CHANGES, Material
from bench.wire.negatives import NEGATIVES
from bench.wire.stories import Exhausted, MadeStories, Stories
from bench.wire.words import Paragraphs
from streams.records import RawArticle

START = datetime(2017, 6, 22, tzinfo=UTC)
ORIGIN = "origin"
COPIES = 3
EARLIER = 7
"""The other agency's story of a merged copy is so many stories before."""


@dataclass(frozen=True, slots=True)
class Made:
    """An article with what it was made as and the story that it belongs to."""

    raw: RawArticle
    kind: str
    story: str

    @property
    def id(self) -> str:
        assert self.raw.id is not None
        return self.raw.id


def raw_article(id: str, outlet: str, minute: int, paragraphs: Paragraphs) -> RawArticle:
    moment = (START + timedelta(minutes=minute)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return RawArticle(id=id, outlet=outlet, published=moment, title=f"Headline {id}", body="\n\n".join(paragraphs))


def in_order(made: list[Made]) -> list[Made]:
    return sorted(made, key=lambda one: (one.raw.published or "", one.id))


def generated(stories: int, seed: int, text: Stories | None = None) -> list[Made]:
    """The set in order of publication, of so many stories, or of fewer where the text does not last."""
    text = text or MadeStories(seed)
    source = random.Random(seed)
    made: list[Made] = []
    told: list[Paragraphs] = []
    for number in range(stories):
        try:
            group = list(_group(number, text, told, source))
        except Exhausted:
            break
        for kind, story, minute, outlet, paragraphs in group:
            made.append(Made(raw_article(f"{text.name}{len(made):05}", outlet, minute, paragraphs), kind, story))
    return in_order(made)


_Planned = tuple[str, str, int, str, Paragraphs]


def _group(number: int, text: Stories, told: list[Paragraphs], source: random.Random) -> Iterator[_Planned]:
    """One story, its copies and its hard negative: kind, story, minute, outlet and paragraphs of each."""
    story = text.fresh()
    told.append(story)
    minute = number * 3
    earlier = told[max(0, number - EARLIER)] if number else text.fresh()
    yield ORIGIN, f"s{number}", minute, f"agency{number % 7}.example", story
    for copy in range(COPIES):
        change = CHANGES[(COPIES * number + copy) % len(CHANGES)]
        paragraphs = change.made(Material(source, story, earlier, text.fresh))
        yield (
            change.name,
            f"s{number}",
            minute + source.randrange(1, 600),
            f"outlet{source.randrange(200)}.example",
            paragraphs,
        )
    negative = NEGATIVES[number % len(NEGATIVES)]
    for place, paragraphs in enumerate(negative.made(Material(source, story, earlier, text.fresh))):
        outlet = f"paper{2 * number + place}.example" if negative.outlets == "own" else negative.outlets
        yield negative.name, f"n{number}-{place}", minute + 720 + 30 * place, outlet, paragraphs
