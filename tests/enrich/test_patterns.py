"""The registry of patterns: each example is read as the pattern says, and no pattern is missing."""

from __future__ import annotations

import ast
from importlib.resources import files

import pytest

from agents.enrich.claims.patterns import PATTERNS, REASONS, Pattern
from agents.enrich.extract import Extractor

EXAMPLES = [
    pytest.param(pattern, example, id=f"{pattern.name}: {example}")
    for pattern in PATTERNS
    for example in pattern.examples
]


@pytest.mark.parametrize(("pattern", "example"), EXAMPLES)
def test_an_example_gives_a_claim_by_its_pattern(extractor: Extractor, pattern: Pattern, example: str) -> None:
    claims = extractor.extract(example, "2020-05-12T08:00:00Z", "Outlet").claims
    assert pattern.name in {rule for claim in claims for rule in claim.rules}


def test_every_name_that_the_code_gives_a_move_is_registered_and_no_other() -> None:
    given = set()
    for path in files("agents.enrich.claims.patterns").iterdir():
        if path.name.endswith(".py"):
            given |= _given(ast.parse(path.read_text(encoding="utf-8")))
    assert given == set(REASONS)


def _given(tree: ast.Module) -> set[str]:
    """All strings that may become a pattern's name: of `pattern=...` and of `pattern = ...`, by either branch of an if."""
    values: list[ast.expr] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "pattern":
            values.append(node.value)
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                values += _assigned(target, node.value)
    return {name for value in values for name in _strings(value) if name}


def _assigned(target: ast.expr, value: ast.expr) -> list[ast.expr]:
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        return [v for t, e in zip(target.elts, value.elts, strict=True) for v in _assigned(t, e)]
    return [value] if isinstance(target, ast.Name) and target.id == "pattern" else []


def _strings(value: ast.expr) -> list[str]:
    if isinstance(value, ast.IfExp):
        return [*_strings(value.body), *_strings(value.orelse)]
    return [value.value] if isinstance(value, ast.Constant) and isinstance(value.value, str) else []


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: f"{pattern.name} by {pattern.function.__name__}")
def test_a_pattern_has_a_short_reason_an_example_and_one_reason_by_name(pattern: Pattern) -> None:
    assert pattern.examples
    assert pattern.reason == REASONS[pattern.name], "a name that two functions give has one reason"
    assert "\n" not in pattern.reason
