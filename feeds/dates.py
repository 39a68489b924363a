"""Times as feeds write them, as RFC 3339 in UTC."""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from functools import cache
from importlib.resources import files

LENGTH = 60
"""No time is written longer."""
FIRST_YEAR = 1900
"""As in ingest: an earlier year is a lost digit."""

_ZONE = re.compile(r"\s*\b([A-Z]{2,5})$")
_SPACED_OFFSET = re.compile(r"\s+([+-]\d{2}:?\d{2})$")
_FRACTION = re.compile(r"([.,]\d{1,9})(?=[Z+-]|$)")
_WORDED = ("%B %d, %Y", "%b %d, %Y", "%d %B %Y", "%d %b %Y", "%B %d, %Y %H:%M", "%b %d, %Y %H:%M", "%d %B %Y %H:%M")


@cache
def _zones() -> dict[str, float]:
    with (files("feeds") / "data" / "zones.toml").open("rb") as stream:
        return {name: float(hours) for name, hours in tomllib.load(stream)["hours"].items()}


def as_time(text: str | None) -> str | None:
    """The time that `text` means, in whole seconds: "2017-06-22T14:05:00Z". None where it is none.

    Without a zone it is UTC; a date alone is its midnight.
    """
    moment = _moment(" ".join(text.split())) if text and len(text) <= LENGTH * 2 else None
    if moment is None:
        return None
    try:
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (OverflowError, ValueError):
        return None
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment.year >= FIRST_YEAR else None


def _moment(text: str) -> datetime | None:
    if not text or len(text) > LENGTH:
        return None
    zone: timezone | None = None
    named = _ZONE.search(text)
    if named and named[1] in _zones():
        zone, text = timezone(timedelta(hours=_zones()[named[1]])), text[: named.start()].rstrip()
    iso = _FRACTION.sub("", _SPACED_OFFSET.sub(r"\1", text))
    moment: datetime | None
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(iso if read is not parsedate_to_datetime else text)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        return moment.replace(tzinfo=zone) if zone and moment.tzinfo is None else moment
    for form in _WORDED:
        try:
            moment = datetime.strptime(text, form)
        except ValueError:
            continue
        return moment.replace(tzinfo=zone or UTC)
    return None
