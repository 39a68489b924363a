"""The gazetteer's files: complete, consistent, and refused with file and line where they are not."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from agents.enrich.names.gazetteer import FOLDER, RULES, BadData, GazetteerData, default_data, listed, rows
from agents.enrich.names.nametokens import fold, key_of

ENRICH = FOLDER.parents[1]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "gazetteer"))


@pytest.mark.parametrize(
    ("file_name", "line", "reason"),
    [
        ("countries.tsv", "Syria\tSyria\t\t\t\t", "not an ISO 3166-1 alpha-3 code"),
        ("countries.tsv", "SYR\tSyria again\t\t\t\t", "SYR is there twice"),
        ("countries.tsv", "ZZZ\ttoo short", "2 fields, expected 6"),
        ("armed_groups.tsv", "Foo\tFoo\tQQQ\tFoo", "'QQQ' is not a code"),
        ("places.tsv", "Foo\tSYR\tFoo\tnorth\t36", "latitude and longitude must be numbers"),
        ("office_holders.tsv", "SYR\tJohn Foo\tFoo\tking\tlong ago\t\tyes", "since and until must be years"),
        ("office_holders.tsv", "SYR\tJohn Foo\tFoo\tking\t1990\t\tperhaps", "alone must be yes or no"),
        ("historical.tsv", "SYR\tFoo\tFoo\tadjective", "neither name nor demonym"),
        ("context.tsv", "Foo\tsometimes\tbar\twhy", "rule 'sometimes' is none of"),
        ("decoys.tsv", "...\tnothing", "has no words"),
        ("country_groups.tsv", "alliance\tCSTO", "'alliance' is there twice"),
        ("cities.tsv", "foo\tFoo", "2 fields, expected 9"),
    ],
)
def test_a_bad_line_is_refused_with_its_file_and_number(folder: Path, file_name: str, line: str, reason: str) -> None:
    path = folder / file_name
    text = path.read_text(encoding="utf-8").rstrip("\n")
    path.write_text(f"{text}\n{line}\n", encoding="utf-8")
    number = len(text.split("\n")) + 1
    with pytest.raises(BadData, match=reason) as caught:
        GazetteerData(folder)
    assert f"{file_name}, line {number}:" in str(caught.value)


def test_a_file_without_its_header_is_refused(folder: Path) -> None:
    (folder / "seats.tsv").write_text("RUS\tKremlin\tKremlin\n", encoding="utf-8")
    with pytest.raises(BadData, match=r"seats\.tsv, line 1: expected the columns country, name, names"):
        GazetteerData(folder)


def test_every_country_of_the_world_has_a_name_and_the_larger_ones_a_people_and_a_capital() -> None:
    columns = ("code", "name", "other_names", "adjectives", "people", "capitals")
    held = {row["code"]: row for _, row in rows(FOLDER / "countries.tsv", columns)}
    assert len(held) == 250
    assert {"XKX", "TWN", "PSE", "SSD", "TLS", "ESH", "IOT"} <= set(held)
    with_capital = [code for code, row in held.items() if row["capitals"] and row["people"]]
    assert len(with_capital) >= 185


def test_every_capital_is_a_city_with_coordinates() -> None:
    data = default_data()
    without = sorted(
        s.written
        for senses in data.senses.values()
        for s in senses
        if s.form == "capital" and s.latitude is None and s.country not in SMALL
    )
    assert without == []


# States whose capital has fewer people than the list of cities begins with, or whose name GeoNames writes in its own way.
SMALL = frozenset(
    {
        "AIA",
        "ASM",
        "KIR",
        "TUV",
        "PLW",
        "FSM",
        "MHL",
        "VGB",
        "FLK",
        "LIE",
        "SMR",
        "GRL",
        "KNA",
        "DMA",
        "COK",
        "USA",
        "LUX",
        "DJI",
    }
)


def test_every_city_of_the_list_can_be_read() -> None:
    data = default_data()
    count = 0
    for line in (FOLDER / "cities.tsv").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        count += 1
        if count % 50 == 1:
            for city in data.cities(line.split("\t")[0].split("|")[0]):
                assert -90 <= (city.latitude or 0) <= 90
                assert -180 <= (city.longitude or 0) <= 180
                assert city.country in data.country_names
                assert city.id is not None
                assert city.id.removeprefix("geonames:").isdigit()
    assert count > 30_000


def test_every_file_tells_its_source_and_licence() -> None:
    for path in [*FOLDER.iterdir(), ENRICH / "quantities" / "units.tsv"]:
        head = "".join(line for line in path.read_text(encoding="utf-8").splitlines(True)[:8] if line.startswith("#"))
        assert "Source" in head, path.name
        assert "Licence" in head or "public domain" in head, path.name
        assert path.name in (ENRICH / "LICENCES.md").read_text(encoding="utf-8")


def test_every_rule_of_context_is_used_and_explained() -> None:
    used = {context.rule for contexts in default_data().contexts.values() for context in contexts}
    assert used == set(RULES)


def test_words_of_context_are_folded() -> None:
    for contexts in default_data().contexts.values():
        for context in contexts:
            assert all(word == fold(word) for word in context.words), context
    for readings in default_data().readings.values():
        for _, words in readings:
            assert all(word == fold(word) for word in words)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("U.S.", "U . S ."),
        ("Guinea-Bissau", "Guinea - Bissau"),
        ("Côte d'Ivoire", "Cote d’Ivoire"),
        ("Kalın", "Kalin"),
        ("St. Lucia", "St Lucia"),
    ],
)
def test_spellings_of_one_name_have_one_key(one: str, other: str) -> None:
    assert key_of(one) == key_of(other)


def test_a_leading_article_is_no_part_of_a_name() -> None:
    assert listed("the Kremlin|The Hague|") == ["Kremlin", "The Hague"]


def test_places_that_lie_apart_are_rows_of_their_own() -> None:
    shoals = ["Scarborough Shoal", "Second Thomas Shoal", "Mischief Reef"]
    found = [default_data().senses[key_of(name)][0].name for name in shoals]

    assert found == shoals
