"""Alert: events.v1 in, alerts.v1 out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from agents.alert.state import State
from agents.alert.step import fold, step
from agents.alert.watchlists import load
from streams.stage import Output, Received, Stage, Surroundings

KEPT = 2 * 86_400.0
"""Seconds for each day that events are kept: twice as long, because an event may still change on its last day."""


def stage(surroundings: Surroundings) -> Stage:
    """The stage with the watchlists of the settings. Raises `SettingError` for a file that cannot be used."""
    settings = surroundings.settings
    watchlists = load(settings.watchlists)
    kept = settings.event_days * KEPT

    def publish(state: State, event: Any, received: Received) -> Sequence[Output]:
        return [
            Output(topic="alerts.v1", key=alert.id, partition_by=event.key, record=alert)
            for alert in step(state, event, watchlists, kept)
        ]

    return Stage(
        name="alert",
        consumes="events.v1",
        publishes=("alerts.v1",),
        step=publish,
        new_state=State,
        fold=lambda state, event: fold(state, event, watchlists, kept),
        size=lambda state: len(state.events),
    )
