"""Binds ingest to its topics: a raw article in, the clean one and its questions to the index out."""

from __future__ import annotations

import logging

from agents.ingest.checks import check_fields
from agents.ingest.clean import article_of
from agents.ingest.edges import page_words
from agents.ingest.furniture import patterns
from agents.ingest.news import words
from agents.ingest.questions import questions_of
from streams.records import RawArticle
from streams.stage import Output, Received, Stage, Surroundings
from wirecopy.outlets import directory


def stage(surroundings: Surroundings) -> Stage:
    """The stage, with its data files read. Raises `wirecopy.loading.InvalidData` for one that cannot be used."""
    settings, partitions = surroundings.settings, surroundings.partitions["anchors.v1"]
    directory()
    patterns()
    page_words()
    words()
    # It logs every page in which it finds nothing as an error; that is said once, by the dead letter.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

    def step(_: None, raw: RawArticle, received: Received) -> list[Output]:
        article = article_of(raw, received.timestamp_ms, settings)
        outputs = [Output(topic="articles.v1", key=article.id, record=article)]
        for question in questions_of(article, partitions):
            outputs.append(Output(topic="anchors.v1", key=article.id, record=question, partition=question.partition))
        return outputs

    return Stage(
        name="ingest",
        consumes="articles.raw.v1",
        publishes=("articles.v1", "anchors.v1"),
        step=step,
        input_bytes=settings.article_bytes,
        examine=check_fields,
        # Every article has one, of 1 to 2 ms: two fifths of what a worker computes for an article.
        takes_long=True,
    )
