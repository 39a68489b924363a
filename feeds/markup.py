"""The text of markup that stands inside a document: HTML of a feed, XHTML and NITF of an agency."""

from __future__ import annotations

import html
import re
from typing import Any

import lxml.html
from lxml import etree

from feeds.safe_xml import local_name

_BLOCKS = frozenset(
    [
        "p",
        "div",
        "section",
        "article",
        "main",
        "header",
        "blockquote",
        "pre",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "table",
        "tr",
        "hr",
        "br",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hl1",
        "hl2",
        "body",
        "body.head",
        "body.content",
        "body.end",
        "hedline",
        "byline",
        "dateline",
        "bq",
        "center",
        "address",
        "td",
        "th",
    ]
)
_NOT_PROSE = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "iframe",
        "figure",
        "figcaption",
        "aside",
        "nav",
        "form",
        "svg",
        "object",
        "media",
    ]
)
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,2000}>")
_MAYBE_MARKUP = re.compile(r"<[A-Za-z/!]|&[A-Za-z#]")


def paragraphs(markup: str) -> str:
    """The prose of an HTML fragment, a paragraph a block, parted by empty lines; no captions, scripts, forms."""
    if not _MAYBE_MARKUP.search(markup):
        return _joined(re.split(r"\n\s*\n", markup))
    if not markup.strip():
        return ""
    try:
        # A comment in the tree would part the text around it.
        parser = lxml.html.HTMLParser(remove_comments=True, remove_pis=True)
        root = lxml.html.document_fromstring(f"<div>{markup}</div>", parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return _joined([_TAG.sub(" ", html.unescape(markup))])
    return text_of(root)


def paragraphs_of_text(text: str) -> str:
    """Plain text as paragraphs: nothing in it is markup."""
    return "\n\n".join(" ".join(piece.split()) for piece in text.split("\n\n") if piece.strip())


def text_of(root: Any) -> str:
    """The prose below an element, as `paragraphs` gives it. Namespaces do not matter; walks without recursion."""
    pieces: list[list[str]] = [[]]
    skipped: Any = None
    for event, element in etree.iterwalk(root, events=("start", "end")):
        name = local_name(element).lower()
        if skipped is None:
            if name in _BLOCKS or name in _NOT_PROSE:
                pieces.append([])
            if event == "start":
                if not name or name in _NOT_PROSE:
                    skipped = element
                elif element.text:
                    pieces[-1].append(element.text)
        if event == "end":
            if skipped is element:
                skipped = None
            if skipped is None and element is not root and element.tail:
                pieces[-1].append(element.tail)
    return _joined("".join(piece) for piece in pieces)


def plain(text: str) -> str:
    """One line of text that may hold markup, as titles do: without tags, references resolved."""
    if "&" in text:
        text = html.unescape(text)
    if "<" in text:
        text = _TAG.sub("", text)
    return " ".join(text.split())


def _joined(pieces: Any) -> str:
    return "\n\n".join(line for piece in pieces if (line := " ".join(piece.split())))
