"""The stage loop on the real broker, with small stages of the tests' own: nothing is lost, whatever is killed or moved."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer
from click.testing import CliRunner
from kafka import KafkaProducer
from prometheus_client.parser import text_string_to_metric_families

from bench.running import children_of
from streams import broker as brokers
from streams.administration import admin_client, create_topics
from streams.child_process import environment_of
from streams.commands import failures
from streams.commands.dead_letters import dead_letters
from streams.handling import partition_of
from streams.kafka_options import aiokafka_options, kafka_python_options
from streams.loop import RAW_MS_HEADER
from streams.reading import read_all
from streams.settings import Settings
from streams.topics import topic
from tests.integration.pipeline_support import alive, until

pytestmark = pytest.mark.broker

SCRIPT = Path(__file__).with_name("synthetic_worker.py")
OUTLETS = 20


class Worker:
    """A process with synthetic stages."""

    def __init__(self, settings: Settings, folder: Path, name: str, stages: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.ready_file = folder / f"{name}.ready"
        self._log = folder / f"{name}.log"
        self.working_directory = folder / name
        self.working_directory.mkdir()
        checkout = str(Path(__file__).resolve().parents[2])
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, str(SCRIPT), stages, f"--ready-file={self.ready_file}"],
                env={**environment_of(settings), "PYTHONPATH": checkout},
                cwd=self.working_directory,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    @property
    def log(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")

    def wait_until_ready(self) -> None:
        until(lambda: self.ready_file.exists() or self.process.poll() is not None, "a worker that is ready")
        assert self.process.poll() is None, self.log

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(60)

    @property
    def address(self) -> str:
        """Of its metrics, as its log tells it."""
        return self.log.split("metrics at ")[1].split()[0]

    def metrics(self) -> dict[tuple[str, ...], float]:
        """Samples by name and the values of their labels."""
        with urllib.request.urlopen(self.address, timeout=10) as answer:
            text = answer.read().decode()
        return {
            (sample.name, *(sample.labels[name] for name in sorted(sample.labels))): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }


@pytest.fixture
def start(kafka_settings: Settings, tmp_path: Path) -> Iterator[Any]:
    """`start(name, stages, **settings)` starts a worker; what still runs at the end is killed."""
    running: list[Worker] = []

    def begin(name: str, stages: str, settings: Settings = kafka_settings) -> Worker:
        running.append(Worker(settings, tmp_path, name, stages))
        return running[-1]

    yield begin
    for worker in running:
        if worker.process.poll() is None:
            worker.kill()


def article(number: int, title: str = "") -> bytes:
    fields = {"id": f"a{number}", "outlet": f"o{number % OUTLETS}", "published": "2020-01-01T00:00:00Z"}
    return json.dumps({**fields, "title": title}).encode()


def publish(settings: Settings, values: Sequence[bytes], *, name: str = "articles.raw.v1", start: int = 0) -> None:
    """Publish in the partition of the outlet, so that each outlet's tally is one partition's; all are confirmed."""
    producer = KafkaProducer(**kafka_python_options(settings), acks="all", linger_ms=5, max_request_size=4_000_000)
    try:
        promises = [
            producer.send(
                settings.topic_prefix + name,
                key=f"o{number % OUTLETS}".encode(),
                value=value,
                partition=partition_of(f"o{number % OUTLETS}", settings.partitions),
            )
            for number, value in enumerate(values, start)
        ]
        for promise in promises:
            promise.get(timeout=60)
    finally:
        producer.close(timeout=10)


def stories(settings: Settings) -> list[Any]:
    return [topic("stories.v1").decode(record.value) for record in read_all(settings, "stories.v1") if record.value]


def letters(settings: Settings) -> list[Any]:
    return [topic("dead-letters.v1").decode(record.value) for record in read_all(settings, "dead-letters.v1")]


def tallies(settings: Settings) -> dict[str, tuple[str, ...]]:
    """The last record of each outlet, as compaction would leave it."""
    return {story.article: story.agencies for story in stories(settings)}


def expected_tallies(count: int) -> dict[str, tuple[str, ...]]:
    return {f"o{o}": tuple(sorted(f"a{n}" for n in range(o, count, OUTLETS))) for o in range(OUTLETS)}


def test_a_worker_that_is_killed_in_the_middle_loses_nothing_when_it_comes_back(
    kafka_settings: Settings, start: Any
) -> None:
    count = 6_000  # so many that a slow look at the topic still comes in the middle
    settings = dataclasses.replace(kafka_settings, session_timeout_seconds=6)
    publish(settings, [article(n) for n in range(count)])
    for life in range(2):
        worker = start(f"life-{life}", "tally", settings)
        done = len(stories(settings))
        until(lambda done=done: len(stories(settings)) > done + 150, "a worker in the middle of its work")  # type: ignore[misc]
        worker.kill()
        assert len(stories(settings)) < count, "it was killed too late to tell anything"
    start("last", "tally", settings)
    until(lambda: tallies(settings) == expected_tallies(count), "the last record of every outlet right")
    assert letters(settings) == []


def test_partitions_that_move_to_another_worker_and_back_keep_their_state(kafka_settings: Settings, start: Any) -> None:
    first = start("first", "tally")
    first.wait_until_ready()
    publish(kafka_settings, [article(n) for n in range(400)])
    until(lambda: tallies(kafka_settings) == expected_tallies(400), "the first worker's tallies")

    second = start("second", "tally")
    second.wait_until_ready()
    until(lambda: first.metrics()["muster_assigned_partitions", "tally"] == 1, "each worker with one partition")
    publish(kafka_settings, [article(n) for n in range(400, 800)], start=400)
    until(lambda: tallies(kafka_settings) == expected_tallies(800), "both workers' tallies")
    assert second.metrics()["muster_fold_catch_ups_total", "tally"] == 1
    assert first.metrics()["muster_fold_partitions", "kept", "tally"] == 1

    assert second.stop() == 0, second.log
    until(lambda: first.metrics()["muster_assigned_partitions", "tally"] == 2, "the first worker with both partitions")
    publish(kafka_settings, [article(n) for n in range(800, 1_000)], start=800)
    until(lambda: tallies(kafka_settings) == expected_tallies(1_000), "the first worker's tallies again")
    assert first.metrics()["muster_fold_catch_ups_total", "tally"] == 1, "it lacked only what the second had taken"
    assert first.stop() == 0, first.log


def test_a_worker_begins_from_its_snapshot_unless_the_log_was_made_anew(
    kafka_settings: Settings, start: Any, tmp_path: Path
) -> None:
    settings = dataclasses.replace(kafka_settings, snapshots=tmp_path / "snapshots")

    def outcomes(worker: Worker) -> tuple[float, float, float]:
        found = worker.metrics()
        read = sum(found.get(("muster_fold_caught_up_records_total", o, "tally"), 0) for o in ("folded", "skipped"))
        return *(found["muster_snapshots_total", o, "tally"] for o in ("loaded", "refused")), read

    first = start("first", "tally", settings)
    publish(settings, [article(n) for n in range(400)])
    until(lambda: tallies(settings) == expected_tallies(400), "the first tallies")
    assert first.stop() == 0, first.log
    assert settings.snapshots is not None
    assert len(list(settings.snapshots.glob("*.snapshot"))) == 2, first.log

    second = start("second", "tally", settings)
    publish(settings, [article(n) for n in range(400, 800)], start=400)
    until(lambda: tallies(settings) == expected_tallies(800), "the second tallies, with what the snapshots hold")
    assert outcomes(second) == (2, 0, 0)
    assert second.stop() == 0, second.log

    with admin_client(settings) as client:
        client.delete_topics([settings.topic_prefix + "articles.raw.v1"])
        until(lambda: settings.topic_prefix + "articles.raw.v1" not in client.list_topics(), "the topic to be gone")
    create_topics(settings)
    publish(settings, [article(n) for n in range(1_000, 2_000)], start=1_000)
    third = start("third", "tally", settings)
    anew = {
        outlet: tuple(sorted(f"a{n}" for n in range(1_000, 2_000) if f"o{n % OUTLETS}" == outlet))
        for outlet in expected_tallies(800)
    }
    until(lambda: tallies(settings) == anew, "tallies of the new log only")
    assert outcomes(third)[:2] == (0, 2)
    assert third.log.count("is not used, the topic is read instead: it is of another log") == 2


def test_a_worker_that_was_frozen_for_longer_than_its_session_comes_back_and_spoils_nothing(
    kafka_settings: Settings, start: Any
) -> None:
    settings = dataclasses.replace(kafka_settings, session_timeout_seconds=6)
    frozen = start("frozen", "tally", settings)
    frozen.wait_until_ready()
    publish(settings, [article(n) for n in range(300)])
    until(lambda: len(stories(settings)) > 50, "a worker in the middle of its work")
    frozen.process.send_signal(signal.SIGSTOP)
    other = start("other", "tally", settings)
    until(lambda: "has partitions 0, 1" in other.log, "the other worker with both partitions")
    publish(settings, [article(n) for n in range(300, 600)], start=300)
    until(lambda: tallies(settings) == expected_tallies(600), "the other worker's tallies")
    frozen.process.send_signal(signal.SIGCONT)
    until(lambda: other.metrics()["muster_assigned_partitions", "tally"] == 1, "each worker with one partition")
    publish(settings, [article(n) for n in range(600, 900)], start=600)
    until(lambda: tallies(settings) == expected_tallies(900), "both workers' tallies")
    assert frozen.process.poll() is None, frozen.log


def test_a_full_feed_is_worked_through_by_workers_that_come_and_go(kafka_settings: Settings, start: Any) -> None:
    count = 3_000
    steady = start("steady", "pass,tally")
    steady.wait_until_ready()
    publish(kafka_settings, [article(n) for n in range(count // 2)])
    guest = start("guest", "pass,tally")
    publish(kafka_settings, [article(n) for n in range(count // 2, count)], start=count // 2)
    guest.wait_until_ready()
    guest.kill()

    def all_there() -> bool:
        found = stories(kafka_settings)
        passed = {story.article for story in found if story.article.startswith("a")}
        last = {story.article: story.agencies for story in found if story.article.startswith("o")}
        return len(passed) == count and last == expected_tallies(count)

    until(all_there, "every article passed, every tally right")
    assert steady.stop() == 0, steady.log
    assert list(steady.working_directory.iterdir()) == [], "nothing is left in the working directory"


def test_bad_inputs_become_dead_letters_that_a_command_lists_shows_and_replays(
    kafka_settings: Settings, start: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = start("worker", "pass")
    bad = [b"\xff\xfe", b'{"outlet": "o", "published": 7}', article(2, "reject"), article(3, "break")]
    publish(kafka_settings, [article(0), *bad, article(1)])
    until(lambda: len(stories(kafka_settings)) == 2 and len(letters(kafka_settings)) == 4, "the others to pass")
    assert {(x.error, x.field) for x in letters(kafka_settings)} == {
        ("InvalidRecord", None), ("InvalidRecord", "published"), ("Rejected", "title"), ("RuntimeError", None),
    }  # fmt: skip
    until(lambda: worker.metrics()["muster_handled_total", "dead", "pass"] == 4, "the dead to be counted")

    for name, value in environment_of(kafka_settings).items():
        monkeypatch.setenv(name, value)

    def command(*arguments: str) -> str:
        result = CliRunner().invoke(dead_letters, arguments, catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.stdout

    listed = command("list", "--stage=pass", "--field=published").splitlines()
    assert len(listed) == 1
    assert "published: a string is needed, got a number" in listed[0]
    place = listed[0].split()[0]
    shown = command("show", place)
    assert '"published": 7' in shown
    assert "published" in shown.split("field")[1].splitlines()[0]
    assert command("show", "--bytes", place).encode() == bad[1]
    command("replay", place)
    until(lambda: len(letters(kafka_settings)) == 5, "the replayed one to fail again")
    assert max(x.attempts for x in letters(kafka_settings)) == 2
    unknown = CliRunner().invoke(dead_letters, ["show", "articles.raw.v1/0/99999"])
    assert unknown.exit_code == failures.BAD_INPUT


def test_the_largest_raw_article_passes_and_a_larger_input_becomes_a_dead_letter(
    kafka_settings: Settings, start: Any
) -> None:
    start("worker", "pass")
    limit = kafka_settings.article_bytes
    body = {"id": "a0", "outlet": "o", "published": "2020-01-01T00:00:00Z"}
    frame = len(json.dumps({**body, "body": ""}))
    largest = json.dumps({**body, "body": "x" * (limit - frame)}).encode()
    larger = json.dumps({**body, "body": "x" * (limit - frame + 1)}).encode()
    huge = b"x" * (topic("articles.raw.v1").max_message_bytes - 1_000)
    publish(kafka_settings, [largest, larger, huge])
    until(lambda: len(stories(kafka_settings)) == 1 and len(letters(kafka_settings)) == 2, "one to pass, two to fail")
    assert all((x.error, x.field) == ("Rejected", "value") and x.value for x in letters(kafka_settings))


def test_an_article_is_stamped_by_the_broker_whatever_its_producer_says(kafka_settings: Settings, start: Any) -> None:
    now = time.time() * 1000
    producer = KafkaProducer(**kafka_python_options(kafka_settings), acks="all")
    try:
        place = kafka_settings.topic_prefix + "articles.raw.v1"
        for value, stamp in ((b"{", 1_000), (article(0), int(now) + 10**9)):
            producer.send(place, key=b"o0", value=value, timestamp_ms=stamp).get(timeout=60)
    finally:
        producer.close(timeout=10)
    start("worker", "pass")
    until(lambda: len(letters(kafka_settings)) == len(stories(kafka_settings)) == 1, "both to be handled")
    (letter,) = letters(kafka_settings)
    (answer,) = read_all(kafka_settings, "stories.v1")
    assert dict(answer.headers)["ce_type"] == b"muster.story.v1"
    for stamp in (letter.timestamp_ms, int(dict(answer.headers)[RAW_MS_HEADER])):
        assert abs(stamp - now) < 600_000


def test_a_header_without_a_value_is_handled_as_any(kafka_settings: Settings, start: Any) -> None:
    async def send() -> None:
        producer = AIOKafkaProducer(**aiokafka_options(kafka_settings))
        await producer.start()
        try:
            for value in (b"{", article(0)):
                await producer.send_and_wait(
                    kafka_settings.topic_prefix + "articles.raw.v1", value, key=b"o0", headers=[("nothing", None)]
                )
        finally:
            await producer.stop()

    asyncio.run(send())
    start("worker", "pass")
    until(lambda: len(letters(kafka_settings)) == len(stories(kafka_settings)) == 1, "both to be handled")
    (letter,) = letters(kafka_settings)
    assert letter.headers == {"nothing": ""}


def test_a_stage_of_which_every_input_fails_stops_and_says_why(kafka_settings: Settings, start: Any) -> None:
    settings = dataclasses.replace(kafka_settings, dead_letter_run=30)
    publish(settings, [article(n, "break") for n in range(100)])
    worker = start("worker", "pass", settings)
    assert worker.process.wait(60) == failures.WORKER
    assert "MUSTER_DEAD_LETTER_RUN=30" in worker.log
    assert "RuntimeError: a defect" in worker.log
    assert len(letters(settings)) == 30


def test_a_stopped_worker_has_committed_what_it_did(kafka_settings: Settings, start: Any) -> None:
    publish(kafka_settings, [article(n) for n in range(200)])
    first = start("first", "pass")
    until(lambda: len(stories(kafka_settings)) == 200, "all to pass")
    until(lambda: first.metrics()["muster_in_flight", "pass"] == 0, "all to be acknowledged")

    def lags() -> list[float]:
        return [value for labels, value in first.metrics().items() if labels[0] == "muster_consumer_lag"]

    until(lambda: lags() == [0, 0], "no lag in either partition")
    for name, answer in (("ready", "ready\n"), ("live", "alive\n")):
        with urllib.request.urlopen(first.address.replace("/metrics", f"/health/{name}"), timeout=10) as health:
            assert health.read().decode() == answer
    assert first.stop() == 0, first.log
    second = start("second", "pass")
    second.wait_until_ready()
    publish(kafka_settings, [article(200)], start=200)
    until(lambda: len(stories(kafka_settings)) == 201, "the new one to pass, and none again")


def test_a_broker_that_goes_away_ends_the_worker_with_an_error_and_nothing_is_lost(tmp_path: Path, start: Any) -> None:
    own = dataclasses.replace(Settings.from_environment(), broker="")
    with brokers.temporary_broker(own) as running:
        settings = dataclasses.replace(
            own,
            broker=running.bootstrap,
            partitions=2,
            metrics_port=0,
            delivery_attempts=1,
            session_timeout_seconds=6,
            grace_seconds=3,
        )
        create_topics(settings)
        count = 2_000
        publish(settings, [article(n) for n in range(count)])
        worker = start("worker", "tally", settings)
        until(lambda: len(stories(settings)) > 200, "a worker in the middle of its work")
        brokers.kill(running)
        code = worker.process.wait(120)
        assert code == failures.WORKER, worker.log
        assert "the broker did not take a message for stories.v1" in worker.log
        back = brokers.resume(own, running, tied=True)
        try:
            start("again", "tally", settings)
            until(lambda: tallies(settings) == expected_tallies(count), "every tally right", seconds=90)
        finally:
            brokers.stop(back)


def test_a_missing_topic_and_a_missing_broker_are_one_clear_line(broker: str, start: Any) -> None:
    without_topics = dataclasses.replace(
        Settings.from_environment(), broker=broker, topic_prefix="nowhere-", metrics_port=0
    )
    worker = start("topicless", "pass", without_topics)
    assert worker.process.wait(60) == failures.BROKER
    assert "nowhere-articles.raw.v1" in worker.log
    assert "muster topics create" in worker.log
    assert "Traceback" not in worker.log
    nobody = start("brokerless", "pass", dataclasses.replace(without_topics, broker="127.0.0.1:1"))
    assert nobody.process.wait(60) == failures.BROKER
    assert "127.0.0.1:1" in nobody.log
    assert "Traceback" not in nobody.log


def test_a_supervisor_starts_workers_anew_and_stops_them_together(
    kafka_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "supervise.py"
    script.write_text(
        "import sys, logging; from pathlib import Path; from streams.supervisor import Supervisor\n"
        "logging.basicConfig(level=logging.INFO, stream=sys.stdout)\n"
        f"sys.exit(Supervisor([sys.executable, {str(SCRIPT)!r}, 'tally'], 2, 10.0, "
        f"Path({str(tmp_path / 'ready')!r})).run())\n",
        encoding="utf-8",
    )
    checkout = str(Path(__file__).resolve().parents[2])
    with subprocess.Popen(
        [sys.executable, str(script)],
        env={**environment_of(kafka_settings), "PYTHONPATH": checkout},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            until((tmp_path / "ready").exists, "both workers ready")
            before = children_of(process.pid)
            assert len(before) == 2
            os.kill(before[0], signal.SIGKILL)
            until(lambda: len(set(children_of(process.pid)) - set(before)) == 1, "a new worker for the killed one")
            publish(kafka_settings, [article(n) for n in range(100)])
            until(lambda: tallies(kafka_settings) == expected_tallies(100), "the work done")
            workers = children_of(process.pid)
        finally:
            process.terminate()
        said, _ = process.communicate(timeout=60)
    assert process.returncode == 0, said
    assert "SIGKILL" in said
    assert not any(alive(pid) for pid in workers)


def test_workers_end_when_their_supervisor_is_killed(kafka_settings: Settings, tmp_path: Path) -> None:
    reading, writing = os.pipe()
    checkout = str(Path(__file__).resolve().parents[2])
    log = tmp_path / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, str(SCRIPT), "pass", f"--parent-pipe={reading}"],
            env={**environment_of(kafka_settings), "PYTHONPATH": checkout},
            pass_fds=(reading,),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    os.close(reading)
    try:
        until(lambda: "ready:" in log.read_text(encoding="utf-8"), "a worker that is ready")
        os.close(writing)  # as the kernel does when the supervisor dies
        assert process.wait(60) == 0
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        process.wait()
