"""Whether a line tells news, however much it begins like page furniture: a sentence that is lost is a claim that is lost,
a line of furniture that is left in is one more line. Data: `news.toml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from wirecopy.loading import InvalidData, words_by_kind

KINDS = ("saying", "force", "deed", "finite", "participle", "number", "beginning", "no picture", "intention")
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_REPORTED = re.compile(r"(?<!\ba )(?<!\bthe )\breported\b", re.IGNORECASE)
"""A verb of saying, but not in "following a reported air strike"."""
_SPEECH = re.compile(r"[,.!?…][\"”»]|[,.][’'](?=\s|$)")
"""Somebody speaks: the comma or the full stop of what is said stands before its closing mark."""
_TO_THE_READER = re.compile(
    r"\b(?:[Yy]ou|[Yy]our|[Oo]ur|us|[Ww]e|[Tt]his (?:is a |developing )*(?:story|article|report|copy|news|page|site|website"
    r"|material|content)|(?:opinions|views) expressed|(?:[Ss]ubscribers|[Mm]embers) only)\b"
)
"""The page speaks for itself. In small letters: "US" is a country."""
_MAY = re.compile(r"\bMay\b")
_STARTS = re.compile(r"(?:^|[.!?…]\s)[\W_]{0,3}[^\W_]+")
"""First words of sentences, which have a capital letter whatever they are."""
_CAPITAL = re.compile(r"\b[^\W\d_a-z][^\W_]+")
_PRESENT = re.compile(r"\b(?-i:[A-Z])[^\W\d_]+ [a-z]{2,}[^\Ws]s\b")
"""A name and a verb in the present ("Minsk gives"), or a noun in the plural: the line is spared in either case."""
_TO_DO = re.compile(r"\bto ([a-z]+)")


@cache
def words() -> Mapping[str, frozenset[str]]:
    """The words of each kind. Raises `InvalidData`."""
    found = words_by_kind("agents.ingest", "news.toml", "of", KINDS)
    for kind, these in found.items():
        if strange := sorted(word for word in these if word != word.casefold()):
            raise InvalidData(f"news.toml: words of {kind!r}: {strange[0]!r} is not in small letters")
    return found


def tells_news(line: str) -> bool:
    """Whether somebody is said to have spoken, forces are told of, or a finite verb stands beside a name or a number.

    A verb counts only where the page does not speak to its reader: "you have read three articles" is no news.
    """
    known, used = words(), _words_of(line)
    if _speaks(line, used) or used & known["force"] or used & known["deed"]:
        return True
    if _TO_THE_READER.search(line):
        return False
    finite = used & known["finite"] or {word for word in used if word.endswith("ed")} - known["participle"]
    if not finite and not _PRESENT.search(line):
        return False
    return bool(used & known["number"]) or any(map(str.isdigit, line)) or _has_name(line)


def tells_more_than_a_picture(line: str) -> bool:
    """Whether a line that looks like a caption tells what no picture shows: what was said, done before, or is to come.

    Names, forces and verbs in the present are what captions are made of.
    """
    known, used = words(), _words_of(line)
    intended = any(found[1] in known["intention"] for found in _TO_DO.finditer(line))
    return intended or bool(used & known["no picture"]) or _speaks(line, used)


def _words_of(line: str) -> set[str]:
    # A month is no verb.
    return set(_WORD.findall(_MAY.sub(" ", line).casefold()))


def _speaks(line: str, used: set[str]) -> bool:
    said = used & words()["saying"] or _REPORTED.search(line) or _SPEECH.search(line)
    return bool(said)


def _has_name(line: str) -> bool:
    """Whether a word with a capital letter stands within a sentence."""
    return any(found[0].casefold() not in words()["beginning"] for found in _CAPITAL.finditer(_STARTS.sub(" ", line)))
