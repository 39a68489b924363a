"""Whether a raw article can be used: every rule names the field that breaks it."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from streams.identity import article_id
from streams.records import RawArticle
from streams.settings import Settings
from streams.stage import Rejected

ID_LENGTH = 512
URL_LENGTH = 2048
"""Longest address that browsers and proxies agree on."""
OUTLET_LENGTH = 200
TITLE_LENGTH = 2_000
CREDITS = 50
CREDIT_LENGTH = 200
"""The same as for an outlet: a credit names one."""
LANGUAGE_LENGTH = 35
"""The longest tag of BCP 47 that a reader must have room for (RFC 5646, 4.4.1)."""
TEXT = 60
"""Characters from which a field that is not known may hold the text: a section or a language is shorter."""
UNKNOWN_NAMED = 5
"""Unknown fields that are named where there are more."""
FIRST_YEAR = 1900
"""Earliest year: archives of newspapers are fed too; a date before it is a date of 0001-01-01 or a lost digit."""
VERSIONS = 1_000_000

_INVISIBLE = ("Cc", "Cf", "Cs", "Zl", "Zp")
"""Unicode categories of control, formatting (bidirectional ones among them), surrogate and separator characters."""
_JOINERS = "\u200c\u200d"
"""Persian and the scripts of India need them to spell a name."""

_RFC_3339 = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(?:\.\d+)?(?:[Zz]|([+-])(\d{2}):(\d{2}))", re.ASCII
)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def check_fields(raw: RawArticle, value: bytes) -> None:
    """Raises `Rejected` for an article without a text that has one under a name which no article has.

    Other fields that are not known are passed over, since a newer producer may say more than this version knows.
    """
    if raw.status == "withdrawn" or any(text is not None and text.strip() for text in (raw.body, raw.html)):
        return
    known = {field.name for field in fields(RawArticle)}
    # What is not known was not checked when the record was decoded: names that are no UTF-8, numbers without end, any depth.
    try:
        given = json.loads(value.decode("utf-8", "replace"), parse_int=float).items()
    except RecursionError:
        raise Rejected("body", "no text; an unknown field is nested too deeply") from None
    unknown = sorted(name for name, told in given if name not in known and isinstance(told, str) and len(told) >= TEXT)
    if unknown:
        named = ", ".join(f"`{name[:40]}`" for name in unknown[:UNKNOWN_NAMED])
        plural = "s" if len(unknown) > 1 else ""
        more = f" and {len(unknown) - UNKNOWN_NAMED} more" if len(unknown) > UNKNOWN_NAMED else ""
        raise Rejected(
            "body", f"no text; unknown field{plural} {named}{more}: the article's text goes into `body` or `html`"
        )


def checked_id(raw: RawArticle) -> str:
    """The article's id. Raises `Rejected` for neither `id` nor `url`, or for one that cannot be used."""
    if raw.url is not None and raw.url.strip():
        _check_url(raw.url.strip())
    elif not (raw.id and raw.id.strip()):
        raise Rejected("id", "an article needs an `id` or a `url`")
    id = article_id(raw)
    if len(id) > ID_LENGTH:
        raise Rejected("id", f"{len(id)} characters, more than {ID_LENGTH}")
    _check_visible("id", id)
    return id


def _check_visible(field: str, text: str) -> None:
    """Raises `Rejected` for what a reader would not see, or would see out of order."""
    if any(unicodedata.category(character) in _INVISIBLE for character in text):
        raise Rejected(field, "has control or invisible characters")


def _check_url(url: str) -> None:
    if len(url) > URL_LENGTH:
        raise Rejected("url", f"{len(url)} characters, more than {URL_LENGTH}")
    if any(character.isspace() or ord(character) < 32 for character in url):
        raise Rejected("url", "has spaces or control characters")
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise Rejected("url", str(error)) from None
    if parts.scheme.lower() not in ("http", "https"):
        raise Rejected("url", f"expected http or https, got {parts.scheme or 'no scheme'!r}")
    if not host:
        raise Rejected("url", "has no host")


def checked_outlet(raw: RawArticle) -> str:
    """The outlet as written. Raises `Rejected` for one that is empty, too long, or does not show as it is."""
    outlet = " ".join(raw.outlet.split())
    if not any(character.isalnum() for character in outlet):
        raise Rejected("outlet", "is empty")
    if len(outlet) > OUTLET_LENGTH:
        raise Rejected("outlet", f"{len(outlet)} characters, more than {OUTLET_LENGTH}")
    _check_visible("outlet", outlet.translate(dict.fromkeys(map(ord, _JOINERS))))
    return outlet


def checked_credits(raw: RawArticle) -> tuple[str, ...]:
    """The credits as given, which every report of the article will carry. Raises `Rejected` for too many or too long ones."""
    if len(raw.credits) > CREDITS:
        raise Rejected("credits", f"{len(raw.credits)} credits, more than {CREDITS}")
    longest = max(map(len, raw.credits), default=0)
    if longest > CREDIT_LENGTH:
        raise Rejected("credits", f"one of {longest} characters, more than {CREDIT_LENGTH}")
    return raw.credits


def checked_language(raw: RawArticle) -> str | None:
    """The language tag in lower case, None where none is given. Raises `Rejected` for one that can be no tag."""
    language = (raw.language or "").strip().lower()
    if len(language) > LANGUAGE_LENGTH:
        raise Rejected("language", f"{len(language)} characters, more than {LANGUAGE_LENGTH}")
    _check_visible("language", language)
    return language or None


def checked_published(raw: RawArticle, received_ms: int, settings: Settings) -> str:
    """The time of publication in UTC, whole seconds: "2017-06-22T14:05:00Z".

    A date alone is its midnight in UTC. Raises `Rejected` for a time that is not RFC 3339 with an offset, is before
    `FIRST_YEAR`, or lies more than `settings.future_hours` after the time at which the article was received.
    """
    text = raw.published.strip()
    found = _RFC_3339.fullmatch(f"{text}T00:00:00Z" if _DATE.fullmatch(text) else text)
    if not found:
        raise Rejected(
            "published",
            f"expected a date (2017-06-22) or a time with its offset (2017-06-22T14:05:00+03:00), got {text[:60]!r}",
        )
    year, month, day, hour, minute, second = (int(part) for part in found.groups()[:6])
    try:
        # A leap second is the last second of its minute here.
        moment = datetime(year, month, day, hour, minute, min(second, 59) if second == 60 else second, tzinfo=UTC)
        if found[7]:
            if int(found[8]) > 23 or int(found[9]) > 59:
                raise Rejected("published", f"no such offset: {found[7]}{found[8]}:{found[9]}")
            offset = timedelta(hours=int(found[8]), minutes=int(found[9]))
            moment = moment - offset if found[7] == "+" else moment + offset
    except (ValueError, OverflowError) as error:
        if isinstance(error, Rejected):
            raise
        raise Rejected("published", f"no such time: {text[:60]!r} ({error})") from None
    if moment.year < FIRST_YEAR:
        raise Rejected("published", f"year {moment.year} is before {FIRST_YEAR}")
    ahead = moment.timestamp() - received_ms / 1000
    if ahead > settings.future_hours * 3600:
        raise Rejected(
            "published", f"{text[:60]} is {ahead / 3600:.1f} hours ahead, more than {settings.future_hours:g} allowed"
        )
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def checked_version(raw: RawArticle) -> int:
    """The version, 1 where none is given. Raises `Rejected` where it does not fit the status."""
    if raw.version is not None and not 1 <= raw.version <= VERSIONS:
        raise Rejected("version", f"{raw.version} is not between 1 and {VERSIONS}")
    if raw.status != "usable" and raw.version is None:
        raise Rejected("version", f"an article with the status {raw.status!r} needs one")
    if raw.status == "corrected" and raw.version == 1:
        raise Rejected("version", "a corrected article is version 2 or later")
    return raw.version or 1
