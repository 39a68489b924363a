"""How well and how fast claims are extracted, beside two baselines, and how many false ones real text gives.

    python -m bench.claims [--misses] [--confusions OUT.html | --confusions -]

The shared evaluation data lie beside the checkout, the real text is installed by `make corpora`; what is absent is not
measured, and the output says so.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

from rich.console import Console

from agents.enrich.extract import Extractor, load
from agents.enrich.names.finding import Gazetteer
from bench import confusions, corpora, labelled
from bench.baselines import Predict, by_keywords, by_rules, by_word_order
from bench.labelled import Label, Pair
from bench.reliability import measure_reliability
from bench.speed import measure_speed
from streams.settings import Settings


def shares(fields: dict[str, dict[str, float]]) -> str:
    return ", ".join(f"{name} {field['share']:.2f}" for name, field in fields.items())


def print_sentences(score: ModuleType, name: str, labels: list[Label], predict: Predict, misses: bool) -> None:
    predicted = [{"id": row["id"], "claims": predict(row["text"], None)} for row in labels]
    result, missed = score.sentences(labels, predicted)
    found, right = result["detection"], result["strict_tuple"]
    print(f"  {name}: {result['sentences']} sentences, {result['with_claim']} with a claim")
    print(f"    detection precision {found['precision']}, recall {found['recall']}, F1 {found['f1']}")
    print(f"    strict tuple precision {right['precision']}, recall {right['recall']}, F1 {right['f1']}")
    print(f"    {shares(result['fields'])}")
    if misses:
        print_misses(missed)


def print_articles(score: ModuleType, predict: Predict, misses: bool) -> None:
    lines = [
        {"id": gold["article"], "claims": predict(text, gold["published"])}
        for gold, text in labelled.labelled_articles()
    ]
    result, missed = score.articles(labelled.SHARED / "articles", lines)
    print(
        f"  articles: {result['articles']}, claims required {result['required']}, found {result['found']}, "
        f"strict {result['strict']}, false {result['false']}; F1 {result['claims']['f1']}"
    )
    print(f"    {shares(result['fields'])}")
    if misses:
        print_misses(missed)


def print_misses(missed: list[tuple[str, str, Any, Any]]) -> None:
    for what, text, wanted, got in missed:
        line = {"what": what, "text": text, "gold": wanted, "predicted": got}
        print(json.dumps(line, ensure_ascii=False, default=str), file=sys.stderr)


def print_groups(score: ModuleType, name: str, pairs: Sequence[Pair]) -> None:
    """Claims by status group, by status and by act. Optional labels of articles count only where they were found."""
    print(f"  {name}")
    groupings: tuple[tuple[str, Callable[[Label], str]], ...] = (
        ("group", lambda gold: score.STATUS_GROUP.get(gold["status"], "denied or alleged")),
        ("status", lambda gold: gold["status"]),
        ("act", lambda gold: gold["act"]),
    )
    for what, key in groupings:
        wanted = [(pair, pair.gold) for pair in pairs if pair.gold is not None]
        for value in sorted({key(gold) for _, gold in wanted}):
            held = [pair for pair, gold in wanted if key(gold) == value]
            found = [pair for pair in held if pair.predicted is not None]
            strict = sum(score.strict(pair.verdict) for pair in found)
            fields = score.accuracies([pair.verdict for pair in found]) if found else {}
            kept = {n: fields[n] for n in ("act", "status", "stance", "speaker") if n in fields}
            print(
                f"    {what} {value}: {len(held)}, recall {len(found) / len(held):.2f}, strict {strict / len(held):.2f}"
                + (f"; {shares(kept)}" if kept else "")
            )


def measure_labelled(score: ModuleType, extractor: Extractor, misses: bool, where: str | None) -> None:
    shared, own = labelled.shared_sentences(), labelled.own_sentences()
    failed: set[str] = set()
    gazetteer, rules = Gazetteer(), by_rules(extractor)
    methods = (
        ("keywords", by_keywords(gazetteer)),
        ("the same rules without a parse", by_word_order(gazetteer, failed)),
        ("rules", rules),
    )
    for name, predict in methods:
        print(name)
        tell = misses and predict is rules
        print_sentences(score, "shared sentences", shared, predict, tell)
        print_sentences(score, "our own hard sentences", own, predict, tell)
        print_articles(score, predict, tell)
    for sentence in sorted(failed):
        print(f"without a parse, reading failed: {sentence}")
    print("rules, by status and act")
    pairs = []
    for name, labels in (("shared sentences", shared), ("our own hard sentences", own)):
        pairs.append((name, labelled.pairs_of_sentences(score, name, labels, rules)))
    pairs.append(("articles", labelled.pairs_of_articles(score, rules)))
    for name, of_data in pairs:
        print_groups(score, name, of_data)
    print("confidence")
    measure_reliability(score, own, rules)
    if where is not None:
        confusions.write([pair for _, of_data in pairs for pair in of_data], where, Console())


def print_real_text(extractor: Extractor) -> None:
    print("real text")
    outcome = corpora.measure(extractor)
    if outcome is None:
        print(f"  no texts installed: false claims are not counted ({corpora.INSTALL} installs them)")
        return
    for found in outcome.found:
        claim = found.claim
        movers, places = (",".join(x.code for x in parties) for parties in (claim.movers, claim.places))
        print(
            f"  {found.verdict or 'UNJUDGED'} {corpora.digest(found.sentence)} {claim.act} {claim.status} {movers} > {places} "
            f"[{'; '.join(claim.rules)}] {found.sentence}"
        )
    for corpus, read in outcome.sentences.items():
        of_corpus = [f for f in outcome.found if f.corpus == corpus]
        print(
            f"  {corpus}: {read} sentences, {len(of_corpus)} claims, {sum(f.false for f in of_corpus)} false: "
            f"{outcome.per_thousand(corpus):.2f} per thousand"
        )
    unjudged = sum(f.verdict is None for f in outcome.found)
    verdict = "within" if outcome.per_thousand() <= corpora.TARGET else "above"
    print(
        f"  all: {outcome.read} sentences, {outcome.per_thousand():.2f} false claims per thousand, {verdict} the target of "
        f"{corpora.TARGET:.0f}; {unjudged} not judged, counted as false"
    )


def main(arguments: Sequence[str] | None = None) -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--misses", action="store_true", help="every miss as a line of JSON on standard error")
    options.add_argument(
        "--confusions", metavar="OUT", help="confusion matrices and wrong sentences: an HTML file, or -"
    )
    chosen = options.parse_args(arguments)
    extractor = load(Settings())
    score = labelled.scorer(labelled.SHARED)
    if score is None:
        print("no evaluation data in ../shared beside the checkout: accuracy is not measured")
    else:
        measure_labelled(score, extractor, chosen.misses, chosen.confusions)
    print("speed")
    measure_speed([row["text"] for row in labelled.own_sentences() if row["is_claim"]][:150])
    print_real_text(extractor)


if __name__ == "__main__":
    main()
