# SPDX-License-Identifier: GPL-3.0-or-later
"""Which particles are crystalline, in which structure, how ordered, how dense? Run it as it is, or cell by cell in a notebook."""

# %% An AlB2 crystallite in a gas of its own particles.
import numpy as np

import bnsl
from bnsl import core

crystal = bnsl.Lattice("AlB2", a=1.06).sphere(3.5)
box = bnsl.Box.cube(14)
gas = core.random_uniform(3 * 600, seed=3).reshape(600, 3) * 14 - 7
gas = gas[np.linalg.norm(gas, axis=1) > 4.5]
noise = 0.03 * core.random_normal(crystal.points.size, seed=2).reshape(-1, 3)
points = np.concatenate((crystal.points + noise, gas))
species = np.concatenate((crystal.species, np.arange(len(gas)) % 3 > 0))
system = bnsl.as_system((box, points), species)

# %% The phase of every L; the crystal and its surface.
phases = bnsl.classify(system)
clusters, sizes = bnsl.crystal_clusters(system, phases=phases)
regions = bnsl.surface(system, phases=phases)
n_large = (crystal.species == 0).sum()
print((phases == bnsl.Phase.ALB2).sum(), "L are AlB2; the largest cluster has", sizes[0], "of", n_large, "L put there")
print("core", (regions == bnsl.Region.CORE).sum(), "and surface", (regions == bnsl.Region.SURFACE).sum())
core_size, with_surface = sizes[0], sizes[0] + (regions == bnsl.Region.SURFACE).sum()
assert core_size < n_large <= with_surface
print("confirmed by connections:", bnsl.confirm(system, phases=phases).confirmed.sum(), "grains:", bnsl.grains(system, phases=phases).sizes)

# %% Averaged Steinhardt parameters of L by L, and how dense it is around each.
order = bnsl.Steinhardt(l=[4, 6], average=True).compute(system, neighbors={"num_neighbors": 8, "between": ("L", "L")})
density = bnsl.LocalDensity(r_max=1.3, diameter=1.0).compute(system)
inside = phases == bnsl.Phase.ALB2
print("q4, q6 in the crystal", np.round(order.ql[inside].mean(axis=0), 3), "density", round(density.density[inside].mean(), 3))
print("dense as AlB2:", (density.density[species == 0] > bnsl.density_threshold(bnsl.Phase.ALB2)).sum(), "L")

# %% Pair distribution, of each pair of species.
rdf = bnsl.RDF(bins=150, r_max=4, n_species=2).compute(system)
g, neighbors = rdf.rdf_of("L", "L")
print("g_LL has its maximum at", round(rdf.bin_centers[g.argmax()], 3))

try:
    rdf.plot().figure.savefig("rdf.png")
    order.plot().figure.savefig("order.png")
except ImportError:
    print("no picture: matplotlib is not installed")
