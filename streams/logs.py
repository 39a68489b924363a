"""The log of a worker and its supervisor: one readable line for what happened, on standard error."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable

REPEAT_SECONDS = 30.0
"""How long a line of a library stands for all like it: while a broker is away its clients say so a hundred times a second."""


class OneOfMany(logging.Filter):
    """Lets a library say a thing once in a while; what it says by the same words in between is counted, not shown.

    Our own lines pass untouched.
    """

    def __init__(self, ours: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._ours = ours
        self._clock = clock
        self._shown: dict[tuple[str, str], float] = {}
        self._held: dict[tuple[str, str], int] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name == self._ours or record.name.startswith(self._ours + "."):
            return True
        # The words without their values, and without what asyncio appends of the objects involved.
        said = (record.name, str(record.msg).partition("\n")[0][:40])
        now = self._clock()
        if now - self._shown.get(said, -REPEAT_SECONDS) < REPEAT_SECONDS:
            self._held[said] = self._held.get(said, 0) + 1
            return False
        self._shown[said] = now
        if held := self._held.pop(said, 0):
            record.msg = f"{record.msg} ({held:,} more like this before)"
        return True


def set_up(level: str) -> None:
    """Log to standard error: our own lines from `level` up ("info"), those of libraries from warnings up."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        logging.Formatter("%(asctime)s %(levelname)-7s %(name)s: %(message)s", datefmt="%Y-%m-%dT%H:%M:%S")
    )
    handler.addFilter(OneOfMany("muster"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("muster").setLevel(level.upper())
    # "No coordinator" is how every first start on a new broker begins; the client asks again until there is one.
    logging.getLogger("aiokafka.consumer.group_coordinator").setLevel(logging.CRITICAL)
    # Faust quotes whole messages when a delivery fails; the loop says what matters of it.
    logging.getLogger("faust.topics").setLevel(logging.ERROR)
    if level == "debug":
        for name in ("faust", "mode", "aiokafka"):
            logging.getLogger(name).setLevel(logging.INFO)
