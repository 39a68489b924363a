"""What outlives a long collection is set aside, and the time of collections is known."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from streams import collector


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    yield
    if collector._noted in gc.callbacks:
        gc.callbacks.remove(collector._noted)
    gc.unfreeze()


def test_a_long_collection_is_the_last_that_looks_at_what_it_found_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    alive = [[number] for number in range(1_000)]
    gc.unfreeze()
    collector.watch()
    monkeypatch.setattr(collector, "LONG_COLLECTION_SECONDS", 3_600.0)
    gc.collect()
    assert gc.get_freeze_count() == 0
    monkeypatch.setattr(collector, "LONG_COLLECTION_SECONDS", 0.0)
    gc.collect(1)
    assert gc.get_freeze_count() == 0, "a young generation says nothing of what lives long"
    gc.collect()
    assert gc.get_freeze_count() >= len(alive)


def test_the_seconds_of_all_collections_are_counted_once_however_often_it_is_begun_to_watch() -> None:
    collector.watch()
    collector.watch()
    assert gc.callbacks.count(collector._noted) == 1
    before = collector.spent()
    gc.collect()
    assert collector.spent() > before
