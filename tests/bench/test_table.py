"""The table of the bench: its rows, and that those which need no broker can be made."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.peers.passing import HOPS
from bench.table.__main__ import main
from bench.table.measuring import bytes_on_broker, percentile
from bench.table.rows import Row, share, table
from bench.table.sampling import OURS, Sampler
from streams.lag import CONSUMES


@pytest.mark.parametrize(
    ("ratio", "goal", "at_most", "met"),
    [
        (10, 10, False, True),
        (9.9, 10, False, False),
        (1.2, 1.2, True, True),
        (1.3, 1.2, True, False),
        (None, 1, False, None),
    ],
)
def test_a_goal_is_met_from_its_own_side(ratio: float | None, goal: float, at_most: bool, met: bool | None) -> None:
    row = Row(name="one", ratio=ratio, goal=goal, at_most=at_most)
    assert row.met is met
    assert len(list(table([row]))) == 3


@pytest.mark.parametrize(("one", "other", "ratio"), [(3, 2, 1.5), (3, 0, None), (None, 2, None), (3, None, None)])
def test_a_share_of_what_is_missing_is_missing(one: float | None, other: float | None, ratio: float | None) -> None:
    assert share(one, other) == ratio


def test_percentiles_need_two_values() -> None:
    assert percentile([1.0], 50) is None
    assert percentile(range(101), 95) == 95


def test_bytes_on_the_broker_are_segments_of_topics_with_the_prefix(tmp_path: Path) -> None:
    for topic, file, size in (
        ("a-x-0", "0.log", 5),
        ("a-y-1", "0.log", 7),
        ("a-x-0", "0.index", 100),
        ("b-x-0", "0.log", 9),
    ):
        (tmp_path / topic).mkdir(exist_ok=True)
        (tmp_path / topic / file).write_bytes(b"x" * size)
    assert bytes_on_broker(tmp_path, "a-") == 12
    assert bytes_on_broker(None, "a-") is None


def test_the_ceiling_has_the_hops_of_an_article_on_its_way_to_an_alert() -> None:
    assert [taken for taken, _ in HOPS.values()] == [CONSUMES[stage] for stage in HOPS]
    assert [given for _, given in HOPS.values()] == [*[taken for taken, _ in HOPS.values()][1:], "alerts.v1"]


def test_samples_fall_on_lines_of_ours_under_the_label_of_the_moment() -> None:
    code = compile("def spin(more):\n    while more():\n        pass\n", OURS[0] + "spun.py", "exec")
    names: dict[str, object] = {}
    exec(code, names)  # noqa: S102 - the line above
    with Sampler() as sampler:
        sampler.label = "spinning"
        names["spin"](lambda: not sampler.dearest("spinning"))  # type: ignore[operator]
        sampler.label = None
    assert {line for line, _ in sampler.dearest("spinning")} <= {"agents/spun.py:2", "agents/spun.py:3"}
    assert not sampler.dearest("other")


def test_the_table_is_made_in_a_short_run_and_its_last_line_is_json(tmp_path: Path) -> None:
    shown: list[str] = []
    main(["--short", "--only", "stages", "--output", str(tmp_path / "table.json")], shown.append)
    result = json.loads(shown[-1])
    assert result == json.loads((tmp_path / "table.json").read_text(encoding="utf-8"))
    assert result["short"]
    assert [row["name"] for row in result["rows"]["stages"]][:2] == ["ingest alone", "enrich alone"]
