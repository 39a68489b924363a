"""Whether two speakers are one and the same, as far as two articles let us know."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator
from dataclasses import dataclass

from agents.corroborate.standing import fold_name
from streams.records import Speaker

ROLE_WORDS = 2
"""Words of a role that two speakers of one country must share to be one: "foreign minister", not "spokesman"."""
ROLE_WORDS_ANYWHERE = 3
"""The same where the country of one of them is not known: "head, defence, committee"."""

_EMPTY = frozenset(
    ["a", "an", "and", "at", "by", "for", "former", "from", "in", "its", "of", "on", "the", "then", "to", "s"]
)
_GENERIC = frozenset(
    ["ministry", "government", "parliament", "army", "military", "police", "command", "office", "agency"]
)
_SPELLINGS = {"defense": "defence", "centre": "center", "spokeswoman": "spokesman", "spokesperson": "spokesman"}


@dataclass(frozen=True, slots=True)
class Identity:
    """A speaker as far as it can be told from others. `name` and `role` hold their words, empty if there are none."""

    name: frozenset[str]
    organisation: str
    role: frozenset[str]
    country: str

    def compared_by(self) -> Iterator[Hashable]:
        """Two identities that are the same speaker have a key in common, so only those need a comparison."""
        yield from self.name
        if self.organisation:
            yield "organisation", self.organisation
        for word in self.role:
            yield "role", word


def identity_of(speaker: Speaker | None) -> Identity | None:
    """None for an anonymous source ("an official"): two of them may be two people."""
    if speaker is None or speaker.anonymous:
        return None
    role = (_SPELLINGS.get(word, word) for word in fold_name(speaker.role or "").split())
    identity = Identity(
        name=frozenset(word for word in fold_name(speaker.name or "").split() if len(word) > 1),
        organisation=fold_name(speaker.organisation or ""),
        role=frozenset(word for word in role if word not in _EMPTY),
        country=speaker.country or "",
    )
    return identity if any(True for _ in identity.compared_by()) else None


def is_same(one: Identity, other: Identity) -> bool:
    """Symmetric: whether they can be told to be one speaker.

    Two who are both named are one by their names: "Shamanov" is "Vladimir Shamanov". A speaker without a name is
    whoever speaks for the same organisation of the same country, or has the same role: "the head of the defence
    committee in the lower house" is Vladimir Shamanov, "head of the defence committee".
    """
    known = bool(one.country and other.country)
    if known and one.country != other.country:
        return False
    if one.name and other.name:
        return one.name <= other.name or other.name <= one.name
    if one.organisation and other.organisation:
        if one.organisation != other.organisation:
            return False
        # A ministry without its country may be any ministry; "NATO" has none and needs none.
        return known or not (one.country or other.country or _GENERIC.intersection(one.organisation.split()))
    if not one.role or not other.role:
        return False
    if known and one.role == other.role and one.organisation == other.organisation:
        return True
    shared = min(one.role, other.role, key=len)
    return shared <= max(one.role, other.role, key=len) and len(shared) >= (
        ROLE_WORDS if known else ROLE_WORDS_ANYWHERE
    )


def count_speakers(identities: Collection[Identity]) -> int:
    """How many different speakers these are, at least."""
    known: list[Identity] = []
    for identity in sorted(
        identities, key=lambda i: (-len(i.name), sorted(i.name), i.organisation, sorted(i.role), i.country)
    ):
        if not any(is_same(identity, other) for other in known):
            known.append(identity)
    return len(known)
