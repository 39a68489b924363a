"""How well copies are told from other articles, and how fast: a generator with known answers, and the pure steps over it.

    python -m bench.copies [--stories 400] [--seed 1] [--partitions 4]

The stories are those of `samples/` with their content words exchanged: every story gets its own vocabulary (each word of
five letters and more becomes another word of the same length, the same throughout the story), so that any number of
unrelated stories can be had that still share the little words, the sentences' shapes and the lengths of real prose.
Copies and hard negatives are made of them as `KINDS` says. Every text is another outlet's, and time passes, but for what
an outlet repeats. Nothing here is tuned to: thresholds are in `wirecopy/relation.py`, each with its reason.
"""

from __future__ import annotations

import argparse
import random
import re
import time
import tracemalloc
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson

from agents.dedupe.agent import index_stage, resolve_stage
from agents.ingest.agent import stage as ingest_stage
from agents.ingest.clean import article_of
from streams.records import Anchors, RawArticle, Story, decode, encode
from streams.settings import Settings
from streams.stage import Received, Surroundings

SAMPLES = Path(__file__).parents[1] / "samples"
START = datetime(2017, 6, 22, tzinfo=UTC)
RECEIVED = Received(0, 0, 1_600_000_000_000)
Paragraphs = list[str]


@dataclass(frozen=True, slots=True)
class Made:
    """An article with what it was made as and the story that it belongs to."""

    raw: RawArticle
    kind: str
    story: str


# --- stories ----------------------------------------------------------------------------------------------------


def sample_stories() -> list[Paragraphs]:
    """The bodies of the samples, by paragraph, those that are copies of another left out."""
    stories = []
    for path in sorted(SAMPLES.glob("*.json")):
        if "-copy-" in path.name or "-corrected" in path.name or "-withdrawn" in path.name:
            continue
        article = article_of(decode(path.read_bytes(), RawArticle), RECEIVED.timestamp_ms, Settings())
        stories.append(article.text[article.body_start :].split("\n\n"))
    return stories


_SYLLABLES = [
    "ba",
    "be",
    "bi",
    "bo",
    "bu",
    "da",
    "de",
    "di",
    "do",
    "du",
    "fa",
    "fe",
    "fi",
    "fo",
    "ga",
    "ge",
    "gi",
    "go",
    "ka",
    "ke",
    "ki",
    "ko",
    "la",
    "le",
    "li",
    "lo",
    "ma",
    "me",
    "mi",
    "mo",
    "na",
    "ne",
    "ni",
    "no",
    "ra",
    "re",
    "ri",
    "ro",
    "sa",
    "se",
    "si",
    "so",
    "ta",
    "te",
    "ti",
    "to",
    "va",
    "ve",
    "vi",
    "vo",
]


def with_its_own_words(story: Paragraphs, seed: str) -> Paragraphs:
    """The story with every longer word, and every figure, exchanged for another, the same throughout."""
    exchanged: dict[str, str] = {}

    def other(found: re.Match[str]) -> str:
        word = found.group()
        if word.lower() not in exchanged:
            source = random.Random(f"{seed}:{word.lower()}")
            if word[0].isdigit():
                exchanged[word.lower()] = str(source.randrange(10 ** len(word)))
            else:
                exchanged[word.lower()] = "".join(source.choice(_SYLLABLES) for _ in range(len(word) // 2 + 1))[
                    : len(word)
                ]
        return exchanged[word.lower()]

    return [re.sub(r"\b(?:[A-Za-z]{5,}|\d+)\b", other, paragraph) for paragraph in story]


# --- what is done to them ---------------------------------------------------------------------------------------


def cut(source: random.Random, story: Paragraphs, _: Paragraphs) -> Paragraphs:
    return story[: max(2, int(len(story) * source.uniform(0.3, 0.7)))]


def edited(share: float) -> Callable[[random.Random, Paragraphs, Paragraphs], Paragraphs]:
    def edit(source: random.Random, story: Paragraphs, _: Paragraphs) -> Paragraphs:
        return [
            " ".join(f"word{source.randrange(500)}" if source.random() < share else word for word in paragraph.split())
            for paragraph in story
        ]

    return edit


def reordered(source: random.Random, story: Paragraphs, _: Paragraphs) -> Paragraphs:
    return source.sample(story, len(story))


def merged(source: random.Random, story: Paragraphs, other: Paragraphs) -> Paragraphs:
    own = other[: max(1, len(other) // 4)]
    place = source.randrange(len(story) + 1)
    return [*story[:place], *own, *story[place:]]


def cut_and_merged(source: random.Random, story: Paragraphs, other: Paragraphs) -> Paragraphs:
    return merged(source, cut(source, story, other), other)


def half_of_another(source: random.Random, story: Paragraphs, other: Paragraphs) -> Paragraphs:
    return [*cut(source, story, other)[: max(2, len(story) // 2)], *other[: len(other) // 2]]


def whole(_: random.Random, story: Paragraphs, __: Paragraphs) -> Paragraphs:
    return story


def with_house_text(_: random.Random, story: Paragraphs, other: Paragraphs) -> Paragraphs:
    return [*story, " ".join(other[-1].split()[:60])]


KINDS: dict[str, Callable[[random.Random, Paragraphs, Paragraphs], Paragraphs]] = {
    "whole": whole,
    "with an outlet's standing text": with_house_text,
    "cut": cut,
    "edited, one word in 20": edited(0.05),
    "edited, one word in 10": edited(0.10),
    "reordered": reordered,
    "merged with own paragraphs": merged,
    "cut and merged": cut_and_merged,
    "half of it in another story": half_of_another,
}


def follow_up(source: random.Random, story: Paragraphs, other: Paragraphs) -> Paragraphs:
    """Another day's news with the background of the first: its last quarter, 10 to 30 % of either text."""
    return [*other[: max(3, len(other) * 2 // 3)], *story[-max(1, len(story) // 4) :]]


def figures_changed(source: random.Random, seed: str) -> Paragraphs:
    """A market report, of which all share the template: seven sentences in which most of the words are figures."""
    n = lambda low, high: f"{source.uniform(low, high):.2f}"  # noqa: E731
    stock = with_its_own_words(["Petroleum Securities Holdings Telecom Airlines Shipping"], seed)[0].split()
    return [
        f"Shares closed {source.choice(['higher', 'lower', 'flat', 'mixed'])} on {source.choice(['Monday', 'Tuesday', 'Friday'])}, "
        f"the main index at {n(900, 2000)} points after {n(900, 2000)} the day before.",
        f"{stock[0]} gained {n(0, 5)} percent to {n(10, 90)} crowns, and {stock[1]} lost {n(0, 5)} percent to {n(10, 90)}.",
        f"Turnover was {n(1, 9)} billion crowns against {n(1, 9)} billion. Of {source.randrange(90)} stocks traded, "
        f"{source.randrange(40)} rose, {source.randrange(40)} fell and {source.randrange(9)} were unchanged.",
        f"The crown stood at {n(20, 30)} to the euro and {n(20, 30)} to the dollar. Gold fetched {n(900, 1900)} dollars an ounce.",
        f"{stock[2]} said that profit had {source.choice(['risen', 'fallen'])} by {n(1, 30)} percent. {stock[3]} opens its books on "
        f"{source.choice(['Wednesday', 'Thursday'])}.",
    ]


def generated(stories: int, seed: int) -> list[Made]:
    """The whole set in order of publication: for each story its origin, two copies, and every third time a hard negative."""
    source = random.Random(seed)
    templates = sample_stories()
    made: list[Made] = []
    house = with_its_own_words(
        ["The outlet prints this text under each of its articles, since its readers like it. " * 5], "house"
    )

    def add(kind: str, story: str, minute: int, outlet: str, paragraphs: Paragraphs) -> None:
        moment = (START + timedelta(minutes=minute)).strftime("%Y-%m-%dT%H:%M:%SZ")
        raw = RawArticle(
            id=f"a{len(made):06}",
            outlet=outlet,
            published=moment,
            title=f"Headline {len(made)}",
            body="\n\n".join(paragraphs),
        )
        made.append(Made(raw, kind, story))

    kinds = list(KINDS)
    for number in range(stories):
        story = with_its_own_words(templates[number % len(templates)], f"{seed}:{number}")
        minute = number * 3
        add("origin", f"s{number}", minute, f"agency{number % 7}.example", story)
        for copy in range(2):
            kind = kinds[(2 * number + copy) % len(kinds)]
            other = with_its_own_words(templates[(number + 5 + copy) % len(templates)], f"{seed}:{number}:{copy}")
            outlet = f"outlet{source.randrange(200)}.example"
            add(kind, f"s{number}", minute + source.randrange(1, 600), outlet, KINDS[kind](source, story, other))
        if number % 3 == 0:
            other = with_its_own_words(templates[(number + 3) % len(templates)], f"{seed}:{number}:next")
            add("follow-up", f"f{number}", minute + 1440, f"paper{number % 7}.example", follow_up(source, story, other))
        elif number % 3 == 1:
            add("template", f"t{number}", minute, f"market{number % 2}.example", figures_changed(source, f"{number}"))
        else:
            short = with_its_own_words(templates[number % len(templates)], f"{seed}:{number}:house")[:2]
            add("short, with standing text", f"h{number}", minute, "house.example", [*short, *house])
    return sorted(made, key=lambda one: (one.raw.published, one.raw.id))


# --- the steps --------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Result:
    stories: dict[str, Story]
    ingest_seconds: float
    dedupe_seconds: float
    questions: list[bytes]


def run(made: Sequence[Made], partitions: int) -> Result:
    surroundings = Surroundings(Settings(), {"anchors.v1": partitions})
    ingest, index, resolve = ingest_stage(surroundings), index_stage(surroundings), resolve_stage(surroundings)
    assert index.new_state is not None
    assert resolve.new_state is not None
    started = time.process_time()
    asked: list[Anchors] = []
    for one in made:
        asked += [output.record for output in ingest.step(None, one.raw, RECEIVED)[1:]]
    ingested = time.process_time()
    indexes = [index.new_state() for _ in range(partitions)]
    state = resolve.new_state()
    stories: dict[str, Story] = {}
    for question in asked:
        for answer in index.step(indexes[question.partition], question, RECEIVED):
            for output in resolve.step(state, answer.record, RECEIVED):
                stories[output.key] = output.record
    return Result(stories, ingested - started, time.process_time() - ingested, [encode(question) for question in asked])


def bytes_an_article(questions: Sequence[bytes], articles: int, partitions: int) -> tuple[float, float]:
    """Memory of the index: for an article in one partition that holds it, and in all partitions together."""
    index = index_stage(Surroundings(Settings(), {"anchors.v1": partitions}))
    assert index.new_state is not None
    assert index.fold is not None
    tracemalloc.start()
    indexes = [index.new_state() for _ in range(partitions)]
    for question in questions:
        record = decode(question, Anchors)
        index.fold(indexes[record.partition], record)
    del record
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return held / sum(len(state) for state in indexes), held / articles


def pairs(groups: Sequence[str]) -> int:
    return sum(size * (size - 1) // 2 for size in Counter(groups).values())


def b_cubed(truth: Sequence[str], found: Sequence[str]) -> tuple[float, float, float]:
    """B-cubed precision, recall and F1 (Bagga and Baldwin 1998)."""
    both, ours, theirs = Counter(zip(truth, found, strict=True)), Counter(found), Counter(truth)
    precision = sum(n * n / ours[group] for (_, group), n in both.items()) / len(truth)
    recall = sum(n * n / theirs[story] for (story, _), n in both.items()) / len(truth)
    return precision, recall, 2 * precision * recall / (precision + recall)


def lines(made: Sequence[Made], result: Result, partitions: int) -> Iterator[str]:
    truth = [one.story for one in made]
    found = [result.stories[one.raw.id].story for one in made]
    right = pairs([f"{a} {b}" for a, b in zip(truth, found, strict=True)])
    precision, recall = right / max(1, pairs(found)), right / max(1, pairs(truth))
    yield f"{len(made)} articles, {len(set(truth))} stories, {partitions} partitions"
    yield f"pairwise precision {precision:.4f}, recall {recall:.4f}, F1 {2 * precision * recall / (precision + recall):.4f}"
    yield "B-cubed  precision {:.4f}, recall {:.4f}, F1 {:.4f}".format(*b_cubed(truth, found))
    origins = {one.story: one.raw.id for one in made if one.kind == "origin"}
    by_kind: dict[str, Counter[str]] = defaultdict(Counter)
    for one in made:
        story = result.stories[one.raw.id]
        expected = origins.get(one.story, one.raw.id)
        by_kind[one.kind]["right" if story.story == expected else "wrong"] += 1
        by_kind[one.kind][story.relation] += 1
    for kind, counts in sorted(by_kind.items()):
        total = counts["right"] + counts["wrong"]
        relations = ", ".join(f"{name} {n}" for name, n in counts.most_common() if name not in ("right", "wrong"))
        yield f"  {kind:32} {counts['right']:5} of {total:5} right ({counts['right'] / total:.3f}): {relations}"
    yield "of this process's own time on a core:"
    yield f"ingest {len(made) / result.ingest_seconds:,.0f} articles/s, dedupe (index and resolve) {len(made) / result.dedupe_seconds:,.0f} articles/s"
    each, together = bytes_an_article(result.questions, len(made), partitions)
    yield f"index: {each:,.0f} bytes an article in a partition, {together:,.0f} in all {partitions} together"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--stories", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--partitions", type=int, default=4)
    parser.add_argument("--wrong", action="store_true", help="also print the articles that were taken wrongly, as JSON")
    chosen = parser.parse_args()
    made = generated(chosen.stories, chosen.seed)
    result = run(made, chosen.partitions)
    for line in lines(made, result, chosen.partitions):
        print(line)
    if chosen.wrong:
        origins = {one.story: one.raw.id for one in made if one.kind == "origin"}
        for one in made:
            story = result.stories[one.raw.id]
            if story.story != origins.get(one.story, one.raw.id):
                print(orjson.dumps({"kind": one.kind, "expected": origins.get(one.story), "story": story}).decode())


if __name__ == "__main__":
    main()
