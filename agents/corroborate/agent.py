"""Corroborate: reports.v1 in, events.v1 out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from agents.corroborate.sessions import DAY, unit_for
from agents.corroborate.state import Limits, State
from agents.corroborate.step import fold, step
from streams.stage import Output, Received, Stage, Surroundings


def stage(surroundings: Surroundings) -> Stage:
    """The stage with the gap and the life of sessions from the settings."""
    settings = surroundings.settings
    limits = Limits(gap=settings.session_gap_days * DAY, kept=settings.event_days * DAY)
    unit = unit_for(settings.session_gap_days)

    def publish(state: State, record: Any, received: Received) -> Sequence[Output]:
        return [
            Output(topic="events.v1", key=event.id, partition_by=event.key, record=event)
            for event in step(state, record, limits, unit)
        ]

    return Stage(
        name="corroborate",
        consumes="reports.v1",
        publishes=("events.v1",),
        step=publish,
        new_state=State,
        fold=lambda state, record: fold(state, record, limits),
        size=State.size,
    )
