"""Notices of one template without other figures stay apart by whom they name, and copies with names in another form stay copies."""

from __future__ import annotations

import random
import tomllib
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from tests.dedupe.bulletins import with_own_paragraph, with_words_edited, without_its_end
from tests.dedupe.test_bulletins import EARLIER, LATER, relation, text
from wirecopy.relation import are_equal, between, compared, tell_of_others

DATA = tomllib.loads(Path(__file__).with_name("namesakes.toml").read_text(encoding="utf-8"))
NOTICES: dict[str, list[str]] = {
    one["name"]: [one["text"].strip().format(*fill) for fill in one["fill"]] for one in DATA["notice"]
}
COPIED: list[Any] = [pytest.param(one["text"].strip(), one["replaced"], id=one["name"]) for one in DATA["copied"]]
CHANGES = (with_own_paragraph, with_words_edited, without_its_end)


@pytest.mark.parametrize("name", sorted(NOTICES))
def test_two_notices_of_one_template_that_name_others_stay_apart(name: str) -> None:
    for one, other in combinations(NOTICES[name], 2):
        assert relation(one, other) == relation(other, one) == "own"
        assert not are_equal(compared(text(one), text(other)))


@pytest.mark.parametrize("name", sorted(NOTICES))
@pytest.mark.parametrize("change", CHANGES)
def test_a_copy_of_such_a_notice_is_one_whatever_is_done_to_it(name: str, change: Any) -> None:
    for seed, notice in enumerate(NOTICES[name]):
        assert not tell_of_others(compared(text(change(notice, random.Random(seed))), text(notice)))


@pytest.mark.parametrize(("original", "replaced"), COPIED)
def test_a_copy_with_names_in_another_form_stays_one(original: str, replaced: list[tuple[str, str]]) -> None:
    copy = original
    for name, other in replaced:
        copy = copy.replace(name, other)
    found = compared(text(copy), text(original))
    assert not tell_of_others(found)
    assert not tell_of_others(compared(text(f"MOSCOW, June 22 - {copy}"), text(original)))
    if found.contained >= 0.75:
        assert between(found, LATER, EARLIER) == "copy"
