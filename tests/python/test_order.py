# SPDX-License-Identifier: GPL-3.0-or-later
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import bnsl
from bnsl import Phase, Region


@pytest.fixture(scope="module")
def fcc():
    return bnsl.Lattice("fcc", a=np.sqrt(2)).supercell(5)


NEAREST = {"num_neighbors": 12}


def test_steinhardt_of_fcc(fcc, refuses):
    order = bnsl.Steinhardt(l=[4, 6]).compute(fcc, NEAREST)
    assert_allclose(order.ql, [[0.19094065395649334, 0.57452425971406986]] * 500, rtol=1e-12)  # [Steinhardt 1983], in closed form
    assert_allclose(order.order, order.ql[0], rtol=1e-12)
    single = bnsl.Steinhardt(6, average=True, wl=True, wl_normalize=True).compute(fcc, NEAREST)
    assert_allclose(single.particle_order, -0.013161, atol=1e-6)  # [Mickel 2013, table I]
    assert single.ql.shape == (500,) and single.n_unbound == 0
    assert_allclose(single.order, order.ql[0, 1], rtol=1e-12)
    bonds = bnsl.NeighborList.from_arrays(2, 2, [0, 0], [1, 1], [[0, 0, 1], [1, 0, 0]], [1, 3])
    weighted = bnsl.Steinhardt(2, weighted=True).compute(neighbors=bonds)
    # q_20 = (1 - 3/2) / 4, |q_2,2|^2 = (3/4)^2 (3/8) each, in units of sqrt(5 / 4 pi)
    assert_allclose(weighted.ql[0], np.sqrt((1 / 4 - 3 / 8) ** 2 + 2 * 9 / 16 * 3 / 8), rtol=1e-12)
    assert np.isnan(weighted.ql[1]) and weighted.n_unbound == 1
    harmonics = order.particle_harmonics(6)
    q6 = np.sqrt(4 * np.pi / 13 * (np.abs(harmonics[:, 0]) ** 2 + 2 * (np.abs(harmonics[:, 1:]) ** 2).sum(axis=1)))
    assert_allclose(q6, order.ql[:, 1], rtol=1e-12)
    refuses(ValueError, "must be within 0 .. 20", bnsl.Steinhardt, 21)
    refuses(ValueError, "neighbors: give", bnsl.Steinhardt(6).compute, fcc)
    refuses(AttributeError, "compute() first", bnsl.Steinhardt(6).particle_harmonics)
    refuses(ValueError, "l", order.particle_harmonics, 40)
    with pytest.raises(AttributeError, match="compute"):
        _ = bnsl.Steinhardt(6).particle_order


def test_averages_over_other_bonds(alb2):
    small = bnsl.NeighborList(alb2, num_neighbors=12, between=("L", "S"))
    large = bnsl.NeighborList(alb2, num_neighbors=8, between=("L", "L"))
    order = bnsl.Steinhardt(4).compute(neighbors=small, average_over=large)
    chosen = alb2.species == 0
    assert np.all(order.ql[chosen] > 0.22) and np.all(np.isnan(order.ql[~chosen]))  # criterion A of AlB2
    assert np.isfinite(order.order)


def test_connections_and_solid(fcc, fluid, refuses):
    bonds = bnsl.NeighborList(fcc, num_neighbors=12)
    assert_allclose(bnsl.connections(bonds, 6), 1, atol=1e-12)
    assert len(bnsl.connections(bonds, 4, pairs=bonds.filter(bonds.query_point_indices == 0), normalize=False)) == 12
    solid = bnsl.SolidLiquid(l=6).compute(fcc, NEAREST)
    assert solid.is_solid.all() and solid.largest_cluster_size == 500 and list(solid.cluster_sizes) == [500]
    assert np.all(solid.num_connections == 12) and np.all(solid.cluster_idx == 0) and len(solid.ql_ij) == 6000
    liquid = bnsl.SolidLiquid(6, 0.9, 11).compute(fluid, NEAREST)
    assert liquid.largest_cluster_size == 0 and np.all(liquid.cluster_idx == -1)
    refuses(ValueError, "l", bnsl.connections, bonds, 21)
    refuses(ValueError, "min_connections", bnsl.SolidLiquid(solid_threshold=0).compute, fcc, NEAREST)
    with pytest.raises(AttributeError, match="compute"):
        _ = bnsl.SolidLiquid().cluster_idx


def test_clusters(refuses):
    points = np.array([[0, 0, 0], [1, 0, 0], [5, 0, 0], [6, 0, 0], [7, 0, 0.0]])
    cluster = bnsl.Cluster().compute((None, points), neighbors={"r_max": 1.5})
    assert_array_equal(cluster.cluster_idx, [1, 1, 0, 0, 0])
    assert list(cluster.sizes) == [3, 2] and cluster.num_clusters == 2
    assert [list(keys) for keys in cluster.cluster_keys] == [[2, 3, 4], [0, 1]]
    some = bnsl.Cluster().compute((None, points), list("abcde"), {"r_max": 1.5}, selected=[1, 0, 1, 1, 0])
    assert_array_equal(some.cluster_idx, [1, -1, 0, 0, -1])
    assert [list(keys) for keys in some.cluster_keys] == [["c", "d"], ["a"]]
    refuses(ValueError, "keys: expected 5", bnsl.Cluster().compute, (None, points), [1], {"r_max": 1.5})
    refuses(ValueError, "selected", bnsl.Cluster().compute, (None, points), None, {"r_max": 1.5}, selected=[1])


def test_classify(alb2, fluid, refuses):
    phases = bnsl.classify(alb2)
    assert np.all(phases[alb2.species == 0] == Phase.ALB2) and np.all(phases[alb2.species == 1] == Phase.FLUID)
    assert np.all(bnsl.classify(fluid) == Phase.FLUID)
    nazn13 = bnsl.Lattice("NaZn13", a=1.9).supercell(3)
    assert np.all(bnsl.classify(nazn13, num_threads=2)[nazn13.species == 0] == Phase.NAZN13)
    assert np.all(bnsl.classify(alb2, alb2_q4_ls=0.99)[alb2.species == 0] != Phase.ALB2)
    refuses(ValueError, "species are needed", bnsl.classify, (alb2.box, alb2.points))
    refuses(TypeError, "unknown option 'q4'", bnsl.classify, alb2, q4=1)
    bad = alb2.points.copy()
    bad[3, 1] = np.inf
    refuses(ValueError, "particle 3 is inf", bnsl.classify, (alb2.box, bad, alb2.species)[:2], alb2.species)


def test_crystals(alb2, refuses):
    sphere = bnsl.Lattice("AlB2", a=1.06).sphere(3.2)
    phases = bnsl.classify(sphere)
    core = phases != Phase.FLUID
    index, sizes = bnsl.crystal_clusters(sphere)
    assert sizes.tolist() == [core.sum()] and np.all((index == 0) == core)
    regions = bnsl.surface(sphere, phases=phases)
    assert np.all((regions == Region.CORE) == core) and (regions == Region.SURFACE).sum() > 0 and (regions == Region.SMALL).sum() > 0
    grains = bnsl.grains(alb2, min_size=4, d_min=0.9)
    assert grains.sizes.tolist() == [288] and grains.phases.tolist() == [Phase.ALB2] and grains.grain_idx.max() == 0
    confirmation = bnsl.confirm(alb2)
    assert_array_equal(confirmation.confirmed, alb2.species == 0)
    assert np.all(confirmation.value[alb2.species == 0] >= 5)
    assert bnsl.density_threshold(Phase.ALB2) == 1.6 and np.isnan(bnsl.density_threshold(Phase.FLUID))
    for function in (bnsl.crystal_clusters, bnsl.surface, bnsl.grains, bnsl.confirm):
        refuses(ValueError, "phases: expected", function, alb2, phases=[1])
        refuses(ValueError, "phase", function, alb2, phases=np.full(864, 9))
    refuses(TypeError, "density_threshold: phase", bnsl.density_threshold, "AlB2")


def test_local_density(fluid, refuses):
    density = bnsl.LocalDensity(1.3, 1.0).compute(fluid)
    volume = 4 / 3 * np.pi * 1.3**3
    assert_allclose(density.density, density.num_neighbors / volume)
    listed = bnsl.LocalDensity(1.3, 1.0).compute(fluid, neighbors={"r_max": 1.8})
    assert_allclose(listed.density, density.density, rtol=1e-12)
    around = bnsl.LocalDensity(1.3, 1.0).compute(fluid, query_points=fluid.points[:5] + 1e-9)
    assert_allclose(around.num_neighbors, density.num_neighbors[:5] + 1, atol=1e-6)  # the particle itself counts here
    typed = bnsl.LocalDensity(1.3, 1.0).compute(fluid, between=("L", "S"))
    assert np.all(typed.density[fluid.species == 1] == 0) and typed.density[0] > 0
    refuses(ValueError, "r_max", bnsl.LocalDensity(-1).compute, fluid)
    refuses(ValueError, "between", bnsl.LocalDensity().compute, fluid, neighbors={"r_max": 1.8}, between=("L", "S"))


def test_rdf(fluid, refuses):
    rdf = bnsl.RDF(bins=30, r_max=2.4).compute(fluid)
    bonds = bnsl.NeighborList(fluid, 2.4)
    counts = np.histogram(bonds.distances, bins=rdf.bin_edges)[0]
    shells = 4 / 3 * np.pi * np.diff(rdf.bin_edges**3)
    assert_allclose(rdf.rdf, counts * fluid.box.volume / 300**2 / shells, rtol=1e-12)
    assert_allclose(rdf.n_r, np.cumsum(counts) / 300)
    assert_allclose(rdf.bin_centers, (rdf.bin_edges[1:] + rdf.bin_edges[:-1]) / 2)
    assert rdf.box == fluid.box and rdf.n_frames == 1
    rdf.compute(fluid, reset=False)
    assert rdf.n_frames == 2 and rdf.compute(fluid).n_frames == 1
    typed = bnsl.RDF(30, 2.4, n_species=2).compute(fluid)
    large, small = fluid.points[:100], fluid.points[100:]
    two = bnsl.RDF(30, 2.4).compute((fluid.box, small), query_points=large)
    assert_allclose(two.rdf, typed.rdf_of("L", "S")[0])
    assert_allclose(two.n_r, typed.rdf_of(0, 1)[1])
    assert two.n_frames == 1 and two.compute((fluid.box, small)).n_frames == 1
    exact, finite = bnsl.RDF(30, 2.4).compute(fluid), bnsl.RDF(30, 2.4, normalization_mode="finite_size").compute(fluid)
    assert_allclose(finite.rdf, exact.rdf * 300 / 299)
    seen = []
    bnsl.RDF(30, 2.4).compute(fluid, progress=lambda done, total: seen.append((done, total)))
    assert seen
    refuses(ValueError, "n_bins", bnsl.RDF, bins=0)
    refuses(ValueError, "normalization_mode", bnsl.RDF, normalization_mode="none")
    refuses(ValueError, "neighbors", rdf.compute, fluid, neighbors={"r_max": 1})
    refuses(ValueError, "exclude each other", typed.compute, fluid, query_points=large)
    refuses(ValueError, "a box is needed", rdf.compute, (None, fluid.points))
    refuses(ValueError, "species", typed.rdf_of, 0, 5)
    with pytest.raises(AttributeError, match="compute"):
        _ = bnsl.RDF().rdf
    with pytest.raises(AttributeError, match="compute"):
        _ = bnsl.RDF().box


def test_msd(refuses):
    rng = np.random.default_rng(5)
    steps = rng.normal(0, 0.1, (200, 50, 3))
    positions = np.cumsum(steps, axis=0)
    msd = bnsl.MSD().compute(positions)
    naive = [np.mean(np.sum((positions[m:] - positions[: 200 - m]) ** 2, axis=2)) for m in range(200)]
    assert_allclose(msd.msd, naive, rtol=1e-9, atol=1e-10)
    assert_allclose(bnsl.MSD(mode="direct").compute(positions).msd, [np.mean(np.sum((p - positions[0]) ** 2, axis=1)) for p in positions])
    box = bnsl.Box(2)
    wrapped = [box.wrap(frame, np.zeros((50, 3), int)) for frame in positions]
    folded = bnsl.MSD(box).compute([w for w, _ in wrapped], [i for _, i in wrapped])
    assert_allclose(folded.msd, naive, rtol=1e-9, atol=1e-10)
    followed = bnsl.MSD(box, follow=True).compute([w for w, _ in wrapped])
    assert_allclose(followed.msd, naive, rtol=1e-9, atol=1e-10)
    species = np.arange(50) % 2
    typed = bnsl.MSD(n_species=2, remove_drift=True).compute(positions, species=species)
    assert typed.msd.shape == (200, 3) and msd.n_frames == 200
    result = msd.diffusion(dt=2.0, lag_min=1, lag_max=20, n_blocks=4)
    assert abs(result.D[0] - 0.1**2 * 3 / 6 / 2) < 5 * result.D_err[0]
    assert len(msd.msd_of(10, 20)) == 20 and msd.compute(positions[:3], reset=False).n_frames == 203
    assert msd.add(positions[0]) is msd and msd.n_frames == 204
    msd.reset()
    assert msd.n_frames == 0
    by_frame = bnsl.MSD()
    for frame in positions:
        by_frame.add(bnsl.System(None, frame, None))
    assert_array_equal(by_frame.msd, bnsl.MSD().compute(positions).msd)
    refuses(ValueError, "mode", bnsl.MSD, mode="fft")
    refuses(ValueError, "n_species", bnsl.MSD, n_species=0)
    refuses(ValueError, "expected shape (n, n, 3)", msd.compute, positions[0])
    refuses(ValueError, "", by_frame.add, positions[0][:3])
    refuses(ValueError, "frames", by_frame.msd_of, 100, 500)
    refuses(ValueError, "", bnsl.MSD().diffusion)


def test_nucleation(alb2, refuses):
    readout = bnsl.Nucleation(onset_size=100)
    rng = np.random.default_rng(2)
    mixed = bnsl.System(alb2.box, rng.uniform(-3, 3, alb2.points.shape), alb2.species)
    readout.set_wall("none").add(mixed, step=0, time=0.0)
    for step in (10, 20):
        readout.add(alb2, step=step, phases=bnsl.classify(alb2))
    assert len(readout) == 3 and readout[-1].step == 20 and readout[1].largest_cluster == 288 and np.isnan(readout[1].time)
    assert [frame.step for frame in readout] == [0, 10, 20]
    summary = readout.summarize()
    assert summary.onset_frame == 1 and summary.onset.step == 10 and summary.largest_cluster == 288
    assert summary.mechanism in ("one-step", "two-step", "undecided")
    assert readout[1].as_dict()["n_phase"] == [0, 288, 0, 0]
    assert bnsl.Nucleation().add(mixed).summarize().onset is None
    refuses(ValueError, "onset_size", bnsl.Nucleation, onset_size=0)
    refuses(TypeError, "unknown option", bnsl.Nucleation, onset=1)
    refuses(ValueError, "kind", readout.set_wall, "cube")
    refuses(ValueError, "", readout.add, (alb2.box, alb2.points[:9]), species=alb2.species[:9])
    refuses(IndexError, "frame 3 of 3", readout.__getitem__, 3)
    refuses(ValueError, "size", bnsl.Nucleation().set_wall, "sphere", -1)
