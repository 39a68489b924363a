"""Chains of copies: versions that grow out of each other, and texts that were merged."""

from __future__ import annotations

import pytest

from agents.dedupe.chains import whole_story
from streams.records import RawArticle, Relation, Story
from tests.dedupe.test_dedupe import BRIGADE, FERRY, HARVEST, MUSEUM, raw, settle

PARAGRAPHS = [paragraph for story in (FERRY, MUSEUM, HARVEST, BRIGADE) for paragraph in story.split("\n\n")]


def cut(id: str, first: int, last: int, hour: int) -> RawArticle:
    return raw(id, "\n\n".join(PARAGRAPHS[first:last]), hour)


def wholes(stories: dict[str, Story]) -> dict[str, str]:
    return {article: whole_story(article, stories) for article in stories}


def test_versions_that_grow_out_of_each_other_are_one_story_at_last() -> None:
    stories = settle([cut("v1", 0, 6, 8), cut("v2", 3, 10, 9), cut("v3", 7, 14, 10), cut("copy", 7, 13, 11)])
    assert stories["v3"].story == "v2"
    assert set(wholes(stories).values()) == {"v1"}


def test_two_stories_that_an_outlet_merged_stay_two() -> None:
    merged = raw("merged", f"{FERRY}\n\n{BRIGADE}", 9)
    articles = [raw("ferry", FERRY, 8), merged, raw("brigade", BRIGADE, 10), raw("copy", BRIGADE, 11)]
    stories = settle(articles)
    assert (stories["merged"].story, stories["brigade"].story) == ("ferry", "merged")
    assert (stories["merged"].relation, stories["brigade"].relation) == ("expanded", "excerpt")
    assert wholes(stories) == {"ferry": "ferry", "merged": "ferry", "brigade": "merged", "copy": "merged"}


def story(article: str, origin: str, of: str | None = None, relation: Relation = "copy") -> Story:
    return Story(
        article=article, version=1, revision=1, story=origin, relation="own" if article == origin else relation,
        of=of or (None if article == origin else origin), contained=0.9, containing=0.9, agencies=(),
    )  # fmt: skip


def test_a_chain_ends_where_its_origin_is_no_longer_known() -> None:
    stories = {"b": story("b", "a"), "c": story("c", "b")}
    assert wholes(stories) == {"b": "a", "c": "a"}
    with pytest.raises(KeyError):
        whole_story("a", stories)


def test_a_correction_follows_the_origin_of_its_text() -> None:
    stories = {"a": story("a", "a"), "b": story("b", "a"), "c": story("c", "b", of="c", relation="correction")}
    assert wholes(stories)["c"] == "a"


def test_records_that_name_each_other_end_as_well() -> None:
    # Such are no result of the index, but somebody may read records of two windows.
    stories = {"a": story("a", "b"), "b": story("b", "a")}
    assert set(wholes(stories).values()) <= {"a", "b"}
