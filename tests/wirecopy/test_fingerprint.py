"""The fingerprint: what it does not see, what it must see, and what its arithmetic promises."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wirecopy.fingerprint import GRAM, WINDOW, containment, fingerprint, from_text, to_text, words

PROSE = tomllib.loads(Path(__file__).with_name("prose.toml").read_text(encoding="utf-8"))
FERRY: str = PROSE["stories"]["ferry"]
BRIGADE: str = PROSE["stories"]["brigade"]

some_words = st.lists(st.sampled_from([f"word{number}" for number in range(400)]), min_size=0, max_size=200)


@pytest.mark.parametrize(
    ("written", "otherwise"),
    [
        ("The U.S. sent 3,000 troops", "the US sent 3000 TROOPS"),
        ("the ministry's “plan” – its first", 'The ministry’s "plan" - its first'),
        ("Recep Tayyip Erdoğan met Kalın", "Recep Tayyip Erdogan met Kalin"),
        ("two  banks\n\nof the\u00a0river", "Two banks of the river."),
        ("two\ufe0f ba\u200dn\u200cks of\U000e0041\U000e007f the ri\u00adver\u2060", "Two banks of the river."),
    ],
)
def test_typography_case_and_spacing_do_not_count(written: str, otherwise: str) -> None:
    assert words(written) == words(otherwise)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("300 troops", "3,000 troops"),
        ("the 12th sanctions package", "the 13th sanctions package"),
        ("1.5 million", "15 million"),
        ("2,5 per cent", "25 per cent"),
    ],
)
def test_figures_are_words(one: str, other: str) -> None:
    assert words(one) != words(other)
    assert fingerprint(one) != fingerprint(other)


@pytest.mark.parametrize("changed", ["3,000", "30", "no"])
def test_a_short_text_with_another_figure_is_not_wholly_the_same(changed: str) -> None:
    text = "Turkey will send 300 troops to Idlib within a week, the defence ministry in Ankara said late on Monday."
    one, other = fingerprint(text), fingerprint(text.replace("300", changed))
    assert min(containment(one, other), containment(other, one)) < 1.0


def test_scripts_without_spaces_are_compared_sign_by_sign() -> None:
    lead = "俄罗斯已要求哈萨克斯坦和吉尔吉斯斯坦派兵前往叙利亚协助监督冲突降级区"
    assert len(words(lead)) == len(lead)
    longer = fingerprint(f"{lead}。土耳其总统发言人周四说，相关机制仍在制定之中。")
    assert containment(fingerprint(f"据报道，{lead}，一名议员说。"), longer) > 0.4
    assert words("Россия попросила Казахстан") == ["россия", "попросила", "казахстан"]


def test_four_hundred_words_have_some_seventy_hashes() -> None:
    text = " ".join(PROSE["stories"].values())
    found = words(text)[:400]
    assert 60 <= len(fingerprint(" ".join(found))) <= 85


def test_a_shared_run_of_fourteen_words_is_always_seen() -> None:
    run = words(FERRY)[20 : 20 + GRAM + WINDOW - 1]
    one = fingerprint("these words stand only in the first of them " + " ".join(run) + " and so do these at its end")
    other = fingerprint(
        "while here are others before it " + " ".join(run) + " with yet another tail behind it of course"
    )
    assert set(one) & set(other)


def test_unrelated_stories_share_nothing() -> None:
    texts = list(PROSE["stories"].values())
    for position, one in enumerate(texts):
        for other in texts[position + 1 :]:
            assert containment(fingerprint(one), fingerprint(other)) == 0.0


def test_a_cut_text_is_contained_in_the_whole_and_not_the_reverse() -> None:
    whole = fingerprint(FERRY)
    cut = fingerprint("\n\n".join(FERRY.strip().split("\n\n")[:2]))
    assert containment(cut, whole) > 0.9
    assert 0.2 < containment(whole, cut) < 0.6


@pytest.mark.parametrize("text", ["", " \n ", "...", "—"])
def test_a_text_without_words_has_no_fingerprint(text: str) -> None:
    assert fingerprint(text) == ()
    assert containment(fingerprint(text), fingerprint(FERRY)) == 0.0


@pytest.mark.parametrize("text", ["Ceasefire", "Turkey sends troops", "Turkey sends its troops to Idlib"])
def test_the_shortest_texts_are_the_same_only_if_equal(text: str) -> None:
    assert fingerprint(text) == fingerprint(text.upper() + "!")
    assert containment(fingerprint(text), fingerprint(text + " again")) < 1.0


def test_another_process_computes_the_same() -> None:
    program = (
        "import sys; from wirecopy.fingerprint import fingerprint, to_text; print(to_text(fingerprint(sys.argv[1])))"
    )
    for seed in ("0", "12345"):
        done = subprocess.run(
            [sys.executable, "-c", program, FERRY],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parents[2])},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.strip() == to_text(fingerprint(FERRY))


@given(some_words)
def test_it_is_sorted_without_doubles_and_survives_the_record(found: list[str]) -> None:
    hashes = fingerprint(" ".join(found))
    assert list(hashes) == sorted(set(hashes))
    assert from_text(to_text(hashes)) == hashes


@settings(max_examples=50)
@given(some_words, some_words, some_words)
def test_what_stands_around_a_text_takes_none_of_its_inner_hashes_away(
    before: list[str], text: list[str], after: list[str]
) -> None:
    # Winnowing is local: only windows that cross the border may choose otherwise.
    alone, within = set(fingerprint(" ".join(text))), set(fingerprint(" ".join([*before, *text, *after])))
    assert len(alone - within) <= 2 * WINDOW


@pytest.mark.parametrize("text", ["not base64!", "AAAA"])
def test_what_is_no_fingerprint_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"base64|8-byte"):
        from_text(text)
