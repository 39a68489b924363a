"""The pure steps of Muster over a set of articles: what they decide, how long they take and what the index holds."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Sequence
from dataclasses import dataclass

from agents.dedupe.agent import index_stage, resolve_stage
from agents.ingest.agent import stage as ingest_stage
from agents.ingest.clean import article_of
from bench.wire.generate import Made
from streams.records import Anchors, Article, Story, decode, encode
from streams.settings import Settings
from streams.stage import Received, Surroundings
from wirecopy.prose import prose_of
from wirecopy.sketch import sketch_of

RECEIVED = Received(0, 0, 1_600_000_000_000)


@dataclass(slots=True)
class Result:
    """Seconds are those of this process on a core. `sketch_seconds`: the part of ingest that makes the sketch of a clean
    text."""

    stories: dict[str, Story]
    articles: list[Article]
    ingest_seconds: float
    sketch_seconds: float
    dedupe_seconds: float
    questions: list[bytes]


def run(made: Sequence[Made], partitions: int) -> Result:
    """All articles in their order through ingest, index and resolve."""
    surroundings = Surroundings(Settings(), {"anchors.v1": partitions})
    ingest, index, resolve = ingest_stage(surroundings), index_stage(surroundings), resolve_stage(surroundings)
    assert index.new_state is not None
    assert resolve.new_state is not None
    articles: list[Article] = []
    asked: list[Anchors] = []
    started = time.process_time()
    for one in made:
        article, *questions = (output.record for output in ingest.step(None, one.raw, RECEIVED))
        articles.append(article)
        asked += questions
    ingested = time.process_time()
    indexes = [index.new_state() for _ in range(partitions)]
    state = resolve.new_state()
    stories: dict[str, Story] = {}
    for question in asked:
        for answer in index.step(indexes[question.partition], question, RECEIVED):
            for output in resolve.step(state, answer.record, RECEIVED):
                stories[output.key] = output.record
    resolved = time.process_time()
    for article in articles:
        sketch_of([piece.text for piece in prose_of(body_of(article).split("\n\n")).pieces])
    return Result(
        stories=stories,
        articles=articles,
        ingest_seconds=ingested - started,
        sketch_seconds=time.process_time() - resolved,
        dedupe_seconds=resolved - ingested,
        questions=[encode(question) for question in asked],
    )


def cleaned(made: Sequence[Made]) -> list[str]:
    """The clean texts of articles, as ingest gives them."""
    return [body_of(article_of(one.raw, RECEIVED.timestamp_ms, Settings())) for one in made]


def body_of(article: Article) -> str:
    """The clean text without the headline: what is compared."""
    return article.text[article.body_start :]


def bytes_an_article(questions: Sequence[bytes], articles: int, partitions: int) -> tuple[float, float]:
    """Memory of the index: for an article in one partition that holds it, and in all partitions of one process together."""
    index = index_stage(Surroundings(Settings(), {"anchors.v1": partitions}))
    assert index.new_state is not None
    assert index.fold is not None
    tracemalloc.start()
    indexes = [index.new_state() for _ in range(partitions)]
    for question in questions:
        record = decode(question, Anchors)
        index.fold(indexes[record.partition], record)
    del record
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return held / sum(len(state) for state in indexes), held / articles
