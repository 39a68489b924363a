"""`muster topics`: the registry of topics, and the topics on the broker."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from streams.commands.failures import BROKER, Failure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.administration import TopicState


@click.group(invoke_without_command=True)
@click.option("--markdown", is_flag=True, help="Print docs/topics.md.")
@click.pass_context
def topics(context: click.Context, markdown: bool) -> None:
    """Create and describe topics; without a command, list the registry."""
    if context.invoked_subcommand is not None:
        return
    from streams import reference

    if markdown:
        click.echo(reference.topics_markdown(), nl=False)
        return
    from streams.topics import registry

    width = max(len(name) for name in registry())
    for topic in registry().values():
        click.echo(f"{topic.name:<{width}}  {topic.about}")


@topics.command()
def create() -> None:
    """Create the topics that are missing. One that exists is left as it is; what differs is told."""
    from streams.administration import create_topics
    from streams.settings import Settings

    _show(create_topics(Settings.from_environment()))


@topics.command()
def describe() -> None:
    """Show every topic as the broker has it. Exit code 4 if some are missing or other than they should be."""
    from streams.administration import describe_topics
    from streams.settings import Settings

    states = describe_topics(Settings.from_environment())
    _show(states)
    if any(state.differences for state in states):
        raise Failure("some topics are missing or other than the settings and the registry say", BROKER)


def _show(states: Sequence[TopicState]) -> None:
    from rich.table import Table

    from streams.commands import showing

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("topic", "partitions", "copies", "cleanup", "kept", "state"):
        table.add_column(
            column, justify="right" if column in ("partitions", "copies", "kept") else "left", overflow="fold"
        )
    for state in states:
        told = "\n".join(state.differences) or ("created" if state.created else "as it should be")
        table.add_row(
            state.name,
            "-" if state.partitions is None else str(state.partitions),
            "-" if state.replication is None else str(state.replication),
            state.topic.cleanup,
            f"{state.topic.retention_hours / 24:g} days",
            told,
        )
    showing.console(tables=True).print(table)
