"""A snapshot is a shorter way to the state that the topic gives, or it is not used."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import orjson
import pytest

from streams import snapshots
from streams.fold import Batch, Folds
from streams.metrics import Metrics
from streams.snapshots import RecordAt, Snapshots
from streams.stage import Kept
from tests.streams.memory import raw, tally_stage

Tally = dict[str, set[str]]


def dump(state: Tally) -> Iterator[bytes]:
    for outlet in list(state):
        yield orjson.dumps([outlet, sorted(state[outlet])])


def load(state: Tally, part: bytes) -> None:
    outlet, ids = orjson.loads(part)
    state[outlet] = set(ids)


@dataclass(frozen=True)
class Record:
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None


@dataclass
class Disk:
    """One partition of a log, and workers that start over it, each with states of its own."""

    folder: Path
    values: list[bytes] = field(default_factory=lambda: [raw(f"a{n}", outlet=f"o{n % 3}") for n in range(20)])
    first: int = 0
    time: int = 1000
    version: str = "1"
    topic: str = "articles.raw.v1"
    reads: list[tuple[int, int]] = field(default_factory=list)
    metrics: Metrics = field(default_factory=Metrics)

    async def read(self, partition: int, start: int, end: int) -> AsyncIterator[Batch]:
        self.reads.append((start, end))
        yield [(n, self.values[n]) for n in range(max(start, self.first), min(end, len(self.values)))]

    async def record_at(self, partition: int, offset: int) -> Record | None:
        if self.first <= offset < len(self.values):
            return Record(offset, self.time + offset, None, self.values[offset])
        return None

    def folds(self, record_at: RecordAt | None = None, seconds: float = 600.0) -> Folds:
        stage = tally_stage(kept=Kept(version=self.version, dump=dump, load=load))
        snapshots = Snapshots(self.folder, stage.name, self.topic, self.version, record_at or self.record_at)
        folds = Folds(stage, self.read, self.metrics, snapshots=snapshots, snapshot_seconds=seconds)
        folds.assign([0])
        return folds

    def state_before(self, offset: int) -> Tally:
        """What a worker finds that starts now with this input, and is stopped in good order after it."""

        async def life() -> Tally:
            folds = self.folds()
            state: Tally = await folds.before(0, offset)
            found = {outlet: set(ids) for outlet, ids in state.items()}
            folds.after(0, offset)
            await folds.close()
            return found

        return asyncio.run(life())

    @property
    def path(self) -> Path:
        return next(self.folder.glob("*.snapshot"))

    def outcomes(self, outcome: str) -> float:
        return self.metrics.value("muster_snapshots_total", stage="tally", outcome=outcome)

    def expected(self, below: int) -> Tally:
        state: Tally = {}
        for n in range(self.first, below):
            state.setdefault(f"o{n % 3}", set()).add(f"a{n}")
        return state


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    return Disk(tmp_path / "snapshots")


def test_what_comes_after_a_snapshot_is_read_from_the_topic(disk: Disk) -> None:
    assert disk.state_before(10) == disk.expected(10)
    disk.reads.clear()
    assert disk.state_before(15) == {**disk.expected(15), "o1": disk.expected(15)["o1"] - {"a10"}}
    # The step at 10 folds nothing here, so that what the file says can be told from what the topic says.
    assert disk.reads == [(11, 15)]
    assert (disk.outcomes("none"), disk.outcomes("loaded"), disk.outcomes("written")) == (1, 1, 2)


def test_nobody_else_can_read_or_write_them(disk: Disk) -> None:
    disk.state_before(10)
    assert (disk.path.stat().st_mode & 0o777, disk.folder.stat().st_mode & 0o777) == (0o600, 0o700)
    assert list(disk.folder.iterdir()) == [disk.path]


def test_what_a_killed_worker_left_half_written_is_cleared_away_when_it_is_old(disk: Disk) -> None:
    disk.state_before(10)
    old, new, another = (
        disk.folder / f"{name}.new"
        for name in ("articles.raw.v1.tally.0.aa", "articles.raw.v1.tally.0.bb", "articles.raw.v1.tally.1.aa")
    )
    for left in (old, new, another):
        left.write_bytes(b"half")
    os.utime(old, (0, 0))
    os.utime(another, (0, 0))
    disk.state_before(12)
    assert sorted(disk.folder.glob("*.new")) == [new, another], "another partition's are its own to clear"


def test_a_part_that_would_not_be_read_again_is_not_written(disk: Disk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "PART_BYTES", 10)
    disk.state_before(10)
    assert disk.outcomes("failed") >= 1
    assert list(disk.folder.iterdir()) == []


def other_log(disk: Disk) -> None:
    disk.time += 5


def other_content(disk: Disk) -> None:
    disk.values[10] = raw("another", outlet="o0")


def shorter_log(disk: Disk) -> None:
    del disk.values[8:]


def retention(disk: Disk) -> None:
    disk.first = 14


def other_version(disk: Disk) -> None:
    disk.version = "2"


def other_topic(disk: Disk) -> None:
    disk.path.rename(disk.path.with_name(disk.path.name.replace("articles", "b-articles")))
    disk.topic = "b-" + disk.topic


def cut_off(disk: Disk) -> None:
    os.truncate(disk.path, disk.path.stat().st_size - 40)


def without_its_end(disk: Disk) -> None:
    os.truncate(disk.path, disk.path.stat().st_size - 36)


def only_its_first_line(disk: Disk) -> None:
    disk.path.write_bytes(disk.path.read_bytes().split(b"\n")[0] + b"\n")


def one_bit(disk: Disk) -> None:
    found = bytearray(disk.path.read_bytes())
    found[-60] ^= 1
    disk.path.write_bytes(found)


def nonsense(disk: Disk) -> None:
    disk.path.write_bytes(b"\x80\xff" * 1000)


def empty(disk: Disk) -> None:
    disk.path.write_bytes(b"")


def a_folder(disk: Disk) -> None:
    disk.path.unlink()
    disk.folder.joinpath("articles.raw.v1.tally.0.snapshot").mkdir()


@pytest.mark.parametrize(
    "happens",
    [
        other_log, other_content, shorter_log, retention, other_version, other_topic,
        cut_off, without_its_end, only_its_first_line, one_bit, nonsense, empty, a_folder,
    ],
)  # fmt: skip
def test_one_that_does_not_fit_is_not_used_and_it_is_said(
    disk: Disk, happens: Callable[[Disk], None], caplog: pytest.LogCaptureFixture
) -> None:
    disk.state_before(10)
    happens(disk)
    disk.reads.clear()
    caplog.clear()
    state = asyncio.run(disk.folds().before(0, 15))
    assert disk.reads == [(0, 15)], "all of it is read"
    assert state == Disk.expected(disk, min(15, len(disk.values))) or happens is other_content
    assert disk.outcomes("refused") == 1
    assert len([r for r in caplog.records if "is not used" in r.message]) == 1


def test_an_input_that_comes_again_finds_a_state_that_is_further_on(disk: Disk) -> None:
    disk.state_before(10)
    disk.reads.clear()
    assert asyncio.run(disk.folds().before(0, 4)) == disk.expected(10)
    assert disk.reads == []


def test_what_a_broken_step_or_fold_left_is_not_kept(disk: Disk) -> None:
    async def lives(breaks: Callable[[Folds], None]) -> None:
        folds = disk.folds()
        await folds.before(0, 10)
        breaks(folds)
        await folds.close()

    asyncio.run(lives(lambda folds: folds.after(0, 10, sound=False)))
    asyncio.run(lives(lambda folds: None))
    disk.values[3] = raw("b", title="break the fold")
    asyncio.run(lives(lambda folds: folds.after(0, 10)))
    assert not disk.folder.exists(), "broken by a defect; still in hand; broken while it caught up"


def test_while_it_is_written_the_stage_goes_on_and_what_comes_meanwhile_is_folded_again(disk: Disk) -> None:
    looked_up, go_on = asyncio.Event(), asyncio.Event()

    async def slow(partition: int, offset: int) -> Record | None:
        looked_up.set()
        await go_on.wait()
        return await disk.record_at(partition, offset)

    async def life() -> None:
        folds = disk.folds(record_at=slow, seconds=0.0)
        await folds.before(0, 10)
        folds.after(0, 10)
        # The writer knows by now up to where it goes; it has not begun with the state.
        await looked_up.wait()
        for offset in range(11, 20):
            state = await folds.before(0, offset)
            state.setdefault(f"o{offset % 3}", set()).add(f"a{offset}")
            folds.after(0, offset)
        go_on.set()
        while not disk.outcomes("written"):  # noqa: ASYNC110
            await asyncio.sleep(0.001)

    asyncio.run(life())
    disk.reads.clear()
    state = asyncio.run(disk.folds().before(0, 20))
    assert disk.reads == [(11, 20)]
    assert set().union(*state.values()) == {f"a{n}" for n in range(20)} - {"a10"}


def test_a_folder_that_cannot_be_written_is_said_and_stops_nothing(
    disk: Disk, caplog: pytest.LogCaptureFixture
) -> None:
    disk.folder.write_text("no folder")
    assert disk.state_before(10) == disk.expected(10)
    assert disk.outcomes("failed") == 1
    assert "could be written" in caplog.text
