"""The sample articles as files: each is an article that ingest can take, and the labels speak of articles that exist."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from streams.records import ACT_FAMILY, STATUSES, RawArticle, decode

ROOT = Path(__file__).parents[2]
EXPECTED: dict[str, Any] = json.loads((Path(__file__).parent / "expected.json").read_text(encoding="utf-8"))
FILES = sorted((ROOT / "samples").glob("*.json"))


def _article(path: Path) -> RawArticle:
    return decode(path.read_bytes(), RawArticle)


def _name(article: RawArticle) -> str:
    return article.id or article.url or ""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_sample_is_a_raw_article_with_a_name_an_outlet_a_time_and_one_text(path: Path) -> None:
    article = _article(path)

    assert _name(article)
    assert article.outlet
    assert article.title
    assert datetime.fromisoformat(article.published).tzinfo is not None
    assert (article.body is None) != (article.html is None)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_sample_is_prose_of_150_to_600_words(path: Path) -> None:
    article = _article(path)

    assert 150 <= len((article.body or article.html or "").split()) <= 600


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_addresses_lead_nowhere(path: Path) -> None:
    address = _article(path).url

    assert address is None or (urlsplit(address).hostname or "").endswith(".example")


def test_samples_are_numbered_in_order_of_publication() -> None:
    assert [int(path.name[:2]) for path in FILES] == list(range(1, len(FILES) + 1))
    published = [_article(path).published for path in FILES]
    assert published == sorted(published)


def test_only_corrections_and_withdrawals_repeat_a_name() -> None:
    names = Counter(_name(_article(path)) for path in FILES)
    later = [_article(path) for path in FILES if _article(path).status != "usable"]

    assert {name for name, times in names.items() if times > 1} == {_name(article) for article in later}
    assert all(article.version == 2 for article in later)


def test_labels_name_samples_and_values_that_exist() -> None:
    named = {path.stem for path in FILES}
    pairs = EXPECTED["copies"] + EXPECTED["versions"]

    assert {name for pair in pairs for name in (pair["article"], pair["of"])} <= named
    assert set(EXPECTED["without_claims"]) <= named
    assert {name for event in EXPECTED["events"] for name in event["articles"]} <= named
    assert {event["status"] for event in EXPECTED["events"]} <= set(STATUSES)
    assert {event["family"] for event in EXPECTED["events"]} <= set(ACT_FAMILY.values())


def test_every_sample_is_labelled_with_an_event_as_empty_or_as_a_withdrawal() -> None:
    with_claims = {name for event in EXPECTED["events"] for name in event["articles"]}
    withdrawn = {pair["article"] for pair in EXPECTED["versions"] if pair["relation"] == "withdrawal"}

    assert with_claims | set(EXPECTED["without_claims"]) | withdrawn == {path.stem for path in FILES}
    assert not with_claims & set(EXPECTED["without_claims"])
