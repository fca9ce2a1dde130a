#!/usr/bin/env bash
# The main job on a fresh machine: sets everything up, reads corpus/ into out/, says where to look.
#   bash scripts/run.sh                              corpus/ → out/
#   bash scripts/run.sh FOLDER --out OUT [options]   whatever `baocao ingest` takes
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
bash "$here/scripts/setup.sh" base
if [ $# = 0 ]; then
    cd "$here"
    exec .venv/bin/baocao ingest corpus --out out
fi
exec "$here/.venv/bin/baocao" ingest "$@"
