"""An endless stream of news articles for measurements: the same for one seed, and no text of anybody else in it.

Of 100 articles 30 are copies of earlier ones (whole with an outlet's boilerplate, cut short under another headline, or
with a paragraph of their own), 3 tell of a deployment, and 7 have military words without one; the shares can be set.
"""

from __future__ import annotations

import random
import tomllib
from collections import deque
from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

PHRASES: dict[str, list[str]] = tomllib.loads(Path(__file__).with_name("phrases.toml").read_text(encoding="utf-8"))
OUTLETS = 60
COPIED_WITHIN = 500
"""A copy is made of one of so many latest originals."""
BOILERPLATE = "Sign up to our newsletter. © {outlet}. All rights reserved."


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """Shares of all articles; `copies` are spread over the other kinds."""

    relevant: float = 0.03
    military: float = 0.07
    copies: float = 0.30


@dataclass(frozen=True, slots=True)
class _Text:
    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Generated:
    """One raw article as bytes, and what it was made as."""

    payload: bytes
    relevant: bool
    copied: bool


def stream(seed: int, start: datetime, *, per_second: float, mix: Mix | None = None) -> Iterator[Generated]:
    """Articles without end, published from `start` on at `per_second`."""
    mix = mix or Mix()
    chance = random.Random(seed)
    originals: deque[tuple[_Text, bool]] = deque(maxlen=COPIED_WITHIN)
    number = 0
    while True:
        outlet = f"outlet-{chance.randrange(OUTLETS)}.example"
        copied = bool(originals) and chance.random() < mix.copies
        if copied:
            original, relevant = chance.choice(originals)
            text = _copy(chance, original, outlet)
        else:
            draw = chance.random()
            relevant = draw < mix.relevant
            text = _original(chance, relevant, military=draw < mix.relevant + mix.military)
            originals.append((text, relevant))
        published = start + timedelta(seconds=int(number / per_second))
        article: dict[str, Any] = {
            "id": f"bench-{seed}-{number}",
            "outlet": outlet,
            "title": text.title,
            "body": "\n\n".join(text.paragraphs),
            "published": published.isoformat().replace("+00:00", "Z"),
            "language": "en",
        }
        yield Generated(orjson.dumps(article), relevant, copied)
        number += 1


def _original(chance: random.Random, relevant: bool, *, military: bool) -> _Text:
    sentences = [_sentence(chance, "ordinary") for _ in range(chance.randint(10, 30))]
    if military:
        for _ in range(chance.randint(2, 5)):
            sentences.insert(chance.randrange(len(sentences)), _sentence(chance, "military"))
    title = _sentence(chance, "headlines")
    if relevant:
        claim = _sentence(chance, "deployment")
        sentences.insert(0, claim)
        sentences.insert(chance.randrange(1, len(sentences)), _sentence(chance, "military"))
        title = claim.split(", ")[0].removesuffix(".")
    paragraphs = []
    while sentences:
        size = chance.randint(1, 3)
        paragraphs.append(" ".join(sentences[:size]))
        sentences = sentences[size:]
    return _Text(title, tuple(paragraphs))


def _copy(chance: random.Random, original: _Text, outlet: str) -> _Text:
    paragraphs = original.paragraphs
    kind = chance.choice(("whole", "cut", "merged"))
    if kind == "cut":
        return _Text(_sentence(chance, "headlines"), paragraphs[: max(1, len(paragraphs) * 6 // 10)])
    if kind == "merged":
        local = " ".join(_sentence(chance, "ordinary") for _ in range(3))
        middle = chance.randrange(len(paragraphs))
        return _Text(original.title, (*paragraphs[: middle + 1], local, *paragraphs[middle + 1 :]))
    return _Text(original.title, (*paragraphs, BOILERPLATE.format(outlet=outlet)))


def _sentence(chance: random.Random, patterns: str) -> str:
    """A random pattern of that list with its slots filled; a slot with a capital gets words with one."""
    pieces = chance.choice(PHRASES[patterns]).split("{")
    filled = [pieces[0]]
    used: set[str] = set()
    for piece in pieces[1:]:
        slot, _, rest = piece.partition("}")
        words = _words(chance, slot.lower(), used)
        used.add(words)
        filled += [words[0].upper() + words[1:] if slot[0].isupper() else words, rest]
    return "".join(filled)


def _words(chance: random.Random, slot: str, used: Container[str]) -> str:
    if slot == "number":
        return f"{int(10 ** chance.uniform(0.5, 4)):,}"
    if slot in ("town", "last"):
        middle = "".join(chance.choice(PHRASES["syllable"]) for _ in range(2))
        return middle.capitalize() + chance.choice(PHRASES[f"{slot}_ending"])
    return chance.choice([words for words in PHRASES[slot] if words not in used])
