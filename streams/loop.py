"""The one stage loop: take a message, run the step on each input in it, publish what they return, and acknowledge when the broker
has it all.

It knows neither Faust nor Kafka: inputs come from an asynchronous iterator and outputs go through a function, so that
the same loop runs between Faust's streams and between lists.

What holds, whatever fails:
- A message is acknowledged only when the broker has confirmed everything that its inputs led to, dead letters included, and
  only after all earlier messages of its partition. (A consumer that is told of a later one first may take the place of an
  earlier one for a gap in the log, and commit over it.)
- Inputs of one stage are stepped one at a time in the order in which they come, but for steps elsewhere; what they lead to is sent
  in that order.
- No message is taken while `settings.in_flight` inputs are taken and not acknowledged.
"""

from __future__ import annotations

import asyncio
import dataclasses
import logging
import sys
import time
from collections import Counter, defaultdict, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, NamedTuple

from streams import collector, records
from streams.cloud_events import CloudEvents, source_of
from streams.dead_letters import ATTEMPTS_HEADER, Limits, TooManyDeadLetters, fitted
from streams.dead_letters import TOPIC as DEAD_LETTERS
from streams.fold import Folds
from streams.handling import Handled, bare_letter, dead_letter, handle, partitions_of, takes_long
from streams.metrics import OUTCOMES, Metrics, Outcome
from streams.records import DeadLetter
from streams.settings import Settings
from streams.stage import Output, Received, Stage
from streams.topics import topic

RAW_MS_HEADER = "muster-raw-ms"
"""When the broker got the raw article, in milliseconds since 1970 UTC: what the latency of an alert is measured from."""
STAGE_HEADER = "muster-stage"
"""The stage that published the message."""
RAW_TOPIC = "articles.raw.v1"
ALERTS_TOPIC = "alerts.v1"
ENVELOPE_BYTES = 8_192
"""What headers and the framing of a batch may add to key and value: the broker's limit is on all of it together. The id of
an article, of 512 characters at most, may stand in two of the headers."""
NUMBER_DIGITS = 18
"""So many fit into 64 bits, which is what records can hold."""
FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 5.0
SLOW_SECONDS = 0.02
"""Two steps that compute for longer make their stage a slow one (the first of a process reads word lists and models): the others need
many turns of the event loop for one hop, and would wait for such a step at each. Alerts on 21 samples at 2/s, on two busy cores: 2.9 s on average so, 0.7 s with this."""
SLOW_STEPS = 1_000
"""Within so many steps the second has to come, and for so many a stage is then held for slow: one article in a hundred is worth a
parse. (A step in a thread costs some 0.1 ms more.)"""


@dataclass(frozen=True, slots=True)
class Input:
    """One record for a stage: a message, or one of those in a bundle."""

    key: bytes | None
    value: bytes | None
    received: Received

    @property
    def attempts(self) -> int:
        """Which attempt at this input it is, from 1."""
        return 1 + _number(self.received.headers.get(ATTEMPTS_HEADER))


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message with its inputs, at least one, and how to acknowledge it."""

    inputs: Sequence[Input]
    acknowledge: Callable[[], object]

    @property
    def partition(self) -> int:
        return self.inputs[0].received.partition

    @property
    def offset(self) -> int:
        return self.inputs[0].received.offset


@dataclass(frozen=True, slots=True, eq=False)
class Outgoing:
    """One message to publish. `topic` is its name in the registry."""

    topic: str
    key: bytes
    value: bytes | None
    partition: int
    headers: Mapping[str, bytes]

    @property
    def place(self) -> tuple[str, int, bytes]:
        """What must stay in order."""
        return (self.topic, self.partition, self.key)


Elsewhere = Callable[[bytes | None, bytes, Received, int], Awaitable[Handled]]
"""Takes a step somewhere else: key, value, where it was received, which attempt it is. As `handling.handle`, it does not fail for an
input. Steps are taken in the order of the calls, whenever what they return is awaited."""

Publish = Callable[[Outgoing], Awaitable[asyncio.Future[Any]]]
"""Sends a message; what it returns is done when the broker has confirmed it. Either may raise."""


class DeliveryFailed(Exception):
    """The broker did not take a message, however often it was tried."""


class OutputUnfit(ValueError):
    """A step returned what cannot be published: a defect of the stage."""


@dataclass(slots=True, eq=False)
class _Task:
    """One message under way: what each of its inputs led to, and the messages to publish of all."""

    incoming: Incoming
    handled: Sequence[Handled]
    outgoing: list[Outgoing]
    taken: float
    unconfirmed: int = 0
    """Messages that the broker has not confirmed yet, while none was refused."""
    done: bool = False


class _Elsewhere(NamedTuple):
    """One message whose step is taken elsewhere, and when it was taken."""

    incoming: Incoming
    taken: float
    step: asyncio.Future[Handled]


class StageLoop:
    """Runs one stage over a stream of messages. `partitions` has the number of partitions of each topic."""

    def __init__(
        self,
        stage: Stage,
        settings: Settings,
        *,
        partitions: Mapping[str, int],
        folds: Folds,
        publish: Publish,
        metrics: Metrics,
        first_pause: float = FIRST_PAUSE_SECONDS,
        limit: Callable[[], AbstractContextManager[None]] = nullcontext,
        executor: Executor | None = None,
        elsewhere: Elsewhere | None = None,
    ) -> None:
        """`limit` gives the context in which each step runs, and which may end a step that takes too long.

        `executor` runs the steps of a stage that was seen to be slow, still one at a time: the other stages of the
        process would otherwise wait for such a step at each of the many turns of the event loop that they need.
        `elsewhere` takes the steps of which the stage says beforehand that they take long.
        """
        self._stage = stage
        self._settings = settings
        self._partitions = partitions
        self._folds = folds
        self._publish = publish
        self._metrics = metrics
        self._first_pause = first_pause
        self._limit = limit
        self._executor = executor
        self._elsewhere = elsewhere
        self._steps = 0
        self._slow_at = -SLOW_STEPS
        self._slow_for = 0
        self._log = logging.getLogger(f"muster.{stage.name}")
        self._about = CloudEvents(source_of(settings.topic_prefix, stage.name), (*stage.publishes, DEAD_LETTERS))
        self._limits = Limits(stage.name, share=settings.dead_letter_share, run=settings.dead_letter_run)
        self._room = asyncio.Event()
        self._waiting: defaultdict[int, deque[_Task]] = defaultdict(deque)
        self._latest: dict[tuple[str, int, bytes], Outgoing] = {}
        self._confirming: set[asyncio.Task[None]] = set()
        self._unconfirmed = 0
        self._all_settled = asyncio.Event()
        self._in_turn: deque[_Task | _Elsewhere] = deque()
        self._handing_on: asyncio.Task[None] | None = None
        self._runner: asyncio.Task[Any] | None = None
        self._failure: BaseException | None = None
        self._refusal: Exception | None = None
        self._positions: dict[int, int] = {}
        self._progress = 0
        self._acknowledged = 0
        self._in_flight = 0
        metrics.prepare(stage.name, stage.publishes)
        # Looking a metric up by its labels costs more than counting: what every input needs is looked up once.
        by_stage = {"stage": stage.name}
        self._inputs = metrics["muster_inputs_total"].labels(**by_stage)
        self._messages = metrics["muster_messages_total"].labels(**by_stage)
        self._input_bytes = metrics["muster_input_bytes_total"].labels(**by_stage)
        metrics["muster_in_flight"].labels(**by_stage).set_function(lambda: self._in_flight)
        self._step_seconds = metrics["muster_step_seconds"].labels(**by_stage)
        self._handling_seconds = metrics["muster_handling_seconds"].labels(**by_stage)
        self._handled = {o: metrics["muster_handled_total"].labels(**by_stage, outcome=o) for o in OUTCOMES}
        topics = (*stage.publishes, DEAD_LETTERS)
        self._outputs = {name: metrics["muster_outputs_total"].labels(**by_stage, topic=name) for name in topics}
        self._output_bytes = {
            name: metrics["muster_output_bytes_total"].labels(**by_stage, topic=name) for name in topics
        }

    @property
    def progress(self) -> int:
        """Grows with every input that is done: a loop whose inputs wait and whose progress stands is stuck."""
        return self._progress

    @property
    def acknowledged(self) -> int:
        """How many messages are acknowledged."""
        return self._acknowledged

    @property
    def waits_for_the_broker(self) -> bool:
        """Whether nothing goes on before the broker has confirmed something: the window is full, and no step is under way."""
        return self._is_full() and not self._in_turn

    @property
    def in_flight(self) -> int:
        """Inputs taken and not acknowledged."""
        return self._in_flight

    def position(self, partition: int) -> int | None:
        """The offset after the last one acknowledged of that partition, None if there was none yet."""
        return self._positions.get(partition)

    async def run(self, messages: AsyncIterator[Incoming]) -> None:
        """Work through the messages until they end and all is confirmed.

        Raises `DeliveryFailed`, `TooManyDeadLetters` or `CannotCatchUp`; what is not acknowledged then comes again.
        """
        self._runner = asyncio.current_task()
        try:
            try:
                async for incoming in messages:
                    while self._is_full():
                        self._room.clear()
                        await self._room.wait()
                    await self._take(incoming)
            finally:
                # Also after too many dead letters: those so far are worth keeping, their inputs worth not repeating.
                if not isinstance(sys.exception(), asyncio.CancelledError):
                    if self._handing_on is not None:
                        await asyncio.wait([self._handing_on])
                    await self._all_confirmed()
        except asyncio.CancelledError:
            if self._failure is None:
                raise
            if self._runner is not None:
                self._runner.uncancel()
            raise self._failure from None
        finally:
            self._runner = None
            for under_way in self._under_way():
                under_way.cancel()
        if self._failure is not None:
            raise self._failure

    def _under_way(self) -> Iterator[asyncio.Future[Any]]:
        """What goes on beside the loop."""
        if self._handing_on is not None:
            yield self._handing_on
        yield from (waiting.step for waiting in self._in_turn if isinstance(waiting, _Elsewhere))
        yield from self._confirming

    def _is_full(self) -> bool:
        return self._in_flight >= self._settings.in_flight

    async def _take(self, incoming: Incoming) -> None:
        taken = time.monotonic()
        self._in_flight += len(incoming.inputs)
        self._inputs.inc(len(incoming.inputs))
        self._input_bytes.inc(sum(len(one.key or b"") + len(one.value or b"") for one in incoming.inputs))
        if self._elsewhere is not None:
            await self._take_in_turn(self._elsewhere, incoming, taken)
            return
        state = await self._folds.before(incoming.partition, incoming.offset)
        handled, outgoing = await self._stepped(state, incoming)
        sound = all(one.dead is None or reason_of(one.dead) != "defect" for one in handled)
        self._folds.after(incoming.partition, incoming.offset, sound=sound)
        await self._hand_on(_Task(incoming, handled, outgoing, taken))

    async def _take_in_turn(self, elsewhere: Elsewhere, incoming: Incoming, taken: float) -> None:
        """Of a stage some steps of which are taken elsewhere, and which therefore has no state: what those lead to is not waited
        for, and what any leads to is handed on in the order of the inputs."""
        (one,) = incoming.inputs
        if self._takes_long(one):
            assert one.value is not None
            under_way = elsewhere(one.key, one.value, one.received, one.attempts)
            self._in_turn.append(_Elsewhere(incoming, taken, asyncio.ensure_future(under_way)))
        else:
            handled, outgoing = await self._stepped(None, incoming)
            task = _Task(incoming, handled, outgoing, taken)
            if not self._in_turn:
                await self._hand_on(task)
                return
            self._in_turn.append(task)
        if self._handing_on is None or self._handing_on.done():
            self._handing_on = asyncio.create_task(self._hand_on_in_turn())

    async def _hand_on_in_turn(self) -> None:
        before = 0.0
        try:
            while self._in_turn:
                # It stays the first until it is handed on: what is taken meanwhile comes after it.
                first = self._in_turn[0]
                if isinstance(first, _Elsewhere):
                    incoming, taken, step = first
                    handled, outgoing = self._to_publish(await step, incoming.inputs[0])
                    now = time.monotonic()
                    self._step_seconds.observe(now - max(taken, before))
                    before = now
                    first = _Task(incoming, (handled,), outgoing, taken)
                await self._hand_on(first)
                self._in_turn.popleft()
        except TooManyDeadLetters as error:
            await self._all_confirmed()
            self._fail(error)
        except Exception as error:
            self._fail(error)

    async def _hand_on(self, task: _Task) -> None:
        """Send what a message led to, and see to its end. Raises `TooManyDeadLetters`."""
        self._waiting[task.incoming.partition].append(task)
        if task.outgoing:
            self._unconfirmed += 1
            self._all_settled.clear()
            self._confirm_in_time(task, [await self._send(message) for message in task.outgoing])
        else:
            self._done(task)
        too_many = None
        for handled in task.handled:
            if not self._is_the_outsides_fault(handled.dead):
                try:
                    self._limits.count(handled.dead)
                except TooManyDeadLetters as error:
                    too_many = too_many or error
        if too_many is not None:
            # Not before: a message of which a part was never taken is not acknowledged, and would come again for ever.
            raise too_many

    def _is_the_outsides_fault(self, dead: DeadLetter | None) -> bool:
        """Whether a dead letter says nothing about us: to the topic of the raw articles anybody may send anything, and
        one broken producer must not stop everybody else's articles. Between our stages a bad record is a defect."""
        return dead is not None and self._stage.consumes == RAW_TOPIC and reason_of(dead) != "defect"

    async def _stepped(self, state: Any, incoming: Incoming) -> tuple[list[Handled], list[Outgoing]]:
        started = time.monotonic()
        if self._executor is not None and self._slow_for > 0:
            self._slow_for -= 1
            turning = asyncio.get_running_loop()
            handled, outgoing, used = await turning.run_in_executor(
                self._executor, self._handle_timed, state, incoming.inputs
            )
        else:
            handled, outgoing, used = self._handle_timed(state, incoming.inputs)
        count = len(incoming.inputs)
        self._step_seconds.observe((time.monotonic() - started) / count)
        self._steps += 1
        if used / count > SLOW_SECONDS:
            if self._steps - self._slow_at <= SLOW_STEPS:
                self._slow_for = SLOW_STEPS
            self._slow_at = self._steps
        return handled, outgoing

    def _handle_timed(self, state: Any, inputs: Sequence[Input]) -> tuple[list[Handled], list[Outgoing], float]:
        """Also how many seconds it computed: a quick step that had to wait for the processor, or in which a collection of garbage fell,
        makes no stage a slow one."""
        started, collected = time.thread_time(), collector.spent()
        handled, outgoing = [], []
        for one in inputs:
            led_to, messages = self._handle(state, one)
            handled.append(led_to)
            outgoing += messages
        return handled, outgoing, time.thread_time() - started - (collector.spent() - collected)

    # --- pure in all but the log ------------------------------------------------------------------------------

    def _takes_long(self, one: Input) -> bool:
        with self._limit():
            return takes_long(self._stage, one.value)

    def _handle(self, state: Any, one: Input) -> tuple[Handled, list[Outgoing]]:
        with self._limit():
            handled = handle(self._stage, state, one.key, one.value, one.received, one.attempts)
        return self._to_publish(handled, one)

    def _to_publish(self, handled: Handled, one: Input) -> tuple[Handled, list[Outgoing]]:
        """What an input led to, and the messages of it: those of a dead letter where an output cannot be published."""
        received = one.received
        headers = self._headers(received)
        if handled.dead is None:
            try:
                outgoing = [message for output in handled.outputs for message in self._outgoing(output, headers)]
            except Exception as error:
                dead = dead_letter(self._stage, one.key, one.value, received, error, one.attempts)
                handled = Handled((), dead)
            else:
                return handled, outgoing
        assert handled.dead is not None
        dead, outgoing = self._letter(handled.dead, received, headers)
        self._tell(dead)
        return Handled((), dead), outgoing

    def _letter(
        self, dead: DeadLetter, received: Received, headers: Mapping[str, bytes]
    ) -> tuple[DeadLetter, list[Outgoing]]:
        """A dead letter as it is published. Nothing may raise here: the stage would stop at this input for good."""
        try:
            dead = fitted(dead, topic(DEAD_LETTERS).max_message_bytes - ENVELOPE_BYTES)
            return dead, self._outgoing(Output(topic=DEAD_LETTERS, key=self._stage.name, record=dead), headers)
        except Exception as unwritable:
            self._log.exception("a dead letter cannot be written as it is; a bare one is in its place")
            bare = dataclasses.replace(bare_letter(self._stage, received, unwritable), error=dead.error)
            return bare, self._outgoing(Output(topic=DEAD_LETTERS, key=self._stage.name, record=bare), headers)

    def _outgoing(self, output: Output, headers: Mapping[str, bytes]) -> list[Outgoing]:
        """The messages of one output. Raises what makes it unfit to be published."""
        if output.topic not in self._stage.publishes and output.topic != DEAD_LETTERS:
            raise OutputUnfit(f"stage {self._stage.name} does not say that it publishes {output.topic}")
        key = output.key.encode("utf-8")
        value = None if output.record is None else records.encode(output.record)
        size, limit = len(key) + len(value or b"") + ENVELOPE_BYTES, topic(output.topic).max_message_bytes
        if size > limit:
            raise OutputUnfit(f"an output of {size:,} bytes for {output.topic}; at most {limit:,} are taken")
        count = self._partitions[output.topic]
        chosen = partitions_of(output, self._partitions)
        if not all(0 <= partition < count for partition in chosen):
            raise OutputUnfit(f"an output for partition {chosen[0]} of {output.topic}, which has {count}")
        headers = {**headers, **self._about.of(output.topic, output.key, output.record, value)}
        return [Outgoing(output.topic, key, value, partition, headers) for partition in chosen]

    def _headers(self, received: Received) -> dict[str, bytes]:
        if self._stage.consumes == RAW_TOPIC:
            raw_ms: bytes | None = str(received.timestamp_ms).encode("ascii")
        else:
            # Whoever may write to an inner topic may write any header: what is no time is not passed on.
            raw_ms = received.headers.get(RAW_MS_HEADER)
            raw_ms = raw_ms if _number(raw_ms) else None
        headers = {STAGE_HEADER: self._stage.name.encode("ascii")}
        return headers if raw_ms is None else {RAW_MS_HEADER: raw_ms, **headers}

    def _tell(self, dead: DeadLetter) -> None:
        self._log.log(
            logging.ERROR if reason_of(dead) == "defect" else logging.WARNING,
            "dead letter: %s partition %d offset %d: %s: %s",
            dead.topic, dead.partition, dead.offset, dead.error, dead.message[:300],
        )  # fmt: skip

    # --- delivery ---------------------------------------------------------------------------------------------

    async def _send(self, message: Outgoing) -> asyncio.Future[Any] | Exception:
        """Send, in the order of the calls; what goes wrong is returned for `_confirm` to deal with."""
        self._latest[message.place] = message
        try:
            return await self._publish(message)
        except Exception as error:
            return error

    def _confirm_in_time(self, task: _Task, sent: list[asyncio.Future[Any] | Exception]) -> None:
        """See a message to its end when the broker has confirmed all that it led to. Only where it refuses something there is a task for
        that: one for each is a tenth of what a worker computes."""
        promises = set()  # all that goes in one bundle has one
        for promise in sent:
            if isinstance(promise, Exception):
                self._confirm_anew(task, sent)
                return
            promises.add(promise)
        task.unconfirmed = len(promises)

        def settled(promise: asyncio.Future[Any]) -> None:
            if self._runner is None or not task.unconfirmed:
                return
            if promise.cancelled() or promise.exception() is not None:
                task.unconfirmed = 0
                self._confirm_anew(task, sent)
                return
            task.unconfirmed -= 1
            if not task.unconfirmed:
                try:
                    self._done(task)
                except Exception as error:  # from here it would reach nobody
                    self._fail(error)
                self._is_settled()

        for promise in promises:
            promise.add_done_callback(settled)

    def _confirm_anew(self, task: _Task, sent: list[asyncio.Future[Any] | Exception]) -> None:
        confirming = asyncio.create_task(self._confirm(task, sent))
        self._confirming.add(confirming)
        confirming.add_done_callback(self._confirming.discard)

    async def _confirm(self, task: _Task, sent: list[asyncio.Future[Any] | Exception]) -> None:
        # All at once, begun in their order: a bundle has led to many, and each may have to wait for its next attempt.
        waiting = [asyncio.create_task(self._confirmed(*one)) for one in zip(task.outgoing, sent, strict=True)]
        try:
            await asyncio.gather(*waiting)
            self._done(task)
        except asyncio.CancelledError:
            raise
        except BaseException as error:
            self._fail(error)
        finally:
            for one in waiting:
                one.cancel()
            self._is_settled()

    def _is_settled(self) -> None:
        self._unconfirmed -= 1
        if not self._unconfirmed:
            self._all_settled.set()

    async def _confirmed(self, message: Outgoing, promise: asyncio.Future[Any] | Exception) -> None:
        """Return when the broker has the message, trying again in place. Raises `DeliveryFailed`."""
        pause = self._first_pause
        attempt = 1
        while True:
            try:
                if isinstance(promise, Exception):
                    raise promise
                # Shielded: the promise is the producer's, which would be hurt by its end when this task is cancelled.
                await asyncio.shield(promise)
                break
            except Exception as error:
                if attempt >= self._settings.delivery_attempts:
                    raise DeliveryFailed(
                        f"stage {self._stage.name}: the broker did not take a message for {message.topic} partition "
                        f"{message.partition} in {attempt} attempts (MUSTER_DELIVERY_ATTEMPTS); the last error: {error!r}"
                    ) from error
                if error is not self._refusal:  # all records of a bundle are told of one
                    self._refusal = error
                    self._metrics["muster_delivery_retries_total"].labels(stage=self._stage.name).inc()
                    self._log.warning(
                        "delivery to %s failed (%r), attempt %d follows", message.topic, error, attempt + 1
                    )
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
            attempt += 1
            try:
                promise = await self._publish(message)
            except Exception as error:
                promise = error
        if attempt > 1:
            # A later message of the same key may be there already; on a compacted topic the last one stays, so the
            # later one must come last again.
            later = self._latest.get(message.place)
            if later is not None and later is not message:
                await self._confirmed(later, await self._send(later))

    def _done(self, task: _Task) -> None:
        """Mark a message as done, and acknowledge from the oldest of its partition on what is done without a gap."""
        self._count(task)
        task.done = True
        waiting = self._waiting[task.incoming.partition]
        while waiting and waiting[0].done:
            first = waiting.popleft()
            for message in first.outgoing:
                if self._latest.get(message.place) is message:
                    del self._latest[message.place]
            first.incoming.acknowledge()
            self._messages.inc()
            self._acknowledged += 1
            self._positions[first.incoming.partition] = first.incoming.offset + 1
            self._progress += len(first.handled)
            self._in_flight -= len(first.handled)
            self._room.set()

    def _count(self, task: _Task) -> None:
        self._handling_seconds.observe(time.monotonic() - task.taken)
        for outcome, times in Counter(map(self._outcome, task.incoming.inputs, task.handled)).items():
            self._handled[outcome].inc(times)
        for name, times in Counter(message.topic for message in task.outgoing).items():
            self._outputs[name].inc(times)
            size = sum(len(m.key) + len(m.value or b"") for m in task.outgoing if m.topic == name)
            self._output_bytes[name].inc(size)
        for message in task.outgoing:
            if message.topic == ALERTS_TOPIC and (raw_ms := _number(message.headers.get(RAW_MS_HEADER))):
                self._metrics["muster_alert_latency_seconds"].observe(max(0.0, time.time() - raw_ms / 1000))
        self._metrics.count_published(output.record for handled in task.handled for output in handled.outputs)

    def _outcome(self, one: Input, handled: Handled) -> Outcome:
        if handled.dead is not None:
            reason = reason_of(handled.dead)
            self._metrics["muster_dead_letters_total"].labels(stage=self._stage.name, reason=reason).inc()
            return "dead"
        if one.value is None:
            return "tombstone"
        return "published" if handled.outputs else "silent"

    def _fail(self, error: BaseException) -> None:
        if self._failure is None:
            self._failure = error
            if self._runner is not None:
                self._runner.cancel()

    async def _all_confirmed(self) -> None:
        while self._unconfirmed:
            await self._all_settled.wait()


def reason_of(dead: DeadLetter) -> str:
    """Why an input became a dead letter, in the closed list of the metric."""
    return {"InvalidRecord": "invalid", "Rejected": "rejected"}.get(dead.error, "defect")


def _number(raw: bytes | None) -> int:
    """The whole number in a header, 0 where there is none or nonsense: what comes from outside may have any length."""
    return int(raw) if raw is not None and raw.isdigit() and len(raw) <= NUMBER_DIGITS else 0
