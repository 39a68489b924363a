"""What `make setup` stands on: the locks, the scripts, and what they say where something is missing."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from streams.kafka_distribution import engine, java
from streams.kafka_distribution.download import DownloadFailed, checksums_of, jars_directory, read_checksums
from streams.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = ("requirements.txt", "requirements-development.txt")


def locked(name: str) -> list[Requirement]:
    """The requirements of a lock file, each seen to be pinned by version and hash."""
    found = []
    for entry in re.split(r"\n(?=\S)", (ROOT / name).read_text(encoding="utf-8")):
        if entry.startswith("#"):
            continue
        written, *hashes = [line.strip(" \\") for line in entry.strip().splitlines()]
        requirement = Requirement(written)
        assert len(requirement.specifier) == 1, written
        assert str(requirement.specifier).startswith("=="), written
        assert hashes, written
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", line) for line in hashes), written
        found.append(requirement)
    return found


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_has_versions_and_hashes_and_names_no_address(name: str) -> None:
    assert len(locked(name)) > 10
    assert "://" not in (ROOT / name).read_text(encoding="utf-8")


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("requirements.txt", [*PROJECT["project"]["dependencies"], *PROJECT["build-system"]["requires"]]),
        ("requirements-development.txt", PROJECT["dependency-groups"]["development"]),
    ],
)
def test_a_lock_has_what_the_project_asks_for(name: str, wanted: Iterable[str]) -> None:
    versions: dict[str, list[str]] = {}
    for requirement in locked(name):
        versions.setdefault(canonical(requirement.name), []).append(str(requirement.specifier).removeprefix("=="))
    for line in wanted:
        requirement = Requirement(line)
        found = versions.get(canonical(requirement.name), [])
        assert found, f"{line}: run `make lock`"
        assert all(requirement.specifier.contains(version) for version in found), f"{line}: run `make lock`"


def test_both_locks_agree_where_they_name_the_same_package() -> None:
    first, second = ({str(canonical(r.name)): str(r.specifier) for r in locked(name) if not r.marker} for name in LOCKS)
    assert {name: first[name] for name in first.keys() & second.keys()} == {
        name: second[name] for name in first.keys() & second.keys()
    }


@pytest.mark.parametrize(
    "script", [*sorted((ROOT / "scripts").glob("*.sh")), ROOT / ".ci" / "run"], ids=lambda p: p.name
)
def test_a_script_is_sound_shell(script: Path) -> None:
    subprocess.run(["bash", "-n", script], check=True)
    assert "set -euo pipefail" in script.read_text(encoding="utf-8") or script.name == "packages.sh"


def test_continuous_integration_runs_the_tests_and_nothing_else() -> None:
    lines = [
        line
        for line in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    assert lines == ["set -euo pipefail", 'cd "$(dirname "$0")/.."', "exec make test"]
    planned = subprocess.run(
        ["make", "--dry-run", "--always-make", "test"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for step in ("/ruff check", "/ruff format --check", "/mypy", "/pytest", "scripts/broker.sh"):
        assert step in planned


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with a space in its name that has the scripts and nothing else."""
    folder = tmp_path / "a checkout"
    folder.mkdir()
    shutil.copytree(ROOT / "scripts", folder / "scripts")
    return folder


def test_an_interpreter_that_is_too_old_is_named_and_nothing_is_made(checkout: Path) -> None:
    old = checkout / "old python"
    old.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    old.chmod(0o755)
    answer = subprocess.run(
        [checkout / "scripts" / "setup.sh", "requirements.txt"],
        env={**os.environ, "PYTHON": str(old)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 1
    assert f"PYTHON={old} is not a Python 3.11 or newer" in answer.stderr
    assert not (checkout / ".venv").exists()


def test_without_the_right_to_install_the_one_line_is_printed(tmp_path: Path) -> None:
    """Nobody's terminal, no root and no sudo: as on a machine that is somebody else's."""
    apt = tmp_path / "apt-get"
    apt.write_text("#!/bin/sh\ntouch installed\n", encoding="utf-8")
    apt.chmod(0o755)
    bash = shutil.which("bash")
    assert bash is not None
    answer = subprocess.run(
        [bash, "-c", f'id() {{ echo 1000; }}; . "{ROOT}/scripts/packages.sh"; install_packages "No Java" one two'],
        env={"PATH": str(tmp_path)},
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 1
    assert "sudo apt-get update && sudo apt-get install -y --no-install-recommends one two\n" in answer.stderr
    assert not (tmp_path / "installed").exists()


def test_without_java_the_error_says_what_to_type(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(java.JavaMissing, match=r"apt-get install -y --no-install-recommends \S+jre-headless maven"):
        java.find_java(maven_needed=True)


@pytest.mark.parametrize(
    ("answer", "version"),
    [
        ('openjdk version "17.0.15" 2025-04-15', 17),
        ('openjdk version "21" 2023-09-19', 21),
        ('java version "1.8.0_292"', 8),
        ("no java here", None),
    ],
)
def test_the_version_of_java_is_read_from_its_own_words(answer: str, version: int | None, tmp_path: Path) -> None:
    program = tmp_path / "java"
    program.write_text(f"#!/bin/sh\necho '{answer}' >&2\n", encoding="utf-8")
    program.chmod(0o755)
    assert java.java_version(program) == version


MAVEN = """#!/bin/sh
for argument; do case "$argument" in -DoutputDirectory=*) folder="${argument#*=}" ;; esac; done
mkdir -p "$folder"
echo "not what was pinned" > "$folder/kafka_2.13-4.4.0.jar"
"""


def test_jars_other_than_the_pinned_ones_are_refused_and_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs, cache = tmp_path / "bin", tmp_path / "cache"
    programs.mkdir()
    for name, text in (("mvn", MAVEN), ("java", "#!/bin/sh\necho 'openjdk version \"21\"' >&2\n")):
        (programs / name).write_text(text, encoding="utf-8")
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(DownloadFailed, match=r"\.jar: SHA-256 is .*jars\.txt says"):
        jars_directory(cache, lambda line: None)
    assert list(cache.iterdir()) == []


@pytest.mark.broker
def test_the_jars_that_run_here_are_the_pinned_ones(broker: str) -> None:
    settings = Settings.from_environment()
    if settings.broker or engine.is_available():
        pytest.skip("MUSTER_BROKER names a broker, or an engine runs it: no jars were fetched")
    folder = jars_directory(settings.cache_dir.expanduser().resolve(), lambda line: None)
    assert checksums_of(folder) == read_checksums()
