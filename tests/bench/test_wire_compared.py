"""The methods that Muster is compared with: each finds a whole copy, and leaves another story alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.wire import simhash
from bench.wire.compared import INSTALL, METHODS, Method, package, shingles, stories
from bench.wire.generate import generated
from bench.wire.muster import cleaned
from bench.wire.outcome import outcome

WANTED = [one for one in generated(6, seed=3) if one.kind in ("origin", "whole")]


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_every_method_puts_a_whole_copy_into_the_story_of_its_origin(method: Method) -> None:
    if method.package is not None and package(method.package) is None:
        pytest.skip(f"{method.package} is not installed: {INSTALL}")
    first, seconds = stories(method, cleaned(WANTED))
    found = outcome(method.name, WANTED, [WANTED[number].id for number in first], None)
    assert (found.precision, found.recall, found.right) == (1.0, 1.0, {"origin": 1.0, "whole": 1.0})
    assert seconds >= 0


def test_a_package_that_is_nowhere_is_none(tmp_path: Path) -> None:
    assert package("no_package_of_this_name", tmp_path) is None


def test_a_short_text_has_one_shingle() -> None:
    assert shingles("Two words.") == {"two words"}
    assert shingles("One two three four five six.") == {"one two three four five", "two three four five six"}


def test_simhash_of_equal_texts_is_equal_and_a_changed_word_changes_few_bits() -> None:
    text = [
        "The",
        "ministry",
        "said",
        "on",
        "Monday",
        "that",
        "the",
        "brigade",
        "of",
        "three",
        "hundred",
        "troops",
        "had",
        "left",
        "for",
        "the",
        "northern",
        "border",
    ]
    one, other = simhash.simhash(text), simhash.simhash([*text[:-1], "frontier"])
    assert one == simhash.simhash(reversed(text))
    assert 0 < (one ^ other).bit_count() < 20


@pytest.mark.parametrize("distance", [3, 7])
def test_whatever_bits_differ_a_near_hash_is_found_and_a_far_one_is_not(distance: int) -> None:
    index = simhash.Index(distance)
    index.add(0)
    for shift in range(64 - 8 * distance):
        near = sum(1 << (shift + 8 * place) for place in range(distance))
        assert index.near(near) == [0]
    assert index.near((1 << (distance + 1)) - 1) == []
