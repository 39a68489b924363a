"""A limit on how long synchronous code may run, for code that nobody can ask to stop."""

from __future__ import annotations

import ctypes
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from math import inf
from types import FrameType


class TookTooLong(BaseException):
    """The code ran for longer than it may.

    No `Exception`: libraries that read pages catch those, go on with something else, and would never be ended.
    """


def time_limit(seconds: float) -> AbstractContextManager[None]:
    """Raise `TookTooLong` in the block when it has run for so long. Not to be nested.

    It is raised between two instructions of Python: a call into C that does not return is not ended by it.
    """
    if threading.current_thread() is threading.main_thread():
        return _by_signal(seconds)
    return _by_watcher(seconds)


@contextmanager
def _by_signal(seconds: float) -> Iterator[None]:
    """For the main thread: some microseconds for each block."""

    def end(_: int, __: FrameType | None) -> None:
        raise TookTooLong(f"it ran for more than {seconds:g} s")

    before = signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def _by_watcher(seconds: float) -> Iterator[None]:
    """For any other thread, where signals do not come: some microseconds for each block, as one thread watches all of them."""
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
        with self._changed:
            self._running.discard(block)

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
