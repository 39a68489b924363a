"""The baselines on invented sentences: what they find, and what they cannot tell."""

import pytest

from agents.enrich.names.finding import Gazetteer
from bench.baselines import by_keywords, by_word_order

GAZETTEER = Gazetteer()


@pytest.mark.parametrize(
    ("text", "act", "status", "mover", "place"),
    [
        ("France sends 200 soldiers to Chad", "send", "occurred", ["FRA"], ["TCD"]),
        ("Kenya to withdraw troops from Somalia", "withdraw", "decided", ["KEN"], ["SOM"]),
        ("Poland considers sending troops to Latvia", "send", "considered", ["POL"], ["LVA"]),
    ],
)
def test_reads_the_order_of_words(text, act, status, mover, place):
    (claim,) = by_word_order(GAZETTEER)(text, None)
    assert (claim["act"], claim["status"], claim["mover"], claim["place"]) == (act, status, mover, place)
    assert text[claim["evidence"]["start"] : claim["evidence"]["end"]] == text


def test_names_of_a_later_sentence_keep_their_place():
    text = "The weather was fine in Oslo. Yesterday France sent 200 soldiers to Chad."
    (claim,) = by_word_order(GAZETTEER)(text, None)
    assert claim["mover"] == ["FRA"]
    assert claim["place"] == ["TCD"]


def test_keywords_cannot_tell_a_plan_from_a_fact():
    (claim,) = by_keywords(GAZETTEER)("Poland considers sending troops to Latvia.", None)
    assert claim["status"] == "occurred"


def test_a_sentence_that_cannot_be_read_has_no_claim(monkeypatch):
    def broken(text, mentions):
        raise AttributeError("broken")

    monkeypatch.setattr("bench.baselines.word_order.read", broken)
    failed = set()
    assert by_word_order(GAZETTEER, failed)("France sends 200 soldiers to Chad", None) == []
    assert failed == {"France sends 200 soldiers to Chad"}
