#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Density profiles of a droplet of 5,000 polydisperse particles in a sphere of fixed radius, from md and from LAMMPS; some two minutes.
LMP=${LMP:-lmp}
export LMP
command -v "$LMP" >/dev/null || { echo "LAMMPS ($LMP) is not installed" && exit 77; }
"$LMP" -h | grep -q 'mie/cut' || { echo "this LAMMPS ($LMP) has no pair style mie/cut (package EXTRA-PAIR)" && exit 77; }
exec "$BUILDDIR/tests/peers/peer_droplet"
