"""Whom an article credits: bylines, datelines, credit lines and copyright lines to agencies and outlets.

A credit names who the text comes from. A mention inside a sentence ("he told Reuters") is no credit: it is a link of
the chain of a claim, and not found here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from streams.records import Credit, CreditPlace
from wirecopy.outlets import agency_named, directory, identify, slug_of

_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?|JAN(?:UARY)?|FEB(?:RUARY)?|MAR(?:CH)?|APR(?:IL)?|MAY|JUNE?|JULY?|AUG(?:UST)?"
    r"|SEPT?(?:EMBER)?|OCT(?:OBER)?|NOV(?:EMBER)?|DEC(?:EMBER)?)"
)
_DATE = rf"(?:{_MONTH}\.? \d{{1,2}}|\d{{1,2}} {_MONTH}\.?)(?:,? \d{{4}})?"
_CAPITALS = r"[A-ZÀ-ÖØ-Þİ][A-ZÀ-ÖØ-Þİ.'’-]+(?:[ /][A-ZÀ-ÖØ-Þİ.'’-]+){0,4}"
_TITLE_CASE = r"[A-ZÀ-ÖØ-Þİ][\w.'’-]+(?:[ /][A-ZÀ-ÖØ-Þİ][\w.'’-]+){0,3}"
_REGION = r"(?:,? ?(?!" + _MONTH + r"\b)[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){0,3})"
_SOURCE = r"(?:\((?P<round>[^()]{2,60})\)|/(?P<slashed>[^/]{2,40})/)"
_END = r"\s*(?:[-–—_]{1,2}|[.:])\s*"

_DATELINES = (
    # MOSCOW (Reuters) - / SEOUL, Oct. 24 (MNA) – / ANKARA, Turkey (AP) — / MOSCOW, June 22. /TASS/.
    re.compile(rf"(?P<place>{_CAPITALS})(?:,{_REGION})?(?:[,.]? {_DATE})?[.,]?\s*{_SOURCE}(?:{_END}|\s+(?=[A-Z“\"]))"),
    # QUITO, Jan 29 - / ISTANBUL, Jan. 14 —
    re.compile(rf"(?P<place>{_CAPITALS})(?:,{_REGION})?[,.]? {_DATE}\s*[-–—]{{1,2}}\s+"),
    # ACCRA — / ZAMBOANGA CITY, Philippines -
    re.compile(rf"(?P<place>{_CAPITALS})(?:,{_REGION})?\s+(?:—|–|-{{1,2}})\s+"),
    # Moscow, June 22 (Interfax) - / Bishkek (AKIpress) –
    re.compile(rf"(?P<place>{_TITLE_CASE})(?:,{_REGION})?(?:[,.]? {_DATE})?[.,]?\s*{_SOURCE}{_END}"),
    # (Reuters) - / June 22 (UPI) --
    re.compile(rf"(?:{_DATE}\s*)?{_SOURCE}\s*[-–—]{{1,2}}\s*"),
    # TASS, June 22.
    re.compile(rf"(?P<bare>[A-Z][\w-]+),? {_DATE}\s*[.:–—-]\s+"),
)
_NO_PLACE = frozenset(
    [
        "UPDATE",
        "BREAKING",
        "EXCLUSIVE",
        "CORRECTED",
        "CORRECTION",
        "WATCH",
        "VIDEO",
        "OPINION",
        "ANALYSIS",
        "LIVE",
        "BULLETIN",
        "URGENT",
        "NATO",
        "NOTE",
        "PHOTO",
    ]
)
"""Words in capitals before a dash that are labels, not places."""


@dataclass(frozen=True, slots=True)
class Dateline:
    """Where a report was written, as printed: `place` may be missing ("(Reuters) -"). `length` is its characters."""

    place: str | None
    source: str | None
    length: int


def dateline_of(paragraph: str) -> Dateline | None:
    """The dateline that a paragraph starts with, if any."""
    start = paragraph[:160]
    for pattern in _DATELINES:
        found = pattern.match(start)
        if not found:
            continue
        groups = found.groupdict()
        place, bare = groups.get("place"), groups.get("bare")
        source = groups.get("round") or groups.get("slashed")
        if place and place.split(" ")[0].rstrip(".,") in _NO_PLACE:
            continue
        if bare:
            if agency_named(bare) is None:
                continue
            source = bare
        if source and not place and not _named(source):
            continue
        if place and source and not place.isupper() and not _named(source):
            continue
        return Dateline(place.rstrip(".") if place else None, source.strip() if source else None, found.end())
    return None


# --- names in a list of credits ---------------------------------------------------------------------------------

_SEPARATORS = re.compile(r"\s*(?:[,;|/•]|\band\b|\bwith\b|&(?= ))\s*", re.IGNORECASE)
_ROLES = re.compile(
    r"^(?:by|from|the|staff|a|an)\s+(?=\S)|\s+(?:staff|writers?|correspondents?|reporters?|contributors?|news ?room|editors?"
    r"|news staff)$",
    re.IGNORECASE,
)
_LIKE_AN_OUTLET = re.compile(
    r"\b(?:News|Agency|Times|Post|Daily|Press|Radio|Journal|Herald|Tribune|Gazette|Service|Wire|Network|Television|TV|FM"
    r"|Mail|Star|Sun|Observer|Telegraph|Chronicle|Guardian|Courier|Monitor|Review|Standard|Broadcasting|Newspaper|Weekly"
    r"|Independent|Mirror|Bulletin|Dispatch|Register|Examiner|Faro|Diario|Zeitung|Pravda|Vesti)\b"
)
_ACRONYM = re.compile(r"(?:[A-Z][A-Za-z]*[A-Z]|[A-Z]{2,8})(?:[-/][A-Z]{2,8})?")
_DOMAIN = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,10}", re.IGNORECASE)
_ONE_NAME = re.compile(r"[A-Z]\w+(?:-[A-Z]\w+)?")  # people are credited by two names or more
_WRITER = re.compile(r"(?P<agency>.+?)\s+(?:writer|correspondent|reporter|photographer|staff)s?\s+[A-Z]", re.IGNORECASE)
_NOBODY = frozenset(
    [
        "agencies",
        "agency",
        "wires",
        "wire",
        "staff",
        "news-agencies",
        "newsroom",
        "editor",
        "editors",
        "reporter",
        "reporters",
    ]
)


def _named(name: str) -> str | None:
    """The id of a known agency or outlet of that name: an agency's id, or the outlet's slug."""
    agency = agency_named(name)
    if agency is not None:
        return agency.id
    found = identify(name)
    known = directory()
    if found.slug in known.outlet_by_domain:
        return found.slug
    by_domain = known.agency_by_domain.get(found.slug)
    return by_domain.id if by_domain is not None else None


def _id_in_a_list(name: str, *, any_name: bool) -> str | None:
    """The id of one name of a credit. With `any_name` what looks like an outlet, an acronym or a domain gets a slug."""
    name = name.strip(" .:;,()[]\u2019'\"“”")
    for attempt in (name, _ROLES.sub("", name).strip(), _ROLES.sub("", _ROLES.sub("", name).strip()).strip()):
        if attempt and (known := _named(attempt)):
            return known
    writer = _WRITER.match(name)
    if writer and (known := _named(_ROLES.sub("", writer["agency"]).strip())):
        return known
    bare = _ROLES.sub("", name).strip()
    if not any_name or not bare or len(bare) > 50 or slug_of(bare) in _NOBODY:
        return None
    if _LIKE_AN_OUTLET.search(bare) or _ACRONYM.fullmatch(bare) or _DOMAIN.fullmatch(bare) or _ONE_NAME.fullmatch(bare):
        return slug_of(bare) if not _DOMAIN.fullmatch(bare) else identify(bare).slug
    return None


def _ids(names: str, *, any_name: bool) -> list[str]:
    whole = _id_in_a_list(names, any_name=False)
    if whole:
        return [whole]
    found = []
    for part in _SEPARATORS.split(names):
        # "John Smith in Moscow", "Reuters in Ankara": what follows is a place.
        id = _id_in_a_list(re.split(r"\s+(?:in|at|of|for)\s+", part.strip(), maxsplit=1)[0], any_name=any_name)
        if id is None and (rest := re.split(r"\s+(?:of|for)\s+", part.strip(), maxsplit=1))[1:]:
            id = _id_in_a_list(rest[1], any_name=any_name)
        if id and id not in found:
            found.append(id)
    return found


# --- lines ------------------------------------------------------------------------------------------------------

_LINES: tuple[tuple[str, CreditPlace], ...] = (
    (
        r"\(?\W*(?:with|based on|includes|compiled (?:from|with)|contains)\s+(?:additional\s+|further\s+|some\s+|extra\s+)?"
        r"(?:report(?:ing|s)|material|information|inputs?|dispatches|files)\s+(?:by|from|of)\s+(?P<names>.+?)\W*",
        "credit-line",
    ),
    (r"\(?\W*(?:additional|further) (?:reporting|material) (?:by|from)\s*:?\s*(?P<names>.+?)\W*", "credit-line"),
    (r"\(?\W*with\s+(?:news\s+)?(?:agenc(?:y|ies)|wires?)\s*[:-]?\s*(?P<names>.+?)\W*", "credit-line"),
    (r"\(?\W*with inputs? from\s+(?:the\s+)?(?P<names>.+?)\W*", "credit-line"),
    (r"\(?\W*reporting (?:by|from)\s+(?P<names>.+?)\W*", "credit-line"),
    (r"\(?\W*(?:source|sources|via|credit|from)\s*:\s*(?P<names>.{2,80}?)\W*", "credit-line"),
    (
        r"\(?\W*(?P<names>.{2,80}?)(?:\s+(?:writers?|correspondents?|reporters?|staff)\b.{0,80}?)?\s+contributed"
        r"(?:\s+reporting)?(?:\s+(?:to|from)\s+.{3,80}?)?\W*",
        "credit-line",
    ),
    (
        r"\(?\W*(?:this|the) (?:article|story|report|dispatch)\s+(?:was|is)\s+(?:originally |first )?"
        r"(?:published|provided|produced|written|distributed|supplied)\s+(?:by|on|in)\s+(?P<names>.{2,80}?)"
        r"(?:\s+and\s+(?:is|was|has been|appears)\b.{0,120})?\W*",
        "credit-line",
    ),
    (r"\(?\W*(?:originally|first) published (?:by|on|in|at)\s+(?P<names>.{2,80}?)\W*", "credit-line"),
    (
        r"\W*(?:copyright|\(c\)|©)\W*(?:copyright\W*)?(?:\(c\)|©)?\W*(?:\d{4}(?:\s*[-–]\s*\d{4})?)?\W*(?:by\s+)?"
        r"(?P<names>.{2,60}?)(?:[.,]?\s+all rights reserved\b.*|[.,;]\s+.*|\W*)",
        "copyright",
    ),
    (r"[-–—(\[]+\s*(?P<names>[^()]{2,60}?)\s*[)\]]?\W*", "credit-line"),
)
_CREDIT_LINES = tuple((re.compile(pattern, re.IGNORECASE | re.DOTALL), where) for pattern, where in _LINES)
_MAY_BE_A_CREDIT = re.compile(
    r"\W*(?:with|based|includes|compiled|contains|additional|further|reporting|(?:sources?|via|credit|from)\s*:"
    r"|(?:this|the) (?:article|story|report|dispatch)\b|originally|first published|copyright|c\)|©)|[-–—(\[]",
    re.IGNORECASE,
)
"""How every credit line begins that has no "contributed" in it: prose is spared the rest."""
_TRAILING = re.compile(r"(?:\s+[-–—]{1,2}\s*|\s*[(\[])(?P<names>[\w.,/&' -]{2,60}?)[)\]]?\.?\s*$")


@dataclass(frozen=True, slots=True)
class CreditLine:
    """A paragraph that only says whom the article leans on. Its `credits` are empty where it names only people."""

    credits: tuple[Credit, ...]


def credit_line_of(paragraph: str) -> CreditLine | None:
    """What a paragraph credits, if that is all that it does: "With reporting by RIA Novosti, AP", "Source: TASS", "- AFP".

    None for ordinary prose. A line of the reporters' own names ("Reporting by Olga Petrova; editing by ...") is a credit
    line that credits no agency.
    """
    line = paragraph.strip()
    if len(line) > 400 or not (len(line) <= 40 or _MAY_BE_A_CREDIT.match(line) or "contributed" in line):
        return None
    alone = _id_in_a_list(line.strip(" -–—()[]."), any_name=False) if len(line) <= 40 else None
    if alone:
        return CreditLine((Credit(agency=alone, text=line, where="credit-line"),))
    for pattern, where in _CREDIT_LINES:
        found = pattern.fullmatch(line)
        if not found:
            continue
        explicit = pattern is not _CREDIT_LINES[-1][0] and "contributed" not in pattern.pattern
        ids = _ids(
            re.split(r"[;.]\s*(?:editing|writing|edited|written)\b", found["names"], flags=re.IGNORECASE)[0],
            any_name=explicit,
        )
        if ids:
            return CreditLine(tuple(Credit(agency=id, text=line, where=where) for id in ids))
        if line.lower().startswith(("reporting by", "(reporting by", "additional reporting by", "with reporting by")):
            return CreditLine(())
    return None


def trailing_credit(paragraph: str) -> tuple[tuple[Credit, ...], int]:
    """Credits at the end of a paragraph of prose ("... he said. - AFP", "... (AP)"), and the length of the prose before."""
    tail = paragraph[-80:]
    found = _TRAILING.search(tail) if any(sign in tail for sign in "-–—([") else None
    if found is None:
        return (), len(paragraph)
    ids = []
    for name in re.split(r"[,/&]|\band\b", found["names"]):
        known = _named(name.strip())
        if known is None:
            return (), len(paragraph)
        ids.append(known)
    prose = max(0, len(paragraph) - 80) + found.start()
    if paragraph[:prose].rstrip()[-1:] not in ".!?\"”’'":
        return (), len(paragraph)
    text = found.group().strip()
    return tuple(Credit(agency=id, text=text, where="credit-line") for id in ids), prose


_BYLINE = re.compile(r"(?:by|BY|By)[: ]\s*(?:[A-ZÀ-ÖØ-Þİ]|an? |our )[^.!?]{2,90}(?:\b[A-Z]\.[^.!?]{2,60})?")


def is_byline(paragraph: str) -> bool:
    """Whether a paragraph is a byline in the text: "By Ilse Bronner in Sarn", but not "By Tuesday all had left."."""
    return len(paragraph) <= 120 and _BYLINE.fullmatch(paragraph) is not None


@lru_cache(maxsize=8192)
def byline_credits(byline: str) -> tuple[Credit, ...]:
    """The agencies or outlets that a byline names: "By Vladimir Isachenkov, Associated Press", "Reuters Staff"."""
    line = re.sub(r"^\s*by[:\s]+", "", byline, flags=re.IGNORECASE)
    return tuple(Credit(agency=id, text=byline.strip(), where="byline") for id in _ids(line, any_name=False))


def dateline_credit(dateline: Dateline, paragraph: str) -> Credit | None:
    """The agency in a dateline. One that is not in the data keeps its name as a slug: "(GLD)" is "gld"."""
    if dateline.source is None:
        return None
    source = dateline.source
    text = paragraph[: dateline.length].strip(" -–—.:")
    return Credit(agency=_named(source) or slug_of(source), text=text, where="dateline")


def given_credits(given: Iterable[str]) -> tuple[Credit, ...]:
    """Credits that the outlet supplied as such. Each is taken whole, or as a list; unknown names become slugs."""
    found = []
    for text in given:
        line = " ".join(text.split())
        if not line:
            continue
        parsed = credit_line_of(line)
        ids = [c.agency for c in parsed.credits] if parsed and parsed.credits else _ids(line, any_name=True)
        found += [Credit(agency=id, text=line, where="given") for id in ids or [slug_of(line)]]
    return tuple(found)


def distinct(credits: Iterable[Credit]) -> tuple[Credit, ...]:
    """One credit an agency, the first found, in the order found."""
    first: dict[str, Credit] = {}
    for credit in credits:
        first.setdefault(credit.agency, credit)
    return tuple(first.values())
