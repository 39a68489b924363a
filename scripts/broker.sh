#!/usr/bin/env bash
# See to it that a broker can be started: nothing to do where MUSTER_BROKER names one or a Docker engine runs; otherwise
# Java and Maven (installed where that is allowed) and Kafka's jars (fetched once).
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/packages.sh

[ -z "${MUSTER_BROKER:-}" ] || exit 0
python=.venv/bin/python
if "$python" -m streams.kafka_distribution.engine; then
    exit 0
fi
if "$python" -m streams.kafka_distribution.download --present; then
    missing=$("$python" -m streams.kafka_distribution.java)
else
    missing=$("$python" -m streams.kafka_distribution.java --maven)
fi
if [ -n "$missing" ]; then
    # shellcheck disable=SC2086  # one word a package
    install_packages "Kafka runs on Java 17 or newer, and Maven fetches it (or start a Docker engine, or set MUSTER_BROKER)" $missing
fi
"$python" -m streams.kafka_distribution.download
