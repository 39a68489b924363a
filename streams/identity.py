"""Deterministic ids: a hash of what they identify, never a counter or a clock."""

from __future__ import annotations

import hashlib


def digest(*parts: str | int | None) -> str:
    """16 hexadecimal digits that identify `parts`. Parts are length-prefixed, so ("ab", "c") and ("a", "bc") differ."""
    state = hashlib.blake2b(digest_size=8)
    for part in parts:
        encoded = b"" if part is None else str(part).encode("utf-8", "surrogatepass")
        state.update(b"%d:" % (-1 if part is None else len(encoded)))
        state.update(encoded)
    return state.hexdigest()
