"""Programs that only tests use (`scripts/test-tools.sh`): where they are, or why a test is skipped."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

TOOLS = Path(__file__).resolve().parents[1] / "build" / "tools" / "usr" / "bin"


def program(name: str) -> str:
    """The path of a program on PATH or among the unpacked tools; skips the calling test where there is none."""
    found = shutil.which(name) or shutil.which(name, path=str(TOOLS))
    if found is None:
        pytest.skip(f"there is no {name} here, and scripts/test-tools.sh could not fetch it")
    return found
