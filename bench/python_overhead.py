# SPDX-License-Identifier: GPL-3.0-or-later
"""What the Python layer adds to a call: the time of a call, and that of the same call with the library's function taken out.

usage: BNSL_LIBRARY=.../libbnsl.so PYTHONPATH=bindings/python python3 bench/python_overhead.py      one JSON object a line, medians"""

import json
import statistics
import time

import bnsl
from bnsl._library import lib


def median(function, repeats):
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def report(name, n, c_name, function, repeats):
    function()
    whole = median(function, repeats)
    original = getattr(lib, c_name)
    setattr(lib, c_name, lambda *arguments: None)
    layer = median(function, 2000)
    setattr(lib, c_name, original)
    print(json.dumps({"case": name, "n": n, "seconds": whole, "layer_seconds": layer, "share": layer / whole}), flush=True)


system = bnsl.Lattice("AlB2", a=1.06).supercell(20, 15, 15, cell="orthogonal")
n = len(system.points)
assert n == 27000
report("classify", n, "bnsl_order_classify", lambda: bnsl.classify(system), 21)
nearest = bnsl.NeighborList(system, num_neighbors=12)
report("steinhardt, a list", n, "bnsl_order_steinhardt_weighted", lambda: bnsl.Steinhardt([4, 6]).compute(neighbors=nearest), 21)
report("local density", n, "bnsl_order_local_density", lambda: bnsl.LocalDensity().compute(system), 21)
md = bnsl.MD(bnsl.Lattice("AlB2", a=1.06).supercell(4, 3, 3, cell="orthogonal"), kT=0.4)
report("one MD step", len(md), "bnsl_md_run", lambda: md.run(1), 500)
report("one number", 1, "bnsl_potential_minimum", bnsl.Potential().minimum, 500)
