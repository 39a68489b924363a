"""The pipeline in memory carries what a broker would carry."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.dry_run import DEAD, Message, Pipeline, run, settled
from streams.handling import murmur2, partition_of
from streams.records import RawArticle, Revision, Story, encode
from streams.stage import Output, Received, Rejected, Stage


def raw(identity: str, title: str = "", outlet: str = "o") -> bytes:
    return orjson.dumps({"id": identity, "outlet": outlet, "published": "2031-01-01T00:00:00Z", "title": title})


def story(article: str, revision: int, of: str | None = None) -> Story:
    return Story(
        article=article,
        version=1,
        revision=revision,
        story=of or article,
        relation="copy" if of else "own",
        of=of,
        contained=0.0,
        containing=0.0,
        agencies=(),
    )


def first_words(state: Any, record: RawArticle, received: Received) -> Sequence[Output]:
    """Tells each story to the partition of its title's first word."""
    if record.title == "reject":
        raise Rejected("title", "not this one")
    if record.title == "break":
        raise ZeroDivisionError("a defect")
    return [
        Output(topic="matches.v1", key=str(record.id), record=story(str(record.id), 1), partition_by=record.title[:1])
    ]


SPREAD = Stage(name="spread", consumes="articles.raw.v1", publishes=("matches.v1",), step=first_words)


def stage(name: str, consumes: str, step: Any, **more: Any) -> Stage:
    return Stage(name=name, consumes=consumes, publishes=(), step=step, **more)


def to_stories(state: Any, record: RawArticle, received: Received) -> Sequence[Output]:
    return [
        Output(topic="stories.v1", key=str(record.id), record=story(str(record.id), 1), partition_by=record.title[:1])
    ]


def smallest(state: set[str], record: Story, received: Received) -> Sequence[Output]:
    """A fold of its input: an article copies the smallest one known with its first letter."""
    state.add(record.article)
    group = sorted(article for article in state if article[0] == record.article[0])
    return [Output(topic="anchors.v1", key=article, record=story(article, len(group), group[0])) for article in group]


def test_records_that_share_what_they_are_partitioned_by_meet_in_one_state() -> None:
    seen: list[tuple[int, frozenset[str]]] = []

    def remember(state: set[str], record: Story, received: Received) -> Sequence[Output]:
        state.add(record.article)
        seen.append((received.partition, frozenset(state)))
        return []

    stages = [stage("spread", "articles.raw.v1", to_stories), stage("see", "stories.v1", remember, new_state=set)]
    articles = [raw("1", "alpha"), raw("2", "beta"), raw("3", "alpine"), raw("4", "bold")]
    run(stages, articles, partitions=64, timestamp_ms=0)
    assert {frozenset({"1", "3"}), frozenset({"2", "4"})} <= {state for _, state in seen}
    assert {partition for partition, _ in seen} == {partition_of("a", 64), partition_of("b", 64)}


def test_a_record_for_every_partition_comes_to_every_partition_once() -> None:
    def announce(state: Any, record: RawArticle, received: Received) -> Sequence[Output]:
        revision = Revision(
            article=str(record.id), version=2, withdrawn=False, published=record.published, outlet_name=record.outlet
        )
        return [Output(topic="reports.v1", key=str(record.id), record=revision, every_partition=True)]

    published = run([stage("announce", "articles.raw.v1", announce)], [raw("1")], partitions=5, timestamp_ms=0)
    assert [message.partition for message in published.messages["reports.v1"]] == [0, 1, 2, 3, 4]
    assert len(settled("reports.v1", published.messages["reports.v1"])) == 1


def test_a_partition_that_is_asked_for_is_the_one() -> None:
    def direct(state: Any, record: RawArticle, received: Received) -> Sequence[Output]:
        return [Output(topic="stories.v1", key=str(record.id), record=story(str(record.id), 1), partition=3)]

    published = run(
        [stage("direct", "articles.raw.v1", direct)], [raw(str(i)) for i in range(9)], partitions=4, timestamp_ms=0
    )
    assert {message.partition for message in published.messages["stories.v1"]} == {3}
    assert [message.offset for message in published.messages["stories.v1"]] == list(range(9))


@pytest.mark.parametrize(
    ("article", "error", "field"),
    [
        (raw("1", "reject"), "Rejected", "title"),
        (raw("1", "break"), "ZeroDivisionError", None),
        (b'{"id": "1", "outlet": "o"}', "InvalidRecord", "published"),
        (b"[]", "InvalidRecord", None),
    ],
)
def test_what_a_stage_cannot_handle_is_a_dead_letter_and_the_next_input_goes_on(
    article: bytes, error: str, field: str | None
) -> None:
    published = run([SPREAD], [article, raw("2", "alpha")], timestamp_ms=7)
    (dead,) = published.records(DEAD)
    assert (dead.error, dead.field, dead.stage, dead.topic) == (error, field, "spread", "articles.raw.v1")
    assert (dead.partition, dead.offset, dead.timestamp_ms, dead.attempts) == (0, 0, 7, 1)
    assert [message.key for message in published.messages["matches.v1"]] == ["2"]


def test_an_input_over_the_limit_of_its_stage_is_a_dead_letter_before_it_is_decoded() -> None:
    def never(state: Any, record: Any, received: Received) -> Sequence[Output]:
        raise AssertionError("it was decoded")

    published = run([stage("small", "articles.raw.v1", never, input_bytes=10)], [raw("1")], timestamp_ms=0)
    (dead,) = published.records(DEAD)
    assert (dead.error, dead.field) == ("Rejected", "value")


@settings(max_examples=40, deadline=None)
@given(
    titles=st.lists(st.sampled_from(["ann", "abe", "ben", "bob", "cid"]), min_size=1, max_size=8),
    partitions=st.integers(1, 6),
    seed=st.integers(0, 2**32),
)
def test_a_fold_ends_the_same_in_whatever_order_its_stages_work(titles: list[str], partitions: int, seed: int) -> None:
    stages = [stage("spread", "articles.raw.v1", to_stories), stage("smallest", "stories.v1", smallest, new_state=set)]
    articles = [raw(f"{title}-{number}", title) for number, title in enumerate(titles)]

    def last(pipeline: Pipeline) -> dict[str, Any]:
        """By key the highest revision: what `settled` gives for stories."""
        messages = [
            Message("stories.v1", m.partition, m.offset, m.key, m.value)
            for m in pipeline.published.messages["anchors.v1"]
        ]
        return {record.article: record for record in settled("stories.v1", messages)}

    straight = Pipeline(stages, timestamp_ms=0)
    for article in articles:
        straight.feed(article)
        straight.drain()

    chance = random.Random(seed)
    chance.shuffle(articles)
    shuffled = Pipeline(stages, partitions=partitions, timestamp_ms=0)
    for article in articles:
        shuffled.feed(article)
        if chance.random() < 0.3:
            shuffled.drain(chance.choice)
    shuffled.drain(chance.choice)
    assert last(shuffled) == last(straight)


def lying(topic: str, records: Sequence[tuple[str, Any]]) -> list[Message]:
    return [
        Message(topic, 0, offset, key, None if record is None else encode(record))
        for offset, (key, record) in enumerate(records)
    ]


def test_of_two_revisions_of_a_story_the_higher_holds_whichever_came_last() -> None:
    messages = lying(
        "stories.v1", [("b", story("b", 2, "a")), ("b", story("b", 1)), ("a", story("a", 1)), ("b", story("b", 2, "a"))]
    )
    assert settled("stories.v1", messages) == [story("a", 1), story("b", 2, "a")]


def test_a_tombstone_takes_its_key_out() -> None:
    messages = lying("stories.v1", [("a", story("a", 1)), ("b", story("b", 1)), ("a", None)])
    assert settled("stories.v1", messages) == [story("b", 1)]


def test_topics_that_nobody_asks_for_are_not_kept() -> None:
    pipeline = Pipeline([SPREAD], timestamp_ms=0, keep=("matches.v1",))
    pipeline.feed(raw("1", "alpha"))
    pipeline.drain()
    assert [name for name, messages in pipeline.published.messages.items() if messages] == ["matches.v1"]


@given(st.binary(max_size=64))
def test_keys_go_where_kafka_s_own_clients_send_them(key: bytes) -> None:
    from kafka.partitioner.default import murmur2 as theirs

    assert murmur2(key) == theirs(key) & 0xFFFFFFFF
