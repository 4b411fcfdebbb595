# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares what the two example scripts print, and hands frames and lists of either library to the other.  usage: freud_user.py GSD FREUD BNSL"""

import sys

import freud
import gsd.hoomd
import numpy as np

import bnsl

theirs, ours = (np.concatenate([np.array(line.split(), float) for line in open(name, encoding="utf-8")]) for name in sys.argv[2:])
assert theirs.shape == ours.shape, (theirs.shape, ours.shape)
difference = np.abs(theirs - ours)
order, pairs = difference[:-120].max(), difference[-120:].max()  # 60 lines of r and g(r) at the end
assert len(theirs) > 120 and order <= 2e-5, order  # printed with 5 digits; freud computes in single precision
assert pairs <= 2e-3, pairs  # a pair or two at the edge of a bin is on the other side of it in single precision
print(f"ok with_freud.py and with_bnsl.py: {len(theirs)} numbers, largest difference {order:.1e}, of g(r) {pairs:.1e}")

frame = bnsl.Trajectory(sys.argv[1])[-1]
with gsd.hoomd.open(sys.argv[1]) as file:
    snapshot = file[-1]
arguments = {"num_neighbors": 12}
results = [
    freud.order.Steinhardt(6).compute(frame, arguments).particle_order,  # our frame in freud
    freud.order.Steinhardt(6).compute(snapshot, bnsl.NeighborList(frame, num_neighbors=12).to_freud()).particle_order,  # our list in freud
    freud.order.Steinhardt(6).compute(bnsl.as_system(frame), arguments).particle_order,
    bnsl.Steinhardt(6).compute(snapshot, arguments).particle_order,  # their frame here
    bnsl.Steinhardt(6).compute(freud.AABBQuery(snapshot.configuration.box, snapshot.particles.position), arguments).particle_order,
    bnsl.Steinhardt(6)
    .compute(
        neighbors=freud.AABBQuery.from_system(snapshot)
        .query(snapshot.particles.position, {**arguments, "exclude_ii": True})
        .toNeighborList()
    )
    .particle_order,  # their list here
]
largest = max(np.abs(result - results[0]).max() for result in results)
assert largest < 5e-5, largest
print(f"ok frames and lists of either library in the other: largest difference of q6 {largest:.1e}")

large = bnsl.as_system(frame).points[frame.species == 0]
pair = freud.order.Steinhardt(6, average=True), bnsl.Steinhardt(6, average=True)
values = [steinhardt.compute((frame.box, large), arguments).order for steinhardt in pair]
assert abs(values[0] - values[1]) < 1e-5, values
print(f"ok order of the whole system: {values[1]:.6f}, difference {abs(values[0] - values[1]):.1e}")
cluster = [c.compute((frame.box, large), neighbors={"r_max": 1.1}) for c in (freud.cluster.Cluster(), bnsl.Cluster())]
assert sorted(map(len, cluster[0].cluster_keys)) == sorted(map(len, cluster[1].cluster_keys))
print(f"ok clusters: {cluster[1].num_clusters}")
