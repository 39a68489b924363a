"""docker-compose.yml, as far as it can be held against something without an engine: its schema, paths, names and values."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import compose_spec
import pytest
import yaml

from sinks.configuration import load
from streams import broker as brokers
from streams.commands.main import muster
from streams.kafka_distribution import engine
from streams.kafka_distribution.download import HERE, kafka_version
from streams.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = ROOT / "docker-compose.yml"
OURS = ("topics", "worker", "desk", "notify")
"""Services that run a command of Muster."""
VARIABLE = re.compile(r"\$\{(\w+)(?::-([^}]*))?\}")


@pytest.fixture(scope="module")
def deployment() -> dict[str, Any]:
    """The file as `docker compose` sees it where no variable is set: defaults put in, merged, valid by the schema."""
    written = VARIABLE.sub(lambda match: match[2] or "", COMPOSE.read_text(encoding="utf-8"))
    parsed = compose_spec.PyOptions(apply_merge=True).from_yaml(written)
    parsed.validate()
    return json.loads(parsed.to_json())


def environment_of(service: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in service.get("environment", {}).items()}


def test_every_variable_has_a_default() -> None:
    found = VARIABLE.findall(COMPOSE.read_text(encoding="utf-8"))
    assert found
    assert [name for name, default in found if not default] == []


def test_every_service_waits_for_services_that_exist(deployment: dict[str, Any]) -> None:
    services = deployment["services"]
    waited_for = {name for service in services.values() for name in service.get("depends_on", {})}
    assert waited_for == {"kafka", "topics", "alertmanager", "prometheus"}
    assert waited_for <= services.keys()
    assert "healthcheck" in services["kafka"], "the topics wait until it is healthy"


def test_every_mounted_path_exists_and_every_volume_is_declared(deployment: dict[str, Any]) -> None:
    named, paths = set(), []
    for service in deployment["services"].values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0] if isinstance(volume, str) else volume["source"]
            if source.startswith("."):
                paths.append(source)
            else:
                named.add(source)
    assert named == set(deployment["volumes"])
    assert paths
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_every_setting_exists_and_its_value_is_one_that_it_takes(deployment: dict[str, Any]) -> None:
    for name in OURS:
        environment = environment_of(deployment["services"][name])
        environment.pop("MUSTER_SINKS", None)  # a path inside the container
        settings = Settings.from_environment(environment)
        assert settings.broker == "kafka:19092"
        assert settings.metrics_host == "0.0.0.0"
    others = [
        variable
        for name, service in deployment["services"].items()
        if name not in OURS
        for variable in environment_of(service)
        if variable.startswith("MUSTER_")
    ]
    assert others == []


def test_the_services_run_commands_that_exist(deployment: dict[str, Any]) -> None:
    for name in OURS:
        command: Any = muster
        for word in deployment["services"][name]["command"]:
            command = command.get_command(command.make_context(word, [], resilient_parsing=True), word)
            assert command is not None, word


def test_a_worker_is_given_time_to_end_by_itself(deployment: dict[str, Any]) -> None:
    settings = Settings.from_environment(environment_of(deployment["services"]["worker"]))
    for name in ("worker", "notify"):
        grace = compose_spec.parse_duration(deployment["services"][name]["stop_grace_period"])
        assert grace > settings.grace_seconds


def test_sinks_are_delivered_to_where_a_profile_asks_for_it_and_the_example_can_be_used(
    deployment: dict[str, Any],
) -> None:
    service = deployment["services"]["notify"]
    (mount,) = service["volumes"]
    source, target, *_ = mount.split(":")
    assert service["profiles"] == ["notify"]
    assert target == environment_of(service)["MUSTER_SINKS"]
    assert load(ROOT / source, allow_private=False)


def test_the_desk_listens_where_its_port_is_published_and_its_health_is_asked_for(deployment: dict[str, Any]) -> None:
    desk = deployment["services"]["desk"]
    settings = Settings.from_environment(environment_of(desk))
    assert settings.desk_host == "0.0.0.0"
    (port,) = desk["ports"]
    published, target = port.rsplit(":", 2)[1:] if isinstance(port, str) else (port["published"], port["target"])
    assert {int(published), int(target)} == {settings.desk_port}
    assert f"127.0.0.1:{settings.desk_port}/api/health/live" in desk["healthcheck"]["test"][-1]


def test_ports_are_published_on_loopback_alone(deployment: dict[str, Any]) -> None:
    ports = [port for service in deployment["services"].values() for port in service.get("ports", [])]
    assert len(ports) == 5
    for port in ports:
        address = port.rsplit(":", 2)[0] if isinstance(port, str) else port["host_ip"]
        assert address == "127.0.0.1"


def test_every_image_of_others_is_pinned_to_a_release(deployment: dict[str, Any]) -> None:
    images = {service["image"] for service in deployment["services"].values() if "build" not in service}
    assert len(images) == 4
    assert [image for image in images if not re.fullmatch(r"[\w/]+:v?\d+\.\d+\.\d+", image)] == []


def test_prometheus_tells_alertmanager_where_it_listens(deployment: dict[str, Any]) -> None:
    prometheus = yaml.safe_load((ROOT / "dashboards" / "prometheus" / "prometheus.yml").read_text(encoding="utf-8"))
    ((target,),) = [
        config["targets"] for told in prometheus["alerting"]["alertmanagers"] for config in told["static_configs"]
    ]
    service, port = target.split(":")
    published = deployment["services"][service]["ports"][0]
    assert str(published["target"] if isinstance(published, dict) else published.rpartition(":")[2]) == port


def test_every_configuration_file_that_a_command_names_is_mounted_there(deployment: dict[str, Any]) -> None:
    for name in ("prometheus", "alertmanager"):
        service = deployment["services"][name]
        (config,) = (word.partition("=")[2] for word in service["command"] if word.startswith("--config.file="))
        mounted = dict(volume.split(":")[1::-1] for volume in service["volumes"])
        folder, _, file = config.rpartition("/")
        assert (ROOT / mounted[folder] / file).is_file()


def test_the_container_is_the_broker_that_the_java_artifacts_are(deployment: dict[str, Any]) -> None:
    kafka = deployment["services"]["kafka"]
    assert kafka["image"] == f"apache/kafka:{kafka_version()}"
    environment = environment_of(kafka)
    ours = {}
    for line in (HERE / "server.properties").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, _, value = line.partition("=")
            ours["KAFKA_" + name.upper().replace(".", "_")] = value
    # The container has a listener more: inside its network, and for the machine.
    for name in ("KAFKA_INTER_BROKER_LISTENER_NAME", "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"):
        assert ours.pop(name) != environment[name]
    assert {name: environment.get(name) for name in ours} == ours


DOCKER = """#!/bin/sh
echo "$KAFKA_PORT $*" >> "{log}"
case "$*" in *" ps "*) echo 0123456789ab ;; esac
"""


@pytest.mark.broker
def test_where_an_engine_runs_the_broker_is_its_service(
    broker: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine here only writes down what it is told; the service that it would start is the broker of the tests."""
    program, calls, data = tmp_path / "bin" / "docker", tmp_path / "calls", tmp_path / "data"
    program.parent.mkdir()
    program.write_text(DOCKER.format(log=calls), encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    data.mkdir()
    port = broker.split(",", maxsplit=1)[0].rpartition(":")[2]
    (data / "broker.json").write_text(
        json.dumps({"bootstrap": f"127.0.0.1:{port}", "controller_port": 0, "pid": None, "project": "muster-x"}),
        encoding="utf-8",
    )
    assert engine.is_available()
    settings = Settings(cache_dir=tmp_path)
    running = brokers.status(settings, data)
    assert running is not None
    assert running.project == "muster-x"
    brokers.kill(running)
    assert brokers.resume(settings, running, {"message.max.bytes": "5"}) == running
    brokers.stop(running)
    told = calls.read_text(encoding="utf-8").splitlines()
    up = next(line for line in told if " up " in line)
    assert up.startswith(f"{port} compose --project-name muster-x --file {COMPOSE} --file {data / 'override.json'}")
    assert up.endswith("up --detach --wait kafka")
    assert any(line.endswith("kill kafka") for line in told)
    assert told[-1].endswith("stop kafka")
    override = yaml.safe_load((data / "override.json").read_text(encoding="utf-8"))
    assert override == {"services": {"kafka": {"environment": {"KAFKA_MESSAGE_MAX_BYTES": "5"}}}}


def test_our_services_have_no_rights_and_write_nothing(deployment: dict[str, Any]) -> None:
    for name in OURS:
        service = deployment["services"][name]
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert "no-new-privileges:true" in service["security_opt"], name
        assert service["tmpfs"] == ["/tmp"], name  # noqa: S108 - inside of the container
        assert "privileged" not in service, name
        assert service.get("user") is None, "the image's own, which has no rights"
