"""`muster dead-letters`: look at the inputs that a stage could not handle, and give them to it once more."""

from __future__ import annotations

import base64
import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from streams.commands.failures import BAD_INPUT, USAGE, Failure
from streams.commands.options import Command

if TYPE_CHECKING:
    from streams.dead_letters import Original
    from streams.records import DeadLetter
    from streams.settings import Settings

SHOWN_BYTES = 4_000
"""Of an original on a terminal; `--bytes` writes all of it."""


@click.group()
def dead_letters() -> None:
    """List, inspect and replay the inputs that a stage could not handle.

    A dead letter is named by where its original lies: TOPIC/PARTITION/OFFSET, and .N behind it for a record of a bundle.
    """


def _filters(command: Command) -> Command:
    for option in (
        click.option("--field", help="Only those that failed for this field (title, chain[0].who)."),
        click.option("--stage", help="Only those of this stage."),
    ):
        command = option(command)
    return command


@dead_letters.command("list")
@_filters
@click.option("--json", "as_json", is_flag=True, help="The records as they are, one a line.")
def list_(stage: str | None, field: str | None, as_json: bool) -> None:
    """List dead letters, oldest first: place, time, stage, attempts, reason.

    A replay takes no letter away. One that failed again is a letter of its own, with one attempt more, and the first names
    it; one that went well leaves no trace here, also where an earlier replay failed.
    """
    from streams import records
    from streams.commands.showing import plain
    from streams.dead_letters import place
    from streams.settings import Settings

    letters = _all(Settings.from_environment())
    found, again = _chosen(letters, stage=stage, field=field), failed_again(letters)
    for letter in found:
        if as_json:
            sys.stdout.buffer.write(records.encode(letter) + b"\n")
        else:
            tried = f"attempt {letter.attempts}"
            if place(letter) in again:
                tried += f", replayed and failed again: {again[place(letter)]}"
            click.echo(
                f"{place(letter)}  {_time(letter)}  {letter.stage}  {tried}  "
                f"{letter.error}: {plain(letter.message)[:160]}"
            )
    sys.stdout.flush()
    click.echo(f"{len(found)} dead letter{'s' if len(found) != 1 else ''}", err=True)


@dead_letters.command()
@click.argument("place", metavar="TOPIC/PARTITION/OFFSET")
@click.option("--bytes", "as_bytes", is_flag=True, help="Only the original's bytes, as they came.")
def show(place: str, as_bytes: bool) -> None:
    """Show one dead letter: where it came from, what was wrong, and the original."""
    from streams.commands.showing import visible
    from streams.dead_letters import NotKept, original
    from streams.settings import Settings

    letters = _all(Settings.from_environment())
    again = failed_again(letters).get(place)
    for letter in _at(letters, [place]):
        if as_bytes:
            try:
                sys.stdout.buffer.write(original(letter).value)
            except NotKept as error:
                raise Failure(str(error), BAD_INPUT) from None
            sys.stdout.flush()
            return
        rows = {
            "place": place,
            "time": _time(letter),
            "stage": letter.stage,
            "error": letter.error,
            "field": letter.field or "-",
            "message": letter.message,
            "attempts": str(letter.attempts) + (f", replayed and failed again: {again}" if again else ""),
            "key": _key(letter),
            "headers": ", ".join(f"{name}={text}" for name, text in letter.headers.items()) or "-",
        }
        for name, text in rows.items():
            click.echo(f"{name:9} {visible(' '.join(text.splitlines()))}")
        click.echo()
        click.echo(visible(_readable(letter)))


@dead_letters.command()
@click.argument("places", metavar="[TOPIC/PARTITION/OFFSET]...", nargs=-1)
@_filters
@click.option("--all", "everything", is_flag=True, help="All that the filters let through.")
def replay(places: tuple[str, ...], stage: str | None, field: str | None, everything: bool) -> None:
    """Publish originals once more: to their topic and partition, with their key and headers.

    Whatever was handled already is known downstream by its id, so that a replay doubles nothing. An original that fails
    again becomes a dead letter of a new place, with one attempt more; from then on --stage, --field and --all send that one
    only.
    """
    from streams.dead_letters import NotKept, original, place
    from streams.settings import Settings

    if bool(places) == bool(everything or stage or field):
        raise click.UsageError("say which: places, or --stage, --field or --all")
    settings = Settings.from_environment()
    letters = _all(settings)
    if places:
        chosen = list(_at(letters, places))
    else:
        again = failed_again(letters)
        chosen = [x for x in _chosen(letters, stage=stage, field=field) if place(x) not in again]
    originals, lost = [], []
    for letter in chosen:
        try:
            originals.append((original(letter), letter.partition))
        except NotKept as error:
            lost.append(str(error))
    _publish(settings, originals)
    click.echo(f"{len(originals)} replayed; the list keeps them, and says which of them failed again", err=True)
    if lost:
        raise Failure("; ".join(lost), BAD_INPUT)


def _all(settings: Settings) -> list[DeadLetter]:
    """All dead letters, oldest original first; of one that was written twice the last."""
    from streams.dead_letters import TOPIC, place
    from streams.reading import read_all
    from streams.records import InvalidRecord
    from streams.topics import topic

    found: dict[tuple[str, str], DeadLetter] = {}
    for record in read_all(settings, TOPIC):
        if record.value is None:
            continue
        try:
            letter: DeadLetter = topic(TOPIC).decode(record.value)
        except InvalidRecord as error:
            click.echo(f"not a dead letter: {TOPIC}/{record.partition}/{record.offset}: {error}", err=True)
            continue
        found[letter.stage, place(letter)] = letter
    return sorted(
        found.values(), key=lambda x: (x.timestamp_ms, x.topic, x.partition, x.offset, x.within or 0, x.stage)
    )


def failed_again(letters: Iterable[DeadLetter]) -> dict[str, str]:
    """By the place of a letter that of the one which its last replay became, where that failed again."""
    from streams.dead_letters import REPLAYED_HEADER, place

    letters = sorted(letters, key=lambda x: (x.attempts, x.timestamp_ms, x.offset))
    there = {(letter.stage, place(letter)) for letter in letters}
    found = {}
    for letter in letters:
        replayed = letter.headers.get(REPLAYED_HEADER, "")
        if (letter.stage, replayed) in there and replayed != place(letter):
            found[replayed] = place(letter)
    return found


def _time(letter: DeadLetter) -> str:
    try:
        return datetime.fromtimestamp(letter.timestamp_ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError, OSError):  # a producer may stamp a message with any number
        return f"{letter.timestamp_ms}ms"


def _chosen(letters: Sequence[DeadLetter], *, stage: str | None, field: str | None) -> list[DeadLetter]:
    """The letters that the filters let through. Raises `Failure` for a stage that there is not."""
    from streams.stages import AGENTS

    stages = dict.fromkeys([*AGENTS, *(letter.stage for letter in letters)])
    if stage is not None and stage not in stages:
        raise Failure(f"no stage {stage!r}; there are: {', '.join(stages)}", USAGE)
    return [x for x in letters if stage in (None, x.stage) and field in (None, x.field)]


def _at(letters: Iterable[DeadLetter], places: Iterable[str]) -> Iterator[DeadLetter]:
    """The letters of those places. Raises `Failure` for a place where none is."""
    from streams.dead_letters import place

    places = list(places)
    for wanted in places:
        if not re.fullmatch(r"[^/]+/\d+/\d+(\.\d+)?", wanted):
            raise Failure(
                f"{wanted!r} is no place of a dead letter: TOPIC/PARTITION/OFFSET, as `muster dead-letters list` has it",
                USAGE,
            )
    by_place = {place(letter): letter for letter in letters}
    missing = [wanted for wanted in places if wanted not in by_place]
    if missing:
        raise Failure(f"no dead letter for {', '.join(missing)}; `muster dead-letters list` lists them", BAD_INPUT)
    return (by_place[wanted] for wanted in dict.fromkeys(places))


def _key(letter: DeadLetter) -> str:
    if letter.key is None:
        return "-"
    try:
        return base64.b64decode(letter.key, validate=True).decode("utf-8", "backslashreplace")
    except ValueError:
        return f"{letter.key} (no base64)"


def _readable(letter: DeadLetter) -> str:
    """The original for a terminal: JSON with indents where it is JSON, otherwise text, cut to a sensible length."""
    from streams.dead_letters import NotKept, original

    try:
        raw = original(letter).value
    except NotKept as error:
        return f"({error})"
    try:
        text = _indented(raw)
    except (ValueError, RecursionError):  # JSON within JSON within JSON is what some letters are here for
        text = raw.decode("utf-8", "backslashreplace")
    if len(text) > SHOWN_BYTES:
        return f"{text[:SHOWN_BYTES]}\n... ({len(raw):,} bytes in all; --bytes writes them)"
    return text


def _indented(raw: bytes) -> str:
    """JSON with indents, no more of it than is shown: indents make much of little where lists lie deep in lists."""
    text = ""
    for piece in json.JSONEncoder(indent=2, ensure_ascii=False).iterencode(json.loads(raw)):
        text += piece
        if len(text) > SHOWN_BYTES:
            break
    return text


def _publish(settings: Settings, originals: Iterable[tuple[Original, int]]) -> None:
    """Publish, and return when the broker has confirmed all. Raises kafka-python's errors."""
    from kafka import KafkaProducer

    from streams.kafka_options import kafka_python_options, largest_message

    producer = KafkaProducer(**kafka_python_options(settings), acks="all", max_request_size=largest_message())
    try:
        promises = [
            producer.send(
                settings.topic_prefix + message.topic,
                key=message.key,
                value=message.value,
                headers=list(message.headers),
                partition=partition,
            )
            for message, partition in originals
        ]
        for promise in promises:
            promise.get(timeout=60)
    finally:
        producer.close(timeout=5)
