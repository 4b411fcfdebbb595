#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# One diffraction pattern by lmfit and by the library, alternately, and a series of 695 by the library; a table of medians, processor time of one
# thread. Half a minute.
# usage: bench/lmfit.sh [BUILDDIR]
# In the environment: PYTHON (python3: an interpreter that has lmfit), REPEATS (5)
set -eu
export LC_ALL=C PYTHONDONTWRITEBYTECODE=1 OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
here=$(cd "$(dirname "$0")" && pwd)
build=${1:-.}
python=${PYTHON:-python3}
"$python" -c 'import lmfit' 2>/dev/null || { echo "$python has no lmfit (pip install lmfit)"; exit 1; }
for program in bench/bench_saxs_fit tests/write_series; do
    [ -x "$build/$program" ] || { echo "no $build/$program: make $program first"; exit 1; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$build/tests/write_series" alb2 1 0 1 "$work/run.tsv" "$work/errors.tsv"
"$python" "$here/beside_lmfit.py" "$build/bench/bench_saxs_fit" "$work/run.tsv" "$work/errors.tsv"
