"""The broker that Muster brings, and its topics: on a real Kafka."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import socket
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

from streams import broker as brokers
from streams.administration import AdministrationError, admin_client, create_topics, describe_topics, partition_counts
from streams.kafka_distribution import process
from streams.settings import Settings
from streams.topics import registry

pytestmark = pytest.mark.broker


def unused_prefix() -> str:
    return f"test-{uuid.uuid4().hex[:12]}-"


def test_topics_are_created_with_the_registrys_partitions_and_policies(broker: str) -> None:
    settings = dataclasses.replace(Settings(), broker=broker, topic_prefix=unused_prefix(), partitions=3)
    states = create_topics(settings)
    assert [state.topic.name for state in states] == list(registry())
    assert all(state.created and state.partitions == 3 and not state.differences for state in states)
    events = next(state for state in states if state.topic.name == "events.v1")
    assert events.policies["cleanup.policy"] == "compact"
    assert events.policies["delete.retention.ms"] == str(2160 * 3_600_000)
    assert states[0].policies["message.timestamp.type"] == "LogAppendTime"
    assert "message.timestamp.type" not in events.policies
    assert partition_counts(settings) == dict.fromkeys(registry(), 3)


def test_creating_topics_again_changes_nothing(kafka_settings: Settings) -> None:
    again = create_topics(kafka_settings)
    assert not any(state.created for state in again)
    assert again == describe_topics(kafka_settings)


def test_a_topic_with_other_settings_is_reported_and_left_alone(broker: str) -> None:
    settings = dataclasses.replace(Settings(), broker=broker, topic_prefix=unused_prefix(), partitions=2)
    create_topics(settings)
    wider = dataclasses.replace(settings, partitions=5)
    states = create_topics(wider)
    assert all(state.differences == ("partitions: 2 on the broker, 5 by MUSTER_PARTITIONS",) for state in states)
    assert set(partition_counts(wider).values()) == {2}


def test_missing_topics_are_told_with_the_command_that_makes_them(broker: str) -> None:
    settings = dataclasses.replace(Settings(), broker=broker, topic_prefix=unused_prefix())
    assert all(state.partitions is None and state.differences for state in describe_topics(settings))
    with pytest.raises(AdministrationError, match="muster topics create"):
        partition_counts(settings)


def test_more_copies_than_brokers_is_an_error_that_names_the_topic(broker: str) -> None:
    settings = dataclasses.replace(Settings(), broker=broker, topic_prefix=unused_prefix(), replication=7)
    if len(_brokers_at(broker)) >= 7:
        pytest.skip("this Kafka has seven brokers")
    with pytest.raises(AdministrationError, match=r"articles\.raw\.v1 could not be created"):
        create_topics(settings)


def _brokers_at(bootstrap: str) -> list[object]:
    with admin_client(Settings(broker=bootstrap)) as client:
        return list(client.describe_cluster()["brokers"])


def test_an_address_where_nobody_answers_is_one_line_that_names_the_setting() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: refused
        settings = Settings(broker=f"127.0.0.1:{taken.getsockname()[1]}")
        with (
            pytest.raises(AdministrationError, match="MUSTER_BROKER") as raised,
            admin_client(settings, connect_seconds=1),
        ):
            pass
    assert "\n" not in str(raised.value)


@pytest.fixture
def own_settings() -> Settings:
    """Settings that start a broker of the test's own, whatever MUSTER_BROKER says."""
    return dataclasses.replace(Settings.from_environment(), broker="")


def test_a_killed_broker_comes_back_on_its_port_with_its_data(own_settings: Settings) -> None:
    with brokers.temporary_broker(own_settings) as running:
        settings = dataclasses.replace(own_settings, broker=running.bootstrap)
        create_topics(settings)
        assert brokers.status(own_settings, running.data_dir) == running
        brokers.kill(running)
        assert brokers.status(own_settings, running.data_dir) is None
        back = brokers.resume(own_settings, running, tied=True)
        assert back.bootstrap == running.bootstrap
        assert set(partition_counts(settings).values()) == {settings.partitions}
        brokers.stop(back)
        assert brokers.status(own_settings, running.data_dir) is None


def test_a_broker_does_not_come_back_on_a_port_that_was_taken(own_settings: Settings, tmp_path: Path) -> None:
    if brokers.engine.is_available():
        pytest.skip("a Docker engine binds the port in its own way")
    port = brokers._free_ports()
    (tmp_path / "broker.json").write_text(
        json.dumps({"bootstrap": f"127.0.0.1:{port[0]}", "controller_port": port[1], "pid": None, "project": None}),
        encoding="utf-8",
    )
    with socket.create_server(("127.0.0.1", port[0])):
        gone = brokers.RunningBroker(bootstrap=f"127.0.0.1:{port[0]}", data_dir=tmp_path, log=tmp_path / "kafka.log")
        with pytest.raises(brokers.BrokerError, match=f"port {port[0]} .* was taken"):
            brokers.resume(own_settings, gone)


def test_a_broker_that_cannot_start_shows_the_end_of_its_log(own_settings: Settings, tmp_path: Path) -> None:
    if brokers.engine.is_available():
        pytest.skip("in a Docker engine the log is the engine's")
    with pytest.raises(brokers.BrokerError, match=r"ended while it started(.|\n)*no\.such\.Authorizer"):
        brokers.start(own_settings, tmp_path, {"authorizer.class.name": "no.such.Authorizer"}, tied=True)


def test_a_folder_with_a_space_and_an_accent_holds_a_broker(own_settings: Settings, tmp_path: Path) -> None:
    running = brokers.start(own_settings, tmp_path / "un café", tied=True)
    try:
        assert brokers.start(own_settings, tmp_path / "un café") == running, "the one that runs is used"
        assert brokers.answers(running.bootstrap, seconds=10)
    finally:
        brokers.stop(running)


def test_the_broker_of_the_settings_is_taken_as_it_is(tmp_path: Path) -> None:
    settings = Settings(broker="kafka.example:9092", cache_dir=tmp_path)
    with brokers.temporary_broker(settings) as running:
        assert running == brokers.RunningBroker(bootstrap="kafka.example:9092")
        assert brokers.start(settings) == running
        brokers.stop(running)
        brokers.kill(running)
    assert list(tmp_path.iterdir()) == []


CRASHING_PARENT = """
import os, signal, sys
from streams import broker
from streams.settings import Settings
from pathlib import Path
with broker.temporary_broker(Settings(cache_dir=Path(sys.argv[1]))) as running:
    print(running.pid, running.data_dir, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process of its parent's death")
def test_no_broker_is_left_when_the_process_that_wanted_it_is_killed(own_settings: Settings, tmp_path: Path) -> None:
    if brokers.engine.is_available():
        pytest.skip("a container belongs to the engine, not to the process that wanted it")
    environment = {name: value for name, value in os.environ.items() if name != "MUSTER_BROKER"}
    parent = subprocess.run(
        [sys.executable, "-c", CRASHING_PARENT, str(own_settings.cache_dir)],
        capture_output=True,
        text=True,
        env={**environment, "TMPDIR": str(tmp_path)},
        check=False,
    )
    assert parent.returncode == -signal.SIGKILL, parent.stderr
    pid, _, folder = parent.stdout.strip().partition(" ")
    gone = process.wait_until(lambda: folder not in process.command_line(int(pid)), seconds=10)
    assert gone, f"{pid} still runs"
