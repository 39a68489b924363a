"""One bit for each hash of a fingerprint, in the order of the hashes, as records carry it: base64, some twelve signs."""

from __future__ import annotations

import base64
import binascii
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Bits = NDArray[np.bool_]


def to_text(bits: Bits) -> str:
    """Base64 of the bits, the first one lowest; empty where none is set."""
    raw = packed(bits)
    return base64.b64encode(raw).decode("ascii") if any(raw) else ""


def from_text(text: str, size: int) -> Bits:
    """The `size` bits of `to_text`. Raises ValueError for what is none, or is of another size."""
    return unpacked(packed_from_text(text, size), size)


def packed_from_text(text: str, size: int) -> bytes:
    """The bits of `to_text` as `packed` gives them, empty where none is set. Raises ValueError like `from_text`."""
    try:
        raw = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(f"not base64: {error}") from None
    if raw and len(raw) != (size + 7) // 8:
        raise ValueError(f"{len(raw)} bytes are no bitmap of {size} hashes")
    if size % 8 and raw and raw[-1] >> size % 8:
        # Bits behind the last hash say nothing: two bitmaps that differ in them alone are one.
        raw = raw[:-1] + bytes([raw[-1] & ((1 << size % 8) - 1)])
    return raw if any(raw) else b""


@lru_cache(maxsize=4096)
def number_from_text(text: str) -> int:
    """The bits of `to_text` as one number, which is quickest to intersect and count. Raises ValueError for what is none."""
    try:
        return int.from_bytes(base64.b64decode(text, validate=True), "little")
    except binascii.Error as error:
        raise ValueError(f"not base64: {error}") from None


def packed(bits: Bits) -> bytes:
    """Eight bits a byte."""
    return np.packbits(bits, bitorder="little").tobytes()


def unpacked(raw: bytes, size: int) -> Bits:
    """The `size` bits of `packed`; none is set where `raw` is empty."""
    if not raw:
        return np.zeros(size, dtype=bool)
    return np.unpackbits(np.frombuffer(raw, dtype=np.uint8), count=size, bitorder="little").view(np.bool_)
