# SPDX-License-Identifier: GPL-3.0-or-later
"""Neighbour lists: cut-offs, nearest, shells without a cut-off; zero-copy arrays. Run it as it is, or cell by cell in a notebook."""

# %% A crystal with some noise.
import numpy as np

import bnsl
from bnsl import core

box, points, species = bnsl.Lattice("NaZn13", a=1.9).supercell(3)
points = box.wrap(points + 0.02 * core.random_normal(points.size, seed=1).reshape(-1, 3))

# %% Every pair nearer than 0.8; the arrays are views of the library's memory, and keep it alive.
bonds = bnsl.NeighborList((box, points), 0.8)
print(bonds, "shortest", round(bonds.distances.min(), 3), "mean number", bonds.neighbor_counts.mean())
assert not bonds.distances.flags.owndata

# %% The 24 S around each L: the snub cubes of NaZn13.
cages = bnsl.NeighborList((box, points), num_neighbors=24, between=("L", "S"), species=species)
print("radius of the cages", round(cages.distances.mean(), 4))

# %% Shells without a cut-off.
for mode in ("sann", "rad-open", "rad-closed"):
    shells = bnsl.NeighborList((box, points), mode=mode)
    counts = shells.neighbor_counts
    print(f"{mode:10} {counts[species == 0].mean():6.2f} around L {counts[species == 1].mean():6.2f} around S")

# %% A cut-off for each pair of species, or for each pair of diameters.
cutoffs = bnsl.Potential([1.0, 0.55]).cutoffs
typed = bnsl.NeighborList((box, points), pair_cutoffs=cutoffs, species=species, half=True)
sized = bnsl.NeighborList((box, points), diameters=np.where(species == 0, 1.0, 0.55), factor=1.1)
print(len(typed), "pairs within the potential's cut-offs;", len(sized), "bonds of spheres that nearly touch")
