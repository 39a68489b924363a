"""What `make audit` says of what pip-audit found."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "audit.py"
SOUND = {"name": "attrs", "version": "1.0", "vulns": []}
UNKNOWN = {"name": "numpy", "skip_reason": "Dependency not found"}
BROKEN = {
    "name": "lxml", "version": "2.0",
    "vulns": [{"id": "PYSEC-1", "fix_versions": ["2.1", "3.0"]}, {"id": "PYSEC-2", "fix_versions": []}],
}  # fmt: skip


REASON = "r.txt: pip-audit says of the first: Dependency not found (a mirror of the package index has no advisories)"


@pytest.fixture(scope="module")
def audit() -> Any:
    spec = importlib.util.spec_from_file_location("audit", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("packages", "code", "lines"),
    [
        ([SOUND], 0, ["r.txt: no advisory for any of 1 packages"]),
        ([SOUND, UNKNOWN], 2, ["r.txt: 1 of 2 packages could not be looked up: numpy", REASON]),
        (
            [BROKEN, UNKNOWN],
            1,
            [
                "r.txt: lxml 2.0: PYSEC-1, mended in 2.1, 3.0",
                "r.txt: lxml 2.0: PYSEC-2, mended in no version yet",
                "r.txt: 1 of 2 packages could not be looked up: numpy",
                REASON,
            ],
        ),
    ],
)
def test_what_was_not_looked_up_is_never_called_sound(
    audit: Any, packages: list[Any], code: int, lines: list[str]
) -> None:
    assert audit.verdict("r.txt", packages) == (code, lines)


def test_a_tool_that_says_nothing_is_no_good_news(audit: Any, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        audit.audited("/bin/false", "r.txt")
    assert ended.value.code == 2
    assert "r.txt: pip-audit gave no answer" in capsys.readouterr().err
