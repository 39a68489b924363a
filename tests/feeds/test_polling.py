"""Polling against a real server: what is published, when, as which version; and what is remembered."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from agents.ingest.clean import article_of
from feeds import polling, state
from feeds.fetching import Client
from feeds.state import State
from streams.records import RawArticle
from streams.settings import Settings
from tests.feeds import documents
from tests.feeds.serving import Kept, Site, client, feed, poller, serving


def run(test: Callable[[Site, Client], Awaitable[None]], **options: Any) -> None:
    async def inside() -> None:
        async with serving() as site, client(**options) as using:
            await test(site, using)

    asyncio.run(inside())


class Reader:
    """One feed at `/rss`, polled again and again."""

    def __init__(self, site: Site, using: Client, **options: Any) -> None:
        self.site = site
        self.using = using
        self.state = State()
        self.kept = Kept()
        self.options = options
        self.now = time.time()

    async def poll(self, document: Any = None, **options: Any) -> list[RawArticle]:
        """What one poll publishes. Time goes on by a day from each to the next."""
        if document is not None:
            self.site.answers["/rss"] = document
        before = len(self.kept.articles)
        one = feed(self.site.base + "/rss", **self.options)
        self.poller = poller(
            one, publisher=self.kept, using=self.using, remembered=self.state, clock=lambda: self.now, **options
        )
        await self.poller.once(asyncio.Event())
        self.now += 86_400
        return self.kept.articles[before:]

    @property
    def known(self) -> state.FeedState:
        return self.state.of(self.site.base + "/rss")


def test_an_article_comes_with_its_page_its_outlet_and_its_origin() -> None:
    async def test(site: Site, using: Client) -> None:
        site.answers |= {"/a.html": documents.page("Norway stays."), "/b.html": documents.page("Fiji sends troops.")}
        reader = Reader(site, using, full_text="page")
        first, second = await reader.poll(documents.RSS)
        assert (first.url, first.title) == (f"{site.base}/a.html", "Norway keeps its troops in Mali")
        assert "Fiji sends troops." in (second.html or "")
        assert (second.outlet, second.credits, second.byline) == ("Isle Post", ("Atlantic Wire",), "Ana Waqa")
        assert (second.published, second.version, second.status, second.body) == (
            "2017-06-22T13:05:00Z",
            1,
            "usable",
            None,
        )
        assert await reader.poll() == []
        assert site.asked.count("/b.html") == 1

    run(test)


def test_the_feed_s_own_text_is_taken_where_the_list_says_so_and_no_page_is_asked_for() -> None:
    async def test(site: Site, using: Client) -> None:
        first, second = await Reader(site, using, language="en-FJ").poll(documents.RSS)
        assert (first.language, second.language) == ("en-FJ", "en-FJ"), "the list knows better than the feed"
        assert (first.body, first.html) == ("Norway keeps its troops in Mali.", None)
        assert (second.body or "").endswith("Its prime minister said so on Thursday.")
        assert site.asked == ["/robots.txt", "/rss"]

    run(test)


def test_a_feed_that_did_not_change_costs_one_small_reply() -> None:
    async def test(site: Site, using: Client) -> None:
        reader = Reader(site, using)
        tags = {"ETag": '"7"', "Last-Modified": "Thu, 22 Jun 2017 14:00:00 GMT"}
        assert len(await reader.poll({"text": documents.rss(documents.item(1)), "headers": tags})) == 1
        assert await reader.poll(304) == []
        assert site.headers[-1]["If-None-Match"] == '"7"'
        assert site.headers[-1]["If-Modified-Since"] == tags["Last-Modified"]
        assert reader.poller.totals.unchanged == 1

    run(test)


def test_a_changed_text_is_a_correction_and_a_changed_date_is_nothing() -> None:
    async def test(site: Site, using: Client) -> None:
        reader = Reader(site, using)
        (first,) = await reader.poll(documents.rss(documents.item(1)))
        assert await reader.poll(documents.rss(documents.item(1, date="2017-06-23T09:00:00Z"))) == []
        (second,) = await reader.poll(documents.rss(documents.item(1, text="Fiji will send 17 soldiers.")))
        assert (second.id, second.version, second.status) == (first.id, 2, "corrected")
        (third,) = await reader.poll(documents.rss(documents.item(1)))
        assert (third.version, third.status) == (3, "corrected")
        assert await reader.poll() == []

    run(test)


def test_a_page_that_changed_is_a_correction_and_one_that_is_gone_is_nothing() -> None:
    async def test(site: Site, using: Client) -> None:
        site.answers["/1.html"] = documents.page("Fiji sends troops.")
        reader = Reader(site, using, full_text="page")
        (first,) = await reader.poll(documents.ATOM.replace("/news/", "/"))
        assert "Fiji sends troops." in (first.html or "")
        later = documents.ATOM.replace("/news/", "/").replace("T15:00:00", "T16:00:00")
        assert await reader.poll(later) == []
        site.answers["/1.html"] = documents.page("Fiji sends no troops.")
        (second,) = await reader.poll(later.replace("T16:00:00", "T17:00:00"))
        assert (second.version, second.status, second.published) == (2, "corrected", "2017-06-22T14:00:00Z")
        site.answers["/1.html"] = 404
        assert await reader.poll(later.replace("T16:00:00", "T18:00:00")) == []
        assert await reader.poll() == []

    run(test)


def test_a_page_that_fails_is_tried_again_and_then_the_feed_s_words_do() -> None:
    async def test(site: Site, using: Client) -> None:
        site.answers["/1.html"] = 503
        reader = Reader(site, using, full_text="page")
        document = {
            "text": documents.ATOM.replace("/news/", "/").replace("{base}", site.base),
            "headers": {"ETag": '"1"'},
        }
        assert await reader.poll(document) == []
        assert reader.known.etag is None, "else the next poll would not be told of the entry again"
        assert await reader.poll() == []
        (article,) = await reader.poll()
        assert article.body == "Fiji sends troops.\n\nMore < less."
        assert reader.known.etag == '"1"'
        site.answers["/2.html"] = 404
        (other,) = await reader.poll(documents.rss("<item><title>Title</title><link>/2.html</link></item>"))
        assert (other.title, other.body, other.html) == ("Title", None, None)

    run(test)


def test_an_entry_whose_page_is_late_is_not_lost_when_the_feed_drops_it() -> None:
    async def test(site: Site, using: Client) -> None:
        site.answers["/1.html"] = 503
        reader = Reader(site, using, full_text="page")
        assert await reader.poll(documents.ATOM.replace("/news/", "/")) == []
        reader.state = msgspec.json.decode(reader.state.encoded(), type=State)
        site.answers["/1.html"] = documents.page("Fiji sends troops.")
        (article,) = await reader.poll(documents.rss())
        assert "Fiji sends troops." in (article.html or "")
        assert (reader.known.put_off, reader.known.tried) == ({}, {})
        assert await reader.poll() == []

    run(test)


def test_a_host_that_wants_to_be_left_alone_delays_its_pages_and_its_feed() -> None:
    async def test(site: Site, using: Client) -> None:
        site.answers |= {"/a.html": {"status": 429, "headers": {"Retry-After": "7200"}}}
        reader = Reader(site, using, full_text="page")
        start = reader.now
        assert await reader.poll(documents.RSS) == []
        assert reader.known.due == pytest.approx(start + 7200, abs=10)
        assert site.asked == ["/robots.txt", "/rss", "/a.html"]
        assert reader.known.tried == {}, "it was told to wait, not tried in vain"

    run(test)


def test_waits_of_the_server_are_kept_by_the_next_run() -> None:
    async def test(site: Site, using: Client) -> None:
        reader = Reader(site, using)
        start = reader.now
        await reader.poll({"text": documents.RSS, "headers": {"Cache-Control": "max-age=7200"}})
        assert reader.known.due == start + 7200
        reader.now = start + 3600
        await reader.poll()
        assert site.asked.count("/rss") == 1, "not due yet"
        reader.now = start + 7150
        await reader.poll({"status": 503, "headers": {"Retry-After": "10000"}})
        assert site.asked.count("/rss") == 2
        assert reader.known.due == pytest.approx(start + 7150 + 10_000, abs=10)
        assert reader.known.errors == 1

    run(test)


def test_entries_without_a_date_take_the_time_of_fetching_and_are_named(caplog: pytest.LogCaptureFixture) -> None:
    async def test(site: Site, using: Client) -> None:
        reader = Reader(site, using)
        then = polling._rfc_3339(reader.now)
        dates = ("", "soon", "2099-01-01T00:00:00Z")
        articles = await reader.poll(documents.rss(*(documents.item(n, date=d) for n, d in enumerate(dates))))
        assert [article.published for article in articles] == [then] * 3

    with caplog.at_level(logging.INFO, "muster.feeds"):
        run(test)
    assert "3 without a date that can be used took the time of fetching: g2, g1, g0" in caplog.text


def test_one_id_for_many_articles_names_none_of_them() -> None:
    async def test(site: Site, using: Client) -> None:
        def linked(number: int) -> str:
            return f"<item><title>T{number}</title><guid isPermaLink='false'>home</guid><link>/{number}</link></item>"

        reader = Reader(site, using)
        first, second = await reader.poll(documents.rss(linked(1), linked(2)))
        assert first.id != second.id
        (third,) = await reader.poll(documents.rss(linked(3)))
        assert third.id not in (first.id, second.id), "the feed is known for it"

    run(test)


def test_articles_with_one_id_and_no_link_all_come_and_come_once() -> None:
    def item(number: int) -> str:
        return f"<item><guid isPermaLink='false'>x</guid><title>Article {number}</title><description>Fiji sends {number}.</description></item>"

    async def test(site: Site, using: Client) -> None:
        reader = Reader(site, using)
        both = documents.rss(item(1), item(2))
        assert sorted(article.title for article in await reader.poll(both)) == ["Article 1", "Article 2"]
        assert await reader.poll(both) == []
        assert [article.title for article in await reader.poll(documents.rss(item(3)))] == ["Article 3"]
        assert reader.poller.totals.problems == 0

    run(test)


def test_an_entry_that_gives_way_to_another_is_told() -> None:
    def item(guid: str, link: str, text: str) -> str:
        return f"<item><guid isPermaLink='false'>{guid}</guid><link>https://isle.example/{link}</link><title>{text}</title></item>"

    async def test(site: Site, using: Client) -> None:
        reader = Reader(site, using)
        told = await reader.poll(documents.rss(item("x", "1", "One"), item("x", "2", "Two"), item("y", "2", "Three")))
        assert len(told) == 2
        assert reader.poller.totals.problems == 1

    run(test)


def test_ten_thousand_entries_are_ten_thousand_articles_once() -> None:
    async def test(site: Site, using: Client) -> None:
        reader = Reader(site, using)
        articles = await reader.poll(documents.rss(*map(documents.item, range(10_000))))
        assert len({article.id for article in articles}) == 10_000
        assert articles[-1].title == "Item 0", "the oldest is told first"
        assert await reader.poll() == []

    run(test)


@pytest.mark.parametrize("kind", ["ninjs", "newsml"])
def test_agencies_formats_over_http_carry_their_own_versions_and_outlets(kind: str) -> None:
    import orjson

    async def test(site: Site, using: Client) -> None:
        def told(version: int, status: str) -> bytes:
            if kind == "newsml":
                return str(documents.news_message(documents.news_item(version=version, status=status))).encode()
            return orjson.dumps([documents.NINJS_1 | {"version": str(version), "pubstatus": status}])

        reader = Reader(site, using, full_text="page")
        (first,) = await reader.poll(told(3, "usable"))
        assert (first.version, first.outlet, first.status) == (3, "Atlantic Wire", "usable")
        assert (first.body or "").startswith("Fiji will send 170 soldiers.")
        assert await reader.poll() == []
        (gone,) = await reader.poll(told(4, "canceled"))
        assert (gone.id, gone.version, gone.status, gone.body) == (first.id, 4, "withdrawn", None)

    run(test)


def test_nothing_is_remembered_before_the_broker_has_it() -> None:
    async def test(site: Site, using: Client) -> None:
        reader = Reader(site, using)
        reader.kept.failing = RuntimeError("no broker")
        document = {"text": documents.rss(documents.item(1)), "headers": {"ETag": '"1"'}}
        with pytest.raises(RuntimeError, match="no broker"):
            await reader.poll(document)
        assert (reader.known.seen, reader.known.etag) == ({}, None)
        reader.kept = Kept(holds=True)
        assert len(await reader.poll()) == 1
        assert (len(reader.known.seen), reader.known.etag) == (1, '"1"')

    run(test)


@pytest.mark.parametrize("earlier_errors", [0, 3])
def test_a_feed_that_our_own_rules_refuse_is_asked_as_soon_as_they_allow_it(earlier_errors: int) -> None:
    async def test(site: Site, using: Client) -> None:
        reader = Reader(site, using)
        reader.known.errors = earlier_errors
        site.answers["/rss"] = documents.rss(documents.item(1))
        async with client(allow_private=False) as forbidding:
            reader.using = forbidding
            assert await reader.poll() == []
        assert (reader.poller.totals.failed, reader.known.errors) == (1, max(1, earlier_errors)), (
            "it is told as failing"
        )
        assert (reader.known.due, site.asked) == (0.0, [])
        reader.using = using
        reader.now -= 86_400
        assert len(await reader.poll()) == 1
        assert reader.known.errors == 0

    run(test)


def test_a_feed_that_fails_stops_no_other_and_its_text_cannot_forge_the_log(caplog: pytest.LogCaptureFixture) -> None:
    async def test(site: Site, using: Client) -> None:
        evil = "<item><title>t</title><guid>http://x/\u202e</guid><link>http://[</link></item>"
        site.answers |= {
            "/laughs": "<!DOCTYPE r [<!ENTITY a 'b'>]><rss/>",
            "/gone": 410,
            "/page": "<html>",
            "/evil": documents.rss("<item/>", documents.item(1, guid="a&#10;2017 ERROR forged \u202e"), evil),
            "/good": documents.rss(documents.item(2)),
        }
        kept = Kept()
        feeds = [feed(site.base + path) for path in ("/laughs", "/gone", "/page", "/evil", "/good", "/missing")]
        one = poller(*feeds, publisher=kept, using=using)
        await one.once(asyncio.Event())
        assert (one.totals.polls, one.totals.failed, one.totals.problems) == (6, 4, 1)
        assert len(kept.articles) == 3

    with caplog.at_level(logging.INFO, "muster.feeds"):
        run(test)
    assert "/laughs: it declares entities" in caplog.text
    assert "/gone: the server answers 410 Gone; next try in" in caplog.text
    assert "/page: a web page, not a feed" in caplog.text
    assert "/evil: an entry without id, link, title and text" in caplog.text
    assert "\n2017 ERROR" not in caplog.text
    assert "\u202e" not in caplog.text


def test_a_defect_that_one_page_brings_out_keeps_back_no_other_article() -> None:
    def fails_for_norway(html: str) -> str:
        assert "Norway" not in html
        return html

    async def test(site: Site, using: Client) -> None:
        site.answers |= {"/a.html": documents.page("Norway stays."), "/b.html": documents.page("Fiji sends troops.")}
        reader = Reader(site, using, full_text="page")
        (article,) = await reader.poll(documents.RSS, prose_of=fails_for_norway)
        assert article.title.startswith("Fiji")
        assert reader.poller.totals.problems == 1

    run(test)


def test_what_is_under_embargo_waits_and_what_is_withheld_is_not_told() -> None:
    import orjson

    async def test(site: Site, using: Client) -> None:
        reader = Reader(site, using)
        soon = polling._rfc_3339(reader.now + 3_600)
        items = [documents.NINJS_1 | {"embargoed": soon}, documents.NINJS_2 | {"pubstatus": "withheld"}]
        assert await reader.poll({"body": orjson.dumps(items), "headers": {"ETag": '"1"'}}) == []
        assert reader.known.etag is None
        assert [article.title for article in await reader.poll()] == ["Fiji sends troops to the Golan"]

    run(test)


def test_what_a_hostile_document_says_still_makes_articles_that_ingest_takes() -> None:
    import orjson

    async def test(site: Site, using: Client) -> None:
        hostile = {"provider": "Wire\u202e\n" + "x" * 5_000, "language": "en\u202e", "headline": "T\u2028" * 5_000}
        hostile |= {"byline": "B" * 5_000, "url": "javascript:x", "infosource": [{"name": "c" * 500}] * 100}
        (one,) = await Reader(site, using).poll(orjson.dumps([documents.NINJS_1 | hostile]))
        items = (
            f"<item><title>{'T' * 9_000}</title><guid>{'g' * 9_000}\u202e</guid><link>/{'l' * 9_000}</link>"
            f"<author>a@b.example ({'n' * 900})</author>{'<source>c</source>' * 99}<description>d</description></item>"
        )
        (two,) = await Reader(site, using).poll(f"<rss><channel><language>{'e' * 99}</language>{items}</channel></rss>")
        for article in (one, two):
            cleaned = article_of(article, int(time.time() * 1000), Settings())
            assert cleaned.outlet
            assert cleaned.language is None

    run(test)


def test_until_stopped_feeds_are_polled_when_they_are_due_and_the_state_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def test(site: Site, using: Client) -> None:
        site.answers["/rss"] = documents.rss(documents.item(1))
        monkeypatch.setattr(polling, "SAVE_SECONDS", 0.05)
        stop, file, kept = asyncio.Event(), tmp_path / "state.json", Kept()
        one = poller(
            feed(site.base + "/rss", interval_minutes=0.002),
            publisher=kept,
            using=using,
            file=file,
        )
        task = asyncio.create_task(one.until(stop))
        async with asyncio.timeout(10):
            while site.asked.count("/rss") < 3 or not file.exists():  # noqa: ASYNC110 - what a server saw has no event
                await asyncio.sleep(0.01)
        stop.set()
        await task
        saved, _ = state.load(file)
        assert len(kept.articles) == 1
        assert len(saved.of(site.base + "/rss").seen) == 1
        assert one.totals.polls >= 2

    run(test)
