"""ninjs and NewsML-G2 in files and folders, beside those of the other kinds."""

from __future__ import annotations

import json
from pathlib import Path

import orjson
import pytest

from agents.ingest.clean import article_of
from streams.articles_in import ArticleIn, Defaults, Unusable, read
from streams.records import RawArticle, decode
from streams.settings import Settings
from tests.feeds import documents

NOW_MS = 1_800_000_000_000


def test_a_folder_of_agencies_files_gives_articles_that_ingest_takes(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps([documents.NINJS_1, documents.NINJS_2]), encoding="utf-8")
    (tmp_path / "b.xml").write_text(documents.news_message(documents.news_item(version=2)), encoding="utf-8")
    raw = {"id": "own", "outlet": "Isle Post", "published": "2017-06-22", "body": "Fiji sends troops."}
    (tmp_path / "c.json").write_text(json.dumps(raw), encoding="utf-8")
    found = list(read([str(tmp_path)]))
    assert all(isinstance(one, ArticleIn) for one in found)
    articles = [decode(one.payload, RawArticle) for one in found if isinstance(one, ArticleIn)]
    assert [(a.id, a.version) for a in articles] == [
        ("urn:newsml:wire.example:20170622:77", 3),
        ("urn:newsml:wire.example:20170622:78", 1),
        ("urn:newsml:wire.example:20170622:79", 2),
        ("own", None),
    ]
    cleaned = [article_of(article, NOW_MS, Settings()) for article in articles]
    assert [c.outlet_name for c in cleaned] == ["Atlantic Wire"] * 3 + ["Isle Post"]
    assert all("Fiji" in c.text for c in cleaned)
    assert "isle-press-agency" in {credit.agency for credit in cleaned[0].credits}


@pytest.mark.parametrize(
    ("change", "status", "version"),
    [
        ({"pubstatus": "canceled"}, "withdrawn", 3),
        ({"pubstatus": "canceled", "version": ""}, "withdrawn", 2),
        ({"pubstatus": "withheld"}, "withdrawn", 3),
        ({"version": ""}, "usable", 1),
    ],
)
def test_what_became_of_an_article_is_told(tmp_path: Path, change: dict[str, str], status: str, version: int) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(orjson.dumps(documents.NINJS_1 | change))
    (one,) = read([str(path)])
    assert isinstance(one, ArticleIn)
    article = decode(one.payload, RawArticle)
    assert (article.status, article.version) == (status, version)
    article_of(article, NOW_MS, Settings())


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        (
            "a.json",
            json.dumps(documents.NINJS_1 | {"version": "1", "pubstatus": "withheld"}),
            "its provider withholds it",
        ),
        ("a.json", json.dumps(documents.NINJS_1 | {"embargoed": "2999-01-01T00:00:00Z"}), "embargoed until 2999"),
        ("a.json", json.dumps(documents.NINJS_2 | {"copyrightholder": ""}), "give --outlet"),
        ("a.json", json.dumps(documents.NINJS_2 | {"firstcreated": "soon"}), "give --published"),
        ("a.xml", "<a/>", "none of RSS, Atom, NewsML-G2 and ninjs"),
        ("a.xml", "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>", "declares entities"),
    ],
)
def test_what_is_none_says_why(tmp_path: Path, name: str, text: str, reason: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    (one,) = read([str(path)])
    assert isinstance(one, Unusable)
    assert reason in one.reason


def test_a_saved_feed_is_read_with_the_outlet_that_is_given(tmp_path: Path) -> None:
    path = tmp_path / "rss.xml"
    path.write_text(documents.rss(documents.item(1)), encoding="utf-8")
    (one,) = read([str(path)], Defaults(outlet="Isle Post"))
    assert isinstance(one, ArticleIn)
    assert decode(one.payload, RawArticle).outlet == "Isle Post"
