"""The image without an engine: what its build copies, and the installation script that it runs, from those files alone."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def copied() -> list[str]:
    """What the build takes from the checkout."""
    lines = re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, flags=re.MULTILINE)
    return [source for line in lines for source in line.split()[:-1]]


def test_everything_that_is_copied_exists_and_is_let_through() -> None:
    rules = [
        line.removeprefix("!")
        for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
        if line.startswith("!")
    ]
    assert copied()
    for source in copied():
        assert (ROOT / source).exists(), source
        assert any(fnmatch(source, rule) for rule in rules), f".dockerignore keeps {source} out"


def test_the_build_runs_scripts_of_the_checkout() -> None:
    scripts = re.findall(r"^RUN (scripts/\S+)", DOCKERFILE, flags=re.MULTILINE)
    assert scripts
    for script in scripts:
        assert os.access(ROOT / script, os.X_OK), script
        assert script in copied()


def test_the_image_does_not_run_as_root() -> None:
    last_stage = DOCKERFILE.rpartition("\nFROM ")[2]
    user = re.search(r"^USER (\d+)$", last_stage, flags=re.MULTILINE)
    assert user
    assert int(user[1]) > 0
    assert last_stage.index("USER") < last_stage.index("ENTRYPOINT")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the script that the image runs installs from the copied files alone, dependencies left out."""
    build, target = tmp_path_factory.mktemp("a build"), tmp_path_factory.mktemp("installed")
    tracked = tracked_files(*copied())
    for name in tracked:
        (build / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, build / name)
    (build / "none.txt").touch()
    answer = subprocess.run(
        [build / "scripts" / "install.sh", sys.executable, "none.txt", "--project"],
        env={**os.environ, "PIP_TARGET": str(target)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr
    return target


def tracked_files(*paths: str) -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--", *paths],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [name for name in listed.stdout.split("\0") if name and (ROOT / name).exists()]


def test_the_image_has_every_module_and_every_data_file(installed: Path) -> None:
    missing = [
        name
        for name in tracked_files("streams", "agents", "wirecopy", "feeds", "desk", "sinks")
        if not (installed / name).is_file()
    ]
    assert missing == [], "package-data in pyproject.toml does not name their kind"


def test_the_installed_command_starts(installed: Path) -> None:
    answer = subprocess.run(
        [sys.executable, "-c", "from streams.commands.main import main; main(['topics'])"],
        env={**os.environ, "PYTHONPATH": str(installed)},
        cwd=installed,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    assert "articles.raw.v1" in answer.stdout
