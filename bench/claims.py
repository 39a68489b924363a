"""How well and how fast claims are extracted, beside a keyword baseline: the scorer's measures on all labelled data.

    python -m bench.claims [--misses]

The shared evaluation data lie beside the checkout; without them only our own sentences are measured, and it says so.
The baseline publishes a claim wherever a force word and a motion word stand in one sentence, with the first country as the
mover and the last as the place.
"""

from __future__ import annotations

import argparse
import dataclasses
import importlib.util
import json
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

from agents.enrich.extract import Extractor, load
from agents.enrich.language.sentences import split
from agents.enrich.language.triggers import scan, worth_parsing
from agents.enrich.names.finding import Gazetteer
from streams.settings import Settings

CHECKOUT = Path(__file__).resolve().parents[1]
SHARED = CHECKOUT.parent / "shared"
OWN = CHECKOUT / "tests" / "enrich" / "sentences"
Predict = Callable[[str, str | None], list[dict[str, Any]]]

WITHDRAWING = ("withdr", "pull", "leave", "left", "home", "recall")
IRRELEVANT = (
    "The city council met on Tuesday to discuss the budget for schools and parks. Mayor Anna Lindqvist said that the plan "
    "would cost 12 million euros, and the opposition asked for a vote before the summer. Teachers in Lyon and Ghent welcomed it. "
)


def by_rules(extractor: Extractor) -> Predict:
    def predict(text: str, published: str | None) -> list[dict[str, Any]]:
        return [
            {
                "act": c.act, "status": c.status, "stance": c.stance, "mover": [m.code for m in c.movers],
                "agent": [a.code for a in c.agents], "place": [p.code for p in c.places],
                "speaker": dataclasses.asdict(c.speaker) if c.speaker else None, "evidence": dataclasses.asdict(c.evidence),
                "confidence": c.confidence,
            }
            for c in extractor.extract(text, published).claims
        ]  # fmt: skip

    return predict


def by_keywords(gazetteer: Gazetteer) -> Predict:
    def predict(text: str, published: str | None) -> list[dict[str, Any]]:
        hits = scan(text)
        found = []
        for sentence in split(text):
            if not worth_parsing(sentence, hits):
                continue
            countries = [m.country for m in gazetteer.find(sentence.text, published) if m.country]
            act = "withdraw" if any(w in sentence.text.lower() for w in WITHDRAWING) else "send"
            span = {"start": sentence.start, "end": sentence.end, "text": sentence.text}
            found.append(
                {
                    "act": act, "status": "occurred", "stance": "reports", "mover": countries[:1], "agent": [],
                    "place": countries[-1:], "speaker": None, "evidence": span,
                }
            )  # fmt: skip
        return found

    return predict


def scorer() -> ModuleType | None:
    path = SHARED / "eval" / "score_claims.py"
    if not path.is_file():
        return None
    spec = importlib.util.spec_from_file_location("score_claims", path)
    if spec is None or spec.loader is None:
        return None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def rows(*paths: Path) -> list[dict[str, Any]]:
    return [
        json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines() if line.strip()
    ]


def shares(fields: dict[str, dict[str, float]]) -> str:
    return ", ".join(f"{name} {field['share']:.2f}" for name, field in fields.items())


def measure_sentences(
    score: ModuleType, name: str, labels: list[dict[str, Any]], predict: Predict, misses: bool
) -> None:
    predicted = [{"id": row["id"], "claims": predict(row["text"], None)} for row in labels]
    result, missed = score.sentences(labels, predicted)
    print(
        f"  {name}: detection F1 {result['detection']['f1']}, strict tuple F1 {result['strict_tuple']['f1']}; {shares(result['fields'])}"
    )
    for group in sorted(set(score.STATUS_GROUP.values())):
        of_group = [row for row in labels if row["is_claim"] and score.STATUS_GROUP.get(row["status"]) == group]
        if of_group:
            found, _ = score.sentences(of_group, [p for p in predicted if p["id"] in {row["id"] for row in of_group}])
            print(
                f"    {group}: {len(of_group)} sentences, recall {found['detection']['recall']}, strict {found['strict_tuple']['recall']}"
            )
    if misses:
        for what, text, wanted, got in missed:
            print(
                json.dumps(
                    {"what": what, "text": text, "gold": wanted, "predicted": got}, ensure_ascii=False, default=str
                ),
                file=sys.stderr,
            )


def measure_articles(score: ModuleType, predict: Predict) -> None:
    folder = SHARED / "articles"
    lines = []
    for path in sorted(folder.glob("*.gold.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        text = path.with_name(path.name.replace(".gold.json", ".txt")).read_text(encoding="utf-8")
        lines.append({"id": gold["article"], "claims": predict(text, gold["published"])})
    result, _ = score.articles(folder, lines)
    print(
        f"  articles: claims F1 {result['claims']['f1']}, {result['strict']} of {result['required']} strictly right, {result['false']} false; {shares(result['fields'])}"
    )


def judged(score: ModuleType, labels: list[dict[str, Any]], predict: Predict) -> list[tuple[float, bool]]:
    """(confidence, whether strictly right) of every claim; claims beside a right one of the same sentence are not labelled."""
    found = []
    for row in labels:
        claims = predict(row["text"], None)
        right = [bool(row["is_claim"]) and score.strict(score.compare(row, claim)) for claim in claims]
        found += [(c["confidence"], r) for c, r in zip(claims, right, strict=True) if r or not any(right)]
    return found


def judged_articles(score: ModuleType, predict: Predict) -> list[tuple[float, bool]]:
    """The same of the shared articles, where every claim is labelled."""
    found = []
    for path in sorted((SHARED / "articles").glob("*.gold.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        text = path.with_name(path.name.replace(".gold.json", ".txt")).read_text(encoding="utf-8")
        for claim in predict(text, gold["published"]):
            near = [g for g in gold["claims"] if score.overlap(g["evidence"], claim["evidence"]) >= 0.5]
            found.append((claim["confidence"], any(score.strict(score.compare(g, claim)) for g in near)))
    return found


def print_reliability(name: str, judgements: list[tuple[float, bool]]) -> None:
    print(f"  {name}")
    for low, high in ((0.0, 0.3), (0.3, 0.5), (0.5, 0.7), (0.7, 0.8), (0.8, 1.01)):
        band = [(c, right) for c, right in judgements if low <= c < high]
        if band:
            said, came = (sum(values) / len(band) for values in zip(*band, strict=True))
            print(f"    {low:.1f}-{min(high, 1.0):.1f}: {len(band)} claims, confidence {said:.2f}, right {came:.2f}")


def measure_reliability(score: ModuleType, own: list[dict[str, Any]], predict: Predict) -> None:
    """How often claims of a confidence are right, on what the factors were measured on and on what they were not."""
    odd = [row for row in own if int(row["id"][-1]) % 2 == 1]
    seen = judged(score, [*rows(SHARED / "eval" / "claims_dev.jsonl"), *odd], predict) + judged_articles(score, predict)
    print_reliability("measured on: shared sentences and articles, odd ones of our own", seen)
    print_reliability("held out: even ones of our own", judged(score, [r for r in own if r not in odd], predict))


def seconds(work: Callable[[str], Any], texts: Iterable[str]) -> float:
    began = time.perf_counter()
    for text in texts:
        work(text)
    return time.perf_counter() - began


def measure_speed(extractor: Extractor, relevant: list[str]) -> None:
    fresh = load(Settings())
    total = seconds(fresh.extract, relevant)
    print(
        f"  relevant sentences: {1000 * total / len(relevant):.1f} ms each, {len(relevant) / total:.0f} a second (nothing cached)"
    )
    articles = [f"Number {n}. {IRRELEVANT * 10}" for n in range(200)]
    print(
        f"  irrelevant article of {len(articles[0])} characters: {1000 * seconds(extractor.extract, articles) / len(articles):.2f} ms"
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--misses", action="store_true", help="every miss as a line of JSON on standard error")
    misses = options.parse_args().misses
    extractor = load(Settings())
    score = scorer()
    own = rows(OWN / "claims.jsonl", OWN / "without.jsonl")
    if score is None:
        print(f"no evaluation data at {SHARED}: accuracy is not measured")
    else:
        for name, predict in (("keywords", by_keywords(Gazetteer())), ("rules", by_rules(extractor))):
            print(name)
            measure_sentences(
                score,
                "shared sentences",
                rows(SHARED / "eval" / "claims_dev.jsonl"),
                predict,
                misses and name == "rules",
            )
            measure_sentences(score, "our own hard sentences", own, predict, False)
            measure_articles(score, predict)
        print("confidence")
        measure_reliability(score, own, by_rules(extractor))
    print("speed")
    measure_speed(extractor, [row["text"] for row in own if row["is_claim"]][:150])


if __name__ == "__main__":
    main()
