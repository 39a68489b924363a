"""The word lists: every one is sound and asked for, and a wrong one is named."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

import agents.enrich
from agents.enrich.language import word_lists
from agents.enrich.language.word_lists import WordListError, word_list

ENRICH = Path(agents.enrich.__file__).parent
NAMES = [
    f"{path.stem}.{key}"
    for path in sorted((ENRICH / "language" / "word_lists").glob("*.toml"))
    for key in tomllib.loads(path.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("name", NAMES)
def test_a_list_is_sound(name: str) -> None:
    assert word_list(name)


def test_each_list_is_asked_for_by_the_rules() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in ENRICH.rglob("*.py"))
    assert sorted(set(re.findall(r'word_list\("([\w.]+)"\)', code))) == sorted(NAMES)


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ({}, r"places\.toml: there is no list \[borders\]"),
        ({"borders": {"words": ["border"]}}, r"places\.toml: \[borders\] lacks its meaning"),
        ({"borders": {"meaning": "x", "words": []}}, r"places\.toml: \[borders\] has no words"),
        ({"borders": {"meaning": "x", "words": ["border", 3]}}, r"places\.toml: \[borders\] has 3, which is no word"),
        ({"borders": {"meaning": "x", "words": ["border", "border"]}}, r"\[borders\] has 'border' twice"),
    ],
)
def test_a_list_that_cannot_be_used_is_named(
    monkeypatch: pytest.MonkeyPatch, table: dict[str, object], reason: str
) -> None:
    monkeypatch.setattr(word_lists, "_read", lambda file: table)
    with pytest.raises(WordListError, match=reason):
        word_list("places.borders")
