"""The registry of topics."""

from __future__ import annotations

from pathlib import Path

import pytest

from streams import reference
from streams.dead_letters import TOPIC as DEAD_LETTERS
from streams.settings import Settings
from streams.stage import Surroundings
from streams.stages import AGENTS, build, names_of
from streams.topics import registry, topic

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.mark.parametrize("page", list(reference.PAGES))
def test_generated_pages_are_fresh(page: str) -> None:
    command = f"muster {page.removesuffix('.md')} --markdown > docs/{page}"
    assert (DOCS / page).read_text(encoding="utf-8") == reference.PAGES[page](), f"write it anew: {command}"


def test_an_unknown_topic_is_refused_with_the_names_that_exist() -> None:
    with pytest.raises(KeyError, match=r"articles\.v1"):
        topic("articles")


def test_the_registry_names_the_stages_that_read_and_write_each_topic() -> None:
    surroundings = Surroundings(Settings(), dict.fromkeys(registry(), 3))
    written: dict[str, list[str]] = {name: [] for name in registry()}
    read: dict[str, list[str]] = {name: [] for name in registry()}
    for name in AGENTS:
        stage = build(name, surroundings)
        assert stage.name == name
        read[stage.consumes].append(name)
        for topic_name in (*stage.publishes, DEAD_LETTERS):
            written[topic_name].append(name)
    for topic_name, found in registry().items():
        assert sorted(found.written_by) == sorted(written[topic_name]), topic_name
        assert sorted(found.read_by) == sorted(read[topic_name]), topic_name


def test_raw_articles_alone_come_from_outside() -> None:
    assert [found.name for found in registry().values() if found.from_outside] == ["articles.raw.v1"]


def test_dedupe_means_both_of_its_stages_and_nothing_means_all() -> None:
    assert names_of(["dedupe"]) == ("dedupe.index", "dedupe.resolve")
    assert names_of([]) == tuple(AGENTS)
    assert names_of(["alert", "ingest"]) == ("ingest", "alert")


def test_a_stage_that_is_none_is_refused_with_those_that_exist() -> None:
    with pytest.raises(ValueError, match="corroborate"):
        names_of(["enrichment"])


def test_compacted_topics_are_those_of_which_the_last_version_holds() -> None:
    assert {name for name, found in registry().items() if found.cleanup == "compact"} == {"events.v1", "stories.v1"}


def test_a_dead_letter_of_the_largest_article_fits_its_topic() -> None:
    largest = Settings().article_bytes
    assert topic("dead-letters.v1").max_message_bytes > largest * 4 / 3 + 10_000
    assert topic("articles.raw.v1").max_message_bytes > largest
