#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# examples/python/with_freud.py and with_bnsl.py print the same numbers, to the digits that single precision leaves; and frames of either
# library feed the other. PYTHON: an interpreter that has freud, gsd and numpy, "python3" by default.
PYTHON=${PYTHON:-python3}
"$PYTHON" -c 'import freud, gsd.hoomd, numpy' 2>/dev/null ||
    { echo "$PYTHON has no freud, gsd and numpy (pip install freud-analysis gsd numpy)" && exit 77; }
[ -e "$BUILDDIR/libbnsl.so" ] || { echo "libbnsl is built without a shared library" && exit 77; }
export BNSL_LIBRARY="$BUILDDIR/libbnsl.so" PYTHONPATH="$SRCDIR/bindings/python" PYTHONDONTWRITEBYTECODE=1
"$BNSL" assemble --phi 0.5 --particles 1500 --steps 600 --equilibrate 600 --frames 3 --seed 4 --threads 1 --quiet --out fluid >/dev/null || exit 1
"$PYTHON" "$SRCDIR/examples/python/with_freud.py" fluid/trajectory.gsd >freud.txt || exit 1
"$PYTHON" "$SRCDIR/examples/python/with_bnsl.py" fluid/trajectory.gsd >bnsl.txt || exit 1
exec "$PYTHON" "$SRCDIR/tests/peers/freud_user.py" fluid/trajectory.gsd freud.txt bnsl.txt
