"""A step that never ends becomes a dead letter, and its partition goes on."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from time import thread_time
from typing import Any

import pytest

import streams.time_limit as time_limit_module
from streams import collector
from streams.handling import handle
from streams.loop import SLOW_SECONDS
from streams.records import RawArticle
from streams.stage import Output, Received, Stage
from streams.time_limit import TookTooLong, time_limit
from tests.streams.memory import Run, each, raw


def for_ever() -> None:
    for _ in itertools.count():
        pass


def test_code_that_never_ends_is_ended() -> None:
    with pytest.raises(TookTooLong, match="for longer than it may"), time_limit(0.05):
        for_ever()


def test_code_that_ends_in_time_is_left_alone_and_so_is_what_follows() -> None:
    with time_limit(30):
        found = sum(range(1_000))
    assert found == 499_500


def test_code_in_another_thread_is_ended_as_well_and_the_thread_lives_on() -> None:
    def limited() -> None:
        with time_limit(0.05):
            for_ever()

    with ThreadPoolExecutor(1) as executor:
        with pytest.raises(TookTooLong):
            executor.submit(limited).result(timeout=30)
        assert executor.submit(lambda: 7).result(timeout=30) == 7


def test_code_that_carries_on_after_any_error_is_ended_as_well_and_becomes_a_dead_letter() -> None:
    def step(*_: Any) -> Sequence[Output]:
        for _ in range(3):  # as a library does that has one more way to read a page
            started = thread_time()
            with contextlib.suppress(Exception):
                while thread_time() - started < 0.5:
                    pass
        return []

    stage = Stage(name="patient", consumes="articles.raw.v1", publishes=(), step=step)
    with time_limit(0.05):
        handled = handle(stage, None, None, raw("a"), Received(0, 1, 2))
    assert handled.dead is not None
    assert handled.dead.error == "TookTooLong"


@pytest.mark.parametrize("in_a_thread", [False, True])
def test_an_input_on_which_a_step_never_ends_becomes_a_dead_letter(in_a_thread: bool) -> None:
    def step(_: Any, article: RawArticle, __: Received) -> Sequence[Output]:
        if article.title == "slow":
            # Two that take so long make a stage a slow one: its next steps run in a thread.
            started = thread_time()
            while thread_time() - started < 2 * SLOW_SECONDS:
                pass
        if article.title == "for ever":
            for_ever()
        return []

    stage = Stage(name="slow", consumes="articles.raw.v1", publishes=("stories.v1",), step=step)
    run = Run()
    executor = ThreadPoolExecutor(1) if in_a_thread else None
    loop = run.loop(stage, limit=lambda: time_limit(0.2), executor=executor)
    titles = ["slow", "slow", "for ever", ""]
    inputs = [run.incoming(0, offset, raw(f"a{offset}", title=title)) for offset, title in enumerate(titles)]
    asyncio.run(loop.run(each(inputs)))
    if executor is not None:
        executor.shutdown()
    assert [letter.error for letter in run.letters()] == ["TookTooLong"]
    assert run.acknowledged == [(0, 0), (0, 1), (0, 2), (0, 3)]


def threads_of_steps(titles: Sequence[str], step: Callable[[str], None]) -> list[str]:
    """Names of the threads in which the steps of inputs with these titles run."""
    threads: list[str] = []

    def noted(_: Any, article: RawArticle, __: Received) -> Sequence[Output]:
        threads.append(threading.current_thread().name.split("_")[0])
        step(article.title)
        return []

    stage = Stage(name="noted", consumes="articles.raw.v1", publishes=(), step=noted)
    run = Run()
    with ThreadPoolExecutor(1, thread_name_prefix="apart") as executor:
        loop = run.loop(stage, executor=executor)
        inputs = [run.incoming(0, offset, raw(f"a{offset}", title=title)) for offset, title in enumerate(titles)]
        asyncio.run(loop.run(each(inputs)))
    return ["main" if name == threading.main_thread().name else name for name in threads]


def compute(title: str) -> None:
    started = thread_time()
    while title == "slow" and thread_time() - started < 2 * SLOW_SECONDS:
        pass


def test_a_stage_is_slow_after_its_second_slow_step_not_after_the_one_that_reads_its_models() -> None:
    titles = ["slow", *"abc", "slow", *"de"]
    assert threads_of_steps(titles, compute) == ["main"] * 5 + ["apart"] * 2


def test_a_stage_is_not_slow_for_a_collection_of_garbage_that_falls_into_its_steps(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    collected = 0.0

    def step(title: str) -> None:
        nonlocal collected
        compute(title)
        collected += 2 * SLOW_SECONDS

    monkeypatch.setattr(collector, "spent", lambda: collected)
    assert threads_of_steps(["slow"] * 4, step) == ["main"] * 4


def test_a_block_that_ends_just_as_its_time_is_up_leaves_no_lock_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error may come where the lock is taken and nothing has begun yet that would give it back."""
    watcher = time_limit_module._watcher()
    changed = watcher._changed

    class Late:
        def __enter__(self) -> None:
            changed.acquire()
            monkeypatch.setattr(watcher, "_changed", changed)
            raise TookTooLong

        def __exit__(self, *_: object) -> None:
            raise AssertionError("a block that was not entered is not left")

        _is_owned = changed._is_owned  # type: ignore[attr-defined]
        release = changed.release

    block = watcher.enter(threading.get_ident(), time.monotonic() + 3_600)
    monkeypatch.setattr(watcher, "_changed", Late())
    with pytest.raises(TookTooLong):
        watcher.leave(block)
    assert not changed._is_owned()  # type: ignore[attr-defined]
    assert block not in watcher._running
