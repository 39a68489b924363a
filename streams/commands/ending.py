"""Ending a command that has started things: by one signal, once, and without being disturbed while it cleans up."""

from __future__ import annotations

import contextlib
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from types import FrameType

PATIENCE_SECONDS = 60.0
"""How long further signals are ignored. A worker and a broker that do not obey are killed within some 40 s: whoever
still waits after this has a reason to insist."""


@dataclass(slots=True)
class Ending:
    """Whether the command is ending, since when, and whether a signal is why."""

    since: float | None = None
    interrupted: bool = False

    def begins(self) -> None:
        """From now on the command cleans up: signals are ignored."""
        if self.since is None:
            self.since = time.monotonic()

    def on_signal(self, number: int, frame: FrameType | None) -> None:
        """End it with `KeyboardInterrupt`, unless it is ending already."""
        now = time.monotonic()
        if self.since is not None and now - self.since < PATIENCE_SECONDS:
            return
        self.since = now
        self.interrupted = True
        raise KeyboardInterrupt


@contextlib.contextmanager
def ending() -> Iterator[Ending]:
    """SIGTERM and SIGHUP end the block as Ctrl-C does, with `KeyboardInterrupt`; what follows the first is ignored.

    A signal that was ignored before (`nohup`) still is. After a signal the block's end is the command's, so that they
    all remain ignored then.
    """
    state = Ending()
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.getsignal(number) for number in numbers}
    ours = [number for number in numbers if before[number] is not signal.SIG_IGN]
    for number in ours:
        signal.signal(number, state.on_signal)
    try:
        yield state
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_IGN if state.interrupted else before[number])
