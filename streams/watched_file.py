"""A file of data that may change while a stage runs: taken over when it is good, refused with a reason when it is not.

Whatever reads the file for its content stays pure; this module looks at the disk, and whoever runs the stage calls
`look` every now and then, logs and counts what it returns.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Literal, TypeVar

T = TypeVar("T")
Outcome = Literal["taken", "refused", "removed"]
OUTCOMES: tuple[Outcome, ...] = ("taken", "refused", "removed")

SETTLED_SECONDS = 0.1
"""A file that still changes after so long is being written: it is looked at again the next time."""


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a change of the file, in one line for the log."""

    outcome: Outcome
    message: str


class WatchedFile(Generic[T]):
    """The content of one file, as its last good version has it.

    `read` makes the content of the file's bytes and raises ValueError, with a message that names file and line, for what
    cannot be used; so does the constructor, for a stage must not start with a mistake. Its content is compared, not its
    times: a file may be replaced within one tick of the clock, or by one that is older.
    """

    def __init__(self, path: Path, read: Callable[[bytes], T]) -> None:
        self._path = path
        self._read = read
        self._seen: bytes | None = path.read_bytes()
        self.content = read(self._seen)
        self.refused = False
        """Whether the file cannot be used as it is now, so that what was read before is in force."""

    def look(self) -> Change | None:
        """Look at the file. Returns what has changed since the last look, None if nothing has; each change once."""
        found = self._found()
        if found == self._seen or (found is not None and self._is_being_written(found)):
            return None
        self._seen = found
        self.refused = True
        if found is None:
            return Change("removed", f"{self._path} is gone; what was read from it stays in force")
        try:
            self.content = self._read(found)
        except ValueError as error:
            return Change("refused", f"{error}; what was read before stays in force")
        self.refused = False
        return Change("taken", f"{self._path} has changed and is in force now")

    def _found(self) -> bytes | None:
        try:
            return self._path.read_bytes()
        except OSError:
            return None

    def _is_being_written(self, found: bytes) -> bool:
        time.sleep(SETTLED_SECONDS)
        return self._found() != found
