"""A stage stands still when it has work and gets none done for longer than patience lasts, and only then."""

from __future__ import annotations

from streams.stalls import Stalls


def looked(*looks: tuple[int, int, bool, float]) -> dict[str, str]:
    stalls = Stalls(patience=100)
    for done, behind, excused, now in looks:
        stalls.look("tally", done=done, behind=behind, excused=excused, now=now)
    return stalls.complaints()


def test_work_that_waits_and_is_not_done_is_a_stall() -> None:
    assert looked((5, 7, False, 0), (5, 7, False, 100)) == {}
    found = looked((5, 7, False, 0), (5, 7, False, 60), (5, 9, False, 101))
    assert "stage tally: 9 inputs wait and none was done for 101 s" in found["tally"]


def test_progress_however_slow_is_none() -> None:
    assert looked((5, 7, False, 0), (6, 7, False, 90), (6, 7, False, 180)) == {}


def test_nothing_to_do_is_none() -> None:
    assert looked((5, 0, False, 0), (5, 0, False, 1_000), (5, 3, False, 1_050)) == {}


def test_a_rebalance_excuses() -> None:
    assert looked((5, 7, False, 0), (5, 7, True, 90), (5, 7, False, 180)) == {}


def test_a_rebalance_that_does_not_end_excuses_no_longer_than_patience_lasts() -> None:
    assert looked(*[(5, 7, True, now) for now in range(0, 200, 10)]) == {}
    assert "inputs wait" in looked(*[(5, 7, True, now) for now in range(0, 220, 10)])["tally"]
    assert looked(*[(5, 7, True, now) for now in range(0, 100, 10)], (5, 7, False, 100), (5, 7, True, 110)) == {}


def test_an_outage_of_the_broker_is_forgotten() -> None:
    stalls = Stalls(patience=100)
    stalls.look("tally", done=5, behind=7, excused=False, now=0)
    stalls.forget()
    stalls.look("tally", done=5, behind=7, excused=False, now=200)
    assert stalls.complaints() == {}
