"""The states of a stage: for each partition a fold of the topic it consumes, caught up from the topic when it is behind.

Whatever makes a state fall behind (a new assignment, a crash, a skipped offset) is found by comparing the offset of the
input in hand with where the fold stands, and healed in one way: read what lies between, and fold it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from streams.handling import decoded
from streams.metrics import Metrics
from streams.stage import Stage

Batch = list[tuple[int, bytes | None]]
"""Offsets and values, in order; None is a tombstone."""

Read = Callable[[int, int, int], AsyncIterator[Batch]]
"""`read(partition, start, end)` yields what the topic still has of the offsets [start, end) of a partition, and returns
when it has passed `end`, whether or not a record lies there: compaction, retention and transactions leave gaps."""


class CannotCatchUp(Exception):
    """The topic could not be read up to the input in hand."""


@dataclass(slots=True)
class PartitionFold:
    """The state of one partition: the fold of its offsets below `folded_up_to`."""

    state: Any
    folded_up_to: int = 0


class Folds:
    """The states of one stage. Of a stage without a state they are None, and nothing is ever read."""

    def __init__(self, stage: Stage, read: Read, metrics: Metrics) -> None:
        self._stage = stage
        self._read = read
        self._metrics = metrics
        self._partitions: dict[int, PartitionFold] = {}
        self._assigned: frozenset[int] = frozenset()
        self.progress = 0
        """Grows with every record read to catch up."""

    async def before(self, partition: int, offset: int) -> Any:
        """The state with which to handle the input at that offset: everything before it is folded in.

        An input that comes again finds a state that is further on; to fold it once more changes nothing.
        Raises `CannotCatchUp`.
        """
        if self._stage.new_state is None or self._stage.fold is None:
            return None
        fold = self._partitions.get(partition)
        if fold is None:
            fold = self._partitions[partition] = PartitionFold(self._stage.new_state())
        if offset > fold.folded_up_to:
            catching_up = self._metrics["muster_fold_catching_up"].labels(stage=self._stage.name)
            catching_up.set(1)
            try:
                await self._catch_up(partition, fold, offset)
            finally:
                catching_up.set(0)
        return fold.state

    def after(self, partition: int, offset: int) -> None:
        """Note that the step has folded the input at that offset."""
        fold = self._partitions.get(partition)
        if fold is not None and offset >= fold.folded_up_to:
            fold.folded_up_to = offset + 1

    def assign(self, partitions: Iterable[int]) -> None:
        """Note which partitions this worker has now. States of others are kept: they catch up from where they stand."""
        self._assigned = frozenset(partitions)

    def measure(self) -> None:
        """Show how many partitions and items are in memory."""
        if self._stage.new_state is None:
            return
        for held, chosen in (("assigned", True), ("kept", False)):
            folds = [fold for number, fold in self._partitions.items() if (number in self._assigned) is chosen]
            labels = {"stage": self._stage.name, "held": held}
            self._metrics["muster_fold_partitions"].labels(**labels).set(len(folds))
            if self._stage.size is not None:
                # A slow stage may be changing its state in a thread just now; then the next look has to do.
                with suppress(RuntimeError):
                    items = sum(self._stage.size(fold.state) for fold in folds)
                    self._metrics["muster_fold_items"].labels(**labels).set(items)

    async def _catch_up(self, partition: int, fold: PartitionFold, offset: int) -> None:
        started = time.monotonic()
        folded = skipped = 0
        async for batch in self._read(partition, fold.folded_up_to, offset):
            for position, value in batch:
                if position < offset and value is not None:
                    if self._fold_one(fold.state, value):
                        folded += 1
                    else:
                        skipped += 1
            self.progress += len(batch)
            if batch:
                # What was folded stays folded even if the reading fails now: the next try goes on from here.
                fold.folded_up_to = min(batch[-1][0] + 1, offset)
            # A long catch-up must not keep the other stages of this process, nor the answer to a health check, waiting.
            await asyncio.sleep(0)
        fold.folded_up_to = offset
        name = self._stage.name
        self._metrics["muster_fold_catch_ups_total"].labels(stage=name).inc()
        self._metrics["muster_fold_caught_up_records_total"].labels(stage=name, outcome="folded").inc(folded)
        self._metrics["muster_fold_caught_up_records_total"].labels(stage=name, outcome="skipped").inc(skipped)
        self._metrics["muster_fold_catch_up_seconds"].labels(stage=name).observe(time.monotonic() - started)

    def _fold_one(self, state: Any, value: bytes) -> bool:
        """Fold one record; False for one that the stage cannot use, of which the loop made a dead letter in its time."""
        assert self._stage.fold is not None  # noqa: S101
        with suppress(Exception):
            self._stage.fold(state, decoded(self._stage, value))
            return True
        return False
