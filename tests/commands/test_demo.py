"""`muster demo` on the real broker: it shows what the samples lead to, and leaves nothing running."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from streams.administration import admin_client
from streams.commands import failures
from streams.commands.demo import percentile
from streams.settings import Settings

CHECKOUT = Path(__file__).resolve().parents[2]
DEADLINE_SECONDS = 120.0


def started(settings: Settings, *arguments: str, folder: Path) -> subprocess.Popen[bytes]:
    """The demonstration, writing to out.txt and err.txt in `folder`, with its temporary files in it."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MUSTER_")}
    with (folder / "out.txt").open("wb") as out, (folder / "err.txt").open("wb") as err:
        return subprocess.Popen(
            [sys.executable, "-m", "streams.commands.main", "demo", *arguments],
            stdout=out,
            stderr=err,
            stdin=subprocess.DEVNULL,
            env={**environment, **settings.to_environment(), "TMPDIR": str(folder), "COLUMNS": "110"},
            cwd=CHECKOUT,
        )


def workers_of(folder: Path) -> list[int]:
    """Processes that were started with a file in `folder`."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if f"{folder}/muster-demo-".encode() in (entry / "cmdline").read_bytes():
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


def until(condition: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"not within {DEADLINE_SECONDS:.0f} s: {what}"
        time.sleep(0.1)


@pytest.fixture
def settings(broker: str) -> Settings:
    return Settings(broker=broker, topic_prefix=f"test-{uuid.uuid4().hex[:12]}-", partitions=2, metrics_port=0)


@pytest.fixture
def process(settings: Settings, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    # Where the tests run under nohup the demonstration would inherit that a hang-up is ignored, and rightly not end by it.
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    try:
        running = started(settings, folder=tmp_path)
    finally:
        signal.signal(signal.SIGHUP, before)
    yield running
    running.kill()
    running.wait()


@pytest.mark.broker
def test_once_it_tells_alerts_with_their_words_and_sums_up(settings: Settings, tmp_path: Path) -> None:
    process = started(settings, "--once", folder=tmp_path)
    code = process.wait(DEADLINE_SECONDS)
    shown = (tmp_path / "out.txt").read_text(encoding="utf-8")
    assert (code, (tmp_path / "err.txt").read_text(encoding="utf-8")) == (0, ""), shown
    told = " ".join(shown.split())
    desk = re.search(r"^the desk: http://127\.0\.0\.1:\d+/$", shown, re.MULTILINE)
    assert desk is not None, "in a line of its own, before anything is fed"
    assert desk.start() < shown.index("NEW ")
    assert "Syria" in told
    assert "Transcaspian Daily, 22 Jun 2017" in told
    for line in ("21 articles", "copy or follow another", "claims", "events", "alerts", "from raw article to alert"):
        assert line in told
    assert workers_of(tmp_path) == []
    with admin_client(settings) as client:
        left = [name for name in client.list_topics() if name.startswith(settings.topic_prefix)]
    assert left == []


@pytest.mark.broker
def test_two_at_once_do_not_disturb_one_another(settings: Settings, tmp_path: Path) -> None:
    """Both want the port of the settings for their metrics."""
    with socket.socket() as probe:
        probe.bind((settings.metrics_host, 0))
        port = probe.getsockname()[1]
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
    wanted = dataclasses.replace(settings, metrics_port=port)
    processes = [started(wanted, folder=folder) for folder in folders]
    try:
        addresses = []
        for process, folder in zip(processes, folders, strict=True):
            out = folder / "out.txt"
            until(lambda o=out, p=process: "metrics at" in o.read_text() or p.poll() is not None, "a worker")  # type: ignore[misc]
            found = re.search(r"metrics at http://\S+:(\d+)/metrics", out.read_text())
            assert found is not None, (folder / "err.txt").read_text()
            addresses.append(int(found[1]))
        assert port in addresses
        assert len(set(addresses)) == 2
    finally:
        for process in processes:
            process.send_signal(signal.SIGINT)
        for process in processes:
            process.wait(DEADLINE_SECONDS)


@pytest.mark.broker
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_after_the_summary_ends_it_cleanly(
    number: signal.Signals, process: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    out = tmp_path / "out.txt"
    until(lambda: "Ctrl-C" in out.read_text(encoding="utf-8") or process.poll() is not None, "the summary")
    assert len(workers_of(tmp_path)) == 2, "a worker and a desk"
    address = re.search(r"the desk: (\S+)", out.read_text(encoding="utf-8"))
    assert address is not None
    until(lambda: "curl" in out.read_text(encoding="utf-8"), "what can be done meanwhile")
    assert out.read_text(encoding="utf-8").count(address[1]) == 2, "when it is there, and at the end"
    with urllib.request.urlopen(f"{address[1]}api/events", timeout=DEADLINE_SECONDS) as answer:
        assert json.load(answer)["total"] > 5
    process.send_signal(number)
    assert process.wait(DEADLINE_SECONDS) == 0
    assert workers_of(tmp_path) == []


@pytest.mark.broker
def test_a_signal_while_it_is_busy_leaves_no_worker(process: subprocess.Popen[bytes], tmp_path: Path) -> None:
    until(lambda: workers_of(tmp_path) or process.poll() is not None, "a worker")
    process.send_signal(signal.SIGINT)
    assert process.wait(DEADLINE_SECONDS) == failures.INTERRUPTED
    assert workers_of(tmp_path) == []


@pytest.mark.broker
def test_signals_that_follow_the_first_do_not_keep_it_from_cleaning_up(
    process: subprocess.Popen[bytes], settings: Settings, tmp_path: Path
) -> None:
    out = tmp_path / "out.txt"
    until(lambda: "NEW" in out.read_text(encoding="utf-8") or process.poll() is not None, "an alert")
    while process.poll() is None:
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.05)
    assert process.returncode == failures.INTERRUPTED
    assert "Traceback" not in (tmp_path / "err.txt").read_text(encoding="utf-8")
    assert workers_of(tmp_path) == []
    assert [entry.name for entry in tmp_path.iterdir() if entry.is_dir()] == []
    with admin_client(settings) as client:
        assert [name for name in client.list_topics() if name.startswith(settings.topic_prefix)] == []
        assert [group for group in client.list_groups() if settings.topic_prefix in str(group)] == []


@pytest.mark.broker
def test_a_demonstration_that_is_killed_leaves_no_worker(process: subprocess.Popen[bytes], tmp_path: Path) -> None:
    until(lambda: workers_of(tmp_path) or process.poll() is not None, "a worker")
    process.kill()
    process.wait()
    until(lambda: not workers_of(tmp_path), "the worker ends by itself")


def test_articles_that_are_none_are_refused_before_anything_is_started(tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text("[5]")
    process = started(Settings(broker="127.0.0.1:1"), "--samples", str(tmp_path / "bad.json"), folder=tmp_path)
    assert process.wait(DEADLINE_SECONDS) == failures.BAD_INPUT
    assert "bad.json[0]" in (tmp_path / "err.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(("share", "expected"), [(0.5, 2.0), (0.99, 4.0), (0.25, 1.0), (1.0, 4.0), (0.0, 1.0)])
def test_percentiles_are_values_that_occurred(share: float, expected: float) -> None:
    assert percentile([4.0, 1.0, 3.0, 2.0], share) == expected
