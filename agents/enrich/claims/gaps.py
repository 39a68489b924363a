"""Parties that a sentence adds without repeating its verb.

"Brazil will provide 1,200 soldiers, Argentina 600, Uruguay 570" adds movers to the claim; "... in the Idlib region;
mostly Russia and Iran around Damascus" and "in the Idlib region, and Russian troops around Damascus" are claims of their own.
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
    r"|an?\s+(?:battalion|company|brigade|platoon|contingent|squadron|frigate)|what (?:it|they) c(?:ould|an))\b"
)
_OPENING = re.compile(
    r"(?:;\s*(?:and\s+)?|,\s*(?:and|while)\s+)(?:mostly\s+|mainly\s+|only\s+|perhaps\s+|probably\s+|then\s+)?(?:the\s+)?"
)
_PLACED = re.compile(
    r"^(?:\s+(?:troops|forces|soldiers|units|ones))?[\s,]*(?:around|in|near|at|inside)\s+(?:the\s+|and\s+around\s+)?$"
)
_JOINED = re.compile(r"^\s*(?:,|and|,\s*and|&)\s*(?:the\s+)?$")


def find(parsed: Parsed, after: int) -> tuple[list[Actor], list[tuple[list[Actor], list[Place]]]]:
    """(movers to add, claims apart as (movers, places)) in the sentence after the verb that ends at `after`."""
    text = parsed.sentence.text
    states = [m for m in parsed.mentions if m.kind == "country" or m.form in ("capital", "seat")]
    more = [
        actor_of(m)
        for m in states
        if m.start > after and m.form != "demonym" and _NUMBER.match(text, m.end) and _BETWEEN.search(text[: m.start])
        and not text[m.end :].startswith(("'s", "’s"))
    ]  # fmt: skip
    return more, _apart(parsed, after)


def _apart(parsed: Parsed, after: int) -> list[tuple[list[Actor], list[Place]]]:
    text = parsed.sentence.text
    for opening in _OPENING.finditer(text, after):
        found = _placed_group(parsed, opening.end())
        if found:
            return found
    return []


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
