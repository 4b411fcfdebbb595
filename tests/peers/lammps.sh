#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Energies, pressures and forces of md against LAMMPS (pair styles mie/cut and lj/cut, walls). LMP: the program, "lmp" by default.
LMP=${LMP:-lmp}
export LMP
command -v "$LMP" >/dev/null || { echo "LAMMPS ($LMP) is not installed" && exit 77; }
"$LMP" -h | grep -q 'mie/cut' || { echo "this LAMMPS ($LMP) has no pair style mie/cut (package EXTRA-PAIR)" && exit 77; }
exec "$BUILDDIR/tests/peers/peer_lammps"
