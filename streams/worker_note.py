"""What a worker tells whoever started it, in its ready file: where its metrics are, and whether it gets on."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerNote:
    """A worker that was ready, as it last said."""

    metrics: str
    """Where they really are: http://host:port."""
    done: int
    """Inputs that it had acknowledged for good in this life. None counts when it ended of too many dead letters."""


def write(path: Path, note: WorkerNote) -> None:
    """Put the note in place of the one before, never half of it."""
    new = path.with_suffix(".new")
    new.write_text(json.dumps(asdict(note)) + "\n", encoding="utf-8")
    new.replace(path)


def read(path: Path) -> WorkerNote | None:
    """The note, or None where there is none: the worker was never ready."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
        return WorkerNote(metrics=str(value["metrics"]), done=int(value["done"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
