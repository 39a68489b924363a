"""One message to one receiver: what an attempt ends with, and when the next one follows."""

from __future__ import annotations

import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime

from sinks.plain import one_line

RETRIED = frozenset({408, 425, 429})
"""Statuses of HTTP below 500 that say "not now" rather than "not this"."""
REASON = 300


@dataclass(frozen=True, slots=True)
class Delivered:
    """The receiver has it. `remark` is what the log should say even so."""

    remark: str = ""


@dataclass(frozen=True, slots=True)
class NotNow:
    """It may succeed later; `after` is how many seconds the receiver wants to be left alone."""

    reason: str
    after: float | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """It will never succeed like this."""

    reason: str


Outcome = Delivered | NotNow | Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Exponential back-off with full jitter: the n-th pause is anything up to `first` * 2^n, at most `longest` seconds.

    A receiver that was down is met by all that waited for it at different times, not at once.
    """

    first: float = 1.0
    longest: float = 300.0
    longest_asked: float = 900.0
    """Of a `Retry-After` not more than this is obeyed."""

    def pause(self, failures: int, after: float | None, chance: Callable[[], float] = random.random) -> float:
        """Seconds to wait after so many failures."""
        waiting = chance() * min(self.longest, self.first * 2.0 ** min(failures - 1, 60))
        return waiting if after is None else max(waiting, min(after, self.longest_asked))


async def deliver(
    attempt: Callable[[], Awaitable[Outcome]],
    *,
    budget_seconds: float,
    pace: Pace,
    pause: Callable[[float], Awaitable[None]],
    on_retry: Callable[[str, float], None],
    clock: Callable[[], float] = time.monotonic,
) -> Delivered | Refused:
    """Attempt until the receiver has taken or refused it, or the time for it is spent."""
    began = clock()
    failures = 0
    while True:
        outcome = await attempt()
        if not isinstance(outcome, NotNow):
            return outcome
        failures += 1
        spent = clock() - began
        if spent >= budget_seconds:
            times = "1 attempt" if failures == 1 else f"{failures} attempts"
            return Refused(f"{outcome.reason}, after {times} in {spent:.0f} s")
        # The last attempt is at the end of its time.
        waiting = min(pace.pause(failures, outcome.after), budget_seconds - spent)
        on_retry(outcome.reason, waiting)
        await pause(waiting)


def of_status(status: int, said: str, retry_after: str | None, now: float) -> Outcome:
    """What an HTTP status means. A redirect is refused: it would lead to where nobody has said that alerts may go."""
    if 200 <= status < 300:
        return Delivered()
    reason = f"HTTP {status}" + (f": {said}" if said else "")
    if status in RETRIED or status >= 500:
        return NotNow(reason, seconds_of(retry_after, now))
    return Refused(f"{reason} (redirects are not followed)" if 300 <= status < 400 else reason)


def seconds_of(retry_after: str | None, now: float) -> float | None:
    """The seconds that a `Retry-After` asks for, which has a number or a date; None for nonsense."""
    if retry_after is None:
        return None
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, IndexError):
        return None
    return max(0.0, (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() - now)


HIDDEN = "(hidden)"


def without(hidden: tuple[str, ...], text: str, *, is_cut: bool = False) -> str:
    """The text on one short line and without secrets: a receiver may repeat what it was sent. They are hidden before the
    text is shortened; of a text that `is_cut` already, the begin of a secret at its end is hidden as well."""
    text = _hidden(hidden, text)
    # Once more: what separated the parts of a secret may be left out of the line.
    text = _hidden(hidden, one_line(text, len(text) + 1))
    if is_cut:
        begun = max((_begun(secret, text) for secret in hidden), default=0)
        text = text[: len(text) - begun] + HIDDEN if begun else text
    return one_line(text, REASON)


def _hidden(hidden: tuple[str, ...], text: str) -> str:
    for secret in hidden:
        text = text.replace(secret, HIDDEN)
    return text


def _begun(secret: str, text: str) -> int:
    """With how many characters of a secret the text ends."""
    return next((size for size in range(min(len(secret), len(text)), 0, -1) if text.endswith(secret[:size])), 0)
