"""What claims cost: a relevant sentence, an irrelevant article, and a stream beside parsing all of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson

from agents.enrich.extract import load
from agents.enrich.language.sentences import split
from bench.articles import Mix, stream
from streams.settings import Settings

RELEVANT = 0.03
IRRELEVANT = (
    "The city council met on Tuesday to discuss the budget for schools and parks. Mayor Anna Lindqvist said that the plan "
    "would cost 12 million euros, and the opposition asked for a vote before the summer. Teachers in Lyon and Ghent welcomed it. "
)


def seconds(work: Callable[[str], Any], texts: Iterable[str]) -> float:
    began = time.perf_counter()
    for text in texts:
        work(text)
    return time.perf_counter() - began


def articles(number: int) -> list[tuple[str, bool]]:
    """Texts of the stream with whether they tell of a deployment. No copies: a repeated sentence is parsed only once."""
    exactly = round(number * RELEVANT)
    telling: list[tuple[str, bool]] = []
    others: list[tuple[str, bool]] = []
    for made in stream(7, datetime(2025, 3, 1, tzinfo=UTC), per_second=20, mix=Mix(relevant=RELEVANT, copies=0.0)):
        held, wanted = (telling, exactly) if made.relevant else (others, number - exactly)
        if len(held) < wanted:
            article = orjson.loads(made.payload)
            held.append((f"{article['title']}\n\n{article['body']}", made.relevant))
        if len(telling) + len(others) == number:
            break
    return [*others, *telling]


def measure_speed(relevant: Sequence[str], number: int = 200) -> None:
    import spacy

    settings = Settings()
    total = seconds(load(settings).extract, relevant)
    print(
        f"  relevant sentences: {1000 * total / len(relevant):.1f} ms each, {len(relevant) / total:.0f} a second (nothing cached)"
    )
    extractor = load(settings)
    plain = [f"Number {n}. {IRRELEVANT * 10}" for n in range(number)]
    print(
        f"  irrelevant article of {len(plain[0])} characters: {1000 * seconds(extractor.extract, plain) / number:.2f} ms"
    )
    texts = [text for text, _ in articles(number)]
    sentences = [s.text for text in texts for s in split(text)]
    ours = seconds(load(settings).extract, texts)
    model = spacy.load(settings.spacy_model, exclude=["senter", "textcat"])
    began = time.perf_counter()
    for _ in model.pipe(sentences):  # in batches, which is the kindest to it
        pass
    everything = time.perf_counter() - began
    print(
        f"  {number} articles, {100 * RELEVANT:.0f} % of them relevant, {len(sentences)} sentences: {len(sentences) / ours:.0f} a second, "
        f"parsing all {len(sentences) / everything:.0f} a second: {everything / ours:.1f} times faster than parsing all"
    )
