"""What a credit stands for: an agency, or an outlet that others lean on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from streams.records import Claim
from wirecopy.citing import passed_on_in
from wirecopy.credit_names import is_ordinary
from wirecopy.outlets import agency_named, directory, identify

_KIND_OF_HOUSE = re.compile(
    r"\b(?:news |press |wire )?(?:agency|service|newspaper|daily|magazine|website|broadcaster|channel|television|radio)\b",
    re.IGNORECASE,
)
LEADING = 4
"""Words before a name that may describe the house: "Russia's state-run Interfax news agency"."""


def family_of(credit: str) -> str:
    """The publisher family behind a credit; of one that the directory does not know, the credit itself."""
    known = directory()
    agency = known.agencies.get(credit)
    if agency is not None:
        return agency.family
    outlet = known.outlet_by_domain.get(credit)
    return credit if outlet is None else outlet.family


def name_of(credit: str) -> str:
    """The credit's name for people."""
    known = directory()
    named = known.agencies.get(credit) or known.outlet_by_domain.get(credit)
    return named.names[0] if named is not None and named.names else credit


def names_of_credit(credit: str) -> tuple[str, ...]:
    """All names by which the house of a credit is called; of one that the directory does not know, the credit itself."""
    known = directory()
    named = known.agencies.get(credit) or known.outlet_by_domain.get(credit)
    return named.names if named is not None and named.names else (credit,)


def names_of_outlet(outlet: str) -> tuple[str, ...]:
    """All names by which an outlet is called: also that of an agency which publishes itself."""
    agency = agency_named(outlet)
    return (outlet, *(agency.names if agency is not None else names_of_credit(identify(outlet).slug)))


def family_name(family: str) -> str:
    """A publisher family's name for people."""
    return directory().family_names.get(family, family)


def houses_cited(claim: Claim) -> dict[str, str]:
    """Publisher families whose reporting the claim passes on, with their names: outlets quoted on its way, and speakers
    that are outlets or agencies ("Reuters reported", "according to the BBC").

    A person is no house, though one may be called Sabah or Star; an unknown outlet is one where the sentence quotes it
    as an outlet. Where the chain has no link for it, the words of the sentence count ("..., per Reuters"; `wirecopy/citing.py`).
    """
    known = directory()
    person = claim.speaker is not None and claim.speaker.name is not None
    found = {}
    for link in claim.chain:
        if link.kind == "outlet":
            continue
        for name in _names_in(link.who):
            agency = agency_named(name)
            outlet = identify(name)
            if agency is not None:
                found[agency.family] = agency.names[0]
                break
            if outlet.slug in known.outlet_by_domain and (link.kind == "outlet-quoted" or not person):
                found[outlet.family] = outlet.name
                break
        else:
            if link.kind == "outlet-quoted":
                outlet = identify(link.who)
                found[outlet.family] = outlet.name
    for name in passed_on_in(claim.evidence.text):
        agency = agency_named(name)
        outlet = identify(name)
        if is_ordinary(name):
            continue
        if agency is not None:
            found.setdefault(agency.family, agency.names[0])
        elif outlet.slug in known.outlet_by_domain and (" " in name or name.isupper()):
            found.setdefault(outlet.family, outlet.name)
    return found


def _names_in(who: str) -> Iterator[str]:
    """What may be the name of a house in its description: "Russia's Interfax news agency", "state news agency SANA"."""
    yield who
    kind = _KIND_OF_HOUSE.search(who)
    if kind is None:
        return
    for part in (who[: kind.start()].split(), who[kind.end() :].split()):
        for start in range(min(LEADING, len(part))):
            yield " ".join(part[start:])
