"""The words of the rules, read from `lexicon/*.toml` and checked when they are loaded.

A person can add a word to those files without touching code: every entry is a group of words that behave alike, with an
example. `LexiconError` names the file and the entry that is wrong.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal, get_args

from streams.records import ACTS, STANCES, STATUSES, Act, Stance, Status

Strength = Literal["strong", "weak", "collective"]
Frame = Literal["carries", "goes", "both", "reinforces", "alert"]


class LexiconError(ValueError):
    """A lexicon file that cannot be used; the message names the file, the entry and what is wrong with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForceWord:
    word: str
    kind: str
    strength: Strength


@dataclass(frozen=True, slots=True, kw_only=True)
class Motion:
    """One way in which a verb or noun moves a force. `needs` is a set of "place", "owner", "strong"."""

    lemma: str
    act: Act
    frame: Frame
    particle: str | None
    needs: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusCue:
    """What a governing word does to the status of a deployment. `negated` is a status, or the stance "denies"."""

    word: str
    status: Status
    negated: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechCue:
    word: str
    stance: Stance


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """All words by form or lemma. A key of the cues is (part of speech, lemma), a particle joined by an underscore."""

    forces: Mapping[str, ForceWord]
    verbs: Mapping[str, tuple[Motion, ...]]
    nouns: Mapping[str, Motion]
    statuses: Mapping[tuple[str, str], StatusCue]
    speech: Mapping[tuple[str, str], SpeechCue]


def _read(name: str) -> dict[str, Any]:
    text = files("agents.enrich.language").joinpath("cues_and_forces", name).read_text(encoding="utf-8")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise LexiconError(f"{name}: {error}") from None


def _check(name: str, entry: Mapping[str, Any], field: str, allowed: tuple[str, ...]) -> str:
    value = entry.get(field)
    if value not in allowed:
        raise LexiconError(f"{name}: {field} = {value!r} is none of {', '.join(allowed)} in the entry {entry}")
    if not str(entry.get("example", "")).strip():
        raise LexiconError(f"{name}: no example in the entry {entry}")
    return str(value)


def _forces() -> dict[str, ForceWord]:
    forces: dict[str, ForceWord] = {}
    for entry in _read("forces.toml")["force"]:
        strength = _check("forces.toml", entry, "strength", get_args(Strength))
        for word in entry["words"]:
            forces.setdefault(word, ForceWord(word=word, kind=entry["kind"], strength=strength))  # type: ignore[arg-type]
    return forces


def _motion(entry: Mapping[str, Any], lemma: str) -> Motion:
    return Motion(
        lemma=lemma,
        act=entry["act"],
        frame=entry.get("frame", "both"),
        particle=entry.get("particle"),
        needs=frozenset(str(entry.get("needs", "")).split()),
    )


def _motions() -> tuple[dict[str, tuple[Motion, ...]], dict[str, Motion]]:
    table = _read("motions.toml")
    verbs: dict[str, tuple[Motion, ...]] = {}
    for entry in table["verb"]:
        _check("motions.toml", entry, "act", ACTS)
        _check("motions.toml", entry, "frame", get_args(Frame))
        for lemma in entry["lemmas"]:
            verbs[lemma] = (*verbs.get(lemma, ()), _motion(entry, lemma))
    nouns = {}
    for entry in table["noun"]:
        _check("motions.toml", entry, "act", ACTS)
        for lemma in entry["lemmas"]:
            nouns[lemma] = _motion(entry, lemma)
    return verbs, nouns


def _cues() -> tuple[dict[tuple[str, str], StatusCue], dict[tuple[str, str], SpeechCue]]:
    table = _read("cues.toml")
    statuses: dict[tuple[str, str], StatusCue] = {}
    for entry in table["status"]:
        status = _check("cues.toml", entry, "status", STATUSES)
        negated = _check("cues.toml", entry, "negated", (*STATUSES, "denies"))
        for part in ("verb", "noun", "adjective"):
            for word in entry.get(f"{part}s", ()):
                cue = StatusCue(word=word, status=status, negated=negated)  # type: ignore[arg-type]
                statuses.setdefault((part, word), cue)
    speech: dict[tuple[str, str], SpeechCue] = {}
    for entry in table["speech"]:
        stance = _check("cues.toml", entry, "stance", STANCES)
        for part in ("verb", "noun", "adjective"):
            for word in entry.get(f"{part}s", ()):
                speech.setdefault((part, word), SpeechCue(word=word, stance=stance))  # type: ignore[arg-type]
    return statuses, speech


@cache
def lexicon() -> Lexicon:
    """The lexicon of the package. Raises `LexiconError`."""
    verbs, nouns = _motions()
    statuses, speech = _cues()
    return Lexicon(forces=_forces(), verbs=verbs, nouns=nouns, statuses=statuses, speech=speech)
