"""Parties that a sentence adds without repeating its verb.

"Brazil will provide 1,200 soldiers, Argentina 600, Uruguay 570" adds movers to the claim. Claims of their own are
"Russia will send 300 soldiers to Mali and Turkey 100 to Libya", "... in the Idlib region; mostly Russia and Iran around
Damascus" and "in the Idlib region, and Russian troops around Damascus".
"""

from __future__ import annotations

import re

from agents.enrich.claims.parties import actor_of
from agents.enrich.claims.place_names import is_place, place_of
from agents.enrich.language.parse import Parsed
from agents.enrich.names.mention import Mention
from streams.records import Actor, Place

_BETWEEN = re.compile(r"(?:,|;|\band\b|\bwith\b|\bwhile\b|,? as well as)\s*(?:the\s+)?$")
_NUMBER = re.compile(
    r"\s+(?:about\s+|some\s+|up to\s+|another\s+|around\s+|nearly\s+)?(?:\d[\d,.]*(?![\d,.]*\s*(?:percent|per cent|%|million|billion|km|miles))"
    r"|an?\s+(?:battalion|company|brigade|platoon|contingent|squadron|frigate)|one(?=\s+(?:to|in|for)\b)|what (?:it|they) c(?:ould|an))\b"
)
_TO_A_PLACE = re.compile(r"\s+(?:more\s+)?(?:troops\s+|soldiers\s+|men\s+)?(?:to|in|into|for)\s+(?:the\s+)?")
_OPENING = re.compile(
    r"(?:;\s*(?:and\s+)?|,\s*(?:and|while)\s+)(?:mostly\s+|mainly\s+|only\s+|perhaps\s+|probably\s+|then\s+)?(?:the\s+)?"
)
_LISTED = re.compile(r",\s*(?:the\s+)?")
_PLACED = re.compile(
    r"^(?:\s+(?:troops|forces|soldiers|units|ones))?[\s,]*(?:around|in|near|at|inside)\s+(?:the\s+|and\s+around\s+)?$"
)
_JOINED = re.compile(r"^\s*(?:,|and|,\s*and|&)\s*(?:the\s+)?$")


def find(parsed: Parsed, after: int) -> tuple[list[Actor], list[tuple[list[Actor], list[Place]]]]:
    """(movers to add, claims apart as (movers, places)) in the sentence after the verb that ends at `after`."""
    text = parsed.sentence.text
    more: list[Actor] = []
    apart: list[tuple[list[Actor], list[Place]]] = []
    for m in parsed.mentions:
        party = m.kind in ("country", "armed-group", "organisation") or m.form in ("capital", "seat")
        number = _NUMBER.match(text, m.end) if party and m.start > after and m.form != "demonym" else None
        if number is None or not _BETWEEN.search(text[: m.start]):
            continue
        where = _place_behind(parsed, number.end())
        if where is not None:
            apart.append(([actor_of(m)], [where]))
        elif m.kind == "country" or m.form in ("capital", "seat"):
            more.append(actor_of(m))
    return more, apart or _apart(parsed, after)


_MORE_TO = re.compile(
    r"(?:,|,?\s*\band\b|;)\s+(?:another\s+|about\s+|some\s+|up to\s+|a further\s+)?(\d[\d,]*\d|\d)\s+(?:more\s+|others?\s+)?"
    r"(?:to|in|into|for)\s+(?:the\s+)?$"
)
"""Before a place: "and 300 to Iraq"."""


def elsewhere(parsed: Parsed, after: int) -> list[tuple[str, Place]]:
    """More of the same forces and where they go: "200 troops to Syria and 300 to Iraq"."""
    text = parsed.sentence.text
    found = []
    for mention in parsed.mentions:
        told = _MORE_TO.search(text[after : mention.start]) if is_place(mention) and mention.start > after else None
        if told is not None and not 1900 <= int(told[1].replace(",", "")) <= 2100:
            found.append((told[1], place_of(mention)))
    return found


def _place_behind(parsed: Parsed, at: int) -> Place | None:
    """The place that a number is followed by: "200 to Niger"."""
    opening = _TO_A_PLACE.match(parsed.sentence.text, at)
    if opening is None:
        return None
    return next((place_of(m) for m in parsed.mentions if m.start == opening.end() and is_place(m)), None)


def _apart(parsed: Parsed, after: int) -> list[tuple[list[Actor], list[Place]]]:
    text = parsed.sentence.text
    for opening in _OPENING.finditer(text, after):
        found = _placed_group(parsed, opening.end())
        if found:
            return [*_listed_before(parsed, after, opening.start()), *found]
    return []


def _listed_before(parsed: Parsed, after: int, last: int) -> list[tuple[list[Actor], list[Place]]]:
    """Of "Italy will command a company in Bulgaria, Portugal in Romania, and Norway in Slovakia" those between the
    first and the last."""
    found = []
    for opening in _LISTED.finditer(parsed.sentence.text, after, last):
        one = _placed_group(parsed, opening.end())
        if one and len(one[0][0]) == 1:
            found += one
    return found


def _placed_group(parsed: Parsed, at: int) -> list[tuple[list[Actor], list[Place]]]:
    """The parties named from `at` on, with the place that follows them; nothing where anything else stands there."""
    text = parsed.sentence.text
    group: list[Mention] = []
    for mention in parsed.mentions:
        if mention.start < at:
            continue
        if (not group and mention.start == at and mention.kind == "country") or (
            group and _JOINED.match(text[group[-1].end : mention.start]) and mention.kind == "country"
        ):
            group.append(mention)
        elif group and is_place(mention) and _PLACED.match(text[group[-1].end : mention.start]):
            return [([actor_of(m) for m in group], [place_of(mention)])]
        else:
            break
    return []
