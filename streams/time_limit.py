"""A limit on how long synchronous code may run, for code that nobody can ask to stop."""

from __future__ import annotations

import ctypes
import signal
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
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
    return _by_timer(seconds)


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
def _by_timer(seconds: float) -> Iterator[None]:
    """For any other thread, where signals do not come: a tenth of a millisecond for each block."""
    running = True
    lock = threading.Lock()
    thread = threading.get_ident()

    def end() -> None:
        with lock:
            if running:
                # It takes a class, and makes an instance of it in the thread.
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(TookTooLong))

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        with lock:
            running = False
        timer.cancel()
