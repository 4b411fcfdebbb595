# SPDX-License-Identifier: GPL-3.0-or-later
"""A crystal in a cell whose edges are any combinations of those of its unit cell: extended XYZ of one cell in, of the large cell out.

usage: supercell.py 12,0,3,-1,12,3,-2,-2,12 <cell.xyz >crystal.xyz    (rows: the three edges of the large cell)
"""
import itertools
import sys

import numpy as np

rows = np.array(sys.argv[1].split(","), int).reshape(3, 3)
lines = sys.stdin.read().splitlines()
unit = np.array(lines[1].split('Lattice="')[1].split('"')[0].split(), float).reshape(3, 3)
names = [line.split()[0] for line in lines[2:]]
places = np.array([line.split()[1:4] for line in lines[2:]], float) @ np.linalg.inv(unit)

corners = np.array(list(itertools.product((0, 1), repeat=3))) @ rows
cells = np.array(list(itertools.product(*(range(low - 1, high + 2) for low, high in zip(corners.min(axis=0), corners.max(axis=0))))))
# a small shift keeps places off the faces, where rounding would decide
atoms = [(name, (cells + place + 0.0123) @ np.linalg.inv(rows)) for name, place in zip(names, places)]
atoms = [(name, inside[np.all((inside >= 0) & (inside < 1), axis=1)] @ rows @ unit) for name, inside in atoms]
assert all(len(xyz) == round(abs(np.linalg.det(rows))) for _, xyz in atoms)
print(sum(len(xyz) for _, xyz in atoms))
print('Lattice="' + " ".join(repr(float(v)) for v in (rows @ unit).ravel()) + '" Properties=species:S:1:pos:R:3')
for name, xyz in atoms:
    for r in xyz:
        print(name, *(repr(float(v)) for v in r))
