"""Whether two speakers are one and the same, as far as two articles let us know."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator
from dataclasses import dataclass

from agents.corroborate.standing import fold_name
from streams.records import Speaker


@dataclass(frozen=True, slots=True)
class Identity:
    """A speaker as far as it can be told from others. `name` holds the words of the name, empty if there is none."""

    name: frozenset[str]
    organisation: str
    role: str
    country: str

    def compared_by(self) -> Iterator[Hashable]:
        """Two identities that are the same speaker have a key in common, so only those need a comparison."""
        yield from self.name
        if self.country and self.organisation:
            yield self.country, self.organisation
        elif self.country and self.role and not self.name:
            yield self.country, "", self.role


def identity_of(speaker: Speaker | None) -> Identity | None:
    """None for an anonymous source ("an official"): two of them may be two people."""
    if speaker is None or speaker.anonymous:
        return None
    identity = Identity(
        name=frozenset(word for word in fold_name(speaker.name or "").split() if len(word) > 1),
        organisation=fold_name(speaker.organisation or ""),
        role=fold_name(speaker.role or ""),
        country=speaker.country or "",
    )
    return identity if any(True for _ in identity.compared_by()) else None


def is_same(one: Identity, other: Identity) -> bool:
    """Symmetric: whether they can be told to be one speaker.

    "Shamanov" is "Vladimir Shamanov" unless the countries differ. A ministry's unnamed spokesman is whoever is named
    as speaking for that ministry; two people who are both named are two.
    """
    if one.name and other.name:
        same_country = one.country == other.country or not (one.country and other.country)
        return same_country and (one.name <= other.name or other.name <= one.name)
    if not one.country or one.country != other.country:
        return False
    if one.organisation or other.organisation:
        return one.organisation == other.organisation
    return not one.name and not other.name and one.role == other.role


def count_speakers(identities: Collection[Identity]) -> int:
    """How many different speakers these are, at least."""
    known: list[Identity] = []
    for identity in sorted(identities, key=lambda i: (-len(i.name), sorted(i.name), i.organisation, i.role, i.country)):
        if not any(is_same(identity, other) for other in known):
            known.append(identity)
    return len(known)
