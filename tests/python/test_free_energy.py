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
    sites = fe.crystal("AlB2", density=1.8, n=60)
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


# ---- fluids and phases ------------------------------------------------------------------------------------------


def test_reference_equations(refuses):
    found = fe.carnahan_starling(0.4)
    assert_allclose(found.z, 6.9259259259259, rtol=1e-12)  # (1 + e + e^2 - e^3) / (1 - e)^3
    assert_allclose(found.mu_ex, found.a_ex + found.z - 1)
    same = fe.bmcsl([1, 1], [0.3, 0.7], 0.4 * 6 / np.pi)
    assert_allclose([same.z, same.a_ex, *same.mu_ex], [found.z, found.a_ex, found.mu_ex, found.mu_ex], rtol=1e-10)
    fluid, solid = fe.kolafa_nezbeda(1.0, 0.8), fe.van_der_hoef(1.0, 1.0)
    h = 1e-5
    slope = (fe.kolafa_nezbeda(1.0, 0.8 + h).a_ex - fe.kolafa_nezbeda(1.0, 0.8 - h).a_ex) / (2 * h)
    assert_allclose(fluid.pressure, 0.8 * 1.0 + 0.8**2 * slope, rtol=1e-6)
    assert solid.u < fluid.u
    potential = bnsl.Potential()
    b2 = sum(x * y * potential.second_virial(1.0, a, b) for a, x in enumerate((1 / 3, 2 / 3)) for b, y in enumerate((1 / 3, 2 / 3)))
    assert_allclose(fe.second_virial(potential, [1 / 3, 2 / 3], 1.0), b2, rtol=1e-10)
    refuses(ValueError, "packing", fe.carnahan_starling, 1.0)
    refuses(ValueError, "expected shape", fe.bmcsl, [1, 2], [1], 0.1)
    for equation in (fe.kolafa_nezbeda, fe.van_der_hoef):
        refuses(ValueError, "kT", equation, -1, 0.5)
    refuses(ValueError, "fractions", fe.second_virial, potential, [1.0], 1.0)


def test_ramp(refuses):
    nodes = fe.path([0.5, 1.0])
    assert nodes.coupling[0] == 0 and nodes.well_depth[-1] == 1.0 and len(nodes.weight) == len(nodes.coupling)
    start = fe.fluid_start([1.0, 0.55], [20, 40], 0.5, seed=3)
    assert_allclose(60 / start.box.volume, 0.5)
    assert list(np.bincount(start.species)) == [20, 40]
    short = {"n_steps": 80, "n_equilibrate": 80, "sample_every": 5, "seed": 2}
    seen = []
    found = fe.ramp(start, [1.0, 0.55], nodes.coupling[:3], nodes.well_depth[:3], progress=lambda done, total: seen.append(done), **short)
    assert len(found) == 3 and seen and found[0].coupling == 0 and found[0].stress.shape == (3,) and found[0].z > 1
    assert [node.z for node in found] == [node.z for node in fe.ramp(start, [1.0, 0.55], nodes.coupling[:3], nodes.well_depth[:3], **short)]
    assert fe.clumping_limit(48) == 2
    refuses(ValueError, "depth", fe.path, [1.0, 0.5])
    refuses(ValueError, "density", fe.fluid_start, [1.0], [10], -1)
    refuses(ValueError, "expected shape", fe.ramp, start, [1.0, 0.55], [0, 1], [1.0])
    refuses(TypeError, "n: ", fe.clumping_limit, "x")


def test_fluid(refuses):
    """A dilute fluid of attractive spheres: A is that of the ideal gas and of the second virial coefficient, to the third."""
    short = {"counts": (20, 40), "n_densities": 5, "n_steps": 400, "n_equilibrate": 400, "seed": 4}
    seen = []
    found = fe.fluid(0.05, 0.5, progress=lambda done, total: seen.append(done), **short)
    x = np.array([1 / 3, 2 / 3])
    ideal = np.log(0.05) - 1 + (x * np.log(x)).sum()
    assert_allclose(found.ideal + found.mixing, ideal, rtol=1e-10)
    assert_allclose(found.b2, fe.second_virial(bnsl.Potential(), x, 2.0), rtol=1e-6)
    assert abs(found.a - ideal - found.b2 * 0.05) < 5 * found.a_err + 0.01 and seen  # 0.01: B3 rho^2 / 2 of 0.6 rho^2
    assert found.n == 60 and isinstance(found.remarks, tuple)
    assert fe.fluid(0.05, 0.5, **short).a == found.a
    difference = fe.exchange(0.05, 0.5, counts=(20, 40), n_windows=3, n_steps=800, n_equilibrate=400)
    assert abs(difference.difference - np.log(0.5)) < 0.5 and difference.err > 0
    refuses(ValueError, "density", fe.fluid, -1, 0.5)
    refuses(ValueError, "density", fe.exchange, -1, 0.5)


def hard_fluid(r):
    found = fe.carnahan_starling(np.pi / 6 * r)
    return np.log(r) - 1 + found.a_ex, r * found.z


HALL = (2.557696, 0.1253077, 0.1762393, -1.053308, 2.818621, -2.921934, 1.118413)
NODES, WEIGHTS = np.polynomial.legendre.leggauss(40)


def hard_solid(r):
    """Z = 12 / b - 3 + sum HALL_i b^i, b = 4 (1 - rho / sqrt 2) [Hall 1972]; A by its integral from 4.9590 at 1.04086 [Vega and Noya 2007]."""

    def z(x):
        b = 4 * (1 - x / np.sqrt(2))
        return 12 / b - 3 + sum(value * b**i for i, value in enumerate(HALL))

    half = (r - 1.04086) / 2
    x = 1.04086 + half * (1 + NODES)
    return 4.9590 + half * (WEIGHTS * z(x) / x).sum(), r * z(r)


def test_tangent(refuses):
    """Hard spheres freeze at 0.940 and melt at 1.037, P = 11.57 [Fernandez et al. 2012]; the equations are good to 1 %."""
    found = fe.tangent(hard_fluid, hard_solid, [0.7, 1.0], [0.98, 1.2])
    assert_allclose(found.density, [0.940, 1.037], rtol=0.01)
    assert_allclose(found.pressure, 11.57, rtol=0.02)
    (a0, p0), (a1, p1) = hard_fluid(found.density[0]), hard_solid(found.density[1])
    assert_allclose([p0, p1], found.pressure, rtol=1e-8)
    assert_allclose([a0 + p0 / found.density[0], a1 + p1 / found.density[1]], found.mu, rtol=1e-8)
    refuses(bnsl.DomainError, "", fe.tangent, hard_fluid, lambda r: (100.0 + r, r**2), [0.7, 1.0], [0.98, 1.2])
    with pytest.raises(ZeroDivisionError):
        fe.tangent(lambda r: (1 / 0, 0.0), hard_solid, [0.7, 1.0], [0.98, 1.2])


def waals(eps):
    """A mixture of van der Waals' kind: beta A / V and both beta mu."""
    b, a = 10 / 9 * np.array([1, 0.55**3]), 3.75 * eps * np.array([[1, 0.775**3], [0.775**3, 0.55**3]])

    def fluid(large, small):
        rho = np.array([large, small])
        room, pull = 1 - b @ rho, a @ rho
        return float(rho @ (np.log(rho) - 1 - pull) - rho.sum() * np.log(room)), tuple(np.log(rho / room) + rho.sum() * b / room - 2 * pull)

    return fluid


def test_fractionation(refuses):
    """Dew point by a function; the same from values at three compositions (one of L alone, which counts for S too)."""
    eps, volumes = 1.4, np.pi / 6 * np.array([1, 0.55**3])
    fluid = waals(eps)
    want = fe.incipient(fluid, fluid, 1 / 3, volumes, [1e-6, 1e-6], [0.45, 0.45])
    assert want.fraction[1] > want.fraction[0] == 1 / 3
    for rho, x in zip(want.density, want.fraction):
        a, mu = fluid(rho * x, rho * (1 - x))
        assert_allclose(mu, want.mu, atol=1e-8)
        assert_allclose(rho * (x * mu[0] + (1 - x) * mu[1]) - a, want.pressure, rtol=1e-7)
    back = fe.incipient(fluid, fluid, want.fraction[1], volumes, [1e-6, 1e-6], [0.45, 0.45], bubble=True)
    assert_allclose(back.density, want.density[::-1], rtol=1e-6)
    data = []
    for x in (1.0, 1 / 3, 2 / 3):
        for depth in (1.0, 1.2, 1.4):
            for phi in np.linspace(0.004, 0.36, 20):
                rho = phi / (volumes @ [x, 1 - x])
                a, mu = waals(depth)(rho * x, max(rho * (1 - x), 1e-300))
                p = rho * (x * mu[0] + (1 - x) * mu[1]) - a
                data += [("A", rho, x, depth, a / rho, 1e-3), ("Z", rho, x, depth, p / rho, 1e-2)]
    mixture = fe.Mixture(data, 8, 2, 3)
    state = mixture(1.0, 0.4, 1.3)
    assert_allclose(state.a, waals(1.3)(0.4, 0.6)[0], atol=0.03)  # three terms in x and eight in the density
    assert_allclose(0.4 * state.mu[0] + 0.6 * state.mu[1], state.a + state.pressure, rtol=1e-10)
    assert mixture.chi2 >= 0 and mixture.degrees_of_freedom > 0 and mixture.depth_range == (1.0, 1.4) and mixture.reduced_range[1] > 0.5
    found = fe.fractionate(mixture, mixture, 1.4, 1 / 3, n_samples=20)
    assert_allclose(found.fraction, want.fraction, atol=0.05)
    assert_allclose(found.density, want.density, rtol=0.1)
    assert found.fraction_err[0] == 0 < found.fraction_err[1]
    assert 1.0 < mixture.demixing_depth(1 / 3, n_samples=5).depth < 1.2  # 1.1 for the formula
    refuses(bnsl.DomainError, "", mixture, 10.0, 0.4, 1.3)
    refuses(ValueError, "fraction", mixture.demixing_depth, 0)
    refuses(ValueError, "fraction", fe.fractionate, mixture, mixture, 1.4, 1)
    refuses(ValueError, "kind", fe.Mixture, [("P", 1, 1, 1, 1, 1)])
    refuses(ValueError, "volumes", fe.incipient, fluid, fluid, 0.3, [1], [0.1, 0.1], [0.4, 0.4])
    with pytest.raises(ZeroDivisionError):
        fe.incipient(lambda large, small: (1 / 0, (0, 0)), fluid, 0.3, volumes, [1e-6, 1e-6], [0.4, 0.4])


def test_surfaces_and_phase_diagram(refuses):
    """The same from values at some densities, with errors."""
    fluid_data, solid_data = [], []
    for data, phase, densities in (
        (fluid_data, hard_fluid, np.linspace(0.6, 1.0, 12)),
        (solid_data, hard_solid, np.linspace(1.0, 1.2, 12)),
    ):
        for r in densities:
            a, p = phase(r)
            data += [("A", r, 0, a, 1e-3), ("Z", r, 0, p / r, 1e-2)]
    fluid = fe.Surface(fluid_data, 6, diameters=[1.0], fractions=[1.0])
    solid = fe.Surface(solid_data, 5)
    state = fluid(0.9)
    assert_allclose(state.a, np.log(0.9) - 1 + fe.carnahan_starling(np.pi / 6 * 0.9).a_ex, atol=1e-3)
    assert fluid.degrees_of_freedom == 18 and fluid.chi2 >= 0 and fluid.density_range == (0.6, 1.0)
    point = fe.coexist(fluid, solid, n_samples=50)
    assert_allclose(point.density, fe.tangent(hard_fluid, hard_solid, [0.7, 1.0], [0.98, 1.2]).density, atol=2e-3)
    assert point.pressure_err > 0
    assert fluid.driving_force(solid, 0, 0.98).force > 0 > fluid.driving_force(solid, 0, 0.93).force
    diagram = bnsl.phase_diagram(fluid, {"fcc": solid}, [0.0], n_samples=20)
    assert list(diagram.points) == [("fluid", "fcc")] and diagram.critical is None
    refuses(bnsl.DomainError, "", fluid, 2.0)
    refuses(ValueError, "n_depth", fluid.critical_depth)
    refuses(bnsl.DomainError, "", fluid.driving_force, solid, 0, 0.61)
    refuses(bnsl.DomainError, "", fe.coexist, fluid, fluid)
    refuses(ValueError, "n_samples", fe.coexist, fluid, solid, n_samples=-1)
    refuses(ValueError, "kind", fe.Surface, [("P", 1, 0, 1, 1)])
    refuses(ValueError, "go together", fe.Surface, fluid_data, diameters=[1.0])
    refuses(ValueError, "", fe.Surface, fluid_data[:2], 6)
    refuses(ValueError, "well_depths", bnsl.phase_diagram, fluid, {}, [[0.0]])
