"""What of feeds is pure stays so: no network, no clock, no waiting; and no broker anywhere in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.test_walls import CLOCKS, IMPURE, imports_of

FEEDS = Path(__file__).resolve().parents[2] / "feeds"
AT_WORK = {"fetching.py", "polling.py"}
SHARED = ("streams.records", "streams.identity", "streams.toml_lines")


@pytest.mark.parametrize("path", sorted(FEEDS.glob("*.py")), ids=lambda path: path.name)
def test_only_fetching_and_polling_touch_the_world(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    names = set(imports_of(source, "feeds"))
    tops = {name.split(".")[0] for name in names}
    assert not tops & {"kafka", "aiokafka", "faust", "agents"}
    strangers = {n for n in names if n.startswith("streams.") and not n.startswith(SHARED)}
    if path.name in AT_WORK:
        assert strangers <= {"streams.addresses", "streams.addresses.public_connector", "streams.addresses.refusal"}
        return
    assert not tops & (IMPURE | {"aiohttp"})
    assert strangers == set()
    assert not [clock for clock in CLOCKS if f".{clock}(" in source]
