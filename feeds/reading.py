"""A document of whatever kind, told by what is in it and not by what its server or its name says."""

from __future__ import annotations

import re
from dataclasses import replace

from feeds.entry import Document, Unreadable, shown, without_controls
from feeds.newsml import is_newsml, read_newsml
from feeds.ninjs import read_ninjs
from feeds.safe_xml import as_text, begins_at, local_name, read_xml
from feeds.syndication import is_syndication, read_feed

PROLOG_BYTES = 20_000
"""Within these a web page shows that it is one."""
_FEED_LINK = re.compile(r"<link\b[^>]{0,500}application/(?:rss|atom)\+xml[^>]{0,500}>", re.IGNORECASE)
_HREF = re.compile(r"href\s*=\s*[\"']?([^\"'\s>]{1,300})", re.IGNORECASE)


def read_document(raw: bytes, address: str = "", charset: str | None = None) -> Document:
    """The entries of RSS, Atom, ninjs or NewsML-G2. Raises `Unreadable`, for a page with the feed that it names."""
    document = _read(raw, address, charset)
    return replace(document, entries=tuple(map(without_controls, document.entries)))


def _read(raw: bytes, address: str, charset: str | None) -> Document:
    start = raw[:2000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start[:1] in (b"{", b"["):
        return read_ninjs(raw)
    begin = as_text(raw[:PROLOG_BYTES], charset)
    begin = begin[begins_at(begin) :][:100].lower()
    if begin.startswith("<html") or " ".join(begin.split()).startswith("<!doctype html"):
        raise Unreadable(_page_is_none(as_text(raw[:200_000], charset)))
    read = read_xml(raw, charset)
    if is_newsml(read.root):
        return read_newsml(read)
    if is_syndication(read.root):
        return read_feed(read, address)
    raise Unreadable(f"none of RSS, Atom, NewsML-G2 and ninjs: its root is <{shown(local_name(read.root), 40)}>")


def _page_is_none(page: str) -> str:
    found = [href[1] for link in _FEED_LINK.findall(page) if (href := _HREF.search(link))]
    named = f"; it names {', '.join(shown(one, 200) for one in found[:3])}" if found else ""
    return f"a web page, not a feed{named}"
