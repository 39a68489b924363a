"""Which stages have work and get none of it done: a consumer can die while its process looks well."""

from __future__ import annotations

from dataclasses import dataclass


class Stalled(Exception):
    """A stage has work and gets none of it done."""


@dataclass(slots=True)
class _Seen:
    done: int
    since: float
    behind: int = 0
    last: float = 0.0
    excused_since: float | None = None


class Stalls:
    """Remembers of each stage when it last got on. Times are seconds of one clock that only grows."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._seen: dict[str, _Seen] = {}

    def look(self, stage: str, *, done: int, behind: int, excused: bool, now: float) -> None:
        """Note what a stage has done so far, and how many inputs wait. In a rebalance it is excused, but for no longer than
        patience lasts, and then for as long again: one that never ends is a consumer that died as well."""
        seen = self._seen.get(stage)
        since = seen.excused_since if seen is not None else None
        since = (now if since is None else since) if excused else None
        excused = since is not None and now - since <= self._patience
        if seen is None or seen.done != done or behind == 0 or excused:
            seen = self._seen[stage] = _Seen(done, since=now)
        seen.behind, seen.last, seen.excused_since = behind, now, since

    def forget(self) -> None:
        """Nothing can be said: the broker does not answer, so that nobody can get on."""
        self._seen.clear()

    def complaints(self) -> dict[str, str]:
        """The stages that have stood still for longer than patience lasts, each with what is wrong."""
        return {
            stage: f"stage {stage}: {seen.behind:,} inputs wait and none was done for {seen.last - seen.since:.0f} s; "
            "the worker ends, so that its partitions go to one that lives"
            for stage, seen in self._seen.items()
            if seen.last - seen.since > self._patience
        }
