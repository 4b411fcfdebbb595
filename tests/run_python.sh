#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs tests/python with the first interpreter that has numpy and pytest: $PYTHON, python3 of the path, the system's.
# usage: tests/run_python.sh SRCDIR BUILDDIR [PYTEST-ARGUMENTS...]
srcdir=$(cd "$1" && pwd) && build=$(cd "$2" && pwd) || exit 1
shift 2
[ -e "$build/libbnsl.so" ] || { echo "python: skipped, libbnsl is built without a shared library" && exit 0; }
for python in "${PYTHON:-python3}" python3 /usr/bin/python3 none; do
    [ "$python" = none ] && echo "python: skipped, no python3 with numpy and pytest" && exit 0
    "$python" -c 'import numpy, pytest' 2>/dev/null && break
done
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
OMP_WAIT_POLICY=${OMP_WAIT_POLICY-passive}
export OMP_WAIT_POLICY PYTHONDONTWRITEBYTECODE=1 MPLBACKEND=Agg MPLCONFIGDIR="$work/matplotlib" BNSL_LIBRARY="$build/libbnsl.so"
export BNSL_PROGRAM="$build/bnsl" PYTHONPATH="$srcdir/bindings/python"
cd "$work" || exit 1
"$python" -m pytest -q -p no:cacheprovider --basetemp "$work/tmp" "$@" "$srcdir/tests/python" >"$work/log" 2>&1
status=$?
passed=$(sed -n 's/^\(.*[^0-9]\)\{0,1\}\([0-9][0-9]*\) passed.*/\2/p' "$work/log" | tail -n 1)
failed=$(sed -n 's/^\(.*[^0-9]\)\{0,1\}\([0-9][0-9]*\) \(failed\|error\).*/\2/p' "$work/log" | tail -n 1)
[ "$status" = 0 ] || tail -n 80 "$work/log"
[ "$status" = 0 ] || failed=${failed:-1}
echo "python: ${passed:-0} passed, ${failed:-0} failed"
[ "$status" = 0 ]
