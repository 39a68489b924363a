"""How lines begin that credit somebody.

Data: `data/credit_forms.toml`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any, get_args

from wirecopy.credit_names import Trust
from wirecopy.credit_words import words_of
from wirecopy.loading import InvalidData, rows, text_of, texts_of


@dataclass(frozen=True, slots=True)
class Form:
    """A beginning of credit lines. `trust`: which names count after it, `people`: whether people alone make one."""

    trust: Trust
    people: bool


def form_of(line: str) -> tuple[Form, str] | None:
    """The form that a line begins with, and what follows. The line has no marks at its edges and single spaces."""
    beginning, forms = _forms()
    found = beginning.match(line)
    if found is None or found.lastgroup is None:
        return None
    return forms[found.lastgroup], line[found.end() :]


@cache
def first_words() -> frozenset[str]:
    """The first words of all lines that have a form, in small letters."""
    found: set[str] = set()
    for place, entry in rows("wirecopy", "data/credit_forms.toml", "form"):
        words = texts_of(place, entry, "first")
        if not words:
            raise InvalidData(f"{place}: first: no words")
        for word in words:
            found |= words_of(word[1:-1]) if word.startswith("{") else {word}
    return frozenset(found)


@cache
def _forms() -> tuple[re.Pattern[str], dict[str, Form]]:
    """One pattern for all forms, each a named group of it. Raises `InvalidData` for an entry that cannot be used."""
    forms: dict[str, Form] = {}
    patterns = []
    for number, (place, entry) in enumerate(rows("wirecopy", "data/credit_forms.toml", "form")):
        begins = text_of(place, entry, "begins")
        for kind in ("label", "with"):
            words = "|".join(re.escape(word) for word in sorted(words_of(kind), key=lambda word: (-len(word), word)))
            begins = begins.replace("{" + kind + "}", f"(?:{words})")
        trust: Any = text_of(place, entry, "names")
        if trust not in get_args(Trust):
            raise InvalidData(f"{place}: names: {trust!r} is none of {', '.join(get_args(Trust))}")
        people = entry.get("people", False)
        if not isinstance(people, bool):
            raise InvalidData(f"{place}: people: expected true or false, got {people!r}")
        try:
            if re.compile(begins).groups:
                raise InvalidData(f"{place}: begins: groups must be of the kind (?:...)")
        except re.error as error:
            raise InvalidData(f"{place}: begins: {error}") from None
        patterns.append(f"(?P<form{number}>{begins})")
        forms[f"form{number}"] = Form(trust, people)
    return re.compile("|".join(patterns), re.IGNORECASE), forms
