"""When a feed is due again: what its list says, what its server asks, how often it failed."""

from __future__ import annotations

import re
from datetime import UTC
from email.utils import parsedate_to_datetime

LONGEST_WAIT = 86_400.0
"""However long a server asks, a feed is looked at once a day: a mistake there is not to silence it for good."""
BACK_OFF = 60.0
"""First wait after an error, doubled with each further one."""
LONGEST_BACK_OFF = 6 * 3600.0
JITTER = 0.2
"""Share by which waits differ, so that feeds that failed together do not come back together."""

_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)


def wait_after(interval: float, *asked: float | None) -> float:
    """Seconds until the next poll after one that went well: the interval, or longer where the server asks that."""
    return max(interval, *(min(one, LONGEST_WAIT) for one in asked if one is not None), 0.0)


def wait_after_error(interval: float, errors: int, retry_after: float | None, chance: float) -> float:
    """Seconds until the next poll after `errors` failures in a row; `chance` is a random number from 0 to 1.

    Never sooner than the server asks (`Retry-After`).
    """
    back_off = min(BACK_OFF * 2.0 ** min(errors - 1, 20), LONGEST_BACK_OFF)
    spread = max(min(interval, LONGEST_BACK_OFF), back_off) * (1 + JITTER * (2 * chance - 1))
    return max(spread, min(retry_after or 0.0, LONGEST_WAIT))


def max_age(cache_control: str | None) -> float | None:
    """Seconds for which a reply holds by its `Cache-Control`; None where that does not say."""
    if not cache_control or re.search(r"\bno-(?:cache|store)\b", cache_control, re.IGNORECASE):
        return None
    found = _MAX_AGE.search(cache_control)
    return float(found[1]) if found else None


def retry_after(value: str | None, now: float) -> float | None:
    """Seconds from `now` (Unix time) that a `Retry-After` asks to wait: given in seconds, or as a date."""
    text = (value or "").strip()
    if text.isascii() and text.isdecimal():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, moment.timestamp() - now)
