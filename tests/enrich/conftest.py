"""One extractor for all tests of the stage: the model takes a second to load."""

from __future__ import annotations

import pytest

from agents.enrich.extract import Extractor, load
from streams.settings import Settings


@pytest.fixture(scope="session")
def extractor() -> Extractor:
    return load(Settings())
