"""How a command fails for its user: one message (what was wrong, where, what to do) and an exit code that says whose turn it is."""

from __future__ import annotations

import os
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


def failure_of(error: Exception) -> Failure | None:
    """What a user can do about `error`; None for a defect of ours, which keeps its traceback.

    Looked up by the name of the class, because importing the Kafka clients to name their errors costs more than most
    commands do.
    """
    from streams.settings import SettingError

    if isinstance(error, SettingError):
        return Failure(str(error), SETTINGS)
    if isinstance(error, OSError) and "Can't find model" in str(error):
        return Failure(
            f"MUSTER_SPACY_MODEL: {os.environ.get('MUSTER_SPACY_MODEL', '')!r} is no spaCy model that is installed here",
            SETTINGS,
        )
    names = {f"{kind.__module__.split('.')[0]}.{kind.__name__}" for kind in type(error).__mro__}
    if names & {"agents.BadData", "agents.LexiconError", "agents.WordListError", "wirecopy.InvalidData"}:
        return Failure(f"a data file cannot be used: {error}", SETTINGS)
    if names & {"streams.AdministrationError", "streams.BrokerError"}:
        return Failure(str(error), BROKER)
    if names & {"kafka.KafkaError", "aiokafka.KafkaError"}:
        return Failure(f"the broker: {error} (is MUSTER_BROKER right, and does `muster broker status` answer?)", BROKER)
    return None
