# SPDX-License-Identifier: GPL-3.0-or-later
"""An analysis as users of freud write it: bond order, local density and g(r) of the large particles of a GSD file.
with_freud.py is the same with other imports and constructors.  usage: with_bnsl.py FILE"""

import sys

import numpy as np

import bnsl

trajectory = bnsl.Trajectory(sys.argv[1])
steinhardt = bnsl.Steinhardt(l=6, average=True)
density = bnsl.LocalDensity(r_max=1.3, diameter=1.0)
rdf = bnsl.RDF(bins=60, r_max=3.0)

for frame in trajectory:
    box, points = frame.configuration.box, frame.particles.position
    large = points[frame.particles.typeid == 0]
    steinhardt.compute((box, large), neighbors={"num_neighbors": 12})
    density.compute((box, points), query_points=large)
    rdf.compute((box, large), reset=False)
    print(frame.configuration.step, f"{np.mean(steinhardt.particle_order):.5f} {np.mean(density.density):.5f}")

for r, g in zip(rdf.bin_centers, rdf.rdf):
    print(f"{r:.4f} {g:.4f}")
