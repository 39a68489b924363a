"""Python's cyclic collector, kept away from a state that is being built.

It goes through all that is held again and again while that grows, and a state has next to no cycles: what it lets go of is
freed by counting.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

FULL = 2
"""The oldest generation."""
LONG_SECONDS = 1.0
"""After a shorter pause there is too little to be set aside."""

LONG_COLLECTION_SECONDS = 0.01
"""What a collection went through for longer, and found alive, is set aside. With the models that is some 75 ms for a full one, during which
all stages of the worker stand still."""

_pauses = 0
_began = 0.0
_spent = 0.0


def watch() -> None:
    """From now on set aside what outlives a long collection, and count the time of all of them (`spent`)."""
    if _noted not in gc.callbacks:
        gc.callbacks.append(_noted)


def spent() -> float:
    """Seconds that went into collections since `watch`, in whatever thread they fell."""
    return _spent


def _noted(phase: str, found: Mapping[str, int]) -> None:
    global _began, _spent
    if phase == "start":
        _began = time.perf_counter()
        return
    took = time.perf_counter() - _began
    _spent += took
    # Nothing of it is looked at again. What is let go of is freed by counting all the same, but for cycles, and what lives so
    # long are models, lists of words and states, which have none.
    if found["generation"] == FULL and took > LONG_COLLECTION_SECONDS:
        gc.freeze()


@contextmanager
def paused() -> Iterator[None]:
    """No collection until the last of those that asked for it is through; what is there then is not looked at any more.

    The few cycles that other stages make meanwhile stay: a collection before would be the pause that this is to avoid.
    """
    global _pauses
    _pauses += 1
    started = time.monotonic()
    gc.disable()
    try:
        yield
    finally:
        _pauses -= 1
        if not _pauses:
            if time.monotonic() - started > LONG_SECONDS:
                gc.freeze()
            gc.enable()
