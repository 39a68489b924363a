"""A desk in one process: its state, its feed and its server, from the start to the end."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable

from aiohttp import web

from desk.connections import Runner
from desk.feed import Feed
from desk.hosts import is_loopback
from desk.server import Serving, create_application
from desk.state import Desk
from desk.stream import Streams
from streams import kafka_options
from streams.settings import Settings

log = logging.getLogger("muster.desk")

SHUTDOWN_SECONDS = 5.0
"""How long answers that are under way may take at the end."""


class AddressTaken(Exception):
    """The address cannot be had; one line that says why and what to do."""


async def serve(settings: Settings, started: Callable[[str], None], *, else_any_port: bool = False) -> None:
    """Serve until SIGTERM, SIGHUP or Ctrl-C. `started` is told the address, as http://host:port/.

    Raises `AddressTaken`; with `else_any_port` a free port takes the place of one that is taken. Raises `SettingError`.
    """
    kafka_options.servers(settings)  # one clear error here, rather than one every few seconds
    desk = Desk()
    streams = Streams(desk, lambda: feed.progress.caught_up, settings.desk_streams)
    feed = Feed(settings, desk, streams.changed)
    reading = asyncio.create_task(feed.run(), name="feed")

    def complaints() -> list[str]:
        if not reading.done():
            return []
        return [f"the feed has ended: {'cancelled' if reading.cancelled() else repr(reading.exception())}"]

    serving = Serving(desk=desk, streams=streams, progress=lambda: feed.progress, complaints=complaints)
    runner = Runner(
        create_application(serving, settings.desk_host, settings.desk_names),
        handle_signals=False,
        shutdown_timeout=SHUTDOWN_SECONDS,
    )
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            loop.add_signal_handler(number, ended.set)
    try:
        await runner.setup()
        address = await _listen(runner, settings, else_any_port)
        if not is_loopback(settings.desk_host):
            log.warning(
                "served at %s: whoever reaches this address reads everything; it asks nobody for a name", address
            )
        started(address)
        await ended.wait()
    finally:
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
        await runner.cleanup()


async def _listen(runner: web.AppRunner, settings: Settings, else_any_port: bool) -> str:
    host, port = settings.desk_host, settings.desk_port
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError:
            if not else_any_port:
                raise
            await web.TCPSite(runner, host, 0).start()
    except OSError as error:
        raise AddressTaken(
            f"MUSTER_DESK_HOST, MUSTER_DESK_PORT: the desk cannot be served at {host}:{port}: {error.strerror or error}; "
            "MUSTER_DESK_PORT=0 takes any free port"
        ) from None
    bound, number = runner.addresses[0][:2]
    return f"http://{f'[{bound}]' if ':' in bound else bound}:{number}/"
