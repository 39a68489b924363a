"""Foreign XML, read so that nothing in it can reach out, blow up, or stop what can be read of it.

No document type of its own (entities that multiply, files and addresses that are fetched), no depth beyond what the
parser allows by itself (256 levels), no more than the bytes that were given. What is not well-formed is mended as far
as that is safe, and the mending is told.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from html.entities import html5
from typing import Any

from lxml import etree

from feeds.entry import Unreadable

_DECLARATION = re.compile(r"\A\s*+<\?xml\b[^>]{0,400}\?>")
_DECLARED = re.compile(rb"<\?xml\b[^>]{0,300}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
_META = re.compile(rb"<meta\b[^>]{0,300}?charset\s*=\s*[\"']?\s*([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML 1.0 does not allow."""
_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_BARE_AMPERSAND = re.compile(r"&(?!(?:[A-Za-z][A-Za-z0-9]{0,31}|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)")
DECLARES = "it declares entities or a document type of its own, which is not read"
_MARKUP = frozenset("<>&\"'")
_ENCODINGS = (
    "utf-8", "utf-16", "utf-32", "ascii", "iso8859", "cp125", "cp866", "cp932", "cp936", "cp949", "koi8", "mac-",
    "gb", "big5", "euc_", "shift_jis", "johab", "tis-620",
)  # fmt: skip
"""Encodings of text that are taken at their word. Others that Python knows are slow on purpose-made input (punycode) or
give a reader what nobody wrote (unicode_escape)."""
UTF_8_FROM = 4
"""Characters outside of ASCII that are whole in UTF-8, for each byte that is wrong in it: text in another encoding has
none."""


@dataclass(frozen=True, slots=True)
class Read:
    """The root of a document, and what had to be mended to read it (None: nothing)."""

    root: Any
    mended: str | None = None
    root_was_cut: bool = False
    """The document ends before its root does: what stands last in it may not be whole."""


def as_text(raw: bytes, charset: str | None = None) -> str:
    """The text of `raw`: by its byte order mark, as UTF-8 where it is UTF-8, by `charset` (HTTP), by what it says of itself.

    UTF-8 comes before what is declared: text that is valid UTF-8 by chance is rare, a server that names its default is
    not. It may be cut off in a character, or have a stray byte from elsewhere. What fits nothing is read as Windows-1252, with replacements.
    """
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if raw.startswith(mark):
            return raw.decode(encoding, "replace")
    if raw[:4] in (b"<\x00?\x00", b"\x00<\x00?"):
        return raw.decode("utf-16-le" if raw[0] else "utf-16-be", "replace")
    text = raw.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    valid = len(text) - len(text.encode("ascii", "ignore")) - bad
    if valid >= UTF_8_FROM * bad:
        return text
    inside = _DECLARED.search(raw[:1000]) or _META.search(raw[:4000])
    for named in (charset, inside and inside[1].decode("ascii")):
        encoding = _known(named) if named else ""
        if encoding:
            try:
                return raw.decode(encoding)
            except UnicodeDecodeError:
                continue
    return raw.decode("cp1252", "replace")


def _known(named: str) -> str:
    try:
        encoding = codecs.lookup(named.strip()).name
    except (LookupError, ValueError):
        return ""
    if encoding in ("iso8859-1", "ascii"):
        return "cp1252"  # as every browser reads these two
    return encoding if encoding.startswith(_ENCODINGS) else ""


def read_xml(raw: bytes, charset: str | None = None) -> Read:
    """The document in `raw`. Raises `Unreadable`."""
    # First what is no character of XML: behind it nothing can hide.
    text = _FORBIDDEN.sub("", as_text(raw, charset))
    text = _without_document_type(_DECLARATION.sub("", text, count=1))
    text = _NAMED.sub(_character, text)
    if not text.strip():
        raise Unreadable("it is empty")
    try:
        return Read(_without_declarations(_parsed(text, recover=False)))
    except etree.XMLSyntaxError as error:
        first = _told(error)
    try:
        root = _parsed(_BARE_AMPERSAND.sub("&amp;", text), recover=True)
    except etree.XMLSyntaxError:
        root = None
    if root is None:
        raise Unreadable(f"not XML: {first}")
    _without_declarations(root)
    end = text.rstrip()[-200:]
    closed = end.endswith(">") and f"{local_name(root)}>" in end.rpartition("</")[2]
    return Read(root, first, not closed)


def qualified_name(element: Any) -> tuple[str, str]:
    """Namespace and name of an element. In what was mended a prefix may stand in the name, since nothing declares it; it
    is given as the namespace then, with its colon: "content:"."""
    if not isinstance(element.tag, str):
        return "", ""
    namespace, _, name = element.tag.rpartition("}")
    prefix, colon, bare = name.rpartition(":")
    return namespace.lstrip("{") or prefix + colon, bare


def local_name(element: Any) -> str:
    """The name of an element without its namespace."""
    return qualified_name(element)[1]


def _parsed(text: str, *, recover: bool) -> Any:
    parser = etree.XMLParser(
        encoding="utf-8",
        recover=recover,
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    return etree.fromstring(text.encode("utf-8"), parser)


def _told(error: etree.XMLSyntaxError) -> str:
    line = error.position[0] if error.position else 0
    return f"line {line}: {str(error.msg).partition(', line')[0]}" if line else str(error.msg)


def begins_at(text: str) -> int:
    """Where a document begins after its blanks, comments and instructions: at its DOCTYPE, or its root."""
    at = 0
    while True:
        while at < len(text) and text[at].isspace():
            at += 1
        for begins, ends in (("<?", "?>"), ("<!--", "-->")):
            if text.startswith(begins, at):
                end = text.find(ends, at)
                if end < 0:
                    return at
                at = end + len(ends)
                break
        else:
            return at


def _without_document_type(text: str) -> str:
    """`text` without its DOCTYPE, which is only a name then. Raises `Unreadable` for one that declares anything."""
    at = begins_at(text)
    if text[at : at + 9].upper() != "<!DOCTYPE":
        return text
    end = text.find(">", at)
    if end < 0 or "[" in text[at:end]:
        raise Unreadable(DECLARES)
    return text[:at] + text[end + 1 :]


def _without_declarations(root: Any) -> Any:
    """The root. Raises `Unreadable` where the parser has met a document type that was not taken away: a second one, or one
    behind something."""
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable(DECLARES)
    return root


def _character(found: re.Match[str]) -> str:
    """An entity of HTML as its character, which feeds use without declaring it; those of XML stay."""
    character = html5.get(found[1] + ";")
    return found[0] if character is None or character in _MARKUP else character
