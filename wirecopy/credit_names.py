"""The names in a credit: which of them are agencies and outlets.

A known name is always one. Of a name that no list knows it depends on what stands there, and how it looks: two reports
that credit one name are one source, so a name in doubt is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from wirecopy.credit_words import (
    is_anybodys,
    is_like_an_outlet,
    is_like_an_outlets_domain,
    is_nobody,
    is_refused,
    without_dots,
    words_of,
)
from wirecopy.figures import calendar_words
from wirecopy.outlets import agency_named, directory, identify, slug_of

Trust = Literal["known", "telling", "outlet", "initials"]
"""Which unknown names count where a credit stands: none; names and domains that say that they are an outlet's; any domain as
well; initials as well, and one word beside a known name."""

MARKS = " .:;,，、：()[]（）【】«»<>*_-–—’'\"“”"
LONGEST = 50
"""Most characters of an unknown name."""
SHORTEST = 3
"""Fewest letters of initials."""
_INITIALS = re.compile(r"(?:[A-Z][A-Za-z]{0,8}[A-Z]|[A-Z]{2,8})(?:[-/][A-Z]{2,8})?")
_DOMAIN = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,10}", re.IGNORECASE)
_ONE_WORD = re.compile(r"[A-Z]\w+(?:-[A-Z]\w+)?")
_SEPARATORS = (
    re.compile(r" ?(?:[,;|•·]|\bwith\b) ?|/(?= )|(?<= )/", re.IGNORECASE),
    re.compile(r" (?:and|und|et|y) |^and ", re.IGNORECASE),
    re.compile(r" ?&(?= )"),
)
"""What parts a list, the surest first: "AP and The News & Observer" are two."""
_ROLES = re.compile(
    r"^(?:by|from|the|staff|a|an) (?=\S)| (?:staff|writers?|correspondents?|reporters?|contributors?|news ?room|editors?"
    r"|news staff|news agency)$",
    re.IGNORECASE,
)
_HOUSE_BEFORE_ROLE = re.compile(r" (?:writer|correspondent|reporter|photographer|staff)s?(?= [A-Z])", re.IGNORECASE)
_WHERE = re.compile(r" (?:in|at|on|from) ", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s? ")
_WHOSE = re.compile(r" (?:of|for) ", re.IGNORECASE)


def named(name: str) -> str | None:
    """The id of a known agency or outlet of that name: an agency's id, or the outlet's slug. "The national news agency" and
    "state" in small letters are no names, though some are called so."""
    if name.islower() and (" " in name or is_ordinary(name)):
        return None
    known = directory()
    for written in dict.fromkeys((name, without_dots(name))):
        agency = agency_named(written)
        if agency is not None:
            return agency.id
        found = identify(written)
        if found.slug in known.outlet_by_domain:
            return found.slug
        by_domain = known.agency_by_domain.get(found.slug)
        if by_domain is not None:
            return by_domain.id
    return None


def is_ordinary(name: str) -> bool:
    """Whether a known name is a word, a person or a place as well, or many outlets': "The Sun", "Petra"."""
    return name.strip(MARKS).casefold() in words_of("ordinary")


def known_in(part: str) -> str | None:
    """The id of what is known in one part of a list: "the AFP", "Reuters in Ankara", "AP writer John Smith", "Jo Doe of AP"."""
    found = _known_in(part)
    return None if found is None else found[0]


def _known_in(part: str, *, whole: bool = False) -> tuple[str, str] | None:
    """The id and the name that it stands for."""
    name = part.strip(MARKS)
    for attempt in _without_roles(name) if whole else _attempts(name):
        if attempt and (id := named(attempt)):
            return id, attempt
    return None


def _attempts(name: str) -> Iterable[str]:
    yield from _without_roles(name)
    if (place := _WHERE.search(name)) is not None:
        yield from _without_roles(name[: place.start()])
    if (owner := _POSSESSIVE.search(name)) is not None:
        # "Reuters' Moscow bureau", "Turkey's Hurriyet".
        yield name[: owner.start()]
        yield from _without_roles(name[owner.end() :])
    if (role := _HOUSE_BEFORE_ROLE.search(name)) is not None:
        yield from _without_roles(name[: role.start()])
    if (whose := _WHOSE.search(name)) is not None:
        of = name[whose.end() :]
        yield from _without_roles(of)
        if (place := _WHERE.search(of)) is not None:
            yield from _without_roles(of[: place.start()])


def _without_roles(name: str) -> Iterable[str]:
    yield name
    for _ in range(2):
        shorter = _ROLES.sub("", name).strip()
        if shorter == name:
            return
        name = shorter
        yield name


def parts_of(names: str) -> list[str]:
    """The parts of a list of names, without the marks around them. "RFE/RL" and "AFP-JIJI" stay one part if that is known,
    and are two if each of them is."""
    parts = [names]
    for separator in _SEPARATORS:
        parts = [piece for part in parts for piece in ([part] if named(part.strip(MARKS)) else separator.split(part))]
    return [name for part in parts if (bare := part.strip(MARKS)) for name in _halves(bare)]


def _halves(part: str) -> list[str]:
    """The names that a part runs together: "AP/Reuters", "Reuters/John Smith", "AFP-JIJI"; itself if it is one name."""
    for sign in "/-":
        if sign in part and _known_in(part) is None:
            pieces = [piece for piece in (piece.strip(MARKS) for piece in part.split(sign)) if piece]
            known = [named(piece) is not None for piece in pieces]
            if all(known) or (sign == "/" and any(known)):
                return pieces
    return [part]


def all_known(names: str, *, ordinary: Literal["agencies", "none"], whole: bool = False) -> list[str]:
    """The ids of a list in which every part is known or nobody ("AFP and agencies"); empty if one is something else.

    A part that is a word as well counts as nobody, but with `ordinary` of an agency. With `whole` a part is a name and
    nothing else, not "Reuters in Ankara".
    """
    ids: list[str] = []
    for part in parts_of(names):
        found = _known_in(part, whole=whole)
        if found is not None:
            id, name = found
            certain = not is_ordinary(name) or (ordinary == "agencies" and id in directory().agencies)
            if certain and id not in ids:
                ids.append(id)
        elif not is_nobody(part):
            return []
    return ids


def ids_in(names: str, trust: Trust, *, ordinary: bool = True) -> list[str]:
    """The ids of a list of names, each once. The parts that are no names are passed over, and without `ordinary` those that
    are words as well."""
    parts = parts_of(names)
    found = [_known_in(part) for part in parts]
    known = [pair[0] if pair and (ordinary or not is_ordinary(pair[1])) else None for pair in found]
    beside = trust == "initials" and any(known)
    # "With reporting by Interfax, Bishkek": where the reporter was.
    place = parts[-1] if len(parts) > 1 and " and " not in names.casefold() and "&" not in names else None
    ids: list[str] = []
    for part, id in zip(parts, known, strict=True):
        unknown = id is None and trust != "known"
        id = unknown_name(part, trust, beside=beside and part != place) if unknown else id
        if id is not None and id not in ids:
            ids.append(id)
    return ids


def unknown_name(part: str, trust: Trust, *, beside: bool = False) -> str | None:
    """The slug of a name that no list knows, if it is certain enough to be one. `beside`: another of the list is known."""
    name = _ROLES.sub("", part.strip(MARKS)).strip()
    if (place := _WHERE.search(name)) is not None:
        name = name[: place.start()].strip()
    name = without_dots(name)
    if not name or len(name) > LONGEST or not is_list_of_names(name):
        return None
    if _DOMAIN.fullmatch(name):
        certain = trust != "telling" or is_like_an_outlets_domain(name)
        return identify(name).slug if certain and not is_anybodys(name) else None
    if is_refused(name):
        return None
    initials = trust == "initials" and len(name) >= SHORTEST and _INITIALS.fullmatch(name) is not None
    one_word = beside and _ONE_WORD.fullmatch(name) is not None and slug_of(name) not in words_of("time")
    if is_like_an_outlet(name) or initials or one_word:
        return slug_of(name)
    whose = _WHOSE.search(name)
    return (
        unknown_name(name[whose.end() :], "telling" if trust == "telling" else "outlet") if whose is not None else None
    )


def is_list_of_names(names: str) -> bool:
    """Whether all words of a text are written as names are, or join names: no prose."""
    return all(_may_be_of_a_name(word.strip(MARKS)) for word in names.split(" "))


def _may_be_of_a_name(word: str) -> bool:
    if not word[:1].islower() or "." in word:
        return True
    slug = slug_of(word)
    if slug in words_of("joining") or slug in words_of("role") or slug in calendar_words():
        return True
    return named(word) is not None  # dpa
