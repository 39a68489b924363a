"""The gazetteer: what a name may stand for. Names are data, in `data/*.tsv`; for their licences see `agents/enrich/LICENCES.md`.

Curated files are read whole; of the many cities only the names are, and their lines are read when a text names them.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from agents.enrich.names.mention import MentionForm, MentionKind
from agents.enrich.names.nametokens import key_of

REGION_WEIGHT = 200_000
"""What a first-level region counts for against a town of its name, in people."""
AFTER_A_TOWN = "after a town"
"""Flag of a name that is one only after a town and a comma."""
FOLDER = Path(__file__).parent / "data"


class BadData(ValueError):
    """A line of a data file that cannot be used: the message names the file, the line and the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sense:
    """One thing that a name may stand for; the fields are those of `Mention`.

    `written` is the name as the data writes it: its capitals tell which capitals a text must have.
    """

    written: str
    kind: MentionKind
    form: MentionForm
    code: str
    name: str
    country: str | None
    id: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    population: int = 0
    area: str | None = None
    """Of a mission: the country where it stands. Of a city: its first-level region."""
    since: int | None = None
    until: int | None = None
    flag: str = ""
    """Of a place: why its name alone is no evidence ("word", "person")."""
    alone: bool = True
    """Of a person: false if the surname is too common to stand for them without a title or the full name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """A rule of `context.tsv` for one name: when it is not what it seems."""

    rule: str
    words: frozenset[str]
    reason: str


def rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and fields of each row of a TSV file with comments (#) and a header. Raises `BadData`."""
    header_seen = False
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if not line or line.startswith("#"):
            continue
        fields = line.split("\t")
        if not header_seen:
            if tuple(fields) != columns:
                raise BadData(f"{path.name}, line {number}: expected the columns {', '.join(columns)}")
            header_seen = True
            continue
        if len(fields) != len(columns):
            raise BadData(f"{path.name}, line {number}: {len(fields)} fields, expected {len(columns)}")
        yield number, dict(zip(columns, fields, strict=True))
    if not header_seen:
        raise BadData(f"{path.name}: no header; expected the columns {', '.join(columns)}")


def listed(field: str) -> list[str]:
    """The items of a field. A leading "the" is no part of a name's span (but The Hague's is)."""
    return [item.removeprefix("the ") for item in field.split("|") if item]


class GazetteerData:
    """All names. `longest` gives, for the first word of each name, the number of words of the longest name with it."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder
        self.senses: dict[str, list[Sense]] = {}
        self.longest: dict[str, int] = {}
        self.small_starts: set[str] = set()
        """First words of names that begin with no capital ("al-Qaeda", "southern Lebanon", "82nd Airborne")."""
        self.contexts: dict[str, list[Context]] = {}
        self.decoys: dict[str, str] = {}
        self.country_names: dict[str, str] = {}
        self.given_names: frozenset[str] = frozenset()
        self.readings: dict[str, list[tuple[str, frozenset[str]]]] = {}
        """For a name of two countries: each country and the words of context that speak for it, the default first."""
        self.groups: dict[str, tuple[str, ...]] = {}
        self._city_lines: dict[str, list[str]] = {}
        self._load_cities()
        self._load_countries()
        self._load_organisations()
        self._load_simple("armed_groups.tsv", ("code", "name", "country", "names"), "armed-group", "name")
        self._load_simple("forces.tsv", ("country", "name", "names"), "force", "name")
        self._load_simple("seats.tsv", ("country", "name", "names"), "organisation", "seat")
        self._load_historical()
        self._load_peoples()
        self._load_places()
        self._load_regions()
        self._load_states()
        self._load_office_holders()
        self._load_decoys()
        self._load_contexts()
        self._load_given_names()
        self._load_groups()
        self._load_readings()

    # --- loading -----------------------------------------------------------------------------------------------

    def _enter(self, path: str, number: int, sense: Sense) -> None:
        try:
            key = key_of(sense.written)
        except ValueError as error:
            raise BadData(f"{path}, line {number}: {error}") from None
        held = self.senses.setdefault(key, [])
        if sense not in held:
            held.append(sense)
        self._note_length(key)
        if not sense.written[0].isupper():
            self.small_starts.add(key.split(" ")[0].rstrip(","))

    def _note_length(self, key: str) -> None:
        words = key.split(" ")
        first = words[0].rstrip(",")
        if len(words) > self.longest.get(first, 0):
            self.longest[first] = len(words)

    def _country(self, path: str, number: int, code: str) -> str | None:
        if not code:
            return None
        if code not in self.country_names:
            raise BadData(f"{path}, line {number}: {code!r} is not a code of countries.tsv")
        return code

    def _load_countries(self) -> None:
        path = "countries.tsv"
        columns = ("code", "name", "other_names", "adjectives", "people", "capitals")
        for number, row in rows(self._folder / path, columns):
            code, name = row["code"], row["name"]
            if len(code) != 3 or not code.isalpha() or not code.isupper():
                raise BadData(f"{path}, line {number}: {code!r} is not an ISO 3166-1 alpha-3 code")
            if code in self.country_names:
                raise BadData(f"{path}, line {number}: {code} is there twice")
            self.country_names[code] = name
            for written in [name, *listed(row["other_names"])]:
                self._enter(
                    path,
                    number,
                    Sense(written=written, kind="country", form="name", code=code, name=name, country=code, id=code),
                )
            for written in dict.fromkeys([*listed(row["adjectives"]), *listed(row["people"])]):
                self._enter(
                    path,
                    number,
                    Sense(written=written, kind="country", form="demonym", code=code, name=name, country=code, id=code),
                )
            capitals = listed(row["capitals"])
            cities = [self._capital(code, written) for written in capitals]
            known = next(filter(None, cities), None)  # where another spelling of a capital is no city's name
            for written, found in zip(capitals, cities, strict=True):
                city = found or known
                self._enter(path, number, Sense(
                    written=written, kind="place", form="capital", code=code, name=written, country=code,
                    id=city.id if city else None, latitude=city.latitude if city else None,
                    longitude=city.longitude if city else None, population=city.population if city else 0,
                ))  # fmt: skip

    def _capital(self, code: str, written: str) -> Sense | None:
        cities = [city for city in self.cities(key_of(written)) if city.country == code]
        return max(cities, key=lambda city: city.population, default=None)

    def _load_organisations(self) -> None:
        path = "organisations.tsv"
        for number, row in rows(self._folder / path, ("code", "name", "names", "area")):
            area = self._country(path, number, row["area"])
            for written in listed(row["names"]):
                self._enter(path, number, Sense(
                    written=written, kind="organisation", form="name", code=row["code"], name=row["name"],
                    country=None, id=row["code"], area=area,
                ))  # fmt: skip

    def _load_simple(self, path: str, columns: tuple[str, ...], kind: MentionKind, form: MentionForm) -> None:
        for number, row in rows(self._folder / path, columns):
            country = self._country(path, number, row["country"])
            code = row.get("code") or country
            if code is None:
                raise BadData(f"{path}, line {number}: neither code nor country")
            for written in listed(row["names"]):
                self._enter(path, number, Sense(
                    written=written, kind=kind, form=form, code=code, name=row["name"], country=country, id=code,
                ))  # fmt: skip

    def _load_historical(self) -> None:
        path = "historical.tsv"
        for number, row in rows(self._folder / path, ("code", "name", "names", "form")):
            if row["form"] not in ("name", "demonym"):
                raise BadData(f"{path}, line {number}: form {row['form']!r} is neither name nor demonym")
            code = self._country(path, number, row["code"])
            for written in listed(row["names"]):
                self._enter(path, number, Sense(
                    written=written, kind="country", form="historical", code=code or "", name=row["name"],
                    country=code, id=code,
                ))  # fmt: skip

    def _load_peoples(self) -> None:
        path = "peoples.tsv"
        for number, row in rows(self._folder / path, ("code", "name", "kind", "country", "names")):
            if row["kind"] not in ("country", "armed-group", "place"):
                raise BadData(f"{path}, line {number}: kind {row['kind']!r} is none of country, armed-group, place")
            kind: MentionKind = row["kind"]  # type: ignore[assignment]
            country = self._country(path, number, row["country"])
            for written in listed(row["names"]):
                self._enter(path, number, Sense(
                    written=written, kind=kind, form="demonym", code=row["code"], name=row["name"],
                    country=country, id=row["code"],
                ))  # fmt: skip

    def _load_places(self) -> None:
        path = "places.tsv"
        for number, row in rows(self._folder / path, ("name", "country", "names", "latitude", "longitude")):
            country = self._country(path, number, row["country"])
            try:
                latitude, longitude = float(row["latitude"]), float(row["longitude"])
            except ValueError:
                raise BadData(f"{path}, line {number}: latitude and longitude must be numbers") from None
            for written in listed(row["names"]):
                self._enter(path, number, Sense(
                    written=written, kind="place", form="region", code=row["name"], name=row["name"],
                    country=country, id=self._city_id(written, country), latitude=latitude, longitude=longitude,
                    population=1_000_000,
                ))  # fmt: skip

    def _city_id(self, name: str, country: str | None) -> str | None:
        cities = [city for city in self.cities(key_of(name)) if city.country == country]
        return max(cities, key=lambda city: city.population).id if cities else None

    def _load_office_holders(self) -> None:
        path = "office_holders.tsv"
        for number, row in rows(self._folder / path, ("country", "name", "names", "office", "since", "until", "alone")):
            country = self._country(path, number, row["country"])
            if row["alone"] not in ("yes", "no"):
                raise BadData(f"{path}, line {number}: alone must be yes or no")
            try:
                since, until = (int(row[c]) if row[c] else None for c in ("since", "until"))
            except ValueError:
                raise BadData(f"{path}, line {number}: since and until must be years") from None
            for written in [row["name"], *listed(row["names"])]:
                self._enter(path, number, Sense(
                    written=written, kind="person", form="office-holder", code=country or "", name=row["name"],
                    country=country, since=since, until=until, alone=row["alone"] == "yes" or " " in written,
                ))  # fmt: skip

    def _load_decoys(self) -> None:
        path = "decoys.tsv"
        for number, row in rows(self._folder / path, ("phrases", "reason")):
            for phrase in listed(row["phrases"]):
                try:
                    key = key_of(phrase)
                except ValueError as error:
                    raise BadData(f"{path}, line {number}: {error}") from None
                self.decoys[key] = row["reason"]
                self._note_length(key)

    def _load_contexts(self) -> None:
        path = "context.tsv"
        for number, row in rows(self._folder / path, ("names", "rule", "words", "reason")):
            if row["rule"] not in RULES:
                raise BadData(f"{path}, line {number}: rule {row['rule']!r} is none of {', '.join(RULES)}")
            context = Context(rule=row["rule"], words=frozenset(listed(row["words"])), reason=row["reason"])
            for name in listed(row["names"]):
                self.contexts.setdefault(key_of(name), []).append(context)

    def _load_given_names(self) -> None:
        lines = (self._folder / "given_names.txt").read_text(encoding="utf-8").split("\n")
        self.given_names = frozenset(line for line in lines if line and not line.startswith("#"))

    def _load_groups(self) -> None:
        path = "country_groups.tsv"
        for number, row in rows(self._folder / path, ("phrases", "members")):
            members = tuple(listed(row["members"]))
            for phrase in listed(row["phrases"]):
                if self.groups.get(key_of(phrase), members) != members:
                    raise BadData(f"{path}, line {number}: {phrase!r} is there twice, with other members")
                self.groups[key_of(phrase)] = members

    def _load_readings(self) -> None:
        path = "readings.tsv"
        for number, row in rows(self._folder / path, ("names", "country", "words")):
            country = self._country(path, number, row["country"])
            for name in listed(row["names"]):
                held = self.readings.setdefault(key_of(name), [])
                entry = (country or "", frozenset(listed(row["words"])))
                if entry not in held:  # "Cordoba" and "Córdoba" are one key
                    held.append(entry)

    def _load_regions(self) -> None:
        path = "regions.tsv"
        for number, row in rows(self._folder / path, ("name", "country", "latitude", "longitude", "flag")):
            country = self._country(path, number, row["country"])
            self._enter(path, number, Sense(
                written=row["name"], kind="place", form="region", code=row["name"], name=row["name"], country=country,
                latitude=float(row["latitude"]), longitude=float(row["longitude"]), population=REGION_WEIGHT,
                flag=row["flag"],
            ))  # fmt: skip

    def _load_states(self) -> None:
        path = "us_states.tsv"
        for number, row in rows(self._folder / path, ("state", "abbreviations")):
            for written in listed(row["abbreviations"]):
                self._enter(path, number, Sense(
                    written=written, kind="place", form="region", code=row["state"], name=row["state"], country="USA",
                    population=REGION_WEIGHT, flag=AFTER_A_TOWN,
                ))  # fmt: skip

    # --- cities ------------------------------------------------------------------------------------------------

    def _load_cities(self) -> None:
        path = self._folder / "cities.tsv"
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
            if not line or line.startswith("#"):
                continue
            if line.count("\t") != _CITY_TABS:
                raise BadData(f"{path.name}, line {number}: {line.count(chr(9)) + 1} fields, expected {_CITY_TABS + 1}")
            keys, rest = line.split("\t", 1)
            for key in keys.split("|"):
                self._city_lines.setdefault(key, []).append(rest)
                self._note_length(key)

    def cities(self, key: str) -> list[Sense]:
        """The cities of this name."""
        return [_city(rest) for rest in self._city_lines.get(key, ())]

    def city_keys(self) -> Iterable[str]:
        """The keys of all cities' names."""
        return self._city_lines.keys()

    def look_up(self, key: str) -> list[Sense]:
        """Everything that a name with this key may stand for, what was written by hand first."""
        return [*self.senses.get(key, ()), *self.cities(key)]

    def knows(self, key: str) -> bool:
        return key in self.senses or key in self._city_lines or key in self.decoys


RULES: Mapping[str, str] = {
    "not-before": "dropped if one of the words follows",
    "not-after": "dropped if one of the words stands before it",
    "only-after": "dropped unless one of the words stands before it",
    "only-before": "dropped unless one of the words follows",
    "not-near": "dropped if one of the words stands in the same sentence",
    "given-name": "dropped if an unknown name follows: it is a person's first name",
    "capitals-before": "dropped in a line of capitals unless one of the words follows or THE stands before it",
    "with-country": "dropped unless the text names its country otherwise",
    "never": "never a place",
}

_CITY_TABS = 8  # keys, name, country, region, latitude, longitude, GeoNames number, population, flag


@functools.lru_cache(maxsize=4096)
def _city(rest: str) -> Sense:
    name, country, region, latitude, longitude, number, population, flag = rest.split("\t")
    return Sense(
        written=name, kind="place", form="city", code=name, name=name, country=country, id=f"geonames:{number}",
        latitude=float(latitude), longitude=float(longitude), population=int(population), area=region or None,
        flag=flag,
    )  # fmt: skip


@functools.cache
def default_data() -> GazetteerData:
    """The gazetteer of the package, loaded once."""
    return GazetteerData()
