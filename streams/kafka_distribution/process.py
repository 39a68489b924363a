"""A process that outlives the function which started it: started, looked at and ended by its pid."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

# Keeps the pid: the launcher becomes the program. If the parent is gone before the request is made, nobody would ever
# send the signal, so it looks once more.
_TIED_LAUNCHER = """
import ctypes, os, signal, sys
PR_SET_PDEATHSIG = 1
ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
if os.getppid() != int(sys.argv[1]):
    sys.exit("the process that wanted this one is gone")
os.execv(sys.argv[2], sys.argv[2:])
"""


def spawn(command: Sequence[str], *, output: Path, environment: Mapping[str, str], tied: bool = False) -> int:
    """Start `command` in a session of its own, without input, its output appended to `output`; return its pid.

    A session of its own, so that Ctrl-C in a terminal reaches us and not it. With `tied`, on Linux, the kernel kills it
    when this process ends, however that happens. The kernel means the thread that started it, so this holds only for
    the main thread; from another one the process is not tied.
    """
    if tied and sys.platform == "linux" and threading.current_thread() is threading.main_thread():
        command = [sys.executable, "-I", "-S", "-c", _TIED_LAUNCHER, str(os.getpid()), *command]
    output.parent.mkdir(parents=True, exist_ok=True)
    return os.posix_spawn(
        command[0],
        list(command),
        environment,
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, str(output), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ],
        setsid=True,
    )


def is_running(pid: int) -> bool:
    """Whether the process runs. A child of ours that has ended is reaped, so that no zombie stays."""
    try:
        reaped, _ = os.waitpid(pid, os.WNOHANG)
        if reaped == pid:
            return False
    except ChildProcessError:
        pass  # somebody else's child
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _is_zombie(pid)


def command_line(pid: int) -> str:
    """The command that the process was started with; empty where there is none. Tells a reused pid from ours."""
    if sys.platform == "linux":
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:
            return ""
    answer = subprocess.run(
        ["ps", "-ww", "-o", "command=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
    )
    return answer.stdout


def end(pid: int, *, grace_seconds: float) -> None:
    """SIGTERM, and SIGKILL if it still runs after `grace_seconds`. Returns when it is gone."""
    if not is_running(pid):
        return
    os.kill(pid, signal.SIGTERM)
    if not wait_until(lambda: not is_running(pid), seconds=grace_seconds):
        kill(pid)


def kill(pid: int) -> None:
    """SIGKILL. Returns when it is gone."""
    if is_running(pid):
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not is_running(pid), seconds=30)


def wait_until(condition: Callable[[], bool], *, seconds: float) -> bool:
    """Ask `condition` every 20 ms until it holds, for at most `seconds`; whether it did."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() >= deadline:
            return False
        time.sleep(0.02)
    return True


def _is_zombie(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return False
    return state == "Z"
