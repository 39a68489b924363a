#!/usr/bin/env bash
# Programs that only tests use, from Debian's packages: a browser, kcat, Prometheus and Alertmanager. What is there already
# is taken; what cannot be had is told, and its tests are skipped with the reason. Never asks for a password.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/packages.sh
tools=build/tools

missing=()
command -v chromium >/dev/null || missing+=(chromium fonts-dejavu-core)
command -v kcat >/dev/null || missing+=(kcat)
if [ ${#missing[@]} -gt 0 ]; then
    if command -v apt-get >/dev/null && { [ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null; }; then
        install_packages "some tests need programs that are not here" "${missing[@]}" </dev/null ||
            echo "without ${missing[*]} some tests are skipped" >&2
    else
        echo "without ${missing[*]} some tests are skipped" >&2
    fi
fi

# Installed as packages these two would run as services from then on; unpacked they are only there.
for package in prometheus prometheus-alertmanager; do
    if ! command -v "$package" >/dev/null && [ ! -x "$tools/usr/bin/$package" ]; then
        mkdir -p "$tools"
        (cd "$tools" && apt-get download -qq "$package" >/dev/null 2>&1 && dpkg -x "$package"_*.deb . && rm "$package"_*.deb) ||
            echo "without $package some tests are skipped" >&2
    fi
done
