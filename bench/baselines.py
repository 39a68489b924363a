"""What is measured beside each other: the rules, the same rules without a parse, and keywords.

All take a text and when it was published, and give the claims in the form of the scorer of the shared evaluation data.
Keywords publish a claim wherever a force word and a motion word stand in one sentence, with the first country as the mover
and the last as the place. Without a parse every sentence is read by the order of its words, with the same lexicon and names.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from agents.enrich.claims import word_order
from agents.enrich.extract import Extractor
from agents.enrich.language.sentences import Sentence, split
from agents.enrich.language.triggers import scan, worth_parsing
from agents.enrich.names.finding import Gazetteer
from agents.enrich.names.mention import Mention

Predicted = dict[str, Any]
Predict = Callable[[str, str | None], list[Predicted]]

WITHDRAWING = ("withdr", "pull", "leave", "left", "home", "recall")


def by_rules(extractor: Extractor) -> Predict:
    def predict(text: str, published: str | None) -> list[Predicted]:
        return [
            {
                "act": c.act, "status": c.status, "stance": c.stance, "mover": [m.code for m in c.movers],
                "agent": [a.code for a in c.agents], "place": [p.code for p in c.places],
                "speaker": dataclasses.asdict(c.speaker) if c.speaker else None, "evidence": dataclasses.asdict(c.evidence),
                "confidence": c.confidence, "rules": list(c.rules),
            }
            for c in extractor.extract(text, published).claims
        ]  # fmt: skip

    return predict


def by_word_order(gazetteer: Gazetteer, failed: set[str] | None = None) -> Predict:
    """`failed` gets the sentences at which the reading fails. They have no claim, as for anybody who used it alone."""

    def read(sentence: str, mentions: list[Mention]) -> list[word_order.Told]:
        try:
            return word_order.read(sentence, mentions)
        except (AttributeError, LookupError, TypeError):
            if failed is not None:
                failed.add(sentence)
            return []

    def predict(text: str, published: str | None) -> list[Predicted]:
        mentions = gazetteer.find(text, published)
        found = []
        for sentence in split(text):
            inside = [
                dataclasses.replace(m, start=m.start - sentence.start, end=m.end - sentence.start)
                for m in mentions
                if sentence.start <= m.start and m.end <= sentence.end
            ]
            for told in read(sentence.text, inside):
                found.append(
                    {
                        "act": told.act, "status": told.status, "stance": told.stance,
                        "mover": [m.code for m in told.movers], "agent": [], "place": [p.code for p in told.places],
                        "speaker": {"text": told.speaker} if told.speaker else None,
                        "evidence": _span(sentence), "rules": told.rules,
                    }
                )  # fmt: skip
        return found

    return predict


def by_keywords(gazetteer: Gazetteer) -> Predict:
    def predict(text: str, published: str | None) -> list[Predicted]:
        hits = scan(text)
        found = []
        for sentence in split(text):
            if not worth_parsing(sentence, hits):
                continue
            countries = [m.country for m in gazetteer.find(sentence.text, published) if m.country]
            act = "withdraw" if any(w in sentence.text.lower() for w in WITHDRAWING) else "send"
            found.append(
                {
                    "act": act, "status": "occurred", "stance": "reports", "mover": countries[:1], "agent": [],
                    "place": countries[-1:], "speaker": None, "evidence": _span(sentence), "rules": ["keywords"],
                }
            )  # fmt: skip
        return found

    return predict


def _span(sentence: Sentence) -> Predicted:
    return {"start": sentence.start, "end": sentence.end, "text": sentence.text}
