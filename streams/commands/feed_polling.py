"""`muster feed` for feeds: the list, the state, the broker and the poller put together."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from feeds.listing import Listing, ListingError, listing_of, read_listing
from feeds.polling import Poller, Totals, log
from feeds.state import State, StateInUse, held, load
from streams import feeding, logs
from streams.commands import failures, showing
from streams.commands.failures import Failure
from streams.commands.progress import progress
from streams.identity import digest
from streams.metrics import Metrics, muster_version
from streams.metrics_server import MetricsServer
from streams.settings import Settings
from streams.topics import topic

SHOWN_EVERY_SECONDS = 0.5


def listing_from(addresses: tuple[str, ...], file: str | None, outlet: str | None) -> Listing:
    """The feeds that the command line names, one by one or by a file."""
    try:
        return read_listing(file) if file is not None else listing_of(addresses, outlet)
    except ListingError as error:
        raise Failure(str(error), failures.SETTINGS) from None


def state_file(given: str | None, addresses: tuple[str, ...], file: str | None) -> Path:
    """Where the state is kept: as given, otherwise a file of this list's own in the user's folder for state."""
    if given is not None:
        return Path(given)
    base = os.environ.get("XDG_STATE_HOME") or "~/.local/state"
    list_name = digest(str(Path(file).resolve())) if file is not None else digest(*sorted(addresses))
    return Path(base).expanduser() / "muster" / f"feeds-{list_name}.json"


def poll(listing: Listing, file: Path, *, once: bool, rate: float | None) -> None:
    """Poll until a signal, or once. Ends with the exit code for bad input if it was once and something failed."""
    settings = Settings.from_environment()
    try:
        with held(file):
            remembered, aside = load(file)
            totals, stopped = _run(listing, file, remembered, aside, settings, once=once, rate=rate)
    except StateInUse as error:
        raise Failure(str(error), failures.BAD_INPUT) from None
    except OSError as error:
        raise Failure(
            f"{file}: the state cannot be kept there: {error.strerror or error}", failures.BAD_INPUT
        ) from None
    except feeding.FeedFailed as error:
        raise Failure(str(error), failures.BROKER) from None
    if once and stopped:
        sys.exit(failures.INTERRUPTED)
    if once and not totals.polls:
        click.echo(
            f"no feed was asked: after what {file} remembers, a server, or an error, asks to wait for each of them; with "
            "--state and another file all are asked at once, and what they show is sent again",
            err=True,
        )
    if once and (totals.failed or totals.problems):
        raise Failure(
            f"{showing.counted(totals.failed, 'feed')} could not be read, {showing.counted(totals.problems, 'problem')} "
            "in others",
            failures.BAD_INPUT,
        )


def _run(
    listing: Listing,
    file: Path,
    remembered: State,
    aside: str | None,
    settings: Settings,
    *,
    once: bool,
    rate: float | None,
) -> tuple[Totals, bool]:
    totals = Totals()
    feeder = feeding.Feeder(settings, rate=rate)
    number = len(listing.feeds)
    with progress(f"reading {showing.counted(number, 'feed')}") as tell, feeder:
        # On a terminal the line tells what goes well. Inside of it, so that what is logged stands above the line.
        level = settings.log_level
        logs.set_up("warning" if sys.stderr.isatty() and level == "info" else level)
        if aside is not None:
            log.warning("%s could not be read as a state and was moved to %s: all entries are new again", file, aside)

        def told(now: Totals) -> None:
            words = f"{now.sent:,} articles, {now.failed:,} failures"
            tell(now.polls, number if once else None, words)

        try:
            stopped = asyncio.run(_polling(listing, file, remembered, settings, feeder, told, totals, once=once))
        finally:
            click.echo(
                f"{showing.counted(feeder.confirmed, 'article')} sent, {showing.counted(totals.polls, 'poll')}: "
                f"{totals.unchanged:,} unchanged, {totals.failed:,} failed; {showing.counted(totals.problems, 'problem')}"
            )
    return totals, stopped


async def _polling(
    listing: Listing,
    file: Path,
    remembered: State,
    settings: Settings,
    feeder: feeding.Feeder,
    told: Callable[[Totals], None],
    totals: Totals,
    *,
    once: bool,
) -> bool:
    """Returns whether a signal ended it."""
    from feeds.fetching import Client

    stop = asyncio.Event()
    client = Client(
        version=muster_version(),
        allow_private=settings.allow_private_targets,
        delay_seconds=listing.delay_seconds,
        hosts_at_once=listing.hosts_at_once,
        timeout_seconds=listing.timeout_seconds,
        contact=listing.contact,
        robots=remembered.robots,
    )
    async with client:
        poller = Poller(
            listing,
            client,
            _ToBroker(feeder),
            remembered,
            prose_of=_prose_of,
            article_bytes=min(
                settings.article_bytes, topic(feeding.RAW).max_message_bytes - 2 * feeding.ENVELOPE_BYTES
            ),
            future_hours=settings.future_hours,
            file=file,
            totals=totals,
        )
        counted = Counted(listing, remembered, settings, served=not once)
        shown = asyncio.create_task(_shown_again_and_again(told, counted, totals))
        with _stopped_by_signals(stop):
            try:
                await (poller.once(stop) if once else poller.until(stop))
            finally:
                shown.cancel()
                counted.stop()
    return stop.is_set()


class Counted:
    """The totals as metrics, served while it runs on (a poll from cron is over before anybody asks)."""

    def __init__(self, listing: Listing, remembered: State, settings: Settings, *, served: bool) -> None:
        self.metrics = Metrics()
        self._listing = listing
        self._remembered = remembered
        self._before = Totals()
        self._server = None
        if served:
            self._server = MetricsServer(
                self.metrics,
                settings.metrics_host,
                settings.metrics_port,
                live=list,
                ready=lambda: True,
                else_any_port=True,
            )
            self._server.start()
            log.info("metrics at %s/metrics", self._server.address)
        self.take(self._before)

    def take(self, now: Totals) -> None:
        """Count what has been done since the last time."""
        before = self._before
        polls = self.metrics["muster_feed_polls_total"]
        unchanged, failed = now.unchanged - before.unchanged, now.failed - before.failed
        polls.labels(outcome="unchanged").inc(unchanged)
        polls.labels(outcome="failed").inc(failed)
        polls.labels(outcome="read").inc(max(0, now.polls - before.polls - unchanged - failed))
        self.metrics["muster_feed_articles_total"].inc(now.sent - before.sent)
        self.metrics["muster_feed_problems_total"].inc(now.problems - before.problems)
        # The state remembers feeds that were taken out of the list as well: nobody asks them, so they would fail for ever.
        known = [self._remembered.feeds.get(feed.address) for feed in self._listing.feeds]
        self.metrics["muster_feeds_failing"].set(sum(1 for feed in known if feed is not None and feed.errors))
        self._before = dataclasses.replace(now)

    def stop(self) -> None:
        """Serve no longer."""
        if self._server is not None:
            self._server.stop()


async def _shown_again_and_again(told: Callable[[Totals], None], counted: Counted, totals: Totals) -> None:
    while True:
        told(totals)
        counted.take(totals)
        await asyncio.sleep(SHOWN_EVERY_SECONDS)


class _ToBroker:
    """The feeder as the poller wants it: it blocks, so it is called in threads, one call at a time."""

    def __init__(self, feeder: feeding.Feeder) -> None:
        self._feeder = feeder
        self._one = asyncio.Lock()

    async def send(self, payload: bytes, confirmed: Callable[[], None]) -> str | None:
        async with self._one:
            try:
                await asyncio.to_thread(self._feeder.send, payload, confirmed)
            except feeding.TooLarge as error:
                return str(error)
        return None

    async def flush(self) -> None:
        await asyncio.to_thread(self._feeder.flush)


@contextlib.contextmanager
def _stopped_by_signals(stop: asyncio.Event) -> Iterator[None]:
    """The first SIGINT or SIGTERM sets `stop`; a second one has its usual effect."""
    loop = asyncio.get_running_loop()
    numbers = [n for n in (signal.SIGINT, signal.SIGTERM) if signal.getsignal(n) is not signal.SIG_IGN]

    def first() -> None:
        stop.set()
        for number in numbers:
            loop.remove_signal_handler(number)

    for number in numbers:
        loop.add_signal_handler(number, first)
    try:
        yield
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)


def _prose_of(html: str) -> str:
    from agents.ingest.html import page_of

    page = page_of(html.replace("\x00", ""))
    return page.text if page is not None else ""
