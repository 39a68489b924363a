"""Sketches as the index holds them: the low 32 bits of an article's hashes, four bytes each.

Half of each hash is enough to compare two articles: with 80 hashes each, one agrees by chance in 80 * 80 / 2**32, once
in 670,000 pairs, and changes a containment by 0.01.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from wirecopy.fingerprint import array_from_text, sorted_distinct
from wirecopy.relation import Overlap, rounded


@lru_cache(maxsize=256)
def sketch_of(fingerprint: str) -> bytes:
    """The sketch of a record's fingerprint. Raises ValueError for what is none.

    An article asks several partitions at about the same time: those in one process then hold one sketch, not copies.
    """
    return sorted_distinct(array_from_text(fingerprint).astype(np.uint32)).astype("<u4").tobytes()


def overlaps(sketch: bytes, others: Sequence[bytes]) -> list[Overlap]:
    """The overlap of one sketch, as the later article's, with each of `others`, as the earlier ones'. None may be empty."""
    if not others:
        return []
    ours = np.frombuffer(sketch, dtype="<u4")
    theirs = np.frombuffer(b"".join(others), dtype="<u4")
    sizes = [len(other) // 4 for other in others]
    places = ours.searchsorted(theirs)
    places[places == len(ours)] = 0
    starts = np.concatenate(([0], np.cumsum(sizes[:-1], dtype=np.intp)))
    shared = np.add.reduceat((ours[places] == theirs).astype(np.int64), starts).tolist()
    return [
        Overlap(rounded(count, len(ours)), rounded(count, size), count)
        for count, size in zip(shared, sizes, strict=True)
    ]


def reversed_overlap(found: Overlap) -> Overlap:
    """The same with the other article as the later one."""
    return Overlap(found.containing, found.contained, found.shared)
