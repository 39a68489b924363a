"""Polling feeds: what is due is fetched, what is new is published, and remembered once the broker has it."""

from __future__ import annotations

import asyncio
import logging
import random
import threading
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from feeds import schedule, state
from feeds.articles import (
    Seen,
    Text,
    article_of,
    name_of,
    own_text,
    payload_of,
    stamp_of,
    text_stamp_of,
    time_of,
    told_as,
)
from feeds.entry import Document, Entry, Kind, Problem, Unreadable, shown
from feeds.fetching import Client, Reply, Unreachable
from feeds.listing import Feed, Listing
from feeds.reading import read_document
from feeds.safe_xml import as_text
from feeds.state import FeedState, State

FEED_BYTES = 20_000_000
PAGE_BYTES = 5_000_000
TAG_CHARACTERS = 1_000
"""Longest ETag or date that is sent back."""
TRIES = 3
"""Times that a page is asked for before the article is told by the feed's own words."""
READ_AT_ONCE = 2
"""Documents that are read at once: the tree of a large one takes ten times its bytes."""
SHOWN = 20
"""Problems of a feed that are logged one by one at each poll."""
SAVE_SECONDS = 2.0
ENDING_SECONDS = 15.0
SLACK_SECONDS = 60.0
"""By so much a feed may be asked early where it is asked by the clock of cron: what waits for a quarter of an hour is
due at the next one."""

log = logging.getLogger("muster.feeds")


class Publisher(Protocol):
    """Where articles go. Both raise where they cannot go on: polling ends with that error then."""

    async def send(self, payload: bytes, confirmed: Callable[[], None]) -> str | None:
        """Publish one; `confirmed` is called, from any thread, once it is safe. Returns why it cannot be taken, or None."""

    async def flush(self) -> None:
        """Returns once all is confirmed."""


class _Undelivered(Exception):
    """The publisher cannot go on: its error is the cause. Tells it from what one feed brings about."""


@dataclass(slots=True)
class Totals:
    """What was done so far."""

    polls: int = 0
    unchanged: int = 0
    sent: int = 0
    failed: int = 0
    """Polls that gave nothing."""
    problems: int = 0
    """Entries and fields that could not be used."""


@dataclass(slots=True)
class _Poll:
    """One poll of one feed under way."""

    feed: Feed
    remembered: FeedState
    new: int = 0
    corrected: int = 0
    withdrawn: int = 0
    undated: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    put_off: int = 0
    """Entries that are tried again at the next poll."""
    wait: float | None = None
    unconfirmed: int = 0
    settled: asyncio.Event = field(default_factory=asyncio.Event)


class Poller:
    """Polls the feeds of one list."""

    def __init__(
        self,
        listing: Listing,
        client: Client,
        publisher: Publisher,
        remembered: State,
        *,
        prose_of: Callable[[str], str],
        article_bytes: int,
        future_hours: float = 24.0,
        file: Path | None = None,
        totals: Totals | None = None,
        clock: Callable[[], float] = time.time,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """`prose_of`: the text of an HTML page. `file`: where the state is saved."""
        self.totals = totals or Totals()
        self._listing = listing
        self._client = client
        self._publisher = publisher
        self._state = remembered
        self._prose_of = prose_of
        self._article_bytes = article_bytes
        self._future_seconds = future_hours * 3600
        self._file = file
        self._clock = clock
        self._chance = chance
        self._dirty = False
        self._saving = asyncio.Lock()
        self._writing = threading.Lock()
        self._reading = asyncio.Semaphore(READ_AT_ONCE)

    async def once(self, stop: asyncio.Event) -> None:
        """Poll each feed once whose server does not want to be left alone for longer. Ends sooner if `stop` is set."""

        async def one(feed: Feed) -> None:
            wait = self._state.of(feed.address).due - self._clock()
            if SLACK_SECONDS < wait <= schedule.LONGEST_WAIT:
                log.info("%s: not asked: its server, or an error, asks to wait %s more", feed.address, _duration(wait))
                return
            await self._poll(feed)

        await self._together([one(feed) for feed in self._listing.feeds], stop)

    async def until(self, stop: asyncio.Event) -> None:
        """Poll each feed whenever it is due, until `stop` is set."""

        async def one(feed: Feed) -> None:
            while True:
                known, now = self._state.of(feed.address), self._clock()
                wait = max(known.due, known.polled + feed.interval_minutes * 60) - now
                # Longer than anything is waited for is the trace of a clock that was wrong.
                await asyncio.sleep(wait if 0 < wait <= schedule.LONGEST_WAIT else 0.0)
                await self._poll(feed)

        await self._together([one(feed) for feed in self._listing.feeds], stop)

    async def _together(self, polls: list[Coroutine[Any, Any, None]], stop: asyncio.Event) -> None:
        """Run all until they end, or `stop` is set; then whatever happens what the broker has is remembered."""
        tasks = [asyncio.create_task(poll) for poll in polls]
        others: list[asyncio.Task[Any]] = [
            asyncio.create_task(self._save_now_and_then()),
            asyncio.create_task(stop.wait()),
        ]
        try:
            waiting: set[asyncio.Task[Any]] = {*tasks, *others}
            while any(not task.done() for task in tasks) and not stop.is_set():
                done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    try:
                        task.result()
                    except _Undelivered as error:
                        raise error.__cause__ or error from None
        finally:
            for task in [*tasks, *others]:
                task.cancel()
            await asyncio.gather(*tasks, *others, return_exceptions=True)
            try:
                async with asyncio.timeout(ENDING_SECONDS):
                    await self._publisher.flush()
                await asyncio.sleep(0)  # what was confirmed last is noted by the loop
            except TimeoutError:
                log.warning("the broker has not confirmed everything: what it has not will be sent again")
            finally:
                await self._save()

    async def _save_now_and_then(self) -> None:
        while True:
            await asyncio.sleep(SAVE_SECONDS)
            await self._save()

    async def _save(self) -> None:
        async with self._saving:
            if self._file is not None and self._dirty:
                self._dirty = False
                self._state.forget_rules(self._clock())
                await asyncio.to_thread(self._write, self._file, self._state.encoded())

    def _write(self, file: Path, raw: bytes) -> None:
        # A write goes on in its thread when the wait for it is cancelled: the last one must come after it.
        with self._writing:
            state.save(file, raw)

    async def _poll(self, feed: Feed) -> None:
        """One poll. Whatever a feed does, it is told and the others go on."""
        poll = _Poll(feed, self._state.of(feed.address))
        known = poll.remembered
        now = self._clock()
        try:
            said = await self._asked(poll)
            known.errors = 0
            # What the list asks is reckoned from `polled`; here is only what the server asks beyond it.
            known.due = now + schedule.wait_after(0.0, poll.wait) if poll.wait else 0.0
            ahead = schedule.wait_after(feed.interval_minutes * 60, poll.wait)
            log.info("%s: %s; next in %s", feed.address, said, _duration(ahead))
        except (Unreachable, Unreadable) as error:
            if isinstance(error, Unreachable) and error.refused:
                self._refused(poll, str(error))
            else:
                self._failed(poll, str(error), getattr(error, "wait_seconds", None))
        except _Undelivered:
            raise
        except Exception as error:
            # A defect of ours that one feed brings out is not to silence all others.
            log.exception("%s: a defect of Muster; please report it", feed.address)
            self._failed(poll, f"{type(error).__name__}: {error}", None)
        self.totals.polls += 1
        known.polled = now
        self._dirty = True
        self.totals.problems += len(poll.problems)

    def _failed(self, poll: _Poll, reason: str, wait: float | None) -> None:
        known = poll.remembered
        known.errors = min(known.errors + 1, 1_000)
        ahead = schedule.wait_after_error(poll.feed.interval_minutes * 60, known.errors, wait, self._chance())
        known.due = self._clock() + ahead
        self.totals.failed += 1
        log.warning("%s: %s; next try in %s", poll.feed.address, reason, _duration(ahead))

    def _refused(self, poll: _Poll, reason: str) -> None:
        """Our own rules forbid it. No server is to be spared for that: once a setting allows it, the next poll asks."""
        known = poll.remembered
        known.errors = max(known.errors, 1)
        known.due = 0.0
        self.totals.failed += 1
        log.warning("%s: %s", poll.feed.address, reason)

    async def _asked(self, poll: _Poll) -> str:
        """Fetch the feed and publish what is new; returns what happened in words."""
        feed, known = poll.feed, poll.remembered
        reply = await self._client.get(feed.address, limit=FEED_BYTES, headers=_conditions(known))
        poll.wait = schedule.max_age(reply.headers.get("Cache-Control"))
        if reply.status == 304:
            self.totals.unchanged += 1
            return "not changed"
        async with self._reading:
            document = await asyncio.to_thread(read_document, reply.body, reply.address, reply.charset)
        if reply.cut:
            poll.problems.append(Problem(reason=f"more than {FEED_BYTES:,} bytes: read as far as that"))
        poll.problems += document.problems
        waits = [wait for wait in (poll.wait, document.wait_seconds) if wait is not None]
        poll.wait = max(waits) if waits else None
        known.by_link = known.by_link or not document.permanent_ids
        if known.by_link:
            log.debug("%s: its ids name several articles each; links name them", feed.address)
        current: dict[str, Entry] = {}
        # Feeds tell the newest first: told from the end, what came first is sent first.
        for entry in reversed(document.entries):
            id = name_of(entry, feed.address, permanent_ids=not known.by_link)
            other = current.setdefault(id, entry)
            if other is entry:
                await self._guarded(poll, document.kind, entry, id)
            elif document.kind in _FEEDS and own_text(other).stamp(other.title) != own_text(entry).stamp(entry.title):
                reason = f"has id or link of another entry, {shown(other.title, 60)!r}, which is read instead"
                poll.problems.append(Problem(entry=entry.key, reason=reason))
        for id, waiting in list(known.put_off.items()):
            if id not in current:
                await self._guarded(poll, waiting.kind, waiting.entry, id)
        await self._confirmed(poll)
        known.forget_old(set(current))
        if not poll.put_off:
            _note_conditions(known, reply)
        return self._summed_up(poll, document)

    async def _guarded(self, poll: _Poll, kind: Kind, entry: Entry, id: str) -> None:
        """One entry. A defect of ours that it brings out is not to keep back all others."""
        before = poll.put_off
        try:
            await self._entry(poll, kind, entry, id)
        except _Undelivered:
            raise
        except Exception as error:
            log.exception("%s, entry %s: a defect of Muster; please report it", poll.feed.address, shown(entry.key))
            poll.problems.append(Problem(entry=entry.key, reason=f"{type(error).__name__}: {error}"))
        if poll.put_off > before:
            poll.remembered.wait_with(id, kind, entry)
        elif not poll.unconfirmed:
            poll.remembered.put_off.pop(id, None)

    async def _entry(self, poll: _Poll, kind: Kind, entry: Entry, id: str) -> None:
        known = poll.remembered
        seen, stamp = known.seen.get(id), stamp_of(entry)
        if seen is not None and seen.stamp == stamp:
            return
        now = _rfc_3339(self._clock())
        if entry.embargoed and entry.embargoed > now:
            poll.put_off += 1
            return
        found = await self._text(poll, kind, entry, id)
        if found is None:
            poll.put_off += 1
            return
        text_stamp = text_stamp_of(entry, found)
        told = told_as(seen, entry, text_stamp)
        if seen is not None and seen.text.startswith("page") and found.source == "feed" and kind in _FEEDS:
            # Its page was had before and is gone: the feed's few words beside it are no correction of it.
            told = None
        if told is None:
            if seen is not None:
                known.remember(id, Seen(stamp, seen.text, seen.version))
                self._dirty = True
            return
        latest = _rfc_3339(self._clock() + self._future_seconds)
        published, dated = time_of(entry, told, latest=latest, otherwise=now)
        if not dated:
            poll.undated.append(entry.key)
        article = article_of(
            replace(entry, language=poll.feed.language or entry.language),
            id=id,
            outlet=entry.outlet or poll.feed.outlet,
            published=published,
            text=found,
            told=told,
        )
        payload, cut = payload_of(article, self._article_bytes)
        if cut:
            poll.problems.append(Problem(entry=entry.key, reason=f"cut to {self._article_bytes:,} bytes"))
        refused = await self._send(poll, id, payload, Seen(stamp, text_stamp, told.version))
        if refused:
            poll.problems.append(Problem(entry=entry.key, reason=refused))
            return
        if told.status == "withdrawn":
            poll.withdrawn += 1
        elif told.version > 1 and seen is not None:
            poll.corrected += 1
        else:
            poll.new += 1

    async def _send(self, poll: _Poll, id: str, payload: bytes, seen: Seen) -> str | None:
        loop = asyncio.get_running_loop()

        def noted() -> None:
            poll.remembered.remember(id, seen)
            self._dirty = True
            self.totals.sent += 1
            poll.unconfirmed -= 1
            if not poll.unconfirmed:
                poll.settled.set()

        poll.unconfirmed += 1
        poll.settled.clear()
        try:
            refused = await self._publisher.send(payload, lambda: _from_thread(loop, noted))
        except Exception as error:
            raise _Undelivered from error
        if refused:
            poll.unconfirmed -= 1
        return refused

    async def _confirmed(self, poll: _Poll) -> None:
        """Wait until the broker has all that this poll has sent."""
        if poll.unconfirmed:
            try:
                await self._publisher.flush()
            except Exception as error:
                raise _Undelivered from error
        while poll.unconfirmed:
            await poll.settled.wait()

    async def _text(self, poll: _Poll, kind: Kind, entry: Entry, id: str) -> Text | None:
        """The text of an entry: its page's, or what the document holds. None: it is to be tried again."""
        own = own_text(entry)
        pages = kind in _FEEDS and poll.feed.full_text == "page"
        if not pages or entry.link is None or entry.status == "withdrawn":
            return own
        try:
            reply = await self._client.get(entry.link, limit=PAGE_BYTES, headers=_PAGE_HEADERS)
            return await self._page(reply, own, poll, entry)
        except Unreachable as error:
            poll.problems.append(Problem(entry=entry.key, field="link", reason=f"{shown(entry.link)}: {error}"))
            if error.wait_seconds is not None:
                # Asked to wait, it has not been tried.
                poll.wait = max(poll.wait or 0.0, error.wait_seconds)
                return None
            tried = poll.remembered.tried
            tried[id] = tried.get(id, 0) + 1
            return None if error.passing and tried[id] < TRIES else own

    async def _page(self, reply: Reply, own: Text, poll: _Poll, entry: Entry) -> Text:
        said = "html" in reply.media_type or reply.media_type.startswith("text/")
        if not said and reply.body.lstrip()[:1] != b"<":
            reason = f"{shown(entry.link or '')}: {shown(reply.media_type, 60)} instead of a page"
            poll.problems.append(Problem(entry=entry.key, field="link", reason=reason))
            return own
        html = as_text(reply.body, reply.charset)
        prose = await asyncio.to_thread(self._prose_of, html)
        # A page that says less than the feed is a notice of cookies, or asks for money.
        return Text("page", prose, html) if len(prose) >= len(own.prose) else own

    def _summed_up(self, poll: _Poll, document: Document) -> str:
        address = poll.feed.address
        for problem in poll.problems[:SHOWN]:
            log.warning("%s: %s", address, problem)
        if len(poll.problems) > SHOWN:
            log.warning("%s: %d more problems", address, len(poll.problems) - SHOWN)
        if poll.undated:
            named = ", ".join(shown(key) for key in poll.undated[:5]) + (", …" if len(poll.undated) > 5 else "")
            log.warning(
                "%s: %d without a date that can be used took the time of fetching: %s",
                address,
                len(poll.undated),
                named,
            )
        words = [f"{len(document.entries):,} entries", f"{poll.new:,} new"]
        counts = ((poll.corrected, "corrected"), (poll.withdrawn, "withdrawn"), (poll.put_off, "put off"))
        words += [f"{number:,} {word}" for number, word in (*counts, (len(poll.problems), "problems")) if number]
        return ", ".join(words)


_FEEDS = ("rss", "atom")
"""Documents that lead to pages; an agency's hold the whole text."""
_PAGE_HEADERS = {"Accept": "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"}
_FEED_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8, "
    "application/json;q=0.7, */*;q=0.1"
)


def _from_thread(loop: asyncio.AbstractEventLoop, noted: Callable[[], None]) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(noted)


def _conditions(known: FeedState) -> dict[str, str]:
    headers = {"Accept": _FEED_ACCEPT}
    if known.etag:
        headers["If-None-Match"] = known.etag
    if known.last_modified:
        headers["If-Modified-Since"] = known.last_modified
    return headers


def _note_conditions(known: FeedState, reply: Reply) -> None:
    known.etag, known.last_modified = (
        value if (value := reply.headers.get(name)) and len(value) <= TAG_CHARACTERS and value.isprintable() else None
        for name in ("ETag", "Last-Modified")
    )


def _rfc_3339(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _duration(seconds: float) -> str:
    """ "45 s", "15 min", "6 h"."""
    if seconds >= 5_400:
        return f"{seconds / 3600:,.0f} h"
    return f"{seconds / 60:,.0f} min" if seconds >= 90 else f"{seconds:,.0f} s"
