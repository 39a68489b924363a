"""Claims of the model article, by the scorer that evaluations use; both lie beside the checkout. The sample like it lies in it."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest


@pytest.fixture(scope="module")
def article(shared: Path) -> Path:
    return shared / "articles" / "rferl-2017-06-22.txt"


@pytest.fixture(scope="module")
def text(article: Path) -> str:
    return article.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def claims(text: str) -> list[dict[str, Any]]:
    from agents.enrich.extract import load
    from streams.commands.extract import as_json
    from streams.settings import Settings

    extracted = load(Settings()).extract(text, "2017-06-22T00:00:00Z", "rferl.org")
    return [as_json(claim) for claim in extracted.claims]


@pytest.fixture(scope="module")
def scorer(shared: Path) -> ModuleType:
    path = shared / "eval" / "score_claims.py"
    specification = importlib.util.spec_from_file_location("score_claims", path)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def test_at_least_six_of_eight_required_claims_are_right_and_none_is_false(
    claims: list[dict[str, Any]], scorer: ModuleType, article: Path
) -> None:
    gold = json.loads(article.with_suffix(".gold.json").read_text(encoding="utf-8"))

    result, misses = scorer.article(gold, [{"id": gold["article"], "claims": claims}])

    assert result["required"] == 8
    assert result["strict"] >= 6, misses
    assert result["false"] == 0, misses


def test_offsets_of_every_claim_point_at_its_words(claims: list[dict[str, Any]], text: str) -> None:
    assert claims
    for claim in claims:
        spans = [claim["evidence"], claim["trigger"], *([claim["quote"]] if claim["quote"] else [])]
        for span in spans:
            assert text[span["start"] : span["end"]] == span["text"]
        assert claim["evidence"]["start"] <= claim["trigger"]["start"] <= claim["evidence"]["end"]
        for link in claim["chain"]:
            if link["start"] is not None:
                assert 0 <= link["start"] < link["end"] <= len(text)


def test_shamanov_and_kalin_are_two_speakers_of_one_request(claims: list[dict[str, Any]]) -> None:
    requests = [
        claim
        for claim in claims
        if claim["status"] == "requested" and set(claim["mover"]) == {"KAZ", "KGZ"} and claim["place"] == ["SYR"]
    ]

    by_speaker = {(claim["speaker"] or {}).get("name"): claim for claim in requests}
    assert {"Vladimir Shamanov", "Ibrahim Kalin"} <= set(by_speaker)
    assert by_speaker["Vladimir Shamanov"]["agent"] == ["RUS"]
    assert by_speaker["Ibrahim Kalin"]["agent"] == ["RUS"]


def test_lack_of_knowledge_of_the_kyrgyz_ministry_is_its_stance_on_kyrgyz_troops(claims: list[dict[str, Any]]) -> None:
    found = [claim for claim in claims if claim["stance"] == "knows-nothing"]

    assert [(claim["mover"], claim["place"]) for claim in found] == [(["KGZ"], ["SYR"])]
    assert "Kyrgyz Foreign Ministry" in " ".join(said for said in found[0]["speaker"].values() if isinstance(said, str))


def test_planned_deployments_are_planned_and_not_done(claims: list[dict[str, Any]]) -> None:
    at = {(tuple(sorted(c["mover"])), name): c["status"] for c in claims for name in c["place_name"]}

    assert at[("RUS", "TUR"), "Idlib"] == "planned"
    assert at[("IRN", "RUS"), "Damascus"] == "planned"
    assert at[("JOR", "USA"), "Daraa"] == "planned"
    assert {claim["status"] for claim in claims}.isdisjoint({"ongoing", "occurred"})


def test_outlets_that_the_article_leans_on_are_in_the_chains(claims: list[dict[str, Any]]) -> None:
    quoted = {link["who"] for claim in claims for link in claim["chain"] if link["kind"] == "outlet-quoted"}

    assert any("hurriyet" in who.casefold() for who in quoted)


def test_history_casualties_and_talks_give_no_claim(claims: list[dict[str, Any]], text: str) -> None:
    for words in ("At least 300,000 people", "UN-brokered talks in Geneva", "began in March 2011", "special envoys"):
        position = text.index(words)
        assert [c for c in claims if c["evidence"]["start"] <= position < c["evidence"]["end"]] == []


def test_the_ministry_of_the_sample_knows_nothing_of_its_troops_taking_part() -> None:
    """On the sample that lies in the checkout, so that it is asked wherever the tests run."""
    from agents.enrich.extract import load
    from streams.settings import Settings

    sample = json.loads((Path(__file__).parents[2] / "samples" / "05-syria-request.json").read_text(encoding="utf-8"))
    claims = load(Settings()).extract(sample["body"], sample["published"], "transcaspian-daily.example").claims

    (claim,) = [c for c in claims if "had no information" in c.evidence.text]
    assert (claim.stance, claim.status) == ("knows-nothing", "considered")
    assert [m.code for m in claim.movers] == ["KGZ"]
    assert [p.code for p in claim.places] == ["SYR"]
    assert claim.speaker is not None
    assert (claim.speaker.country, claim.speaker.text) == ("KGZ", "A spokesman for the Kyrgyz Foreign Ministry")
