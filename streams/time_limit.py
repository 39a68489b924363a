"""A limit on how long synchronous code may run, for code that nobody can ask to stop."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class TookTooLong(Exception):
    """The code ran for longer than it may."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise `TookTooLong` in the block when it has run for so long. Only for the main thread, and not nested.

    It is raised between two instructions of Python: a call into C that does not return is not ended by it.
    """

    def end(_: int, __: FrameType | None) -> None:
        raise TookTooLong(f"it ran for more than {seconds:g} s")

    before = signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
