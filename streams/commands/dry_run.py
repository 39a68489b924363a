"""`muster dry-run`: every stage over files, in this process, without a broker."""

from __future__ import annotations

import sys

import click

from streams.commands.failures import BAD_INPUT, Failure
from streams.commands.options import article_options

TOPICS = {
    "articles": "articles.v1",
    "stories": "stories.v1",
    "reports": "reports.v1",
    "events": "events.v1",
    "alerts": "alerts.v1",
}
_STAGES = {
    "articles": ("ingest",),
    "stories": ("ingest", "dedupe"),
    "reports": ("ingest", "enrich"),
    "events": ("ingest", "enrich", "corroborate"),
    "alerts": ("ingest", "enrich", "corroborate", "alert"),
}
"""What has to run for a topic: nothing else is built, so that stories need no language model."""


@click.command("dry-run")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--json", "kind", type=click.Choice(list(TOPICS)), help="Print these records, one a line, sorted by key.")
@click.option("--shuffle", type=int, metavar="SEED", help="Feed the articles in another order, the same for one SEED.")
@click.option("--partitions", type=click.IntRange(1, 1000), default=1, show_default=True, help="Of every topic.")
@article_options
def dry_run(
    files: tuple[str, ...],
    kind: str | None,
    shuffle: int | None,
    partitions: int,
    outlet: str | None,
    published: str | None,
) -> None:
    """Run all stages over the articles of FILE... in one process, and print the alerts that they raise.

    FILE is JSONL, JSON, .txt, .html, a folder of these, or - for JSONL on standard input. No broker is needed; the
    records are those that the same articles leave on one. Exit code 5 if some articles could not be used; the others
    are worked on all the same.
    """
    import base64
    import random
    import time

    from streams import articles_in, records
    from streams.commands.progress import progress
    from streams.commands.showing import counted
    from streams.dry_run import DEAD, Pipeline, settled, stages_for
    from streams.settings import Settings

    settings = Settings.from_environment()
    found: list[articles_in.ArticleIn] = []
    complaints: list[str] = []
    try:
        for item in articles_in.read(files, articles_in.Defaults(outlet=outlet, published=published)):
            if isinstance(item, articles_in.ArticleIn):
                found.append(item)
            else:
                complaints.append(f"{item.where}: {item.reason}")
    except articles_in.NoSuchInput as error:
        raise Failure(str(error), BAD_INPUT) from None
    if shuffle is not None:
        random.Random(shuffle).shuffle(found)  # noqa: S311 - an order, not a secret

    wanted = kind or "alerts"
    with progress("loading") as tell:
        stages = stages_for(settings, _STAGES[wanted], partitions)
        pipeline = Pipeline(
            stages, partitions=partitions, timestamp_ms=int(time.time() * 1000), keep=(TOPICS[wanted], DEAD)
        )
        places = {}
        for number, article in enumerate(found, start=1):
            tell(number, len(found), "articles")
            places[pipeline.feed(article.payload)] = article.where
            pipeline.drain()

    refused = 0
    for dead in pipeline.published.records(DEAD):
        where = places.get((dead.partition, dead.offset)) if dead.topic == "articles.raw.v1" else None
        if where is None:
            where = f"{base64.b64decode(dead.key or '').decode('utf-8', 'replace')} of {dead.topic}"
        complaints.append(f"{where}: {dead.stage}: {dead.message}")
        refused += dead.topic == "articles.raw.v1"

    result = settled(TOPICS[wanted], pipeline.published.messages[TOPICS[wanted]])
    if kind is not None:
        for record in result:
            sys.stdout.buffer.write(records.encode(record) + b"\n")
        sys.stdout.buffer.flush()
    else:
        _print_alerts(result, len(found) - refused)
    if complaints:
        for complaint in complaints:
            click.echo(f"not used: {complaint}", err=True)
        raise Failure(f"{counted(len(complaints), 'input')} could not be used", BAD_INPUT)


def _print_alerts(alerts: list[object], articles: int) -> None:
    from streams.commands import showing

    console = showing.console()
    for alert in sorted(alerts, key=lambda a: (a.published, a.id)):  # type: ignore[attr-defined]
        console.print(showing.alert(alert))  # type: ignore[arg-type]
        console.print()
    console.print(f"{showing.counted(len(alerts), 'alert')} from {showing.counted(articles, 'article')}", style="dim")
