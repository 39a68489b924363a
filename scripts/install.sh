#!/usr/bin/env bash
# Install locked requirements, each checked against its hash, and Muster itself on top: what `make setup` and the image do.
#
#   scripts/install.sh PYTHON REQUIREMENTS [--editable | --project]
#
# Without the last word only the requirements. Nothing is resolved or built in isolation: what is not locked is not installed.
set -euo pipefail
cd "$(dirname "$0")/.."
python=$1
requirements=$2
project=${3:-}

# On a terminal pip's bars show that it gets on; in a log its line for every package only hides what matters.
progress=(--quiet)
[ -t 1 ] && progress=()
started=$SECONDS
echo "installing $(grep -c '^[a-zA-Z0-9]' "$requirements") locked packages from $requirements (a minute or less)" >&2
"$python" -m pip install --disable-pip-version-check --no-input --require-hashes --no-deps --only-binary :all: \
    ${progress[@]+"${progress[@]}"} --requirement "$requirements"
echo "installed in $((SECONDS - started)) s" >&2

case "$project" in
    "") ;;
    --editable) "$python" -m pip install --disable-pip-version-check --no-input --quiet --no-deps --no-build-isolation --editable . ;;
    --project) "$python" -m pip install --disable-pip-version-check --no-input --quiet --no-deps --no-build-isolation . ;;
    *)
        echo "scripts/install.sh: $project is neither --editable nor --project" >&2
        exit 2
        ;;
esac
