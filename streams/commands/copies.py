"""`muster copies`: articles in, what each of them copies out. A stable interface, documented in `docs/interfaces.md`."""

from __future__ import annotations

import sys
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click
import orjson

from streams.commands.failures import BAD_INPUT, Failure

if TYPE_CHECKING:
    from streams.dry_run import Pipeline
    from streams.records import Article, DeadLetter, Story

    Stories = dict[str, Story]
    """The last word on each article: a story is about the highest version that is known."""
    Texts = dict[str, dict[int, bytes]]
    """The versions of each article as ingest made them, packed: their texts are needed for the spans that are new."""


@click.command()
@click.option("--settled", is_flag=True, help="Answer after the end of the input, as is known at last.")
@click.option("--partitions", type=click.IntRange(1, 1000), default=1, show_default=True, help="Of every topic.")
def copies(settled: bool, partitions: int) -> None:
    """Read articles as JSONL on standard input, write which article copies which as JSONL, in order of arrival.

    In: raw articles as for articles.raw.v1 (id or url, outlet, published, title, body or html). Out: {"id", "story",
    "relation", "of", "containment", "new", ...} as known when the article came, or with --settled as known after all of them. An
    article that cannot be used gets {"id", "error"}, and the exit code is 5 at the end.
    """
    from streams.dry_run import DEAD, Pipeline, stages_for
    from streams.settings import Settings

    stages = stages_for(Settings.from_environment(), ("ingest", "dedupe"), partitions)
    pipeline = Pipeline(
        stages, partitions=partitions, timestamp_ms=int(time.time() * 1000), keep=("articles.v1", "stories.v1", DEAD)
    )
    bad = 0
    for answer in settled_answers(sys.stdin.buffer, pipeline) if settled else answers(sys.stdin.buffer, pipeline):
        if "error" in answer:
            bad += 1
            click.echo(f"muster copies: {answer['error']}", err=True)
        sys.stdout.buffer.write(orjson.dumps(answer) + b"\n")
        if not settled:
            sys.stdout.buffer.flush()
    sys.stdout.buffer.flush()
    if bad:
        raise Failure(f"{bad} article{'s' * (bad != 1)} could not be used", BAD_INPUT)


def answers(lines: Iterable[bytes], pipeline: Pipeline) -> Iterator[dict[str, Any]]:
    """One answer for each line as it comes. `pipeline` runs ingest and dedupe."""
    stories: Stories = {}
    texts: Texts = {}
    for arrival in _arrivals(lines, pipeline, stories, texts):
        yield _answer(arrival, stories, texts)


def settled_answers(lines: Iterable[bytes], pipeline: Pipeline) -> Iterator[dict[str, Any]]:
    """One answer for each line, in order of arrival, after the last one has come."""
    stories: Stories = {}
    texts: Texts = {}
    for arrival in list(_arrivals(lines, pipeline, stories, texts)):
        yield _answer(arrival, stories, texts)


@dataclass(frozen=True, slots=True)
class _Arrival:
    """A line of the input: what its author calls it, and the article that it became, or why it became none."""

    given: Any
    article: str | None
    error: str | None = None


def _arrivals(lines: Iterable[bytes], pipeline: Pipeline, stories: Stories, texts: Texts) -> Iterator[_Arrival]:
    """Feed each line and let the stages finish with it; `stories` always holds the highest revision of each."""
    from streams.articles_in import Unusable, as_given, lines_of, raw_key
    from streams.dry_run import DEAD

    messages = pipeline.published.messages
    for item in lines_of(lines, "line "):
        if isinstance(item, Unusable):
            yield _Arrival(None, None, f"{item.where}: {item.reason}")
            continue
        pipeline.feed(item.payload)
        pipeline.drain()
        clean = messages["articles.v1"]
        article = clean[0].key if clean else None
        if clean:
            _keep(clean[0].record(), texts)
        dead: list[DeadLetter] = [message.record() for message in messages[DEAD]]
        for message in messages["stories.v1"]:
            story: Story = message.record()
            known = stories.get(story.article)
            if known is None or story.revision >= known.revision:
                stories[story.article] = story
        for kept in messages.values():
            kept.clear()
        if article in stories and not dead:
            yield _Arrival(article, article)
        else:
            try:
                given = as_given(orjson.loads(item.payload).get("id")) or raw_key(item.payload)
            except ValueError:
                given = None
            yield _Arrival(given, None, f"{item.where}: {dead[0].message if dead else 'no stage said what it is'}")


def _keep(article: Article, texts: Texts) -> None:
    """Of two texts that claim to be one version the same is kept in any order."""
    from streams.records import encode

    kept, packed = texts.setdefault(article.id, {}), zlib.compress(encode(article), 1)
    kept[article.version] = min(kept.get(article.version, packed), packed)


def _versions(id: str, texts: Texts) -> dict[int, Article]:
    from streams.records import Article, decode

    return {version: decode(zlib.decompress(packed), Article) for version, packed in texts.get(id, {}).items()}


def new_in(story: Story, versions: Callable[[str], Mapping[int, Article]]) -> list[dict[str, Any]] | None:
    """What is new in an article against the one that it copies; None where it copies none, or that one is not known.

    `versions` gives the versions of an article. The one that is copied is the one that has what the story says was found in
    it; otherwise the highest, of the article itself the highest before this one.
    """
    from wirecopy.spans import new_spans

    if story.of is None:
        return None
    article = versions(story.article).get(story.version)
    others = [
        one for _, one in sorted(versions(story.of).items()) if story.of != story.article or one.version < story.version
    ]
    if article is None or not others:
        return None
    copied = [one for one in others if _found_in(article, one) == story.found] or others
    return [{"start": span.start, "end": span.end, "text": span.text} for span in new_spans(article, copied[-1])]


def _found_in(article: Article, other: Article) -> str:
    """Which hashes of an article another one has, as a story says it."""
    from wirecopy import bitmaps
    from wirecopy.relation import places_in
    from wirecopy.sketch import Sketch, text_from

    ours, theirs = (
        text_from(Sketch(one.fingerprint, one.speech, one.lead, one.figures, one.named)) for one in (article, other)
    )
    return bitmaps.to_text(places_in(ours, theirs)[0])


def _answer(arrival: _Arrival, stories: Stories, texts: Texts) -> dict[str, Any]:
    if arrival.article is None:
        return {"id": arrival.given, "error": arrival.error}
    from agents.dedupe.chains import whole_story

    story = stories[arrival.article]
    return {
        "id": story.article,
        "story": whole_story(story.article, stories),
        "relation": story.relation,
        "of": story.of,
        "containment": max(story.contained, story.containing),
        "contained": story.contained,
        "containing": story.containing,
        "version": story.version,
        "agencies": story.agencies,
        "new": new_in(story, lambda id: _versions(id, texts)),
    }
