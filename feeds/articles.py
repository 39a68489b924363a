"""Entries to raw articles: what names one, whether it is new, corrected or told already, and which text it gets."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

from feeds.entry import Entry, Status
from streams.identity import digest, normalised_url
from streams.records import RawArticle, encode

ID_CHARACTERS = 512
"""What ingest takes of an id that is not ours."""
_URI = re.compile(r"(?:https?|tag|urn|uuid|doi|info|ni):\S", re.IGNORECASE)
_BULK = re.compile(r"<(?:(script|style|svg|noscript|template)\b|!--)", re.IGNORECASE)
_FIRST_CUT = 0.95


class Seen(NamedTuple):
    """What is remembered of an entry that the broker has."""

    stamp: str
    """Digest of all that the document said of it."""
    text: str
    """Where its text was taken from ("page" or "feed"), and the digest of it."""
    version: int


class Told(NamedTuple):
    """As what an entry is published."""

    version: int
    status: Status


@dataclass(frozen=True, slots=True)
class Text:
    """The text that an article gets: the page as `html`, or plain in `body`; and what of it was compared with."""

    source: Literal["page", "feed"]
    prose: str
    html: str | None = None

    def stamp(self, title: str) -> str:
        """Digest of what a reader would read: words only, so that new markup around them is no correction."""
        words = " ".join(f"{title}\n{self.prose}".split()).casefold()
        return f"{self.source} {digest(words)}"


def name_of(entry: Entry, address: str, *, permanent_ids: bool = True) -> str:
    """The article's id. What a feed calls an entry names it among the feeds of its host only, so that no feed can
    correct or withdraw what another has published; what is no URI ("4711") within this one feed."""
    key = entry.key if permanent_ids else _otherwise(entry)
    if _URI.match(key):
        host = (urlsplit(address).hostname or address).removeprefix("www.")
        return f"f-{digest(host, key)}"
    return f"f-{digest(normalised_url(address), key)}"


def name_of_own(entry: Entry, *, permanent_ids: bool = True) -> str:
    """The id of an article from a file: agencies' ids are unique by themselves, and files are one's own."""
    key = entry.key if permanent_ids else _otherwise(entry)
    visible = key.isprintable() and len(key) <= ID_CHARACTERS
    return key if visible else f"f-{digest(key)}"


def _otherwise(entry: Entry) -> str:
    """What names an entry whose id names others too: its page, or what it says."""
    return entry.link or f"{entry.key} {digest(entry.title, entry.published, entry.text or entry.summary)}"


def stamp_of(entry: Entry) -> str:
    """Digest of all that a document says of an entry: while it is the same there is nothing to do."""
    return digest(
        entry.title,
        entry.summary,
        entry.text,
        entry.updated,
        entry.link,
        entry.status,
        entry.version,
        int(entry.withheld),
        entry.byline,
        "\n".join(entry.credits),
    )


def own_text(entry: Entry) -> Text:
    """The text that the document itself holds, or its summary."""
    return Text("feed", entry.text or entry.summary)


def told_as(seen: Seen | None, entry: Entry, text_stamp: str) -> Told | None:
    """As which version an entry is published; None where nothing new is told.

    Version and status are the provider's where it counts versions. A feed does not: its text decides.
    """
    withdrawn = entry.status == "withdrawn" or entry.withheld
    if seen is None:
        if entry.withheld and (entry.version or 1) == 1:
            return None
        version = entry.version or (2 if withdrawn else 1)
        return Told(version, "withdrawn" if withdrawn else entry.status if version > 1 else "usable")
    if text_stamp == seen.text and (entry.version or 0) <= seen.version:
        return None
    version = max(entry.version or 0, seen.version + 1)
    if withdrawn:
        return Told(version, "withdrawn")
    if entry.version is not None and entry.version > seen.version:
        return Told(version, entry.status)
    # The page instead of the feed's few words is a fuller text and no correction.
    corrected = seen.text.partition(" ")[0] == text_stamp.partition(" ")[0] or seen.text == WITHDRAWN
    return Told(version, "corrected" if corrected else "usable")


WITHDRAWN = "withdrawn"
"""Stands for the text of what was withdrawn."""


def text_stamp_of(entry: Entry, text: Text) -> str:
    return WITHDRAWN if entry.status == "withdrawn" or entry.withheld else text.stamp(entry.title)


def article_of(entry: Entry, *, id: str, outlet: str, published: str, text: Text, told: Told) -> RawArticle:
    """The raw article. Of one that was withdrawn no text is passed on."""
    gone = told.status == "withdrawn"
    return RawArticle(
        id=id,
        url=entry.link,
        outlet=outlet,
        published=published,
        title=entry.title,
        body=None if gone or text.html is not None else text.prose or None,
        html=None if gone else text.html,
        language=entry.language,
        byline=entry.byline,
        credits=tuple(credit for credit in entry.credits if credit.casefold() != outlet.casefold()),
        version=told.version,
        status=told.status,
    )


def time_of(entry: Entry, told: Told, *, latest: str, otherwise: str) -> tuple[str, bool]:
    """The time of publication, for a later version that of the change; and whether the document gave it.

    A time after `latest` is none: `otherwise`, the time of fetching, stands in for it.
    """
    given = (entry.updated if told.version > 1 else None) or entry.published or entry.updated
    return (given, True) if given and given <= latest else (otherwise, False)


def payload_of(article: RawArticle, limit: int) -> tuple[bytes, bool]:
    """The JSON of an article in at most `limit` bytes, and whether text had to be cut for that: of a page first what is
    no text (scripts, styles), then its end."""
    payload = encode(article)
    if len(payload) <= limit:
        return payload, False
    if article.html is not None:
        article = replace(article, html=without_bulk(article.html))
        payload = encode(article)
    cut = False
    while len(payload) > limit and (text := article.html or article.body):
        cut = True
        kept = text[: int(len(text) * min(_FIRST_CUT, limit / len(payload)))]
        article = replace(article, html=kept) if article.html else replace(article, body=kept)
        payload = encode(article)
    return payload, cut


def without_bulk(html: str) -> str:
    """A page without scripts, styles, drawings and comments. One pass: what is never closed stays, and costs one look."""
    small = html.lower()
    kept, at, unclosed = [], 0, set[str]()
    for found in _BULK.finditer(html):
        end = f"</{found[1].lower()}" if found[1] else "-->"
        if found.start() < at or end in unclosed:
            continue
        close = small.find(end, found.end())
        close = small.find(">", close) if close >= 0 else -1
        if close < 0:
            unclosed.add(end)
            continue
        kept.append(html[at : found.start()])
        at = close + 1
    return "".join(kept) + html[at:]
