"""Whether a confidence is the share of claims that are right: a table by bands, and the expected calibration error."""

from __future__ import annotations

from types import ModuleType

from bench.baselines import Predict
from bench.labelled import Label, labelled_articles, shared_sentences

Judgements = list[tuple[float, bool]]
BANDS = ((0.0, 0.3), (0.3, 0.5), (0.5, 0.7), (0.7, 0.8), (0.8, 1.01))
BINS = 10


def judged(score: ModuleType, labels: list[Label], predict: Predict) -> Judgements:
    """(confidence, whether strictly right) of every claim; claims beside a right one of the same sentence are not labelled."""
    found = []
    for row in labels:
        claims = predict(row["text"], None)
        right = [bool(row["is_claim"]) and score.strict(score.compare(row, claim)) for claim in claims]
        found += [(c["confidence"], r) for c, r in zip(claims, right, strict=True) if r or not any(right)]
    return found


def judged_articles(score: ModuleType, predict: Predict) -> Judgements:
    """The same of the shared articles, where every claim is labelled."""
    found = []
    for gold, text in labelled_articles():
        for claim in predict(text, gold["published"]):
            near = [g for g in gold["claims"] if score.overlap(g["evidence"], claim["evidence"]) >= 0.5]
            found.append((claim["confidence"], any(score.strict(score.compare(g, claim)) for g in near)))
    return found


def calibration_error(judgements: Judgements) -> float:
    """The mean distance between confidence and share right over bins of equal width, each weighed by its claims."""
    total = 0.0
    for number in range(BINS):
        held = [(c, right) for c, right in judgements if min(int(c * BINS), BINS - 1) == number]
        total += abs(sum(c for c, _ in held) - sum(right for _, right in held))
    return total / max(1, len(judgements))


def print_reliability(name: str, judgements: Judgements) -> None:
    print(f"  {name}: {len(judgements)} claims, expected calibration error {calibration_error(judgements):.3f}")
    for low, high in BANDS:
        band = [(c, right) for c, right in judgements if low <= c < high]
        if band:
            said, came = (sum(values) / len(band) for values in zip(*band, strict=True))
            print(f"    {low:.1f}-{min(high, 1.0):.1f}: {len(band)} claims, confidence {said:.2f}, right {came:.2f}")


def measure_reliability(score: ModuleType, own: list[Label], predict: Predict) -> None:
    """How often claims of a confidence are right in each of the sets that the factors were measured on, and in all."""
    sets = {
        "shared sentences": judged(score, shared_sentences(), predict),
        "shared articles": judged_articles(score, predict),
        "our own hard sentences": judged(score, own, predict),
    }
    for name, judgements in sets.items():
        print_reliability(name, judgements)
    print_reliability("all", [judgement for judgements in sets.values() for judgement in judgements])
