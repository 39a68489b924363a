"""`muster desk`: a page that shows events and alerts as they come."""

from __future__ import annotations

from pathlib import Path

import click

from streams.commands.failures import SETTINGS, Failure


@click.command()
@click.option("--any-port", is_flag=True, hidden=True, help="Take a free port where ours is taken.")
@click.option("--address-file", type=click.Path(dir_okay=False, path_type=Path), hidden=True)
@click.option("--parent-pipe", type=int, hidden=True, help="File descriptor that closes when the parent is gone.")
def desk(any_port: bool, address_file: Path | None, parent_pipe: int | None) -> None:
    """Serve the desk at MUSTER_DESK_HOST, MUSTER_DESK_PORT until Ctrl-C or SIGTERM.

    It reads events.v1 and alerts.v1 by itself and needs no worker. While the broker is away it shows what it has.
    """
    import asyncio

    from desk.running import AddressTaken, serve
    from streams import logs
    from streams.child_process import end_with_parent
    from streams.settings import Settings

    settings = Settings.from_environment()
    logs.set_up(settings.log_level)
    if parent_pipe is not None:
        end_with_parent(parent_pipe)

    def started(address: str) -> None:
        click.echo(f"the desk: {address}")
        if address_file is not None:
            new = address_file.with_suffix(".new")
            new.write_text(address, encoding="utf-8")
            new.replace(address_file)  # never half of it

    try:
        asyncio.run(serve(settings, started, else_any_port=any_port))
    except AddressTaken as error:
        raise Failure(str(error), SETTINGS) from None
