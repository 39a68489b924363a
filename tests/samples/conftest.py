"""The samples, what a careful reader expects of them, and what the stages make of them without a broker."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import pytest

from streams.dry_run import Published, run, stages_for
from streams.identity import article_id
from streams.records import RawArticle, decode
from streams.settings import Settings
from streams.stage import Stage

HERE = Path(__file__).parent
CLOCK_MS = 1_498_500_000_000  # 2017-06-26, after the last sample: samples are not from the future


@pytest.fixture(scope="session")
def samples() -> dict[str, bytes]:
    """The bytes of every sample by the name of its file, in order of publication."""
    return {path.stem: path.read_bytes() for path in sorted((HERE.parents[1] / "samples").glob("*.json"))}


@pytest.fixture(scope="session")
def ids(samples: dict[str, bytes]) -> dict[str, str]:
    """The article id of every sample by the name of its file."""
    return {name: article_id(decode(raw, RawArticle)) for name, raw in samples.items()}


@cache
def _stages(partitions: int) -> tuple[Stage, ...]:
    return tuple(stages_for(Settings(), partitions=partitions))


@pytest.fixture(scope="session")
def run_dry() -> Callable[..., Published]:
    """Runs all stages over raw articles in the order given; the stages are built once for each number of partitions."""

    def run_stages(raw_articles: Sequence[bytes], partitions: int = 4) -> Published:
        return run(_stages(partitions), raw_articles, partitions=partitions, timestamp_ms=CLOCK_MS)

    return run_stages


@pytest.fixture(scope="session")
def in_order(samples: dict[str, bytes], run_dry: Callable[..., Published]) -> Published:
    """What the stages publish for the samples in order of publication, on four partitions."""
    return run_dry(list(samples.values()))
