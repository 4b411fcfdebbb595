# SPDX-License-Identifier: GPL-3.0-or-later
"""Free energies of crystals: hard spheres, AlB2 of attractive spheres, several sizes. Run it as it is, or cell by cell in a notebook."""

# %% fcc of hard spheres at the density of the literature, 4.899 for 108 particles [Vega and Noya 2007]. Short runs, so large error bars.
import bnsl
from bnsl import free_energy as fe

spheres = bnsl.Potential([1.0])
model = bnsl.EinsteinMolecule(spheres, hard_spheres=True, n_sweeps=1000, n_equilibrate=500, n_replicas=1, seed=1)
found = model.compute(fe.crystal("fcc", density=1.04086, n=108))
print(f"hard spheres: beta A / N = {found.a:.3f} +- {found.a_err:.3f}, Z = {found.z:.2f} +- {found.z_err:.2f}; alarms: {found.alarms}")
assert abs(found.a - 4.8986) < 5 * found.a_err

# %% AlB2 of L and S in the narrow well, 2.5 kT deep, and its parts.
sites = fe.crystal("AlB2", density=2.85, n=100)
potential = bnsl.Potential([1.0, 0.55], n=50, m=25)
alb2 = bnsl.EinsteinMolecule(potential, kT=0.4, n_sweeps=300, n_equilibrate=500, n_replicas=1).compute(sites, progress=True)
print(
    f"AlB2: beta A / N = {alb2.a:.3f} +- {alb2.a_err:.3f} = a0 {alb2.a0:.3f} + lattice and first order {alb2.da1:.3f} + springs {alb2.da2:.3f}"
)
print(f"      beta P = {alb2.p:.2f}, beta U / N = {alb2.u:.3f}; Lindemann ratio {alb2.lindemann:.3f}; alarms: {alb2.alarms}")

# %% Bennett's acceptance ratio of one's own samples: two wells of stiffness 1 and 4, ln 2 apart.
from bnsl import core  # noqa: E402

soft, stiff = core.random_normal(5000, seed=1), 0.5 * core.random_normal(5000, seed=2)
difference = fe.bar(1.5 * soft**2, -1.5 * stiff**2)
print(f"BAR: {difference.df:.3f} +- {difference.df_err:.3f}, exact 0.693")
assert abs(difference.df - 0.693147) < 5 * difference.df_err
