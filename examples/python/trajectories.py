# SPDX-License-Identifier: GPL-3.0-or-later
"""Trajectories, tables, curves: files in and out. Run it as it is, or cell by cell in a notebook."""

# %% A trajectory with results in it, which OVITO colours by. Files appear complete, or not at all.
import numpy as np

import bnsl

box, points, species = bnsl.Lattice("AlB2", a=1.06).supercell(6, 4, 6, cell="orthogonal")
with bnsl.Trajectory("crystal.gsd", "w") as out:
    for step in range(3):
        frame = bnsl.Frame(box, points, species, step=step)
        frame["phase"] = bnsl.classify((box, points), species)
        frame.scalars["kT"] = 0.4
        out.append(frame)

# %% Read it: frames have box and points, so they are systems for this package, and for freud.
with bnsl.Trajectory("crystal.gsd") as trajectory:
    last = trajectory[-1]
    print(trajectory, last)
    print("phases", np.bincount(last["phase"].astype(int)), "kT", last.scalars["kT"])
    counts = [int((bnsl.classify(frame) == bnsl.Phase.ALB2).sum()) for frame in trajectory]
print("AlB2 in each frame:", counts)
assert counts == [288] * 3

# %% The same as extended XYZ, and as an object of gsd.hoomd where that is installed.
with bnsl.Trajectory("crystal.xyz", "w") as out:
    out.append(last)
try:
    print("gsd.hoomd:", last.to_gsd().particles.N, "particles")
except ImportError:
    print("gsd is not installed")

# %% Tables and scattering curves; a curve must say what its unit is.
q = np.linspace(0.1, 3, 50)
bnsl.write_table("curve.tsv", np.column_stack((q, bnsl.FormFactor(3)(q))), "q (nm^-1)\tI", overwrite=True)
curve = bnsl.read_curve("curve.tsv")
assert np.array_equal(curve.q, q)
print(len(curve), "points up to", curve.q[-1], "nm^-1")
