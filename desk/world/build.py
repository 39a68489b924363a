"""Build `desk/page/world.json`, the outlines on the desk's map, from the npm package `world-atlas`.

    npm pack world-atlas@2.0.2 && tar -xzf world-atlas-2.0.2.tgz
    python -m desk.world.build package desk/page/world.json

Natural Earth's data are in the public domain. Outlines are those of 1:110m; countries too small for it have a centre
alone, taken from 1:50m. Everything is projected here (Equal Earth) and rounded to whole units, so that the page draws
paths as they are; it projects single towns itself (`desk/page/projection.js`, the same formula).
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

Point = tuple[float, float]

WIDTH = 2400
"""Units from 180 degrees west to 180 degrees east: at the size of a column about a sixth of a pixel each."""
NORTH, SOUTH = 84.0, -56.0
"""Degrees between which the map is drawn: what lies beyond has no garrison to be sent to."""

A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796
"""Coefficients of the Equal Earth projection (Savric, Patterson, Jenny 2018)."""

WITHOUT_NUMBER = {"Kosovo": "XKX", "N. Cyprus": "CYP", "Somaliland": "SOM"}
"""Areas to which ISO 3166-1 gives no number: the code that Muster has, or of the state that they are drawn with."""
NOT_DRAWN = {"ATA"}
PARTS_OF_OTHERS: dict[str, tuple[str, Point]] = {
    "BES": ("Caribbean Netherlands", (-68.3, 12.2)),
    "BVT": ("Bouvet Island", (3.4, -54.4)),
    "CCK": ("Cocos Islands", (96.8, -12.2)),
    "CXR": ("Christmas Island", (105.6, -10.5)),
    "GIB": ("Gibraltar", (-5.35, 36.14)),
    "GLP": ("Guadeloupe", (-61.5, 16.2)),
    "GUF": ("French Guiana", (-53.1, 4.0)),
    "MTQ": ("Martinique", (-61.0, 14.6)),
    "MYT": ("Mayotte", (45.2, -12.8)),
    "REU": ("Réunion", (55.5, -21.1)),
    "SJM": ("Svalbard", (16.0, 78.5)),
    "TKL": ("Tokelau", (-171.8, -9.2)),
    "TUV": ("Tuvalu", (179.2, -8.5)),
}
"""Areas with a code of their own that Natural Earth draws with another state or leaves out: about where they lie."""


def project(longitude: float, latitude: float) -> Point:
    """Units right of and below the map's north-western corner."""
    x, y = _equal_earth(longitude, latitude)
    edge, _ = _equal_earth(180.0, 0.0)
    _, top = _equal_earth(0.0, NORTH)
    scale = WIDTH / (2 * edge)
    return (x + edge) * scale, (top - y) * scale


def _equal_earth(longitude: float, latitude: float) -> Point:
    angle = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(latitude)))
    square = angle * angle
    sixth = square**3
    slope = A1 + 3 * A2 * square + sixth * (7 * A3 + 9 * A4 * square)
    x = math.radians(longitude) * math.cos(angle) / (math.sqrt(3) / 2 * slope)
    return x, angle * (A1 + A2 * square + sixth * (A3 + A4 * square))


def countries_of(topology: dict[str, Any]) -> Iterator[tuple[str, str, list[list[Point]]]]:
    """Code, name and outer rings (degrees) of each country."""
    import pycountry  # type: ignore[import-not-found,unused-ignore]  # only whoever builds needs it

    arcs = [list(_decoded(arc, topology["transform"])) for arc in topology["arcs"]]
    for shape in topology["objects"]["countries"]["geometries"]:
        name = shape["properties"]["name"]
        known = pycountry.countries.get(numeric=shape["id"]) if "id" in shape else None
        code = known.alpha_3 if known is not None else WITHOUT_NUMBER.get(name)
        if code is None or code in NOT_DRAWN:
            continue
        polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        label = getattr(known, "common_name", None) or name
        yield code, label, [_ring(polygon[0], arcs) for polygon in polygons]


def _decoded(arc: Sequence[Sequence[int]], transform: dict[str, Any]) -> Iterator[Point]:
    (scale_x, scale_y), (start_x, start_y) = transform["scale"], transform["translate"]
    x = y = 0
    for step_x, step_y in arc:
        x, y = x + step_x, y + step_y
        yield x * scale_x + start_x, y * scale_y + start_y


def _ring(numbers: Sequence[int], arcs: list[list[Point]]) -> list[Point]:
    ring: list[Point] = []
    for number in numbers:
        part = arcs[number] if number >= 0 else arcs[~number][::-1]
        ring.extend(part[1:] if ring else part)
    return _unwrapped(ring)


def _unwrapped(ring: list[Point]) -> list[Point]:
    """The ring in one piece where it crosses 180 degrees: beyond it, rather than by way of the whole world."""
    if not ring:
        return ring
    pieces = [ring[0]]
    for x, y in ring[1:]:
        while x - pieces[-1][0] > 180:
            x -= 360
        while x - pieces[-1][0] < -180:
            x += 360
        pieces.append((x, y))
    if sum(x for x, _ in pieces) / len(pieces) < -180:
        return [(x + 360, y) for x, y in pieces]
    return pieces


def area_and_centre(ring: Sequence[Point]) -> tuple[float, Point]:
    """Area in the units of the ring, and centre of gravity."""
    twice = centre_x = centre_y = 0.0
    for (x, y), (next_x, next_y) in pairwise(ring):
        cross = x * next_y - next_x * y
        twice += cross
        centre_x += (x + next_x) * cross
        centre_y += (y + next_y) * cross
    if not twice:
        return 0.0, ring[0]
    return abs(twice) / 2, (centre_x / (3 * twice), centre_y / (3 * twice))


def path_of(ring: Sequence[Point]) -> str:
    """The ring as a path of an SVG in whole units: absolute start, relative steps. Empty for less than a triangle."""
    points = [(round(x), round(y)) for x, y in ring]
    kept = [point for index, point in enumerate(points) if index == 0 or point != points[index - 1]]
    if len(kept) < 4:
        return ""
    steps = ((x - was_x, y - was_y) for (was_x, was_y), (x, y) in pairwise(kept[:-1]))
    return f"M{kept[0][0]},{kept[0][1]}l" + " ".join(f"{x},{y}" for x, y in steps) + "z"


def build(package: Path) -> dict[str, Any]:
    """The content of `world.json` from the unpacked npm package."""
    version = json.loads((package / "package.json").read_text(encoding="utf-8"))["version"]
    rows: dict[str, dict[str, Any]] = {}
    for scale in ("110m", "50m"):
        topology = json.loads((package / f"countries-{scale}.json").read_text(encoding="utf-8"))
        known = set(rows)
        for code, name, rings in countries_of(topology):
            if code in known:
                continue
            projected = [[project(*point) for point in ring] for ring in rings]
            _, centre = max(area_and_centre(ring) for ring in projected)
            path = "".join(path_of(ring) for ring in projected) if scale == "110m" else ""
            if code in rows:  # an area that is drawn with its state
                rows[code]["path"] += path
            else:
                rows[code] = {"code": code, "name": name, "centre": [round(n) for n in centre], "path": path}
    for code, (name, (longitude, latitude)) in PARTS_OF_OTHERS.items():
        place = [round(n) for n in project(longitude, latitude)]
        rows.setdefault(code, {"code": code, "name": name, "centre": place, "path": ""})
    _, height = project(0.0, SOUTH)
    return {
        "source": f"Natural Earth 1:110m and 1:50m (public domain), by way of world-atlas {version}",
        "projection": "equal-earth",
        "width": WIDTH,
        "height": round(height),
        "north": NORTH,
        "countries": sorted(rows.values(), key=lambda row: str(row["code"])),
    }


def main() -> None:
    """Build the file that is named second from the package that is named first."""
    package, target = Path(sys.argv[1]), Path(sys.argv[2])
    target.write_text(json.dumps(build(package), ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
