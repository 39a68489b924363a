"""A line that says how far a long command is: on a terminal only, on standard error, gone when it is done."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

EVERY_SECONDS = 0.1
"""More often nobody looks, and drawing takes longer than what is being told of."""

Tell = Callable[[int, int | None, str], None]
"""Called with (done, of how many or None, what)."""


@contextmanager
def progress(first: str, *, unit: str = "") -> Iterator[Tell]:
    """Show `first` until the yielded function says more. With `unit="bytes"` what is counted are bytes."""
    if not sys.stderr.isatty():
        yield lambda done, total, what: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn

    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(show_speed=True),
        TextColumn("{task.fields[remark]}"),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task(first, total=None, remark="")

        told = 0.0

        def tell(done: int, total: int | None, what: str) -> None:
            nonlocal told
            now = time.monotonic()
            if now - told < EVERY_SECONDS:
                return
            told = now
            if unit == "bytes":
                remark = f"{done / 1e6:,.1f} MB" if total is None else f"{done / 1e6:,.1f} of {total / 1e6:,.1f} MB"
            else:
                remark = f"{done:,}" if total is None else f"{done:,} of {total:,}"
            bar.update(task, completed=done, total=total, description=what, remark=remark)

        yield tell
