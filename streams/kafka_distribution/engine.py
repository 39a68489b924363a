"""The broker in a Docker engine: the service `kafka` of docker-compose.yml, under a project name of its own.

`python -m streams.kafka_distribution.engine` says by its exit code whether an engine can be used.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

COMPOSE_FILE = Path(__file__).parents[2] / "docker-compose.yml"


class EngineFailed(Exception):
    """Docker did not do what was asked; the message holds its own words."""


def is_available() -> bool:
    """Whether an engine answers, has `docker compose`, and this is a checkout, which has the compose file."""
    if shutil.which("docker") is None or not COMPOSE_FILE.is_file():
        return False
    try:
        return all(
            subprocess.run(["docker", *arguments], capture_output=True, timeout=20, check=False).returncode == 0
            for arguments in (["info"], ["compose", "version"])
        )
    except subprocess.TimeoutExpired:
        return False


def start(project: str, directory: Path, port: int, extra_properties: Mapping[str, str]) -> None:
    """Bring the service up on that loopback port. `directory` keeps what was asked for, so that it can be asked again."""
    directory.mkdir(parents=True, exist_ok=True)
    # The image turns KAFKA_AUTO_CREATE_TOPICS_ENABLE into auto.create.topics.enable.
    environment = {"KAFKA_" + name.upper().replace(".", "_"): value for name, value in extra_properties.items()}
    override = {"services": {"kafka": {"environment": environment}}}
    (directory / "override.json").write_text(json.dumps(override), encoding="utf-8")
    _compose(project, directory, port, "up", "--detach", "--wait", "kafka")


def stop(project: str, directory: Path, *, remove: bool = False) -> None:
    """Stop the service; with `remove` its container, network and data go as well."""
    _compose(project, directory, 0, *(["down", "--volumes"] if remove else ["stop", "kafka"]))


def kill(project: str, directory: Path) -> None:
    """End the service at once, as a crash would."""
    _compose(project, directory, 0, "kill", "kafka")


def is_running(project: str, directory: Path) -> bool:
    return bool(_compose(project, directory, 0, "ps", "--quiet", "--status", "running", "kafka").strip())


def logs(project: str, directory: Path) -> str:
    return _compose(project, directory, 0, "logs", "--tail", "40", "kafka")


def _compose(project: str, directory: Path, port: int, *arguments: str) -> str:
    command = [
        "docker", "compose", "--project-name", project,
        "--file", str(COMPOSE_FILE), "--file", str(directory / "override.json"), *arguments,
    ]  # fmt: skip
    environment = {**os.environ, "KAFKA_PORT": str(port)}
    answer = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if answer.returncode != 0:
        raise EngineFailed(f"{' '.join(command)}:\n{(answer.stderr or answer.stdout).strip()[-2000:]}")
    return answer.stdout


if __name__ == "__main__":
    sys.exit(0 if is_available() else 1)
