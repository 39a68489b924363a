"""Snapshots of states on a disk: a file for each stage and partition, so that catching up need not begin with the log's first record.

A snapshot is only a shorter way to what the log says. It is used when it is whole, of this version of the state's format
and settings, and of this very log: the log still has the last record that was folded, with the same time and content. In
any other case there is one line in the log, and the state is folded from the topic as if there were none.

A file is a line of JSON, then parts with their lengths before them and behind them a checksum of all so far, then an empty part:
nothing is decoded that is not what was written.
"""

from __future__ import annotations

import asyncio
import glob
import hashlib
import os
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from struct import Struct
from typing import Any, BinaryIO

import msgspec

FORMAT = 1
"""Of the file. What is in the parts has a version of its own, by stage."""
PART_BYTES = 64 * 2**20
"""No part is larger; a length beyond it is a broken file."""
LEFT_SECONDS = 3600.0
"""Nothing was written to it for so long: whoever began it is gone."""
_LENGTH = Struct("<I")
_CHECKSUM_BYTES = 32

RecordAt = Callable[[int, int], Awaitable[Any | None]]
"""`record_at(partition, offset)`: the record there with its timestamp, key and value; None where the log has none."""


class Unfit(Exception):
    """A snapshot that cannot be used, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """Of what a file is a snapshot. `proof` is of the record at `folded_up_to` - 1."""

    format: int
    topic: str
    partition: int
    state: str
    """Version of the state's format, and the settings that decide what is in it."""
    folded_up_to: int
    proof: str


class Snapshots:
    """The snapshots of one stage. `topic` is the name on the broker of what it consumes."""

    def __init__(self, folder: Path, stage: str, topic: str, state: str, record_at: RecordAt) -> None:
        self._folder = folder
        self._stage = stage
        self._topic = topic
        self._state = state
        self._look_up = record_at
        self._looking = asyncio.Lock()

    def path(self, partition: int) -> Path:
        return self._folder / f"{self._topic}.{self._stage}.{partition}.snapshot"

    async def write(
        self, partition: int, folded_up_to: int, parts: Iterator[bytes], turn: Callable[[], Awaitable[None]]
    ) -> int | None:
        """Put a snapshot in place of the one before, whole or not at all; its bytes. `turn` is awaited before each part is
        made. None, and nothing is written, where the log has no record right before `folded_up_to`.

        Raises OSError.
        """
        record = await self._record_at(partition, folded_up_to - 1)
        if record is None:
            return None
        header = Header(
            format=FORMAT,
            topic=self._topic,
            partition=partition,
            state=self._state,
            folded_up_to=folded_up_to,
            proof=_proof(record),
        )
        path = self.path(partition)
        # A name of its own: two workers may have had the partition one after the other, and share the folder.
        new = path.with_suffix(f".{uuid.uuid4().hex}.new")
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _clear(path)
            with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:  # noqa: ASYNC230
                checksum = hashlib.sha256()
                size = _put(file, checksum, msgspec.json.encode(asdict(header)) + b"\n")
                while True:
                    await turn()
                    part = next(parts, None)
                    if part is None:
                        break
                    # In a thread: a disk that is slow must not hold up the stages. Hashing lets go of the interpreter, too.
                    size += await asyncio.to_thread(_put_part, file, checksum, part)
                size += await asyncio.to_thread(_put_part, file, checksum, b"")
                await asyncio.to_thread(_synchronise, file)
            new.replace(path)
            await asyncio.to_thread(_synchronise_folder, self._folder)
        finally:
            new.unlink(missing_ok=True)
        return size

    async def open(self, partition: int) -> Snapshot | None:
        """The snapshot of a partition, None where there is none. Raises `Unfit`, OSError, and what `record_at` raises."""
        path = self.path(partition)
        try:
            file = path.open("rb")
        except FileNotFoundError:
            return None
        try:
            line = file.readline(65_536)
            header = await self._fitting(line, partition)
        except BaseException:
            file.close()
            raise
        return Snapshot(file, line, header.folded_up_to)

    async def _record_at(self, partition: int, offset: int) -> Any | None:
        # One at a time, as a reader reads: a partition may begin while the snapshot of another is written.
        async with self._looking:
            return await self._look_up(partition, offset)

    async def _fitting(self, line: bytes, partition: int) -> Header:
        try:
            header = msgspec.json.decode(line, type=Header, strict=True)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise Unfit("it does not begin as a snapshot does") from None
        if header.format != FORMAT or header.state != self._state:
            raise Unfit("it is of another version or of other settings")
        if (header.topic, header.partition) != (self._topic, partition):
            raise Unfit("it is of another topic or partition")
        record = await self._record_at(partition, header.folded_up_to - 1)
        if record is None:
            raise Unfit(f"the log has no record at offset {header.folded_up_to - 1}, up to which it goes")
        if _proof(record) != header.proof:
            raise Unfit(f"it is of another log: the record at offset {header.folded_up_to - 1} is not the same")
        return header


class Snapshot:
    """One file that fits as far as its first line says."""

    def __init__(self, file: BinaryIO, line: bytes, folded_up_to: int) -> None:
        self._file = file
        self._checksum = hashlib.sha256(line)
        self.folded_up_to = folded_up_to
        status = os.fstat(file.fileno())
        self.bytes = status.st_size
        self.age_seconds = max(0.0, time.time() - status.st_mtime)

    async def parts(self) -> AsyncIterator[bytes]:
        """The parts in order. Raises `Unfit` where the file is not whole: then none of them counts."""
        while part := await asyncio.to_thread(self._next):
            yield part

    def close(self) -> None:
        self._file.close()

    def _next(self) -> bytes:
        raw = self._file.read(_LENGTH.size)
        length = _LENGTH.unpack(raw)[0] if len(raw) == _LENGTH.size else PART_BYTES + 1
        if length > PART_BYTES:
            raise Unfit("it is torn: a part is not whole")
        part = self._file.read(length)
        self._checksum.update(raw)
        self._checksum.update(part)
        if self._file.read(_CHECKSUM_BYTES) != self._checksum.digest():
            raise Unfit("it is torn: a checksum is not right")
        return part


def _clear(path: Path) -> None:
    """Remove what workers that were killed left half-written."""
    for left in path.parent.glob(glob.escape(path.stem) + ".*.new"):
        with suppress(FileNotFoundError):
            if time.time() - left.stat().st_mtime > LEFT_SECONDS:
                left.unlink()


def _proof(record: Any) -> str:
    """The same for the same record only: a log that was made anew has other times even where its content is the same."""
    found = hashlib.sha256(str(record.timestamp).encode())
    for content in (record.key, record.value):
        found.update(b"-" if content is None else _LENGTH.pack(len(content)) + content)
    return found.hexdigest()


def _put(file: BinaryIO, checksum: Any, raw: bytes) -> int:
    checksum.update(raw)
    return file.write(raw)


def _put_part(file: BinaryIO, checksum: Any, part: bytes) -> int:
    if len(part) > PART_BYTES:
        raise OSError(f"a part of {len(part):,} bytes; at most {PART_BYTES:,} would be read again")
    size = _put(file, checksum, _LENGTH.pack(len(part)) + part)
    return size + file.write(checksum.digest())


def _synchronise(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _synchronise_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
