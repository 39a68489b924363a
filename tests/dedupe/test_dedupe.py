"""Dedupe as a whole: raw articles through ingest, the index and resolve, in any order and over any number of partitions."""

from __future__ import annotations

import dataclasses
import gc
import random
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import agents.dedupe.ageing as ageing
import agents.dedupe.index as index
import agents.dedupe.kept as kept
import agents.dedupe.table as table
from agents.dedupe.agent import index_stage, resolve_stage
from agents.dedupe.chains import whole_story
from agents.dedupe.held import Pool
from agents.dedupe.index import Index
from agents.ingest.agent import stage as ingest_stage
from agents.ingest.clean import article_of
from streams.commands.copies import new_in
from streams.records import Anchors, Candidate, Matches, Notice, RawArticle, Relation, Story, decode, encode
from streams.settings import Settings
from streams.stage import Received, Rejected, Stage, Surroundings
from tests.dedupe.bulletins import bulletin
from wirecopy import bitmaps
from wirecopy.fingerprint import from_text as fingerprint_from_text
from wirecopy.fingerprint import to_text
from wirecopy.relation import Overlap, between

PROSE = tomllib.loads((Path(__file__).parents[1] / "wirecopy" / "prose.toml").read_text(encoding="utf-8"))
BRIGADE: str = PROSE["stories"]["brigade"].strip()
FERRY: str = PROSE["stories"]["ferry"].strip()
MUSEUM: str = PROSE["stories"]["museum"].strip()
HARVEST: str = PROSE["stories"]["harvest"].strip()
LOCAL: str = PROSE["boilerplate"]["ellery"].strip()
HEARD_HERE: str = PROSE["statement"]["here"].strip()
HEARD_THERE: str = PROSE["statement"]["there"].strip()
STANDING_TEXT: str = PROSE["boilerplate"]["orun"].strip()
RECEIVED = Received(0, 0, 1_500_000_000_000)


def raw(id: str, body: str, hour: int = 10, **fields: Any) -> RawArticle:
    values = {"outlet": f"{id}.example", "title": f"Headline of {id}", **fields}
    day = 22 + hour // 24
    return RawArticle(id=id, published=f"2017-06-{day:02}T{hour % 24:02}:00:00Z", body=body, **values)


def edited(text: str) -> str:
    return "\n\n".join(
        " ".join("altered" if place % 24 == 11 else word for place, word in enumerate(paragraph.split()))
        for paragraph in text.split("\n\n")
    )


ORIGIN = raw("origin", f"SARN (Reuters) - {BRIGADE}", 8)
SET = [
    ORIGIN,
    raw("whole", BRIGADE, 9),
    raw("cut", "\n\n".join(BRIGADE.split("\n\n")[:3]), 10, title="Mules to guard the strait"),
    raw("edited", f"{edited(BRIGADE)}\n\n{STANDING_TEXT}", 11),
    raw("merged", f"{LOCAL}\n\n{BRIGADE}", 12),
    raw("ferry", f"{FERRY}\n\n{STANDING_TEXT}", 9, outlet="edited.example"),
    raw("museum", MUSEUM, 9),
    raw("reprint", MUSEUM, 30),
    raw("harvest", HARVEST, 13, version=1),
    raw("harvest", HARVEST.replace("a third", "a quarter"), 13, version=2, status="corrected"),
    raw("old", HARVEST, 13 + 80),
    raw("gone", FERRY, 14, version=2, status="withdrawn"),
    raw("brief", "—", 14, title="…"),
    raw("heard", HEARD_HERE, 10),
    raw("overheard", HEARD_THERE, 15),
    raw("losses", bulletin("losses", 1).text, 10),
    raw("later-losses", bulletin("losses", 2).text, 20),
    raw("reprinted-losses", bulletin("losses", 2).text, 21),
    raw("short-notice", f"{FERRY.split('.', maxsplit=1)[0]}.\n\n{STANDING_TEXT}", 16, outlet="edited.example"),
]


class Run:
    """The two stages of dedupe over partitions, each partition with a log that is read in its order."""

    def __init__(self, partitions: int, window_hours: float = 72.0) -> None:
        surroundings = Surroundings(
            dataclasses.replace(Settings(), copy_window_hours=window_hours), {"anchors.v1": partitions}
        )
        self.ingest = ingest_stage(surroundings)
        self.index, self.resolve = index_stage(surroundings), resolve_stage(surroundings)
        assert self.index.new_state is not None
        assert self.resolve.new_state is not None
        self.index_states = [self.index.new_state() for _ in range(partitions)]
        self.resolve_state = self.resolve.new_state()
        self.stories: dict[str, Story] = {}
        self.revisions: dict[str, list[int]] = {}

    def questions(self, article: RawArticle) -> list[Anchors]:
        return [output.record for output in self.ingest.step(None, article, RECEIVED)[1:]]

    def ask(self, question: Anchors) -> list[Matches]:
        arrived = decode(encode(question), Anchors)
        outputs = self.index.step(self.index_states[question.partition], arrived, RECEIVED)
        assert all(output.key == output.record.article for output in outputs)
        return [output.record for output in outputs]

    def answer(self, matches: Matches) -> None:
        for output in self.resolve.step(self.resolve_state, decode(encode(matches), Matches), RECEIVED):
            story: Story = decode(encode(output.record), Story)
            self.revisions.setdefault(story.article, []).append(story.revision)
            before = self.stories.get(story.article)
            if before is None or story.revision >= before.revision:
                self.stories[story.article] = story

    def feed(self, articles: Sequence[RawArticle]) -> None:
        for article in articles:
            for question in self.questions(article):
                for matches in self.ask(question):
                    self.answer(matches)

    def settled(self) -> dict[str, Story]:
        return {id: dataclasses.replace(story, revision=0) for id, story in sorted(self.stories.items())}


def settle(articles: Sequence[RawArticle], partitions: int = 4) -> dict[str, Story]:
    run = Run(partitions)
    run.feed(articles)
    return run.settled()


def test_copies_have_the_right_relation_and_the_first_article_as_origin() -> None:
    stories = settle(SET)
    assert {id: (story.relation, story.of, story.story) for id, story in stories.items()} == {
        "origin": ("own", None, "origin"),
        "whole": ("copy", "origin", "origin"),
        "cut": ("copy", "origin", "origin"),
        "edited": ("expanded", "origin", "origin"),
        "merged": ("copy", "origin", "origin"),
        "ferry": ("own", None, "ferry"),
        "museum": ("own", None, "museum"),
        "reprint": ("copy", "museum", "museum"),
        "harvest": ("correction", "harvest", "harvest"),
        "old": ("own", None, "old"),
        "gone": ("withdrawal", "gone", "gone"),
        "brief": ("own", None, "brief"),
        "heard": ("own", None, "heard"),
        "overheard": ("quote-reuse", "heard", "overheard"),
        "losses": ("own", None, "losses"),
        "later-losses": ("own", None, "later-losses"),
        "reprinted-losses": ("copy", "later-losses", "later-losses"),
        "short-notice": ("update", "ferry", "ferry"),
    }
    assert stories["merged"].agencies == ("reuters",)
    assert stories["merged"].containing > 0.9 > stories["merged"].contained


def test_a_story_cut_to_its_first_paragraphs_is_an_excerpt() -> None:
    cut = raw("cut", "\n\n".join(BRIGADE.split("\n\n")[:2]), 10)
    story = settle([ORIGIN, cut])["cut"]
    assert (story.relation, story.of) == ("excerpt", "origin")
    assert story.contained > 0.8
    assert story.containing < 0.5


def test_a_story_within_a_longer_one_is_expanded() -> None:
    longer = raw("longer", f"{HARVEST}\n\n{BRIGADE}\n\n{LOCAL}\n\n{FERRY}", 10)
    story = settle([ORIGIN, longer])["longer"]
    assert (story.relation, story.of) == ("expanded", "origin")


def test_two_stories_merged_belong_to_the_one_that_most_of_the_text_comes_from() -> None:
    brief = "\n\n".join(FERRY.split("\n\n")[:3])
    articles = [raw("ferry", FERRY, 7), ORIGIN, raw("both", f"{brief}\n\n{BRIGADE}", 10), raw("brief", brief, 9)]
    story = settle(articles)["both"]
    assert (story.story, story.of, story.agencies) == ("origin", "origin", ("reuters",))


def test_a_text_that_grew_out_of_a_short_one_stays_in_its_story() -> None:
    flash = raw("flash", "\n\n".join(BRIGADE.split("\n\n")[:2]), 7)
    stories = settle([flash, ORIGIN, raw("copy", BRIGADE, 10)])
    assert (whole_story("copy", stories), stories["copy"].of) == ("flash", "origin")


def test_an_answer_whose_bitmap_cannot_be_read_is_rejected() -> None:
    run = Run(1)
    run.feed([ORIGIN])
    question = run.questions(raw("whole", BRIGADE, 9))[0]
    (matches,) = run.ask(question)
    broken = dataclasses.replace(matches.candidates[0], found="?")
    other = dataclasses.replace(broken, article="other")
    with pytest.raises(Rejected, match="found"):
        run.answer(dataclasses.replace(matches, candidates=(broken, other)))


def test_of_many_copies_in_any_order_each_pair_is_compared_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, str]] = []

    def counted(found: Overlap, later: Matches, earlier: Candidate, notice: Notice | None) -> Relation:
        asked.append((later.article, earlier.article))
        return between(found, later, earlier, notice)

    monkeypatch.setattr("agents.dedupe.resolve.between", counted)
    copies = [raw(f"copy{n:03}", BRIGADE, n % 40) for n in range(80)]
    random.Random(1).shuffle(copies)
    assert {story.story for story in settle(copies, 1).values()} == {"copy000"}
    assert len(asked) == len(set(asked))


def test_an_origin_that_arrives_after_its_copies_becomes_their_origin() -> None:
    run = Run(4)
    run.feed(SET[1:5])
    assert run.stories["merged"].story == "whole"
    run.feed(SET[:1])
    assert {run.stories[id].story for id in ("whole", "cut", "edited", "merged")} == {"origin"}
    assert run.stories["whole"].agencies == ("reuters",)


def new(story: Story, articles: Sequence[RawArticle]) -> list[str]:
    clean = [article_of(article, RECEIVED.timestamp_ms, Settings()) for article in articles]
    return [
        span["text"] for span in new_in(story, lambda id: {one.version: one for one in clean if one.id == id}) or ()
    ]


def test_what_is_new_in_a_copy_is_told_against_its_origin_also_when_that_comes_last() -> None:
    paragraphs = BRIGADE.split("\n\n")
    flash = raw("flash", "\n\n".join(paragraphs[:3]), 9)
    merged = raw("merged", f"{LOCAL}\n\n{BRIGADE}", 12)
    assert new(settle([flash, merged])["merged"], [flash, merged]) == [LOCAL, *paragraphs[3:]]
    for order in ([flash, ORIGIN, merged], [flash, merged, ORIGIN], [merged, ORIGIN, flash]):
        stories = settle(order)
        assert (stories["merged"].of, stories["merged"].story) == ("origin", "origin")
        assert new(stories["merged"], order) == [LOCAL]
    assert new(settle([ORIGIN, SET[1]])["whole"], [ORIGIN, SET[1]]) == []


def test_what_is_new_in_a_correction_is_told_against_the_version_before() -> None:
    corrected = raw("origin", f"SARN (Reuters) - {BRIGADE}\n\n{LOCAL}", 14, version=2, status="corrected")
    for order in ([ORIGIN, corrected], [corrected, ORIGIN]):
        assert new(settle(order)["origin"], order) == [LOCAL]


def test_the_share_that_is_contained_is_that_of_the_hashes_that_are_found() -> None:
    for story in settle(SET).values():
        article = next(a for a in SET if a.id == story.article and (a.version or 1) == story.version)
        size = len(fingerprint_from_text(article_of(article, RECEIVED.timestamp_ms, Settings()).fingerprint))
        found = bitmaps.from_text(story.found, size)
        assert story.contained == pytest.approx(found.sum() / size if size else 0.0, abs=1e-4)


def test_of_two_copies_dated_alike_the_smaller_id_is_the_origin() -> None:
    twins = [raw("a-twin", BRIGADE, 9), raw("b-twin", BRIGADE, 9)]
    assert settle(twins)["b-twin"].story == settle(twins[::-1])["b-twin"].story == "a-twin"


def test_unrelated_stories_under_one_outlets_standing_text_are_its_own() -> None:
    run = settle(
        [
            raw("one", f"{FERRY}\n\n{STANDING_TEXT}", 9, outlet="Orun Courier"),
            raw("two", f"{MUSEUM}\n\n{STANDING_TEXT}", 10, outlet="Orun Courier"),
            raw("three", f"{HARVEST.split(chr(10), maxsplit=1)[0]}\n\n{STANDING_TEXT}", 11, outlet="Orun Courier"),
            raw("four", f"{BRIGADE.split(chr(10), maxsplit=1)[0]}\n\n{STANDING_TEXT}", 12, outlet="Orun Courier"),
        ]
    )
    assert {story.relation for story in run.values()} == {"own"}


def test_beyond_the_window_nothing_is_recognised() -> None:
    assert settle([raw("one", BRIGADE, 0), raw("two", BRIGADE, 72)])["two"].story == "one"
    assert settle([raw("one", BRIGADE, 0), raw("two", BRIGADE, 73)])["two"].story == "two"


def test_a_correction_after_the_copies_leaves_the_first_version_the_origin() -> None:
    corrected = raw("origin", f"SARN (Reuters) - {edited(BRIGADE)}", 14, version=2, status="corrected")
    for order in ([*SET[:5], corrected], [corrected, *SET[4::-1]]):
        stories = settle(order)
        assert (stories["origin"].relation, stories["origin"].story) == ("correction", "origin")
        assert stories["origin"].version == 2
        assert {stories[id].story for id in ("whole", "cut", "edited", "merged")} == {"origin"}


def test_a_copy_that_is_corrected_stays_in_its_story() -> None:
    corrected = raw("whole", f"{BRIGADE}\n\n{LOCAL}", 15, version=2, status="corrected")
    story = settle([ORIGIN, SET[1], corrected])["whole"]
    assert (story.relation, story.of, story.story) == ("correction", "whole", "origin")


def test_a_withdrawn_article_says_so_and_its_text_finds_nothing_more() -> None:
    withdrawn = raw("whole", BRIGADE, 12, version=3, status="withdrawn")
    stories = settle([ORIGIN, SET[1], withdrawn])
    assert (stories["whole"].relation, stories["whole"].version) == ("withdrawal", 3)


@settings(max_examples=40, deadline=None)
@given(order=st.permutations(SET), twice=st.lists(st.sampled_from(SET), max_size=6), partitions=st.integers(1, 6))
def test_any_order_duplication_and_partitioning_settles_to_the_same_stories(
    order: list[RawArticle], twice: list[RawArticle], partitions: int
) -> None:
    assert settle([*order, *twice], partitions) == settle(SET)


@settings(max_examples=40, deadline=None)
@given(data=st.data(), partitions=st.integers(2, 4))
def test_partitions_may_lag_behind_each_other_and_answers_arrive_in_any_order(
    data: st.DataObject, partitions: int
) -> None:
    run = Run(partitions)
    logs: list[list[Anchors]] = [[] for _ in range(partitions)]
    for article in data.draw(st.permutations(SET)):
        for question in run.questions(article):
            logs[question.partition].append(question)
    answers: list[Matches] = []
    while any(logs):
        log = data.draw(st.sampled_from([log for log in logs if log]))
        answers += run.ask(log.pop(0))
    for matches in data.draw(st.permutations(answers)):
        run.answer(matches)
    assert run.settled() == settle(SET)
    assert all(seen == sorted(seen) for seen in run.revisions.values())


def question(id: int, hour: int, anchors: tuple[int, ...], group: int, partitions: int) -> list[Anchors]:
    """What an article of a group asks that holds these anchors: articles of one group have the same text otherwise."""
    fingerprint = to_text([n << 32 for n in sorted({*anchors, *range(1000 * group + 100, 1000 * group + 150)})])
    asked = tuple(sorted({anchor % partitions for anchor in anchors}))
    return [
        Anchors(
            article=f"n{id}", version=1, status="usable", published=f"2017-06-{22 + hour // 24}T{hour % 24:02}:00:00Z",
            outlet=f"n{id}.example", family=f"n{id}.example", agencies=(), asked=asked, partition=partition,
            anchors=tuple(anchor << 32 for anchor in anchors if anchor % partitions == partition), fingerprint=fingerprint,
        )
        for partition in asked
    ]  # fmt: skip


def settle_questions(questions: Sequence[Sequence[Anchors]], partitions: int, window_hours: float) -> dict[str, Story]:
    run = Run(partitions, window_hours)
    for asked in questions:
        for one in asked:
            for matches in run.ask(one):
                run.answer(matches)
    assert all(seen == sorted(seen) for seen in run.revisions.values())
    return run.settled()


def test_what_is_pushed_out_of_a_crowded_anchor_late_no_longer_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "EARLIEST", 2)
    strangers = [question(1, 1, (7,), 1, 1), question(2, 2, (7,), 2, 1)]
    pair = [question(3, 3, (7,), 3, 1), question(4, 4, (7,), 3, 1)]
    assert settle_questions(pair, 1, 72.0)["n4"].story == "n3"
    for order in ([*strangers, *pair], [*pair, *strangers], [*pair, *strangers[::-1]]):
        assert settle_questions(order, 1, 72.0)["n4"].story == "n4"
    # Another anchor that is not crowded keeps the pair together.
    pair = [question(3, 3, (7, 8), 3, 2), question(4, 4, (7, 8), 3, 2)]
    strangers = [question(1, 1, (7,), 1, 2), question(2, 2, (7,), 2, 2)]
    assert settle_questions([*pair, *strangers], 2, 72.0)["n4"].story == "n3"


def reloaded(stage: Stage, state: Any) -> Any:
    """The state as it comes back from a disk."""
    assert stage.new_state is not None
    assert stage.kept is not None
    new = stage.new_state()
    for part in list(stage.kept.dump(state)):
        stage.kept.load(new, part)
    return new


@pytest.mark.parametrize("earliest", [2, index.EARLIEST])
@given(order=st.permutations(SET), at=st.integers(0, len(SET)), partitions=st.integers(1, 4), late=st.integers(0, 5))
@settings(max_examples=25, deadline=None)
def test_states_from_a_disk_answer_as_those_that_were_written(
    earliest: int, order: list[RawArticle], at: int, partitions: int, late: int
) -> None:
    """Also when the last records before the snapshot are folded once more, and when anchors are crowded."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index, "EARLIEST", earliest)
        patch.setattr(index, "INLINE", 1)
        patch.setattr(table, "INLINE", 1)
        patch.setattr(kept, "ARTICLES", 3)
        patch.setattr(kept, "CANDIDATES", 4)
        patch.setattr(kept, "SLOTS", 32)
        run, other = Run(partitions), Run(partitions)
        for article in order[:at]:
            for one in (run, other):
                _settle(one, article)
        other.index_states = [reloaded(other.index, state) for state in other.index_states]
        other.resolve_state = reloaded(other.resolve, other.resolve_state)
        assert list(map(len, other.index_states)) == list(map(len, run.index_states))
        for article in order[max(0, at - late) :]:
            for one in (run, other):
                _settle(one, article)
        assert other.stories == run.stories
        assert [_all_of(state) for state in other.index_states] == [_all_of(state) for state in run.index_states]


def test_answers_of_a_story_with_many_copies_are_kept_in_parts_of_a_bounded_size(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is known of it grows with the square of its copies, where they come newest first."""
    monkeypatch.setattr(kept, "CANDIDATES", 30)
    run = Run(2)
    (article, *_) = SET
    for number in range(40):
        published = f"2017-06-22T12:{59 - number:02}:00Z"
        _settle(run, dataclasses.replace(article, id=f"copy{number}", outlet=f"outlet {number}", published=published))
    assert run.resolve.kept is not None
    parts = [
        sum(1 + len(said[4 - 1]) for known in msgspec.msgpack.decode(part) for said in known)
        for part in run.resolve.kept.dump(run.resolve_state)
    ]
    assert sum(parts) > 200
    assert max(parts) < 30 + 1 + 40 * 2
    assert len(reloaded(run.resolve, run.resolve_state)) == len(run.resolve_state)


def _settle(run: Run, article: RawArticle) -> None:
    for question in run.questions(article):
        for matches in run.ask(question):
            run.answer(matches)


def _all_of(state: Index) -> tuple[list[tuple[int, str, int, bytes]], list[tuple[int, list[str]]]]:
    """What a state holds, whatever numbers it has for its articles."""
    names = {number: f"{held.article} {held.version}" for number, held in state.articles()}
    slots = state.slots()
    anchors = memoryview(slots.anchors).cast("I").tolist()
    articles = memoryview(slots.articles).cast("i").tolist()
    pairs = [(anchor, [names[number]]) for anchor, number in zip(anchors, articles, strict=True) if number >= 0]
    many = [(anchor, [names[number] for number in numbers]) for anchor, numbers in slots.many]
    return sorted(held.order() for _, held in state.articles()), sorted(pairs + many)


def test_partitions_from_a_disk_hold_an_article_once_and_let_it_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ageing, "KEPT_AT_LEAST", 0)
    run = Run(3)
    for hour in range(12):
        _settle(run, raw(f"a{hour}", f"{BRIGADE}\n\n{LOCAL} {hour}", hour))
    again = Run(3)
    again.index_states = [reloaded(again.index, state) for state in run.index_states]
    again.resolve_state = reloaded(again.resolve, run.resolve_state)
    assert len(again.index_states[0].pool) == len(run.index_states[0].pool)
    for one in (run, again):
        for hour in (190, 191, 192, 193):
            _settle(one, raw(f"b{hour}", MUSEUM, hour))
    assert [_all_of(state) for state in again.index_states] == [_all_of(state) for state in run.index_states]
    assert len(again.resolve_state) == len(run.resolve_state)


some_articles = st.lists(
    st.tuples(
        st.integers(0, 30), st.sets(st.integers(1, 4), min_size=1).map(lambda s: tuple(sorted(s))), st.integers(1, 3)
    ),
    min_size=2,
    max_size=12,
)


@settings(max_examples=150, deadline=None)
@given(articles=some_articles, data=st.data(), partitions=st.integers(1, 3), earliest=st.integers(1, 3))
def test_crowded_anchors_are_capped_alike_in_any_order(
    articles: list[tuple[int, tuple[int, ...], int]], data: st.DataObject, partitions: int, earliest: int
) -> None:
    def asked(split: int) -> list[list[Anchors]]:
        return [question(id, *article, split) for id, article in enumerate(articles)]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index, "EARLIEST", earliest)
        shuffled = settle_questions(data.draw(st.permutations(asked(partitions))), partitions, 12.0)
        assert shuffled == settle_questions(asked(1), 1, 12.0)


def test_a_story_that_very_many_outlets_copy_keeps_its_origin() -> None:
    copies = [raw(f"outlet{number:03}", BRIGADE, 9 + number % 20) for number in range(3 * index.EARLIEST)]
    for order in (copies, copies[::-1], copies[::2] + copies[1::2]):
        stories = settle([*order[:50], ORIGIN, *order[50:]], partitions=2)
        assert {story.story for story in stories.values()} == {"origin"}


def test_a_fold_alone_leads_to_the_same_state_as_stepping() -> None:
    stepped, folded = Run(2), Run(2)
    stepped.feed(SET[:4])
    assert folded.index.fold is not None
    for article in SET[:4]:
        for question in folded.questions(article):
            folded.index.fold(folded.index_states[question.partition], question)
    for question in stepped.questions(SET[4]):
        assert folded.ask(question) == stepped.ask(question)
    assert folded.index.size is not None
    assert [len(state) for state in folded.index_states] == [len(state) for state in stepped.index_states]


def test_partitions_of_one_process_hold_an_article_once_and_let_it_go_together() -> None:
    pool = Pool()
    states = [Index(72.0, pool) for _ in range(4)]
    run = Run(4)
    held = [states[q.partition].add(q) for article in SET[:5] for q in run.questions(article)]
    assert len({id(one) for one in held}) == 5 < len(held)
    assert len(pool) == 5
    del states, held, run
    gc.collect()
    assert len(pool) == 0


def test_an_equal_question_is_answered_equally_again() -> None:
    run = Run(2)
    run.feed(SET)
    for article in SET:
        for question in run.questions(article):
            assert run.ask(question) == run.ask(question)


def test_old_articles_are_let_go_a_few_at_a_time_and_only_when_there_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ageing, "KEPT_AT_LEAST", 5)
    run = Run(1, window_hours=24.0)
    state = run.index_states[0]
    run.feed([raw(f"n{number}", f"{BRIGADE}\n\nNumber {number} of them.", 0) for number in range(6)])
    assert len(state) == 6
    run.feed([raw("later", FERRY, 24 + 24)])
    assert len(state) == 7
    run.feed([raw("latest", MUSEUM, 24 + 24 + 2)])
    assert len(state) == 5
    run.feed([raw(f"m{number}", f"{HARVEST}\n\nNumber {number} of them.", 51) for number in range(4)])
    assert len(state) == 6
    assert {story.story for id, story in run.stories.items() if id.startswith("m")} == {"m0"}


def test_letting_go_takes_a_bounded_time_with_each_record(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ageing, "KEPT_AT_LEAST", 0)
    old: ageing.Ageing[int] = ageing.Ageing(1.0)
    for number in range(100):
        old.add(number, number)
        assert old.expired() == []
    old.add(10 * 3600, -1)
    gone = []
    while part := old.expired():
        assert len(part) <= ageing.AT_ONCE
        gone += part
    assert sorted(gone) == list(range(100))
    assert old.held == 1


def test_times_survive_the_way_through_seconds() -> None:
    for published in ("1939-09-01T03:45:00Z", "1970-01-01T00:00:00Z", "2017-06-22T14:05:07Z"):
        assert ageing.published_of(ageing.seconds_of(published)) == published


def test_the_lead_alone_behind_a_pay_wall_is_an_excerpt_at_another_publisher() -> None:
    lead = BRIGADE.split("\n\n", maxsplit=1)[0]
    stub = f"{lead}\n\n{STANDING_TEXT}"
    stories = settle([ORIGIN, raw("stub", stub, 10), raw("second-stub", f"{lead}\n\n{LOCAL}", 11)])
    assert (stories["stub"].relation, stories["stub"].story) == ("excerpt", "origin")
    assert stories["second-stub"].story == "origin"
    assert settle([ORIGIN, raw("stub", f"{LOCAL}\n\n{STANDING_TEXT}", 10)])["stub"].relation == "own"


def test_what_is_merged_of_two_stories_belongs_to_the_one_of_which_there_is_more() -> None:
    merged = raw("merged", "\n\n".join([*FERRY.split("\n\n")[:3], *BRIGADE.split("\n\n")]), 12)
    for order in (
        [raw("ferry", FERRY, 8), raw("brigade", BRIGADE, 9), merged],
        [merged, raw("brigade", BRIGADE, 9), raw("ferry", FERRY, 8)],
    ):
        stories = settle(order)
        assert (stories["merged"].story, stories["merged"].of) == ("brigade", "brigade")
