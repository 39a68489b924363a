"""A step that never ends becomes a dead letter, and its partition goes on."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import signal
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from time import thread_time
from typing import Any

import pytest

from streams.fold import Folds
from streams.handling import handle
from streams.loop import SLOW_SECONDS, StageLoop
from streams.records import RawArticle
from streams.settings import Settings
from streams.stage import Output, Received, Stage
from streams.time_limit import TookTooLong, time_limit
from streams.topics import registry
from tests.streams.memory import Run, each, raw


def for_ever() -> None:
    for _ in itertools.count():
        pass


def test_code_that_never_ends_is_ended() -> None:
    with pytest.raises(TookTooLong, match=r"0\.05 s"), time_limit(0.05):
        for_ever()


def test_code_that_ends_in_time_is_left_alone_and_so_is_what_follows() -> None:
    with time_limit(30):
        found = sum(range(1_000))
    assert found == 499_500
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGALRM) == signal.SIG_DFL


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
            # As long as makes a stage a slow one: its next steps run in a thread.
            started = thread_time()
            while thread_time() - started < 2 * SLOW_SECONDS:
                pass
        if article.title == "for ever":
            for_ever()
        return []

    stage = Stage(name="slow", consumes="articles.raw.v1", publishes=("stories.v1",), step=step)
    run = Run()
    executor = ThreadPoolExecutor(1) if in_a_thread else None
    loop = StageLoop(
        stage,
        Settings(),
        partitions=dict.fromkeys(registry(), 1),
        folds=Folds(stage, run.read, run.metrics),
        publish=run.publish,
        metrics=run.metrics,
        limit=lambda: time_limit(0.2),
        executor=executor,
    )
    titles = ["slow", "for ever", ""]
    inputs = [run.incoming(0, offset, raw(f"a{offset}", title=title)) for offset, title in enumerate(titles)]
    asyncio.run(loop.run(each(inputs)))
    if executor is not None:
        executor.shutdown()
    assert [letter.error for letter in run.letters()] == ["TookTooLong"]
    assert run.acknowledged == [(0, 0), (0, 1), (0, 2)]
