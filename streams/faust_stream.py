"""The events of a Faust stream, several in one turn of the event loop (faust-streaming 0.15.3).

Faust's own iterator lets the event loop turn before each event, and a turn is as long as what all stages of a worker have to do in
it. Who takes what is at hand at once works on whole batches, and sends fewer and larger ones.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any


async def events(stream: Any) -> AsyncIterator[Any]:
    """The events of the stream of an agent, to be acknowledged one by one. Whoever takes them lets the event loop turn."""
    async for event in stream.noack().events():
        yield event
        for another in _at_hand(stream):
            yield another


def _at_hand(stream: Any) -> Iterator[Any]:
    """What lies in the queue now, each as Faust's iterator would give it: nothing from before a rebalance, and noted as taken."""
    app, queue = stream.app, stream.channel.queue
    while not queue.empty():
        event = queue.get_nowait()
        message = event.message
        if not app.flow_control.is_active() or message.generation_id != app.consumer_generation_id:
            continue
        if not message.tracked:
            message.tracked = True
            app.consumer.track_message(message)
        yield event
