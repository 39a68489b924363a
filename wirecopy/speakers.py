"""Whether two speakers are one and the same, as far as two articles let us know, or one article by referring back."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from streams.records import Speaker
from wirecopy.loading import words_by_kind

ROLE_WORDS = 2
"""Words of a role that two speakers of one country must share to be one: "foreign minister", not "spokesman"."""
ROLE_WORDS_ANYWHERE = 3
"""The same where the country of one of them is not known: "head, defence, committee". Where it is known of neither, the same
two words are enough if there are no others ("the defence minister"), and one of whom a state has one ("the president")."""

KINDS = ("indefinite", "mouth", "once in a state", "several", "institution", "behind")
"""What words of the data file tell: see there."""

_EMPTY = frozenset(
    ["a", "an", "and", "at", "by", "for", "former", "from", "in", "its", "of", "on", "the", "then", "to", "s"]
)
_GENERIC = frozenset(
    ["ministry", "government", "parliament", "army", "military", "police", "command", "office", "agency"]
)
_SPELLINGS = {"defense": "defence", "centre": "center", "spokeswoman": "spokesman", "spokesperson": "spokesman"}

_DOCUMENTS = frozenset(
    ["statement", "communique", "release", "press", "document", "announcement", "declaration", "letter", "report"]
)
"""What somebody says something in: the speaker is whoever wrote it."""
_POSSESSIVE = frozenset(["his", "her", "its", "their"])
_DEFINITE = _POSSESSIVE | {"the", "this", "that", "these", "those"}


@cache
def _kinds() -> dict[str, frozenset[str]]:
    """The words of the data file by kind. Raises `InvalidData`."""
    return words_by_kind("wirecopy", "data/speakers.toml", "kind", KINDS)


def _indefinite() -> frozenset[str]:
    return _kinds()["indefinite"]


_MARKS = re.compile("[\u0300-\u036f]")
_NOT_WORD = re.compile(r"[\W_]+")


@lru_cache(maxsize=65_536)
def fold_name(text: str) -> str:
    """A name for comparison: without case, accents and punctuation ("Kalın" and "Kalin" are one)."""
    folded = _MARKS.sub("", unicodedata.normalize("NFKD", text.casefold())).replace("ı", "i")
    return _NOT_WORD.sub(" ", folded).strip()


@dataclass(frozen=True, slots=True)
class Identity:
    """A speaker as far as it can be told from others. `name` and `role` hold their words, empty if there are none."""

    name: frozenset[str]
    organisation: str
    role: frozenset[str]
    country: str

    def compared_by(self) -> Iterator[Hashable]:
        """Two identities that are the same speaker have a key in common, so only those need a comparison."""
        yield from self.name
        if self.organisation:
            yield "organisation", self.organisation
        for word in self.role:
            yield "role", word


def identity_of(speaker: Speaker | None) -> Identity | None:
    """None for an anonymous source ("an official") and for anybody ("a bus driver"): two of them may be two people."""
    if speaker is None or speaker.anonymous or is_anybody(speaker):
        return None
    role = (_SPELLINGS.get(word, word) for word in fold_name(speaker.role or "").split())
    identity = Identity(
        name=frozenset(word for word in fold_name(speaker.name or "").split() if len(word) > 1),
        organisation=fold_name(speaker.organisation or ""),
        role=frozenset(word for word in role if word not in _EMPTY),
        country=speaker.country or "",
    )
    return identity if any(True for _ in identity.compared_by()) else None


@lru_cache(maxsize=8192)
def is_anybody(speaker: Speaker) -> bool:
    """Whether the words may be of one as well as of another: "a bus driver", "two lawmakers", "local journalists".

    "A NATO spokesman" and "a statement by the ministry" are no such: whoever utters it, the institution speaks.
    """
    if speaker.name is not None:
        return False
    told = speaker.text.partition(",")[0].split()
    words = [*fold_name(speaker.text.partition(",")[0]).split(), *fold_name(speaker.role or "").split()]
    if {_SPELLINGS.get(word, word) for word in words} & _kinds()["mouth"]:
        return False
    first = {word for text in (speaker.text, speaker.role or "") for word in fold_name(text).split()[:1]}
    if any(word in _indefinite() or word.isdecimal() for word in first):
        return True
    return first.isdisjoint(_DEFINITE) and _are_several(told)


def _are_several(told: Sequence[str]) -> bool:
    """Whether a description without an article is of several people. Capitals are names: "Joint Chiefs", "the Marines"."""
    ends = (place for place, word in enumerate(told) if place and word.lower() in _kinds()["behind"])
    head = told[next(ends, len(told)) - 1] if told else ""
    if not head.islower() or head in _kinds()["institution"]:
        return False
    return head in _kinds()["several"] or (head.endswith("s") and not head.endswith(("ss", "'s", "’s")))


def is_same(one: Identity, other: Identity) -> bool:
    """Symmetric: whether they can be told to be one speaker.

    Two who are both named are one by their names: "Shamanov" is "Vladimir Shamanov". A speaker without a name is
    whoever speaks for the same organisation of the same country, or has the same role: "the head of the defence
    committee in the lower house" is Vladimir Shamanov, "head of the defence committee".
    """
    known = bool(one.country and other.country)
    if known and one.country != other.country:
        return False
    if one.name and other.name:
        return one.name <= other.name or other.name <= one.name
    if one.organisation and other.organisation:
        if one.organisation != other.organisation:
            return False
        # A ministry without its country may be any ministry; "NATO" has none and needs none.
        return known or not (one.country or other.country or _GENERIC.intersection(one.organisation.split()))
    if not one.role or not other.role:
        return False
    if one.role == other.role and one.organisation == other.organisation and one.country == other.country:
        return known or len(one.role) >= ROLE_WORDS or not one.role.isdisjoint(_kinds()["once in a state"])
    shorter, longer = sorted((one.role, other.role), key=len)
    return shorter <= longer and len(shorter) >= (ROLE_WORDS if known else ROLE_WORDS_ANYWHERE)


def speaks_as_state(speaker: Speaker) -> bool:
    """Whether a state is heard without a word of who speaks for it: "Kazakhstan has denied", "Astana said"."""
    government = (speaker.organisation or "").startswith("government of ")
    # Who has no other role has the words of the article for one.
    return government and bool(speaker.country) and not speaker.name and speaker.role in (None, speaker.text)


def voices(heard: Sequence[tuple[Hashable, Speaker]]) -> list[int]:
    """For each speaker a number that is the same for all that are one: the position of the first of them.

    `heard` gives for each the text in which it is heard, the speakers of a text in their order there. Over all texts
    `is_same` decides; within a text also the same words. Within a text a description that refers back is the one
    nearest before it (otherwise after it) whose words it takes up: "the ministry" is the Slovenian Defence Ministry,
    "its defence minister" Josaia Tora, the defence minister, "the statement" whoever else speaks. It never makes two
    others one: "the minister" is one of two ministers.
    """
    voice = list(range(len(heard)))

    def join(one: int, other: int) -> None:
        low, high = sorted((voice[one], voice[other]))
        for position, number in enumerate(voice):
            if number == high:
                voice[position] = low

    first: dict[Hashable, int] = {}
    known: dict[Identity, int] = {}
    for position, (text, speaker) in enumerate(heard):
        identity = identity_of(speaker)
        # Who is nobody in particular is the same in one text only.
        particular = identity is not None and is_same(identity, identity)
        key = identity if particular else (text, fold_name(speaker.text) if identity is None else identity)
        if key in first:
            join(first[key], position)
            continue
        first[key] = position
        if identity is not None:
            for other, at in known.items():
                if is_same(identity, other):
                    join(at, position)
            known.setdefault(identity, position)
    for position, (text, speaker) in enumerate(heard):
        before, after = range(position - 1, -1, -1), range(position + 1, len(heard))
        if not _refers_back(speaker):
            continue
        # Who has been met under a fuller description already is not sought again.
        together = (p for p, number in enumerate(voice) if number == voice[position] and p != position)
        if any(_words(heard[p][1]) - _words(speaker) for p in together):
            continue
        others = (p for p in (*before, *after) if heard[p][0] == text and voice[p] != voice[position])
        found = next((p for p in others if _takes_up(speaker, heard[p][1])), None)
        if found is not None:
            join(position, found)
    return voice


@lru_cache(maxsize=8192)
def _reference(speaker: Speaker) -> tuple[str, frozenset[str], bool]:
    """First word of a description up to its first comma, its words that tell something, whether it is a document."""
    head = fold_name(speaker.text.partition(",")[0]).split() or [""]
    words = frozenset(_SPELLINGS.get(word, word) for word in head) - _EMPTY - _DEFINITE - _indefinite()
    return head[0], words, not words.isdisjoint(_DOCUMENTS) and (words <= _DOCUMENTS or head[-1] in _DOCUMENTS)


def _refers_back(speaker: Speaker) -> bool:
    """Whether it may be another description of somebody who is heard in the same text."""
    first, words, document = _reference(speaker)
    if speaker.name is not None or not words:
        return False
    return document or not (first in _indefinite() or (speaker.anonymous and first not in _DEFINITE))


def _takes_up(speaker: Speaker, other: Speaker) -> bool:
    """Whether such a description may be of the other speaker."""
    first, words, document = _reference(speaker)
    known = speaker.country and other.country and first not in _POSSESSIVE
    if known and speaker.country != other.country:
        return False
    theirs = _words(other)
    if document:
        return not theirs <= _DOCUMENTS and words - _DOCUMENTS <= theirs
    return words <= theirs


@lru_cache(maxsize=8192)
def _words(speaker: Speaker) -> frozenset[str]:
    told = " ".join(filter(None, (speaker.text, speaker.name, speaker.role, speaker.organisation)))
    return (
        frozenset(_SPELLINGS.get(word, word) for word in fold_name(told).split()) - _EMPTY - _DEFINITE - _indefinite()
    )


def best_known(speakers: Iterable[Speaker]) -> Speaker:
    """Of several descriptions of one speaker the one that tells most: a name before none, then the most words."""

    def told(speaker: Speaker) -> tuple[bool, int, bool, int, str]:
        named = bool(speaker.name) and not speaker.anonymous
        words = _words(speaker)
        return named, len((speaker.name or "").split()), not words <= _DOCUMENTS, len(words), speaker.text

    return max(speakers, key=told)
