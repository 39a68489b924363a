"""Whom an article credits: bylines, datelines, credit lines and copyright lines to agencies and outlets.

A credit names who the text comes from. A mention inside a sentence ("he told Reuters") is no credit: it is a link of
the chain of a claim, and not found here.

What is read here comes from pages that nobody vouches for: no pattern has two repetitions side by side that take the same
characters, and none is tried at every place of a long text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from streams.records import Credit, CreditPlace
from wirecopy.credit_forms import first_words, form_of
from wirecopy.credit_names import (
    MARKS,
    all_known,
    ids_in,
    is_list_of_names,
    is_ordinary,
    known_in,
    named,
    parts_of,
    unknown_name,
)
from wirecopy.credit_words import is_nobody, is_organisation, is_refused, words_of
from wirecopy.figures import calendar_words
from wirecopy.outlets import agency_named, slug_of

_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?|JAN(?:UARY)?|FEB(?:RUARY)?|MAR(?:CH)?|APR(?:IL)?|MAY|JUNE?|JULY?|AUG(?:UST)?"
    r"|SEPT?(?:EMBER)?|OCT(?:OBER)?|NOV(?:EMBER)?|DEC(?:EMBER)?)"
)
_LETTER = "A-ZÀ-ÖØ-ÞİЀ-Я"
_CAPITALS = rf"[{_LETTER}][{_LETTER}.'’-]+(?:[ /][{_LETTER}][{_LETTER}.'’-]+){{0,4}}"
_TITLE_CASE = rf"[{_LETTER}][\w.'’-]+(?:[ /][{_LETTER}][\w.'’-]+){{0,3}}"
_SOURCE = r"(?:\((?P<round>[^()]{2,60})\)|/(?P<slashed>[^/]{2,40})/)"
_END = r"\s*(?:\.?[-–—_]{1,2}|[.:])\s*"
_DASH = re.compile(r"\s[-–—]{1,2}\s")
BEGINNING = 160
"""Characters of a paragraph in which a dateline ends."""


@cache
def _datelines() -> tuple[re.Pattern[str], ...]:
    abroad = "|".join(
        re.escape(spelling)
        for word in sorted(words_of("month"), key=lambda word: (-len(word), word))
        for spelling in dict.fromkeys((word, word.capitalize(), word.upper()))
    )
    month = f"(?:{_MONTH}|(?:{abroad}))"
    date = rf"(?:{month}\.? \d{{1,2}}|\d{{1,2}}(?:\.|er| de)? {month}\.?)(?:,? \d{{4}})?"
    region = rf"(?:,? ?(?!{_MONTH}\b)[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){{0,3}}| \[[A-Z][\w.'’ -]{{1,40}}\])"
    patterns = (
        # MOSCOW (Reuters) - / SEOUL, Oct. 24 (MNA) – / ANKARA, Turkey (AP) — / MOSCOW, June 22. /TASS/.
        rf"(?P<place>{_CAPITALS})(?:,{region})?(?:[,.]? {date})?[.,]?\s*{_SOURCE}(?:{_END}|\s+(?=[A-Z“\"]))",
        # QUITO, Jan 29 - / ISTANBUL, Jan. 14 —
        rf"(?P<place>{_CAPITALS})(?:,{region})?[,.]? {date}\s*[-–—]{{1,2}}\s+",
        # ACCRA — / ZAMBOANGA CITY, Philippines -
        rf"(?P<place>{_CAPITALS})(?:,{region})?\s+(?:—|–|-{{1,2}})\s+",
        # Moscow, June 22 (Interfax) - / Bishkek (AKIpress) –
        rf"(?P<place>{_TITLE_CASE})(?:,{region}|{region})?(?:[,.]? {date})?[.,]?\s*{_SOURCE}{_END}",
        # Nairobi, Jun 22 (PTI) Kenya
        rf"(?P<place>{_TITLE_CASE})(?:,{region})?,? {date}\s*{_SOURCE}\s+(?=[A-Z“\"])",
        # Tehran, June 22, IRNA – / BAGHDAD / INA -
        rf"(?P<place>{_CAPITALS}|{_TITLE_CASE})(?:,? {date},? | / )(?P<beside>[A-Z][\w-]{{1,11}})\s*[-–—]{{1,2}}\s+",
        # (Reuters) - / June 22 (UPI) --
        rf"(?:{date}\s*)?{_SOURCE}\s*\.?[-–—]{{1,2}}\s*",
        # Reuters - Kenya has sent
        r"(?P<first>[A-Z][\w-]*[a-z][\w-]*(?: [A-Z][\w-]+)?)\s+[-–—]{1,2}\s+(?=[A-Z“\"])",
        # TASS, June 22.
        rf"(?P<bare>[A-Z][\w-]+),? {date}\s*[.:–—-]\s+",
    )
    return tuple(re.compile(pattern) for pattern in patterns)


@dataclass(frozen=True, slots=True)
class Dateline:
    """Where a report was written, as printed: `place` may be missing ("(Reuters) -"). `length` is its characters."""

    place: str | None
    source: str | None
    length: int


def dateline_of(paragraph: str) -> Dateline | None:
    """The dateline that a paragraph starts with, if any."""
    start = paragraph[:BEGINNING]
    for pattern in _datelines():
        found = pattern.match(start)
        if not found:
            continue
        groups = found.groupdict()
        place, bare = groups.get("place"), groups.get("bare")
        source = groups.get("round") or groups.get("slashed") or groups.get("beside")
        if place and _is_no_place(place):
            continue
        if first := groups.get("first"):
            # "Reuters - Britain's oldest - said" is a sentence.
            if agency_named(first) is None or is_ordinary(first) or _DASH.search(start, found.end()):
                continue
            source = first
        if groups.get("beside") and agency_named(groups["beside"]) is None:
            continue
        if bare:
            if agency_named(bare) is None or is_ordinary(bare):
                continue
            source = bare
        if place and not source and agency_named(place) is not None:
            # AFP - The minister said
            if is_ordinary(place) or not paragraph[found.end() : found.end() + 1].isupper():
                continue
            place, source = None, place
        if source and not (place and place.isupper()) and not all_known(source, ordinary="agencies", whole=True):
            continue
        return Dateline(place.rstrip(".") if place else None, source.strip() if source else None, found.end())
    return None


def _is_no_place(place: str) -> bool:
    """Whether words in capitals before a dash are a label ("UPDATE -") or whom the report is about ("OSCE (Vienna) -")."""
    first = place.split(" ", maxsplit=1)[0].rstrip(".,")
    return slug_of(first) in words_of("no place") or is_organisation(first)


def dateline_credits(dateline: Dateline, paragraph: str) -> tuple[Credit, ...]:
    """The agencies in a dateline. A name that says that it is an outlet's becomes a slug ("Altyn Press"); initials that the data
    do not have are as often those of a force or a party as of an agency, and credit nobody."""
    if dateline.source is None:
        return ()
    found = []
    for part in parts_of(dateline.source):
        if is_ordinary(part) and agency_named(part) is None and not part.startswith("The "):
            continue  # LONDON (Sun) -
        id = known_in(part) or unknown_name(part, "outlet")
        if id is not None and id not in found:
            found.append(id)
    text = paragraph[: dateline.length].strip(" -–—.:")
    return tuple(Credit(agency=id, text=text, where="dateline") for id in found)


# --- lines ------------------------------------------------------------------------------------------------------

LINE = 400
"""Most characters of a line that only credits."""
ALONE = 40
"""Most characters of names alone on a line."""
IN_BRACKETS = 80
"""Most characters of names in brackets or after a dash."""
_BRACKETS = "([（【"
_DASHES = "-–—"
_WITH_PLACE = re.compile(r"(?P<agency>[^/\s]{2,20})/(?P<place>[^/]{2,40})")
_EDITORS = r"(?:edit|writ|compil|translat)(?:ed|ten|ing)\b"
_CLAUSES = re.compile(rf";|\.(?= ?(?:{_EDITORS}|additional\b|further\b))", re.IGNORECASE)
_BY_EDITORS = re.compile(_EDITORS, re.IGNORECASE)
_IN_BRACKETS = re.compile(rf"\({_EDITORS}[^()]*\)?", re.IGNORECASE)
_INPUTS = re.compile(r" (?:inputs?|reports?)$", re.IGNORECASE)
_AND_IS = re.compile(r" (?:and (?:is|was|has been|appears)|(?:was|were|has been|have been) used)\b", re.IGNORECASE)
_COPYRIGHT = re.compile(r"[^\w©]*+(?:copyright\b|©|c\))", re.IGNORECASE)
_BEFORE_OWNER = re.compile(r"(?:\W++|copyright\b|c(?=\))|by\b|\d{4}\b)*+", re.IGNORECASE)
_OWNED = frozenset(["copyright", "c"])
_FIRST_WORD = re.compile(r"\W*+(\w+)")
_CLAIMED = re.compile(r"(?:\W|copyright\b|c(?=\)))*+\d{4}\b|.*\ball rights reserved\b", re.IGNORECASE)
_AFTER_OWNER = re.compile(r"[.,;:|] |,? all rights\b|,? \d{4}\b", re.IGNORECASE)
_CONTRIBUTED = re.compile(r"(?<= )contributed\b", re.IGNORECASE)
_TO_THIS_REPORT = re.compile(
    r"(?: reporting)?(?: to (?:this|the) (?:report|story|article|dispatch|coverage))?(?: from (?P<place>\S.*))?",
    re.IGNORECASE,
)

_NEWS_AGENCIES = re.compile(r"^(?:the )?news agenc(?:y|ies) (?=\S)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CreditLine:
    """A paragraph that only says whom the article leans on. Its `credits` are empty where it names only people."""

    credits: tuple[Credit, ...]


def credit_line_of(paragraph: str) -> CreditLine | None:
    """What a paragraph credits, if that is all that it does: "With reporting by RIA Novosti, AP", "Source: TASS", "- AFP".

    None for ordinary prose. A line of the reporters' own names ("Reporting by Olga Petrova; editing by ...") is a credit
    line that credits no agency.
    """
    text = paragraph.strip()
    if not text or len(text) > LINE or (len(text) > IN_BRACKETS and not _may_credit(text)):
        return None
    line = " ".join(text.split())
    where: CreditPlace = "credit-line"
    ids: list[str] | None = None
    if _COPYRIGHT.match(line):
        where, ids = "copyright", _owners(line)
    elif short := _without_marks(line):
        ids = _alone(line, short) or _after_a_form(short)
        if ids is None:
            ids = _contributors(short) or None
    return None if ids is None else CreditLine(tuple(Credit(agency=id, text=text, where=where) for id in ids))


def _may_credit(text: str) -> bool:
    """Whether a line may credit somebody that is not only a name: prose is spared the rest."""
    first = _FIRST_WORD.match(text)
    if first is not None and (first[1].casefold() in first_words() or first[1].casefold() in _OWNED):
        return True
    return "contributed" in text or text[0] in "©("


def _without_marks(line: str) -> str:
    start, end = 0, len(line)
    while start < end and not line[start].isalnum():
        start += 1
    while end > start and not line[end - 1].isalnum():
        end -= 1
    return line[start:end]


def _alone(line: str, short: str) -> list[str]:
    """Those whom a line of nothing but their names credits: "AP/Reuters", "(Reuters in Ankara)", "- AFP", "AA/ANKARA"."""
    marked = line[0] in _BRACKETS or line[0] in _DASHES
    if len(line) > (IN_BRACKETS if marked else ALONE):
        return []
    dated = _WITH_PLACE.fullmatch(short)
    if dated is not None and dated["place"].isupper() and named(dated["place"]) is None:
        agency = agency_named(dated["agency"])
        return [] if agency is None else [agency.id]
    return all_known(short, ordinary="agencies" if marked else "none", whole=line[0] not in _BRACKETS)


def _after_a_form(short: str) -> list[str] | None:
    """Those whom a line credits that begins as credit lines do; empty where it credits people only, None where it is prose."""
    found = form_of(short)
    if found is None:
        return _house_with_others(short)
    form, names = found
    cut = _AND_IS.search(names)
    names = _without_editors(names[: cut.start()] if cut else names)
    if form.trust == "known" and not form.people:
        return all_known(_INPUTS.sub("", names), ordinary="none") or None
    if not is_list_of_names(names):
        return None
    return ids_in(names, form.trust, ordinary=form.trust != "known") or ([] if form.people else None)


def _house_with_others(short: str) -> list[str] | None:
    """Those whom "RFE/RL, with reporting by Reuters" credits."""
    house, _, others = short.partition(", ")
    if not others.casefold().startswith("with ") or form_of(others) is None or not is_list_of_names(house):
        return None
    ids = _after_a_form(others)
    return None if ids is None else list(dict.fromkeys((*ids_in(house, "known", ordinary=False), *ids)))


def _without_editors(names: str) -> str:
    """The names without who edited: "Reuters (edited by zn)", "Jo Doe; additional reporting by AP; editing by Al Roe"."""
    clauses = []
    for clause in _CLAUSES.split(_IN_BRACKETS.sub("", names)):
        clause = clause.strip()
        further = form_of(clause)
        if not _BY_EDITORS.match(clause):
            clauses.append(further[1] if further is not None else clause)
    return ", ".join(clauses)


def _owners(line: str) -> list[str] | None:
    """Those who claim the copyright: "© Thomson Reuters 2017 All rights reserved."; None where copyright is written about."""
    before = _BEFORE_OWNER.match(line)
    owner = line[before.end() :] if before else line
    cut = _AFTER_OWNER.search(owner)
    owner = owner[: cut.start()] if cut else owner
    if not is_list_of_names(owner):
        return None
    return ids_in(owner, "initials") or ([] if _CLAIMED.match(line) else None)


def _contributors(short: str) -> list[str]:
    """Those of whom a line says that they contributed to the report, and not to something else."""
    found = _CONTRIBUTED.search(short)
    if found is None:
        return []
    rest = _TO_THIS_REPORT.fullmatch(short[found.end() :])
    head = _NEWS_AGENCIES.sub("", short[: found.start()].strip())
    if rest is None or not is_list_of_names(f"{head}, {rest['place'] or ''}"):
        return []
    return ids_in(head, "known")


# --- bylines ----------------------------------------------------------------------------------------------------

BYLINE = 120
"""Most characters of a byline in the text."""
_BY = re.compile(r"by(?:: ?| )(?=\S)", re.IGNORECASE)
_INITIAL = re.compile(r"\b(?:[A-Z]|[JS]r|[DM]r|St)\.")
_ASIDE = re.compile(r" ?[|•·] ?")


def is_byline(paragraph: str) -> bool:
    """Whether a paragraph is a byline in the text: "By Ilse Bronner in Sarn", but not "By Tuesday all had left."."""
    if len(paragraph) > BYLINE or paragraph[:2].casefold() != "by":
        return False
    line = " ".join(paragraph.split())
    found = _BY.match(line)
    if found is None or any(sign in _INITIAL.sub("", line) for sign in ".!?"):
        return False
    name = _ASIDE.split(line[found.end() :])[0]
    if not parts_of(name) or not is_list_of_names(name):
        return False
    return bool(known_in(name)) or _begins_with_a_person(name)


def _begins_with_a_person(name: str) -> bool:
    words = [word for word in (word.strip(MARKS) for word in name.split(" ")) if word]
    first = slug_of(words[0])
    if first in calendar_words() or first in words_of("time") or first in words_of("way") or first[:1].isdigit():
        return False
    if words[0][:1].islower():
        # "a staff correspondent", "our defence editor"
        return first in ("a", "an", "our") and slug_of(words[-1]) in words_of("role")
    parts = parts_of(name)
    # A person has two names or says what he is; a subhead has one word as often: "By Force", "By Decree, ...".
    alone = " " not in parts[0] and not any(
        is_nobody(part) or slug_of(part).split("-")[-1] in words_of("role") for part in parts
    )
    return not alone and not is_organisation(parts[0])


@lru_cache(maxsize=8192)
def byline_credits(byline: str) -> tuple[Credit, ...]:
    """The agencies or outlets that a byline names: "By Vladimir Isachenkov, Associated Press", "Reuters Staff"."""
    line = " ".join(byline.split())
    found = _BY.match(line)
    ids = ids_in(line[found.end() :] if found else line, "known", ordinary=False)
    return tuple(Credit(agency=id, text=byline.strip(), where="byline") for id in ids)


# --- given ------------------------------------------------------------------------------------------------------


def given_credits(given: Iterable[str]) -> tuple[Credit, ...]:
    """Credits that the outlet supplied as such. Each is taken whole, or as a list; unknown names become slugs, but for
    those that name nobody ("Web Desk") or what is only spoken about ("Telegram")."""
    found = []
    for text in given:
        line = " ".join(text.split())
        parsed = credit_line_of(line)
        ids = [credit.agency for credit in parsed.credits] if parsed is not None else ids_in(line, "initials")
        parts = parts_of(line)
        if parsed is None and not ids and not all(map(is_refused, parts)):
            ids = [slug_of(line)]
        found += [Credit(agency=id, text=line, where="given") for id in ids]
    return tuple(found)


def distinct(credits: Iterable[Credit]) -> tuple[Credit, ...]:
    """One credit an agency, the first found, in the order found."""
    first: dict[str, Credit] = {}
    for credit in credits:
        first.setdefault(credit.agency, credit)
    return tuple(first.values())
