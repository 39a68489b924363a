"""`muster notify`: alerts delivered to webhooks, Alertmanagers and mailboxes."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from streams.commands.failures import BAD_INPUT, SETTINGS, Failure

if TYPE_CHECKING:
    from sinks.configuration import Sink
    from streams.settings import SettingError, Settings


@click.command()
@click.option("--check", is_flag=True, help="Say whether MUSTER_SINKS can be used, and end. Needs no broker.")
@click.option("--test", "tested", metavar="NAME", help="Send a test alert to that sink, and end. Needs no broker.")
def notify(check: bool, tested: str | None) -> int:
    """Deliver alerts to the sinks of MUSTER_SINKS until Ctrl-C or SIGTERM.

    Each sink is a consumer group of its own. Several processes may run: they share the partitions, and one takes over
    from another. Metrics and health are at MUSTER_METRICS_PORT, as a worker's.
    """
    from sinks.configuration import load
    from streams import logs
    from streams.settings import Settings

    settings = Settings.from_environment()
    if settings.sinks is None:
        raise Failure("MUSTER_SINKS: not set; it names the TOML file of the sinks (docs/sinks.md)", SETTINGS)
    sinks = load(settings.sinks, allow_private=settings.allow_private_targets)
    unknown = _unknown_watchlists(settings, sinks)
    if tested is not None:
        import asyncio

        from sinks import notify as process
        from sinks.delivery import Delivered

        chosen = [sink for sink in sinks if sink.name == tested]
        if not chosen:
            raise click.BadParameter(
                f"no sink {tested!r}; there are: {', '.join(sink.name for sink in sinks)}", param_hint="--test"
            )
        outcome = asyncio.run(process.test(settings, chosen[0]))
        if not isinstance(outcome, Delivered):
            raise Failure(f"sink {tested}: {outcome.reason}", BAD_INPUT)
        click.echo(
            f"sink {tested}: delivered to {chosen[0].target.where}" + (f"; {outcome.remark}" * bool(outcome.remark))
        )
        return 0
    if check:
        if unknown is not None:
            raise unknown
        if settings.watchlists is None and any(sink.watchlists for sink in sinks):
            click.echo("not checked: names of watchlists, since MUSTER_WATCHLISTS is not set", err=True)
        for sink in sinks:
            click.echo(f"{sink.name}: {sink.kind}, {sink.target.where}")
        return 0
    from sinks import notify as process
    from streams.administration import partition_counts

    partitions = partition_counts(settings)["alerts.v1"]
    logs.set_up(settings.log_level)
    if unknown is not None:
        # The lists may be mended while alerts go out: that is no reason to keep back all of them.
        logging.getLogger("muster.notify").warning("%s", unknown)
    return process.run(settings, sinks, partitions)


def _unknown_watchlists(settings: Settings, sinks: Sequence[Sink]) -> SettingError | None:
    """What is wrong with the watchlists that sinks name, or with the file of these; None where nothing is, or nobody says
    where they are."""
    if settings.sinks is None or settings.watchlists is None or not any(sink.watchlists for sink in sinks):
        return None
    from agents.alert.agent import watched
    from sinks.configuration import load
    from streams.settings import SettingError
    from streams.stages import known_names

    try:
        names = frozenset(watchlist.name for watchlist in watched(settings.watchlists, known_names).content)
        load(settings.sinks, allow_private=settings.allow_private_targets, watchlists=names)
    except SettingError as error:
        return error
    return None
