"""The labelled data beside the checkout, where they are there: the model article and the scorer's measures."""

from __future__ import annotations

import dataclasses
import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from agents.enrich.extract import Extractor

SHARED = Path(__file__).resolve().parents[3] / "shared"
pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason=f"no labelled data at {SHARED}")


@pytest.fixture(scope="module")
def scorer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("score_claims", SHARED / "eval" / "score_claims.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def predicted(extractor: Extractor, key: str, text: str, published: str | None = None) -> dict[str, Any]:
    claims = [
        {
            "act": c.act,
            "status": c.status,
            "stance": c.stance,
            "mover": [m.code for m in c.movers],
            "place": [p.code for p in c.places],
            "speaker": dataclasses.asdict(c.speaker) if c.speaker else None,
            "evidence": dataclasses.asdict(c.evidence),
        }
        for c in extractor.extract(text, published).claims
    ]
    return {"id": key, "claims": claims}


def article(extractor: Extractor, path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    gold = json.loads(path.read_text(encoding="utf-8"))
    text = path.with_name(path.name.replace(".gold.json", ".txt")).read_text(encoding="utf-8")
    return gold, predicted(extractor, gold["article"], text, gold["published"])


def test_the_model_article_is_read_right_and_nothing_besides(extractor: Extractor, scorer: ModuleType) -> None:
    gold, got = article(extractor, SHARED / "articles" / "rferl-2017-06-22.gold.json")
    result, misses = scorer.article(gold, [got])
    assert (result["strict"], result["false"]) == (result["required"], 0), misses
    assert all(field["right"] == field["of"] for field in result["fields"].values()), result["fields"]


def test_the_articles_reach_what_the_rules_are_held_to(extractor: Extractor, scorer: ModuleType) -> None:
    lines = [article(extractor, path)[1] for path in sorted((SHARED / "articles").glob("*.gold.json"))]
    result, _ = scorer.articles(SHARED / "articles", lines)
    assert result["claims"]["f1"] >= 0.80
    assert result["fields"]["stance"]["share"] >= 0.85
    assert result["fields"]["speaker"]["share"] >= 0.85


def test_the_sentences_reach_what_the_rules_are_held_to(extractor: Extractor, scorer: ModuleType) -> None:
    labels = scorer.read_lines(SHARED / "eval" / "claims_dev.jsonl")
    result, _ = scorer.sentences(labels, [predicted(extractor, row["id"], row["text"]) for row in labels])
    assert result["detection"]["f1"] >= 0.95
    assert result["strict_tuple"]["f1"] >= 0.72
