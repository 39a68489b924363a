"""`muster settings`: what can be set, and what is."""

from __future__ import annotations

import sys

import click


@click.command()
@click.option("--markdown", is_flag=True, help="Print docs/settings.md.")
def settings(markdown: bool) -> None:
    """Show every setting: variable, value in force, default, type, meaning. Secrets are not shown."""
    from streams import reference
    from streams.settings import Settings

    if markdown:
        click.echo(reference.settings_markdown(), nl=False)
        return
    from rich.padding import Padding
    from rich.text import Text

    from streams.commands import showing

    console = showing.console()
    for row in reference.setting_rows(Settings.from_environment()):
        told = Text(f"{row.variable}={showing.plain(row.value)}", "bold green" if row.changed else "bold")
        default = f"; default {row.default or 'none'}" if row.changed else ""
        about = Text(f"{row.type}{default}: {row.help}")
        if console.is_terminal:
            console.print(told)
            console.print(Padding(about, (0, 0, 0, 4), expand=False))
        else:
            # A pipe has no width: one line a setting, whole.
            sys.stdout.write(f"{told.plain}  {about.plain}\n")
    sys.stdout.flush()
