"""`muster schemas`: the JSON Schemas of the records and the AsyncAPI document, printed, written, checked or released."""

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
    help="Write the files of streams/schemas (or of --folder) and streams/asyncapi.json anew; add new fields to "
    "streams/examples.",
)
@click.option(
    "--check",
    is_flag=True,
    help="Say which files differ from the records, and what breaks those who use the released ones; exit code 5 for either.",
)
@click.option("--release", is_flag=True, help="Make the schemas of today those that users rely on; a break is refused.")
@click.option(
    "--asyncapi", is_flag=True, help="Print the AsyncAPI document, with topics and broker as the settings say."
)
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), help="Where the files are.")
def schemas(topic: str | None, write: bool, check: bool, release: bool, asyncapi: bool, folder: Path | None) -> None:
    """JSON Schemas of the records, one a topic, and an AsyncAPI document of all topics.

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
    elif asyncapi:
        from streams.asyncapi import encoded
        from streams.settings import Settings

        sys.stdout.buffer.write(encoded(Settings.from_environment()))
    elif write:
        _write(folder)
    elif check:
        _check(folder)
    elif release:
        _release()
    else:
        for name in generated.files():
            click.echo(str(folder / name))


def _write(folder: Path) -> None:
    from streams import asyncapi
    from streams import schemas as generated

    for name in generated.write(folder):
        click.echo(f"written: {folder / name}")
    if folder == generated.FOLDER:
        for name in generated.complete_examples():
            click.echo(f"written: {generated.EXAMPLES / name}")
        if asyncapi.write():
            click.echo(f"written: {asyncapi.FILE}")


def _check(folder: Path) -> None:
    from streams import asyncapi, releases
    from streams import schemas as generated

    stale = generated.stale(folder)
    if folder == generated.FOLDER and asyncapi.is_stale():
        stale.append(asyncapi.FILE.name)
    if stale:
        raise Failure(f"not as the records are: {', '.join(stale)} (`muster schemas --write`)", BAD_INPUT)
    try:
        told = releases.check()
    except releases.Break as broken:
        raise Failure(str(broken), BAD_INPUT) from None
    for line in told:
        click.echo(line)
    click.echo("all schemas are as the records are, and break nobody")


def _release() -> None:
    from streams import releases

    try:
        written, told = releases.release()
    except releases.Break as broken:
        raise Failure(f"not released: {broken}", BAD_INPUT) from None
    for line in told:
        click.echo(line)
    for name in written:
        click.echo(f"released: {releases.FOLDER / name}")
    if not written:
        click.echo("nothing has changed since the last release")
