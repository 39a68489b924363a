"""The table of anchors behaves as a dictionary of sets, however it grows, crowds and empties."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from agents.dedupe.table import INLINE, AnchorTable

anchors = st.sampled_from([0, 1, 2, 3, 64, 2**31, 2**32 - 1])
steps = st.lists(st.tuples(st.booleans(), anchors, st.integers(0, 3 * INLINE)), max_size=300)


def in_order(article: int) -> int:
    return -article


@settings(max_examples=200, deadline=None)
@given(steps)
def test_it_holds_what_was_added_and_not_discarded(done: list[tuple[bool, int, int]]) -> None:
    table, known = AnchorTable(), set()
    for is_added, anchor, article in done:
        if is_added:
            table.add(anchor, article, in_order)
            known.add((anchor, article))
        else:
            table.discard(anchor, article)
            known.discard((anchor, article))
    for anchor in {anchor for _, anchor, _ in done}:
        holders = list(table.holders(anchor))
        expected = [article for held, article in sorted(known, reverse=True) if held == anchor]
        assert sorted(holders, reverse=True) == expected
        if len(holders) > INLINE:
            assert holders == expected


def test_it_grows_and_empties_again() -> None:
    table = AnchorTable()
    pairs = [(number * 7919 % 2**32, number) for number in range(5000)]
    for anchor, article in pairs:
        table.add(anchor, article, in_order)
        table.add(anchor, article, in_order)
    assert all(list(table.holders(anchor)) == [article] for anchor, article in pairs)
    for anchor, article in pairs[::2]:
        table.discard(anchor, article)
    assert all(list(table.holders(anchor)) == [article] for anchor, article in pairs[1::2])
    assert not any(table.holders(anchor) for anchor, _ in pairs[::2])
