"""Deterministic ids: a hash of what they identify, never a counter or a clock."""

from __future__ import annotations

import hashlib
from typing import Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit


def digest(*parts: str | int | None) -> str:
    """16 hexadecimal digits that identify `parts`. Parts are length-prefixed, so ("ab", "c") and ("a", "bc") differ."""
    state = hashlib.blake2b(digest_size=8)
    for part in parts:
        encoded = b"" if part is None else str(part).encode("utf-8", "surrogatepass")
        state.update(b"%d:" % (-1 if part is None else len(encoded)))
        state.update(encoded)
    return state.hexdigest()


class Named(Protocol):
    """What names an article: a `RawArticle`, or the two fields of one that is not valid otherwise."""

    @property
    def id(self) -> str | None: ...
    @property
    def url(self) -> str | None: ...


def article_id(raw: Named) -> str:
    """The id of an article: `id` as given, otherwise "u-" and the digest of its normalised `url`.

    Raises ValueError where neither names it.
    """
    given = (raw.id or "").strip()
    if given:
        return given
    url = normalised_url(raw.url or "")
    if not url:
        raise ValueError("id: an article needs an `id` or a `url`")
    return f"u-{digest(url)}"


_DEFAULT_PORTS = {"http": 80, "https": 443}
_FOLLOWS_THE_READER = frozenset(
    {"fbclid", "gclid", "dclid", "msclkid", "igshid", "mc_cid", "mc_eid", "yclid", "ref_src"}
)
"""Query parameters that say where a reader came from, not what is read; all `utm_...` are dropped as well."""


def normalised_url(url: str) -> str:
    """One spelling for the addresses under which outlets hand out the same page.

    Scheme and host in lower case, http as https, no "www.", default port, credentials or fragment, no parameters that
    follow the reader, the others sorted, no slash at the end of the path. What is no address is returned stripped.
    """
    url = url.strip()
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return url
    scheme, host = parts.scheme.lower(), (parts.hostname or "").rstrip(".").removeprefix("www.")
    if scheme not in _DEFAULT_PORTS or not host:
        return url
    if ":" in host:
        host = f"[{host}]"
    if port is not None and port != _DEFAULT_PORTS[scheme]:
        host = f"{host}:{port}"
    query = sorted(
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if name.lower() not in _FOLLOWS_THE_READER and not name.lower().startswith("utm_")
    )
    return urlunsplit(("https", host, parts.path.rstrip("/"), urlencode(query), ""))
