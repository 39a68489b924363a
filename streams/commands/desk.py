"""`muster desk`: a page that shows events and alerts as they come."""

from __future__ import annotations

import click

from streams.commands.failures import SETTINGS, Failure


@click.command()
def desk() -> None:
    """Serve the desk at MUSTER_DESK_HOST, MUSTER_DESK_PORT until Ctrl-C or SIGTERM.

    It reads events.v1 and alerts.v1 by itself and needs no worker. While the broker is away it shows what it has.
    """
    import asyncio

    from desk.running import AddressTaken, serve
    from streams import logs
    from streams.settings import Settings

    settings = Settings.from_environment()
    logs.set_up(settings.log_level)
    try:
        asyncio.run(serve(settings, lambda address: click.echo(f"the desk: {address}")))
    except AddressTaken as error:
        raise Failure(str(error), SETTINGS) from None
