#!/usr/bin/env bash
# The tests on a fresh machine: sets everything up, runs pytest. Arguments go to pytest.
#   bash scripts/test.sh                 all tests, on two processes
#   bash scripts/test.sh tests/cli -k help
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
bash "$here/scripts/setup.sh" dev
cd "$here"
exec .venv/bin/python -m pytest -n 2 "$@"
