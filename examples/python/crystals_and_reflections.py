# SPDX-License-Identifier: GPL-3.0-or-later
"""Structure prototypes: bond lengths, packing, particles, reflections. Run it as it is, or cell by cell in a notebook."""

# %% What is known, and how the spheres of 7.6 and 4.2 nm would touch.
import numpy as np

import bnsl

for name in bnsl.Lattice.prototypes():
    lattice = bnsl.Lattice(name, a=8.2)
    bonds = lattice.bond_lengths()
    print(f"{name:8} {lattice.space_group:10} L {lattice.n_large:3} S {lattice.n_small:3}  b_LL {bonds.LL:.3f}  b_LS {bonds.LS:.3f}")

# %% AlB2 a little flattened, as measured; 6 x 4 x 6 orthogonal cells of it.
alb2 = bnsl.Lattice("AlB2", a=8.2, c_over_a=0.99)
box, points, species = alb2.supercell(6, 4, 6, cell="orthogonal")
print(len(points), "particles in", box, "volume fraction", round(alb2.volume_fraction(7.6, 4.2), 4))

# %% Where its reflections are, and how strong with L and S of equal contrast: amplitudes are proportional to the volumes.
for line in alb2.reflections(2.0):
    print(line.hkl, f"q {line.q:.4f} nm^-1  x {line.multiplicity:2}  |F|^2 {line.intensity(1.0, (4.2 / 7.6) ** 3) / line.multiplicity:.4f}")

# %% A finite crystallite: everything within 30 nm of an L.
cluster = alb2.sphere(30)
print("crystallite:", np.bincount(cluster.species), "L and S")

try:
    alb2.plot().figure.savefig("alb2.png")
except ImportError:
    print("no picture: matplotlib is not installed")
