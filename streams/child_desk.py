"""A desk as a child process of this one."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from streams.child_process import child_process, last_lines
from streams.commands.failures import WORKER, Failure
from streams.settings import Settings

START_SECONDS = 30.0
"""It listens after half a second on an idle core; this is for a machine that is busy otherwise."""


@contextlib.contextmanager
def child_desk(settings: Settings, folder: Path) -> Iterator[str]:
    """A desk for as long as the block runs, and its address, as http://host:port/; where its port is taken it takes a free one.

    Its log and its address are files in `folder`. Raises `Failure` if it does not start.
    """
    log, address_file = folder / "desk.log", folder / "desk.address"
    command = [sys.executable, "-m", "streams.commands.main", "desk", "--any-port", f"--address-file={address_file}"]
    with child_process(command, settings, log) as process:
        deadline = time.monotonic() + START_SECONDS
        while not address_file.exists():
            if process.poll() is not None or time.monotonic() > deadline:
                raise Failure("the desk did not start:\n" + "\n".join(last_lines(log, 15)), WORKER)
            time.sleep(0.05)
        yield address_file.read_text(encoding="utf-8").strip()
