"""Python's cyclic collector, kept away from a state that is being built.

It goes through all that is held again and again while that grows, and a state has next to no cycles: what it lets go of is
freed by counting.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager

LONG_SECONDS = 1.0
"""After a shorter pause there is too little to be set aside."""

_pauses = 0


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
