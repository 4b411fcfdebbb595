# SPDX-License-Identifier: GPL-3.0-or-later
import numpy as np
import pytest
from numpy.testing import assert_allclose

import bnsl
from bnsl import free_energy as fe


def test_crystal(refuses):
    box, points, species = fe.crystal("AlB2", density=1.8, n=200, c_over_a=1.03)
    assert_allclose(len(points) / box.volume, 1.8, rtol=1e-12)
    assert fe.primitive_cells((box, points), species) == len(points) // 3 and (species == 1).sum() == 2 * (species == 0).sum()
    assert fe.primitive_cells((box, points[species == 0])) == (species == 0).sum()
    refuses(ValueError, "density", fe.crystal, "AlB2", -1)
    refuses(ValueError, "c_over_a", fe.crystal, bnsl.Lattice("fcc"), 1.0, c_over_a=1.1)
    refuses(ValueError, "species", fe.primitive_cells, (box, points), [0])


def test_lattice_energy(refuses):
    sites = fe.crystal("AlB2", density=1.8, n=200)
    potential = bnsl.Potential()
    bonds = bnsl.NeighborList(sites, pair_cutoffs=potential.cutoffs)
    found = fe.lattice_energy(sites, potential)
    assert_allclose(found.u, bnsl.pair_forces(bonds, potential, sites.species).energies.mean(), rtol=1e-10)
    md = bnsl.MD(sites, potential)
    assert_allclose(found.p, md.thermo.pressure, rtol=1e-8)
    assert fe.lattice_energy(sites, potential, tail=True).u < found.u
    refuses(ValueError, "species", fe.lattice_energy, (sites.box, sites.points), potential)
    refuses(ValueError, "species", fe.lattice_energy, sites, bnsl.Potential([1.0]))


def test_einstein(refuses):
    n, k, volume = 108, 300.0, 100.0  # the formula in the header, all springs alike
    expected = (np.log(n / volume) + (n - 1) * 1.5 * np.log(k / np.pi)) / n
    assert_allclose(fe.einstein([n], [k], volume, n), expected, rtol=1e-12)
    assert abs(fe.einstein([n], [k], volume, n, constraint="crystal") - expected) < 0.1
    refuses(ValueError, "constraint", fe.einstein, [n], [k], volume, n, constraint="none")
    refuses(ValueError, "expected shape", fe.einstein, [n], [k, k], volume, n)
    refuses(ValueError, "volume", fe.einstein, [n], [k], -1, n)


def test_hard_spheres(refuses):
    """fcc at 1.04086: beta A / N = 4.9590(2) for N -> inf [Vega and Noya 2007], 4.8986 for N = 108 with the same fit in 1 / N."""
    sites = fe.crystal("fcc", 1.04086, n=108)
    model = bnsl.EinsteinMolecule(bnsl.Potential([1.0]), hard_spheres=True, n_sweeps=1000, n_equilibrate=500, n_replicas=1)
    seen = []
    result = model.compute(sites, progress=lambda done, total: seen.append(done))
    assert seen and result.n == len(sites.points) and result.density == pytest.approx(1.04086)
    assert_allclose(result.a, result.a0 + result.da1 + result.da2, rtol=1e-12)
    assert result.n == 108 and abs(result.a - 4.8986) < 5 * result.a_err and result.a_err < 0.02
    assert isinstance(result.alarms, tuple) and result.box == sites.box and result.as_dict()["n"] == result.n
    again = bnsl.EinsteinMolecule(bnsl.Potential([1.0]), hard_spheres=True, n_sweeps=1000, n_equilibrate=500, n_replicas=1, num_threads=2)
    assert again.compute(sites).a == result.a
    refuses(ValueError, "method", bnsl.EinsteinMolecule, method="guess")
    refuses(ValueError, "n_sweeps", bnsl.EinsteinMolecule(n_sweeps=1).compute, sites)
    refuses(bnsl.DomainError, "", bnsl.EinsteinMolecule(bnsl.Potential([2.0]), hard_spheres=True).compute, sites)
    control = bnsl.Control()
    control.cancel()
    refuses(bnsl.Cancelled, "", model.compute, sites, control=control)


def test_extrapolate(refuses):
    n = np.array([100, 200, 400])
    found = fe.extrapolate(n, 5 - 7 / n, [0.1, 0.1, 0.2])
    assert_allclose([found.a, found.slope], [5, -7], rtol=1e-10)
    assert found.a_err > 0
    refuses(ValueError, "expected shape", fe.extrapolate, n, [1.0], [0.1])
    refuses(ValueError, "", fe.extrapolate, [100, 100], [1, 1], [0.1, 0.1])


def test_bennett(refuses):
    """Two harmonic wells, F = 1/2 ln k."""
    rng = np.random.default_rng(1)
    k = np.array([1.0, 4.0])
    x = [rng.normal(0, 1 / np.sqrt(value), 4000) for value in k]
    found = fe.bar(0.5 * (k[1] - k[0]) * x[0] ** 2, 0.5 * (k[0] - k[1]) * x[1] ** 2)
    assert abs(found.df - 0.5 * np.log(4)) < 5 * found.df_err and found.df_err < 0.03
    u = 0.5 * k[:, None] * np.concatenate(x) ** 2
    many = fe.mbar(u, [4000, 4000])
    assert_allclose(many.f, [0, found.df], atol=1e-8)
    assert_allclose(np.sqrt(many.covariance[1, 1]), found.df_err, rtol=0.2)
    refuses(ValueError, "nan", fe.bar, [np.nan], [1.0])
    refuses(ValueError, "expected shape (2, 7999)", fe.mbar, u, [4000, 3999])
    refuses(ValueError, "", fe.mbar, u[:1], [8000])
