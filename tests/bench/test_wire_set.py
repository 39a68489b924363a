"""The generator of copies and hard negatives: one seed one set, every kind in it, and every copy in its origin's story."""

from __future__ import annotations

import bz2
import random
from pathlib import Path

import pytest

from bench.wire import templates
from bench.wire.changes import CHANGES, Material, quotations_kept, tightened
from bench.wire.generate import COPIES, ORIGIN, generated
from bench.wire.negatives import NEGATIVES
from bench.wire.news import COPY, UNRELATED, news
from bench.wire.stories import Exhausted, MadeStories, RealStories, as_news
from bench.wire.style import in_other_style

MADE = generated(60, seed=7)
README = Path(__file__).parents[2] / "bench" / "README.md"
KINDS = [ORIGIN, *(one.name for one in CHANGES), *(one.name for one in NEGATIVES)]


def material(story: list[str]) -> Material:
    return Material(random.Random(1), story, ["Another story was told before."], lambda: ["Nowhere else is this told."])


def test_one_seed_gives_one_set_and_another_seed_another() -> None:
    assert generated(60, seed=7) == MADE
    assert [one.raw.body for one in generated(60, seed=8)] != [one.raw.body for one in MADE]


def test_every_kind_of_change_and_of_hard_negative_is_in_the_set() -> None:
    assert {one.kind for one in MADE} == set(KINDS)


def test_a_copy_is_of_the_story_of_its_origin_and_comes_after_it() -> None:
    origins = {one.story: one for one in MADE if one.kind == ORIGIN}
    copies = [one for one in MADE if one.kind in {change.name for change in CHANGES}]
    assert len(copies) == COPIES * len(origins) == 180
    assert all(origins[copy.story].raw.published < copy.raw.published for copy in copies)


def test_a_hard_negative_is_a_story_of_its_own() -> None:
    stories = [one.story for one in MADE]
    negatives = [one for one in MADE if one.kind in {negative.name for negative in NEGATIVES}]
    assert negatives
    assert all(stories.count(one.story) == 1 for one in negatives)


def test_articles_are_in_the_order_of_their_publication_with_ids_of_their_own() -> None:
    assert sorted(MADE, key=lambda one: (one.raw.published, one.id)) == MADE
    assert len({one.id for one in MADE}) == len(MADE)


@pytest.mark.parametrize("kind", [*KINDS, COPY, UNRELATED])
def test_every_kind_is_explained_in_the_readme(kind: str) -> None:
    assert f"| {kind} |" in README.read_text(encoding="utf-8")


def test_no_quotation_is_cut_out_of_the_middle() -> None:
    story = ["Lead.", "One.", "“Two,” he said.", "Three.", "Four.", "“Five.”", "Six.", "Seven.", "Eight.", "End."]
    left = quotations_kept(material(story))
    assert [paragraph for paragraph in story if "“" in paragraph] == [p for p in left if "“" in p]
    assert (left[0], left[-1], len(left)) == ("Lead.", "End.", 6)


def test_every_third_sentence_is_dropped_throughout_the_text() -> None:
    story = ["One went. Two went.", "Three went. Four went. Five went.", "Six went."]
    assert tightened(material(story)) == ["One went. Two went.", "Four went. Five went."]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("On 22 June the defence ministry sent two officers.", "On June 22 the defense ministry sent 2 officers."),
        ("Defense of the harbor cost 12 percent.", "Defence of the harbour cost 12 %."),
    ],
)
def test_a_text_takes_the_style_of_the_desk_across_the_ocean(one: str, other: str) -> None:
    assert in_other_style(one) == other


def test_bulletins_in_a_row_have_the_same_names_and_successive_numbers() -> None:
    first, second = templates.series("package after package", 2, random.Random(3))
    assert first != second
    numbers = [
        int(
            "".join(
                filter(
                    str.isdigit,
                    next(w for w in " ".join(told).split() if w[0].isdigit() and w.endswith(("th", "st", "nd", "rd"))),
                )
            )
        )
        for told in (first, second)
    ]
    assert numbers[1] == numbers[0] + 1


def test_no_made_story_is_handed_out_twice() -> None:
    stories = MadeStories(1)
    assert len({tuple(stories.fresh()) for _ in range(60)}) == 60


def test_real_stories_are_runs_of_pages_set_as_news_and_end(tmp_path: Path) -> None:
    folder = tmp_path / "gensim" / "test" / "test_data"
    folder.mkdir(parents=True)
    for name in ("lee_background.cor", "lee.cor"):
        (folder / name).write_text("A text of the news.\n", encoding="cp1252")
    sentences = [
        f"This is sentence {number} of a page, with words enough for a paragraph in it." for number in range(60)
    ]
    page = "\n\n".join(" ".join(sentences[place : place + 6]) for place in range(0, 60, 6))
    twice = "".join(f"<page><text>{page}</text></page>" for _ in range(2))
    (folder / "enwiki-x-shortened.bz2").write_bytes(bz2.compress(f"<mediawiki xmlns='x'>{twice}</mediawiki>".encode()))
    stories = RealStories(1, tmp_path)
    told = [stories.fresh() for _ in range(len(stories))]
    words = [len(" ".join(story).split()) for story in told]
    assert told
    assert all(150 <= count <= 900 for count in words)
    assert sum(words) < 1100, "the page that repeats the first one is left out"
    assert any("a spokesman said" in " ".join(story) for story in told)
    with pytest.raises(Exhausted):
        stories.fresh()
    assert [(one.kind, one.story) for one in news(tmp_path)] == [(UNRELATED, "news0"), (UNRELATED, "news1")]


def test_a_page_that_quotes_already_is_given_no_other_speech() -> None:
    page = ["“Go,” he said. " + "They went on and on. " * 20]
    assert as_news(page)[0].startswith("“Go,” he said.")
    assert "spokesman" not in " ".join(as_news(page))
