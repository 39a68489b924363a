# Sourced by the other scripts: Debian and Ubuntu packages, installed where that is allowed, otherwise told.
# shellcheck shell=bash

# as_root COMMAND...: run it as root, by sudo where we are not. Fails without asking where nobody could answer.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif [ -t 0 ] && [ -z "${CI:-}" ]; then
        sudo "$@"
    else
        sudo -n "$@"
    fi
}

may_be_root() {
    [ "$(id -u)" -eq 0 ] && return 0
    command -v sudo >/dev/null || return 1
    if [ -t 0 ] && [ -z "${CI:-}" ]; then
        return 0 # sudo asks for the password
    fi
    sudo -n true 2>/dev/null
}

# install_packages WHY PACKAGE...: install them with apt-get, or print the one line that does, and fail.
install_packages() {
    local why=$1
    shift
    local sudo_word=""
    [ "$(id -u)" -eq 0 ] || sudo_word="sudo "
    local line="${sudo_word}apt-get update && ${sudo_word}apt-get install -y --no-install-recommends $*"
    if command -v apt-get >/dev/null && may_be_root; then
        echo "$why: installing $* with apt-get" >&2
        as_root apt-get update -qq >&2
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2
        return
    fi
    echo "$why. Install what is missing with" >&2
    echo >&2
    echo "    $line" >&2
    echo >&2
    if ! command -v apt-get >/dev/null; then
        echo "or with your system's own package manager (the names are those of Debian and Ubuntu)." >&2
    fi
    return 1
}
