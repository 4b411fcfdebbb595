# SPDX-License-Identifier: GPL-3.0-or-later
"""Times of freud and of the library (bench_order sample, bench_sq sample) on the same configuration, alternately; prints a table of medians.

usage: beside_freud.py BENCH_ORDER [FILE]    FILE: a configuration as in tests/support/saved_fluid.h, or XYZ, also compressed (.gz)
In the environment: REPEATS (5), CASES (all, names as in bench_order.c)
"""
import gzip
import os
import statistics
import struct
import subprocess
import sys
import tempfile
import time

import freud
import numpy as np

ORDERS = list(range(2, 13))
NEAREST = {"num_neighbors": 12, "exclude_ii": True}


def read(path):
    """n, L first; edge; coordinates."""
    data = (gzip.open if path.endswith(".gz") else open)(path, "rb").read()
    if not path.endswith((".xyz", ".xyz.gz")):
        n, n_large = struct.unpack("<qq", data[:16])
        (edge,) = struct.unpack("<d", data[16:24])
        return n_large, edge, (np.frombuffer(data[24:], "<u4").reshape(n, 3) / 2.0**32 - 0.5) * edge
    lines = data.decode().splitlines()
    rows = [line.split() for line in lines[2:]]
    species = np.array([row[0] for row in rows])
    cell = np.array(lines[1].split('Lattice="')[1].split('"')[0].split(), float).reshape(3, 3)
    assert np.count_nonzero(cell) == 3 and np.ptp(cell.diagonal()) == 0, "the box must be a cube"
    xyz = np.array([row[1:4] for row in rows], float)[np.argsort(species != "L", kind="stable")]
    return int(np.sum(species == "L")), cell[0, 0], xyz


def write(path, n_large, edge, xyz):
    whole = np.rint((xyz / edge + 0.5) % 1 * 2.0**32).astype(np.uint64).astype("<u4")
    with open(path, "wb") as file:
        file.write(struct.pack("<qqd", len(xyz), n_large, edge) + whole.tobytes())


def freud_cases(n_large, edge, xyz):
    """The work of the cases of bench_order; freud's search is its default one, the fastest of those it has here."""
    box, xyz = freud.box.Box.cube(edge), xyz.astype(np.float32)
    system, small = (box, xyz), (box, xyz[n_large:])

    def nearest():
        return freud.locality.AABBQuery(box, xyz).query(xyz, NEAREST).toNeighborList()

    bonds = nearest()
    return {
        "nearest": nearest,
        "radius": lambda: freud.locality.AABBQuery(box, xyz).query(xyz, {"r_max": 1.5, "exclude_ii": True}).toNeighborList(),
        "steinhardt": lambda: freud.order.Steinhardt(l=ORDERS).compute(system, bonds).particle_order,
        "search-and-steinhardt": lambda: freud.order.Steinhardt(l=ORDERS).compute(system, NEAREST).particle_order,
        "averaged": lambda: freud.order.Steinhardt(l=ORDERS, average=True).compute(system, bonds).particle_order,
        "w": lambda: freud.order.Steinhardt(l=ORDERS, wl=True, wl_normalize=True).compute(system, bonds).particle_order,
        "solid": lambda: freud.order.SolidLiquid(6, 0.7, 7).compute(system, bonds).cluster_idx,
        "rdf": lambda: freud.density.RDF(200, 5).compute(small).rdf,
        "density": lambda: freud.density.LocalDensity(1.3, 1).compute(system).density,
        "sq": lambda: freud.diffraction.StaticStructureFactorDirect(bins=200, k_max=4).compute(system).S_k,
        "sq-debye": lambda: freud.diffraction.StaticStructureFactorDebye(num_k_values=50, k_max=25).compute((box, xyz[:1500])).S_k,
    }


def sample(call):
    """Seconds of a call, wall and processor time: the mean over as many as fit in a tenth of a second."""
    wall, cpu, calls = time.perf_counter(), time.process_time(), 0
    while True:
        call()
        calls += 1
        passed = time.perf_counter() - wall
        if passed * (calls + 1) >= 0.1 * calls:
            return passed / calls, (time.process_time() - cpu) / calls


def main():
    program, repeats = sys.argv[1], int(os.environ.get("REPEATS", 5))
    with tempfile.TemporaryDirectory() as folder:
        arguments, source = [], sys.argv[2] if len(sys.argv) > 2 else None
        if source is None:
            source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests", "data", "md", "m25_phi055.bin")
        configuration = read(source)
        if len(sys.argv) > 2:
            arguments = [os.path.join(folder, "configuration.bin")]
            write(arguments[0], *configuration)
        cases = freud_cases(*configuration)
        names = os.environ.get("CASES", " ".join(cases)).split()
        print(f"freud {freud.__version__}, {len(configuration[2])} particles; ms, medians of {repeats}; ratio: how many times freud's speed")
        print(f"{'case':24}{'threads':>7}  {'clock':5}{'freud':>10}{'here':>10}{'ratio':>8}", flush=True)
        for name in names:
            times = {}
            for threads in (1, 2):
                freud.set_num_threads(threads)
                cases[name]()
            for _ in range(repeats):
                for threads in (1, 2):
                    freud.set_num_threads(threads)
                    times.setdefault((threads, "freud"), []).append(sample(cases[name]))
                    which = program.replace("bench_order", "bench_sq") if name.startswith("sq") else program
                    output = subprocess.run([which, "sample", name, str(threads), *arguments], check=True, capture_output=True, text=True)
                    times.setdefault((threads, "here"), []).append([float(word) for word in output.stdout.split()])
            for threads, clock in ((1, "wall"), (1, "cpu"), (2, "wall")):
                theirs, ours = (1e3 * statistics.median(s[clock == "cpu"] for s in times[threads, who]) for who in ("freud", "here"))
                print(f"{name:24}{threads:7}  {clock:5}{theirs:10.2f}{ours:10.2f}{theirs / ours:8.1f}", flush=True)


main()
