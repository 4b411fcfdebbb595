# SPDX-License-Identifier: GPL-3.0-or-later
import math

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import bnsl


def test_mie():
    potential = bnsl.Potential(n=12, m=6, r_cut=np.inf)
    assert potential.n_species == 2
    assert_array_equal(potential.diameters, [1, 0.55])
    r = np.linspace(0.9, 3, 50).reshape(5, 10)
    assert_allclose(potential.energy(r), 4 * (r**-12 - r**-6), rtol=1e-12, atol=1e-14)
    assert_allclose(potential.force(r), 24 * (2 * r**-13 - r**-7), rtol=1e-12, atol=1e-13)
    assert_allclose(potential.minimum(), (2 ** (1 / 6), -1))
    assert_allclose(potential.minimum("L", "S")[0], 0.775 * 2 ** (1 / 6))
    assert_allclose(potential.boyle_kT(), 3.418, rtol=1e-4)  # of Lennard-Jones [Barker, Leonard and Pompe 1966: 3.418]
    assert abs(potential.second_virial(potential.boyle_kT())) < 1e-10
    assert_allclose(potential.second_virial(1.5), potential.second_virial(1.5, method="series"), rtol=1e-11)
    assert potential.barker_henderson(1.0) < potential.barker_henderson(1.0, split="sigma") + 0.1
    assert potential.effective_range(1.0) > 0 and 1 < potential.critical_kT() < 1.6
    assert potential.cutoffs.shape == (2, 2) and np.all(np.isinf(potential.cutoffs))


def test_pairs(refuses):
    potential = bnsl.Potential([1, 0.5], n=50, m=6, r_cut=2.5, well_depth=2)
    assert potential.set_pair("L", "S", form="wca", sigma=0.8, n=12, m=6) is potential
    pair = potential.pair("L", "S")
    assert (
        pair["form"] == "wca" and pair["sigma"] == 0.8 and potential.pair(0)["well_depth"] == 2 and potential.pair(0)["shift"] == "energy"
    )
    r = np.linspace(0.5, 2, 40)
    potential.set_table(1, 1, 0.5, 2.0, (2 - r) ** 2, 2 * (2 - r), sigma=0.5)
    assert_allclose(potential.table(1), (r, (2 - r) ** 2, 2 * (2 - r)))
    assert_allclose(potential.energy(1.23, 1), 0.77**2)
    smooth = bnsl.Potential(shift="smooth", r_on=1.4, r_cut=1.6)
    assert abs(smooth.force(1.6 - 1e-9)) < 1e-6
    mixed = bnsl.Potential(form="ipl-mie", coupling=0.5, ipl_prefactor=2)
    assert_allclose(
        mixed.energy(1.05), (bnsl.Potential().energy(1.05) + bnsl.Potential(form="ipl", well_depth=2, r_cut=1.6).energy(1.05)) / 2
    )
    refuses(bnsl.DomainError, "table", potential.table, 0)
    refuses(ValueError, "form is 'lj'", bnsl.Potential, form="lj")
    refuses(ValueError, "n is 2", bnsl.Potential, n=2)
    refuses(ValueError, "diameters", bnsl.Potential, [[1, 2]])
    refuses(ValueError, "species", potential.set_pair, "L", "X")
    refuses(TypeError, "unknown option 'rcut'", potential.set_pair, 0, 0, rcut=2)
    refuses(ValueError, "expected shape", potential.set_table, 0, 0, 1, 2, [1, 2], [1])
    refuses(ValueError, "species", potential.pair, 7)


@pytest.mark.parametrize("name", ["energy", "force"])
def test_distances_are_checked(name, refuses):
    refuses(ValueError, "r[0] is 0", getattr(bnsl.Potential(), name), [0.0])


def test_temperatures_are_checked(refuses):
    potential, repulsive = bnsl.Potential(), bnsl.Potential(form="ipl")
    for method in (potential.second_virial, potential.barker_henderson, potential.effective_range):
        refuses(ValueError, "kT", method, -1)
    refuses(ValueError, "method", potential.second_virial, 1, method="guess")
    for method in (repulsive.minimum, repulsive.boyle_kT, repulsive.critical_kT):
        refuses(bnsl.DomainError, "", method)


def test_closed(refuses):
    with bnsl.Potential() as potential:
        assert not potential.closed
    assert potential.closed
    potential.close()
    refuses(ValueError, "this Potential is closed", potential.energy, 1.0)
    with pytest.raises(ValueError, match="closed"), potential:
        pass


def test_lattice(refuses):
    lattice = bnsl.Lattice("alb2", a=8.2, c_over_a=0.99)
    assert {"AlB2", "NaZn13", "fcc"} <= set(lattice.prototypes())
    assert lattice.name == "AlB2" and lattice.space_group == "P6/mmm" and (lattice.n_large, lattice.n_small) == (1, 2)
    assert_allclose([lattice.a, lattice.c, lattice.cell_volume], [8.2, 8.118, math.sqrt(3) / 2 * 8.2**2 * 8.118])
    bonds = lattice.bond_lengths()
    assert_allclose(bonds.LL, 8.2) and bonds.LS < bonds.LL
    assert_allclose(bonds.SS, 8.2 / math.sqrt(3))
    assert lattice.bond_lengths("paper").LL == bonds.LL
    expected = math.pi / 6 * (7.6**3 + 2 * 4.2**3) / lattice.cell_volume
    assert_allclose(lattice.volume_fraction(7.6, 4.2), expected)
    assert repr(lattice).startswith("bnsl.Lattice('AlB2'")
    refuses(ValueError, "AlB2", bnsl.Lattice, "AlB3")
    refuses(ValueError, "a is -1", bnsl.Lattice, "fcc", a=-1)
    refuses(ValueError, "source", lattice.bond_lengths, "guess")
    refuses(ValueError, "d_", lattice.volume_fraction, 0, 1)


def test_prototypes(refuses):
    laves = bnsl.Lattice("c14", a=2, c_over_a=math.sqrt(8 / 3), x=5 / 6, z=1 / 16)
    assert laves.name == "MgZn2" and laves.aliases == ("C14",) and laves.strukturbericht == "C14" and laves.pearson_symbol == "hP12"
    assert laves.system == "hexagonal" and laves.source.startswith("Friauf") and laves.primitive_cells == 1
    assert laves.parameters == {"x": 5 / 6, "z": 1 / 16} and bnsl.Lattice("CuAu").system == "tetragonal"
    assert [site.wyckoff for site in laves.sites] == ["4f"] * 4 + ["2a"] * 2 + ["6h"] * 6
    assert [site.species for site in laves.sites] == [0] * 4 + [1] * 8 and laves.sites[4].x == (0, 0, 0)
    assert bnsl.Lattice("NaCl").primitive_cells == 4
    packing = bnsl.Lattice("NaCl").densest_packing(1, math.sqrt(2) - 1)
    assert_allclose(packing.fraction, 0.793105, atol=1e-6)
    assert packing.contacts == ("LL", "LS") and packing.c_over_a == 1 and packing.x == 0
    assert laves.densest_packing(1, 0.7).fraction > laves.densest_packing(1, 0.7, relax="sites").fraction
    refuses(ValueError, "relax", laves.densest_packing, 1, 1, relax="some")
    refuses(ValueError, "d_large", laves.densest_packing, 0, 1)
    refuses(ValueError, "no free site coordinate x", bnsl.Lattice, "NaCl", x=0.2)
    absences = {line.hkl: line.absence for line in bnsl.Lattice("hcp").reflections(40, include_absent=True)}
    assert absences[1, 0, 0] is None and absences[0, 0, 1] == "group" and absences[4, 1, 1] == "sites"


def test_supercell(refuses):
    lattice = bnsl.Lattice("NaZn13")
    box, points, species = lattice.supercell(2, 1, 1)
    assert points.shape == (224, 3) and species.sum() == 208 and box.L.tolist() == [2, 1, 1]
    assert_array_equal(box.wrap(points), points)
    cluster = lattice.sphere(1.2)
    assert cluster.box is None and np.linalg.norm(cluster.points, axis=1).max() <= 1.2 * (1 + 1e-9) and cluster.species[0] in (0, 1)
    refuses(ValueError, "repeats are 0, 0, 0", lattice.supercell, 0)
    refuses(ValueError, "cell is", lattice.supercell, 1, cell="primitive")
    refuses(ValueError, "radius", lattice.sphere, -1)


def test_reflections(refuses):
    lattice = bnsl.Lattice("fcc")
    lines = lattice.reflections(13)
    assert [line.hkl for line in lines][:2] == [(1, 1, 1), (2, 0, 0)] and [line.multiplicity for line in lines][:2] == [8, 6]
    assert_allclose(lines[0].q, 2 * math.pi * math.sqrt(3))
    assert_allclose(lines[0].intensity(), 8 * 16)
    assert any(not line.allowed for line in lattice.reflections(12, include_absent=True))
    assert lattice.reflections(0.1) == []
    refuses(ValueError, "q_max", lattice.reflections, -1)
