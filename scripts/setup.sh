#!/usr/bin/env bash
# Make .venv with `muster` in it. PYTHON names an interpreter; otherwise the first of 3.13, 3.12, 3.11, python3 that is
# 3.11 or newer. Only what is missing is done, so it can be run again.
#
#   scripts/setup.sh REQUIREMENTS
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/packages.sh
requirements=${1:-requirements.txt}

fits() { # a version manager's shim exists for versions that cannot be run: it has to answer
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
    local candidate
    for candidate in ${PYTHON:+"$PYTHON"} python3.13 python3.12 python3.11 python3; do
        if command -v "$candidate" >/dev/null && fits "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    return 1
}

if [ -n "${PYTHON:-}" ] && ! fits "$PYTHON"; then
    echo "PYTHON=$PYTHON is not a Python 3.11 or newer" >&2
    exit 1
fi
if ! python=$(find_python); then
    echo "Muster needs Python 3.11 or newer; found: $(python3 --version 2>/dev/null || echo 'no python3')." >&2
    # Debian 12 has 3.11, Debian 13 has 3.13, Ubuntu 24.04 has 3.12: there `python3` is new enough.
    install_packages "There is no Python 3.11 or newer here" python3 python3-venv
    python=$(find_python) || {
        echo "this release's python3 is too old: install a newer one and name it, PYTHON=/path/to/python3 make setup" >&2
        exit 1
    }
fi

if [ -x .venv/bin/python ] && ! fits .venv/bin/python; then
    echo "removing .venv: its Python does not run any more, or is too old" >&2
    rm -rf .venv
fi
if [ ! -x .venv/bin/python ] || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        # The package belongs to one version: python3.12-venv. Debian's own python3 has it as python3-venv, too.
        version=$("$python" -c 'import sys; print("{}.{}".format(*sys.version_info))')
        install_packages "$python has no venv module" "python$version-venv"
    fi
    echo "making .venv with $("$python" --version)" >&2
    "$python" -m venv --clear .venv
fi

scripts/install.sh .venv/bin/python "$requirements" --editable
