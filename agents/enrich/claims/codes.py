"""The PLOVER and CAMEO codes of an act in a status, from `codes.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from streams.records import ACT_FAMILY, STATUSES, Act, Codes, Status


@cache
def _table() -> Mapping[str, Mapping[str, Codes]]:
    table = tomllib.loads(files("agents.enrich.claims").joinpath("codes.toml").read_text(encoding="utf-8"))
    codes: dict[str, dict[str, Codes]] = {}
    for family in sorted(set(ACT_FAMILY.values())):
        missing = set(STATUSES) - set(table.get(family, {}))
        if missing:
            raise ValueError(f"codes.toml: [{family}] has no {', '.join(sorted(missing))}")
        codes[family] = {}
        for status, entry in table[family].items():
            if not re.fullmatch(r"[A-Z]+", entry["plover"]) or not re.fullmatch(r"\d{2,4}", entry["cameo"]):
                raise ValueError(f"codes.toml: [{family}] {status}: {entry} is no pair of codes")
            codes[family][status] = Codes(plover=entry["plover"], cameo=entry["cameo"])
    return codes


def codes_of(act: Act, status: Status) -> Codes:
    """The codes of an act in a status; every pair has some."""
    return _table()[ACT_FAMILY[act]][status]
