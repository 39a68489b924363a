"""`muster run`: worker processes under a supervisor."""

from __future__ import annotations

from pathlib import Path

import click

from streams.settings import Settings
from streams.stages import names_of


@click.command()
@click.option("--workers", type=click.IntRange(1, 256), default=1, show_default=True, help="Worker processes.")
@click.option("--stages", default="", help="Stages to run, with commas between: by default all.")
@click.option(
    "--ready-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Written once every stage of every worker has got its partitions.",
)
def run(workers: int, stages: str, ready_file: Path | None) -> int:
    """Run workers until Ctrl-C or SIGTERM.

    Every worker runs all stages unless --stages says otherwise; each stage is a consumer group of its own, and the
    partitions of its topic spread over the workers. Metrics of worker N are at MUSTER_METRICS_PORT + N.
    """
    from streams import logs
    from streams.administration import partition_counts
    from streams.supervisor import Supervisor, worker_command

    try:
        names = names_of(name.strip() for name in stages.split(",") if name.strip())
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--stages") from None
    settings = Settings.from_environment()
    partition_counts(settings)  # one clear error here, rather than one from every worker
    logs.set_up(settings.log_level)
    return Supervisor(worker_command(names), workers, settings.grace_seconds, ready_file).run()
