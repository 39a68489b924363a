"""Memory that an index holds for an article, measured in a process of its own, so that nothing else is counted.

Python's own memory is what `tracemalloc` counts. That of a package in another language is the growth of the process's
resident memory, over texts enough that its pages and tables do not matter: the texts of the set again and again, each time
with other words.
"""

from __future__ import annotations

import gc
import multiprocessing
import tracemalloc
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.wire.compared import METHODS, Method
from wirecopy.fingerprint import words

LEAST = 10_000
"""Texts over which the growth of a process is measured."""


def bytes_an_article(method: Method, texts: Sequence[str]) -> float | None:
    """Bytes for each text; None where they cannot be told."""
    with multiprocessing.get_context("spawn").Pool(1) as alone:
        return alone.apply(_measured, (method.name, list(texts)))


def _measured(name: str, texts: Sequence[str]) -> float | None:
    method = next(method for method in METHODS if method.name == name)
    if method.native:
        return _grown(method, texts)
    index = method.index()
    index.like("a text like no other: what is made once for all texts is made before")
    gc.collect()
    tracemalloc.start()
    for text in texts:
        index.like(text)
    gc.collect()
    return tracemalloc.get_traced_memory()[0] / len(texts)


def _grown(method: Method, texts: Sequence[str]) -> float | None:
    rounds = -(-LEAST // len(texts))
    # A first index shows the process everything but what the second one keeps.
    first = method.index()
    for text in _varied(texts, 1):
        first.like(text)
    index = method.index()
    gc.collect()
    before = _resident()
    for text in _varied(texts, rounds):
        index.like(text)
    gc.collect()
    after = _resident()
    return None if before is None or after is None else (after - before) / (rounds * len(texts))


def _varied(texts: Sequence[str], rounds: int) -> Iterator[str]:
    for number in range(rounds):
        for text in texts:
            yield " ".join(f"{word}{number}" for word in words(text))


def _resident() -> int | None:
    """Bytes of this process that are in memory; None where there is no /proc."""
    status = Path("/proc/self/status")
    if not status.is_file():
        return None
    return next(1024 * int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmRSS"))
