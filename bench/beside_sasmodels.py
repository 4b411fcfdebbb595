# SPDX-License-Identifier: GPL-3.0-or-later
"""Times of sasmodels, lmfit and the library (by way of its Python package) for the same form factors and fit, alternately; prints a table.

Units of sasmodels: Angstrom, 1e-6 / Angstrom^2. Error: largest difference from the library's exact average, relative to the value.
"""
import os
import statistics
import time

import bnsl
import lmfit
import numpy as np
from sasmodels.core import load_model
from sasmodels.direct_model import call_kernel

REPEATS = int(os.environ.get("REPEATS", 7))
Q = np.geomspace(0.005, 0.5, 500)
RADIUS, WIDTH, SHELL, SLD = 52.0, 0.08, 16.0, (41.7, 8.5, 6.8)


def sphere(distribution, n, n_sigma):
    """Call of sasmodels' polydisperse sphere."""
    kernel = load_model("sphere", dtype="double", platform="dll").make_kernel([Q])
    pars = {"scale": 1, "background": 0, "sld": SLD[0], "sld_solvent": SLD[2], "radius": RADIUS, "radius_pd": WIDTH}
    pars |= {"radius_pd_n": n, "radius_pd_nsigma": n_sigma, "radius_pd_type": distribution}
    return lambda: call_kernel(kernel, pars)


def core_shell(n, n_sigma):
    kernel = load_model("core_shell_sphere", dtype="double", platform="dll").make_kernel([Q])
    pars = {"scale": 1, "background": 0, "radius": RADIUS, "radius_pd": WIDTH, "radius_pd_n": n, "radius_pd_nsigma": n_sigma}
    pars |= {"thickness": SHELL, "sld_core": SLD[0], "sld_shell": SLD[1], "sld_solvent": SLD[2]}
    return lambda: call_kernel(kernel, pars)


def ours(distribution, **more):
    """sasmodels names a log-normal by its median and the standard deviation of ln R, the library by mean and standard deviation of R."""
    radius, sigma = RADIUS, WIDTH * RADIUS
    if distribution == "lognormal":
        radius = RADIUS * np.exp(WIDTH**2 / 2)
        sigma = radius * np.sqrt(np.expm1(WIDTH**2))
    form_factor = bnsl.FormFactor(radius, sigma, distribution, sld=SLD, **more)
    return lambda: form_factor(Q)


def fits():
    """Radius, width, scale and background of a pattern with 2 % noise, from 4 % off."""
    kernel = load_model("sphere", dtype="double", platform="dll").make_kernel([Q])
    exact = ours("gaussian")()
    exact *= 10 / exact[0]
    noisy = exact * (1 + 0.02 * np.random.default_rng(1).normal(size=len(Q))) + 1e-3
    error = 0.02 * exact + 1e-5

    def residual(p):
        pars = {"scale": p["scale"].value, "background": p["background"].value, "sld": 1, "sld_solvent": 0, "radius": p["radius"].value}
        pars |= {"radius_pd": p["width"].value, "radius_pd_n": 35, "radius_pd_nsigma": 3}
        return (call_kernel(kernel, pars) - noisy) / error

    start = lmfit.Parameters()
    start.add("radius", 50, min=1, max=500)
    start.add("width", 0.1, min=0, max=0.5)
    start.add("scale", 10 / call_kernel(kernel, {"radius": 50, "sld": 1, "sld_solvent": 0, "scale": 1, "background": 0})[0], min=0)
    start.add("background", 0)
    return (
        lambda: lmfit.minimize(residual, start),
        lambda: bnsl.fit_form_factor(Q, noisy, error, radius_start=50.0),
        lambda: bnsl.fit_form_factor(Q, noisy, error),
    )


def sample(call):
    """Processor time of a call, s: the mean over as many as fit in a twentieth of a second."""
    begin, calls = time.process_time(), 0
    while True:
        call()
        calls += 1
        passed = time.process_time() - begin
        if passed >= 0.05:
            return passed / calls


def medians(calls):
    samples = [[sample(call) for call in calls] for _ in range(REPEATS)]
    return [statistics.median(column) for column in zip(*samples)]


def main():
    cases = [
        ("sphere, Gaussian 35/3", sphere("gaussian", 35, 3), ours("gaussian")),
        ("sphere, Gaussian 80/5", sphere("gaussian", 80, 5), ours("gaussian")),
        ("the same sum of 35/3", sphere("gaussian", 35, 3), ours("gaussian", n_sigma=3, n_points=35)),
        ("sphere, Schulz 80/8", sphere("schulz", 80, 8), ours("schulz")),
        ("sphere, log-normal 80/8", sphere("lognormal", 80, 8), ours("lognormal")),
        ("core and shell, Gaussian 35/3", core_shell(35, 3), ours("gaussian", shell=SHELL)),
        ("core and shell, Gaussian 80/5", core_shell(80, 5), ours("gaussian", shell=SHELL)),
    ]
    print(f"{'case':32s}{'sasmodels':>12s}{'error':>10s}{'library':>10s}{'ratio':>8s}   ms")
    for name, theirs, own in cases:
        exact, other = own(), np.asarray(theirs())
        error = np.max(np.abs(other / other[0] / (exact / exact[0]) - 1))
        slow, fast = medians([theirs, own])
        print(f"{name:32s}{1e3 * slow:12.4f}{error:10.1e}{1e3 * fast:10.4f}{slow / fast:8.1f}")
    slow, started, scanned = medians(fits())
    print(f"{'fit from R = 50':32s}{1e3 * slow:12.2f}{'':10s}{1e3 * started:10.3f}{slow / started:8.1f}   lmfit, sasmodels 35/3")
    print(f"{'fit, R from a scan':32s}{1e3 * slow:12.2f}{'':10s}{1e3 * scanned:10.3f}{slow / scanned:8.1f}   lmfit from R = 50")


main()
