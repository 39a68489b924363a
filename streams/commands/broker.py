"""`muster broker start|stop|status`: a local Kafka for people."""

from __future__ import annotations

import dataclasses
import shlex
from typing import TYPE_CHECKING

import click

from streams.commands import failures
from streams.settings import Settings

if TYPE_CHECKING:
    from streams.broker import RunningBroker


@click.group()
def broker() -> None:
    """Start and stop a local Kafka.

    One node on free loopback ports: in the Docker engine where one runs, otherwise from Kafka's Java artifacts. Its data
    stay in MUSTER_CACHE_DIR/broker. Nothing of this is needed where MUSTER_BROKER names a Kafka.
    """


@broker.command()
def start() -> None:
    """Start it, or find it running, and print the line that points Muster at it.

    The line goes to standard output alone: eval "$(muster broker start)".
    """
    from streams import broker as brokers

    settings, given = _own_settings()
    if given and given != brokers.last_bootstrap(settings):
        raise failures.Failure(
            f"MUSTER_BROKER names {given}, which is not ours to start; unset it for a local one", failures.SETTINGS
        )
    running = brokers.status(settings)
    try:
        started = running or brokers.start(settings)
    except brokers.BrokerError as error:
        raise failures.Failure(str(error), failures.BROKER) from None
    click.echo(_described(started, already=running is not None), err=True)
    click.echo(f"export MUSTER_BROKER={shlex.quote(started.bootstrap)}")


@broker.command()
@click.option("--remove-data", is_flag=True, help="Remove its topics as well.")
def stop(remove_data: bool) -> None:
    """Stop it. Its data stay unless they are to be removed."""
    from streams import broker as brokers

    settings, _ = _own_settings()
    running = brokers.status(settings)
    if running is not None:
        brokers.stop(running)
        click.echo(f"stopped the broker at {running.bootstrap}", err=True)
    else:
        click.echo("no broker of ours is running", err=True)
    if remove_data:
        brokers.remove_data(settings)
        click.echo("its data are removed", err=True)


@broker.command()
def status() -> None:
    """Say whether it runs, and whether it answers. Exit code 4 if not."""
    from streams import broker as brokers

    settings, given = _own_settings()
    if given and given != brokers.last_bootstrap(settings):
        from streams.administration import AdministrationError, admin_client

        try:
            with admin_client(Settings.from_environment()) as client:
                nodes = len(client.describe_cluster()["brokers"])
        except AdministrationError as error:
            raise failures.Failure(str(error), failures.BROKER) from None
        click.echo(f"the broker of MUSTER_BROKER, {given}, answers: {nodes} node{'s' * (nodes != 1)}")
        return
    running = brokers.status(settings)
    if running is None:
        raise failures.Failure("no broker is running; `muster broker start` starts one", failures.BROKER)
    if not brokers.answers(running.bootstrap, seconds=10):
        raise failures.Failure(f"{_described(running, already=True)}, and does not answer", failures.BROKER)
    click.echo(_described(running, already=True))
    click.echo(f"export MUSTER_BROKER={shlex.quote(running.bootstrap)}")


def _own_settings() -> tuple[Settings, str]:
    """Settings that mean the local broker, and what MUSTER_BROKER names: after `start`'s line, the local one too."""
    settings = Settings.from_environment()
    return dataclasses.replace(settings, broker=""), settings.broker


def _described(running: RunningBroker, *, already: bool) -> str:
    how = f"pid {running.pid}" if running.pid is not None else f"Docker project {running.project}"
    return (
        f"Kafka {'runs' if already else 'is up'} at {running.bootstrap} ({how}); its data and log: {running.data_dir}"
    )
