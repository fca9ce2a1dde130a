#!/usr/bin/env bash
# Writes requirements/*.txt anew from pyproject.toml: every version and hash, no index, no path.
#   bash scripts/lock.sh                    the newest versions that fit together
#   CONSTRAINT=file bash scripts/lock.sh    under the versions of a constraints file
# Needs `uv`. The locks agree with each other: each is resolved under the versions of all extras together.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

compile() { # compile NAME [further arguments]: one lock, the same on every platform
    local name=$1
    shift
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
        --output-file "requirements/$name.txt" "$@"
}

all=$(mktemp)
trap 'rm -f "$all"' EXIT
uv pip compile --quiet --universal --python-version 3.11 --no-header --no-annotate --extra clustertest --extra dev \
    ${CONSTRAINT:+--constraint "$CONSTRAINT"} pyproject.toml --output-file "$all"
compile base pyproject.toml --constraint "$all"
compile ocr --extra ocr pyproject.toml --constraint "$all"
compile cluster --extra cluster pyproject.toml --constraint "$all"
compile clustertest --extra clustertest pyproject.toml --constraint "$all"
compile dev --extra dev pyproject.toml --constraint "$all"
compile build --constraint "$all" - <<< setuptools
