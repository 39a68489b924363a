"""What every method says of a set, in figures: the measures, how many of each kind are right, speed and memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from agents.dedupe.chains import whole_story
from bench.wire import muster
from bench.wire.compared import Method, stories
from bench.wire.generate import Made
from bench.wire.measures import adjusted_rand, b_cubed, pairwise
from streams.records import Story

MUSTER = "Muster"
BY_RECORD = "Muster, its records alone"


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of one method on one set. `per_second`: articles, of this process's own time on a core, from the clean text to the
    story. `right`: of each kind the share that is in the story of its origin, or, of what is no copy, in its own."""

    method: str
    precision: float
    recall: float
    f1: float
    b_cubed_precision: float
    b_cubed_recall: float
    b_cubed_f1: float
    adjusted_rand: float
    per_second: float | None
    right: dict[str, float] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Measured:
    """All methods on one set. `ingest_per_second` and `dedupe_per_second` are Muster's pure steps, from the raw article to the
    sketch and from the sketch to the story; `relations` what it calls each kind."""

    text: str
    articles: int
    stories: int
    kinds: dict[str, int]
    outcomes: list[Outcome]
    ingest_per_second: float
    dedupe_per_second: float
    bytes_in_a_partition: float
    bytes_in_all: float
    relations: dict[str, dict[str, int]]
    wrong: list[dict[str, str | None]] = field(repr=False)

    def as_json(self) -> dict[str, Any]:
        told = asdict(self)
        del told["wrong"]
        return told


def expected(made: Sequence[Made]) -> list[str]:
    """For each article the first one of its story."""
    first: dict[str, str] = {}
    for one in made:
        first.setdefault(one.story, one.id)
    return [first[one.story] for one in made]


def outcome(method: str, made: Sequence[Made], found: Sequence[str], per_second: float | None) -> Outcome:
    """`found` has for each article the first one of the story that it was put into."""
    truth = expected(made)
    pairs, cubed = pairwise(truth, found), b_cubed(truth, found)
    total = Counter(one.kind for one in made)
    right = Counter(one.kind for one, wanted, got in zip(made, truth, found, strict=True) if wanted == got)
    return Outcome(
        method=method,
        precision=pairs.precision,
        recall=pairs.recall,
        f1=pairs.f1,
        b_cubed_precision=cubed.precision,
        b_cubed_recall=cubed.recall,
        b_cubed_f1=cubed.f1,
        adjusted_rand=adjusted_rand(truth, found),
        per_second=per_second,
        right={kind: right[kind] / total[kind] for kind in total},
    )


def measured(
    text: str, made: Sequence[Made], partitions: int, methods: Sequence[Method], times: int, say: Callable[[str], None]
) -> Measured:
    """Muster and the other methods over one set, each with the same clean texts, and each as often as `times` says: others
    use the machine as well, so the least time is nearest to what a method takes."""
    say(f"{text}: {MUSTER}")
    results = [muster.run(made, partitions) for _ in range(times)]
    result = results[0]
    ingest, sketch, dedupe = (
        min(seconds)
        for seconds in zip(*((r.ingest_seconds, r.sketch_seconds, r.dedupe_seconds) for r in results), strict=True)
    )
    wholes = [whole_story(one.id, result.stories) for one in made]
    each, together = muster.bytes_an_article(result.questions, len(made), partitions)
    outcomes = [
        outcome(MUSTER, made, wholes, len(made) / (sketch + dedupe)),
        outcome(BY_RECORD, made, [result.stories[one.id].story for one in made], None),
    ]
    texts = [muster.body_of(article) for article in result.articles]
    for method in methods:
        say(f"{text}: {method.name}")
        runs = [stories(method, texts) for _ in range(times)]
        first, seconds = runs[0][0], min(taken for _, taken in runs)
        outcomes.append(outcome(method.name, made, [made[number].id for number in first], len(made) / seconds))
    relations: dict[str, Counter[str]] = {}
    for one in made:
        relations.setdefault(one.kind, Counter())[result.stories[one.id].relation] += 1
    return Measured(
        text=text,
        articles=len(made),
        stories=len({one.story for one in made}),
        kinds=dict(Counter(one.kind for one in made)),
        outcomes=outcomes,
        ingest_per_second=len(made) / ingest,
        dedupe_per_second=len(made) / dedupe,
        bytes_in_a_partition=each,
        bytes_in_all=together,
        relations={kind: dict(counts.most_common()) for kind, counts in relations.items()},
        wrong=_wrong(made, wholes, result.stories),
    )


def _wrong(made: Sequence[Made], found: Sequence[str], records: Mapping[str, Story]) -> list[dict[str, str | None]]:
    kinds = {one.id: one.kind for one in made}
    return [
        {
            "article": one.id,
            "kind": one.kind,
            "expected": wanted,
            "story": got,
            "relation": (record := records[one.id]).relation,
            "of": record.of,
            "of_kind": kinds[record.of] if record.of else None,
        }
        for one, wanted, got in zip(made, expected(made), found, strict=True)
        if wanted != got
    ]
