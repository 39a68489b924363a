"""Which names and codes a record can have of a mover or a place: what whoever chooses among records may ask for."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from agents.enrich.names.gazetteer import GazetteerData, Sense, default_data
from agents.enrich.names.nametokens import key_of

ALIKE = 0.75
"""Share of letters in common from which a name is near enough to be meant: "Kirgizstan" and "Kyrgyzstan" share 0.8."""
OTHER_LENGTH = 3
"""Letters by which a name that is meant may be longer or shorter."""
_PLACES = frozenset({"place", "country"})


class GazetteerNames:
    """The names of the gazetteer, as `streams.stage.KnownNames` has them."""

    def __init__(self, data: GazetteerData) -> None:
        self._data = data
        senses = [sense for held in data.senses.values() for sense in held]
        self._codes = {sense.code.casefold() for sense in senses if sense.code}
        self._place_codes = {code.casefold() for code in data.country_names}

    def movers(self, text: str) -> frozenset[str]:
        return self._names(text, self._senses(text), self._codes)

    def places(self, text: str) -> frozenset[str]:
        return self._names(text, [s for s in self._senses(text) if s.kind in _PLACES], self._place_codes)

    def nearest(self, text: str) -> str | None:
        key = _key(text)
        for keys in (self._data.senses, self._data.city_keys()):
            found = difflib.get_close_matches(key, _candidates(key, keys), n=1, cutoff=ALIKE)
            if found:
                return self._data.look_up(found[0])[0].name
        return None

    def _senses(self, text: str) -> list[Sense]:
        return self._data.look_up(_key(text))

    @staticmethod
    def _names(text: str, senses: Iterable[Sense], codes: set[str]) -> frozenset[str]:
        found = frozenset(sense.name for sense in senses)
        return found | {text} if found or text.casefold() in codes else frozenset()


def known_names() -> GazetteerNames:
    """The names of the package's gazetteer."""
    return GazetteerNames(default_data())


def _key(text: str) -> str:
    try:
        return key_of(text.removeprefix("the ").removeprefix("The "))
    except ValueError:
        return ""


def _candidates(key: str, keys: Iterable[str]) -> list[str]:
    """The keys that begin alike and are about as long: to compare all would take seconds."""
    return [k for k in keys if k[:1] == key[:1] and abs(len(k) - len(key)) <= OTHER_LENGTH]
