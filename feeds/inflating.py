"""Bodies of replies as they come in, decompressed with a bound on what comes out."""

from __future__ import annotations

import zlib
from typing import Any

RATIO = 300
"""More bytes out of one byte than this, and it was made to fill our memory: text compresses 3 to 20 times, the same
sentence over and over some 100 times, a bomb 1,000 times."""
RATIO_FROM = 1_000_000
"""Bytes of output from which the ratio is looked at."""
ACCEPTED = "gzip, deflate"


class Bomb(ValueError):
    """A body that grows too much when it is decompressed."""


class UnknownEncoding(ValueError):
    """A content encoding that was not offered."""


class Body:
    """Collects a body of at most `limit` bytes after decompression; `cut` tells that there was more."""

    def __init__(self, encoding: str, limit: int) -> None:
        """`encoding` as in Content-Encoding. Raises `UnknownEncoding`."""
        self._encoding = encoding.strip().lower()
        if self._encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise UnknownEncoding(f"the reply is compressed as {encoding.strip()[:40]!r}, which was not offered")
        self._limit = limit
        self._inflate: Any = None
        self._taken = 0
        self._pieces: list[bytes] = []
        self._size = 0
        self.cut = False

    def take(self, chunk: bytes) -> None:
        """Add what came in. Raises `Bomb`, and `ValueError` for what is not compressed as it says."""
        self._taken += len(chunk)
        if self._encoding in ("", "identity"):
            self._keep(chunk)
            return
        while chunk and not self.cut:
            if self._inflate is None:
                self._inflate = self._inflater(chunk)
            try:
                self._keep(self._inflate.decompress(chunk, min(self._limit - self._size + 1, RATIO_FROM)))
            except zlib.error as error:
                raise ValueError(f"the reply is not compressed as it says: {error}") from None
            chunk = self._inflate.unconsumed_tail
            if self._size > RATIO_FROM and self._size > RATIO * (self._taken - len(chunk)):
                raise Bomb(f"{self._taken - len(chunk):,} bytes decompress to more than {RATIO} times as many")
            if self._inflate.eof:
                # A file of gzip may have several members.
                chunk, self._inflate = self._inflate.unused_data.lstrip(b"\0"), None
                if chunk and not chunk.startswith(b"\x1f\x8b"):
                    return  # padding or rubbish behind the last one

    def end(self) -> bytes:
        """All of it, once nothing more comes."""
        self.cut = self.cut or (self._inflate is not None and not self._inflate.eof)
        return b"".join(self._pieces)

    def _inflater(self, chunk: bytes) -> Any:
        if self._encoding == "deflate" and not (chunk[0] & 0x0F == 8 and (chunk[0] >> 4) <= 7):
            return zlib.decompressobj(-zlib.MAX_WBITS)  # "deflate" without the header that it should have
        return zlib.decompressobj(zlib.MAX_WBITS | 32)

    def _keep(self, piece: bytes) -> None:
        room = self._limit - self._size
        if len(piece) > room:
            piece, self.cut = piece[:room], True
        self._pieces.append(piece)
        self._size += len(piece)
