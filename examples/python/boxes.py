# SPDX-License-Identifier: GPL-3.0-or-later
"""Boxes, positions in them, and random numbers that do not depend on who asks first. Run it as it is, or cell by cell in a notebook."""

# %% A tilted box in the convention of HOOMD-blue, GSD and freud, and what it is made of.
import numpy as np

import bnsl
from bnsl import core

box = bnsl.Box(10, 9, 8, xy=0.3, xz=0.1, yz=-0.2)
print(box, "volume", box.volume)
print("distances between faces", np.round(box.plane_distances, 3))

# %% 1000 random points, addressed by a seed: the same in every run, in any order of calls, for any number of threads.
points = core.random_uniform(3000, seed=7).reshape(1000, 3) * 40 - 20
wrapped, images = box.wrap(points, np.zeros((1000, 3), int))
assert np.allclose(box.unwrap(wrapped, images), points)
print("points in the box:", np.all(np.abs(box.to_fractional(wrapped)) <= 0.5), "cells crossed:", np.abs(images).max())

# %% Distances by the shortest image, exact in skewed boxes too.
distances = box.compute_distances(wrapped[:-1], wrapped[1:])
print("mean distance of random pairs", round(distances.mean(), 3), "largest", round(distances.max(), 3))

# %% A cell from a crystallographer's vectors, turned into the convention.
hexagonal, rotation = bnsl.Box.from_vectors([[1, 0, 0], [-0.5, np.sqrt(3) / 2, 0], [0, 0, 1.03]])
print("AlB2 cell:", hexagonal)
