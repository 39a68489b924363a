"""`muster settings`: what can be set, and what is."""

from __future__ import annotations

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
    from rich.table import Table
    from rich.text import Text

    from streams.commands import showing

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("variable", no_wrap=True)
    for column in ("value", "default", "type", "meaning"):
        table.add_column(column, overflow="fold")
    for row in reference.setting_rows(Settings.from_environment()):
        table.add_row(
            Text(row.variable, "bold" if row.changed else ""),
            Text(showing.plain(row.value), "bold green" if row.changed else ""),
            Text(row.default, "dim"),
            Text(row.type, "dim"),
            row.help,
        )
    showing.console(tables=True).print(table)
