"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


def _time(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    if value is None:
        return None
    from streams.articles_in import as_time

    try:
        return as_time(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def article_options(command: Command) -> Command:
    """`--outlet` and `--published`, for files that do not say these themselves."""
    command = click.option(
        "--published", metavar="DATE", callback=_time, help="When .txt and .html were published, if they do not say."
    )(command)
    return click.option("--outlet", metavar="NAME", help="Outlet of .txt and .html that do not say theirs.")(command)
