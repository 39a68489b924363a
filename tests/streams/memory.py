"""A stage loop between lists: inputs from a list, outputs into a list, with deliveries that fail or wait as a test says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from streams.fold import Batch, Folds
from streams.loop import Incoming, Input, Outgoing, StageLoop
from streams.metrics import Metrics
from streams.records import RawArticle, Story
from streams.settings import Settings
from streams.stage import Output, Received, Rejected, Stage
from streams.topics import registry, topic

PARTITIONS = 3


class Unspeakable(Exception):
    """An error whose text cannot be had."""

    def __str__(self) -> str:
        raise RuntimeError("no words")


def raw(article: str, outlet: str = "outlet", title: str = "") -> bytes:
    return orjson.dumps({"id": article, "outlet": outlet, "published": "2020-01-01T00:00:00Z", "title": title})


def story(article: str, revision: int, ids: Iterable[str] = ()) -> Story:
    return Story(
        article=article, version=1, revision=revision, story=article, relation="own", of=None,
        contained=0.0, containing=0.0, agencies=tuple(ids),
    )  # fmt: skip


def tally_stage(**changes: Any) -> Stage:
    """Folds the ids of each outlet, and publishes how many there are. The title says what shall go wrong."""

    def fold(state: dict[str, set[str]], article: RawArticle) -> None:
        if article.title == "break the fold":
            raise RuntimeError("the fold is broken")
        assert article.id is not None
        state.setdefault(article.outlet, set()).add(article.id)

    def step(state: dict[str, set[str]], article: RawArticle, received: Received) -> Sequence[Output]:
        fold(state, article)
        if article.title.startswith(("say", "fail")):
            state[article.outlet].discard(article.id or "")
        ids = sorted(state[article.outlet])
        output = Output(topic="stories.v1", key=article.outlet, record=story(article.outlet, len(ids), ids))
        match article.title:
            case "reject":
                raise Rejected("title", "not this one")
            case "say half a character":
                raise Rejected("title \ud800", "not this one: \udfff")
            case "say nothing that can be said":
                raise Unspeakable
            case "fail in a field without end":
                raise Rejected("x" * topic("dead-letters.v1").max_message_bytes, "not this one")
            case "nothing":
                return []
            case "everywhere":
                return [Output(topic="stories.v1", key=article.outlet, record=output.record, every_partition=True)]
            case "delete":
                return [Output(topic="stories.v1", key=article.outlet, record=None)]
            case "too much":
                huge = story(article.outlet, 1, ["x" * topic("stories.v1").max_message_bytes])
                return [Output(topic="stories.v1", key=article.outlet, record=huge)]
            case "beside":
                return [Output(topic="stories.v1", key=article.outlet, record=output.record, partition=PARTITIONS)]
            case "elsewhere":
                return [Output(topic="alerts.v1", key=article.outlet, record=output.record)]
        return [output]

    return Stage(
        name="tally",
        consumes="articles.raw.v1",
        publishes=("stories.v1",),
        step=step,
        new_state=dict,
        fold=fold,
        size=len,
        **changes,
    )


@dataclass
class Run:
    """A loop, what went into it and what came out of it."""

    log: dict[int, list[bytes | None]] = field(default_factory=dict)
    published: list[Outgoing] = field(default_factory=list)
    acknowledged: list[tuple[int, int]] = field(default_factory=list)
    metrics: Metrics = field(default_factory=Metrics)
    reads: list[tuple[int, int, int]] = field(default_factory=list)
    fail: Callable[[Outgoing, int], bool] = lambda message, number: False
    """Whether the delivery of a message fails; it is the `number`th that is tried."""
    gate: Callable[[Outgoing], Awaitable[None]] | None = None
    """Awaited before a delivery is confirmed."""
    tried: int = 0
    timestamp_ms: int = 1_500_000_000_000

    def settings(self, **changes: Any) -> Settings:
        return Settings(**changes)

    def loop(
        self, stage: Stage, settings: Settings | None = None, folds: Folds | None = None, **more: Any
    ) -> StageLoop:
        return StageLoop(
            stage,
            settings or Settings(),
            partitions=dict.fromkeys(registry(), PARTITIONS),
            folds=folds or Folds(stage, self.read, self.metrics),
            publish=self.publish,
            metrics=self.metrics,
            first_pause=0.0,
            **more,
        )

    async def publish(self, message: Outgoing) -> Awaitable[Any]:
        self.tried += 1
        number = self.tried

        async def confirm() -> None:
            if self.gate is not None:
                await self.gate(message)
            if self.fail(message, number):
                raise ConnectionError("the broker is away")
            self.published.append(message)

        return asyncio.ensure_future(confirm())

    async def read(self, partition: int, start: int, end: int) -> AsyncIterator[Batch]:
        self.reads.append((partition, start, end))
        values = self.log.get(partition, [])
        for offset in range(start, min(end, len(values))):
            yield [(offset, values[offset])]

    def stories(self) -> list[Story]:
        return [topic("stories.v1").decode(m.value) for m in self.published if m.topic == "stories.v1" and m.value]

    def letters(self) -> list[Any]:
        return [topic("dead-letters.v1").decode(m.value or b"") for m in self.published if m.topic == "dead-letters.v1"]

    def incoming(self, partition: int, offset: int, value: bytes | None, **headers: bytes) -> Incoming:
        named = {name.replace("_", "-"): header for name, header in headers.items()}
        return self.message(Input(b"key", value, Received(partition, offset, self.timestamp_ms + offset, named)))

    def message(self, *inputs: Input) -> Incoming:
        """One message with these inputs."""
        received = inputs[0].received
        return Incoming(inputs, lambda: self.acknowledged.append((received.partition, received.offset)))


async def each(inputs: Iterable[Incoming]) -> AsyncIterator[Incoming]:
    for incoming in inputs:
        yield incoming
        await asyncio.sleep(0)


async def with_turns(work: Awaitable[Any]) -> tuple[Any, int]:
    """What the work gives, and how often the event loop turned for others meanwhile."""
    turns = 0

    async def other() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    beside = asyncio.create_task(other())
    found = await work
    beside.cancel()
    return found, turns


async def until(condition: Callable[[], bool], turns: int = 100_000) -> None:
    """Let the event loop turn until the condition holds; TimeoutError if it does not within so many turns."""
    for _ in range(turns):
        if condition():
            return
        await asyncio.sleep(0)
    raise TimeoutError(f"not within {turns} turns of the event loop")
