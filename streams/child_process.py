"""A process of ours under this one: started, stopped in order, and gone when this process is gone."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from streams.settings import Settings


@contextlib.contextmanager
def child_process(command: Sequence[str], settings: Settings, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process for as long as the block runs, under these settings and no others; what it says goes to `log`.

    It is given `--parent-pipe=N`, of which we hold the other end: with `end_with_parent` it ends by itself when this process
    has died without stopping it.
    """
    reading, writing = os.pipe()
    try:
        with log.open("wb") as output:
            process = subprocess.Popen(
                [*command, f"--parent-pipe={reading}"],
                env=environment_of(settings),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                pass_fds=(reading,),
                start_new_session=True,  # Ctrl-C is for us; we stop it in order
            )
        try:
            yield process
        finally:
            _stop(process, settings.grace_seconds)
    finally:
        os.close(writing)
        os.close(reading)


def environment_of(settings: Settings) -> dict[str, str]:
    """This process's environment, with these settings and no others."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("MUSTER_")}
    return {**others, **settings.to_environment()}


def end_with_parent(pipe: int) -> None:
    """Stop when the other end of the pipe is closed: a parent that was killed must not leave its children behind."""

    def wait() -> None:
        while os.read(pipe, 1):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True, name="parent").start()


def last_lines(log: Path, number: int) -> list[str]:
    """The end of what a process said."""
    return log.read_text(encoding="utf-8", errors="replace").splitlines()[-number:]


def _stop(process: subprocess.Popen[bytes], grace_seconds: float) -> None:
    """SIGTERM, and SIGKILL if it takes longer than its own grace; whatever interrupts us, it is gone afterwards."""
    try:
        process.terminate()
        deadline = time.monotonic() + grace_seconds + 5
        while process.poll() is None and time.monotonic() < deadline:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.2)
    finally:
        process.kill()
        process.wait()
