"""One worker process: some stages, each as an app of its own, on one event loop, with their metrics and their end.

`python -m streams.worker --stages ingest,enrich --index 0` is what the supervisor of `muster run` starts.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import NoReturn

import faust
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from streams import collector, logs, stages, worker_note
from streams.administration import AdministrationError, partition_counts
from streams.app import STEP_SECONDS, StageApp, create_app
from streams.child_process import end_with_parent
from streams.commands import failures
from streams.commands.failures import Failure
from streams.dead_letters import TooManyDeadLetters
from streams.kafka_options import aiokafka_options, describe
from streams.log_reader import CLOSE_SECONDS
from streams.metrics import Metrics
from streams.metrics_server import MetricsServer
from streams.settings import SettingError, Settings
from streams.stage import Stage, Surroundings
from streams.stages import known_names
from streams.stalls import Stalled, Stalls
from streams.step_process import StepProcess
from streams.worker_note import WorkerNote

Builder = Callable[[Surroundings], Stage]

WATCH_SECONDS = 2.0
"""How often lag, states and progress are looked at."""
SWITCH_SECONDS = 0.001
"""How long a thread that computes may keep the others waiting (5 ms by default): while a slow stage computes in a thread of
its own, the event loop that carries all stages has to get its turn at each answer of the broker."""
STALL_SECONDS = 180.0
"""A stage that has work and gets nothing done for so long is dead, whatever the process looks like. Longer than any
step (one that its process does not survive, at the end, with the start of another), any delivery with all its attempts, and any
rebalance may take."""

log = logging.getLogger("muster.worker")


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run a worker and end the process: 0 after a signal, otherwise one of the codes of `commands.failures`."""
    parser = argparse.ArgumentParser(prog="python -m streams.worker")
    parser.add_argument("--stages", default="", help="comma-separated; none: all")
    parser.add_argument(
        "--index", type=int, default=0, help="number of this worker; its metrics port is the first + it"
    )
    parser.add_argument("--ready-file", type=Path, help="written when every stage has its partitions")
    parser.add_argument("--any-metrics-port", action="store_true", help="take a free port where ours is taken")
    parser.add_argument("--parent-pipe", type=int, help="file descriptor that closes when the supervisor is gone")
    options = parser.parse_args(arguments)
    try:
        settings = Settings.from_environment()
        names = stages.names_of(name for name in options.stages.split(",") if name)
    except SettingError as error:
        _end(failures.SETTINGS, str(error))
    except ValueError as error:
        _end(failures.USAGE, str(error))
    _end(
        run(
            settings,
            {name: partial(stages.build, name) for name in names},
            index=options.index,
            ready_file=options.ready_file,
            parent_pipe=options.parent_pipe,
            any_metrics_port=options.any_metrics_port,
        )
    )


def run(
    settings: Settings,
    builders: Mapping[str, Builder],
    *,
    index: int = 0,
    ready_file: Path | None = None,
    parent_pipe: int | None = None,
    any_metrics_port: bool = False,
) -> int:
    """Build the stages and run them until a signal or an error. Returns the exit code; says on the log what was wrong.

    `ready_file` gets a `worker_note` once every stage has its partitions, kept up to date from then on.

    The caller should end the process with `os._exit`, as `main` does: threads of the Kafka clients may linger.
    """
    logs.set_up(settings.log_level)
    if parent_pipe is not None:
        end_with_parent(parent_pipe)
    try:
        return _run(settings, builders, index=index, ready_file=ready_file, any_metrics_port=any_metrics_port)
    except Failure as failure:
        log.error("%s", failure.message)
        return failure.exit_code
    except AdministrationError as error:
        log.error("%s", error)
        return failures.BROKER
    except SettingError as error:
        log.error("%s", error)
        return failures.SETTINGS


def _run(
    settings: Settings,
    builders: Mapping[str, Builder],
    *,
    index: int,
    ready_file: Path | None,
    any_metrics_port: bool,
) -> int:
    sys.setswitchinterval(SWITCH_SECONDS)
    collector.watch()
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    partitions = partition_counts(settings)
    surroundings = Surroundings(settings, partitions, known_names, long_steps_elsewhere=True)
    built = []
    for name, build in builders.items():
        log.info("loading stage %s ...", name)
        started = time.monotonic()
        stage = build(surroundings)
        built.append(stage)
        log.info("loaded stage %s in %.1f s", name, time.monotonic() - started)

    metrics = Metrics()
    state = WorkerState()
    bound = [
        create_app(
            settings,
            stage,
            partitions=partitions,
            metrics=metrics,
            on_failure=state.fail,
            long_steps=StepProcess(stage, stages.AGENTS[stage.name], settings, partitions, STEP_SECONDS, metrics)
            if stage.takes_long is not None
            else None,
        )
        for stage in built
    ]
    loop.run_until_complete(_started([b.long_steps for b in bound if b.long_steps is not None]))
    server = MetricsServer(
        metrics,
        settings.metrics_host,
        settings.metrics_port + index if settings.metrics_port else 0,
        live=state.complaints,
        ready=lambda: state.ready,
        else_any_port=any_metrics_port,
    )
    server.start()
    log.info("metrics at %s/metrics", server.address)
    notes = Notes(ready_file, server.address, lambda: sum(b.loop.acknowledged for b in bound))
    worker = Worker(settings, bound, metrics=metrics, state=state, notes=notes, loop=loop)
    state.on_failure = worker.end_with_failure
    try:
        loop.run_until_complete(worker.start())
        loop.run_until_complete(worker.stopped())
    except asyncio.CancelledError:
        pass
    except Exception as error:
        state.fail("worker", error)
    finally:
        server.stop()
    if worker.crash_reason is not None and state.failure is None:
        state.fail("worker", worker.crash_reason)
    if state.failure is not None:
        notes.end(state.failure)
        log.error("ends: %s", _said(state.failure))
        return failures.WORKER
    log.info("stopped")
    return 0


async def _started(processes: Iterable[StepProcess]) -> None:
    await asyncio.gather(*(process.start() for process in processes))


class WorkerState:
    """What is known of a worker: whether it is ready, what it has failed of, which of its stages stand still."""

    def __init__(self) -> None:
        self.ready = False
        self.stopping = False
        self.failure: BaseException | None = None
        self.stalled: dict[str, str] = {}
        self.on_failure: Callable[[], None] = lambda: None
        self._beat = time.monotonic()

    def beat(self) -> None:
        """Say that the event loop turns."""
        self._beat = time.monotonic()

    def silent_seconds(self) -> float:
        """How long the event loop has not turned."""
        return time.monotonic() - self._beat

    def fail(self, name: str, error: BaseException) -> None:
        """Note the first failure, and let the worker end.

        What fails because the worker is stopping (a catch-up whose reader was closed) is none: the input that it was
        for is not acknowledged, and comes again.
        """
        if self.stopping:
            logging.getLogger(f"muster.{name}").info("given up while stopping: %s", _said(error))
        elif self.failure is None:
            self.failure = error
            logging.getLogger(f"muster.{name}").error("%s", _said(error), exc_info=_unforeseen(error))
            self.on_failure()

    def complaints(self) -> list[str]:
        """Why this worker is not alive; nothing while it is."""
        if self.failure is not None:
            return [_said(self.failure)]
        if (silent := self.silent_seconds()) > STALL_SECONDS:
            return [f"the event loop has stood still for {silent:.0f} s"]
        return list(self.stalled.values())


class Notes:
    """Keeps the ready file, once there is one, telling how much was done. `done` counts what is acknowledged."""

    def __init__(self, path: Path | None, metrics: str, done: Callable[[], int]) -> None:
        self._path = path
        self._metrics = metrics
        self._done = done
        self._seen = 0
        self._written: int | None = None

    def ready(self) -> None:
        """Every stage has its partitions."""
        self._write(0)

    def look(self) -> None:
        """Note what was acknowledged when it was looked last: that is committed by now, and outlasts us."""
        seen, self._seen = self._seen, self._done()
        if self._written is not None and seen != self._written:
            self._write(seen)

    def end(self, failure: BaseException) -> None:
        """The last word. A stage that dead-letters one input after the other has done nothing, whatever it acknowledged."""
        if self._written is not None:
            self._write(0 if isinstance(failure, TooManyDeadLetters) else self._done())

    def _write(self, done: int) -> None:
        self._written = done
        if self._path is not None:
            worker_note.write(self._path, WorkerNote(metrics=self._metrics, done=done))


class Worker(faust.Worker):  # type: ignore[misc]  # Faust has no types that mypy is let to see
    """Faust's worker with our log, our way to stop, and a watch on progress."""

    def __init__(
        self,
        settings: Settings,
        bound: list[StageApp],
        *,
        metrics: Metrics,
        state: WorkerState,
        notes: Notes,
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        self._settings = settings
        self._bound = bound
        self._metrics = metrics
        self._state = state
        self._notes = notes
        self._stopping: asyncio.Future[None] | None = None
        first, *others = [b.app for b in bound]
        super().__init__(
            first,
            *others,
            quiet=True,
            override_logging=False,
            redirect_stdouts=False,
            loglevel=None,
            loop=loop,
        )
        self.spinner = None

    def install_signal_handlers(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            self.loop.add_signal_handler(number, self._on_signal, number)

    def _on_signal(self, number: signal.Signals) -> None:
        log.info("%s: stopping; hard end in %g s", number.name, self._settings.grace_seconds)
        self._begin_stop(0)

    def end_with_failure(self) -> None:
        """Stop because of an error: what is under way is not waited for, as the input that failed never gets done."""
        for b in self._bound:
            b.app.conf.stream_wait_empty = False
        self._begin_stop(failures.WORKER)

    def _begin_stop(self, code: int) -> None:
        self._state.ready = False
        self._state.stopping = True
        self._metrics["muster_up"].set(0)
        end_hard_after(self._settings.grace_seconds, code)
        if self._stopping is None:
            # No future of the service itself: stopping a service ends those first.
            self._stopping = asyncio.ensure_future(self._stop_all(), loop=self.loop)

    async def stopped(self) -> None:
        """Return when all has stopped; stop it where nobody has begun to."""
        if self._stopping is not None:
            await self._stopping
        else:
            await self._stop_all()

    async def _stop_all(self) -> None:
        for b in self._bound:
            await b.reader.close()
        await self.stop()
        if self._state.failure is None:
            # Last of all: the partitions are another worker's by now. Where it takes longer than the hard end lets it, the
            # snapshots of before stay.
            await asyncio.gather(*(b.folds.close() for b in self._bound))
        for b in self._bound:
            await b.look_up.close()
            if b.long_steps is not None:
                await b.long_steps.close()

    def on_worker_shutdown(self) -> None:
        """Faust would put its state into the process title here."""

    async def on_execute(self) -> None:
        """Likewise."""

    async def on_startup_finished(self) -> None:
        """Faust says that the first of the apps runs; whether all have their partitions is for `_watch` to say."""

    async def on_start(self) -> None:
        await super().on_start()
        self.add_future(self._watch())
        end_when_silent(self._state)
        # Faust would start one after the other, a second for each; the one that is started is not started again.
        await asyncio.gather(*(b.app.maybe_start() for b in self._bound))

    async def _watch(self) -> None:
        watch = Watch(self._settings, self._bound, self._metrics)
        try:
            while not self.should_stop:
                self._state.beat()
                self._look_whether_ready()
                self._notes.look()
                await watch.look()
                await look_at_files([b.stage for b in self._bound], self._metrics)
                self._state.stalled = watch.stalled()
                for name, complaint in self._state.stalled.items():
                    self._state.fail(name, Stalled(complaint))
                await asyncio.sleep(WATCH_SECONDS if self._state.ready else 0.1)
        finally:
            await watch.close()

    def _look_whether_ready(self) -> None:
        if self._state.ready or self._state.failure or any(b.assigned is None for b in self._bound):
            return
        self._state.ready = True
        self._metrics["muster_up"].set(1)
        log.info("ready: %s at %s", ", ".join(b.stage.name for b in self._bound), describe(self._settings))
        self._notes.ready()


class Watch:
    """Looks at lag, states and progress from outside of Faust, so that a consumer that died quietly is noticed."""

    def __init__(self, settings: Settings, bound: list[StageApp], metrics: Metrics) -> None:
        self._settings = settings
        self._bound = bound
        self._metrics = metrics
        self._consumer: AIOKafkaConsumer | None = None
        self._shown: set[tuple[str, str, str]] = set()
        self._stalls = Stalls(STALL_SECONDS)
        self._answered = True

    def stalled(self) -> dict[str, str]:
        """The stages that stand still, each with what is wrong."""
        return self._stalls.complaints()

    async def look(self) -> None:
        """Update the gauges and what is known of stalls. A broker that does not answer changes nothing: nobody can get on then."""
        try:
            ends = await self._ends()
        except (KafkaError, OSError, TimeoutError) as error:
            if self._answered:
                log.warning(
                    "the broker does not answer (%s); its clients go on trying", str(error) or type(error).__name__
                )
            self._answered = False
            self._stalls.forget()
            return
        if not self._answered:
            log.info("the broker answers again")
        self._answered = True
        for b in self._bound:
            b.folds.measure()
            if b.long_steps is not None:
                b.long_steps.measure()
            await self._look_at(b, ends)

    async def close(self) -> None:
        consumer, self._consumer = self._consumer, None
        if consumer is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(consumer.stop(), CLOSE_SECONDS)

    async def _ends(self) -> dict[TopicPartition, int]:
        if self._consumer is None:
            consumer = AIOKafkaConsumer(group_id=None, enable_auto_commit=False, **aiokafka_options(self._settings))
            try:
                await consumer.start()
            except BaseException:
                await consumer.stop()
                raise
            self._consumer = consumer
        places = {TopicPartition(b.topic, number) for b in self._bound for number in b.assigned or ()}
        if not places:
            return {}
        ends: dict[TopicPartition, int] = await asyncio.wait_for(self._consumer.end_offsets(list(places)), 15)
        return ends

    async def _look_at(self, b: StageApp, ends: Mapping[TopicPartition, int]) -> None:
        behind = 0
        for number in b.assigned or ():
            end = ends.get(TopicPartition(b.topic, number))
            if end is None:
                continue
            lag = max(0, end - await b.position(number, end))
            behind += lag
            labels = (b.stage.name, b.topic, str(number))
            self._metrics["muster_consumer_lag"].labels(*labels).set(lag)
            self._metrics["muster_topic_end_offset"].labels(*labels).set(end)
            self._shown.add(labels)
        self._forget(b)
        self._stalls.look(b.stage.name, done=b.progress, behind=behind, excused=b.app.rebalancing, now=time.monotonic())

    def _forget(self, b: StageApp) -> None:
        """Partitions that went away are another worker's to show."""
        for labels in [s for s in self._shown if s[0] == b.stage.name and int(s[2]) not in (b.assigned or ())]:
            self._metrics["muster_consumer_lag"].remove(*labels)
            self._metrics["muster_topic_end_offset"].remove(*labels)
            self._shown.discard(labels)


async def look_at_files(stages: Iterable[Stage], metrics: Metrics) -> None:
    """Let each stage see what has changed of its files; say and count it, and show how many cannot be used now."""
    for stage in stages:
        for file in stage.watched:
            for outcome in ("taken", "refused", "removed"):
                metrics["muster_watched_file_changes_total"].labels(stage=stage.name, outcome=outcome)
            # In a thread: a disk that does not answer must not hold up the stages.
            change = await asyncio.to_thread(file.look)
            if change is not None:
                level = logging.INFO if change.outcome == "taken" else logging.ERROR
                logging.getLogger(f"muster.{stage.name}").log(level, "%s", change.message)
                metrics["muster_watched_file_changes_total"].labels(stage=stage.name, outcome=change.outcome).inc()
        metrics["muster_watched_file_refused"].labels(stage=stage.name).set(sum(file.refused for file in stage.watched))


def end_hard_after(seconds: float, code: int) -> None:
    """End the process after so long, whatever it waits for: an input that hangs would keep it for minutes."""

    def end() -> None:
        log.warning("hard end: not stopped after %g s; what was not acknowledged comes again", seconds)
        _end(code)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()


def end_when_silent(state: WorkerState) -> None:
    """End the process when its event loop has stood still for twice as long as a stage may: nothing in it can do that."""

    def watch() -> None:
        while state.silent_seconds() < 2 * STALL_SECONDS:
            time.sleep(WATCH_SECONDS)
        log.error("ends: the event loop has stood still for %.0f s", state.silent_seconds())
        _end(failures.WORKER)

    threading.Thread(target=watch, daemon=True, name="silence").start()


def _unforeseen(error: BaseException) -> BaseException | None:
    """The error, where its traceback tells more than its message."""
    from streams.faust_consumer import SeekFailed
    from streams.fold import CannotCatchUp
    from streams.loop import DeliveryFailed

    return (
        None
        if isinstance(error, (DeliveryFailed, TooManyDeadLetters, CannotCatchUp, SeekFailed, Stalled, Failure))
        else error
    )


def _said(error: BaseException) -> str:
    return str(error) if str(error) and _unforeseen(error) is None else repr(error)


def _end(code: int, message: str | None = None) -> NoReturn:
    if message:
        print(f"muster: {message}", file=sys.stderr)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
