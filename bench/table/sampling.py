"""Where processor time goes, by line: a signal every few milliseconds of processor time, and the line of ours it falls on.

Own code, because a package would add a dependency to count lines: `ITIMER_PROF` ticks with the processor time of the
process, so waiting costs nothing, and code is not slowed as by a profiler that is called for every line. Python gets to see
the signal between two of its instructions: what a call into C takes counts for the line that made it.
"""

from __future__ import annotations

import signal
from collections import Counter
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
OURS = tuple(str(ROOT / folder) + "/" for folder in ("agents", "wirecopy"))
INTERVAL_SECONDS = 0.002


class Sampler:
    """Counts samples by label and line while the block runs. `label` is set by whoever runs what is sampled; samples
    without one are dropped. Of the main thread only: signals come to no other."""

    def __init__(self) -> None:
        self.label: str | None = None
        self._counted: dict[str, Counter[tuple[str, int]]] = {}
        self._before: Any = None

    def __enter__(self) -> Sampler:
        self._before = signal.signal(signal.SIGPROF, self._note)
        signal.setitimer(signal.ITIMER_PROF, INTERVAL_SECONDS, INTERVAL_SECONDS)
        return self

    def __exit__(self, *_: object) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, self._before)

    def dearest(self, label: str, number: int = 3) -> list[tuple[str, float]]:
        """The lines of a label that most samples fell on, as `file:line`, each with its share of the label's samples."""
        counted = self._counted.get(label, Counter())
        return [
            (f"{Path(file).relative_to(ROOT)}:{line}", times / counted.total())
            for (file, line), times in counted.most_common(number)
        ]

    def _note(self, _: int, frame: FrameType | None) -> None:
        if self.label is None:
            return
        while frame is not None and not frame.f_code.co_filename.startswith(OURS):
            frame = frame.f_back
        if frame is not None:
            self._counted.setdefault(self.label, Counter())[frame.f_code.co_filename, frame.f_lineno] += 1
