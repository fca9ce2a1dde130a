#!/usr/bin/env bash
# Makes .venv and installs the locked packages into it. Called by run.sh and test.sh; safe to call again.
#   bash scripts/setup.sh [base|ocr|cluster|clustertest|dev]     which of requirements/*.txt; base if not said
# Works on a fresh Debian 12: a missing system package is installed when that is allowed (root, or sudo
# without a password); else the one line to type is printed and the exit code is 3.
# The second time nothing is done: a stamp in .venv names the locks it was made from.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
lock=${1:-base}
[ -f "requirements/$lock.txt" ] || { echo "setup.sh: there is no requirements/$lock.txt" >&2; exit 2; }

say() { printf '%s\n' "$*" >&2; }

need_system() { # need_system PACKAGE…: apt-get install, or say what to type
    local as_root=()
    if [ "$(id -u)" != 0 ]; then
        if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then as_root=(sudo -n); else as_root=(false); fi
    fi
    if ! command -v apt-get >/dev/null || [ "${as_root[0]:-}" = false ]; then
        say "Missing: $*. Type this line, then start again / Thiếu gói, hãy gõ dòng sau rồi chạy lại:"
        say "    sudo apt-get update && sudo apt-get install -y $*"
        exit 3
    fi
    say "Installing $* with apt-get …"
    export DEBIAN_FRONTEND=noninteractive
    "${as_root[@]}" apt-get update -qq >&2 || true
    if ! "${as_root[@]}" apt-get install -y -qq --no-install-recommends "$@" </dev/null >&2; then
        say "apt-get could not install: $*. See the lines above; with a network, type:"
        say "    sudo apt-get update && sudo apt-get install -y $*"
        exit 3
    fi
}

find_python() { # prints the first Python that is new enough
    local name
    for name in ${BAOCAO_PYTHON:-} python3.11 python3.12 python3.13 python3.14 python3; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            "$name" -c 'import sys; print(sys.executable)'
            return 0
        fi
    done
    return 1
}

# 1. Is everything there already?
wanted="$(sha256sum "requirements/$lock.txt" requirements/build.txt pyproject.toml scripts/setup.sh | cut -c1-64 | tr '\n' ' ')$PWD"
stamp=".venv/.installed-$lock"
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ] && .venv/bin/python -c '' 2>/dev/null; then exit 0; fi

# 2. A Python, and an environment with pip in it.
python=$(find_python) || { need_system python3 python3-venv; python=$(find_python) || { say "Python 3.11 or newer is needed."; exit 3; }; }
pip=(.venv/bin/python -m pip)
if ! .venv/bin/python -c '' 2>/dev/null || ! [ "$(cat .venv/.python 2>/dev/null)" = "$python" ]; then
    rm -rf .venv
    if "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        "$python" -m venv .venv
    elif "$python" -m pip --version >/dev/null 2>&1 && "$python" -m venv --without-pip .venv 2>/dev/null; then
        :
    else
        rm -rf .venv
        need_system "$(basename "$(readlink -f "$python")")-venv"
        "$python" -m venv .venv
    fi
    printf '%s' "$python" > .venv/.python
fi
"${pip[@]}" --version >/dev/null 2>&1 || pip=("$python" -m pip --python .venv/bin/python)

# 3. The locked packages, by hash, then this checkout itself in place.
say "Installing the packages of requirements/$lock.txt into .venv (first time: one to three minutes) …"
quiet=(--quiet --disable-pip-version-check --no-input)
if ! "${pip[@]}" install "${quiet[@]}" --require-hashes --only-binary :all: -r requirements/build.txt -r "requirements/$lock.txt" </dev/null >&2; then
    say "The packages could not be installed. Is there a network? Then start the same command again."
    exit 3
fi
"${pip[@]}" install "${quiet[@]}" --no-deps --no-build-isolation --config-settings editable_mode=compat -e . </dev/null >&2

printf '%s' "$wanted" > "$stamp"
