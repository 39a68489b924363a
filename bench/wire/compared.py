"""Other methods over the same clean texts: MinHash with LSH as two packages have it, and SimHash.

Each is given the articles in their order, looks up those before that are like the new one, and puts it into the story of
the earliest of them: as a stream does it, which cannot join two stories afterwards. Candidates of a look-up whose
estimated similarity is below the threshold are left out, which is better for the precision of all of them.

The packages are no dependency of Muster: `make comparators` puts them into `build/comparators`.
"""

from __future__ import annotations

import importlib
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol

from bench.wire import simhash
from wirecopy.fingerprint import GRAM, words

FOLDER = Path(__file__).parents[2] / "build" / "comparators"
INSTALL = "make comparators"
PERMUTATIONS = 128
SEED = 42


class Index(Protocol):
    """The texts so far, by number."""

    def like(self, text: str) -> list[int]:
        """The numbers of those that are like it; the text is held from then on, under the next number."""
        ...


@dataclass(frozen=True, slots=True)
class Method:
    """`short` is for the head of a column. `package` is what it needs; none where it is our own. `native`: its memory is not
    Python's, and measured as growth of the process."""

    name: str
    short: str
    package: str | None
    index: Callable[[], Index]
    native: bool = False


def package(name: str, folder: Path = FOLDER) -> Any:
    """A comparator's package from where `make comparators` puts it, or wherever else it is; None where it is not."""
    added = str(folder)
    sys.path.append(added)  # at the end: nothing there hides a package that Muster itself uses
    try:
        return importlib.import_module(name)
    except ImportError:
        return None
    finally:
        sys.path.remove(added)


def shingles(text: str) -> set[str]:
    """All word 5-grams, of the same words as Muster compares; of a shorter text its words."""
    split = words(text)
    return {" ".join(split[place : place + GRAM]) for place in range(max(1, len(split) - GRAM + 1))}


class DatasketchIndex:
    def __init__(self, threshold: float) -> None:
        self._datasketch = package("datasketch")
        self._threshold = threshold
        self._lsh = self._datasketch.MinHashLSH(threshold=threshold, num_perm=PERMUTATIONS)
        self._held: list[Any] = []

    def like(self, text: str) -> list[int]:
        sketch = self._datasketch.MinHash(num_perm=PERMUTATIONS, seed=SEED)
        sketch.update_batch([shingle.encode() for shingle in shingles(text)])
        found = [n for n in self._lsh.query(sketch) if self._held[n].jaccard(sketch) >= self._threshold]
        self._lsh.insert(len(self._held), sketch, check_duplication=False)
        self._held.append(self._datasketch.LeanMinHash(sketch))
        return found


class RensaIndex:
    def __init__(self, threshold: float, bands: int) -> None:
        self._rensa = package("rensa")
        self._threshold = threshold
        self._lsh = self._rensa.RMinHashLSH(threshold=threshold, num_perm=PERMUTATIONS, num_bands=bands)
        self._held: list[Any] = []

    def like(self, text: str) -> list[int]:
        sketch = self._rensa.RMinHash(num_perm=PERMUTATIONS, seed=SEED)
        sketch.update(list(shingles(text)))
        found = [n for n in self._lsh.query(sketch) if self._held[n].jaccard(sketch) >= self._threshold]
        self._lsh.insert(len(self._held), sketch)
        self._held.append(sketch)
        return found


class SimHashIndex:
    """Of pairs of words: of single words, pairs, three and five in a row, pairs give it the best pairwise F1."""

    def __init__(self, distance: int) -> None:
        self._index = simhash.Index(distance)

    def like(self, text: str) -> list[int]:
        split = words(text)
        hashed = simhash.simhash(" ".join(pair) for pair in pairwise(split)) if split[1:] else simhash.simhash(split)
        found = self._index.near(hashed)
        self._index.add(hashed)
        return found


METHODS = (
    Method("datasketch MinHashLSH, 0.3", "datask. 0.3", "datasketch", lambda: DatasketchIndex(0.3)),
    Method("datasketch MinHashLSH, 0.5", "datask. 0.5", "datasketch", lambda: DatasketchIndex(0.5)),
    # Bands must divide the permutations: 64 of two for 0.3, 32 of four for 0.5 (it finds nine of ten pairs at the threshold).
    Method("rensa RMinHashLSH, 0.3", "rensa 0.3", "rensa", lambda: RensaIndex(0.3, 64), native=True),
    Method("rensa RMinHashLSH, 0.5", "rensa 0.5", "rensa", lambda: RensaIndex(0.5, 32), native=True),
    Method("SimHash, 3 bits", "SimHash 3", None, lambda: SimHashIndex(3)),
    Method("SimHash, 7 bits", "SimHash 7", None, lambda: SimHashIndex(7)),
)


def installed(methods: Sequence[Method] = METHODS) -> list[Method]:
    return [method for method in methods if method.package is None or package(method.package) is not None]


def stories(method: Method, texts: Sequence[str]) -> tuple[list[int], float]:
    """For each text the number of the first of its story, and the seconds of this process's own time."""
    index = method.index()
    first: list[int] = []
    started = time.process_time()
    for number, text in enumerate(texts):
        first.append(min((first[other] for other in index.like(text)), default=number))
    return first, time.process_time() - started
