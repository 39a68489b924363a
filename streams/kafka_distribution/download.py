"""The jars of one pinned Kafka, fetched once into the cache and checked against `jars.txt`.

`python -m streams.kafka_distribution.download` does that; with `--present` it only says by its exit code whether they are
there; with `--lock` it fetches what `pom.xml` resolves to and writes `jars.txt` anew.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from streams.kafka_distribution.java import JavaMissing, find_java

HERE = Path(__file__).parent
POM = HERE / "pom.xml"
CHECKSUMS = HERE / "jars.txt"

Say = Callable[[str], None]


class DownloadFailed(Exception):
    """Maven could not bring the jars, or they are not the ones that were pinned."""


def kafka_version() -> str:
    """The version that `pom.xml` pins."""
    found = re.search(r"<kafka\.version>([^<]+)</kafka\.version>", POM.read_text(encoding="utf-8"))
    if not found:
        raise DownloadFailed(f"{POM}: no kafka.version")
    return found[1]


def jars_directory(cache_dir: Path, say: Say) -> Path:
    """The folder with Kafka's jars, fetched if it is not there yet.

    It appears whole or not at all: the jars are fetched into a folder beside it, checked, and renamed. Its name holds a
    digest of `jars.txt`, so that another set of jars is another folder. Raises `DownloadFailed` or `JavaMissing`.
    """
    target = _target(cache_dir)
    if target.is_dir():
        return target
    cache_dir.mkdir(parents=True, exist_ok=True)
    expected = read_checksums()
    say(f"fetching Apache Kafka {kafka_version()} once: {len(expected)} jars, some 43 MB, to {target}")
    with tempfile.TemporaryDirectory(prefix=".kafka-", dir=cache_dir) as temporary:
        fetched = Path(temporary) / "jars"
        _fetch(fetched, say, total=len(expected))
        found = checksums_of(fetched)
        for name in sorted(expected.keys() | found.keys()):
            if expected.get(name) != found.get(name):
                raise DownloadFailed(
                    f"{name}: SHA-256 is {found.get(name, 'missing')}, {CHECKSUMS.name} says {expected.get(name, 'no such jar')}"
                )
        try:
            fetched.rename(target)
        except OSError:
            if not target.is_dir():  # otherwise another process was first, with the same jars
                raise
    return target


def _target(cache_dir: Path) -> Path:
    digest = hashlib.sha256(CHECKSUMS.read_bytes()).hexdigest()[:8]
    return cache_dir / f"kafka-{kafka_version()}-{digest}"


def read_checksums() -> dict[str, str]:
    """Jar name to SHA-256, from `jars.txt`. Raises `DownloadFailed` naming the line that is wrong."""
    checksums = {}
    for number, line in enumerate(CHECKSUMS.read_text(encoding="utf-8").splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        match = re.fullmatch(r"([0-9a-f]{64})  (\S+\.jar)", line)
        if not match:
            raise DownloadFailed(f"{CHECKSUMS}:{number}: expected a SHA-256, two spaces and a jar")
        checksums[match[2]] = match[1]
    return checksums


def checksums_of(directory: Path) -> dict[str, str]:
    """Jar name to SHA-256 of what is in `directory`."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in directory.glob("*.jar")}


def _fetch(directory: Path, say: Say, total: int) -> None:
    maven = find_java(maven_needed=True).maven
    command = [
        str(maven), "-B", "--strict-checksums", "-f", str(POM),
        "org.apache.maven.plugins:maven-dependency-plugin:copy-dependencies", f"-DoutputDirectory={directory}",
    ]  # fmt: skip
    # Maven's own report of transfers is two lines a file; it is read here and told as one count.
    lines: list[str] = []
    jars = 0
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            lines.append(line.rstrip())
            if "Downloaded from" in line and ".jar " in line:
                jars += 1
                if jars % 10 == 0:
                    say(f"  {jars} jars so far (Kafka's {total} and what Maven needs itself)")
    if process.returncode != 0:
        # The first lines say what failed, the others how to ask Maven for more.
        errors = [line for line in lines if line.startswith("[ERROR] ")][:3] or lines[-10:]
        raise DownloadFailed("Maven could not fetch Kafka:\n" + "\n".join(errors))


def _main(arguments: list[str]) -> None:
    from streams.settings import Settings

    cache_dir = Settings.from_environment().cache_dir.expanduser().resolve()
    if arguments == ["--present"]:
        sys.exit(0 if _target(cache_dir).is_dir() else 1)
    elif arguments == ["--lock"]:
        _lock()
    elif arguments:
        sys.exit("usage: python -m streams.kafka_distribution.download [--present | --lock]")
    else:
        try:
            jars_directory(cache_dir, _say)
        except (DownloadFailed, JavaMissing) as error:
            sys.exit(f"muster: {error}")


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _lock() -> None:
    with tempfile.TemporaryDirectory() as temporary:
        _fetch(Path(temporary), _say, total=len(read_checksums()))
        found = checksums_of(Path(temporary))
    CHECKSUMS.write_text(
        "# SHA-256 of every jar that pom.xml resolves to; written by `make lock`.\n"
        + "".join(f"{found[name]}  {name}\n" for name in sorted(found)),
        encoding="utf-8",
    )
    print(f"{CHECKSUMS.name}: {len(found)} jars", file=sys.stderr)


if __name__ == "__main__":
    _main(sys.argv[1:])
