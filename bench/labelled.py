"""The labelled data and their scorer, and what each label got: a label paired with the claim that fits it best.

The shared evaluation data lie beside the checkout, with the scorer that all figures come from.
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from bench.baselines import Predict, Predicted

CHECKOUT = Path(__file__).resolve().parents[1]
SHARED = CHECKOUT.parent / "shared"
OWN = CHECKOUT / "tests" / "enrich" / "sentences"
Label = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Pair:
    """A label and the claim that fits it best. One of them is missing where a claim is missed or false."""

    source: str
    text: str
    gold: Label | None
    predicted: Predicted | None
    verdict: dict[str, bool | None] = field(default_factory=dict)

    @property
    def wrong(self) -> tuple[str, ...]:
        return tuple(name for name, right in self.verdict.items() if right is False)


def scorer(shared: Path = SHARED) -> ModuleType | None:
    path = shared / "eval" / "score_claims.py"
    if not path.is_file():
        return None
    spec = importlib.util.spec_from_file_location("score_claims", path)
    if spec is None or spec.loader is None:
        return None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def rows(*paths: Path) -> list[Label]:
    return [
        json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines() if line.strip()
    ]


def own_sentences() -> list[Label]:
    return rows(OWN / "claims.jsonl", OWN / "without.jsonl")


def shared_sentences() -> list[Label]:
    return rows(SHARED / "eval" / "claims_dev.jsonl")


def labelled_articles() -> Iterator[tuple[Label, str]]:
    for path in sorted((SHARED / "articles").glob("*.gold.json")):
        text = path.with_name(path.name.replace(".gold.json", ".txt")).read_text(encoding="utf-8")
        yield json.loads(path.read_text(encoding="utf-8")), text


def pairs_of_sentences(score: ModuleType, source: str, labels: list[Label], predict: Predict) -> list[Pair]:
    """One pair a sentence; a sentence without a claim that got several has one for each."""
    found: list[Pair] = []
    for label in labels:
        claims = predict(label["text"], None)
        if label["is_claim"]:
            compared = [(score.compare(label, claim), claim) for claim in claims]
            verdict, claim = max(
                compared,
                key=lambda c: (score.strict(c[0]), sum(v is True for v in c[0].values())),
                default=({}, None),
            )
            found.append(Pair(source, label["text"], label, claim, verdict))
        else:
            found += [Pair(source, label["text"], None, claim) for claim in claims]
    return found


def pairs_of_articles(score: ModuleType, predict: Predict) -> list[Pair]:
    """One pair for each required label and each optional one that was found, and one for each claim of no label."""
    found: list[Pair] = []
    for gold, text in labelled_articles():
        claims = predict(text, gold["published"])
        used: set[int] = set()
        for label in gold["claims"]:
            near = [
                (score.compare(label, claim), i)
                for i, claim in enumerate(claims)
                if i not in used and score.overlap(label["evidence"], claim["evidence"]) >= 0.5
            ]
            # As the scorer pairs them: a strictly right one first, then the one with the most fields right.
            near = [n for n in near if score.strict(n[0])] or near
            best = max(near, key=lambda n: sum(v is True for v in n[0].values()), default=None)
            if best is not None:
                used.add(best[1])
                found.append(Pair("articles", label["evidence"]["text"], label, claims[best[1]], best[0]))
            elif label["required"]:
                found.append(Pair("articles", label["evidence"]["text"], label, None))
        found += [
            Pair("articles", claim["evidence"]["text"], None, claim) for i, claim in enumerate(claims) if i not in used
        ]
    return found
