"""A limit on how long synchronous code may run, for code that nobody can ask to stop."""

from __future__ import annotations

import ctypes
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from math import inf


class TookTooLong(BaseException):
    """The code ran for longer than it may.

    No `Exception`: libraries that read pages catch those, go on with something else, and would never be ended.
    """

    def __init__(self) -> None:
        super().__init__("it ran for longer than it may")


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise `TookTooLong` in the block when it has run for so long. Not to be nested.

    It is raised between two instructions of Python: a call into C that does not return is not ended by it.

    Some microseconds for each block, in any thread, as one other thread watches all of them; a timer and a signal for each took ten
    times that, and signals come in the main thread only.
    """
    block = _watcher().enter(threading.get_ident(), time.monotonic() + seconds)
    try:
        yield
    finally:
        _watcher().leave(block)


class _Block:
    """A block that runs in some thread. Not equal to any other, though two have the same deadline."""

    __slots__ = ("deadline", "thread")

    def __init__(self, thread: int, deadline: float) -> None:
        self.thread = thread
        self.deadline = deadline


class _Watcher:
    """Ends blocks that run for too long. Its thread sleeps until the first deadline, and most blocks are gone by then."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._running: set[_Block] = set()
        self._wakes = inf
        threading.Thread(target=self._watch, daemon=True, name="time limits").start()

    def enter(self, thread: int, deadline: float) -> _Block:
        block = _Block(thread, deadline)
        with self._changed:
            self._running.add(block)
            if deadline < self._wakes:
                self._changed.notify()
        return block

    def leave(self, block: _Block) -> None:
        try:
            with self._changed:
                self._running.discard(block)
        except TookTooLong:
            # The time was up at the very end. Where it came between taking the lock and the block that gives it back, the lock
            # would be held for ever; it does not come a second time.
            if self._changed._is_owned():  # type: ignore[attr-defined]  # noqa: SLF001
                self._changed.release()
            with self._changed:
                self._running.discard(block)
            raise

    def _watch(self) -> None:
        with self._changed:
            while True:
                now = time.monotonic()
                for block in [block for block in self._running if block.deadline <= now]:
                    self._running.discard(block)
                    # It takes a class, and makes an instance of it in the thread.
                    ctypes.pythonapi.PyThreadState_SetAsyncExc(
                        ctypes.c_ulong(block.thread), ctypes.py_object(TookTooLong)
                    )
                self._wakes = min((block.deadline for block in self._running), default=inf)
                self._changed.wait(None if self._wakes == inf else self._wakes - now)


@cache
def _watcher() -> _Watcher:
    return _Watcher()
