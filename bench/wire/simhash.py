"""SimHash with a look-up by blocks: 64 bits a text, of which copies differ in few.

Method: Charikar, "Similarity estimation techniques from rounding algorithms", STOC 2002; the look-up as in Manku, Jain,
Das Sarma, "Detecting near-duplicates for web crawling", WWW 2007: of `distance + 1` blocks of bits one at least is the
same in two texts that differ in `distance` bits. The packages for it have had no release for years.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import numpy as np
import xxhash

BITS = 64


def simhash(features: Iterable[str]) -> int:
    """For each bit the majority of the features' hashes, each counted as often as it is given."""
    hashes = np.array([xxhash.xxh3_64_intdigest(feature.encode()) for feature in features], dtype=">u8")
    ones = np.unpackbits(hashes.view(np.uint8).reshape(-1, BITS // 8), axis=1).sum(axis=0, dtype=np.int64)
    return int.from_bytes(np.packbits(2 * ones > len(hashes)).tobytes(), "big")


class Index:
    """Texts by number; `near` finds those that differ in at most `distance` bits."""

    def __init__(self, distance: int) -> None:
        self._distance = distance
        self._width = BITS // (distance + 1)
        self._blocks: list[defaultdict[int, list[int]]] = [defaultdict(list) for _ in range(distance + 1)]
        self._hashes: list[int] = []

    def near(self, hashed: int) -> list[int]:
        found = {number for block, key in self._keys(hashed) for number in block.get(key, ())}
        return [number for number in found if (self._hashes[number] ^ hashed).bit_count() <= self._distance]

    def add(self, hashed: int) -> None:
        for block, key in self._keys(hashed):
            block[key].append(len(self._hashes))
        self._hashes.append(hashed)

    def _keys(self, hashed: int) -> Iterable[tuple[defaultdict[int, list[int]], int]]:
        mask = (1 << self._width) - 1
        return [(block, hashed >> place * self._width & mask) for place, block in enumerate(self._blocks)]
