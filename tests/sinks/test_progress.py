"""What a sink remembers beside its offsets, how long it waits, and how many messages a window takes."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sinks.closing import closed
from sinks.delivery import Delivered, NotNow, Outcome, Pace, Refused, deliver, of_status, seconds_of
from sinks.limits import Window
from sinks.progress import METADATA_BYTES, Progress, read

NOW = 1_700_000_000.0


@given(st.lists(st.tuples(st.integers(0, 40), st.booleans()), max_size=60), st.integers(0, 5))
def test_what_is_written_brings_back_what_is_done_and_nothing_else(steps: list[tuple[int, bool]], since: int) -> None:
    came = Progress(since, 10)
    done, next_offset = set(), 10
    for number, ends in steps:
        came.take(next_offset, number)
        next_offset += 1
        if ends:
            done.add(10 + number % (next_offset - 10))
            came.finish(10 + number % (next_offset - 10))
    window = Window(NOW, 3)

    again, found = read(came.committed, came.metadata(window))

    assert (again.since, found) == (since, window)
    assert came.committed == next((o for o in range(10, next_offset) if o not in done), next_offset)
    assert [o for o in range(came.committed, next_offset) if not again.take(o, 0)] == sorted(
        o for o in done if o >= came.committed
    )


def test_what_is_written_fits_into_what_a_broker_takes() -> None:
    came = Progress(0, 0)
    for offset in range(10_000):
        came.take(offset, 0)
        if offset % 2:
            came.finish(offset)
    text = came.metadata(Window())
    assert len(text) <= METADATA_BYTES
    again, _ = read(0, text)
    assert again.done_up_to > 1_000


@pytest.mark.parametrize(
    "text", ["", "x", "{}", "[]", '{"since":0,"window":[0],"done":""}', '{"since":0,"window":[0,0],"done":"x"}']
)
def test_metadata_of_others_is_nothing_known(text: str) -> None:
    came, window = read(7, text)
    assert (came.committed, came.since, window) == (7, 0, Window())


def test_a_window_takes_so_many_and_the_next_one_begins_with_a_message() -> None:
    window = Window()
    for second in range(3):
        assert window.has_room(NOW + second, 3, 60)
        window = window.with_one_more(NOW + second, 60)
    assert not window.has_room(NOW + 59, 3, 60)
    assert window.has_room(NOW + 59, 0, 60)
    assert window.has_room(NOW + 60, 3, 60)
    assert window.with_one_more(NOW + 75, 60) == Window(NOW + 75, 1)
    assert window.has_room(NOW - 1, 3, 60), "a clock that was set back"
    assert window.or_later(Window(NOW + 75, 1)) == Window(NOW + 75, 1)


def test_pauses_grow_with_full_jitter_up_to_a_limit_and_obey_a_retry_after_up_to_one() -> None:
    pace = Pace(first=1.0, longest=300.0, longest_asked=900.0)
    assert [pace.pause(n, None, lambda: 1.0) for n in (1, 2, 3, 9, 10, 10_000)] == [1, 2, 4, 256, 300, 300]
    assert pace.pause(5, None, lambda: 0.0) == 0
    assert pace.pause(1, 120.0, lambda: 1.0) == 120
    assert pace.pause(1, 86_400.0, lambda: 1.0) == 900


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Delivered), (204, Delivered), (301, Refused), (307, Refused), (400, Refused), (401, Refused), (404, Refused),
        (408, NotNow), (410, Refused), (413, Refused), (425, NotNow), (429, NotNow), (500, NotNow), (503, NotNow), (599, NotNow),
    ],
)  # fmt: skip
def test_what_a_status_means(status: int, outcome: type) -> None:
    assert isinstance(of_status(status, "", None, NOW), outcome)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("120", 120.0), (" 5 ", 5.0), ("-5", None), ("soon", None), ("", None), ("9" * 400, 999_999_999.0),
     ("Tue, 14 Nov 2023 22:14:20 GMT", 60.0), ("Tue, 14 Nov 2023 22:00:00 GMT", 0.0), (None, None)],
)  # fmt: skip
def test_a_retry_after_is_a_number_or_a_date(text: str | None, seconds: float | None) -> None:
    assert seconds_of(text, NOW) == seconds


def test_an_alert_is_tried_until_its_time_is_spent() -> None:
    now = [0.0]
    attempts: list[float] = []
    retries: list[str] = []

    async def attempt() -> Outcome:
        attempts.append(now[0])
        return NotNow("HTTP 503", after=100.0)

    async def pause(seconds: float) -> None:
        now[0] += seconds

    async def tried(budget: float) -> object:
        return await deliver(
            attempt, budget_seconds=budget, pace=Pace(), pause=pause, on_retry=lambda *a: retries.append(a[0]), clock=lambda: now[0]
        )  # fmt: skip

    assert asyncio.run(tried(250.0)) == Refused("HTTP 503, after 4 attempts in 250 s")
    assert (attempts, retries) == ([0.0, 100.0, 200.0, 250.0], ["HTTP 503"] * 3)
    assert asyncio.run(tried(0.0)) == Refused("HTTP 503, after 1 attempt in 0 s")


async def _cancelled() -> None:
    raise asyncio.CancelledError


async def _broken() -> None:
    raise OSError("no broker")


@pytest.mark.parametrize("close", [_cancelled, _broken, lambda: asyncio.sleep(60)])
def test_a_client_that_cannot_be_closed_ends_nobody_else(close: Any) -> None:
    async def goes_on() -> str:
        await closed(close(), 0.05)
        return "goes on"

    assert asyncio.run(goes_on()) == "goes on"
