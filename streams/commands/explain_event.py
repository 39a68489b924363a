"""`muster explain-event`: the sources of one event as a tree, and why each of them is one."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from desk.related import may_be_one
from streams.commands.failures import BAD_INPUT, Failure
from streams.commands.options import article_options

if TYPE_CHECKING:
    from rich.tree import Tree

    from streams.records import Event, EventReport, SourceGroup
    from streams.settings import Settings


@click.command("explain-event")
@click.argument("event_id", metavar="EVENT_ID")
@click.option(
    "--dry-run",
    "files",
    multiple=True,
    metavar="FILE",
    help="Take the events of these articles; no broker. Repeatable.",
)
@click.option("--json", "raw", is_flag=True, help="The record as it is.")
@article_options
def explain_event(event_id: str, files: tuple[str, ...], raw: bool, outlet: str | None, published: str | None) -> None:
    """Show why the event EVENT_ID has as many independent sources as it says.

    EVENT_ID is as in an alert ("KGZ.deploy.SYR.2017-W25"); a part of it will do if only one event has it. An id that
    was merged leads to the event that took it over. Exit code 5 if there is no such event.
    """
    from streams import records
    from streams.settings import Settings

    settings = Settings.from_environment()
    events = _dry(settings, files, outlet, published) if files else _of_broker(settings)
    event = find(events, event_id)
    if raw:
        sys.stdout.buffer.write(records.encode(event) + b"\n")
        sys.stdout.buffer.flush()
        return
    from streams.commands import showing

    console = showing.console()
    console.print(tree(event, related(events, event)))


def _of_broker(settings: Settings) -> list[Event]:
    """The highest version of each event that the topic holds."""
    from streams.dry_run import Message, settled
    from streams.reading import read_all

    name = "events.v1"
    return settled(
        name,
        (
            Message(name, record.partition, record.offset, (record.key or b"").decode("utf-8", "replace"), record.value)
            for record in read_all(settings, name)
        ),
    )


def _dry(settings: Settings, files: Sequence[str], outlet: str | None, published: str | None) -> list[Event]:
    """The events that these articles lead to."""
    import time

    from streams import articles_in
    from streams.dry_run import Pipeline, settled, stages_for

    pipeline = Pipeline(
        stages_for(settings, ("ingest", "enrich", "corroborate")),
        timestamp_ms=int(time.time() * 1000),
        keep=("events.v1",),
    )
    try:
        for item in articles_in.read(files, articles_in.Defaults(outlet=outlet, published=published)):
            if isinstance(item, articles_in.ArticleIn):
                pipeline.feed(item.payload)
                pipeline.drain()
            else:
                click.echo(f"not used: {item.where}: {item.reason}", err=True)
    except articles_in.NoSuchInput as error:
        raise Failure(str(error), BAD_INPUT) from None
    return settled("events.v1", pipeline.published.messages["events.v1"])


def find(events: Sequence[Event], wanted: str) -> Event:
    """The event of that id, or the only one whose id contains it; for a merged one the event that took it over.

    Raises `Failure` if there is none, or more than one.
    """
    by_id = {event.id: event for event in events}
    event = by_id.get(wanted)
    if event is None:
        found = [e for e in events if wanted.casefold() in e.id.casefold() and e.state != "merged"]
        if len(found) != 1:
            near = found or [e for e in events if e.state != "merged"]
            some = ", ".join(sorted(e.id for e in near)[:10])
            what = f"{len(found)} events have {wanted!r} in their id" if found else f"no event {wanted!r}"
            raise Failure(f"{what}; there are: {some or 'none at all'}{', …' if len(near) > 10 else ''}", BAD_INPUT)
        event = found[0]
    if event.state == "merged" and event.merged_into in by_id:
        return by_id[event.merged_into]
    return event


def related(events: Sequence[Event], event: Event) -> list[str]:
    """Ids of events of the same mover and act family at the same time, whose destination is unknown here or there."""
    return sorted(other.id for other in events if other.state != "merged" and may_be_one(event, other))


def tree(event: Event, relatives: Sequence[str] = ()) -> Tree:
    """The event with its sources, each with its reasons and reports."""
    from rich.text import Text
    from rich.tree import Tree

    from streams.commands.showing import counted, moment, plain

    head = Text(plain(event.id), "bold")
    head.append(f"  {event.state}, {event.status}{', contested' if event.contested else ''}", "default")
    root = Tree(head, guide_style="dim")
    root.add(
        f"{counted(event.independent, 'independent source')} · {counted(event.report_count, 'report')} · "
        f"{counted(event.outlet_count, 'outlet')} · {moment(event.first_seen)} to {moment(event.last_seen)} · "
        f"version {event.version}"
    )
    for title, sources in _parts(event):
        branch = root.add(Text(title, "bold"))
        for source in sources:
            _add_source(branch, source, [report for report in event.reports if report.source == source.id])
    if event.merged:
        root.add(Text(f"also known as: {', '.join(event.merged)}", "dim"))
    if relatives:
        root.add(Text(f"perhaps the same, the destination not named: {', '.join(relatives)}", "dim"))
    return root


OUTLETS = 5
"""Outlets that are named where there are more."""
_TITLES = {
    "denies": "denials",
    "doubts": "doubts",
    "knows-nothing": "who knows nothing of it",
    "background": "background",
}


def _parts(event: Event) -> list[tuple[str, list[SourceGroup]]]:
    """The sources that count, those that no longer do, and those of each other part."""
    parts: dict[str, list[SourceGroup]] = {}
    for source in event.sources:
        part = source.id.rpartition("#")[2] if "#" in source.id else ""
        title = _TITLES.get(part) or ("sources" if source.standing else "sources that were corrected or withdrawn")
        parts.setdefault(title, []).append(source)
    return list(parts.items())


def _add_source(branch: Tree, source: SourceGroup, reports: Sequence[EventReport]) -> None:
    from rich.text import Text

    from streams.commands.showing import counted, moment, plain, speaker_words

    outlets = list(source.outlets[:OUTLETS])
    more = source.outlet_count - len(outlets)
    line = Text(plain(", ".join(outlets)) + (f" and {more} more" if more > 0 else ""), "cyan")
    line.append(f"  {counted(source.article_count, 'article')}, first {moment(source.first_seen)}", "dim")
    if source.agencies:
        line.append(f"; credits {plain(', '.join(_credit(agency) for agency in source.agencies))}", "dim")
    node = branch.add(line)
    for reason in source.reasons:
        node.add(Text(f"one source because: {plain(reason.detail)}", "yellow"))
    for doubt in source.doubts:
        node.add(Text(f"perhaps no source of its own: {plain(doubt.detail)}", "magenta"))
    # What every copy of a text repeats is told once, with the outlets that carry it.
    carried: dict[tuple[object, ...], list[EventReport]] = {}
    for report in reports:
        who, words = speaker_words(report.speaker), plain(report.evidence.text)
        carried.setdefault((report.status, report.stance, who, report.void, report.void_since, words), []).append(
            report
        )
    for same in carried.values():
        report = same[0]
        by = list(dict.fromkeys(plain(other.outlet_name) for other in same))
        further = f" and {len(by) - OUTLETS} more" if len(by) > OUTLETS else ""
        said = Text(f"{', '.join(by[:OUTLETS])}{further}: ")
        said.append(f"{report.status}, {report.stance}", "bold")
        who = speaker_words(report.speaker)
        said.append(f" ({who})" if who else "")
        if report.void:
            said.append(f"  {report.void} {moment(report.void_since or '')}", "red")
        said.append(f"  “{plain(report.evidence.text)}”", "italic")
        node.add(said)


def _credit(id: str) -> str:
    """The name of an agency or outlet that is credited."""
    from wirecopy.outlets import directory

    known = directory()
    named = known.agencies.get(id) or known.outlet_by_domain.get(id)
    return named.names[0] if named is not None and named.names else id
