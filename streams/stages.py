"""The stages by name, in the order of the way of the data, each with the place of its agent."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import Any

from streams.stage import KnownNames, Stage, Surroundings

AGENTS = {
    "ingest": "agents.ingest.agent:stage",
    "enrich": "agents.enrich.agent:stage",
    "corroborate": "agents.corroborate.agent:stage",
    "alert": "agents.alert.agent:stage",
    "dedupe.index": "agents.dedupe.agent:index_stage",
    "dedupe.resolve": "agents.dedupe.agent:resolve_stage",
}
"""Agents are imported when they are built, so that a process loads only what its stages need."""


NAMES = "agents.enrich.names.known:known_names"
"""Where the names lie that records can have: read only by who checks names."""


def known_names() -> KnownNames:
    """The movers and places that records can name."""
    found: KnownNames = named(NAMES)()
    return found


def names_of(chosen: Iterable[str]) -> tuple[str, ...]:
    """The stage names that `chosen` means: "dedupe" stands for both of its stages, nothing at all for every stage.

    Raises ValueError for a name that is no stage.
    """
    wanted = list(chosen)
    for name in wanted:
        if not any(stage == name or stage.startswith(f"{name}.") for stage in AGENTS):
            raise ValueError(f"no stage {name!r}; there are: {', '.join(AGENTS)}")
    return tuple(
        stage for stage in AGENTS if not wanted or any(stage == w or stage.startswith(f"{w}.") for w in wanted)
    )


def build(name: str, surroundings: Surroundings) -> Stage:
    """The stage of that name, with the data and models that it needs loaded."""
    stage: Stage = named(AGENTS[name])(surroundings)
    return stage


def named(place: str) -> Any:
    """What lies at "module:name"."""
    module, function = place.split(":")
    return getattr(import_module(module), function)
