"""What decides: names and versions of articles, waits, robots.txt, bounds of bodies, the list, the state. No network."""

from __future__ import annotations

import gzip
import zlib
from dataclasses import replace
from pathlib import Path

import pytest

from feeds import schedule, state
from feeds.articles import (
    Seen,
    Text,
    Told,
    article_of,
    name_of,
    name_of_own,
    own_text,
    payload_of,
    stamp_of,
    text_stamp_of,
    time_of,
    told_as,
    without_bulk,
)
from feeds.entry import Entry
from feeds.inflating import Body, Bomb, UnknownEncoding
from feeds.listing import Listing, ListingError, listing_of, read_listing
from feeds.robots import read_robots
from streams.records import RawArticle, decode

ENTRY = Entry(key="g1", link="https://isle.example/1", title="Fiji sends troops", text="Fiji sends 170 soldiers.")
RSS = "https://isle.example/rss"


def test_an_id_names_an_article_within_the_feeds_of_its_host_or_within_one_feed() -> None:
    uri = replace(ENTRY, key="tag:isle.example,2017:1")
    assert name_of(uri, RSS) == name_of(uri, "https://www.isle.example/other")
    assert name_of(uri, RSS) != name_of(uri, "https://forger.example/rss")
    assert name_of(ENTRY, RSS) != name_of(ENTRY, "https://isle.example/other")
    assert name_of(ENTRY, RSS) == name_of(ENTRY, "http://isle.example/rss/")
    other = replace(ENTRY, link="https://isle.example/2")
    assert name_of(ENTRY, RSS) == name_of(other, RSS)
    assert name_of(ENTRY, RSS, permanent_ids=False) != name_of(other, RSS, permanent_ids=False)
    assert name_of_own(replace(ENTRY, key="urn:newsml:x:1")) == "urn:newsml:x:1"
    assert name_of_own(replace(ENTRY, key="urn:\u202e")).startswith("f-")


def seen_of(entry: Entry, text: Text | None = None, version: int = 1) -> Seen:
    return Seen(stamp_of(entry), text_stamp_of(entry, text or own_text(entry)), version)


PAGE = Text("page", "Fiji sends 170 soldiers, it was said.", "<p>…</p>")


@pytest.mark.parametrize(
    ("seen", "entry", "text", "told"),
    [
        (None, ENTRY, None, Told(1, "usable")),
        (None, replace(ENTRY, version=4, status="corrected"), None, Told(4, "corrected")),
        (None, replace(ENTRY, status="withdrawn"), None, Told(2, "withdrawn")),
        (None, replace(ENTRY, withheld=True, version=1), None, None),
        (None, replace(ENTRY, withheld=True, version=3), None, Told(3, "withdrawn")),
        (seen_of(ENTRY), replace(ENTRY, updated="2017-06-23T00:00:00Z"), None, None),
        (seen_of(ENTRY), replace(ENTRY, text="FIJI  sends 170\nsoldiers."), None, None),
        (seen_of(ENTRY), replace(ENTRY, text="Fiji sends 17 soldiers."), None, Told(2, "corrected")),
        (seen_of(ENTRY), replace(ENTRY, title="Fiji does not send troops"), None, Told(2, "corrected")),
        (seen_of(ENTRY), ENTRY, PAGE, Told(2, "usable")),
        (seen_of(ENTRY, PAGE, 2), ENTRY, replace(PAGE, html="<div>…</div>"), None),
        (seen_of(ENTRY, PAGE, 2), ENTRY, replace(PAGE, prose="Fiji sends none."), Told(3, "corrected")),
        (seen_of(ENTRY, version=3), replace(ENTRY, version=5), None, Told(5, "usable")),
        (seen_of(ENTRY, version=3), replace(ENTRY, version=3, text="Other."), None, Told(4, "corrected")),
        (seen_of(ENTRY, version=3), replace(ENTRY, version=3, status="withdrawn"), None, Told(4, "withdrawn")),
    ],
)
def test_only_what_changed_the_text_is_another_version(
    seen: Seen | None, entry: Entry, text: Text | None, told: Told | None
) -> None:
    assert told_as(seen, entry, text_stamp_of(entry, text or own_text(entry))) == told


def test_a_time_that_cannot_be_is_that_of_fetching_and_a_correction_has_its_own() -> None:
    entry = replace(ENTRY, published="2017-06-22T10:00:00Z", updated="2017-06-22T12:00:00Z")
    bounds = {"latest": "2017-06-23T00:00:00Z", "otherwise": "2017-06-22T20:00:00Z"}
    assert time_of(entry, Told(1, "usable"), **bounds) == (entry.published, True)
    assert time_of(entry, Told(2, "corrected"), **bounds) == (entry.updated, True)
    assert time_of(ENTRY, Told(1, "usable"), **bounds) == (bounds["otherwise"], False)
    assert time_of(replace(ENTRY, published="2031-01-01T00:00:00Z"), Told(1, "usable"), **bounds)[1] is False


def test_an_article_fits_its_topic_by_losing_scripts_before_text() -> None:
    def made(html: str) -> RawArticle:
        text = replace(PAGE, html=html)
        return article_of(ENTRY, id="a", outlet="O", published="2017-06-22", text=text, told=Told(1, "usable"))

    whole, cut = payload_of(made(f"<script>{'x' * 5000}</script><p>Text.</p>"), 2_000)
    assert (decode(whole, RawArticle).html, cut) == ("<p>Text.</p>", False)
    part, cut = payload_of(made('<p>"é\n' * 5_000), 2_000)
    assert cut
    assert 1_000 < len(part) <= 2_000
    assert (decode(part, RawArticle).html or "").startswith('<p>"é')
    mixed = "a<!-- b --><STYLE x>c</STYLE >d<script>e</scr<svg>f</svg>g<!--"
    assert without_bulk(mixed) == "ad<script>e</scrg<!--"
    gone = article_of(ENTRY, id="a", outlet="O", published="2017-06-22", text=PAGE, told=Told(2, "withdrawn"))
    assert (gone.html, gone.body, gone.status) == (None, None, "withdrawn")


@pytest.mark.parametrize(
    ("waited", "seconds"),
    [
        (schedule.wait_after(900, None, 60), 900),
        (schedule.wait_after(900, 3600, 1800), 3600),
        (schedule.wait_after(900, 1e9), 86_400),
        (schedule.wait_after_error(60, 1, None, 0.5), 60),
        (schedule.wait_after_error(60, 4, None, 0.5), 480),
        (schedule.wait_after_error(60, 400, None, 1.0), 6 * 3600 * 1.2),
        (schedule.wait_after_error(900, 1, None, 0.0), 720),
        (schedule.wait_after_error(60, 1, 7200, 0.0), 7200),
        (schedule.wait_after_error(60, 1, 1e9, 0.0), 86_400),
        (schedule.max_age("public, MAX-AGE=600"), 600),
        (schedule.max_age("no-cache, max-age=600"), None),
        (schedule.max_age("s-maxage=5"), None),
        (schedule.retry_after("120", 0), 120),
        (schedule.retry_after("Thu, 01 Jan 1970 00:02:00 GMT", 60), 60),
        (schedule.retry_after("soon", 0), None),
    ],
)
def test_waits(waited: float | None, seconds: float | None) -> None:
    assert waited == seconds


ROBOTS = """\ufeffUser-agent: *
Disallow: /
User-agent: Muster/1.0
User-agent: other
Crawl-delay: 2
Disallow: /private/
Allow: /private/news/
Disallow: /*?print=
Disallow: /*.pdf$
Disallow: /caf%C3%A9
# a comment
"""


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/", True),
        ("/private/x", False),
        ("/private/news/x", True),
        ("/a?print=1", False),
        ("/a?x=1", True),
        ("/a.pdf", False),
        ("/a.pdf?x", True),
        ("/café/1", False),
        ("/caf%c3%a9", False),
        ("/robots.txt", True),
    ],
)
def test_the_longest_rule_of_our_own_group_holds(path: str, allowed: bool) -> None:
    robots = read_robots(ROBOTS, "Muster")
    assert robots.allows(f"https://isle.example{path}") is allowed
    assert robots.delay_seconds == 2
    assert not read_robots(ROBOTS, "another").allows(f"https://isle.example{path}") or path == "/robots.txt"
    assert read_robots("nonsense\n\x00", "Muster").allows(f"https://isle.example{path}")


def test_a_pattern_made_to_take_long_does_not() -> None:
    robots = read_robots("User-agent: *\nDisallow: /" + "*a" * 2_000 + "b$", "Muster")
    assert robots.allows("https://isle.example/" + "a" * 20_000)


def taken(encoding: str, raw: bytes, limit: int = 1_000_000) -> Body:
    body = Body(encoding, limit)
    for at in range(0, len(raw), 1_000):
        body.take(raw[at : at + 1_000])
        if body.cut:
            break
    return body


TEXT = b"".join(b"line %d\n" % n for n in range(5_000))


@pytest.mark.parametrize(
    ("encoding", "raw"),
    [
        ("", TEXT),
        ("gzip", gzip.compress(TEXT)),
        ("gzip", gzip.compress(TEXT[:100]) + gzip.compress(TEXT[100:])),
        ("gzip", gzip.compress(TEXT) + b"\0\0rubbish"),
        ("deflate", zlib.compress(TEXT)),
        ("Deflate", zlib.compress(TEXT)[2:-4]),
    ],
)
def test_bodies_are_decompressed_and_cut_at_the_limit(encoding: str, raw: bytes) -> None:
    body = taken(encoding, raw)
    assert (body.end(), body.cut) == (TEXT, False)
    short = taken(encoding, raw, limit=1_000)
    assert (short.end(), short.cut) == (TEXT[:1_000], True)


def test_bombs_lies_and_what_was_not_offered_are_refused() -> None:
    with pytest.raises(Bomb, match="more than 300 times"):
        taken("gzip", gzip.compress(bytes(50_000_000)), limit=40_000_000)
    with pytest.raises(ValueError, match="not compressed as it says"):
        taken("gzip", TEXT)
    for encoding in ("br", "gzip, gzip", "zstd"):
        with pytest.raises(UnknownEncoding, match="not offered"):
            Body(encoding, 10)
    half = taken("gzip", gzip.compress(TEXT)[:2_000])
    assert half.end() == TEXT[: len(half.end())]
    assert half.cut


LIST = """
[polling]
interval_minutes = 10
delay_seconds = 0.5
contact = "mailto:desk@isle.example"

[[feed]]
address = "https://feeds.isle.example/rss"

[[feed]]
address = "https://wire.example/atom"
outlet = "Atlantic Wire"
full_text = "feed"
interval_minutes = 60
"""


def test_a_list_names_feeds_and_how_they_are_read(tmp_path: Path) -> None:
    path = tmp_path / "FEEDS.toml"
    path.write_text(LIST, encoding="utf-8")
    listing = read_listing(str(path))
    assert (listing.delay_seconds, listing.contact, listing.hosts_at_once) == (0.5, "mailto:desk@isle.example", 8)
    assert [(f.outlet, f.interval_minutes, f.full_text) for f in listing.feeds] == [
        ("isle.example", 10, "page"),
        ("Atlantic Wire", 60, "feed"),
    ]
    assert listing_of(["https://isle.example/rss"], "Isle Post").feeds[0].outlet == "Isle Post"


def test_the_list_of_the_documentation_is_one(tmp_path: Path) -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "feeds.md").read_text(encoding="utf-8")
    path = tmp_path / "FEEDS.toml"
    path.write_text(page.partition("```toml\n")[2].partition("```")[0], encoding="utf-8")
    defaults, listing = Listing(), read_listing(str(path))
    assert [feed.outlet for feed in listing.feeds] == ["example.org", "Atlantic Wire"]
    assert (listing.feeds[0].interval_minutes, listing.feeds[0].full_text) == (15, "page")
    names = ("delay_seconds", "hosts_at_once", "timeout_seconds")
    assert [getattr(listing, name) for name in names] == [getattr(defaults, name) for name in names]


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ("interval_minutes = 60", "interval_minutes = 0", ":14: interval_minutes: 0 is not between 1 and 1440"),
        ('full_text = "feed"', 'full_text = "all"', ":13: full_text: 'all' is none of page, feed"),
        ('outlet = "Atlantic Wire"', 'outlet = "--"', ":12: outlet: '--' is no outlet"),
        ('outlet = "Atlantic Wire"', 'language = "in English"', ":12: language: 'in English' is no language"),
        ('outlet = "Atlantic Wire"', "outlet = 7", ":12: outlet: expected a text, got 7"),
        ('outlet = "Atlantic Wire"', 'Outlet = "x"', ":12: Outlet: there is no such key; there are address, outlet"),
        ("delay_seconds = 0.5", "delay_seconds = true", ":4: delay_seconds: expected a number"),
        ("https://wire.example/atom", "wire.example", ":11: address: 'wire.example' is no address of http"),
        (
            "https://wire.example/atom",
            "https://feeds.isle.example/rss",
            ":11: address: https://feeds.isle.example/rss is in",
        ),
        ("https://wire.example/atom", "https://me:secret@wire.example/", ":11: address: an address with a password"),
        ('address = "https://wire.example/atom"', "", ":10: address: is missing"),
        ("[polling]", "[poling]", ":2: poling: there is no such table"),
        ("delay_seconds = 0.5", "delay_seconds = ", "line 4"),
        (LIST, "", ":1: it names no feed"),
        (LIST, "\ufeff[polling]\ndelay_seconds = true", ":2: delay_seconds: expected a number"),
        (LIST, "feed = " + "[" * 3_000 + "]" * 3_000, ": brackets or keys lie too many levels inside each other"),
    ],
)
def test_an_error_in_a_list_names_file_line_and_key(tmp_path: Path, old: str, new: str, error: str) -> None:
    path = tmp_path / "FEEDS.toml"
    path.write_text(LIST.replace(old, new), encoding="utf-8")
    with pytest.raises(ListingError) as caught:
        read_listing(str(path))
    assert str(caught.value).startswith(str(path))
    assert error in str(caught.value)
    assert "secret" not in str(caught.value)


def test_state_comes_back_as_it_was_and_an_unusable_one_is_moved_aside(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "state.json"
    with state.held(path):
        kept, aside = state.load(path)
        assert (kept, aside) == (state.State(), None)
        kept.of(RSS).remember("a", Seen("s", "feed x", 2))
        kept.of(RSS).etag = '"1"'
        kept.robots["https://isle.example"] = state.HostRules(1.0, "User-agent: *")
        state.save(path, kept.encoded())
        assert state.load(path) == (kept, None)
        with pytest.raises(state.StateInUse, match="in use"), state.held(path):
            pass
    for number, raw in enumerate((b"", b"[", b"\xff", b'{"feeds": 7}', b'{"format": 99}', b"[" * 100_000), start=1):
        path.write_bytes(raw)
        assert state.load(path) == (state.State(), f"{path}.unusable-{number}")
        assert not path.exists()


def test_what_is_remembered_of_a_feed_is_bounded_and_keeps_what_it_shows() -> None:
    known = state.FeedState()
    for number in range(state.SEEN + 100):
        known.remember(str(number), Seen("", "", 1))
    known.tried["gone"] = 1
    known.forget_old({"0", "never"})
    assert len(known.seen) == state.SEEN + 2
    assert "0" in known.seen
    assert "1" not in known.seen
    assert known.tried == {}
