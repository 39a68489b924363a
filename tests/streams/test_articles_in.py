"""Raw articles from files."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.articles_in import ArticleIn, Defaults, NoSuchInput, Unusable, as_time, lines_of, raw_key, read
from streams.identity import article_id, normalised_url
from streams.records import RawArticle, decode

DEFAULTS = Defaults(outlet="Harbour News", published="2031-09-16T00:00:00Z")


def only(path: Path, defaults: Defaults | None = DEFAULTS) -> ArticleIn | Unusable:
    (item,) = read([str(path)], defaults)
    return item


def article(path: Path, defaults: Defaults | None = DEFAULTS) -> RawArticle:
    item = only(path, defaults)
    assert isinstance(item, ArticleIn)
    return decode(item.payload, RawArticle)


def test_a_line_of_json_passes_byte_for_byte() -> None:
    line = b'{ "id" : "1",  "x": [1, 2.50] }'
    assert list(lines_of([line + b"\r\n"], "line ")) == [ArticleIn("line 1", line)]


def test_lines_that_are_no_json_objects_are_named_by_their_number_and_the_others_pass() -> None:
    items = list(lines_of([b'\xef\xbb\xbf{"id":"1"}\n', b"\n", b"{\n", b"[1]\n", b'{"id":"2"}'], "in.jsonl:"))
    assert [item.where for item in items] == ["in.jsonl:1", "in.jsonl:3", "in.jsonl:4", "in.jsonl:5"]
    assert [isinstance(item, ArticleIn) for item in items] == [True, False, False, True]


def test_the_first_line_of_a_text_is_its_title(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("\n\nTroops to go home\n\nThe last of them\nleave on Friday.\n", encoding="utf-8")
    found = article(path)
    assert (found.title, found.body) == ("Troops to go home", "The last of them\nleave on Friday.")
    assert (found.outlet, found.published) == ("Harbour News", "2031-09-16T00:00:00Z")
    assert found.id == article(path).id


@pytest.mark.parametrize(("defaults", "option"), [(Defaults(), "--outlet"), (Defaults(outlet="x"), "--published")])
def test_a_text_without_outlet_or_time_says_which_option_to_give(
    tmp_path: Path, defaults: Defaults, option: str
) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Title\nBody", encoding="utf-8")
    item = only(path, defaults)
    assert isinstance(item, Unusable)
    assert option in item.reason


def test_a_page_says_itself_where_and_when_it_was_published(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(
        "<html><head><title>Troops &amp; trucks | Isle Post</title>"
        '<meta property="og:site_name" content="Isle Post"><link rel="canonical" href="https://isle.example/a">'
        '<meta property="article:published_time" content="2031-09-16T10:00:00+02:00"></head><body>b</body></html>',
        encoding="utf-8",
    )
    found = article(path)
    assert (found.outlet, found.published, found.url) == ("Isle Post", "2031-09-16T08:00:00Z", "https://isle.example/a")
    assert found.title == "Troops & trucks | Isle Post"
    assert found.html is not None
    assert found.html.startswith("<html>")


def test_an_array_of_articles_is_as_many_articles(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(orjson.dumps([{"id": "1"}, 5, {"id": "2"}]))
    items = list(read([str(path)]))
    assert [item.where.removeprefix(str(path)) for item in items] == ["[0]", "[1]", "[2]"]
    assert isinstance(items[1], Unusable)


def test_a_folder_is_searched_through_in_the_order_of_names_and_other_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "2.json").write_text('{"id": "2"}')
    (tmp_path / "a.jsonl").write_text('{"id": "1"}\n')
    (tmp_path / "README.md").write_text("not an article")
    payloads = [item.payload for item in read([str(tmp_path)]) if isinstance(item, ArticleIn)]
    assert payloads == [b'{"id": "1"}', b'{"id":"2"}']


@pytest.mark.parametrize("name", ["missing.json", "picture.png", "."])
def test_what_cannot_be_read_is_refused_by_name(tmp_path: Path, name: str) -> None:
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    empty = tmp_path / "empty"
    empty.mkdir()
    place = empty if name == "." else tmp_path / name
    with pytest.raises(NoSuchInput, match=place.name):
        list(read([str(place)]))


def test_a_text_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("Überschrift\nText".encode("latin-1"))
    item = only(path)
    assert isinstance(item, Unusable)
    assert "UTF-8" in item.reason


@pytest.mark.parametrize(
    ("given_", "meant"),
    [
        ("2017-06-22", "2017-06-22T00:00:00Z"),
        ("2017-06-22T14:05:00Z", "2017-06-22T14:05:00Z"),
        ("2017-06-22T14:05:00+03:00", "2017-06-22T11:05:00Z"),
        ("2017-06-22 14:05", "2017-06-22T14:05:00Z"),
        ("2017-06-22T14:05:00.123Z", "2017-06-22T14:05:00Z"),
    ],
)
def test_times_as_people_write_them(given_: str, meant: str) -> None:
    assert as_time(given_) == meant


@pytest.mark.parametrize("text", ["", "yesterday", "22.06.2017", "2017-13-01", "0001-01-01T00:00:00+14:00"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no time such as"):
        as_time(text)


def test_the_key_of_a_raw_article_is_its_id_as_ingest_derives_it() -> None:
    raw = {"outlet": "o", "published": "p", "url": "http://www.Isle.example/a/?utm_source=x"}
    assert raw_key(orjson.dumps(raw)) == article_id(decode(orjson.dumps(raw), RawArticle))
    assert raw_key(orjson.dumps({**raw, "id": " i7 "})) == "i7"


@given(
    st.one_of(st.binary(), st.text().map(str.encode), st.dictionaries(st.text(), st.integers(0, 99)).map(orjson.dumps))
)
def test_whatever_is_fed_has_a_key_and_always_the_same(payload: bytes) -> None:
    assert raw_key(payload) == raw_key(payload)
    assert raw_key(payload)


@pytest.mark.parametrize(
    "url",
    [
        "https://isle.example/a?x=1&y=2",
        "http://isle.example/a?x=1&y=2",
        "https://www.isle.example/a/?y=2&x=1",
        "HTTPS://ISLE.example:443/a?x=1&y=2#top",
        "https://isle.example/a?utm_source=feed&x=1&y=2&fbclid=abc",
        " https://desk:secret@isle.example./a?x=1&y=2 ",
    ],
)
def test_one_page_has_one_address(url: str) -> None:
    assert normalised_url(url) == "https://isle.example/a?x=1&y=2"


@pytest.mark.parametrize(
    "url", ["urn:newsml:afp.com:20310916:77", "not an address", "http://[broken", "ftp://a.example/x"]
)
def test_what_is_no_web_address_stays_as_it_is(url: str) -> None:
    assert normalised_url(url) == url


@given(st.text())
def test_normalising_twice_changes_nothing(url: str) -> None:
    assert normalised_url(normalised_url(url)) == normalised_url(url)


def test_an_article_without_id_and_url_has_no_id() -> None:
    with pytest.raises(ValueError, match="`id` or a `url`"):
        article_id(RawArticle(outlet="o", published="p", id=" ", url=""))


def test_an_article_that_is_nested_too_deeply_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    path = tmp_path / "articles.json"
    path.write_text('[{"id": ' + "[" * 300 + "]" * 300 + '}, {"id": "good"}]')
    bad, good = read([str(path)])
    assert isinstance(bad, Unusable)
    assert "nested too deeply" in bad.reason
    assert isinstance(good, ArticleIn)
