"""The claims and names of a text: a sentence, a headline, or a whole article with its page furniture.

    extractor = load(settings)
    extraction = extractor.extract(text, published="2017-06-22T00:00:00Z", outlet="RFE/RL")

Offsets count in the text as it is given. Any text is accepted; only sentences near one that the triggers choose are parsed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

from agents.enrich.claims.discourse import Discourse
from agents.enrich.claims.draft import Article
from agents.enrich.language.parse import Parser, names_aircraft
from agents.enrich.language.sentences import Sentence, is_caption, split
from agents.enrich.language.triggers import Hits, scan, worth_parsing
from agents.enrich.names.finding import Gazetteer
from agents.enrich.names.mention import Mention
from agents.enrich.names.nametokens import key_of
from agents.enrich.reading import Person, may_claim, read
from streams.records import Claim, Entity, EntityKind
from streams.settings import Settings

BYGONE = 1975
"""A leader who left office before is named in history, not in news: agencies' archives in electronic form begin later."""

_CONTROLS = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff]|[\ud800-\udfff]"
)
"""Characters that print nothing; each is read as a space, so that offsets stay."""
_ENTITY_KINDS: Mapping[str, EntityKind] = {
    "country": "place",
    "organisation": "organisation",
    "armed-group": "force",
    "force": "force",
    "place": "place",
    "person": "person",
}


class Extraction:
    """What a text names and claims, each in the order of the text. Entities are looked up when they are asked for."""

    __slots__ = ("_entities", "_find", "claims")

    def __init__(self, claims: tuple[Claim, ...], find: Callable[[], tuple[Entity, ...]]) -> None:
        self.claims = claims
        self._find = find
        self._entities: tuple[Entity, ...] | None = None

    @property
    def entities(self) -> tuple[Entity, ...]:
        if self._entities is None:
            self._entities = self._find()
        return self._entities


def load(settings: Settings, *, parser: bool = True) -> Extractor:
    """An extractor with its data and model loaded: about two seconds. Without `parser` the model waits until it is needed."""
    extractor = Extractor(settings.spacy_model, Gazetteer())
    if parser:
        extractor.load_parser()
    return extractor


@dataclass(frozen=True, slots=True)
class _Sifted:
    """What the triggers say of a text, whose control characters are spaces in `clean`."""

    clean: str
    hits: Hits
    sentences: Sequence[Sentence]
    chosen: Sequence[bool]
    """Of each sentence, whether it is worth a parse."""


class Extractor:
    """Not safe for several threads at once: spaCy's pipeline is not, either."""

    def __init__(self, model: str, gazetteer: Gazetteer) -> None:
        self._model = model
        self._gazetteer = gazetteer
        self._sift = lru_cache(maxsize=1)(_sifted)  # who asks whether a text would be parsed has it extracted next

    def load_parser(self) -> None:
        """Load what parses, which otherwise waits for the first text that needs it."""
        _ = self._parser

    @cached_property
    def _parser(self) -> Parser:
        return Parser(self._model)

    def would_parse(self, text: str) -> bool:
        """Whether anything in a text is worth a parse: a fifth of a millisecond for most, where `extract` takes tens of it if so."""
        return any(self._sift(text).chosen)

    def extract(self, text: str, published: str | None = None, outlet: str | None = None) -> Extraction:
        """Entities and claims. Never raises, whatever the text."""
        sifted = self._sift(text)
        clean, hits, sentences, chosen = sifted.clean, sifted.hits, sifted.sentences, sifted.chosen
        if not any(chosen):
            return Extraction((), lambda: _entities(self._gazetteer.find(clean, published), ()))
        mentions = self._gazetteer.find(clean, published)

        def article() -> Article:
            """The article before its first sentence is read: reading it notes what it tells in it."""
            return Article(
                text=text,
                sentences=sentences,
                discourse=_discourse(self._gazetteer, sentences, mentions, hits, published),
                outlet=outlet,
                published=published if _day(published) is not None else None,
            )

        opening = [c and _may_open(s, hits, mentions) for c, s in zip(chosen, sentences, strict=True)]
        if not any(opening) or not may_claim(self._parser, article(), opening, mentions):
            return Extraction((), lambda: _entities(mentions, read(self._parser, article(), chosen, mentions)[1]))
        claims, people = read(self._parser, article(), chosen, mentions)
        return Extraction(tuple(claims), lambda: _entities(mentions, people))


def _sifted(text: str) -> _Sifted:
    clean = _CONTROLS.sub(" ", text)
    hits = scan(clean)
    sentences = [s for s in split(clean) if not is_caption(s)] if hits.any else []
    return _Sifted(clean, hits, sentences, [worth_parsing(s, hits) for s in sentences])


def _discourse(
    gazetteer: Gazetteer, sentences: Sequence[Sentence], mentions: Sequence[Mention], hits: Hits, published: str | None
) -> Discourse:
    """What is known of a text before its first sentence is read."""
    paragraphs = len({s.paragraph for s in sentences})
    return Discourse(
        published=_day(published),
        whole_article=paragraphs > 1 or len(sentences) > 3,
        military=len(hits.force) >= 1,
        mentions=Counter(m.country for m in mentions if m.country),
        groups=gazetteer.data.groups,
        homes={m.name: m.country for m in mentions if m.kind == "armed-group" and m.country},
        areas={m.text: area for m in mentions if m.kind == "organisation" and (area := gazetteer.area(m.text))},
        place_called=gazetteer.place_called,
        bygone=published is None and any(_bygone(m, gazetteer) for m in mentions if m.kind == "person"),
    )


def _may_open(sentence: Sentence, hits: Hits, mentions: Sequence[Mention]) -> bool:
    """Whether a sentence that is worth a parse can be the first to claim something.

    One whose only force is a mere quantity cannot where it names nobody and nothing: "some were sent home" goes on with what was
    told. But "six more CF-18s" and "decided last week to join the coalition in Mali" are claims without a word of forces.
    """
    return (
        worth_parsing(sentence, hits, told=False)
        or any(sentence.start <= m.start < sentence.end for m in mentions)
        or names_aircraft(sentence.text)
    )


def _bygone(mention: Mention, gazetteer: Gazetteer) -> bool:
    senses = [s for s in gazetteer.data.senses.get(key_of(mention.text), ()) if s.form == "office-holder"]
    return bool(senses) and all(s.until is not None and s.until < BYGONE for s in senses)


def _day(value: str | None) -> date | None:
    try:
        return date.fromisoformat(value[:10]) if value else None
    except ValueError:
        return None


def _entities(mentions: Sequence[Mention], people: Sequence[Person]) -> tuple[Entity, ...]:
    found = [
        Entity(
            kind=_ENTITY_KINDS[m.kind],
            name=m.name,
            id=m.id or (m.code if m.kind == "country" else None),
            start=m.start,
            end=m.end,
        )
        for m in mentions
    ]
    for start, end, name in people:
        if not any(e.start < end and e.end > start for e in found):
            found.append(Entity(kind="person", name=name, id=None, start=start, end=end))
    return tuple(sorted(found, key=lambda e: (e.start, e.end)))
