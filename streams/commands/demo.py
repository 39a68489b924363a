"""`muster demo`: the whole of it on a real broker, with the sample articles, for somebody who sees it for the first time."""

from __future__ import annotations

import contextlib
import dataclasses
import shlex
import shutil
import sys
import tempfile
import time
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from streams.commands.ending import ending
from streams.commands.failures import BAD_INPUT, BROKER, WORKER, Failure

if TYPE_CHECKING:
    from rich.console import Console

    from streams.articles_in import ArticleIn
    from streams.child_worker import ChildWorker
    from streams.reading import TopicReader
    from streams.settings import Settings

BETWEEN_ARTICLES_SECONDS = 0.25
"""Slow enough to read along, and to measure the latency of single articles rather than of a crowd."""
STUCK_SECONDS = 120.0
"""Without any stage getting on for so long there is something wrong."""
LAG_EVERY_SECONDS = 0.5


@click.command()
@click.option("--once", is_flag=True, help="End after the summary.")
@click.option(
    "--samples",
    type=click.Path(exists=True, path_type=Path),
    help="Other articles than the samples: a file or a folder, as for `muster feed`.",
)
def demo(once: bool, samples: Path | None) -> None:
    """See it work: start a broker (or use MUSTER_BROKER), topics of its own, a desk and a worker, feed the sample articles,
    and print each alert as it is raised, then a summary.

    Keeps running until Ctrl-C, and leaves nothing behind; with --once it ends after the summary.
    """
    from streams.commands import showing
    from streams.settings import Settings

    settings = Settings.from_environment()
    articles = _articles(samples or _samples_folder())
    console = showing.console()
    with ending() as end, contextlib.ExitStack() as stack:
        summarised = False
        try:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="muster-demo-")))
            own, desk, worker, alerts = _set_up(stack, settings, folder, console)
            started = time.monotonic()
            tally = _feed_and_watch(own, articles, worker, alerts, console)
            _summary(own, tally, time.monotonic() - started, console)
            summarised = True
            if once:
                _say_what_outlives_the_broker(tally, samples or _samples_folder(), console)
            else:
                _keep_running(own, desk, worker, alerts, console)
        except KeyboardInterrupt:
            if not summarised:
                raise
            console.print("\nstopping", style="dim")
        finally:
            end.begins()


# --- set-up ------------------------------------------------------------------------------------------------------


def _samples_folder() -> Path:
    """`samples/` beside the package in a checkout, or inside it where it was installed."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package.parent / "samples", package / "samples"):
        if folder.is_dir():
            return folder
    raise Failure("the sample articles are not installed here; give articles of your own with --samples", BAD_INPUT)


def _articles(place: Path) -> list[ArticleIn]:
    from streams.articles_in import ArticleIn, NoSuchInput, read

    try:
        found = list(read([str(place)]))
    except NoSuchInput as error:
        raise Failure(str(error), BAD_INPUT) from None
    unusable = [f"{item.where}: {item.reason}" for item in found if not isinstance(item, ArticleIn)]
    if unusable:
        raise Failure("\n".join(unusable), BAD_INPUT)
    return [item for item in found if isinstance(item, ArticleIn)]


def _set_up(
    stack: contextlib.ExitStack, settings: Settings, folder: Path, console: Console
) -> tuple[Settings, str, ChildWorker, TopicReader]:
    """A broker, fresh topics, the address of a desk, a worker that is ready, and a reader of its alerts; `stack` undoes all of it."""
    from streams.administration import create_topics
    from streams.broker import temporary_broker
    from streams.child_desk import child_desk
    from streams.child_worker import READY_SECONDS, child_worker
    from streams.reading import TopicReader

    with _Step(console, "broker", downloads=True) as step:
        broker = stack.enter_context(temporary_broker(settings, say=step.is_at))
        step.came_to(f"Apache Kafka at {broker.bootstrap}")
    own = dataclasses.replace(
        settings,
        broker=broker.bootstrap,
        topic_prefix=f"{settings.topic_prefix}demo-{uuid.uuid4().hex[:6]}-",
    )
    with _Step(console, "topics") as step:
        if settings.broker:
            stack.callback(_remove_topics, own)  # before they are there: an interrupt may come between
        states = create_topics(own)
        step.came_to(f"{len(states)} topics {own.topic_prefix}…, {own.partitions} partitions each")
    address = stack.enter_context(child_desk(own, folder))
    console.print(f"\nthe desk: {address}\n", style="bold", soft_wrap=True)
    with _Step(console, "worker") as step:
        worker = stack.enter_context(child_worker(own, folder))
        deadline = time.monotonic() + READY_SECONDS
        while not worker.is_ready():
            if time.monotonic() > deadline:
                raise Failure(f"the worker is not ready after {READY_SECONDS:.0f} s; its log: {worker.log}", WORKER)
            step.is_at(worker.what_it_does())
            time.sleep(0.1)
        step.came_to(f"all stages ready; metrics at {worker.metrics}/metrics")
    alerts = stack.enter_context(TopicReader(own, "alerts.v1", from_start=True))
    console.print()
    return own, address, worker, alerts


class _Step:
    """One step of the set-up: what it is at while it lasts, on a terminal, and a line of what it came to.

    One that `downloads` may take minutes: what it is at is told to a log as well.
    """

    def __init__(self, console: Console, name: str, *, downloads: bool = False) -> None:
        self._console, self._name, self._downloads = console, name, downloads
        self._started = time.monotonic()
        self._status = console.status(f"{name:<8}…") if console.is_terminal else None

    def __enter__(self) -> _Step:
        if self._status is not None:
            self._status.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._status is not None:
            self._status.stop()

    def is_at(self, line: str) -> None:
        from streams.commands.showing import plain

        if self._status is not None:
            self._status.update(f"{self._name:<8}{plain(line)}")
        elif self._downloads:
            self._console.print(f"{self._name:<8}{plain(line)}", style="dim")

    def came_to(self, line: str) -> None:
        self._console.print(f"{self._name:<8}{line} ({time.monotonic() - self._started:.1f} s)", style="dim")


def _remove_topics(own: Settings) -> None:
    """On somebody's own broker nothing of ours stays."""
    from streams.administration import AdministrationError, admin_client
    from streams.app import group_of
    from streams.lag import CONSUMES
    from streams.topics import registry

    with contextlib.suppress(AdministrationError), admin_client(own) as client:
        client.delete_topics([own.topic_prefix + name for name in registry()], raise_errors=False)
        groups = [group_of(own, stage) for stage in CONSUMES]
        # A worker that had to be killed is a member until its session is over.
        deadline = time.monotonic() + own.session_timeout_seconds + 5
        while groups and time.monotonic() < deadline:
            groups = [group for group, answer in client.delete_groups(groups).items() if answer == "NonEmptyGroupError"]
            time.sleep(0.5 if groups else 0)


# --- the run -----------------------------------------------------------------------------------------------------


@dataclasses.dataclass(slots=True)
class _Tally:
    """What was seen while it ran."""

    fed: int = 0
    kinds: dict[str, int] = dataclasses.field(default_factory=dict)
    latencies_ms: list[float] = dataclasses.field(default_factory=list)
    event: str | None = None
    """Of the last alert."""


def _feed_and_watch(
    own: Settings, articles: list[ArticleIn], worker: ChildWorker, alerts: TopicReader, console: Console
) -> _Tally:
    """Feed one article after the other and print alerts as they come, until every stage has done everything."""
    from streams.administration import admin_client
    from streams.feeding import Feeder, FeedFailed
    from streams.lag import lags

    tally = _Tally()
    waiting = list(reversed(articles))
    next_article = next_look = time.monotonic()
    acknowledged, last_progress, drained = -1, time.monotonic(), False
    status = console.status("") if console.is_terminal else None
    with status or contextlib.nullcontext(), admin_client(own) as client, Feeder(own) as feeder:
        while True:
            now = time.monotonic()
            if waiting and now >= next_article:
                try:
                    feeder.send(waiting.pop().payload)
                    if not waiting:
                        feeder.flush()
                except FeedFailed as error:
                    raise Failure(str(error), BROKER) from None
                tally.fed += 1
                next_article += BETWEEN_ARTICLES_SECONDS
            found = alerts.poll(0.05)
            for message in found:
                _show(message, tally, console)
            if drained and not found:
                return tally
            worker.check()
            if status is not None:
                status.update(f"{tally.fed} of {len(articles)} articles fed, {sum(tally.kinds.values())} alerts")
            if not waiting and now >= next_look:
                behind = lags(client, own)
                # Alerts that lay there when the lag was read come with the polls after it.
                drained = not any(lag.behind for lag in behind.values())
                done = sum(lag.acknowledged for lag in behind.values())
                if done != acknowledged:
                    acknowledged, last_progress = done, now
                elif now - last_progress > STUCK_SECONDS:
                    late = ", ".join(f"{stage} ({lag.behind})" for stage, lag in behind.items() if lag.behind)
                    raise Failure(f"nothing gets on any more; behind: {late}; the log: {worker.log}", WORKER)
                next_look = now + LAG_EVERY_SECONDS


def _show(message: Any, tally: _Tally, console: Console) -> None:
    from streams.commands import showing
    from streams.topics import topic

    alert = topic("alerts.v1").decode(message.value)
    tally.kinds[alert.kind] = tally.kinds.get(alert.kind, 0) + 1
    tally.event = alert.event
    headers = dict(message.headers)
    raw_ms = headers.get("muster-raw-ms")
    if raw_ms is not None:
        tally.latencies_ms.append(message.timestamp - int(raw_ms))
    console.print(showing.alert(alert))
    console.print()


def _say_what_outlives_the_broker(tally: _Tally, samples: Path, console: Console) -> None:
    if tally.event is not None:
        console.print("The broker ends now; without one, the same of an event:")
        console.print(f"  muster explain-event {tally.event} --dry-run {samples}", soft_wrap=True)


def _keep_running(own: Settings, desk: str, worker: ChildWorker, alerts: TopicReader, console: Console) -> None:
    console.print("It keeps running: Ctrl-C stops it and removes what it made. Meanwhile, in a browser:")
    console.print(f"  {desk}", soft_wrap=True)
    console.print("and from another terminal:")
    shown = {name: own.to_environment()[name] for name in ("MUSTER_BROKER", "MUSTER_TOPIC_PREFIX")}
    console.print(f"  export {' '.join(f'{name}={value}' for name, value in shown.items())}", soft_wrap=True)
    if shutil.which("muster") is None:
        folder = shlex.quote(str(Path(sys.argv[0]).absolute().parent))
        console.print(f'  export PATH={folder}:"$PATH"', soft_wrap=True)
    console.print("  muster feed FILE            feed articles of your own; their alerts appear here and on the desk")
    console.print("  muster tail events          look at any topic as it grows")
    console.print(f"  curl {worker.metrics}/metrics", soft_wrap=True)
    console.print()
    tally = _Tally()
    while True:
        for message in alerts.poll(0.5):
            _show(message, tally, console)
        worker.check()


# --- the summary -------------------------------------------------------------------------------------------------


def _summary(own: Settings, tally: _Tally, seconds: float, console: Console) -> None:
    from rich.table import Table

    from streams import records
    from streams.commands.showing import counted
    from streams.reading import read_settled

    articles = {(a.id, a.version) for a in _records(own, "articles.v1")}
    stories = read_settled(own, "stories.v1")
    relations: dict[str, int] = {}
    for story in stories:
        if story.of is not None:
            relations[story.relation] = relations.get(story.relation, 0) + 1
    claims = {
        (report.article.id, report.article.version, records.encode(report.claim))
        for report in _records(own, "reports.v1")
        if isinstance(report, records.Report)
    }
    events = [event for event in read_settled(own, "events.v1") if event.state != "merged"]
    states: dict[str, int] = {}
    for event in events:
        states[event.state] = states.get(event.state, 0) + 1
    dead = _records(own, "dead-letters.v1")

    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(justify="right", style="bold")
    table.add_column()
    table.add_column(style="dim")
    table.add_row(f"{len(articles):,}", "articles", f"in {seconds:.1f} s")
    table.add_row(f"{sum(relations.values()):,}", "of them copy or follow another", _listed(relations))
    table.add_row(f"{len(claims):,}", "claims", "")
    table.add_row(f"{len(events):,}", "events", _listed(states))
    table.add_row(f"{sum(tally.kinds.values()):,}", "alerts", _listed(tally.kinds))
    if dead:
        table.add_row(f"{len(dead):,}", "inputs could not be used", "`muster dead-letters`")
    if tally.latencies_ms:
        p50, p99 = (percentile(tally.latencies_ms, share) for share in (0.5, 0.99))
        table.add_row(
            f"{p50:,.0f} ms",
            "from raw article to alert (p50)",
            f"p99 {p99:,.0f} ms over {counted(len(tally.latencies_ms), 'alert')}",
        )
    console.print(table)
    console.print()


def percentile(values: list[float], share: float) -> float:
    """The smallest value that at least `share` of the values do not exceed (nearest rank)."""
    ordered = sorted(values)
    rank = -(-len(ordered) * share // 1)
    return ordered[max(0, int(rank) - 1)]


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(
        f"{number} {name}" for name, number in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    )


def _records(own: Settings, name: str) -> list[Any]:
    from streams.reading import read_all
    from streams.topics import topic

    return [topic(name).decode(message.value) for message in read_all(own, name) if message.value is not None]
