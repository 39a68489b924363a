"""`muster tail`: the records of a topic, as they come."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from streams.commands.failures import USAGE, Failure

if TYPE_CHECKING:
    from streams.settings import Settings
    from streams.topics import Topic


@click.command()
@click.argument("name", metavar="TOPIC")
@click.option("--json", "raw", is_flag=True, help="The bytes as they are, one record a line.")
@click.option("--from-start", is_flag=True, help="Everything that the topic still has, too.")
@click.option("--count", type=click.IntRange(1), metavar="N", help="End after N records.")
@click.option("--no-follow", is_flag=True, help="End where the topic ends now. With --from-start: print what is there.")
def tail(name: str, raw: bool, from_start: bool, count: int | None, no_follow: bool) -> None:
    """Print the records of TOPIC (alerts.v1, or alerts for short) as they come; alerts with headline and evidence.

    Ends with Ctrl-C.
    """
    from streams.settings import Settings
    from streams.topics import registry

    settings = Settings.from_environment()
    topics = registry()
    name = name.removeprefix(settings.topic_prefix)
    topic = topics.get(name) or topics.get(f"{name}.v1")
    if topic is None:
        raise Failure(f"no topic {name!r}; there are: {', '.join(topics)}", USAGE)
    show = _shower(topic, raw)
    try:
        for number, value in enumerate(_values(settings, topic, from_start=from_start, follow=not no_follow), start=1):
            show(value)
            if number == count:
                break
    except KeyboardInterrupt:
        pass


def _shower(topic: Topic, raw: bool) -> Any:
    if raw:

        def write(value: bytes | None) -> None:
            sys.stdout.buffer.write((b"null" if value is None else value) + b"\n")
            sys.stdout.buffer.flush()

        return write

    from streams import records
    from streams.commands import showing

    console = showing.console()

    def show(value: bytes | None) -> None:
        if value is None:
            console.print("(deleted)", style="dim")
            return
        try:
            record = topic.decode(value)
        except records.InvalidRecord as error:
            console.print(f"(not a valid record: {showing.plain(str(error))})", style="red")
            return
        if isinstance(record, records.Alert):
            console.print(showing.alert(record))
            console.print()
        elif console.is_terminal:
            console.print(showing.line(record))
        else:
            # A pipe has no width: the line is whole.
            sys.stdout.write(showing.line(record).plain + "\n")
        sys.stdout.flush()

    return show


def _values(settings: Settings, topic: Topic, *, from_start: bool, follow: bool) -> Iterator[bytes | None]:
    from streams.bundles import values_in
    from streams.reading import TopicReader

    with TopicReader(settings, topic.name, from_start=from_start) as reader:
        while follow or not reader.caught_up():
            for record in reader.poll(0.5):
                if follow or reader.held_on_entering(record):
                    bundled = topic.bundled and record.value is not None
                    yield from values_in(record.value) if bundled else (record.value,)
