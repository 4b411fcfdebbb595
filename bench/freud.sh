#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The library's structure analysis beside freud: the same particles, neighbours, orders and bins, run alternately; a table of medians, one thread
# and two, wall time, and the processor time on one. Some two minutes.
# usage: bench/freud.sh [BUILDDIR [FILE]]    FILE: another configuration, see bench/beside_freud.py
# In the environment: PYTHON (python3: an interpreter that has freud and numpy), REPEATS (5), CASES
set -eu
export LC_ALL=C PYTHONDONTWRITEBYTECODE=1 OMP_WAIT_POLICY=${OMP_WAIT_POLICY-passive}
here=$(cd "$(dirname "$0")" && pwd)
build=${1:-.}
[ $# -eq 0 ] || shift
python=${PYTHON:-python3}
"$python" -c 'import freud, numpy' 2>/dev/null || { echo "$python has no freud (pip install freud-analysis)"; exit 1; }
for program in bench_order bench_sq; do
    [ -x "$build/bench/$program" ] || { echo "no $build/bench/$program: make bench/$program first"; exit 1; }
done
exec "$python" "$here/beside_freud.py" "$build/bench/bench_order" "$@"
