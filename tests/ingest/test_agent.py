"""The stage: one clean article, and one question for each partition of the index that owns some of its anchors."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from agents.ingest.agent import stage
from agents.ingest.questions import owner
from streams.records import Anchors, Article, RawArticle, decode, encode
from streams.settings import Settings
from streams.stage import Received, Rejected, Surroundings
from wirecopy.anchors import anchors_of

PROSE = tomllib.loads((Path(__file__).parents[1] / "wirecopy" / "prose.toml").read_text(encoding="utf-8"))
RECEIVED = Received(0, 0, 1_498_140_000_000)


def ask(raw: RawArticle, partitions: int) -> tuple[Article, list[Anchors]]:
    outputs = stage(Surroundings(Settings(), {"anchors.v1": partitions})).step(None, raw, RECEIVED)
    article, *questions = outputs
    assert article.topic == "articles.v1"
    assert all(output.topic == "anchors.v1" and output.partition == output.record.partition for output in questions)
    assert all(output.key == article.record.id for output in outputs)
    for output in outputs:
        assert decode(encode(output.record), type(output.record)) == output.record
    return article.record, [output.record for output in questions]


def raw(**fields: object) -> RawArticle:
    values = {"id": "a", "outlet": "Orun Courier", "published": "2017-06-22T10:00:00Z", "title": "Mules", **fields}
    return RawArticle(**values)  # type: ignore[arg-type]


@pytest.mark.parametrize("partitions", [1, 2, 4, 7])
def test_every_anchor_is_asked_of_the_partition_that_owns_it(partitions: int) -> None:
    article, questions = ask(raw(body=PROSE["stories"]["harvest"]), partitions)
    asked = [question.partition for question in questions]
    assert asked == sorted(set(asked))
    assert all(question.asked == tuple(asked) for question in questions)
    everything = [anchor for question in questions for anchor in question.anchors]
    assert sorted(everything) == list(anchors_of(article.fingerprint, article.lead))
    assert all(owner(anchor, partitions) == q.partition for q in questions for anchor in q.anchors)


@pytest.mark.parametrize("fields", [{"status": "withdrawn", "version": 2}, {"title": "…!"}])
def test_an_article_without_a_fingerprint_asks_one_partition_for_nothing(fields: dict[str, object]) -> None:
    article, questions = ask(raw(body="—", **fields), 4)
    assert article.fingerprint == ""
    assert [(question.anchors, question.asked) for question in questions] == [((), (questions[0].partition,))]


def test_the_headline_and_the_credits_go_with_the_question() -> None:
    _, questions = ask(
        raw(title="UPDATE 2-Mules to the coast", body=f"SARN (Reuters) - {PROSE['stories']['brigade']}\n\nSource: AFP"),
        1,
    )
    assert (questions[0].notice, questions[0].agencies) == ("update", ("afp", "reuters"))


def test_what_cannot_be_used_is_rejected() -> None:
    with pytest.raises(Rejected, match="published"):
        ask(raw(published="yesterday", body="It was."), 1)
