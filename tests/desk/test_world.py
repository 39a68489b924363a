"""The outlines of the map, and what builds them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from agents.alert.names import countries
from desk.world.build import WIDTH, area_and_centre, countries_of, path_of, project

WORLD = Path(__file__).resolve().parents[2] / "desk" / "page" / "world.json"
MOST_BYTES = 120_000
NOWHERE = {"ATA", "UMI"}
"""South of the map, and islands all over an ocean."""


def test_the_map_has_every_country_that_a_headline_can_name() -> None:
    world = json.loads(WORLD.read_text(encoding="utf-8"))
    known = {country["code"]: country for country in world["countries"]}
    assert set(countries()) - set(known) == NOWHERE
    assert WORLD.stat().st_size < MOST_BYTES
    for country in known.values():
        x, y = country["centre"]
        assert 0 <= x <= world["width"], country
        assert 0 <= y <= world["height"], country


@pytest.mark.parametrize(
    ("code", "west", "south", "east", "north"),
    [("SYR", 35, 32, 43, 38), ("MLI", -13, 10, 5, 25), ("CPV", -26, 14, -22, 18), ("RUS", 60, 50, 120, 70)],
)
def test_the_centre_of_a_country_lies_in_it(code: str, west: float, south: float, east: float, north: float) -> None:
    world = json.loads(WORLD.read_text(encoding="utf-8"))
    x, y = next(country["centre"] for country in world["countries"] if country["code"] == code)
    middle = (south + north) / 2
    assert project(west, middle)[0] < x < project(east, middle)[0]
    assert project(0, north)[1] < y < project(0, south)[1]


def test_the_world_lies_between_its_edges() -> None:
    assert project(-180, 0)[0] == pytest.approx(0)
    assert project(180, 0)[0] == pytest.approx(WIDTH)
    assert project(0, 0)[0] == pytest.approx(WIDTH / 2)


def test_a_ring_becomes_relative_steps_and_loses_points_that_fall_together() -> None:
    square = [(0.0, 0.0), (10.0, 0.0), (10.2, 0.1), (10.0, 10.0), (0.0, 10.0), (0.0, 0.0)]
    assert path_of(square) == "M0,0l10,0 0,10 -10,0z"
    assert path_of(square[:2]) == ""
    assert area_and_centre([(0, 0), (4, 0), (4, 4), (0, 4), (0, 0)]) == (16, (2, 2))


def test_a_country_across_180_degrees_stays_in_one_piece() -> None:
    pytest.importorskip("pycountry", reason="needs pycountry")
    topology = {
        "transform": {"scale": [1, 1], "translate": [0, 0]},
        "arcs": [[[178, -17], [1, 1], [-358, 0], [0, -2], [357, 0], [0, 1]]],
        "objects": {
            "countries": {
                "geometries": [{"type": "Polygon", "id": "242", "properties": {"name": "Fiji"}, "arcs": [[0]]}]
            }
        },
    }
    [(code, _, [ring])] = countries_of(topology)
    longitudes = [longitude for longitude, _ in ring]
    assert code == "FJI"
    assert max(longitudes) - min(longitudes) < 10
