"""Comparing what topics settle to, with an answer that a person can read when they differ."""

from __future__ import annotations

from collections.abc import Iterable

from streams.dry_run import Message, settled
from streams.records import encode

AROUND = 80
"""Bytes that are shown before and after the first byte that differs."""


def differences(name: str, found: Iterable[Message], wanted: Iterable[Message]) -> list[str]:
    """Where two runs settle to different bytes on a topic: at most three lines; none if every record is the same."""
    ours, theirs = _by_key(name, found), _by_key(name, wanted)
    told = [f"{name}: only found: {key!r}" for key in sorted(ours.keys() - theirs.keys())]
    told += [f"{name}: only wanted: {key!r}" for key in sorted(theirs.keys() - ours.keys())]
    told += [
        _first(name, ours[key], theirs[key]) for key in sorted(ours.keys() & theirs.keys()) if ours[key] != theirs[key]
    ]
    return told[:3]


def alert_ids(found: Iterable[Message]) -> list[str]:
    """The ids of the alerts, each once, sorted."""
    return [alert.id for alert in settled("alerts.v1", found)]


def _by_key(name: str, messages: Iterable[Message]) -> dict[str, bytes]:
    records = settled(name, messages)
    return {_key(record): encode(record) for record in records}


def _key(record: object) -> str:
    if hasattr(record, "kind") and hasattr(record, "version"):  # a revision has no id
        return f"{record.article}@{record.version}"  # type: ignore[attr-defined]
    return str(getattr(record, "id", None) or record.article)  # type: ignore[attr-defined]


def _first(name: str, found: bytes, wanted: bytes) -> str:
    position = next(
        (i for i, (a, b) in enumerate(zip(found, wanted, strict=False)) if a != b), min(len(found), len(wanted))
    )
    cut = slice(max(0, position - AROUND), position + AROUND)
    return (
        f"{name}: found ...{found[cut].decode(errors='replace')}... wanted ...{wanted[cut].decode(errors='replace')}..."
    )
