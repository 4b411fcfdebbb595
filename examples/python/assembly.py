# SPDX-License-Identifier: GPL-3.0-or-later
"""A small simulation: a disordered start, a slow compression, a checkpoint. Run it as it is, or cell by cell in a notebook."""

# %% 100 L and 200 S without overlap, at a packing fraction of 0.40.
import numpy as np

import bnsl

species = np.repeat([0, 1], (100, 200))
diameters = np.where(species == 0, 1.0, 0.55)
box = bnsl.Box.cube((np.pi / 6 * (diameters**3).sum() / 0.40) ** (1 / 3))
points = bnsl.random_start(box, diameters, seed=1)

# %% A well depth of 2.5 kT, Langevin dynamics, compressed to 0.42 in 2000 steps. Ctrl-C would stop it between two steps.
md = bnsl.MD((box, points), bnsl.Potential(diameters[[0, -1]], n=50, m=25), species=species, kT=0.4, friction=1.0, seed=1)
md.thermalize(0.4).set_packing_schedule([0, 2000], [0.40, 0.42])
with bnsl.Trajectory("assembly.gsd", "w") as trajectory:
    for _ in range(4):
        md.run(500, progress=True)
        trajectory.append(md.frame())
        thermo = md.thermo
        print(f"step {thermo.step:5}  phi {thermo.packing_fraction:.4f}  kT {thermo.kT:.3f}  U/N {thermo.potential_energy / len(md):.4f}")

# %% A checkpoint goes on to the same bits, on any number of threads.
md.save("assembly.checkpoint")
again = bnsl.MD.load("assembly.checkpoint", num_threads=2)
assert np.array_equal(md.run(100).positions, again.run(100).positions)

# %% The same particles in the narrow and the wide well, by reweighting: no new run is needed.
wide = bnsl.Potential([1.0, 0.55], n=50, m=6)
print("energy now", round(md.thermo.potential_energy, 3), "with the wide well", round(md.energy_with(wide), 3))

# %% How far they moved while the volume stays.
md.set_packing_schedule([], [])
msd = bnsl.MSD(md.box, n_species=2)
for _ in range(30):
    msd.add(md.run(20).points, md.images, md.species)
print("D of L, S and all:", np.round(msd.diffusion(dt=20 * 0.002, n_blocks=3).D, 4))

# %% Forces for a time loop of one's own.
bonds = bnsl.NeighborList((md.box, md.points), pair_cutoffs=bnsl.Potential().cutoffs + 0.1, species=species)
forces, energies, virial = bnsl.pair_forces(bonds, bnsl.Potential(), species)
print("largest difference to the simulation's forces:", f"{np.abs(forces - md.forces).max() / np.abs(forces).max():.0e}")
