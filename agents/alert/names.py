"""Names of countries, places and speakers as a sentence has them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from streams.records import Actor, Count, Place, Speaker
from wirecopy.outlets import directory

SPEAKER = 90
"""Characters of a speaker's description in a headline."""


@cache
def countries() -> dict[str, str]:
    """Name with its article by ISO 3166-1 alpha-3. Raises ValueError naming file and line for a line that is none."""
    table = {}
    text = files("agents.alert").joinpath("data/countries.tsv").read_text(encoding="utf-8")
    for number, line in enumerate(text.splitlines(), start=1):
        if not line or line.startswith("#"):
            continue
        code, _, name = line.partition("\t")
        if len(code) != 3 or not code.isupper() or not name or code in table:
            raise ValueError(
                f"agents/alert/data/countries.tsv, line {number}: expected a new code, a tab, a name: {line!r}"
            )
        table[code] = name
    return table


def country(code: str) -> str:
    """The name of a country without its article, as in a list: "United States"."""
    return countries().get(code, code).removeprefix("the ")


def countries_called(name: str) -> frozenset[str]:
    """Our name, with its article, of the country that is called so; nothing where none is."""
    found = _country_names().get(_bare(name))
    return frozenset() if found is None else frozenset({found})


def actor(who: Actor) -> str:
    """ "the United States" for a country, otherwise the name that the record has."""
    if who.kind == "country" or who.code == who.name:
        return countries().get(who.code, who.name or who.code)
    return who.name or who.code


def is_town(place: Place) -> bool:
    """Whether the place is one inside a country, not the country."""
    known = countries().get(place.code)
    return known is not None and _bare(place.name) not in (_bare(known), _bare(place.code))


def place(where: Place) -> str:
    """ "Syria", "Gao in Mali", "the Golan Heights"."""
    country = countries().get(where.code)
    if country is None:
        return where.name or where.code
    return f"{where.name} in {country}" if is_town(where) else country


def _bare(name: str) -> str:
    return name.casefold().removeprefix("the ").strip()


_DETERMINERS = frozenset(
    ["a", "an", "the", "one", "two", "three", "four", "five", "several", "some", "many", "his", "her", "its", "their"]
)


_JOINT = re.compile(r",? and |, ")
"""Between speakers who speak together."""
_AFTER_HEAD = re.compile(r",| (?:of|in|at|for|from|with|on|to|near|inside|close|familiar|who|which|that|both|and)\b")
"""What follows the noun that a speaker's description comes down to."""
_TITLES = frozenset(
    ["president", "minister", "premier", "spokesman", "spokeswoman", "ministry", "government", "army", "military"]
)


@cache
def _country_names() -> dict[str, str]:
    """Names of countries with their articles, by what they are without them."""
    return {_bare(name): name for name in countries().values()}


def speaker(who: Speaker) -> str:
    """How a headline calls one speaker: the name, otherwise the words of the article."""
    if who.name and not who.anonymous:
        return who.name
    text = " ".join(who.text.split())
    country = _country_names().get(_bare(text))
    if country is not None:
        return country
    if _speak_together(text):
        return listed([_country_names().get(_bare(part), part) for part in _JOINT.split(text)])
    first, _, rest = text.partition(" ")
    if first.casefold() in _DETERMINERS:
        text = f"{first.casefold()} {rest}"
    elif text.casefold() in {name.casefold() for name in (who.organisation, who.country) if name}:
        pass  # "NATO", "Kremlin"
    elif who.anonymous and not rest:
        text = f"unnamed {text}"
    elif not rest and text[:1].isupper() and text.casefold() not in _TITLES:
        pass  # a name that stands without an article there: "Interfax", "Mbarga"
    elif who.role and not text.casefold().endswith("s"):
        text = f"the {text}"  # "Kazakh foreign minister", but "Western diplomats"
    return text if len(text) <= SPEAKER else text[: SPEAKER - 1].rsplit(" ", 1)[0] + "…"


def role(who: Speaker) -> str | None:
    """The office of a named speaker as the article words it: "spokesman of Turkish President", of which the record's role
    has the nouns only, "spokesman President"."""
    words = (who.role or "").split()
    if who.name is None or len(words) < 2:
        return who.role
    found = re.search(r"(?: [\w-]+){0,3} ".join(map(re.escape, words)), " ".join(who.text.split()))
    joined = found is not None and not {"of", "for", "to"}.isdisjoint(found[0].split())
    return found[0] if found is not None and joined and who.name not in found[0] else who.role


def _speak_together(text: str) -> bool:
    """Whether a speaker's words are several names: "France and Britain"."""
    parts = [part.removeprefix("the ").split() for part in _JOINT.split(text)]
    return len(parts) > 1 and all(part and len(part) < 4 and all(word[0].isupper() for word in part) for part in parts)


def is_several(who: Speaker) -> bool:
    """Whether a headline's verb is plural after a speaker: "Western diplomats", "France and Britain", "officials in Paris"."""
    text = " ".join(who.text.split())
    if (who.name and not who.anonymous) or _bare(text) in _country_names():
        return False
    if any(text.casefold() == name.casefold() for name in (who.organisation, who.country) if name):
        return False
    if _speak_together(text):
        return True
    head = _AFTER_HEAD.split(text, maxsplit=1)[0].split()[-1:] or [""]
    return head[0].islower() and head[0].endswith("s") and not head[0].endswith(("ss", "corps", "news", "'s", "’s"))


def surname(who: Speaker) -> str:
    """The last word of the name; of who is not named, what `speaker` gives."""
    return who.name.split()[-1] if who.name and not who.anonymous else speaker(who)


MATERIEL = frozenset(
    [
        "aircraft", "aircraft carriers", "armoured vehicles", "artillery pieces", "batteries", "drones", "fleets",
        "helicopters", "missile launchers", "missile systems", "missiles", "ships", "submarines", "tanks", "vehicles",
    ]
)  # fmt: skip
"""Units of what carries people, or goes without them."""


def is_materiel(count: Count) -> bool:
    return count.unit.casefold() in MATERIEL


def _single(unit: str) -> str:
    """ "Battery" for "batteries": the unit of one."""
    if unit == "troops":
        return "soldier"
    if unit.endswith("ies"):
        return f"{unit[:-3]}y"
    return unit.removesuffix("s")


def number(count: Count | None, more: str = "") -> str | None:
    """ "up to 1,500 troops", with `more` "up to 1,500 more troops"; None where nothing is counted."""
    if count is None or not count.text.strip():
        return None
    text = " ".join(count.text.split())
    text = text[:1].lower() + text[1:] if text[:1].isalpha() else text
    if count.low == count.high == 1 and count.unit.casefold() not in text.casefold():
        return f"{text} {more}{_single(count.unit)}"
    return text if count.unit.casefold() in text.casefold() else f"{text} {more}{count.unit}"


def credit(id: str) -> str:
    """The name of an agency or outlet that is credited."""
    known = directory()
    named = known.agencies.get(id) or known.outlet_by_domain.get(id)
    return named.names[0] if named is not None and named.names else id


def listed(names: Sequence[str], most: int = 3) -> str:
    """ "A", "A and B", "A, B and C", "A, B, C and 4 more"."""
    if len(names) > most + 1:
        return f"{', '.join(names[:most])} and {len(names) - most} more"
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
