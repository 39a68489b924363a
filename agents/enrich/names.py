"""Names in a text, and what each stands for.

`find` reads a text word by word and takes, from left to right, the longest name that the gazetteer knows and whose
capitals fit; then it decides each ambiguous name by what stands around it and by what else the text names, and says
why. Work is linear in the text: a name has a bounded number of words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from agents.enrich.gazetteer import GazetteerData, Sense, default_data
from agents.enrich.mention import Mention
from agents.enrich.nametokens import HARD, WORD, fold, joint


@dataclass(slots=True)
class _Words:
    """The words of a text: their offsets, as written, and folded."""

    text: str
    starts: list[int]
    ends: list[int]
    raw: list[str]
    folded: list[str]

    def joint_after(self, i: int) -> str | None:
        """What joins word `i` and the next one in a key; `HARD` at the end."""
        if i + 1 >= len(self.starts):
            return HARD
        return joint(self.text[self.ends[i] : self.starts[i + 1]], self.folded[i])

    def before(self, i: int) -> str:
        """The folded word before word `i` if nothing but soft joints or a full stop of a title stands between, else ""."""
        return self.folded[i - 1] if i > 0 and self.joint_after(i - 1) == " " else ""

    def after(self, i: int) -> str:
        """The folded word after word `i`, as `before`."""
        return self.folded[i + 1] if self.joint_after(i) == " " else ""


@dataclass(slots=True)
class _Found:
    """Words [first, last] of the text are a name with these senses."""

    first: int
    last: int
    key: str
    senses: list[Sense]
    decoy: str | None = None


def _tokenised(text: str) -> _Words:
    words = _Words(text, [], [], [], [])
    for match in WORD.finditer(text):
        raw = match.group()
        words.starts.append(match.start())
        words.ends.append(match.end())
        words.raw.append(raw)
        words.folded.append(fold(raw))
    return words


def _capitals_fit(written: Sequence[str], raw: Sequence[str]) -> bool:
    """Whether a text's words have the capitals that a name needs.

    A word that the data capitalises must begin with a capital. One that it writes in capitals throughout (NATO) must
    be so in the text, or, from four letters on, capitalised (Nato, Ecowas: the style of British papers).
    """
    for wanted, got in zip(written, raw, strict=True):
        if not wanted[0].isupper():
            continue
        if not got[0].isupper():
            return False
        if len(wanted) > 1 and wanted.isupper() and not got.isupper() and not (len(wanted) >= 4 and got[1:].islower()):
            return False
    return True


_written_words: dict[str, tuple[str, ...]] = {}


def _words_written(written: str) -> tuple[str, ...]:
    held = _written_words.get(written)
    if held is None:
        held = tuple(m.group() for m in WORD.finditer(written))
        _written_words[written] = held
    return held


class Gazetteer:
    """Finds names of one gazetteer. See `find`."""

    def __init__(self, data: GazetteerData | None = None) -> None:
        self.data = data or default_data()

    def _longest_at(self, words: _Words, i: int, longest: int) -> _Found | None:
        found = None
        key = words.folded[i]
        for last in range(i, min(i + longest, len(words.folded))):
            if last > i:
                joined = words.joint_after(last - 1)
                if joined is HARD:
                    break
                key = f"{key}{joined}{words.folded[last]}"
            decoy = self.data.decoys.get(key)
            if decoy is not None and words.raw[i][0].isupper():
                found = _Found(i, last, key, [], decoy)
                continue
            senses = self.data.look_up(key)
            if senses:
                raw = words.raw[i : last + 1]
                fitting = [s for s in senses if _fits(s, raw)]
                if fitting:
                    found = _Found(i, last, key, fitting)
        return found

    def _candidates(self, words: _Words) -> list[_Found]:
        found: list[_Found] = []
        longest = self.data.longest
        i, count = 0, len(words.folded)
        while i < count:
            length = longest.get(words.folded[i])
            name = self._longest_at(words, i, length) if length is not None else None
            if name is None:
                i += 1
            else:
                found.append(name)
                i = name.last + 1
        return found

    def find(self, text: str, published: str | None = None) -> list[Mention]:
        """The names in `text`, in order, without overlap. `published` (RFC 3339) helps to tell office holders apart."""
        words = _tokenised(text)
        found = self._candidates(words)
        mentions = []
        for name in found:
            if name.decoy is not None:
                continue
            sense = name.senses[0]
            mentions.append(_mention(words, name, sense, None))
        return mentions


def _fits(sense: Sense, raw: Sequence[str]) -> bool:
    written = _words_written(sense.written)
    return (
        len(written) == len(raw) and _capitals_fit(written, raw) or (len(written) != len(raw) and raw[0][0].isupper())
    )


_FINAL_STOP = re.compile(r" ?\.")


def _mention(words: _Words, name: _Found, sense: Sense, reason: str | None) -> Mention:
    start, end = words.starts[name.first], words.ends[name.last]
    if name.last > name.first and len(words.raw[name.last]) == 1 and len(words.raw[name.first]) == 1:
        stop = _FINAL_STOP.match(words.text, end)  # the last stop of "U.S." is a part of the name
        end = stop.end() if stop else end
    return Mention(
        start=start, end=end, text=words.text[start:end], kind=sense.kind, form=sense.form, code=sense.code,
        name=sense.name, country=sense.country, id=sense.id, latitude=sense.latitude, longitude=sense.longitude,
        reason=reason,
    )  # fmt: skip


def find(text: str, published: str | None = None) -> list[Mention]:
    """The names in `text` by the gazetteer of the package."""
    return Gazetteer().find(text, published)
