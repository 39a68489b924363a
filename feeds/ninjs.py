"""ninjs, the IPTC's news in JSON (1.x, 2.x and 3.x), to entries.

Names of properties are those of the standard's schemas. 2.x has arrays where 1.x has a property for each format, 3.x
writes names in camel case: they are read in small letters here. `guid`, `source` and `body_html` are Superdesk's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import orjson

from feeds.dates import as_time
from feeds.entry import (
    CREDIT_CHARACTERS,
    CREDITS,
    TITLE_CHARACTERS,
    Document,
    Entry,
    Problem,
    Unreadable,
    language_of,
    shown,
)
from feeds.markup import paragraphs, paragraphs_of_text, plain

VERSION_DIGITS = 6
_MARKS = frozenset(
    [
        "pubstatus",
        "versioncreated",
        "firstcreated",
        "headline",
        "headlines",
        "bodies",
        "body_text",
        "body_xhtml",
        "body_html",
        "representationtype",
        "copyrightholder",
        "usageterms",
    ]
)
_BLANKS = bytes(range(256)).translate(bytes.maketrans(bytes(range(32)), b" " * 32))
"""A blank for each control character, which JSON allows in no text and which means nothing between them."""
_TEXT_TYPES = frozenset({"text", "composite", ""})
"""Generic types that hold an article: pictures, videos, plans do not."""


def is_ninjs(value: Any) -> bool:
    """Whether a JSON value is an object of ninjs: it names itself by `uri`, and has what no raw article has."""
    if not isinstance(value, dict) or "outlet" in value:
        return False
    names = {name.lower() for name in value}
    return bool(names & {"uri", "guid"}) and bool(names & _MARKS or {"standard", "$standard"} & names)


def read_ninjs(raw: bytes) -> Document:
    """The entries of a JSON document: one object, an array, or an object with an array `items`. Raises `Unreadable`."""
    entries, problems = [], []
    try:
        value = orjson.loads(raw.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        try:
            value = orjson.loads(raw.removeprefix(b"\xef\xbb\xbf").translate(_BLANKS))
        except orjson.JSONDecodeError:
            raise Unreadable(f"no JSON: {error}") from None
        problems.append(Problem(reason=f"not well-formed, control characters are read as blanks: {error}"))
    if isinstance(value, dict) and not is_ninjs(value):
        value = value.get("items", value.get("_items", value))
    values = value if isinstance(value, list) else [value]
    if not any(is_ninjs(one) for one in values):
        raise Unreadable("JSON that is no ninjs: nothing in it has a `uri` and a headline, body or status")
    for index, one in enumerate(values):
        found = entry_of(one) if is_ninjs(one) else Problem(entry=f"[{index}]", reason="no ninjs object")
        if isinstance(found, Problem):
            problems.append(found)
        else:
            entries.append(found)
    return Document(kind="ninjs", entries=tuple(entries), problems=tuple(problems))


def entry_of(value: dict[str, Any]) -> Entry | Problem:
    """The article of one ninjs object, or why it is none."""
    has = {name.lower(): told for name, told in value.items()}
    key = _string(has, "uri") or _string(has, "guid")
    if not key:
        return Problem(field="uri", reason="is missing: it names the article")
    kind = _string(has, "type").lower()
    if kind not in _TEXT_TYPES:
        return Problem(entry=key, field="type", reason=f"{kind!r} is no text")
    status = _string(has, "pubstatus").lower() or "usable"
    if status not in ("usable", "withheld", "canceled", "cancelled"):
        return Problem(entry=key, field="pubstatus", reason=f"{status[:40]!r} is none of usable, withheld, canceled")
    version = version_of(has.get("version"))
    if isinstance(version, str):
        return Problem(entry=key, field="version", reason=version)
    headline = _string(has, "headline") or _chosen(has.get("headlines"), "main")[0]
    text = _body(has)
    credits = [*_parties(has.get("infosource")), *_parties(has.get("infosources")), _string(has, "source")]
    credits += [_string(has, "creditline"), _string(has, "copyrightholder"), _string(has, "provider")]
    return within_bounds(
        Entry(
            key=key,
            link=_string(has, "url") or None,
            title=plain(headline) or plain(_string(has, "title")) or _string(has, "slugline"),
            summary=paragraphs(_string(has, "description_text") or _chosen(has.get("descriptions"), "main")[0]),
            text=text,
            published=as_time(_string(has, "versioncreated")) or as_time(_string(has, "firstcreated")),
            updated=as_time(_string(has, "versioncreated")),
            embargoed=as_time(_string(has, "embargoed")),
            byline=plain(_string(has, "byline") or _string(has, "by")) or None,
            credits=tuple(credits),
            language=_string(has, "language"),
            outlet=_string(has, "provider") or _string(has, "copyrightholder") or _string(has, "source") or None,
            version=version,
            status="withdrawn" if status.startswith("cancel") else "usable",
            withheld=status == "withheld",
        )
    )


def within_bounds(entry: Entry) -> Entry:
    """An entry of an agency's format within the bounds that every entry keeps."""
    link = entry.link if entry.link and entry.link.startswith(("http://", "https://")) else None
    own = (entry.outlet or "").casefold()
    credits = (" ".join(credit.split()) for credit in entry.credits)
    return replace(
        entry,
        link=link,
        title=" ".join(entry.title.split())[:TITLE_CHARACTERS],
        summary="" if entry.summary == entry.text else entry.summary,
        byline=(entry.byline or "")[:300] or None,
        language=language_of(entry.language),
        outlet=shown(entry.outlet or "", CREDIT_CHARACTERS) or None,
        credits=tuple(
            dict.fromkeys(c for c in credits if 0 < len(c) <= CREDIT_CHARACTERS and c.casefold() != own)
        )[:CREDITS],
    )  # fmt: skip


def version_of(told: Any) -> int | str | None:
    """A version as its provider counts it; None where it gives none, and words for what is no whole number from 1 up."""
    if told is None or told == "":
        return None
    text = str(told).strip() if isinstance(told, str | int) and not isinstance(told, bool) else ""
    if text.isascii() and text.isdecimal() and len(text) <= VERSION_DIGITS and int(text) >= 1:
        return int(text)
    return f"{str(told)[:40]!r} is no whole number from 1 to {10**VERSION_DIGITS - 1:,}"


def _body(has: dict[str, Any]) -> str:
    if told := _string(has, "body_text"):
        return paragraphs_of_text(told)
    for name in ("body_xhtml", "body_html", "body_html5", "body_nitf"):
        if told := _string(has, name):
            return paragraphs(told)
    told, kind = _chosen(has.get("bodies"), "main")
    if told:
        return paragraphs_of_text(told) if kind.startswith("text/plain") else paragraphs(told)
    rest = [name for name in sorted(has) if name.startswith("body_") and _string(has, name)]
    return paragraphs(_string(has, rest[0])) if rest else ""


def _chosen(told: Any, role: str) -> tuple[str, str]:
    """Of an array of 2.x the value of that role and its media type, otherwise of no role, otherwise the first."""
    found = [
        (str(one.get("role") or "").lower(), value, str(one.get("contenttype") or one.get("contentType") or "").lower())
        for one in (told if isinstance(told, list) else [])
        if isinstance(one, dict) and isinstance(value := one.get("value"), str) and value.strip()
    ]
    found.sort(key=lambda one: (one[0] != role, one[0] != "", one[2] == "" or not one[2].startswith("text/")))
    return (found[0][1], found[0][2]) if found else ("", "")


def _parties(told: Any) -> Iterator[str]:
    for one in told if isinstance(told, list) else []:
        if isinstance(one, dict):
            yield next((one[n] for n in ("name", "literal", "code") if isinstance(one.get(n), str) and one[n]), "")


def _string(has: dict[str, Any], name: str) -> str:
    told = has.get(name)
    return told.strip() if isinstance(told, str) else ""
