"""Known vulnerabilities of the locked packages, as the advisories of PyPI tell them. `make audit` calls it.

    python scripts/audit.py PIP_AUDIT FILE ...

Exit code 0: every package was looked up, none has an advisory; 1: some have one; 2: some could not be looked up, so nothing is
known of those. It reads the versions and hashes in the files and installs nothing.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

FOUND, UNKNOWN = 1, 2


def audited(pip_audit: str, file: str) -> list[dict[str, Any]]:
    """The packages of a requirement file with what is known of each. Raises SystemExit where pip-audit says nothing."""
    command = [
        pip_audit,
        "--disable-pip",
        "--require-hashes",
        "--format",
        "json",
        "--progress-spinner",
        "off",
        "-r",
        file,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        found: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        print(
            f"{file}: pip-audit gave no answer (exit code {done.returncode}): {done.stderr.strip()[-300:]}",
            file=sys.stderr,
        )
        raise SystemExit(UNKNOWN) from None
    return found


def verdict(file: str, packages: Sequence[dict[str, Any]]) -> tuple[int, list[str]]:
    """Exit code and lines for one file."""
    lines, code = [], 0
    unknown = sorted(package["name"] for package in packages if "skip_reason" in package)
    for package in packages:
        for advisory in package.get("vulns", ()):
            code = FOUND
            mended = ", ".join(advisory.get("fix_versions", ())) or "no version yet"
            lines.append(f"{file}: {package['name']} {package['version']}: {advisory['id']}, mended in {mended}")
    if unknown:
        code = code or UNKNOWN
        some = ", ".join(unknown[:5]) + (f" and {len(unknown) - 5} more" if len(unknown) > 5 else "")
        lines.append(f"{file}: {len(unknown)} of {len(packages)} packages could not be looked up: {some}")
        reason = next(package["skip_reason"] for package in packages if "skip_reason" in package)
        lines.append(f"{file}: pip-audit says of the first: {reason} (a mirror of the package index has no advisories)")
    if not code:
        lines.append(f"{file}: no advisory for any of {len(packages)} packages")
    return code, lines


def main(arguments: Sequence[str]) -> int:
    pip_audit, *files = arguments
    codes = []
    for file in files:
        code, lines = verdict(file, audited(pip_audit, file))
        codes.append(code)
        print("\n".join(lines))
    return FOUND if FOUND in codes else max(codes, default=0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
