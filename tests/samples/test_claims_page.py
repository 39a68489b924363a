"""docs/claims.md says what the code does: every example is read as its row says, and the tables are those of the code."""

from __future__ import annotations

from pathlib import Path

import pytest

from agents.enrich.claims.codes import codes_of
from agents.enrich.claims.confidence import BASE, FACTORS
from agents.enrich.extract import Extractor, load
from streams.records import ACT_FAMILY, ACTS, STANCES, STATUSES, Act
from streams.settings import Settings

PAGE = (Path(__file__).parents[2] / "docs" / "claims.md").read_text(encoding="utf-8")


def table(first: str) -> list[list[str]]:
    """The cells of the rows of the table whose head begins so."""
    _, _, rest = PAGE.partition(f"\n| {first} |")
    assert rest, first
    rows = rest.partition("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in row.strip("|").split(" | ")] for row in rows]


EXAMPLES = [
    *((row[0], "status", row[2]) for row in table("status | the deployment")),
    *((row[0], "stance", row[2]) for row in table("stance")),
    *((row[0], "act", row[3]) for row in table("act")),
]


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return load(Settings())


@pytest.mark.parametrize(("name", "field", "text"), EXAMPLES, ids=[f"{field}-{name}" for name, field, _ in EXAMPLES])
def test_an_example_is_read_as_its_row_says(name: str, field: str, text: str, extractor: Extractor) -> None:
    claims = extractor.extract(text, "2017-06-22T00:00:00Z").claims
    assert [getattr(claim, field) for claim in claims] == [name]


def test_every_status_stance_and_act_is_defined() -> None:
    assert [row[0] for row in table("stance")] == ["affirms", "reports", "alleges", "denies", "doubts", "knows-nothing"]
    assert {row[0] for row in table("stance")} == set(STANCES)
    assert {row[0] for row in table("status | the deployment")} == set(STATUSES)
    assert {row[0]: row[1] for row in table("act")} == {act: ACT_FAMILY[act] for act in ACTS}


def test_the_codes_are_those_of_the_data() -> None:
    acts: tuple[Act, ...] = ("send", "withdraw", "mobilise", "remain")
    rows = {row[0]: row[1:] for row in table("status | deploy")}
    for status in STATUSES:
        codes = [codes_of(act, status) for act in acts]
        assert rows[status] == [f"{code.plover} {code.cameo}" for code in codes]


def test_the_factors_of_confidence_are_those_of_the_code() -> None:
    told = {row[0]: float(row[1]) for row in table("rule")}
    assert {rule: told.get(rule) for rule in FACTORS} == FACTORS
    assert f"Confidence is {BASE} times" in PAGE
