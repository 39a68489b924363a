"""Reading RSS, Atom, ninjs and NewsML-G2: pure, from bytes to entries."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.articles import name_of, name_of_own, without_bulk
from feeds.dates import as_time
from feeds.entry import Document, Entry, Unreadable, shown
from feeds.markup import paragraphs
from feeds.reading import read_document
from feeds.safe_xml import as_text, read_xml
from tests.feeds import documents

BASE = "https://isle.example"


def read(text: str | bytes, charset: str | None = None) -> Document:
    raw = text if isinstance(text, bytes) else text.replace("{base}", BASE).encode()
    return read_document(raw, f"{BASE}/rss", charset)


def test_rss_gives_titles_links_texts_origins_and_the_wait_it_asks() -> None:
    document = read(documents.RSS)
    assert (document.kind, document.title, document.wait_seconds, document.problems) == ("rss", "Isle Post", 1800, ())
    assert document.entries == (
        Entry(
            key="post-2",
            link=f"{BASE}/b.html",
            title="Fiji & the Golan: 170 soldiers to go",
            summary="Short.",
            text="Fiji will send 170 soldiers to the Golan Heights.\n\nIts prime minister said so on Thursday.",
            published="2017-06-22T13:05:00Z",
            byline="Ana Waqa",
            credits=("Atlantic Wire",),
            language="en-gb",
        ),
        Entry(
            key=f"{BASE}/a.html",
            link=f"{BASE}/a.html",
            title="Norway keeps its troops in Mali",
            summary="Norway keeps its troops in Mali.",
            published="2017-06-22T10:00:00Z",
            language="en-gb",
        ),
    )


def test_atom_gives_the_same_and_the_time_of_the_last_change() -> None:
    (entry,) = read(documents.ATOM).entries
    assert entry == Entry(
        key="tag:isle.example,2017:1",
        link=f"{BASE}/news/1.html",
        title="Fiji sends troops",
        summary="Short",
        text="Fiji sends troops.\n\nMore < less.",
        published="2017-06-22T11:05:00Z",
        updated="2017-06-22T12:00:00Z",
        byline="Ana Waqa",
        credits=("Atlantic Wire",),
        language="en",
    )


def test_rss_1_has_its_items_beside_the_channel() -> None:
    document = read(documents.RDF)
    assert document.wait_seconds == 1800
    assert [(entry.key, entry.published) for entry in document.entries] == [(f"{BASE}/1", "2017-06-22T14:05:00Z")]


@pytest.mark.parametrize("example", ["NINJS_1", "NINJS_2"])
def test_ninjs_of_both_lines(example: str) -> None:
    (entry,) = read(json.dumps(getattr(documents, example))).entries
    assert entry.title == "Fiji sends troops to the Golan"
    assert entry.text.startswith("Fiji will send 170 soldiers.")
    assert (entry.published, entry.byline, entry.outlet) == ("2017-06-22T11:05:00Z", "Ana Waqa", "Atlantic Wire")
    assert entry.credits == (("Isle Press Agency",) if example == "NINJS_1" else ("IPA",))
    assert entry.version == (3 if example == "NINJS_1" else None)
    camel = {
        {"versioncreated": "versionCreated", "pubstatus": "pubStatus"}.get(k, k): v
        for k, v in getattr(documents, example).items()
    }
    assert read(json.dumps([camel])).entries == (entry,)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"pubstatus": "canceled"}, {"status": "withdrawn"}),
        ({"pubstatus": "withheld"}, {"withheld": True}),
        ({"embargoed": "2017-06-23T00:00:00Z"}, {"embargoed": "2017-06-23T00:00:00Z"}),
        ({"body_text": "Plain <b>.\n\nSecond."}, {"text": "Plain <b>.\n\nSecond."}),
        ({"headline": ""}, {"title": "FIJI-GOLAN"}),
    ],
)
def test_what_ninjs_says_of_an_article_is_kept(change: dict[str, str], told: dict[str, object]) -> None:
    (entry,) = read(json.dumps(documents.NINJS_1 | change)).entries
    assert {name: getattr(entry, name) for name in told} == told


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"version": "new"}, "entry urn:newsml:wire.example:20170622:77, version: 'new' is no whole number"),
        ({"pubstatus": "gone"}, "pubstatus: 'gone' is none of usable, withheld, canceled"),
        ({"type": "picture"}, "type: 'picture' is no text"),
    ],
)
def test_what_is_wrong_in_one_object_is_named_and_the_others_are_read(change: dict[str, str], problem: str) -> None:
    document = read(json.dumps({"items": [documents.NINJS_1 | change, documents.NINJS_2, 7]}))
    assert len(document.entries) == 1
    assert problem in str(document.problems[0])
    assert str(document.problems[1]) == "entry [2]: no ninjs object"


@pytest.mark.parametrize("content", ["NITF", "XHTML", "escaped", "data"])
def test_newsml_gives_the_article_of_its_content_set(content: str) -> None:
    inside = {
        "escaped": "<inlineXML contenttype='application/xhtml+xml'>&lt;p&gt;Fiji will send 170 soldiers.&lt;/p&gt;"
        "&lt;p&gt;Its prime minister said so.&lt;/p&gt;</inlineXML>",
        "data": "<inlineData contenttype='text/plain'>Fiji will send 170 soldiers.\n\nIts prime minister said so.</inlineData>",
    }.get(content) or getattr(documents, content)
    (entry,) = read(documents.news_message(documents.news_item(version=4, content=inside))).entries
    assert entry == Entry(
        key="urn:newsml:wire.example:20170622:79",
        title="Fiji sends troops to the Golan",
        text="Fiji will send 170 soldiers.\n\nIts prime minister said so.",
        published="2017-06-22T11:05:00Z",
        updated="2017-06-22T11:05:00Z",
        byline="By Ana Waqa",
        credits=("Isle Press Agency", "Atlantic Wire Ltd"),
        language="en-fj",
        outlet="Atlantic Wire",
        version=4,
    )


def test_newsml_tells_what_became_of_an_item_and_passes_over_packages() -> None:
    items = [
        documents.news_item(version=2, status="canceled"),
        documents.news_item(status="withheld"),
        documents.news_item(version=2, more='<signal qcode="sig:correction"/>'),
        "<packageItem guid='x'/>",
        documents.news_item(status="secret"),
    ]
    document = read(documents.news_message(*items))
    assert [(e.status, e.withheld) for e in document.entries] == [
        ("withdrawn", False),
        ("usable", True),
        ("corrected", False),
    ]
    assert [problem.field for problem in document.problems] == ["pubStatus"]


@pytest.mark.parametrize(
    ("raw", "charset"),
    [
        ("<a>Café “q”</a>".encode(), "iso-8859-1"),  # the server names its default
        ("<a>Café “q”</a>".encode("cp1252"), "utf-8"),
        ("<?xml version='1.0' encoding='iso-8859-1'?><a>Café “q”</a>".encode("cp1252"), None),
        ("<?xml version='1.0' encoding='utf-16'?><a>Café “q”</a>".encode("utf-16"), "utf-8"),
        ("<?xml version='1.0'?><a>Café “q”</a>".encode("utf-16-le"), None),
        ("\ufeff<a>Café “q”</a>".encode(), "punycode"),
        ("<a>Café “q”</a>".encode("cp1252"), "unicode_escape"),
        ("<a>Café “q”</a>é“”".encode()[:-1], "iso-8859-1"),  # cut off in a character
        ("<a>Café “q”</a>éé\x92".encode().replace(b"\xc2\x92", b"\x92"), None),  # a byte from elsewhere
    ],
)
def test_a_wrong_encoding_does_not_spoil_the_text(raw: bytes, charset: str | None) -> None:
    assert "<a>Café “q”</a>" in as_text(raw, charset)


def test_broken_xml_is_read_as_far_as_it_goes_and_told() -> None:
    whole = documents.rss(documents.item(1, text="AT&T &eacute;&nbsp;sends \x07 troops"), documents.item(2))
    document = read(whole)
    assert [entry.key for entry in document.entries] == ["g1", "g2"]
    assert document.entries[0].summary == "AT&T é sends troops"
    assert "not well-formed" in str(document.problems[0])
    cut = read(whole[: whole.index("Item 2") + 60])
    assert [entry.key for entry in cut.entries] == ["g1"], "what the cut went through is left for the next poll"


def test_prefixes_that_nothing_declares_mean_what_they_mostly_do() -> None:
    (entry,) = read(documents.rss("<item><guid>g</guid><content:encoded>Whole text.</content:encoded></item>")).entries
    assert entry.text == "Whole text."


@pytest.mark.parametrize(
    ("url", "credit"), [("https://wire.example/rss", ("wire.example",)), ("http://[", ()), ("", ())]
)
def test_a_source_without_a_name_is_its_host(url: str, credit: tuple[str, ...]) -> None:
    (entry,) = read(documents.rss(f"<item><guid>g</guid><source url='{url}'/></item>")).entries
    assert entry.credits == credit


LAUGHS = (
    "<!DOCTYPE rss [<!ENTITY a 'ha'>"
    + "".join(f"<!ENTITY {b} '&{a};&{a};'>" for a, b in zip("abcdef", "bcdefg", strict=True))
    + "]>"
)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (LAUGHS + "<rss><channel><item><title>&g;</title></item></channel></rss>", "declares entities"),
        ("<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><rss><channel><title>&x;</title></channel></rss>", "declares"),
        ("<!-- <a> --><!doctype r [<!ENTITY x SYSTEM 'http://127.0.0.1/'>]><rss/>", "declares entities"),
        ("\x01<!DOCTYPE r [<!ENTITY x 'y'>]><rss><channel><title>&x;</title></channel></rss>", "declares"),
        ("<\x02!DOCTYPE r [<!ENTITY x 'y'>]><rss/>", "declares"),
        ("<!DOCTYPE rss><!DOCTYPE r [<!ENTITY x 'y'>]><rss/>", "declares"),
        ("<!DOCTYPE rss><!-- --><!DOCTYPE rss SYSTEM 'http://127.0.0.1/'><rss/>", "declares"),
        ("\ufeff\ufeff<!DOCTYPE r [<!ENTITY x 'y'>]><rss/>", "declares"),
        ("<a>" * 100, "none of RSS, Atom"),
        ("", "empty"),
        ("nonsense", "not XML"),
        ("{", "no JSON"),
        ('{"a": 1}', "no ninjs"),
        ("[" * 100_000, "no JSON"),
        ("<html><head><link rel=alternate type='application/rss+xml' href='/rss'></head></html>", "not a feed; it names /rss"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_why(text: str, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read(text)


def test_a_document_type_that_only_names_itself_does_no_harm() -> None:
    name = '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://127.0.0.1:1/rss.dtd">'
    assert len(read(name + documents.rss(documents.item(1))).entries) == 1


def test_deep_nesting_is_cut_off() -> None:
    deep = documents.rss(f"<item><guid>g</guid><description>{'<b>' * 5000}x{'</b>' * 5000}</description></item>")
    assert "not well-formed" in str(read(deep).problems[0])
    assert paragraphs("<div>" * 20_000 + "x") in ("x", "")


def test_markup_made_to_take_long_does_not() -> None:
    assert without_bulk("<script>" * 300_000)[:8] == "<script>"
    with pytest.raises(Unreadable, match="none of RSS"):
        read("<!-- -->" * 2_000 + "<a/>")
    assert shown("&" * 1_000_000)
    assert len(paragraphs("<a" * 300_000 + "&amp;" * 300_000)) <= 300_000


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One &amp; two <b>bold</b>.</p>tail<br>Three<!-- c --> four", "One & two bold.\n\ntail\n\nThree four"),
        ("before<figure><p>caption</p></figure>after<script>x()</script>", "before\n\nafter"),
        ("x < y\n\nand z", "x < y\n\nand z"),
        ("<ul><li>a<li>b</ul>", "a\n\nb"),
        ("</div></body>late", "late"),
        ("", ""),
    ],
)
def test_prose_of_markup(markup: str, text: str) -> None:
    assert paragraphs(markup) == text


def test_ids_that_name_several_pages_are_found_out_and_repetitions_are_one() -> None:
    def linked(guid: str, link: str) -> str:
        return f"<item><title>{link}</title><guid isPermaLink='false'>{guid}</guid><link>{BASE}/{link}</link></item>"

    assert not read(documents.rss(linked("same", "1"), linked("same", "2"))).permanent_ids
    repeated = read(documents.rss(linked("same", "1"), linked("same", "1"), linked("other", "2")))
    assert repeated.permanent_ids
    assert [entry.key for entry in repeated.entries] == ["same", "other"]


@pytest.mark.parametrize(
    ("told", "kept", "permanent"),
    [
        ([("One", ""), ("Two", "")], ["One", "Two"], False),
        ([("", "One"), ("", "Two"), ("", "Two")], ["One", "Two"], False),
        ([("Same", "One"), ("Same", "Two")], ["One", "Two"], False),
        ([("One", "One"), ("One", "One")], ["One"], True),
    ],
)  # fmt: skip
def test_articles_with_one_id_and_no_link_are_told_apart_by_what_they_say(
    told: list[tuple[str, str]], kept: list[str], permanent: bool
) -> None:
    items = [
        f"<item><guid isPermaLink='false'>same</guid><title>{title}</title><description>{text}</description></item>"
        for title, text in told
    ]
    document = read(documents.rss(*items))
    assert [entry.summary or entry.title for entry in document.entries] == kept
    assert document.permanent_ids == permanent
    for name in (
        lambda e: name_of(e, BASE, permanent_ids=permanent),
        lambda e: name_of_own(e, permanent_ids=permanent),
    ):
        assert len({name(entry) for entry in document.entries}) == len(kept)


def test_of_an_entry_that_is_there_twice_the_later_is_read_and_another_text_is_not_lost_silently() -> None:
    def entry(text: str, updated: str, link: str = "") -> str:
        return (
            f"<entry><id>tag:x</id><title>t</title><updated>{updated}</updated><summary>{text}</summary>{link}</entry>"
        )

    def atom(*entries: str) -> str:
        return f"<feed xmlns='http://www.w3.org/2005/Atom'>{''.join(entries)}</feed>"

    early, late = "2017-06-22T14:05:00Z", "2017-06-22T15:05:00Z"
    revised = read(atom(entry("old", early), entry("new", late)))
    assert ([e.summary for e in revised.entries], revised.permanent_ids, revised.problems) == (["new"], True, ())
    link = f"<link href='{BASE}/1'/>"
    unclear = read(atom(entry("one", early, link), entry("two", early, link)))
    assert [e.summary for e in unclear.entries] == ["one"]
    assert "twice with one link and different texts" in str(unclear.problems[0])


def test_control_characters_keep_no_article_out() -> None:
    (entry,) = read(documents.rss("<item><guid>g</guid><title>a\x9b31m\x7f b &#27; c</title></item>")).entries
    assert entry.title == "a31m b  c"
    ninjs = {"uri": "urn:a", "headline": "a\x1b[31m b", "body_text": "one\x00 two", "provider": "W\x9bire"}
    (entry,) = read(json.dumps(ninjs)).entries
    assert (entry.title, entry.text, entry.outlet) == ("a[31m b", "one two", "W ire")
    raw = read('{"uri": "urn:a", "headline": "a\x1b b", "body_text": "one\ntwo"}')
    assert (raw.entries[0].title, "control characters" in str(raw.problems[0])) == ("a b", True)


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "file:///etc/passwd", "http://[", "http://a b/", "mailto:a@b.c"]
)
def test_a_link_that_is_no_address_is_none(link: str) -> None:
    (entry,) = read(documents.rss(f"<item><title>t</title><link>{link}</link></item>")).entries
    assert entry.link is None


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("Thu, 22 Jun 2017 14:05:00 +0300", "2017-06-22T11:05:00Z"),
        ("Thu, 22 Jun 2017 14:05:00 EST", "2017-06-22T19:05:00Z"),
        ("22 Jun 2017 14:05 CEST", "2017-06-22T12:05:00Z"),
        ("2017-06-22T14:05:00.123456789+03:00", "2017-06-22T11:05:00Z"),
        ("2017-06-22 14:05:00 +0300", "2017-06-22T11:05:00Z"),
        ("20170622T140500Z", "2017-06-22T14:05:00Z"),
        ("2017-06-22", "2017-06-22T00:00:00Z"),
        ("June 22, 2017", "2017-06-22T00:00:00Z"),
        ("yesterday", None),
        ("0001-01-01T00:00:00Z", None),
        ("9999-12-31T23:59:59-10:00", None),
        ("Thu, 99 Jun 2017 14:05:00 +9999", None),
        ("1" * 10_000, None),
        (None, None),
    ],
)
def test_times_as_feeds_write_them(text: str | None, time: str | None) -> None:
    assert as_time(text) == time


def test_foreign_text_is_shown_in_one_harmless_line() -> None:
    assert shown("a\r\nb\x1b[31m\u202ec\u2028d") == "a b [31m c d"
    assert len(shown("x" * 10_000)) == 120


SAMPLES = [
    documents.RSS.encode(),
    documents.ATOM.encode(),
    documents.RDF.encode(),
    json.dumps([documents.NINJS_1, documents.NINJS_2]).encode(),
    documents.news_message(documents.news_item(content=documents.XHTML)).encode(),
]


@given(
    st.sampled_from(SAMPLES),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 30), st.binary(max_size=12)), max_size=6),
)
def test_whatever_is_broken_in_a_document_it_is_read_or_said_to_be_unreadable(
    sample: bytes, breaks: list[tuple[float, int, bytes]]
) -> None:
    for where, gone, new in breaks:
        at = int(where * len(sample))
        sample = sample[:at] + new + sample[at + gone :]
    try:
        document = read_document(sample, BASE)
    except Unreadable:
        return
    for entry in document.entries:
        assert entry.key
        assert entry.link is None or entry.link.startswith(("http://", "https://"))


@given(st.sampled_from([documents.NINJS_1, documents.NINJS_2]), st.data())
def test_whatever_json_stands_in_ninjs_it_is_an_entry_or_a_problem(
    sample: dict[str, object], data: st.DataObject
) -> None:
    leaves = st.none() | st.booleans() | st.integers() | st.text(max_size=20)
    value = st.recursive(
        leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    )
    names = data.draw(st.lists(st.sampled_from(sorted(sample)), max_size=4))
    changed = sample | {name: data.draw(value) for name in names}
    document = read_document(json.dumps({"items": [changed, documents.NINJS_2]}).encode())
    assert 1 <= len(document.entries) <= 2


def test_blanks_are_read_in_one_pass() -> None:
    assert read_xml(b"<rss>" + b" " * 300_000 + b"</rss>") is not None
