# SPDX-License-Identifier: GPL-3.0-or-later
"""Form factor, structure factor, and the fit of a diffraction pattern. Run it as it is, or cell by cell in a notebook."""

# %% The form factor of polydisperse spheres, and its fit to noisy data.
import numpy as np

import bnsl
from bnsl import core

q = np.geomspace(0.1, 4, 150)
sphere = bnsl.FormFactor(radius=3.8, sigma=0.25)
clean = 100 * sphere(q) / sphere(0.0) + 0.01
error = 0.02 * clean
measured = clean + error * core.random_normal(150, seed=4)
fit = bnsl.fit_form_factor(q, measured, error)
print(f"radius {fit.radius:.4f} +- {fit.radius_err:.4f} nm, sigma {fit.sigma:.4f} +- {fit.sigma_err:.4f} nm, chi^2 {fit.chi2_reduced:.2f}")
assert abs(fit.radius - 3.8) < 5 * fit.radius_err

# %% What an AlB2 superlattice scatters, with crystallites of finite size; lengths in nm.
crystal = bnsl.Lattice("AlB2", a=8.2, c_over_a=0.99).supercell(6, 4, 6, cell="orthogonal")
structure = bnsl.StructureFactor(bins=1000, k_max=4, peak_hwhm=0.03, n_species=2).compute(crystal)

# %% Its lattice constants from its pattern.
inside = structure.q > 0.5
pattern = bnsl.fit_pattern(
    structure.q[inside], structure.S[inside], "AlB2", error_model="uniform", a=(7, 10), c_over_a="fit", background_order=4
)
phase = pattern.phases[0]
print(f"a {phase.a:.4f} nm (8.2), c/a {phase.c_over_a:.4f} (0.99), crystallites of {phase.xi:.0f} nm, {len(phase.peaks)} lines")
assert abs(phase.a - 8.2) < 0.01

try:
    fit.plot().figure.savefig("form_factor.png")
    pattern.plot().figure.savefig("pattern.png")
except ImportError:
    print("no picture: matplotlib is not installed")
