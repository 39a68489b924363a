"""RSS 0.9x, 1.0, 2.0 and Atom 0.3, 1.0 documents to entries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Literal
from urllib.parse import urljoin, urlsplit

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
)
from feeds.markup import paragraphs, paragraphs_of_text, plain, text_of
from feeds.safe_xml import Read, local_name, qualified_name

ENTRIES = 20_000
"""Entries that are read of one document, the first ones; the longest feeds known to us have some thousands."""
PROBLEMS = 100
LINK_CHARACTERS = 2_048

_ATOM = ("http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#")
_OWN = frozenset(
    {"", *_ATOM, "http://purl.org/rss/1.0/", "http://my.netscape.com/rdf/simple/0.9/", "http://channel.netscape.com/rdf/simple/0.9/"}
)  # fmt: skip
_PREFIXES = {
    "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://purl.org/dc/terms/": "dcterms:",
    "http://purl.org/rss/1.0/modules/syndication/": "sy:",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner:",
}
_PREFIXES |= {prefix: prefix for prefix in _PREFIXES.values()}  # as they are mostly written, where none is declared
_PERIODS = {"hourly": 3600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_XML_TEXT = frozenset({"xhtml", "application/xhtml+xml", "text/xml", "application/xml"})

Children = dict[str, list[Any]]


def is_syndication(root: Any) -> bool:
    """Whether the root element is one of a feed."""
    return local_name(root) in ("rss", "RDF", "feed")


def read_feed(read: Read, address: str) -> Document:
    """The entries of a feed that was fetched from `address`. Raises `Unreadable` for another kind of document."""
    root = read.root
    kind: Literal["rss", "atom"] = "atom" if local_name(root) == "feed" else "rss"
    if not is_syndication(root):
        raise Unreadable(f"neither RSS nor Atom: its root is <{local_name(root)[:40]}>")
    channel = root if kind == "atom" else next((c for c in root if local_name(c) == "channel"), root)
    about = _children(channel)
    problems = [Problem(reason=f"not well-formed, read as far as it goes: {read.mended}")] if read.mended else []
    language = _text(about, "language", "dc:language") or channel.get(_LANGUAGE) or root.get(_LANGUAGE)
    entries: list[Entry] = []
    total = 0
    for element in _items(root, channel, kind):
        total += 1
        if total > ENTRIES:
            continue
        found = _atom_entry(element, address) if kind == "atom" else _rss_item(element, address)
        if isinstance(found, Problem):
            problems.append(found)
        else:
            entries.append(replace(found, language=language_of(found.language, language)))
    if total > ENTRIES:
        problems.append(Problem(reason=f"{total:,} entries, of which the first {ENTRIES:,} are read"))
    if len(problems) > PROBLEMS:
        problems[PROBLEMS:] = [Problem(reason=f"{len(problems) - PROBLEMS:,} more problems")]
    if read.mended and entries and read.root_was_cut:
        entries.pop()  # the text of the last one may be cut off in the middle
    distinct, unread = _distinct(entries)
    return Document(
        kind=kind,
        entries=distinct,
        problems=(*problems, *unread)[:PROBLEMS],
        title=plain(_text(about, "title"))[:TITLE_CHARACTERS],
        wait_seconds=_wait(about),
        permanent_ids=_permanent(entries),
    )


def _items(root: Any, channel: Any, kind: str) -> Iterator[Any]:
    wanted = "entry" if kind == "atom" else "item"
    # RSS 1.0 has its items beside the channel; some feeds of other versions have too.
    for parent in (channel,) if channel is root else (channel, root):
        yield from (child for child in parent if local_name(child) == wanted)


def _rss_item(item: Any, address: str) -> Entry | Problem:
    has = _children(item)
    guid = _text(has, "guid")
    base = _base(item, address)
    permalink = bool(has.get("guid")) and (has["guid"][0].get("isPermaLink") or "true").strip().lower() != "false"
    linked = _text(has, "feedburner:origLink") or _text(has, "link") or _hrefs(has)
    link = _address(linked, base) or (_address(guid, "") if permalink else None)
    title = plain(_text(has, "title"))
    text = _longest(has, "content:encoded")
    summary = _longest(has, "description", "summary")
    published = as_time(_text(has, "pubDate", "dc:date", "dcterms:issued", "dcterms:created", "published", "date"))
    updated = as_time(_text(has, "dcterms:modified", "updated"))
    credits = [
        name if (name := plain("".join(source.itertext()))) else _host(source.get("url") or "")
        for source in has.get("source", ())
    ] + [plain("".join(element.itertext())) for element in has.get("dc:source", ())]
    return _entry(
        guid=guid or item.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about") or "",
        link=link,
        linked=linked,
        title=title,
        text=text,
        summary=summary,
        published=published,
        updated=updated,
        byline=_names([plain("".join(e.itertext())) for e in [*has.get("dc:creator", ()), *has.get("author", ())]]),
        credits=credits,
        language=_text(has, "dc:language"),
    )


def _atom_entry(entry: Any, address: str) -> Entry | Problem:
    has = _children(entry)
    base = _base(entry, address)
    linked = _hrefs(has)
    content = [e for e in has.get("content", ()) if not e.get("src")]
    text = max((_construct(e) for e in content), key=len, default="")
    summary = max((_construct(e) for e in has.get("summary", ())), key=len, default="")
    credits = []
    for source in has.get("source", ()):
        inside = _children(source)
        named = plain(_text(inside, "title")) or _host(_hrefs(inside) or _text(inside, "id"))
        credits.append(named)
    updated = as_time(_text(has, "updated", "modified"))
    return _entry(
        guid=_text(has, "id"),
        link=_address(_text(has, "feedburner:origLink") or linked, base),
        linked=linked,
        title=" ".join(_construct(has["title"][0]).split()) if has.get("title") else "",
        text=text,
        summary=summary,
        published=as_time(_text(has, "published", "issued", "created", "dc:date")) or updated,
        updated=updated,
        byline=_names([plain(_text(_children(author), "name")) for author in has.get("author", ())]),
        credits=credits,
        language=entry.get(_LANGUAGE) or "",
    )


def _entry(
    *,
    guid: str,
    link: str | None,
    linked: str,
    title: str,
    text: str,
    summary: str,
    published: str | None,
    updated: str | None,
    byline: str | None,
    credits: list[str],
    language: str,
) -> Entry | Problem:
    key = guid.strip() or link or ""
    if not key:
        if not title and not text and not summary:
            return Problem(reason="an entry without id, link, title and text")
        key = f"{title} {published or ''}".strip() or (text or summary)[:TITLE_CHARACTERS]
    if not link and linked.strip() and not (title or text or summary):
        return Problem(entry=key, field="link", reason="no address of http or https, and no text without it")
    return Entry(
        key=key,
        link=link,
        title=title[:TITLE_CHARACTERS],
        summary="" if summary == text else summary,
        text=text,
        published=published,
        updated=updated,
        byline=byline,
        credits=tuple(dict.fromkeys(c for c in credits if 0 < len(c) <= CREDIT_CHARACTERS))[:CREDITS],
        language=language or None,
    )


def _permanent(entries: list[Entry]) -> bool:
    """Whether no id stands for several articles, which differ in page and title: some feeds give all entries the address
    of the outlet as their id."""
    first: dict[str, Entry] = {}
    for entry in entries:
        other = first.setdefault(entry.key, entry)
        if entry.link and other.link and other.link != entry.link and other.title != entry.title:
            return False
        if not entry.link and not other.link and _differ(entry, other) and not _is_revision(entry, other):
            return False
    return True


def _differ(one: Entry, other: Entry) -> bool:
    return (one.title, one.text or one.summary) != (other.title, other.text or other.summary)


def _is_revision(one: Entry, other: Entry) -> bool:
    """Whether times of change tell that one of the two is the other as it was before."""
    return bool(one.updated and other.updated and one.updated != other.updated)


def _distinct(entries: list[Entry]) -> tuple[tuple[Entry, ...], list[Problem]]:
    """Without what is there twice, by id and link: of two the one that was updated last, otherwise the first. Where there
    is no link either, only what says the same is the same. Also what is left out though it says something else."""
    kept: dict[tuple[str | None, ...], Entry] = {}
    unread = []
    for entry in entries:
        name: tuple[str | None, ...] = (entry.key, entry.link)
        before = kept.get(name)
        if before is not None and _differ(entry, before) and not _is_revision(entry, before):
            if entry.link:
                reason = "is there twice with one link and different texts, of which the first is read"
                unread.append(Problem(entry=entry.key, reason=reason))
                continue
            name = (entry.key, None, entry.title, entry.text or entry.summary)
            before = kept.get(name)
        if before is None or (entry.updated or "") > (before.updated or ""):
            kept[name] = entry
    return tuple(kept.values()), unread


def _wait(about: Children) -> float | None:
    """What the channel asks between two polls: `ttl` in minutes, or `updatePeriod` divided by `updateFrequency`."""
    waits = []
    ttl = _text(about, "ttl").strip()
    if ttl.isdecimal() and len(ttl) < 9:
        waits.append(int(ttl) * 60.0)
    period = _PERIODS.get(_text(about, "sy:updatePeriod").strip().lower())
    if period:
        often = _text(about, "sy:updateFrequency").strip()
        waits.append(period / max(1, int(often) if often.isdecimal() and len(often) < 9 else 1))
    return max(waits, default=None)


def _children(element: Any) -> Children:
    found: Children = {}
    for child in element:
        namespace, name = qualified_name(child)
        prefix = "" if namespace in _OWN else _PREFIXES.get(namespace)
        if prefix is not None and name:
            found.setdefault(prefix + name, []).append(child)
    return found


def _text(has: Children, *names: str) -> str:
    """The first of these elements that is not empty."""
    for name in names:
        for element in has.get(name, ()):
            text = "".join(element.itertext()).strip()
            if text:
                return text
    return ""


def _longest(has: Children, *names: str) -> str:
    return max((paragraphs("".join(e.itertext())) for name in names for e in has.get(name, ())), key=len, default="")


def _construct(element: Any) -> str:
    """The text of an Atom text construct, of any of its types (0.3 says `mode="escaped"` and a media type)."""
    kind = (element.get("type") or "text").strip().lower()
    if len(element) or kind in _XML_TEXT:
        return text_of(element)
    text = "".join(element.itertext())
    return paragraphs(text) if "html" in kind or element.get("mode") == "escaped" else paragraphs_of_text(text)


def _hrefs(has: Children) -> str:
    """The address of the page among the links: the alternate one, of HTML before other types."""
    links = [
        link for link in has.get("link", ()) if (link.get("rel") or "alternate") == "alternate" and link.get("href")
    ]
    links.sort(key=lambda link: "html" not in (link.get("type") or "html"))
    return str(links[0].get("href")) if links else ""


def _host(address: str) -> str:
    try:
        return urlsplit(address.strip()).hostname or ""
    except ValueError:
        return ""


def _base(element: Any, address: str) -> str:
    """What addresses in an element are relative to: `xml:base`, which may be relative itself."""
    try:
        return urljoin(address, str(element.base or ""))
    except ValueError:
        return address


def _address(text: str, base: str) -> str | None:
    """`text` as an absolute address of http or https, None where it is none."""
    text = text.strip()
    if not text:
        return None
    try:
        address = urljoin(base, text)
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or len(address) > LINK_CHARACTERS:
        return None
    return None if any(c.isspace() or ord(c) < 32 for c in address) else address


def _names(names: list[str]) -> str | None:
    # RSS's own <author> is an address with the name in brackets.
    told = [name.rpartition("(")[2].rstrip(")") if "@" in name and name.endswith(")") else name for name in names]
    return ", ".join(dict.fromkeys(name for name in told if name and "@" not in name))[:300] or None
