"""Alert: events.v1 in, alerts.v1 out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from agents.alert.state import State
from agents.alert.step import fold, step
from agents.alert.watchlists import ALL, Watchlist, parse
from streams.settings import SettingError
from streams.stage import KnownNames, Output, Received, Stage, Surroundings
from streams.watched_file import WatchedFile

KEPT = 2 * 86_400.0
"""Seconds for each day that events are kept: twice as long, because an event may still change on its last day."""


def stage(surroundings: Surroundings) -> Stage:
    """The stage with the watchlists of the settings, which change with their file while it runs.

    Raises `SettingError` for a file that cannot be used at the start.
    """
    settings = surroundings.settings
    file = None if settings.watchlists is None else watched(settings.watchlists, surroundings.known_names)
    kept = settings.event_days * KEPT

    def publish(state: State, event: Any, received: Received) -> Sequence[Output]:
        return [
            Output(topic="alerts.v1", key=alert.id, partition_by=event.key, record=alert)
            for alert in step(state, event, watchlists(), kept)
        ]

    def watchlists() -> tuple[Watchlist, ...]:
        return ALL if file is None else file.content

    return Stage(
        name="alert",
        consumes="events.v1",
        publishes=("alerts.v1",),
        step=publish,
        new_state=State,
        fold=lambda state, event: fold(state, event, watchlists(), kept),
        size=lambda state: len(state.events),
        watched=() if file is None else (file,),
    )


def watched(path: Path, known_names: Callable[[], KnownNames] | None = None) -> WatchedFile[tuple[Watchlist, ...]]:
    """The watchlists of a TOML file, as it is now and later; names in it must be known ones where these are given.

    Raises `SettingError` naming file, line, watchlist and key.
    """
    known = None if known_names is None else known_names()

    def read(raw: bytes) -> tuple[Watchlist, ...]:
        try:
            return parse(raw.decode("utf-8"), str(path), known)
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            raise SettingError(f"MUSTER_WATCHLISTS: {path}: line {line}: not UTF-8 text") from None

    try:
        return WatchedFile(path, read)
    except OSError as error:
        raise SettingError(f"MUSTER_WATCHLISTS: {path}: {error.strerror or error}") from None
