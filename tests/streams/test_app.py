"""What our Faust app does otherwise than Faust's."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from streams.app import faust_app
from streams.settings import Settings


def test_a_message_waits_for_no_turn_of_the_event_loop_once_the_producer_is_started() -> None:
    app = faust_app(Settings(broker="127.0.0.1:9"), "ingest")
    app.producer = SimpleNamespace(started=True)

    # A coroutine that has to wait gives something to wait for; one that need not ends at its first turn.
    with pytest.raises(StopIteration) as ended:
        app.maybe_start_producer().send(None)

    assert ended.value.value is app.producer
