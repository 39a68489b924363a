"""How each fault is done. A function returns when its fault has ended; how long the pipeline takes from then on is the caller's.

What is fed while a fault lasts is fed beside it.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import time
from collections.abc import Callable, Mapping, Sequence

from bench.soak.ground import Ground
from bench.soak.pipeline import FEED_PER_SECOND, Pipeline
from bench.soak.plan import Fault, Kind
from streams.kafka_distribution import process

HELD_BACK = 5
"""One of so many articles of a fault is fed when it has ended: to be recovered is to have news through, not to have none to do."""
GUEST_GRACE_SECONDS = 20.0


def suffer(ground: Ground, pipeline: Pipeline, fault: Fault, articles: Sequence[bytes], before: Sequence[bytes]) -> str:
    """Feed the articles of a fault and let it happen among them; `before` are those that were fed earlier in this round.

    Returns what is to be noted of it. Raises `NotRecovered`.
    """
    given = disordered(fault, articles, before) if fault.kind == "input-disordered" else articles
    held_back = len(given) // HELD_BACK
    first, last = given[: len(given) - held_back], given[len(given) - held_back :]
    pipeline.feed(first, None if fault.burst else FEED_PER_SECOND)
    time.sleep(fault.moment * (1.0 if fault.burst else len(first) / FEED_PER_SECOND))
    note = HAPPENING[fault.kind](ground, pipeline, fault)
    pipeline.feed(last)
    return note


def disordered(fault: Fault, articles: Sequence[bytes], before: Sequence[bytes]) -> list[bytes]:
    """The articles in any order, twice, or with a third of the earlier ones."""
    chance = random.Random(fault.seed)
    again = list(articles) if fault.variant == 0 else chance.sample(list(before), len(before) // 3)
    mixed = [*articles, *again]
    chance.shuffle(mixed)
    return mixed


def _signalled(pipeline: Pipeline, fault: Fault, number: signal.Signals) -> list[int]:
    """The workers that were sent the signal: the first, the last, or all."""
    workers = pipeline.workers()
    chosen = (workers[:1], workers[-1:], workers)[fault.variant]
    for pid in chosen:
        with contextlib.suppress(ProcessLookupError):  # it ended of something else meanwhile
            os.kill(pid, number)
    return chosen


def _killed(ground: Ground, pipeline: Pipeline, fault: Fault) -> str:
    _signalled(pipeline, fault, signal.SIGKILL)
    return ""


def _stopped(ground: Ground, pipeline: Pipeline, fault: Fault) -> str:
    _signalled(pipeline, fault, signal.SIGTERM)
    return ""


def _frozen(ground: Ground, pipeline: Pipeline, fault: Fault) -> str:
    frozen = _signalled(pipeline, fault, signal.SIGSTOP)
    try:
        time.sleep(fault.seconds)
    finally:
        for pid in frozen:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
    return ""


def _broker_gone(ground: Ground, pipeline: Pipeline, fault: Fault) -> str:
    ground.stop(killed=fault.variant == 1)
    time.sleep(fault.seconds)
    ground.resume()
    return ""


def _come_and_go(ground: Ground, pipeline: Pipeline, fault: Fault) -> str:
    guests = [pipeline.start_worker() for _ in range(1 + fault.variant)]
    for guest in guests:
        if fault.variant == 0:
            process.end(guest, grace_seconds=GUEST_GRACE_SECONDS)
        else:
            process.kill(guest)
    return ""


def _disordered(ground: Ground, pipeline: Pipeline, fault: Fault) -> str:
    return ""


def _sink_down(ground: Ground, pipeline: Pipeline, fault: Fault) -> str:
    with pipeline.receiver.down(closed=fault.variant == 1):
        time.sleep(fault.seconds)
    return ""


def _disk_full(ground: Ground, pipeline: Pipeline, fault: Fault) -> str:
    return ground.full(fault.seconds)


HAPPENING: Mapping[Kind, Callable[[Ground, Pipeline, Fault], str]] = {
    "worker-killed": _killed,
    "worker-stopped": _stopped,
    "worker-frozen": _frozen,
    "broker-restarted": _broker_gone,
    "broker-away": _broker_gone,
    "workers-come-and-go": _come_and_go,
    "input-disordered": _disordered,
    "sink-down": _sink_down,
    "disk-full": _disk_full,
}
"""In each, `variant` chooses as `plan.WAYS` tells."""
BROKERS: frozenset[Kind] = frozenset({"broker-restarted", "broker-away", "disk-full"})
"""After these a sink may be given an alert twice: the commit after its delivery may have failed (docs/sinks.md)."""
