"""docs/desk.md: what it tells to type is answered."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from urllib.parse import urlsplit

from desk.filters import ALERT_PARAMETERS, EVENT_PARAMETERS
from desk.openapi import description
from desk.state import Desk
from tests.desk.serving import served

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "desk.md").read_text(encoding="utf-8")
ADDRESSES = re.findall(r"^curl .*'http://127\.0\.0\.1:8765(/\S+)'$", PAGE, flags=re.MULTILINE)


def test_every_address_of_the_page_is_answered_and_finds_something(sample_desk: Desk) -> None:
    async def run() -> None:
        async with served(sample_desk) as desk:
            for address in ADDRESSES:
                if address.endswith("/stream"):
                    continue
                answer = await desk.get(address)
                assert answer.get("total", 1) > 0, address
                assert answer.get("alerts", [1]), address

    assert len(ADDRESSES) == 9
    asyncio.run(run())


def test_every_path_and_parameter_is_told() -> None:
    shown = {urlsplit(address).path for address in ADDRESSES} | {"/api/openapi.json"}
    paths = set(description()["paths"])
    assert {re.sub(r"/events/[^/]+$", "/events/{id}", path) for path in shown} == paths
    for name in {*EVENT_PARAMETERS, *ALERT_PARAMETERS}:
        assert re.search(rf"\b{name}\b", PAGE), name
