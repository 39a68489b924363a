"""The hashes of an article's text, as a report carries them."""

from __future__ import annotations

from streams.stage import Rejected
from wirecopy.fingerprint import from_text


def hashes_of(fingerprint: str) -> tuple[int, ...]:
    """The hashes of an article's text. Raises `Rejected` for what is no fingerprint."""
    try:
        return from_text(fingerprint)
    except ValueError as error:
        raise Rejected("article.fingerprint", str(error)) from None
