#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Neighbours, Steinhardt parameters, connections, clusters, local densities and g(r) beside those of freud, for crystals and a fluid in motion;
# half a minute. PYTHON: an interpreter that has freud, gsd and numpy, "python3" by default.
PYTHON=${PYTHON:-python3}
"$PYTHON" -c 'import freud, gsd.hoomd, numpy' 2>/dev/null ||
    { echo "$PYTHON has no freud, gsd and numpy (pip install freud-analysis gsd numpy)" && exit 77; }
[ -e "$BUILDDIR/libbnsl.so" ] || { echo "libbnsl is built without a shared library" && exit 77; }
export BUILDDIR PYTHONDONTWRITEBYTECODE=1
peers=$SRCDIR/tests/peers

# The edges turn the crystals so that no bond to a near neighbour is along the z axis, where freud rounds directions most.
crystal() { # name, lattice constant, edges, seed
    "$BNSL" lattice "$1" --a "$2" -o "$1-cell.xyz" --quiet >/dev/null &&
        "$PYTHON" "$peers/supercell.py" "$3" <"$1-cell.xyz" >"$1-start.xyz" &&
        "$BNSL" assemble --start "$1-start.xyz" --steps 1000 --frames 2 --friction 1 --seed "$4" --threads 1 --quiet --out "$1" >/dev/null
}
crystal AlB2 1.06 12,0,3,-1,12,3,-2,-2,12 1 || exit 1
crystal NaZn13 2.83 3,1,1,1,3,-1,-1,1,3 2 || exit 1
crystal fcc 1.5 9,2,3,2,9,-3,-2,1,9 3 || exit 1
"$BNSL" assemble --phi 0.5 --particles 3000 --steps 1000 --equilibrate 1000 --frames 2 --seed 4 --threads 1 --quiet --out fluid >/dev/null || exit 1
exec "$PYTHON" "$peers/freud_order.py" AlB2=AlB2/trajectory.gsd NaZn13=NaZn13/trajectory.gsd fcc=fcc/trajectory.gsd fluid=fluid/trajectory.gsd
