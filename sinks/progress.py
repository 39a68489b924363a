"""How far a sink has come in one partition, and how that is written beside the committed offset. Pure.

Alerts that wait for a digest hold the committed offset back while later ones are delivered. What is done beyond it is
written into the metadata of the commit, so that a restart repeats nothing; so are the offset that the sink began at,
since what lies before it was never delivered, and the window of its limit.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable

from sinks.limits import Window

METADATA_BYTES = 4_000
"""A broker takes 4,096 by default (`offset.metadata.max.bytes`)."""
ENVELOPE = 200
"""Of these for all but what is done."""


class Progress:
    """Offsets of one partition: which are taken, and up to where all are done."""

    def __init__(self, since: int, committed: int, done: Iterable[int] = ()) -> None:
        self.since = since
        self._committed = committed
        self._next = committed
        self._done = set(done)
        self._waiting: dict[int, int] = {}

    def take(self, offset: int, timestamp_ms: int) -> bool:
        """Note a message that is read. Returns whether there is anything to do for it: it may have been done before."""
        self._next = offset + 1
        if offset in self._done:
            return False
        self._waiting[offset] = timestamp_ms
        return True

    def finish(self, offset: int) -> None:
        """Note that a message is done with."""
        if self._waiting.pop(offset, None) is not None:
            self._done.add(offset)

    @property
    def committed(self) -> int:
        """The offset below which everything is done."""
        return next(iter(self._waiting), self._next)

    @property
    def done_up_to(self) -> int:
        """The offset after the last one that is done."""
        return max(self._done, default=self._committed - 1) + 1

    def is_done(self, offset: int) -> bool:
        return offset in self._done

    @property
    def unfinished(self) -> int:
        return len(self._waiting)

    @property
    def next(self) -> int:
        """The offset to be read next."""
        return self._next

    @property
    def oldest_ms(self) -> int | None:
        """The time of the earliest message that is taken and not done."""
        return next(iter(self._waiting.values()), None)

    def metadata(self, window: Window) -> str:
        """What is to be known beside the offset."""
        start = self.committed
        self._done = {offset for offset in self._done if offset >= start}
        done, room = "", METADATA_BYTES - ENVELOPE
        for skipped, length in _runs(self._done, start):
            run = f"{skipped}+{length},"
            if len(done) + len(run) > room:
                break  # What lies beyond would be repeated after a restart; a full digest goes before it comes to this.
            done += run
        table = {"since": self.since, "window": [round(window.began, 1), window.count], "done": done.rstrip(",")}
        return json.dumps(table, separators=(",", ":"))


def read(committed: int, metadata: str) -> tuple[Progress, Window]:
    """What was written; of metadata that is not ours nothing is known but the offset."""
    try:
        table = json.loads(metadata)
        began, count = table["window"]
        done: list[int] = []
        place = committed
        for run in filter(None, table["done"].split(",")):
            skipped, length = map(int, run.split("+"))
            done += range(place + skipped, place + skipped + length)
            place += skipped + length
        return Progress(int(table["since"]), committed, done), Window(float(began), int(count))
    except (ValueError, KeyError, TypeError, AttributeError):
        return Progress(0, committed), Window()


def _runs(offsets: set[int], start: int) -> Iterable[tuple[int, int]]:
    """(how many are left out before it, how long it is) of each stretch of offsets without a gap."""
    place = start
    for _, group in itertools.groupby(enumerate(sorted(offsets)), key=lambda pair: pair[1] - pair[0]):
        stretch = [offset for _, offset in group]
        yield stretch[0] - place, len(stretch)
        place = stretch[-1] + 1
