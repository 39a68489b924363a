"""`muster schemas`: the JSON Schemas of the records, printed or written."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from streams.commands.failures import BAD_INPUT, USAGE, Failure


@click.command()
@click.argument("topic", required=False)
@click.option(
    "--write",
    is_flag=True,
    help="Write the files of streams/schemas (or of --folder) anew; add new fields to streams/examples.",
)
@click.option("--check", is_flag=True, help="Say which files differ from the records; exit code 5 if any does.")
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), help="Where the files are.")
def schemas(topic: str | None, write: bool, check: bool, folder: Path | None) -> None:
    """JSON Schemas of the records, one a topic.

    With a TOPIC (reports.v1, or reports for short), print its schema; otherwise list the files, write or check them.
    """
    from streams import schemas as generated

    folder = folder or generated.FOLDER
    if topic is not None:
        files = generated.files()
        topic = topic if f"{topic}.json" in files else f"{topic}.v1"
        if f"{topic}.json" not in files:
            topic = topic.removesuffix(".v1")
            raise Failure(f"no topic {topic!r}; there are: {', '.join(n.removesuffix('.json') for n in files)}", USAGE)
        sys.stdout.buffer.write(files[f"{topic}.json"])
    elif write:
        for name in generated.write(folder):
            click.echo(f"written: {folder / name}")
        if folder == generated.FOLDER:
            for name in generated.complete_examples():
                click.echo(f"written: {generated.EXAMPLES / name}")
    elif check:
        stale = generated.stale(folder)
        if stale:
            raise Failure(f"not as the records are: {', '.join(stale)} (`muster schemas --write`)", BAD_INPUT)
        click.echo("all schemas are as the records are")
    else:
        for name in generated.files():
            click.echo(str(folder / name))
