"""Credits at the end of an article: an ending of its last paragraph, and a line that signs the text above it.

Under a picture both say who took it, so where they stand decides: `wirecopy/prose.py`. Patterns as in `wirecopy/credits.py`.
"""

from __future__ import annotations

import re

from streams.records import Credit
from wirecopy.credit_names import all_known, is_ordinary, named
from wirecopy.credit_words import is_refused
from wirecopy.outlets import Agency, agency_named

_DASHES = "-–—"
SIGNATURE = 80
"""Most characters of a signature."""
_TAIL = 80
"""Characters at the end of a paragraph in which a credit may stand."""
_NAMES = re.compile(r"[\w.,/&' -]{2,60}")


def trailing_credit(paragraph: str) -> tuple[tuple[Credit, ...], int]:
    """Credits at the end of a paragraph of prose ("... he said. - AFP", "... (AP)"), and the length of the prose before."""
    nothing: tuple[tuple[Credit, ...], int] = (), len(paragraph)
    tail = paragraph[-_TAIL:].rstrip()
    bare = tail.removesuffix(".")
    if bare[-1:] in (")", "]"):
        start = max(bare.rfind("("), bare.rfind("["))
        names = bare[start + 1 : -1]
    else:
        start = max(bare.rfind(f" {dash}") for dash in _DASHES)
        names = bare[start:].lstrip(f" {_DASHES}")
    if start < 0 or not _NAMES.fullmatch(names):
        return nothing
    prose = max(0, len(paragraph) - _TAIL) + len(tail[:start].rstrip())
    if paragraph[:prose][-1:] not in tuple(".!?\"”’'"):
        return nothing
    ids = all_known(names, ordinary="agencies", whole=True)
    return (
        (tuple(Credit(agency=id, text=tail[start:].strip(), where="credit-line") for id in ids), prose)
        if ids
        else nothing
    )


_SIGNED = re.compile(r"(?P<before>[^,/|]{2,40})(?:, | \| | ?/ ?)(?P<after>[^,/|]{2,40})")
_INITIALS_OF_EDITORS = re.compile(r"[a-z]{2,4}(?:/[a-z]{2,4}){0,3} \((?P<names>[^()]{2,60})\)")
_SMALL_LETTERS = re.compile(r"[a-z]{2,7}(?:/[a-z]{2,7}){1,4}")
_BUREAU = re.compile(r"(?P<agency>[A-Z][\w-]+(?: [A-Z][\w-]+){0,2}) in [A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){0,2}")
_LONGEST_OF_NAMES = 4
"""Words of a person's name."""


def signature_of(paragraph: str) -> tuple[Credit, ...]:
    """The agencies in a line that signs the text above it: "John Smith, AFP", "Reuters in Nairobi", "dpa/ap/kms".

    The same line under a picture says who took it, so it counts only at the end of an article.
    """
    text = paragraph.strip()
    if len(text) > SIGNATURE:
        return ()
    line = " ".join(text.split())
    if (edited := _INITIALS_OF_EDITORS.fullmatch(line)) is not None:
        ids = all_known(edited["names"], ordinary="agencies", whole=True)
    elif _SMALL_LETTERS.fullmatch(line):
        found = [agency.id for name in line.split("/") if (agency := _in_small_letters(name)) is not None]
        # One of two letters may be an editor's.
        ids = found if len(found) > 1 or any(len(id) > 2 and id in line for id in found) else []
    elif (bureau := _BUREAU.fullmatch(line)) is not None:
        ids = _agencies(bureau["agency"])
    elif (signed := _SIGNED.fullmatch(line)) is not None:
        whole_name = " " in signed["before"].strip() and _may_be_a_person(signed["before"])
        ids = _agencies(signed["after"]) if whole_name else []
    else:
        ids = []
    return tuple(Credit(agency=id, text=text, where="credit-line") for id in dict.fromkeys(ids))


def _in_small_letters(name: str) -> Agency | None:
    for written in (name, name.upper(), name.capitalize()):
        if (agency := agency_named(written)) is not None and not is_ordinary(written):
            return agency
    return None


def _agencies(name: str) -> list[str]:
    agency = agency_named(name.strip())
    return [] if agency is None or is_ordinary(name) else [agency.id]


def _may_be_a_person(name: str) -> bool:
    words = name.split()
    return (
        0 < len(words) <= _LONGEST_OF_NAMES
        and all(word[0].isupper() for word in words)
        and not is_refused(name)
        and named(name) is None
    )
