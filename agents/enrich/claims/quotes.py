"""Quotation marks, and the newspapers, agencies and stations that a sentence quotes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from agents.enrich.claims.speakers import OUTLETS
from agents.enrich.language.parse import Parsed
from agents.enrich.language.sentences import Sentence
from streams.records import Span

_QUOTATION = re.compile(r"[“\"]([^“”\"]+)[”\"]|‘([^‘]+?)’(?!\w)")
"""Words between quotation marks; a single mark before a letter is an apostrophe."""
_CLOSING = re.compile(r"’(?!\w)")
"""A single mark that closes a quotation."""


def in_quotes(text: str, at: int) -> bool:
    """Whether a quotation that is opened before `at` is still open there."""
    before = text[:at]
    if before.count("“") > before.count("”") or before.count('"') % 2 == 1:
        return True
    return before.count("‘") > len(_CLOSING.findall(before)) and "‘" in before


def inside_quotation(sentence: Sentence, sentences: Sequence[Sentence], text: str) -> bool:
    """Whether a quotation opened earlier in the paragraph is still open where the sentence starts."""
    paragraph_start = min(s.start for s in sentences if s.paragraph == sentence.paragraph)
    before = text[paragraph_start : sentence.start]
    opened = before.count("“") - before.count("”")
    straight = before.count('"') % 2
    starts = sentence.text[:1] in '"“‘'
    return opened > 0 or straight == 1 or (starts and sentence.text.rstrip()[-1:] in '"”’')


def quote_span(sentence: Sentence, at: int) -> Span | None:
    """The quotation around the character `at` of a sentence, marks included."""
    for match in _QUOTATION.finditer(sentence.text):
        if match.start() <= at < match.end():
            return Span(start=sentence.start + match.start(), end=sentence.start + match.end(), text=match.group())
    return None


def _named(outlet: Any, parsed: Parsed) -> tuple[str, int, int] | None:
    """The name before a word for an outlet, and where it stands: "Hurriyet" of "the Hurriyet newspaper", "Wall Street Journal"."""
    tokens = parsed.tokens
    first = outlet.i
    while first > 0 and tokens[first - 1].pos_ == "PROPN" and tokens[first - 1].dep_ in ("compound", "nmod"):
        first -= 1
    last = outlet.i if outlet.pos_ == "PROPN" else outlet.i - 1
    if last == outlet.i:
        while last + 1 < len(tokens) and tokens[last + 1].pos_ == "PROPN" and tokens[last + 1].lower_ in OUTLETS:
            last += 1  # "Central News Agency"
    if first < outlet.i:
        return tokens[first : last + 1].text, tokens[first].idx, tokens[last].idx + len(tokens[last].text)
    name = next((c for c in outlet.children if c.dep_ == "appos" and c.pos_ == "PROPN"), None)
    return (name.text, name.idx, name.idx + len(name.text)) if name is not None else None


def outlets_quoted(parsed: Parsed) -> list[tuple[str, int, int]]:
    """Newspapers, agencies and stations that a sentence quotes: "by the Hurriyet newspaper", "told Interfax"."""
    found: list[tuple[str, int, int]] = []
    for token in parsed.tokens:
        if token.lower_ in OUTLETS and token.pos_ in ("NOUN", "PROPN"):
            named = _named(token, parsed)
            if named is not None and not any(start <= named[1] < end for _, start, end in found):
                found.append(named)
        elif (
            token.pos_ == "PROPN"
            and token.dep_ in ("dobj", "pobj")
            and token.ent_type_ == "ORG"
            and token.i not in parsed.at
        ):
            verb = token.head if token.dep_ == "dobj" else token.head.head
            if verb.lemma_ in ("tell", "quote") and verb.pos_ == "VERB":
                found.append((token.text, token.idx, token.idx + len(token.text)))
    return found
