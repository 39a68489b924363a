"""Steps in a process of their own: the interpreter runs one thread at a time, and a parse of 50 ms in a thread kept the event loop
that carries all stages waiting for its turn at every hop.

`python -m streams.step_process agents.enrich.agent:stage` builds that stage and answers on its standard output what it gets on
its standard input: messages in MessagePack, each behind its length in four bytes. It ends when its input does, and on Linux it is
killed with the worker that started it, however that ends.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import json
import logging
import os
import signal
import sys
from collections import deque
from collections.abc import Awaitable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

import msgspec

from streams import logs, records
from streams.child_process import environment_of
from streams.commands.failures import WORKER, Failure, failure_of
from streams.handling import Handled, dead_letter, handle
from streams.metrics import Metrics
from streams.settings import Settings
from streams.stage import Received, Stage, Surroundings
from streams.stages import known_names, named
from streams.time_limit import TookTooLong, time_limit
from streams.topics import topic

LOAD_SECONDS = 60.0
"""The longest that building a stage may take: some two seconds on an idle machine, and many times that on a busy one."""
HARD_SECONDS = 15.0
"""So much longer than a step may take it is waited for before its process is killed: code in C cannot be asked to stop."""
END_SECONDS = 2.0
AGAIN_SECONDS = 10.0
"""An input whose process ended sooner has a second one: the first may have ended by accident. Of a later end there are no two, so
that an input holds its partition for no longer than its limit, `HARD_SECONDS`, these and two starts."""
ENDS = 3
"""Inputs in a row whose process ended, and none that was answered: it is not the inputs then, but want of memory or a broken library."""
DIES_WITH_PARENT = 1
"""Linux's PR_SET_PDEATHSIG, as prctl(2) has it."""
LENGTH_BYTES = 4


class StepProcessEnded(Exception):
    """The process that took the step ended in it: killed for its memory, or by a fault in code that is not Python."""


class _Input(msgspec.Struct):
    key: bytes | None
    value: bytes
    received: Received
    attempts: int


class _Answer(msgspec.Struct):
    """What an input led to; the first of all says whether the stage is built, and if not why."""

    handled: Handled = Handled(())
    """With the records of its outputs as the bytes that they are on their topics."""
    unbuilt: str | None = None
    exit_code: int = WORKER


_encode = msgspec.msgpack.encode
_inputs = msgspec.msgpack.Decoder(_Input)
_answers = msgspec.msgpack.Decoder(_Answer)


@dataclass(slots=True, eq=False)
class _Asked:
    """One input that waits for its answer, as it is sent to the process."""

    given: _Input
    message: bytes
    answer: asyncio.Future[Handled]
    sent: bool = False
    """To the process that is there, or to one whose answers may still be there."""


class StepProcess:
    """The process that takes steps of one stage, one at a time. `place` is where the stage is built: "module:function".

    `limit_seconds` is the longest that a step may take. Raises ValueError for a stage with a state, which is in the worker.
    """

    def __init__(
        self, stage: Stage, place: str, settings: Settings, partitions: Mapping[str, int], limit_seconds: float,
        metrics: Metrics,
    ) -> None:  # fmt: skip
        if stage.new_state is not None:
            raise ValueError(f"stage {stage.name} has a state, and no step of it can be taken by another process")
        self._stage = stage
        self._settings = settings
        self._limit_seconds = limit_seconds
        self._restarts = metrics["muster_step_process_restarts_total"].labels(stage=stage.name)
        self._bytes = metrics["muster_step_process_bytes"].labels(stage=stage.name)
        self._command = [
            sys.executable, "-m", "streams.step_process", place,
            json.dumps(dict(partitions)), str(limit_seconds),
        ]  # fmt: skip
        self._process: asyncio.subprocess.Process | None = None
        self._waiting: deque[_Asked] = deque()
        self._answering: asyncio.Task[None] | None = None
        self._ends = 0
        self._log = logging.getLogger(f"muster.{stage.name}")

    async def start(self) -> None:
        """Start it, and return when the stage is built. Raises `Failure` with the reason where it cannot be."""
        process = await asyncio.create_subprocess_exec(
            *self._command,
            env=environment_of(self._settings),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for the worker
        )
        try:
            answer = await _answered(process, LOAD_SECONDS)
        except TimeoutError:
            raise Failure(f"stage {self._stage.name}: not built after {LOAD_SECONDS:.0f} s", WORKER) from None
        except StepProcessEnded as error:
            raise Failure(f"stage {self._stage.name}: not built: {error}", WORKER) from None
        if answer.unbuilt is not None:
            await _closed(process)
            raise Failure(answer.unbuilt, answer.exit_code)
        self._process = process
        for asked in self._waiting:
            _send(process, asked)

    def handle(self, key: bytes | None, value: bytes, received: Received, attempts: int) -> Awaitable[Handled]:
        """As `handling.handle`, once what is returned is awaited; inputs are taken, and answered, in the order of the calls.

        A step that the process does not survive, or that does not end, leads to a dead letter. Awaiting raises `Failure` where
        the process cannot be started again, or ends with every input.
        """
        given = _Input(key, value, received, attempts)
        loop = asyncio.get_running_loop()
        asked = _Asked(given, _framed(_encode(given)), loop.create_future())
        self._waiting.append(asked)
        if self._process is not None:
            _send(self._process, asked)
        if self._answering is None or self._answering.done():
            self._answering = loop.create_task(self._answer())
        return asked.answer

    async def _answer(self) -> None:
        """Answer all that waits, the first first, until nothing does."""
        while self._waiting:
            first = self._waiting[0]
            try:
                handled = await self._handled(first)
            except Exception as failure:
                waiting, self._waiting = self._waiting, deque()
                for asked in waiting:
                    if not asked.answer.done():
                        asked.answer.set_exception(failure)
                        asked.answer.exception()  # known: a loop that has ended by the first does not ask for the others
                return
            self._waiting.popleft()
            if not first.answer.done():
                first.answer.set_result(handled)

    async def _handled(self, first: _Asked) -> Handled:
        """What the first input that waits led to."""
        clock = asyncio.get_running_loop().time
        began = clock()
        outcome = await self._taken(first)
        if isinstance(outcome, StepProcessEnded) and clock() - began < AGAIN_SECONDS:
            outcome = await self._taken(first)
        self._ends = self._ends + 1 if isinstance(outcome, StepProcessEnded) else 0
        if isinstance(outcome, Handled):
            return outcome
        if self._ends >= ENDS:
            raise Failure(f"stage {self._stage.name}: {self._ends} inputs in a row ended so: {outcome}", WORKER)
        given = first.given
        return Handled((), dead_letter(self._stage, given.key, given.value, given.received, outcome, given.attempts))

    async def _taken(self, first: _Asked) -> Handled | BaseException:
        """What the first input that waits led to, or what there is in its stead: then the process is gone."""
        # One that has ended may have answered before: what was sent to it is read to the end.
        if self._process is not None and not first.sent:
            self._note(_ended_with(self._process.returncode))
            if self._process.returncode is None:
                self._process.kill()
            self._process = None
        if self._process is None:
            await self.start()
        process = self._process
        assert process is not None
        try:
            answer = await _answered(process, self._limit_seconds + HARD_SECONDS)
        except TimeoutError:
            self._process = None
            self._note("the process of its steps does not answer, and was killed")
            return TookTooLong()
        except StepProcessEnded as ended:
            self._process = None
            self._note(str(ended))
            return ended
        except Exception as error:  # an answer that is none: nothing that follows it can be trusted
            self._process = None
            self._note(f"the process of its steps answers what cannot be read, and was killed: {error!r}")
            return error
        try:
            return _handled(answer)
        except Exception as error:  # a defect of the stage, as in this process
            return error

    def _note(self, end: str) -> None:
        self._restarts.inc()
        self._log.error("%s", end)

    def measure(self) -> None:
        """Show how much memory it has."""
        if self._process is not None:
            with suppress(OSError):  # it may be gone just now
                pages = int(Path(f"/proc/{self._process.pid}/statm").read_text().split()[1])
                self._bytes.set(pages * os.sysconf("SC_PAGE_SIZE"))

    async def close(self) -> None:
        """End the process. What waits is not answered any more."""
        if self._answering is not None:
            self._answering.cancel()
            await asyncio.wait([self._answering])
        process, self._process = self._process, None
        if process is not None:
            await _closed(process)


def _send(process: asyncio.subprocess.Process, asked: _Asked) -> None:
    """Send an input to a process, unless that is known to have ended: the next one gets it then."""
    assert process.stdin is not None
    asked.sent = process.returncode is None and not process.stdin.is_closing()
    if asked.sent:
        process.stdin.write(asked.message)


async def _answered(process: asyncio.subprocess.Process, seconds: float) -> _Answer:
    """The next answer. Whatever comes in its stead, the process is gone then: it may be anywhere in a message."""
    assert process.stdout is not None
    try:
        async with asyncio.timeout(seconds):
            length = await process.stdout.readexactly(LENGTH_BYTES)
            return _answers.decode(await process.stdout.readexactly(int.from_bytes(length, "big")))
    except (asyncio.IncompleteReadError, ConnectionError):
        await _ended(process)
        assert process.returncode is not None
        raise StepProcessEnded(_ended_with(process.returncode)) from None
    except BaseException:
        if process.returncode is None:
            process.kill()
        raise


async def _closed(process: asyncio.subprocess.Process) -> None:
    assert process.stdin is not None
    process.stdin.close()
    await _ended(process)


async def _ended(process: asyncio.subprocess.Process) -> None:
    """Wait for the end of a process that is about to end, and make one where it does not: to kill it sooner would hide its reason."""
    try:
        await asyncio.wait_for(process.wait(), END_SECONDS)
    except TimeoutError:
        process.kill()
        await process.wait()


def _ended_with(code: int | None) -> str:
    if code is None:
        return "the process of its steps takes nothing any more"
    return f"the process of its steps ended with {f'exit code {code}' if code >= 0 else signal.Signals(-code).name}"


def _framed(message: bytes) -> bytes:
    return len(message).to_bytes(LENGTH_BYTES, "big") + message


def _handled(answer: _Answer) -> Handled:
    outputs = [
        output if output.record is None else replace(output, record=topic(output.topic).decode(output.record))
        for output in answer.handled.outputs
    ]
    return replace(answer.handled, outputs=tuple(outputs))


# --- in the process ----------------------------------------------------------------------------------------------


def main(arguments: Sequence[str] | None = None) -> None:
    """Build the stage, and take steps until the input ends."""
    _end_with_parent()
    place, partitions, limit_seconds = arguments or sys.argv[1:]
    settings = Settings.from_environment()
    logs.set_up(settings.log_level)
    questions = sys.stdin.buffer
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not come between the answers
    try:
        stage = named(place)(Surroundings(settings, json.loads(partitions), known_names))
    except Exception as error:
        known = failure_of(error)
        if known is None:
            _write(answers, _encode(_Answer(unbuilt=f"{place}: {error!r}")))
            raise
        _write(answers, _encode(_Answer(unbuilt=known.message, exit_code=known.exit_code)))
        sys.exit(known.exit_code)
    gc.freeze()
    _write(answers, _encode(_Answer()))
    while (question := _read(questions)) is not None:
        _write(answers, _answer(stage, _inputs.decode(question), float(limit_seconds)))


def _end_with_parent() -> None:
    """End when the worker ends, also in a step that does not come back or while stopped; and when only the worker is told to stop."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # it ends this process in order
    parent = os.getppid()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(DIES_WITH_PARENT, signal.SIGKILL)
        if os.getppid() != parent:
            sys.exit()


def _answer(stage: Stage, given: _Input, limit_seconds: float) -> bytes:
    with time_limit(limit_seconds):
        handled = handle(stage, None, given.key, given.value, given.received, given.attempts)
        try:
            outputs = [
                output if output.record is None else replace(output, record=records.encode(output.record))
                for output in handled.outputs
            ]
            return _encode(_Answer(replace(handled, outputs=tuple(outputs))))
        except Exception as error:
            dead = dead_letter(stage, given.key, given.value, given.received, error, given.attempts)
            return _encode(_Answer(Handled((), dead)))


def _read(stream: BinaryIO) -> bytes | None:
    """The next message; None where the other side is gone."""
    length = int.from_bytes(stream.read(LENGTH_BYTES), "big")
    message = stream.read(length)
    return message if length and len(message) == length else None


def _write(stream: BinaryIO, message: bytes) -> None:
    stream.write(_framed(message))
    stream.flush()


if __name__ == "__main__":
    main()
