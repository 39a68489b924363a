"""What the words of a name tell: an outlet's, nobody's, or one that is only spoken about.

Data: `data/credit_words.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from functools import cache, lru_cache

from wirecopy.figures import calendar_words
from wirecopy.loading import InvalidData, rows, text_of, texts_of
from wirecopy.outlets import slug_of

_KINDS = frozenset(
    [
        "outlet",
        "leading",
        "generic",
        "nobody",
        "nobody ends",
        "office",
        "spoken about",
        "place",
        "no place",
        "site",
        "official",
        "ordinary",
        "label",
        "with",
        "joining",
        "role",
        "time",
        "way",
        "month",
    ]
)


@cache
def words_of(kind: str) -> frozenset[str]:
    """The words of a kind, most of them as slugs. Raises `InvalidData` for a file with a kind that nobody asks for."""
    return _words()[kind]


@cache
def _words() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = dict.fromkeys(_KINDS, frozenset())
    for place, entry in rows("wirecopy", "data/credit_words.toml", "words"):
        kind = text_of(place, entry, "kind")
        if kind not in _KINDS:
            raise InvalidData(f"{place}: kind: {kind!r} is none of {', '.join(sorted(_KINDS))}")
        words = texts_of(place, entry, "words")
        fold = _FOLDS.get(kind, _slug)
        found[kind] |= frozenset(fold(word) for word in words)
    return found


def without_dots(name: str) -> str:
    """Initials as most write them: "A.P." is "AP", "24.kg" and "St. Louis" stay."""
    return " ".join(_joined(word) for word in name.split(" "))


def _joined(word: str) -> str:
    letters = word.removesuffix(".").split(".")
    return "".join(letters) if len(letters) > 1 and all(len(letter) == 1 for letter in letters) else word


def _slug(name: str) -> str:
    return slug_of(without_dots(name))


_FOLDS: dict[str, Callable[[str], str]] = {
    "ordinary": str.casefold,
    "label": str,
    "with": str,
    "month": str,
    "site": str,
}
"""How words are compared that are not compared as slugs: as they stand, or without case."""


@lru_cache(maxsize=4096)
def is_spoken_about(name: str) -> bool:
    """Whether a name is that of an organisation, an office, a state or a place where anybody posts, as far as words tell."""
    return is_organisation(name) or _has(name, words_of("office"))


def is_organisation(name: str) -> bool:
    """Whether a name has that of an organisation in it: "NATO", "UN News"."""
    return _has(name, words_of("spoken about"))


@lru_cache(maxsize=4096)
def is_nobody(name: str) -> bool:
    """Whether a name names nobody who writes: "Staff", "Web Desk", "State TV", "Monday", "IL"."""
    slug = _slug(name)
    parts = slug.split("-")
    return (
        slug in words_of("nobody")
        or slug in words_of("place")
        or parts[-1] in words_of("nobody ends")
        or all(part in words_of("generic") or part in calendar_words() or part.isdecimal() for part in parts)
    )


def is_like_an_outlet(name: str) -> bool:
    """Whether a name of two words or more says that it is an outlet's: "Kyiv Post", "Radio Delmas"."""
    parts = slug_of(name).split("-")
    if len(parts) < 2:
        return False
    return parts[0] in words_of("leading") or any(part in words_of("outlet") for part in parts[1:])


def is_like_an_outlets_domain(domain: str) -> bool:
    """Whether a domain says that it is an outlet's: "iraqinews.com", and not "flightradar24.com"."""
    return any(label.startswith(_telling()) or label.endswith(_telling()) for label in domain.lower().split(".")[:-1])


@cache
def _telling() -> tuple[str, ...]:
    # A shorter word is also the end of another: "FM", "TV", "Sun".
    return tuple(word for word in sorted(words_of("outlet")) if len(word) > 3)


def is_anybodys(domain: str) -> bool:
    """Whether a domain is one where anybody posts, or a state's or an alliance's."""
    parts = domain.lower().split(".")
    tails = {".".join(parts[place:]) for place in range(len(parts))}
    return not tails.isdisjoint(words_of("site")) or any(part in words_of("official") for part in parts)


def _has(name: str, words: Collection[str]) -> bool:
    """Whether one of the words, or up to three in a row, stands in a name. Short ones are initials: "AU", but not "au"."""
    written = [word for word in re.split(r"[\s/]+", without_dots(name)) if word]
    parts = [slug_of(word) if len(word) > 3 or word.isupper() else "" for word in written]
    return any(
        "-".join(parts[start:end]) in words for start in range(len(parts)) for end in range(start + 1, start + 4)
    )


def is_refused(name: str) -> bool:
    """Whether a name is certainly no agency's or outlet's: nobody's, one that is spoken about, an address where anybody
    posts."""
    return is_nobody(name) or is_spoken_about(name) or is_anybodys(name.split("/", 1)[0])
