"""Java and Maven: where they are, and what to type where they are not.

`python -m streams.kafka_distribution.java [--maven]` prints the Debian packages that are missing, one a line, and nothing
where none is: `scripts/broker.sh` installs them.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

OLDEST_JAVA = 17  # Kafka 4's brokers need it: Kafka 4.0 release notes, "Upgrade guide: Java 17"


class JavaMissing(Exception):
    """Java or Maven is missing; the message holds the one line that installs them."""


@dataclass(frozen=True, slots=True)
class Java:
    """What runs the broker: the `java` program, and Maven's where one was found."""

    java: Path
    maven: Path | None


def find_java(*, maven_needed: bool) -> Java:
    """Java 17 or newer from JAVA_HOME or PATH, and Maven from PATH. Raises `JavaMissing`."""
    missing = missing_packages(maven_needed=maven_needed)
    java = _java()
    if missing or java is None:
        raise JavaMissing(
            f"Kafka runs on Java {OLDEST_JAVA} or newer"
            + (", and Maven fetches it" if maven_needed else "")
            + f"; missing here: {', '.join(missing)}. Install with\n\n    {install_line(missing)}\n\n"
            "or start a Docker engine, or set MUSTER_BROKER to a Kafka that runs elsewhere."
        )
    maven = shutil.which("mvn")
    return Java(java, Path(maven) if maven else None)


def missing_packages(*, maven_needed: bool) -> list[str]:
    """Names of the Debian packages that would bring what is not here."""
    missing = []
    java = _java()
    if java is None or (java_version(java) or 0) < OLDEST_JAVA:
        missing.append(_java_package())
    if maven_needed and shutil.which("mvn") is None:
        missing.append("maven")
    return missing


def install_line(packages: list[str]) -> str:
    """The command that installs `packages` on Debian or Ubuntu."""
    sudo = "" if os.geteuid() == 0 else "sudo "
    return f"{sudo}apt-get update && {sudo}apt-get install -y --no-install-recommends {' '.join(packages)}"


def java_version(java: Path) -> int | None:
    """17 for `openjdk version "17.0.15"`, 8 for `"1.8.0_292"`; None where the program does not answer so."""
    try:
        answer = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.search(r'version "(?:1\.)?(\d+)', answer.stderr + answer.stdout)
    return int(found[1]) if found else None


def _java() -> Path | None:
    home = os.environ.get("JAVA_HOME")
    if home and (Path(home) / "bin" / "java").is_file():
        return Path(home) / "bin" / "java"
    found = shutil.which("java")
    return Path(found) if found else None


def _java_package() -> str:
    """The newest long-lived Java that this release has: Debian 12 has 17, Debian 13 and Ubuntu 24.04 have 21."""
    if shutil.which("apt-cache"):
        for version in (21, 17):
            name = f"openjdk-{version}-jre-headless"
            answer = subprocess.run(
                ["apt-cache", "show", name],
                capture_output=True,
                text=True,
                check=False,
            )
            if answer.returncode == 0 and f"Package: {name}" in answer.stdout:
                return name
    return "default-jre-headless"


if __name__ == "__main__":
    print("\n".join(missing_packages(maven_needed="--maven" in sys.argv[1:])))
