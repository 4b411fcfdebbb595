# SPDX-License-Identifier: GPL-3.0-or-later
import gc
from types import SimpleNamespace

import numpy as np
import pytest
from conftest import address
from numpy.testing import assert_allclose, assert_array_equal

import bnsl
from bnsl.neighbor import as_neighbors


def test_radius_list_is_that_of_all_pairs(fluid):
    bonds = bnsl.NeighborList(fluid, 1.3, sort=True)
    n = len(fluid.points)
    difference = fluid.box.minimum_image((fluid.points[None] - fluid.points[:, None]).reshape(-1, 3)).reshape(n, n, 3)
    distance = np.linalg.norm(difference, axis=2)
    np.fill_diagonal(distance, np.inf)
    query, point = np.nonzero(distance < 1.3)
    assert sorted(map(tuple, bonds[:])) == list(zip(query, point))
    assert len(bonds) == len(query) and bonds.num_points == bonds.num_query_points == n and not bonds.is_half
    assert_allclose(bonds.distances, distance[bonds.query_point_indices, bonds.point_indices], rtol=1e-12)
    assert_allclose(bonds.vectors, difference[bonds.query_point_indices, bonds.point_indices], atol=1e-12)
    assert_array_equal(bonds.neighbor_counts, (distance < 1.3).sum(axis=1))
    assert_array_equal(bonds.offsets[:-1], bonds.segments)
    assert_array_equal(np.diff(bonds.offsets), bonds.neighbor_counts)
    near = bonds.filter_r(1.0, 0.8)
    assert len(near) == ((distance < 1.0) & (distance >= 0.8)).sum() and near.distances.max() < 1.0
    assert "bonds of 300 query points" in repr(bonds)


def test_kinds_of_lists(fluid):
    nearest = bnsl.NeighborList(fluid, num_neighbors=12, between=("L", "S"))
    assert_array_equal(nearest.neighbor_counts, np.where(fluid.species == 0, 12, 0))
    assert np.all(fluid.species[nearest.point_indices] == 1)
    half = bnsl.NeighborList(fluid, 1.3, half=True)
    assert half.is_half and 2 * len(half) == len(bnsl.NeighborList(fluid, 1.3))
    assert len(bnsl.NeighborList(fluid, mode="sann")) > 0 and len(bnsl.NeighborList(fluid, mode="rad-open")) > 0
    assert len(bnsl.NeighborList(fluid, mode="rad-closed")) <= len(bnsl.NeighborList(fluid, mode="rad-open"))
    cut = bnsl.NeighborList(fluid, pair_cutoffs=[[0, 0], [0, 1.0]])
    assert np.all(fluid.species[cut.query_point_indices] == 1)
    diameters = np.where(fluid.species == 0, 1.0, 0.55)
    touching = bnsl.NeighborList(fluid, diameters=diameters, factor=1.1, skin=0.01)
    reach = 1.1 * (diameters[touching.query_point_indices] + diameters[touching.point_indices]) / 2 + 0.01
    assert np.all(touching.distances < reach)
    queries = np.zeros((1, 3))
    around = bnsl.NeighborList(fluid, 1.0, query_points=queries, query_species=[0], query_diameters=None)
    assert around.num_query_points == 1 and around.num_points == 300
    assert_array_equal(np.sort(around.point_indices), np.nonzero(fluid.box.compute_distances(np.zeros((300, 3)), fluid.points) < 1.0)[0])
    both = bnsl.NeighborList(fluid, diameters=diameters, query_points=queries, query_diameters=[2.0])
    assert len(both) > 0
    one = bnsl.NeighborList(fluid, 1.3, num_threads=1)
    assert_array_equal(one.point_indices, bnsl.NeighborList(fluid, 1.3, num_threads=2).point_indices)


def test_views_are_views_and_outlive_the_list(fluid):
    bonds = bnsl.NeighborList(fluid, num_neighbors=6)
    arrays = bonds.point_indices, bonds.vectors, bonds.distances, bonds.offsets
    again = bonds.point_indices, bonds.vectors, bonds.distances, bonds.offsets
    for a, b in zip(arrays, again):
        assert address(a) == address(b) and not a.flags.writeable and not a.flags.owndata
    kept = [a.copy() for a in arrays]
    with pytest.raises(ValueError, match="read-only"):
        arrays[1][0] = 0
    bonds.close()
    with pytest.raises(ValueError, match="closed"):
        _ = bonds.distances
    assert repr(bonds) == "bnsl.NeighborList(closed)"
    del bonds, again
    gc.collect()
    filler = [bnsl.NeighborList(fluid, num_neighbors=6) for _ in range(20)]  # would take freed memory
    for a, b in zip(arrays, kept):
        assert_array_equal(a, b)
    del filler


def test_own_bonds(fluid, refuses):
    box, points, _ = fluid
    found = bnsl.NeighborList(fluid, num_neighbors=4)
    shuffle = np.random.default_rng(3).permutation(len(found))
    weights = np.arange(len(found), dtype=float)
    given = bnsl.NeighborList.from_arrays(
        300, 300, found.query_point_indices[shuffle], found.point_indices[shuffle], found.vectors[shuffle], weights[shuffle], sort=True
    )
    assert_array_equal(given.point_indices, found.point_indices)
    assert_array_equal(given.weights, weights)
    pairs = bnsl.NeighborList.from_pairs((box, points), [0, 0], [1, 2], weights=[3, 4])
    assert_allclose(pairs.distances, box.compute_distances(points[[0, 0]], points[[1, 2]]))
    assert_array_equal(pairs.weights, [3, 4])
    bare = bnsl.NeighborList.from_arrays(2, 2, [0], [1])
    with pytest.raises(ValueError, match="without vectors"):
        _ = bare.vectors
    chosen = found.filter(found.distances < 0.6)
    assert len(chosen) == (found.distances < 0.6).sum()
    refuses(ValueError, "point", bnsl.NeighborList.from_arrays, 2, 2, [0], [5], [[0, 0, 1]])
    refuses(ValueError, "expected shape", bnsl.NeighborList.from_arrays, 2, 2, [0, 1], [1])
    refuses(ValueError, "point", bnsl.NeighborList.from_pairs, (box, points), [0], [300])
    refuses(ValueError, "expected shape", found.filter, [True])
    refuses(ValueError, "closed", _closed(found).filter_r, 1)


def _closed(bonds):
    with bonds:
        return bonds


def test_bad_lists(fluid, refuses):
    make = bnsl.NeighborList
    refuses(ValueError, "give r_max", make, fluid)
    refuses(ValueError, "r_max", make, fluid, -1)
    refuses(ValueError, "mode is 'all'", make, fluid, mode="all")
    refuses(ValueError, "species", make, (fluid.box, fluid.points), 1.0, species=[0])
    refuses(ValueError, "square", make, fluid, pair_cutoffs=[[1, 2]])
    refuses(ValueError, "symmetric", make, fluid, pair_cutoffs=[[0, 1], [2, 0]])
    refuses(ValueError, "expected (box, points)", make, 7, 1.0)
    refuses(bnsl.DomainError, "", make, (None, np.zeros((3, 3)) + np.arange(3)[:, None]), num_neighbors=12)
    refuses(ValueError, "k: 4294967308 is not within", make, fluid, num_neighbors=2**32 + 12)


def test_query_arguments_of_freud(fluid, refuses):
    bonds = as_neighbors(fluid, {"mode": "ball", "r_max": 1.2, "exclude_ii": True, "r_guess": 2, "scale": 1.1}, query_points=fluid.points)
    assert len(bonds) == len(bnsl.NeighborList(fluid, 1.2)) and as_neighbors(fluid, bonds) is bonds
    foreign = SimpleNamespace(
        query_point_indices=np.array([0, 1], np.uint32),
        point_indices=np.array([1, 0], np.uint32),
        vectors=np.array([[0, 0, 1], [0, 0, -1]], np.float32),
        weights=np.array([1, 2], np.float32),
        num_query_points=2,
        num_points=2,
    )
    taken = as_neighbors(None, foreign)
    assert_array_equal(taken[:], [[0, 1], [1, 0]])
    assert_array_equal(taken.weights, [1, 2])
    refuses(ValueError, "neighbors: give", as_neighbors, fluid, None)
    refuses(TypeError, "unexpected keyword", as_neighbors, fluid, {"rmax": 1})


def test_to_freud(fluid):
    pytest.importorskip("freud")
    bonds = bnsl.NeighborList(fluid, num_neighbors=6)
    theirs = bonds.to_freud()
    assert_array_equal(theirs.point_indices, bonds.point_indices)
    assert_array_equal(as_neighbors(None, theirs).point_indices, bonds.point_indices)


def test_systems(fluid, refuses):
    box, points, species = fluid
    for system in (
        (box, points),
        SimpleNamespace(box=box, points=points),
        SimpleNamespace(
            configuration=SimpleNamespace(box=list(box)), particles=SimpleNamespace(position=points, typeid=species.view(np.uint32))
        ),
        [box.to_matrix(), points],
    ):
        whole = bnsl.as_system(system)
        assert whole.box == box or np.allclose(list(whole.box), list(box))
        assert address(whole.points) == address(points)  # used where it lies
    assert address(bnsl.as_system((box, points), species).species) == address(species)
    assert address(bnsl.as_system((box, points), species.view(np.uint32)).species) == address(species)
    assert bnsl.as_system((box, points.astype(np.float32))).points.dtype == np.float64
    refuses(ValueError, "expected shape (n, 3)", bnsl.as_system, (box, points[:, :2]))
    refuses(ValueError, "species: expected", bnsl.as_system, (box, points), species[:2])
    refuses(ValueError, "not within", bnsl.as_system, (box, points[:1]), [2**31])
    refuses(ValueError, "not whole", bnsl.as_system, (box, points[:1]), [0.5])
