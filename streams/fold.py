"""The states of a stage: for each partition a fold of the topic it consumes, caught up from the topic when it is behind.

Whatever makes a state fall behind (a new assignment, a crash, a skipped offset) is found by comparing the offset of the
input in hand with where the fold stands, and healed in one way: read what lies between, and fold it.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from streams import collector
from streams.bundles import values_in
from streams.handling import decoded
from streams.metrics import Metrics
from streams.records import InvalidRecord
from streams.snapshots import Snapshots
from streams.stage import Rejected, Stage
from streams.topics import topic

REST_SECONDS = 0.005
"""So often it is looked whether a step in a thread is through."""

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
    in_hand: bool = False
    """A step works on it, perhaps in a thread."""
    sound: bool = True
    """No fold or step has broken off half-way by a defect. What such a one left goes with the process, and is not kept."""
    kept_up_to: int = 0
    """Where its snapshot stands."""
    kept_at: float = field(default_factory=time.time)
    """When the snapshot was made, in seconds since 1970; the time of the start where there is none."""
    tried_at: float = field(default_factory=time.time)
    """When it was last tried to make one, or loaded."""
    kept_bytes: int = 0


class Folds:
    """The states of one stage. Of a stage without a state they are None, and nothing is ever read."""

    def __init__(
        self,
        stage: Stage,
        read: Read,
        metrics: Metrics,
        *,
        snapshots: Snapshots | None = None,
        snapshot_seconds: float = 600.0,
    ) -> None:
        """`snapshots` are for a stage that has `kept`, and made at least so many seconds apart."""
        self._stage = stage
        self._bundled = topic(stage.consumes).bundled
        self._read = read
        self._metrics = metrics
        self._snapshots = snapshots if stage.kept is not None else None
        self._snapshot_seconds = snapshot_seconds
        self._writing: asyncio.Task[None] | None = None
        self._log = logging.getLogger(f"muster.{stage.name}")
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
            fold = self._partitions[partition] = await self._begun(partition)
        if offset > fold.folded_up_to:
            catching_up = self._metrics["muster_fold_catching_up"].labels(stage=self._stage.name)
            catching_up.set(1)
            try:
                await self._catch_up(partition, fold, offset)
            finally:
                catching_up.set(0)
        fold.in_hand = True
        return fold.state

    def after(self, partition: int, offset: int, *, sound: bool = True) -> None:
        """Note that the step has folded all inputs of the message at that offset; not `sound` if it broke off by a defect."""
        fold = self._partitions.get(partition)
        if fold is None:
            return
        fold.in_hand = False
        fold.sound = fold.sound and sound
        if offset >= fold.folded_up_to:
            fold.folded_up_to = offset + 1
        if self._snapshots is not None and self._writing is None and self._is_due(fold):
            self._writing = asyncio.create_task(self._keep(partition, fold))

    async def close(self) -> None:
        """Keep the states as they are now, once the loop has ended."""
        if self._snapshots is None:
            return
        if self._writing is not None:
            # It may wait for a step that was broken off; what it wrote is written again just below.
            self._writing.cancel()
            await asyncio.wait([self._writing])
        for partition, fold in self._partitions.items():
            # A step that was broken off may still be working on the state in its thread.
            if partition in self._assigned and not fold.in_hand and fold.folded_up_to > fold.kept_up_to:
                await self._keep(partition, fold)

    def assign(self, partitions: Iterable[int]) -> None:
        """Note which partitions this worker has now. States of others are kept: they catch up from where they stand."""
        self._assigned = frozenset(partitions)

    def measure(self) -> None:
        """Show how many partitions and items are in memory."""
        if self._stage.new_state is None:
            return
        for held, chosen in (("assigned", True), ("kept", False)):
            folds = [fold for number, fold in self._partitions.items() if (number in self._assigned) is chosen]
            if chosen and self._snapshots is not None:
                ages = [time.time() - fold.kept_at for fold in folds]
                self._metrics["muster_snapshot_age_seconds"].labels(stage=self._stage.name).set(max(ages, default=0.0))
                size = sum(fold.kept_bytes for fold in folds)
                self._metrics["muster_snapshot_bytes"].labels(stage=self._stage.name).set(size)
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
        with collector.paused():
            async for batch in self._read(partition, fold.folded_up_to, offset):
                for position, value in batch:
                    if position < offset and value is not None:
                        for record in values_in(value) if self._bundled else (value,):
                            if self._fold_one(fold, record):
                                folded += 1
                            else:
                                skipped += 1
                self.progress += len(batch)
                if batch:
                    # What was folded stays folded even if the reading fails now: the next try goes on from here.
                    fold.folded_up_to = min(batch[-1][0] + 1, offset)
                # A long catch-up must not keep the other stages of this process, nor a health check, waiting.
                await asyncio.sleep(0)
        fold.folded_up_to = offset
        name = self._stage.name
        self._metrics["muster_fold_catch_ups_total"].labels(stage=name).inc()
        self._metrics["muster_fold_caught_up_records_total"].labels(stage=name, outcome="folded").inc(folded)
        self._metrics["muster_fold_caught_up_records_total"].labels(stage=name, outcome="skipped").inc(skipped)
        self._metrics["muster_fold_catch_up_seconds"].labels(stage=name).observe(time.monotonic() - started)

    def _fold_one(self, fold: PartitionFold, value: bytes) -> bool:
        """Fold one record; False for one that the stage cannot use, of which the loop made a dead letter in its time."""
        assert self._stage.fold is not None
        try:
            self._stage.fold(fold.state, decoded(self._stage, value))
        except (InvalidRecord, Rejected):
            return False
        except Exception:
            fold.sound = False
            return False
        return True

    # --- snapshots --------------------------------------------------------------------------------------------

    def _is_due(self, fold: PartitionFold) -> bool:
        return time.time() - fold.tried_at >= self._snapshot_seconds

    async def _begun(self, partition: int) -> PartitionFold:
        """A fold to begin with: that of the snapshot if there is one that fits, otherwise of nothing."""
        assert self._stage.new_state is not None
        if self._snapshots is not None:
            outcome = "refused"
            try:
                loaded = await self._loaded(partition, self._snapshots)
                outcome = "none" if loaded is None else "loaded"
                if loaded is not None:
                    return loaded
            except Exception as error:
                self._log.warning(
                    "the snapshot %s is not used, the topic is read instead: %s",
                    self._snapshots.path(partition), str(error) or repr(error),
                )  # fmt: skip
            finally:
                self._count_snapshot(outcome)
        return PartitionFold(self._stage.new_state())

    async def _loaded(self, partition: int, snapshots: Snapshots) -> PartitionFold | None:
        assert self._stage.new_state is not None
        assert self._stage.kept is not None
        started = time.monotonic()
        snapshot = await snapshots.open(partition)
        if snapshot is None:
            return None
        catching_up = self._metrics["muster_fold_catching_up"].labels(stage=self._stage.name)
        catching_up.set(1)
        try:
            state = self._stage.new_state()
            with collector.paused():
                async for part in snapshot.parts():
                    self._stage.kept.load(state, part)
                    self.progress += 1
                    await asyncio.sleep(0)
        finally:
            catching_up.set(0)
            snapshot.close()
        seconds = time.monotonic() - started
        self._metrics["muster_snapshot_load_seconds"].labels(stage=self._stage.name).observe(seconds)
        self._log.info(
            "partition %d begins from a snapshot of %.0f s ago at offset %d, read in %.1f s",
            partition, snapshot.age_seconds, snapshot.folded_up_to, seconds,
        )  # fmt: skip
        return PartitionFold(
            state,
            snapshot.folded_up_to,
            kept_up_to=snapshot.folded_up_to,
            kept_at=time.time() - snapshot.age_seconds,
            kept_bytes=snapshot.bytes,
        )

    async def _keep(self, partition: int, fold: PartitionFold) -> None:
        """Write a snapshot of a fold, or say why not; the stage goes on without."""
        assert self._snapshots is not None
        assert self._stage.kept is not None
        # Also after a failure the next try comes in its time: a full disk is not to be tried with every input.
        fold.tried_at = now = time.time()
        outcome = "failed"
        try:
            if not fold.sound:
                return
            await _at_rest(fold)
            folded_up_to, parts = fold.folded_up_to, self._stage.kept.dump(fold.state)
            size = await self._snapshots.write(partition, folded_up_to, parts, lambda: _at_rest(fold))
            if size is not None:
                outcome = "written"
                fold.kept_up_to, fold.kept_at, fold.kept_bytes = folded_up_to, now, size
        except Exception as error:
            self._log.warning(
                "no snapshot %s could be written: %s", self._snapshots.path(partition), str(error) or repr(error)
            )
        finally:
            self._writing = None
            self._count_snapshot(outcome)

    def _count_snapshot(self, outcome: str) -> None:
        self._metrics["muster_snapshots_total"].labels(stage=self._stage.name, outcome=outcome).inc()


async def _at_rest(fold: PartitionFold) -> None:
    """Return when no step works on the state; none does then until the next time that something is awaited."""
    await asyncio.sleep(0)
    while fold.in_hand:  # noqa: ASYNC110 - an event would cost every input a little, and this is rare
        await asyncio.sleep(REST_SECONDS)
