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
    return base64.b64encode(packed(bits)).decode("ascii") if bits.any() else ""


def from_text(text: str, size: int) -> Bits:
    """The `size` bits of `to_text`. Raises ValueError for what is none, or is of another size."""
    try:
        raw = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(f"not base64: {error}") from None
    if raw and len(raw) != (size + 7) // 8:
        raise ValueError(f"{len(raw)} bytes are no bitmap of {size} hashes")
    return unpacked(raw, size)


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
    return np.unpackbits(np.frombuffer(raw, dtype=np.uint8), count=size, bitorder="little").astype(bool)
