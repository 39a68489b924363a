"""Which names a text gives as those that it has its report from: "told Reuters", "The Moscow Times reported".

A name counts by where it stands, its words in a row beside the words of a citing phrase: that a text has the words "Moscow" and
"Times" somewhere, or tells of the newspaper's building, says nothing of where the report is from. Phrases are data:
`data/citing.toml`. Whether a name is one of a house, the reader of the names knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from wirecopy.figures import calendar_words
from wirecopy.loading import InvalidData, rows, text_of, texts_of
from wirecopy.speakers import fold_name

KEPT = 16
"""Names kept of one text, the first: few reports lean on more than three."""
REACH = 12
"""Words beside a citing phrase that may describe and name the house: "the state-run Russian news agency RIA Novosti"."""

_KINDS = ("before", "after", "passes on, before", "passes on, after", "beside", "noun")
_WORD = re.compile(r"\S+")
_FIRST_OF_ALL = re.compile(r"[\"“']?([A-Z][\w./-]{1,20}(?: [A-Z][\w./-]{1,20}){0,2}): ")
_IN_BRACKETS_AT_THE_END = re.compile(r"[(\[]([^()\[\]]{2,40})[)\]][.!?\"”’]*$")
_WHERE = frozenset(("in", "from", "at", "near"))
_INSIDE = frozenset(("of", "and", "&", "the"))
"""Words that may stand inside of a name: "Voice of America"."""
_ARTICLES = frozenset(("a", "an", "the"))
_EDGES = "\"“”„«»‘’'`()[]"
_STOPS = re.compile(r"[.,;:!?…)\]\"”»]+[’']?$|[’']$")
_POSSESSIVE = re.compile(r"['’]s?$")
_ABBREVIATED = re.compile(r"(?:\w\.){2,}")


@dataclass(frozen=True, slots=True)
class _Word:
    """`name`: as it may stand in a name. `stops`: nothing of one phrase goes on behind it."""

    plain: str
    name: str
    capital: bool
    stops: bool


@dataclass(frozen=True, slots=True)
class _Phrases:
    """Phrases as their words, by the first of them, the longest first; `beside` and `nouns` are single words."""

    before: dict[str, list[tuple[str, ...]]]
    after: dict[str, list[tuple[str, ...]]]
    passes_on_before: dict[str, list[tuple[str, ...]]]
    passes_on_after: dict[str, list[tuple[str, ...]]]
    beside: frozenset[str]
    nouns: frozenset[str]


@cache
def _phrases() -> _Phrases:
    """Raises `InvalidData`."""
    kinds: dict[str, list[str]] = {kind: [] for kind in _KINDS}
    for place, entry in rows("wirecopy", "data/citing.toml", "words"):
        kind = text_of(place, entry, "kind")
        if kind not in kinds:
            raise InvalidData(f"{place}: kind: {kind!r} is none of {', '.join(kinds)}")
        kinds[kind] += texts_of(place, entry, "words")
    return _Phrases(
        before=_by_first_word(kinds["before"]),
        after=_by_first_word(kinds["after"]),
        passes_on_before=_by_first_word(kinds["passes on, before"]),
        passes_on_after=_by_first_word(kinds["passes on, after"]),
        beside=frozenset(kinds["beside"]),
        nouns=frozenset(kinds["noun"]),
    )


def _by_first_word(phrases: Sequence[str]) -> dict[str, list[tuple[str, ...]]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase in sorted(phrases, key=len, reverse=True):
        words = tuple(phrase.split())
        found.setdefault(words[0], []).append(words)
    return found


def cited_in(text: str) -> tuple[str, ...]:
    """The names beside citing phrases, folded and without "the", each once, in the order of the text; at most `KEPT`."""
    found: dict[str, None] = {}
    for paragraph in text.split("\n"):
        words = [_read(chunk) for chunk in _WORD.findall(paragraph)]
        for beside in _beside(words):
            found.update(dict.fromkeys(_names(beside)))
            if len(found) >= KEPT:
                return tuple(found)[:KEPT]
    return tuple(found)


def passed_on_in(sentence: str) -> tuple[str, ...]:
    """The names, as written and each once, of those whom a sentence gives as where all that it tells is from: "..., according to a
    Reuters report.", "Reuters: ...", "... (Reuters)." Which of them are houses, the reader knows."""
    text = sentence.strip()
    found: dict[str, None] = {}
    for edge in (_FIRST_OF_ALL.match(text), _IN_BRACKETS_AT_THE_END.search(text[-60:])):
        if edge is not None:
            found.setdefault(edge[1])
    phrases = _phrases()
    words = [_read(chunk) for chunk in _WORD.findall(text)]
    for place, word in enumerate(words):
        length = _length_at(words, place, phrases.passes_on_before.get(word.plain, ()))
        if length and not words[place + length - 1].stops:
            found.update(dict.fromkeys(_runs(_until_stop(words[place + length : place + length + REACH]))))
        if _length_at(words, place, phrases.passes_on_after.get(word.plain, ())):
            found.update(dict.fromkeys(_runs(_from_stop(words[max(0, place - REACH) : _end_of_house(words, place)]))))
    return tuple(found)


def _end_of_house(words: Sequence[_Word], place: int) -> int:
    """Where the name of a house ends before a verb: without a noun and where it is ("[Reuters] correspondent in Kigali wrote")."""
    nouns = _phrases().nouns
    end = place
    if end > 2 and words[end - 1].capital and words[end - 2].plain in _WHERE and words[end - 3].plain in nouns:
        end -= 2
    while end and words[end - 1].plain in nouns and not words[end - 1].stops:
        end -= 1
    return end


def house_key(name: str) -> str:
    """The name of a house as `cited_in` gives it."""
    return fold_name(name).removeprefix("the ")


def _read(chunk: str) -> _Word:
    bare = chunk.strip(_EDGES)
    stops = _STOPS.search(chunk) is not None and not _ABBREVIATED.fullmatch(bare)
    name = bare if _ABBREVIATED.fullmatch(bare) else bare.rstrip(".,;:!?…")
    name = name.strip(_EDGES)
    return _Word(name.casefold(), name, name[:1].isupper(), stops)


def _beside(words: Sequence[_Word]) -> Iterator[list[_Word]]:
    """The words beside each citing phrase, in the order of the text."""
    phrases = _phrases()
    for place, word in enumerate(words):
        length = _length_at(words, place, phrases.before.get(word.plain, ()))
        if length and not words[place + length - 1].stops:
            yield _until_stop(words[place + length : place + length + REACH])
        if _length_at(words, place, phrases.after.get(word.plain, ())):
            yield _from_stop(words[max(0, place - REACH) : place])


def _length_at(words: Sequence[_Word], place: int, phrases: Sequence[tuple[str, ...]]) -> int:
    """How many words the longest of the phrases has that stands here, none of them but the last one ending it; 0 for none."""
    for phrase in phrases:
        there = words[place : place + len(phrase)]
        if tuple(word.plain for word in there) == phrase and not any(word.stops for word in there[:-1]):
            return len(phrase)
    return 0


def _until_stop(words: Sequence[_Word]) -> list[_Word]:
    found = []
    for word in words:
        if not _belongs(word):
            break
        found.append(word)
        if word.stops:
            break
    return found


def _from_stop(words: Sequence[_Word]) -> list[_Word]:
    found: list[_Word] = []
    for word in reversed(words):
        if word.stops or not _belongs(word):
            break
        found.append(word)
    return found[::-1]


def _belongs(word: _Word) -> bool:
    return word.capital or word.plain.isdigit() or word.plain in _INSIDE or word.plain in _phrases().beside


def _names(words: Sequence[_Word]) -> Iterator[str]:
    """The names among words that describe and name a house, folded."""
    for name in _runs(words):
        if key := house_key(name):
            yield key


def _runs(words: Sequence[_Word]) -> Iterator[str]:
    """What may be the name of a house among words that describe and name one: runs of capitalised words, as wholes and in parts
    around "and", and what stands behind whose it is ("Russia's Interfax")."""
    run: list[_Word] = []
    for word in words:
        names = word.capital and word.plain not in calendar_words() and (run or word.plain not in _ARTICLES)
        if names or (run and (word.plain in _INSIDE or word.plain.isdigit())):
            run.append(word)
            continue
        yield from _of_run(run)
        run = []
    yield from _of_run(run)


def _of_run(run: Sequence[_Word]) -> Iterator[str]:
    parts: list[list[str]] = [[]]
    for word in run:
        if word.plain in ("and", "&"):
            parts.append([])
        else:
            parts[-1].append(word.name)
            if _POSSESSIVE.search(word.name):
                parts.append([])
    whole = [word.name for word in run]
    if whole and whole[-1].isdigit():
        # "told France 24 that", but "told Reuters 300 men had left".
        parts.append(whole[:-1])
    for part in (whole, *parts):
        while part and part[-1].casefold() in _INSIDE:
            part.pop()
        if name := _POSSESSIVE.sub("", " ".join(part)):
            yield name
