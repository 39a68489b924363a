"""`muster feed`: articles from files, and from feeds, to articles.raw.v1."""

from __future__ import annotations

import sys
import time

import click

from streams.commands.failures import BAD_INPUT, BROKER, Failure
from streams.commands.options import article_options

SHOWN = 50
"""Rejected inputs that are listed one by one."""
REFUSED_LATER = "a worker may still refuse what it cannot use; `muster dead-letters list` shows that"


@click.command()
@click.argument("sources", nargs=-1, metavar="FILE|DIR|-|ADDRESS...")
@click.option("--from", "listing", metavar="FEEDS.toml", help="Poll the feeds that this file names (docs/feeds.md).")
@click.option("--once", is_flag=True, help="Poll each feed once and end, for cron; otherwise until Ctrl-C.")
@click.option("--state", metavar="FILE", help="Where it is kept what of the feeds was sent, instead of the default.")
@click.option(
    "--rate", type=click.FloatRange(0, min_open=True), help="Articles per second; without it as fast as it goes."
)
@article_options
def feed(
    sources: tuple[str, ...],
    listing: str | None,
    once: bool,
    state: str | None,
    rate: float | None,
    outlet: str | None,
    published: str | None,
) -> None:
    """Publish articles to articles.raw.v1.

    FILE is JSONL (a line is sent as it stands), JSON (an article or an array of them, or ninjs), .xml (NewsML-G2), .txt
    (the first line is the title) or .html; a folder means all of these in it, - JSONL on standard input. Lines that are
    no JSON objects are reported, and the exit code is 5 then; whether an article is valid is for ingest to say, which
    puts what is not into dead-letters.v1.

    ADDRESS is a feed (RSS, Atom; ninjs and NewsML-G2 over HTTP), that is polled until Ctrl-C: a robots.txt is heeded, an
    article is sent once, and again when its text has changed.
    """
    addresses = tuple(source for source in sources if source.lower().startswith(("http://", "https://")))
    if not addresses and listing is None:
        if not sources:
            raise click.UsageError("give files, addresses of feeds, or --from FEEDS.toml")
        if once or state is not None:
            raise click.UsageError("--once and --state are for feeds")
        _feed_files(sources, rate, outlet, published)
        return
    if len(addresses) < len(sources) or (addresses and listing is not None):
        raise click.UsageError("files, addresses of feeds and --from go separately: one kind a call")
    if published is not None or (outlet is not None and listing is not None):
        raise click.UsageError("--published is for files; with --from the file names outlets")
    from streams.commands.feed_polling import listing_from, poll, state_file

    poll(listing_from(addresses, listing, outlet), state_file(state, addresses, listing), once=once, rate=rate)


def _feed_files(files: tuple[str, ...], rate: float | None, outlet: str | None, published: str | None) -> None:
    from pathlib import Path

    from streams import articles_in, feeding
    from streams.commands import showing
    from streams.commands.progress import progress
    from streams.settings import Settings

    settings = Settings.from_environment()
    try:
        found = articles_in.files_of(files)
    except articles_in.NoSuchInput as error:
        raise Failure(str(error), BAD_INPUT) from None
    size = None if "-" in found else sum(Path(path).stat().st_size for path in found)
    rejected = 0

    def reject(where: str, reason: str) -> None:
        nonlocal rejected
        rejected += 1
        if rejected <= SHOWN:
            click.echo(f"rejected: {where}: {reason}", err=True)
        elif rejected == SHOWN + 1:
            click.echo("rejected: further ones are only counted", err=True)

    feeder = feeding.Feeder(settings, rate=rate)
    started = time.monotonic()
    entered = False
    try:
        with progress("feeding", unit="bytes") as tell, feeder:
            entered, done = True, 0
            started = time.monotonic()
            for item in articles_in.read(found, articles_in.Defaults(outlet=outlet, published=published)):
                if isinstance(item, articles_in.Unusable):
                    reject(item.where, item.reason)
                    continue
                try:
                    feeder.send(item.payload)
                except feeding.TooLarge as error:
                    reject(item.where, str(error))
                done += len(item.payload) + 1
                tell(min(done, size or done), size, f"fed {feeder.confirmed:,}")
    except feeding.FeedFailed as error:
        raise Failure(str(error), BROKER) from None
    except articles_in.NoSuchInput as error:
        raise Failure(str(error), BAD_INPUT) from None
    finally:
        if entered:
            seconds = time.monotonic() - started
            click.echo(
                f"{showing.counted(feeder.confirmed, 'article')} sent, {rejected:,} rejected, "
                f"{feeder.confirmed / max(seconds, 1e-9):,.0f} articles/s"
            )
            # For who sits there: in the log of a nightly run it would be the same line every night.
            if feeder.confirmed and sys.stderr.isatty():
                click.secho(REFUSED_LATER, err=True, dim=True)
    if rejected:
        raise Failure(f"{showing.counted(rejected, 'input')} rejected", BAD_INPUT)
