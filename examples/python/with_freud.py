# SPDX-License-Identifier: GPL-3.0-or-later
"""An analysis as users of freud write it: bond order, local density and g(r) of the large particles of a GSD file.
with_bnsl.py is the same with other imports and constructors.  usage: with_freud.py FILE"""

import sys

import freud
import gsd.hoomd
import numpy as np

trajectory = gsd.hoomd.open(sys.argv[1])
steinhardt = freud.order.Steinhardt(l=6, average=True)
density = freud.density.LocalDensity(r_max=1.3, diameter=1.0)
rdf = freud.density.RDF(bins=60, r_max=3.0)

for frame in trajectory:
    box, points = frame.configuration.box, frame.particles.position
    large = points[frame.particles.typeid == 0]
    steinhardt.compute((box, large), neighbors={"num_neighbors": 12})
    density.compute((box, points), query_points=large)
    rdf.compute((box, large), reset=False)
    print(frame.configuration.step, f"{np.mean(steinhardt.particle_order):.5f} {np.mean(density.density):.5f}")

for r, g in zip(rdf.bin_centers, rdf.rdf):
    print(f"{r:.4f} {g:.4f}")
