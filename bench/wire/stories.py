"""Where the texts of the bench come from: unrelated stories, each handed out once.

*Made* stories are those of `samples/` with their content words exchanged: every story gets its own vocabulary (each word
of five letters and more becomes another word of the same length, the same throughout the story), so that any number of
unrelated stories can be had that still share the little words, the sentences' shapes and the lengths of real prose. They
need no download: tests use them.

*Real* stories are runs of 150 to 700 words out of pages of the English Wikipedia (CC BY-SA 3.0), which come with the test
data of gensim (`bench/corpora.py`); nothing of them is in this checkout. Two runs of one page are two stories of one
subject. They are set as news is: two sentences a paragraph, and one sentence in six said by a spokesman, since an
encyclopedia quotes nobody.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from agents.ingest.clean import article_of
from bench.corpora import FOLDER, documents
from bench.wire.words import QUOTATION_MARKS, Paragraphs, count, in_short_paragraphs, sentences_of
from streams.records import RawArticle, decode
from streams.settings import Settings

SAMPLES = Path(__file__).parents[2] / "samples"
RECEIVED_MS = 1_600_000_000_000
SHORTEST, LONGEST = 150, 700
"""Words of a real story."""
PARAGRAPH = 12
"""A paragraph of a page has so many words at least; shorter ones are remains of lists and pictures."""
REPEATED_GRAM = 8
REPEATED = 0.03
"""A page may repeat another one: a run of which more than this share of its 8-grams stand in an earlier run is left out,
as it would be a copy that nobody knows of."""
SPEECH_ONE_IN = 6


class Exhausted(Exception):
    """All stories were handed out."""


class Stories(Protocol):
    """Unrelated stories; no text is handed out twice."""

    @property
    def name(self) -> str: ...

    def fresh(self) -> Paragraphs:
        """The next story, by paragraph. Raises `Exhausted` where there is none."""
        ...


class MadeStories:
    """Any number of stories with the words of nobody."""

    name = "made"

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._templates = sample_stories()
        self._handed_out = 0

    def fresh(self) -> Paragraphs:
        number = self._handed_out
        self._handed_out += 1
        return with_its_own_words(self._templates[number % len(self._templates)], f"{self._seed}:{number}")


class RealStories:
    """What real text is installed, in an order that follows from the seed."""

    name = "real"

    def __init__(self, seed: int, folder: Path = FOLDER) -> None:
        source = random.Random(seed)
        pages = [document.text.split("\n\n") for document in documents(folder) if document.corpus == "encyclopedia"]
        self._left = list(_distinct(run for page in pages for run in runs_of(page, source)))
        source.shuffle(self._left)

    def __len__(self) -> int:
        return len(self._left)

    def fresh(self) -> Paragraphs:
        if not self._left:
            raise Exhausted
        return as_news(self._left.pop())


def sample_stories() -> list[Paragraphs]:
    """The bodies of the samples, by paragraph, those that are copies of another left out."""
    stories = []
    for path in sorted(SAMPLES.glob("*.json")):
        if "-copy-" in path.name or "-corrected" in path.name or "-withdrawn" in path.name:
            continue
        article = article_of(decode(path.read_bytes(), RawArticle), RECEIVED_MS, Settings())
        stories.append(article.text[article.body_start :].split("\n\n"))
    return stories


_SYLLABLES = [consonant + vowel for consonant in "bdfgklmnrstv" for vowel in "aeiou"]


def with_its_own_words(story: Sequence[str], seed: str) -> Paragraphs:
    """The story with every longer word, and every figure, exchanged for another, the same throughout."""
    exchanged: dict[str, str] = {}

    def other(found: re.Match[str]) -> str:
        word = found.group()
        if word.lower() not in exchanged:
            source = random.Random(f"{seed}:{word.lower()}")
            if word[0].isdigit():
                exchanged[word.lower()] = str(source.randrange(10 ** len(word)))
            else:
                spoken = "".join(source.choice(_SYLLABLES) for _ in range(len(word) // 2 + 1))
                exchanged[word.lower()] = spoken[: len(word)]
        return exchanged[word.lower()]

    return [re.sub(r"\b(?:[A-Za-z]{5,}|\d+)\b", other, paragraph) for paragraph in story]


def runs_of(page: Sequence[str], source: random.Random) -> Iterator[Paragraphs]:
    """Runs of whole paragraphs of a page, each of a length chosen by chance; what is too short at the end is left out."""
    run: Paragraphs = []
    wanted = source.randint(SHORTEST, LONGEST)
    for paragraph in page:
        words = len(paragraph.split())
        if words < PARAGRAPH:
            continue
        if run and count(run) + words > LONGEST:
            if count(run) >= SHORTEST:
                yield run
            run = []
        run.append(paragraph)
        if wanted <= count(run) <= LONGEST:
            yield run
            run = []
            wanted = source.randint(SHORTEST, LONGEST)
    if SHORTEST <= count(run) <= LONGEST:
        yield run


def _distinct(runs: Iterator[Paragraphs]) -> Iterator[Paragraphs]:
    """Those of which hardly anything stands in one before. A run of one paragraph may still be longer than a story."""
    known: set[tuple[str, ...]] = set()
    for run in runs:
        words = " ".join(run).lower().split()
        grams = {tuple(words[place : place + REPEATED_GRAM]) for place in range(len(words) - REPEATED_GRAM + 1)}
        if len(words) <= LONGEST and len(grams & known) <= REPEATED * len(grams):
            known |= grams
            yield run


def as_news(page: Sequence[str]) -> Paragraphs:
    """Set in short paragraphs, one sentence in six as somebody's words."""
    news: Paragraphs = []
    told = 0
    for paragraph in page:
        quoting = not QUOTATION_MARKS.isdisjoint(paragraph)
        for short in in_short_paragraphs(paragraph):
            set_again = []
            for sentence in sentences_of(short):
                told += 1
                said = told % SPEECH_ONE_IN == 0 and sentence.endswith(".") and not quoting
                set_again.append(f"“{sentence[:-1]},” a spokesman said." if said else sentence)
            news.append(" ".join(set_again))
    return news
