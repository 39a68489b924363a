"""What a credit stands for: an agency, or an outlet that others lean on."""

from __future__ import annotations

from wirecopy.outlets import directory


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


def family_name(family: str) -> str:
    """A publisher family's name for people."""
    return directory().family_names.get(family, family)
