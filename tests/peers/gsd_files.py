# SPDX-License-Identifier: GPL-3.0-or-later
"""GSD files as the Python package gsd and the library read them: every array of every frame must be equal, bit by bit.

usage: gsd_files.py write FILE      a trajectory of all that a frame can hold, written by gsd; from gsd 5 on also double-FILE, in double precision
       gsd_files.py read FILE ...   compares gsd with the library (in the environment: BUILDDIR, the folder of libbnsl.so)
       gsd_files.py same A B        compares two files, both read by gsd
"""
import os
import sys

import gsd.hoomd
import gsd.version
import numpy as np

PARTICLES = ("position", "velocity", "image", "mass", "diameter", "charge", "body", "orientation", "moment_inertia", "angmom")


def write(path, **arguments):
    """Frame 1 changes some of the arrays and leaves others to frame 0 or to the schema's initial values; frame 2 has more particles."""
    random = np.random.default_rng(7)
    with gsd.hoomd.open(path, "w", **arguments) as file:
        for k, n in enumerate((500, 500, 640)):
            frame = gsd.hoomd.Frame()
            frame.configuration.step = 2**40 + 1000 * k
            frame.configuration.box = [11 + k, 12.3, 13.7, 0.3, -0.7, 1.1] if k else [11, 12.3, 13.7, 0, 0, 0]
            p = frame.particles
            p.N, p.types, p.typeid = n, ["L", "S", "other"], random.integers(0, 3, n)
            lx, ly, lz, xy, xz, yz = frame.configuration.box
            p.position = random.uniform(-0.499, 0.499, (n, 3)) @ np.array([[lx, 0, 0], [xy * ly, ly, 0], [xz * lz, yz * lz, lz]])
            if k != 1:
                p.velocity, p.image = random.normal(size=(n, 3)), random.integers(-(2**20), 2**20, (n, 3))
                p.mass, p.orientation = random.uniform(0.5, 2, n), random.normal(size=(n, 4))
            if k != 0:
                p.charge, p.body = random.normal(size=n), random.integers(-1, 50, n)
                p.moment_inertia, p.angmom = random.uniform(size=(n, 3)), random.normal(size=(n, 4))
            p.diameter = random.uniform(0.4, 1.2, n)
            frame.log = {
                "phi": np.array([0.1 + 0.01 * k]),
                "count": np.array([k], np.int64),
                "particles/q6": np.where(random.uniform(size=n) < 0.1, np.nan, random.normal(size=n)),
                "particles/phase": random.integers(0, 4, n).astype(np.uint8),
                "particles/cluster": random.integers(-1, 10**6, n).astype(np.int32),
                "particles/field": random.normal(size=(n, 5)).astype(np.float32),
            }
            file.append(frame)


def frames_of_gsd(path):
    """As library.read_frames gives them."""
    frames = []
    with gsd.hoomd.open(path) as file:
        for f in file:
            arrays = {name: np.asarray(getattr(f.particles, name)) for name in PARTICLES}
            log = {name: value for name, value in f.log.items() if not name.startswith("bnsl/")}
            arrays.update({name.split("/")[1]: value for name, value in log.items() if name.startswith("particles/")})
            frames.append({
                "box": list(f.configuration.box),
                "step": f.configuration.step,
                "types": list(f.particles.types),
                "typeid": f.particles.typeid,
                "arrays": arrays,
                "scalars": {name: value[0] for name, value in log.items() if not name.startswith("particles/")},
            })
    return frames


def initial(name, shape):
    return np.broadcast_to(gsd.hoomd.ParticleData._default_value[name], shape)


def expect(condition, path, k, what):
    if not condition:
        sys.exit(f"FAIL {os.path.basename(path)}, frame {k}: {what}")


def compare(path, ours, theirs):
    """A frame of the library has no array where the file says nothing: the schema's initial values."""
    expect(len(ours) == len(theirs) > 0, path, 0, f"{len(ours)} and {len(theirs)} frames")
    names = set()
    for k, (a, b) in enumerate(zip(ours, theirs)):
        for key in ("box", "step", "types", "scalars"):
            expect(a[key] == b[key], path, k, f"{key} {a[key]} and {b[key]}")
        expect(np.array_equal(a["typeid"], b["typeid"]), path, k, "typeid")
        expect(set(a["arrays"]) <= set(b["arrays"]), path, k, f"arrays {sorted(a['arrays'])} and {sorted(b['arrays'])}")
        names |= set(a["arrays"])
        for name, values in b["arrays"].items():
            mine = a["arrays"][name] if name in a["arrays"] else initial(name, values.shape) if name in PARTICLES else None
            expect(mine is not None and mine.shape == values.shape and np.array_equal(mine, values, equal_nan=True), path, k, name)
    print(f"ok {os.path.basename(path)}: {len(ours)} frames with {' '.join(sorted(names))} {' '.join(sorted(ours[0]['scalars']))}")


if sys.argv[1] == "write":
    write(sys.argv[2])
    if int(gsd.version.version.split(".")[0]) >= 5:
        write("double-" + sys.argv[2], precision="double")
elif sys.argv[1] == "same":
    compare(sys.argv[2], *(frames_of_gsd(path) for path in sys.argv[2:4]))
else:
    import library

    for path in sys.argv[2:]:
        compare(path, library.read_frames(path), frames_of_gsd(path))
