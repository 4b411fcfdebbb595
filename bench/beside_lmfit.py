# SPDX-License-Identifier: GPL-3.0-or-later
"""Time of lmfit for the same frame and the same model as bench_saxs_fit's "frame", alternately with it; prints a table of medians.

usage: beside_lmfit.py BENCH_SAXS_FIT VALUES ERRORS    the matrices of tests/write_series
In the environment: REPEATS (5)
The model: Lorentzians of one width at the first twelve places of AlB2, areas >= 0, a straight background: 17 parameters on the points up to
q = 1.5 nm^-1, written with numpy; lmfit's leastsq with its own derivatives, from the same start.
"""
import json
import os
import statistics
import subprocess
import sys
import time

import lmfit
import numpy as np

# the twelve lines up to q = 1.5 at a = 13.14, by their distance: h, k, l
LINES = np.array([(0, 0, 1), (1, 0, 0), (1, 0, 1), (1, 1, 0), (0, 0, 2), (1, 1, 1), (2, 0, 0), (1, 0, 2), (2, 0, 1), (1, 1, 2), (0, 0, 3), (2, 1, 0)])


def frame(values, errors, n_reference=20):
    data, sigma = np.loadtxt(values, comments="#"), np.loadtxt(errors, comments="#")
    q, intensity, variance = data[:, 0], data[:, 1:], sigma[:, 1:] ** 2
    i0 = intensity[:, :n_reference].mean(axis=1)
    v0 = variance[:, :n_reference].sum(axis=1) / n_reference**2
    s = intensity[:, -1] / i0
    return q, s, s * np.sqrt(variance[:, -1] / intensity[:, -1] ** 2 + v0 / i0**2)


def residual(p, q, s, error):
    v = p.valuesdict()
    h, k, l = LINES.T
    centre = 2 * np.pi / v["a"] * np.sqrt(4 / 3 * (h * h + h * k + k * k) + (l / v["c"]) ** 2)
    area = np.array([v[f"A{i}"] for i in range(len(LINES))])
    lines = v["w"] / np.pi / ((q[:, None] - centre) ** 2 + v["w"] ** 2)
    return (lines @ area + v["b0"] + v["b1"] * q - s) / error


def fit(q, s, error):
    p = lmfit.Parameters()
    p.add("a", 13.3)
    p.add("c", 1.0)
    p.add("w", 0.012, min=1e-4)
    for i in range(len(LINES)):
        p.add(f"A{i}", 0.05, min=0)
    p.add("b0", 1.0)
    p.add("b1", 0.0)
    return lmfit.minimize(residual, p, args=(q, s, error))


def main():
    bench, values, errors = sys.argv[1:4]
    q, s, error = frame(values, errors)
    used = q <= 1.50
    theirs, ours, series = [], [], []
    for _ in range(int(os.environ.get("REPEATS", "5"))):
        start = time.process_time()
        for _ in range(3):
            result = fit(q[used], s[used], error[used])
        theirs.append((time.process_time() - start) / 3 * 1e3)
        lines = subprocess.run([bench, values, errors, "1"], check=True, capture_output=True, text=True).stdout.splitlines()
        found = {json.loads(line)["case"]: json.loads(line) for line in lines}
        ours.append(found["frame"]["cpu_ms"])
        series.append(found["series"]["cpu_s"])
    a, b = statistics.median(theirs), statistics.median(ours)
    print(f"lmfit {lmfit.__version__}, numpy {np.__version__}: a = {result.params['a'].value:.5f}, here {found['frame']['a']:.5f}")
    print(f"{'':34}{'lmfit':>10}{'here':>10}{'ratio':>8}")
    print(f"{'one frame, 17 parameters (ms)':34}{a:10.2f}{b:10.3f}{a / b:8.1f}")
    frames = found["series"]["frames"]
    print(f"{'the series of ' + str(frames) + ' frames (s)':34}{'':>10}{statistics.median(series):10.3f}")
    print(f"{'a frame of it (ms)':34}{'':>10}{1e3 * statistics.median(series) / frames:10.3f}")


main()
