"""Dead letters: how large one may be, how many are too many, and how one becomes a message again."""

from __future__ import annotations

import base64
import binascii
import dataclasses
from collections import deque
from dataclasses import dataclass

from streams import records
from streams.records import DeadLetter

TOPIC = "dead-letters.v1"
ATTEMPTS_HEADER = "muster-attempts"
"""How often an input was handled before; set by a replay."""
REPLAYED_HEADER = "muster-replayed"
"""The place of the letter that a message is the replay of."""
SINK_HEADER = "muster-sink"
"""The one sink that a replayed alert is for: all others have had it, or have a dead letter of their own."""
SINK_STAGE = "sink:"
"""Begins the stage of a dead letter that a sink wrote; the sink's name follows."""
WINDOW = 200
"""Inputs over which the share of dead letters is taken: enough that half of them failing is no accident."""
MESSAGE_CHARACTERS = 2_000
"""An error's text beyond this says nothing new, and some errors quote their whole input."""


class TooManyDeadLetters(Exception):
    """So many inputs of a stage fail that it must be a defect or a wrong setting, not bad data."""


class Limits:
    """Watches one stage: the share of dead letters over the last 200 inputs, and how many came in a row.

    Raw articles that are invalid or rejected are not given to it, neither way: see the stage loop.
    """

    def __init__(self, stage: str, *, share: float, run: int) -> None:
        self._stage = stage
        self._share = share
        self._run = run
        self._recent: deque[bool] = deque(maxlen=WINDOW)
        self._in_a_row = 0
        self._dead = 0

    def count(self, dead: DeadLetter | None) -> None:
        """Count one input. Raises `TooManyDeadLetters` with the letter that was one too many."""
        if len(self._recent) == WINDOW:
            self._dead -= self._recent[0]
        self._recent.append(dead is not None)
        self._dead += dead is not None
        self._in_a_row = self._in_a_row + 1 if dead is not None else 0
        if dead is None:
            return
        last = (
            f"the last: {dead.error}: {dead.message}, at {dead.topic} partition {dead.partition} offset {dead.offset}"
        )
        if self._in_a_row >= self._run:
            raise TooManyDeadLetters(
                f"stage {self._stage}: {self._in_a_row} inputs in a row became dead letters "
                f"(MUSTER_DEAD_LETTER_RUN={self._run}); {last}"
            )
        if len(self._recent) == WINDOW and self._dead > self._share * WINDOW:
            raise TooManyDeadLetters(
                f"stage {self._stage}: {self._dead} of the last {WINDOW} inputs became dead letters "
                f"(MUSTER_DEAD_LETTER_SHARE={self._share:g}); {last}"
            )


def fitted(letter: DeadLetter, limit: int) -> DeadLetter:
    """The letter with its error's text cut to a sensible length and, should it exceed `limit` bytes even so, without
    the original's bytes: to know of an input that cannot be kept is better than to stop at it for good."""
    if len(letter.message) > MESSAGE_CHARACTERS:
        letter = dataclasses.replace(letter, message=letter.message[:MESSAGE_CHARACTERS] + " ...")
    size = len(records.encode(letter))
    if size <= limit:
        return letter
    return dataclasses.replace(
        letter,
        key=None,
        value=None,
        headers={},
        message=f"{letter.message} (the original is too large to be kept here)",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """The message that became a dead letter, ready to be published once more."""

    topic: str
    key: bytes | None
    value: bytes
    headers: tuple[tuple[str, bytes], ...]


class NotKept(ValueError):
    """A dead letter without the bytes of its original."""


def original(letter: DeadLetter) -> Original:
    """The message of a dead letter, with headers that say how often it was tried, of which letter it is the replay and, of
    an alert that could not be delivered, for which sink it is. Raises `NotKept`."""
    if letter.value is None:
        raise NotKept(f"{place(letter)}: the original was not kept")
    try:
        value = base64.b64decode(letter.value, validate=True)
        key = None if letter.key is None else base64.b64decode(letter.key, validate=True)
    except binascii.Error as error:
        raise NotKept(f"{place(letter)}: the original is not base64: {error}") from None
    headers = {name: text.encode("utf-8") for name, text in letter.headers.items()}
    headers[ATTEMPTS_HEADER] = str(letter.attempts).encode("ascii")
    headers[REPLAYED_HEADER] = place(letter).encode("utf-8")
    if letter.stage.startswith(SINK_STAGE):
        headers[SINK_HEADER] = letter.stage.removeprefix(SINK_STAGE).encode("utf-8")
    return Original(topic=letter.topic, key=key, value=value, headers=tuple(headers.items()))


def place(letter: DeadLetter) -> str:
    """Where the original lies: "articles.raw.v1/3/17", as the commands take it; of the third record of a bundle "anchors.v1/3/17.2"."""
    within = "" if letter.within is None else f".{letter.within}"
    return f"{letter.topic}/{letter.partition}/{letter.offset}{within}"
