"""Outlets, agencies and the publishers behind them: names and domains to ids.

Data: `data/agencies.toml`, `data/families.toml`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from wirecopy.loading import InvalidData, rows, text_of, texts_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """A news agency. The first of `names` is the one that is shown."""

    id: str
    names: tuple[str, ...]
    family: str
    domains: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """An outlet whose owner is known. `domain` is its slug."""

    domain: str
    names: tuple[str, ...]
    family: str


@dataclass(frozen=True, slots=True)
class Directory:
    """All that the data files know, by id, by domain and by name (as `_key` spells it)."""

    agencies: dict[str, Agency]
    agency_by_name: dict[str, Agency]
    outlet_by_domain: dict[str, Outlet]
    outlet_by_name: dict[str, Outlet]
    agency_by_domain: dict[str, Agency]
    family_names: dict[str, str]


def _key(name: str) -> str:
    """Names are compared without accents, "The" and kinds of apostrophes; short names in capitals keep their case."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.strip()) if not unicodedata.combining(c))
    plain = re.sub(r"\s+", " ", plain.replace("’", "'").replace("ı", "i"))
    plain = re.sub(r"^the (?=\S)", "", plain, flags=re.IGNORECASE)
    return plain if len(plain) <= 5 and plain.isupper() else plain.casefold()


@cache
def directory() -> Directory:
    """The directory, read once. Raises `InvalidData` for an id, name or domain that stands for two things."""
    known = Directory({}, {}, {}, {}, {}, {})
    for place, entry in rows("wirecopy", "data/agencies.toml", "agency"):
        id = text_of(place, entry, "id")
        agency = Agency(
            id=id,
            names=texts_of(place, entry, "names") or (id,),
            family=text_of(place, entry, "family", id),
            domains=texts_of(place, entry, "domains"),
        )
        text_of(place, entry, "site")
        if id in known.agencies:
            raise InvalidData(f"{place}: a second agency {id!r}")
        known.agencies[id] = agency
        for name in agency.names:
            if known.agency_by_name.setdefault(_key(name), agency) is not agency:
                raise InvalidData(f"{place}: {name!r} also names {known.agency_by_name[_key(name)].id!r}")
        for domain in agency.domains:
            if known.agency_by_domain.setdefault(domain, agency) is not agency:
                raise InvalidData(f"{place}: {domain!r} also belongs to {known.agency_by_domain[domain].id!r}")
    for place, entry in rows("wirecopy", "data/families.toml", "family"):
        id = text_of(place, entry, "id")
        text_of(place, entry, "source")
        if id in known.family_names:
            raise InvalidData(f"{place}: a second family {id!r}")
        known.family_names[id] = text_of(place, entry, "name")
        outlets = entry.get("outlets")
        if not isinstance(outlets, dict) or not outlets:
            raise InvalidData(f"{place}: {id!r} has no outlets")
        for domain in outlets:
            outlet = Outlet(domain=domain, names=texts_of(place, outlets, domain) or (domain,), family=id)
            if domain in known.outlet_by_domain or domain in known.agency_by_domain:
                raise InvalidData(f"{place}: {domain!r} is recorded twice")
            known.outlet_by_domain[domain] = outlet
            for name in outlet.names:
                if known.outlet_by_name.setdefault(_key(name), outlet) is not outlet:
                    raise InvalidData(f"{place}: {name!r} also names {known.outlet_by_name[_key(name)].domain!r}")
                if _key(name) in known.agency_by_name:
                    raise InvalidData(f"{place}: {name!r} also names an agency")
    return known


def agency_named(name: str) -> Agency | None:
    """The agency that is written so: "The Associated Press", "AFP". None if there is none in the data."""
    return directory().agency_by_name.get(_key(name))


_SAME_PAGES = re.compile(r"^(?:www\d?|m|amp|mobile)\.(?=.+\.)")
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,24}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Identified:
    """An outlet as records carry it: `slug` is its domain or its name with hyphens, `family` its owner or itself."""

    slug: str
    name: str
    family: str


@lru_cache(maxsize=8192)
def identify(outlet: str) -> Identified:
    """Slug, name and family of an outlet given by name or by domain (or address).

    A known name gives its domain, so that "Hurriyet" and "www.hurriyet.com.tr" are one outlet. A subdomain of a known
    domain that is not recorded itself is the same outlet: "edition.cnn.com".
    """
    written = " ".join(outlet.split())
    found = _identify(written)
    if found.slug == found.family and written.endswith(")") and "(" in written:
        shorter = _identify(written[: written.rindex("(")].strip() or written)
        return found if shorter.slug == shorter.family else shorter
    return found


def _identify(written: str) -> Identified:
    known = directory()
    bare = re.sub(r"^https?://", "", written, flags=re.IGNORECASE).split("/", 1)[0].split(":", 1)[0]
    agency = known.agency_by_name.get(_key(written))
    if agency is not None and agency.domains:
        return Identified(agency.domains[0], agency.names[0], agency.family)
    named = known.outlet_by_name.get(_key(written))
    if named is not None:
        return Identified(named.domain, named.names[0], named.family)
    if _DOMAIN.fullmatch(bare):
        domain = _SAME_PAGES.sub("", bare.lower())
        parts = domain.split(".")
        for start in range(len(parts) - 1):
            parent = ".".join(parts[start:])
            if parent in known.agency_by_domain:
                agency = known.agency_by_domain[parent]
                return Identified(agency.domains[0], agency.names[0], agency.family)
            if parent in known.outlet_by_domain:
                found = known.outlet_by_domain[parent]
                return Identified(found.domain, found.names[0], found.family)
        return Identified(domain, domain, domain)
    slug = slug_of(written)
    return Identified(slug, written, slug)


def slug_of(name: str) -> str:
    """A name in lower case with hyphens, without accents: "The Zamboanga Radio" -> "zamboanga-radio"."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)).casefold()
    slug = re.sub(r"[\W_]+", "-", plain.replace("'", "").replace("’", "").replace("ı", "i")).strip("-")
    return slug.removeprefix("the-") or "unnamed"
