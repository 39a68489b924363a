"""Letting go of Kafka clients, which may hang, raise or cancel whoever waits for them while a broker is away."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from streams.log_reader import CLOSE_SECONDS


async def closed(closing: Coroutine[Any, Any, Any], seconds: float = CLOSE_SECONDS) -> None:
    """Wait until a client has closed, for so long at most; how it ends is nobody's concern.

    In a task of its own: aiokafka's consumer ends its `stop` with the cancellation of one of its own tasks where the broker
    is away, which would be taken for ours.
    """
    task = asyncio.ensure_future(closing)
    await asyncio.wait({task}, timeout=seconds)
    if task.done() and not task.cancelled():
        task.exception()
