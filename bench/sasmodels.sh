#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Form factors and their fits beside sasmodels and lmfit: the same 500 wave numbers and pattern, run alternately on one thread; a table of
# medians. Half a minute, and the compilation of sasmodels' kernels the first time.
# usage: bench/sasmodels.sh [BUILDDIR]
# In the environment: PYTHON (python3: an interpreter that has sasmodels, lmfit and numpy), REPEATS (7)
set -eu
export LC_ALL=C PYTHONDONTWRITEBYTECODE=1 OMP_NUM_THREADS=1 SAS_OPENCL=none
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "${1:-.}" && pwd)
python=${PYTHON:-python3}
"$python" -c 'import lmfit, numpy, sasmodels' 2>/dev/null || { echo "$python has no sasmodels and lmfit (pip install sasmodels lmfit)"; exit 1; }
[ -e "$build/libbnsl.so" ] || { echo "no $build/libbnsl.so: make first"; exit 1; }
BNSL_LIBRARY=$build/libbnsl.so PYTHONPATH=$here/../bindings/python exec "$python" "$here/beside_sasmodels.py"
