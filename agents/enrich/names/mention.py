"""A name found in a text, and what it stands for: what the gazetteer hands to the rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

MentionKind = Literal["country", "organisation", "armed-group", "force", "place", "person"]
MentionForm = Literal[
    "name",  # Syria, NATO, Hezbollah, Idlib
    "demonym",  # Syrian, Americans
    "capital",  # "Ankara", which may be the city or the government
    "seat",  # "the Kremlin", "the Pentagon": a seat of power that stands for its government
    "office-holder",  # "Erdogan": a person who speaks for a country
    "historical",  # Soviet, Zaire
    "city",
    "region",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """Characters [start, end) of the text name something.

    `code` is an ISO 3166-1 alpha-3 code for a country (and for what stands for one: demonym, capital, seat, office
    holder), otherwise the id of the organisation or group, or the name of the place. `country` is the country that it
    lies in or belongs to, null for an international organisation. `reason` says how an ambiguous name was decided.
    """

    start: int
    end: int
    text: str
    kind: MentionKind
    form: MentionForm
    code: str
    name: str
    country: str | None
    id: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    reason: str | None = None
    area: str | None = None
    """Of an organisation's mission: the country where it stands ("UNDOF": SYR)."""
    until: int | None = None
    """Of an office holder: the year in which he left office, as far as the data know."""
