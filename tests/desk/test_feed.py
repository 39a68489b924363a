"""Where the feed goes on after it lost the broker."""

from __future__ import annotations

import pytest

from desk.feed import Feed
from desk.state import ALERTS, Desk
from streams.settings import Settings


class Seeks:
    """As much of a consumer as is asked to go to a place."""

    def __init__(self) -> None:
        self.at: dict[str, int] = {}

    def seek(self, place: str, offset: int) -> None:
        self.at[place] = offset


@pytest.mark.parametrize(
    ("start", "end", "at", "known"),
    [(0, 60, 40, 40), (0, 40, 40, 40), (50, 60, 50, 40), (0, 3, 0, 0), (0, 0, 0, 0)],
    ids=["more", "nothing-new", "some-expired", "made-anew", "made-anew-and-empty"],
)
def test_what_was_reached_in_an_earlier_topic_is_no_place_in_the_new_one(
    start: int, end: int, at: int, known: int
) -> None:
    """Before anything of it is read: a page that asks meanwhile is told a place that it can come back to."""
    desk, consumer = Desk(), Seeks()
    feed = Feed(Settings(), desk, lambda: None)
    feed._go_on_from(consumer, {"p": (ALERTS, 0)}, {"p": 0}, {"p": 40})
    feed._next[ALERTS, 0] = desk.position[0] = 40

    feed._go_on_from(consumer, {"p": (ALERTS, 0)}, {"p": start}, {"p": end})

    assert (consumer.at["p"], desk.position[0]) == (at, known)
    assert desk.lives == ({0: 1} if known == 0 else {})
