"""The enrich stage: an article in, its claims out as reports, then a revision where the article is not its first version."""

from __future__ import annotations

from typing import Any

from agents.enrich.extract import load
from agents.enrich.reports import reports_of
from streams.records import Article, Revision
from streams.stage import Output, Received, Stage, Surroundings

LONG_TEXT = 20_000
"""Characters of a text that may take long to look through, whatever is in it: hostile ones five times as long took 0.24 s."""


def stage(surroundings: Surroundings) -> Stage:
    """The stage with its data and model loaded."""
    extractor = load(surroundings.settings, parser=not surroundings.long_steps_elsewhere)

    def takes_long(article: Article) -> bool:
        return article.status != "withdrawn" and (len(article.text) > LONG_TEXT or extractor.would_parse(article.text))

    def step(state: Any, article: Article, received: Received) -> list[Output]:
        del state, received
        outputs = []
        if article.status != "withdrawn":
            extraction = extractor.extract(article.text, published=article.published, outlet=article.outlet_name)
            for report in reports_of(article, extraction.claims):
                outputs.append(Output(topic="reports.v1", key=report.id, record=report, partition_by=report.event_key))
        # The revision comes last: before the new reports it would make an event that still stands look retracted.
        if article.version > 1 or article.status != "usable":
            revision = Revision(
                article=article.id,
                version=article.version,
                withdrawn=article.status == "withdrawn",
                published=article.published,
                outlet_name=article.outlet_name,
                family=article.family,
            )
            outputs.append(Output(topic="reports.v1", key=article.id, record=revision, every_partition=True))
        return outputs

    return Stage(name="enrich", consumes="articles.v1", publishes=("reports.v1",), step=step, takes_long=takes_long)
