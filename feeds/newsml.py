"""NewsML-G2, the IPTC's exchange format: a newsItem, or a newsMessage with an itemSet of them, to entries.

Names of elements are those of the standard (namespace http://iptc.org/std/nar/2006-10-01/). Values that are controlled
are read as qcode, uri or literal; of a qcode what follows the prefix, without the catalogue.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from feeds.dates import as_time
from feeds.entry import Document, Entry, Problem, Unreadable
from feeds.markup import paragraphs, paragraphs_of_text, plain, text_of
from feeds.ninjs import version_of, within_bounds
from feeds.safe_xml import Read, local_name

ITEMS = 20_000
_NAMESPACE = "http://iptc.org/std/nar/"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_NO_TEXT = frozenset({"picture", "video", "audio", "graphic", "animation", "planning"})
_OTHER_ITEMS = frozenset({"packageItem", "conceptItem", "knowledgeItem", "planningItem", "catalogItem"})


def is_newsml(root: Any) -> bool:
    """Whether the root is one of NewsML-G2 that may hold articles."""
    return isinstance(root.tag, str) and root.tag.startswith("{" + _NAMESPACE) and local_name(root) in (
        "newsMessage", "newsItem", *_OTHER_ITEMS
    )  # fmt: skip


def read_newsml(read: Read) -> Document:
    """The articles of a NewsML-G2 document. Raises `Unreadable` for another kind of document."""
    root = read.root
    if not is_newsml(root):
        raise Unreadable(f"no NewsML-G2: its root is <{local_name(root)[:40]}>")
    problems = [Problem(reason=f"not well-formed, read as far as it goes: {read.mended}")] if read.mended else []
    items = [root] if local_name(root) != "newsMessage" else [item for s in _all(root, "itemSet") for item in s]
    entries = []
    for item in items[:ITEMS]:
        name = local_name(item)
        if name == "newsItem":
            found = _entry(item)
        elif name in _OTHER_ITEMS:
            # Packages, events and vocabularies come in the same messages: nothing is wrong with them.
            continue
        else:
            found = Problem(reason=f"<{name[:40]}> is no news item")
        if isinstance(found, Problem):
            problems.append(found)
        else:
            entries.append(found)
    if len(items) > ITEMS:
        problems.append(Problem(reason=f"{len(items):,} items, of which the first {ITEMS:,} are read"))
    if read.mended and entries and read.root_was_cut:
        entries.pop()  # its text may be cut off in the middle
    return Document(kind="newsml-g2", entries=tuple(entries), problems=tuple(problems))


def _entry(item: Any) -> Entry | Problem:
    key = (item.get("guid") or "").strip()
    if not key:
        return Problem(field="guid", reason="is missing: it names the article")
    version = version_of(item.get("version"))
    if isinstance(version, str):
        return Problem(entry=key, field="version", reason=version)
    meta, content, rights = (_first(item, name) for name in ("itemMeta", "contentMeta", "rightsInfo"))
    kind = _code(_first(meta, "itemClass"))
    if kind in _NO_TEXT:
        return Problem(entry=key, field="itemClass", reason=f"{kind!r} is no text")
    status = _code(_first(meta, "pubStatus")) or "usable"
    if status not in ("usable", "withheld", "canceled"):
        return Problem(entry=key, field="pubStatus", reason=f"{status[:40]!r} is none of usable, withheld, canceled")
    corrected = any(_code(signal) in ("correction", "corrected") for signal in _all(meta, "signal"))
    provider, holder = _party(_first(meta, "provider")), _party(_first(rights, "copyrightHolder"))
    credits = [_words(_first(content, "creditline"))]
    credits += [_party(source) for source in _all(content, "infoSource")]
    credits += [holder, provider]
    language = _first(content, "language")
    created = as_time(_words(_first(meta, "versionCreated")))
    return within_bounds(
        Entry(
            key=key,
            link=next((link.get("href") for link in _all(meta, "link") if _code_of(link, "rel") == "web"), None),
            title=_headline(content) or _words(_first(meta, "title")) or _words(_first(content, "slugline")),
            summary="\n\n".join(w for e in _all(content, "description") if (w := _words(e))),
            text=_text(_first(item, "contentSet")),
            published=created or as_time(_words(_first(meta, "firstCreated"))),
            updated=created,
            embargoed=as_time(_words(_first(meta, "embargoed"))),
            byline=", ".join(w for by in _all(content, "by") if (w := _words(by))) or None,
            credits=tuple(credits),
            language=(language.get("tag") if language is not None else None) or item.get(_LANGUAGE),
            outlet=provider or holder or None,
            version=version or 1,  # the standard's default
            status="withdrawn"
            if status == "canceled"
            else "corrected"
            if corrected and (version or 1) > 1
            else "usable",
            withheld=status == "withheld",
        )
    )


def _headline(content: Any) -> str:
    """The headline: the main one, otherwise the first."""
    found = [(_code_of(e, "role") not in ("main", ""), _words(e)) for e in _all(content, "headline") if _words(e)]
    return min(found, key=lambda one: one[0])[1] if found else ""


def _text(contents: Any) -> str:
    """The article in the content set: XHTML or NITF of inlineXML (NITF's body.content only), otherwise inlineData."""
    for inline in _all(contents, "inlineXML"):
        if not len(inline):
            # Some providers put the markup in as text.
            if told := paragraphs("".join(inline.itertext())):
                return told
            continue
        body = next((e for e in inline.iter() if local_name(e) == "body.content"), None)
        if body is None:
            body = next((e for e in inline.iter() if local_name(e) == "body"), inline)
        if told := text_of(body):
            return told
    for inline in _all(contents, "inlineData"):
        told = "".join(inline.itertext())
        plain_text = (inline.get("contenttype") or "text/plain").startswith("text/plain")
        if told := paragraphs_of_text(told) if plain_text else paragraphs(told):
            return told
    return ""


def _party(element: Any) -> str:
    """The name of a person or organisation: its name, otherwise the literal or code that stands for it."""
    if element is None:
        return ""
    return _words(_first(element, "name")) or (element.get("literal") or "").strip() or _raw_code(element)


def _code(element: Any) -> str:
    return "" if element is None else _raw_code(element).lower()


def _raw_code(element: Any) -> str:
    told = element.get("qcode") or element.get("uri") or element.get("literal") or ""
    return str(told).strip().rpartition("/")[2].rpartition(":")[2]


def _code_of(element: Any, attribute: str) -> str:
    return str(element.get(attribute) or "").strip().rpartition("/")[2].rpartition(":")[2].lower()


def _words(element: Any) -> str:
    return "" if element is None else plain("".join(element.itertext()))


def _first(parent: Any, name: str) -> Any:
    return next(_all(parent, name), None)


def _all(parent: Any, name: str) -> Iterator[Any]:
    return iter(()) if parent is None else (child for child in parent if local_name(child) == name)
