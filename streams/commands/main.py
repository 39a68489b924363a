"""The command line: which commands there are, and what every one of them does about errors.

Exit codes are documented in `docs/interfaces.md`. A command is imported when it is called, so that `muster --help`
starts at once whatever the commands need.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import NoReturn

import click

from streams.commands import failures


@dataclass(frozen=True, slots=True)
class Entry:
    """A command: its place as "module:object", and the line that the overview shows for it."""

    place: str
    about: str


COMMANDS = {
    "demo": Entry("streams.commands.demo:demo", "See it work: a broker, workers, the sample articles, their alerts."),
    "run": Entry("streams.commands.run:run", "Run workers."),
    "feed": Entry("streams.commands.feed:feed", "Publish articles from files and from feeds."),
    "tail": Entry("streams.commands.tail:tail", "Print the records of a topic as they come."),
    "desk": Entry("streams.commands.desk:desk", "Serve a page that shows events and alerts as they come."),
    "notify": Entry("streams.commands.notify:notify", "Deliver alerts to webhooks, Alertmanagers and mailboxes."),
    "dead-letters": Entry("streams.commands.dead_letters:dead_letters", "List, inspect and replay failed inputs."),
    "explain": Entry("streams.commands.explain:explain", "Show what one article claims, and why (no broker)."),
    "explain-event": Entry(
        "streams.commands.explain_event:explain_event", "Show an event's sources as a tree, and why."
    ),
    "dry-run": Entry("streams.commands.dry_run:dry_run", "Run all stages over files (no broker)."),
    "extract": Entry("streams.commands.extract:extract", "Claims of texts, JSONL in and out (no broker)."),
    "copies": Entry("streams.commands.copies:copies", "Which article copies which, JSONL in and out (no broker)."),
    "topics": Entry("streams.commands.topics:topics", "Create and describe topics."),
    "broker": Entry("streams.commands.broker:broker", "Start and stop a local Kafka."),
    "settings": Entry("streams.commands.settings:settings", "Show all settings and the values in force."),
    "schemas": Entry("streams.commands.schemas:schemas", "JSON Schemas of the records."),
}


class ReaderGone(Exception):
    """Whoever read our output has seen enough (`| head`): no error."""


class LazyGroup(click.Group):
    """A group whose commands are named in `COMMANDS` and imported when they are used."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise ReaderGone from None  # click would end with code 1

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].place.split(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.about) for name, entry in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="muster", prog_name="muster")
def muster() -> None:
    """News in, alerts out: who is newly said to be sending troops where, and who, independently of whom, says so.

    Settings are environment variables; `muster settings` lists them.
    """


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and end the process with the code that `failures` and `docs/interfaces.md` name."""
    try:
        code = muster.main(args=arguments, prog_name="muster", standalone_mode=False)
        sys.stdout.flush()
    except (ReaderGone, BrokenPipeError):
        # The interpreter flushes once more at exit: into the void then.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except click.ClickException as failure:
        failure.show()
        sys.exit(failure.exit_code)
    except (KeyboardInterrupt, click.Abort):
        sys.exit(failures.INTERRUPTED)
    except Exception as error:
        known = failures.failure_of(error)
        if known is None:
            raise
        known.show()
        sys.exit(known.exit_code)
    sys.exit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    main()
