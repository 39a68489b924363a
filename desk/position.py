"""How far a reader of alerts is: the next offset of each partition, as text "0-12.1-40"."""

from __future__ import annotations

import re
from collections.abc import Mapping

LONGEST = 20_000
"""Characters; a thousand partitions with offsets of fifteen digits."""
_PART = re.compile(r"([0-9]{1,6})-([0-9]{1,18})", re.ASCII)


def to_text(position: Mapping[int, int]) -> str:
    """The text of a position; "" where no partition is known."""
    return ".".join(f"{partition}-{offset}" for partition, offset in sorted(position.items()))


def from_text(text: str) -> dict[int, int]:
    """The position that `to_text` made the text of. Raises ValueError for anything else."""
    if not text:
        return {}
    parts = [_PART.fullmatch(part) for part in text.split(".")] if len(text) <= LONGEST else [None]
    found = {int(part[1]): int(part[2]) for part in parts if part is not None}
    if len(found) != len(parts):
        raise ValueError(f"{text[:60]!r} is no position such as '0-12.1-40'")
    return found
