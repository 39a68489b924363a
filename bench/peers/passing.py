"""As many Faust hops as an article takes to its alert, which pass bytes on untouched: the most that a worker could do.

The same app, topics, groups and window as the stages have, so that the same feeder and the same look at lags serve both.
An input is acknowledged, in order, when the broker has confirmed what it led to.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import faust
import mode

from streams.app import faust_app, raw_topic
from streams.settings import Settings

HOPS = {
    "ingest": ("articles.raw.v1", "articles.v1"),
    "enrich": ("articles.v1", "reports.v1"),
    "corroborate": ("reports.v1", "events.v1"),
    "alert": ("events.v1", "alerts.v1"),
}


def hop(settings: Settings, stage: str, assigned: Callable[[str], None]) -> faust.App:
    app = faust_app(settings, stage)
    taken, given = (raw_topic(app, settings.topic_prefix + name) for name in HOPS[stage])

    async def confirm(waiting: asyncio.Queue[tuple[Any, Any]]) -> None:
        while True:
            event, promise = await waiting.get()
            await promise
            event.ack()

    async def consume(inputs: Any) -> None:
        waiting: asyncio.Queue[tuple[Any, Any]] = asyncio.Queue(settings.in_flight)
        confirming = asyncio.create_task(confirm(waiting))
        try:
            async for event in inputs.noack().events():
                if confirming.done():
                    confirming.result()
                message = event.message
                promise = await given.send(key=message.key, value=message.value, partition=message.partition)
                await waiting.put((event, promise))
        finally:
            confirming.cancel()

    app.agent(taken, name=stage, concurrency=1, supervisor_strategy=mode.CrashingSupervisor)(consume)

    async def on_assigned(*_: Any, **__: Any) -> None:
        assigned(stage)

    app.on_partitions_assigned.connect(on_assigned, weak=False)
    app.finalize()
    return app


def main() -> None:
    parser = argparse.ArgumentParser(description="Pass articles on, hop by hop, and do nothing else.")
    parser.add_argument("--index", type=int, default=0)
    parser.add_argument("--ready-file", type=Path, required=True)
    options = parser.parse_args()
    settings = Settings.from_environment()
    outstanding = set(HOPS)

    def assigned(stage: str) -> None:
        outstanding.discard(stage)
        if not outstanding:
            options.ready_file.touch()

    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    first, *others = [hop(settings, stage, assigned) for stage in HOPS]
    faust.Worker(
        first, *others, loop=loop, loglevel="WARN", redirect_stdouts=False, quiet=True
    ).execute_from_commandline()


if __name__ == "__main__":
    main()
