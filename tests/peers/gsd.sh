#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# GSD files of bnsl as the Python package gsd reads them, and the reverse. PYTHON: an interpreter that has gsd and numpy, "python3" by default.
PYTHON=${PYTHON:-python3}
"$PYTHON" -c 'import gsd.hoomd, numpy' 2>/dev/null || { echo "$PYTHON has no gsd and numpy (pip install gsd numpy)" && exit 77; }
[ -e "$BUILDDIR/libbnsl.so" ] || { echo "libbnsl is built without a shared library" && exit 77; }
export BUILDDIR PYTHONDONTWRITEBYTECODE=1
files=$SRCDIR/tests/peers/gsd_files.py

"$BNSL" assemble --phi 0.3,0.5 --particles 400 --polydispersity 0.05,0.06 --steps 3000 --equilibrate 500 --frames 5 --seed 1 --threads 1 --quiet \
    --out run >/dev/null &&
    "$BNSL" lattice AlB2 --a 1.06 --repeat 4,5,6 -o tilted.gsd --quiet >/dev/null &&
    "$BNSL" lattice NaZn13 --a 2.83 --sphere 4 -o sphere.gsd --quiet >/dev/null &&
    "$BNSL" steinhardt run/trajectory.gsd --between L,S --l 4,6 --wl --connections 6 -o steinhardt.gsd --quiet >/dev/null &&
    "$BNSL" order run/trajectory.gsd -o order.gsd --quiet >/dev/null || exit 1
"$PYTHON" "$files" read run/trajectory.gsd tilted.gsd sphere.gsd steinhardt.gsd order.gsd || exit 1
"$PYTHON" "$files" write theirs.gsd && "$PYTHON" "$files" read *theirs.gsd || exit 1
"$BNSL" convert theirs.gsd copy.gsd --quiet >/dev/null && "$PYTHON" "$files" same copy.gsd theirs.gsd
