"""What a document tells of one article, before anything is known of earlier polls; and what was wrong with it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import Any, Literal

Status = Literal["usable", "corrected", "withdrawn"]
Kind = Literal["rss", "atom", "ninjs", "newsml-g2"]

SHOWN_CHARACTERS = 120
TITLE_CHARACTERS = 2_000
"""What ingest takes."""
CREDIT_CHARACTERS = 200
CREDITS = 50
_LANGUAGE = re.compile(r"[a-z0-9]{1,8}(?:-[a-z0-9]{1,8}){0,3}")
"""Tags of BCP 47 as ingest takes them: at most 35 characters."""

_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
"""All but blanks and line ends."""
_READ = ("title", "summary", "text", "byline", "outlet", "language")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One article as a document tells it. Text is plain; times are RFC 3339 in UTC."""

    key: str
    """guid, atom:id, uri: what names it within its feed. The link where there is none, then title and time."""
    link: str | None = None
    """Absolute address of its page, http or https."""
    title: str = ""
    summary: str = ""
    """What the document says in short; empty where `text` is the same."""
    text: str = ""
    """Its whole text, if the document holds it."""
    published: str | None = None
    updated: str | None = None
    embargoed: str | None = None
    """Before this time it is not to be published."""
    byline: str | None = None
    credits: tuple[str, ...] = ()
    """Whom it names as its origin."""
    language: str | None = None
    outlet: str | None = None
    """Who publishes it, where the document says so for each article (agency formats)."""
    version: int | None = None
    """As its provider counts; None where it does not."""
    status: Status = "usable"
    withheld: bool = False
    """Its provider says that it is not to be published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What could not be used: of which entry ("" for the document), which field, and why. Never stops the others."""

    entry: str = ""
    field: str = ""
    reason: str

    def __str__(self) -> str:
        where = ", ".join(part for part in (self.entry and f"entry {shown(self.entry)}", self.field) if part)
        return f"{where}: {self.reason}" if where else self.reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A feed or a message of an agency, read."""

    kind: Kind
    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...] = ()
    title: str = ""
    wait_seconds: float | None = None
    """How long it asks to wait until the next poll (`ttl`, `sy:updatePeriod`)."""
    permanent_ids: bool = True
    """False where one id names several articles: ids are worthless then, and links name the articles, or their texts where
    there are no links."""


class Unreadable(ValueError):
    """A document that cannot be read at all; the message says why."""


def without_controls(entry: Entry) -> Entry:
    """The entry without control characters in what people read of it: one in a title would keep the whole article out."""
    texts = {name: told for name in _READ if (told := getattr(entry, name)) and _CONTROLS.search(told)}
    changed: dict[str, Any] = {name: _CONTROLS.sub("", told) for name, told in texts.items()}
    if any(_CONTROLS.search(credit) for credit in entry.credits):
        changed["credits"] = tuple(c for credit in entry.credits if (c := _CONTROLS.sub("", credit).strip()))
    return replace(entry, **changed) if changed else entry


def language_of(*told: str | None) -> str | None:
    """The first of these that can be a language tag, in small letters."""
    tags = ((tag or "").strip().lower() for tag in told)
    return next((tag for tag in tags if _LANGUAGE.fullmatch(tag)), None)


def shown(text: str, limit: int = SHOWN_CHARACTERS) -> str:
    """Foreign text for a log or a terminal: one line, no control or invisible characters, bounded."""
    visible = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in text[: 4 * limit])
    line = " ".join(visible.split())
    return line if len(line) <= limit and len(text) <= 4 * limit else line[: limit - 1] + "…"
