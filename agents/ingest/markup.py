"""All text of a piece of HTML, as it stands: for what is an article already (a `body` with its tags), and for pages in which
nothing looks like one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

# fmt: off
_BLOCKS = frozenset([
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt", "figcaption",
    "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main", "nav", "ol", "p",
    "pre", "section", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
])
_NO_TEXT = frozenset([
    "audio", "button", "figcaption", "figure", "footer", "form", "header", "iframe", "nav", "noscript", "object", "script",
    "select", "style", "svg", "template", "textarea", "title", "video",
])
# fmt: on
_BLOCK_TAG = re.compile(rf"<(/?)({'|'.join(sorted(_BLOCKS | {'br'}))})(?=[\s/>])", re.IGNORECASE)
_PAGE_TAG = re.compile(r"<(?:html|body)(?=[\s>])", re.IGNORECASE)
_TAG = re.compile(r"<[a-zA-Z]")
TAGS = 20_000
"""Most tags of a page in which an article is looked for. Each takes some 75 microseconds, 20,000 a second and a half, in which
nothing else is read. Pages of articles have hundreds or a few thousand."""
_SPACES = re.compile(r"\s+")


def is_markup(text: str) -> bool:
    """Whether a text is HTML: blocks that open and close, or two line breaks. A text that mentions a tag is none."""
    opened: set[str] = set()
    closed: set[str] = set()
    breaks = 0
    for found in _BLOCK_TAG.finditer(text):
        name = found[2].lower()
        breaks += name == "br"
        (closed if found[1] else opened).add(name)
        if breaks > 1 or opened & closed:
            return True
    return False


def is_page(markup: str) -> bool:
    """Whether a piece of HTML is a whole page, with what stands around its article."""
    return _PAGE_TAG.search(markup) is not None


def tags_in(markup: str) -> int:
    """How many tags are opened."""
    return sum(1 for _ in _TAG.finditer(markup))


def all_text(markup: str, *, asides: bool = True) -> str:
    """The text with a blank line between its blocks, without scripts, forms, navigation and figures; lines only as in <pre>."""
    from trafilatura import load_html

    whole = markup if is_page(markup) else f"<html><body>{markup}</body></html>"
    tree = load_html(whole.encode("utf-8", "replace").decode("utf-8"))
    if tree is None:
        return ""
    return "".join(_pieces(tree, _NO_TEXT if asides else _NO_TEXT | {"aside"}))


def _pieces(tree: Any, left_out: frozenset[str]) -> Iterator[str]:
    # Without recursion: pages nest as deep as they like.
    waiting: list[tuple[Any, bool, bool]] = [(tree, False, False)]
    while waiting:
        element, ends, preformatted = waiting.pop()
        name = element.tag if isinstance(element.tag, str) else ""
        if ends:
            if name in _BLOCKS:
                yield "\n\n"
            inside = preformatted and name != "pre"
            yield _laid_out(element.tail, inside)
            continue
        waiting.append((element, True, preformatted or name == "pre"))
        if not name or name in left_out:
            continue
        if name in _BLOCKS or name == "br":
            yield "\n" if name == "br" else "\n\n"
        yield _laid_out(element.text, preformatted or name == "pre")
        waiting += [(child, False, preformatted or name == "pre") for child in reversed(element)]


def _laid_out(text: str | None, preformatted: bool) -> str:
    return (text or "") if preformatted else _SPACES.sub(" ", text or "")
