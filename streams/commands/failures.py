"""How a command fails for its user: one message (what was wrong, where, what to do) and an exit code that says whose turn it is."""

from __future__ import annotations

from typing import IO, Any

import click

USAGE = 2
"""The command line itself: click's own code."""
SETTINGS = 3
"""A `MUSTER_*` variable."""
BROKER = 4
"""No broker, or one that refuses or lacks something."""
BAD_INPUT = 5
"""Some or all of the input could not be used."""
WORKER = 6
"""A worker ended by itself with an error."""
INTERRUPTED = 130
"""Ctrl-C, as shells count it."""


class Failure(click.ClickException):
    """Ends a command with a message on standard error and the given exit code."""

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(f"muster: {self.format_message()}", file=file, err=file is None)
