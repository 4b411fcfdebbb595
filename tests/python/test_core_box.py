# SPDX-License-Identifier: GPL-3.0-or-later
import copy
import math
import pickle
from types import SimpleNamespace

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import bnsl
from bnsl import core


def test_library_info():
    info = bnsl.library_info()
    assert info.version == bnsl.__version__ and info.instruction_set in ("baseline", "avx2", "avx512")
    assert core.status_text(-1) == ("BNSL_EINVAL", "invalid argument") and core.status_text(99)[0] == "unknown status"


def test_random(refuses):
    a = core.random_uniform(5, 1, 2, 3, 4)
    assert_array_equal(a, core.random_uniform(5, 1, 2, 3, 4))
    assert not np.array_equal(a, core.random_uniform(5, 2, 2, 3, 4)) and np.all((a > 0) & (a < 1))
    z = core.random_normal(100000, seed=3)
    assert abs(z.mean()) < 5 / math.sqrt(1e5) and abs(z.std() - 1) < 5 / math.sqrt(2e5)
    refuses(ValueError, "n is -1", core.random_uniform, -1, 1)
    refuses(ValueError, "n is 131073", core.random_normal, 131073, 1)
    # Random123, kat_vectors: philox4x32 10, counter and key 0
    assert [f"{word:08x}" for word in core.philox4x32([0] * 4, [0] * 2)] == ["6627e8d5", "e169c58d", "bc57ac4c", "9b00dbd8"]
    refuses(ValueError, "counter", core.philox4x32, [0] * 3, [0] * 2)


def test_numbers_in_text(refuses):
    assert core.parse_double("1.5d3") == 1500 and core.parse_int("-12") == -12
    refuses(ValueError, "bnsl_parse_double", core.parse_double, "1,5")
    refuses(ValueError, "bnsl_parse_int64", core.parse_int, "99999999999999999999")


def test_threads(refuses):
    before = bnsl.get_num_threads()
    bnsl.set_num_threads(None)
    assert bnsl.get_num_threads() >= 1
    bnsl.set_num_threads(before)
    refuses(ValueError, "-1", bnsl.set_num_threads, -1)


def test_box_makers(refuses):
    box = bnsl.Box(10, 12, 14, 0.1, 0.2, 0.3)
    assert bnsl.Box(3) == bnsl.Box.cube(3) == bnsl.Box(3, 3, 3)
    assert bnsl.Box.from_box(box) is box
    assert bnsl.Box.from_box([10, 12, 14, 0.1, 0.2, 0.3]) == box
    assert bnsl.Box.from_box(SimpleNamespace(Lx=10, Ly=12, Lz=14, xy=0.1, xz=0.2, yz=0.3)) == box
    assert bnsl.Box.from_box({"Lx": 10, "Ly": 12, "Lz": 14, "xy": 0.1, "xz": 0.2, "yz": 0.3}) == box
    assert bnsl.Box.from_box(5) == bnsl.Box(5)
    assert_allclose(list(bnsl.Box.from_box(box.to_matrix())), list(box), rtol=1e-14)
    turn = np.array([[0, 1, 0], [0, 0, 1], [1, 0, 0.0]])
    turned, rotation = bnsl.Box.from_vectors(box.vectors @ turn)
    assert_allclose(list(turned), list(box), rtol=1e-13)
    assert_allclose(rotation, turn, atol=1e-13)
    assert bnsl.Box(3, periodic=(True, False, True)).periodic == (True, False, True)
    refuses(ValueError, "lx", bnsl.Box, -1)
    refuses(ValueError, "one length", bnsl.Box, 1, 2)
    refuses(ValueError, "nan", bnsl.Box, float("nan"))
    refuses(ValueError, "expected 3 or 6", bnsl.Box.from_box, [1, 2])
    refuses(ValueError, "two-dimensional", bnsl.Box.from_box, SimpleNamespace(Lx=1, Ly=1, Lz=0, xy=0, xz=0, yz=0, is2D=True))
    refuses(ValueError, "volume", bnsl.Box.from_vectors, np.ones((3, 3)))
    refuses(ValueError, "lx", bnsl.Box.cube, 0)


def test_box_facts():
    box = bnsl.Box(10, 12, 14, 0.1, 0.2, 0.3)
    assert box.volume == 10 * 12 * 14 and box.dimensions == 3 and not box.is2D
    assert_array_equal(box.L, [10, 12, 14])
    assert_array_equal(box.to_array(), [10, 12, 14, 0.1, 0.2, 0.3])
    assert_array_equal(np.asarray(box), box.to_array())
    assert_allclose(box.vectors @ box.reciprocal_vectors.T, 2 * np.pi * np.eye(3), atol=1e-13)
    a, b, c = box.vectors
    assert_allclose(box.plane_distances[0], box.volume / np.linalg.norm(np.cross(b, c)))
    assert eval(repr(box)) == box and pickle.loads(pickle.dumps(box)) == box and copy.copy(box) == box
    assert len({box, bnsl.Box(10, 12, 14, 0.1, 0.2, 0.3), bnsl.Box(1)}) == 2


def test_box_positions(refuses):
    box = bnsl.Box(3, 4, 5, 0.2, -0.1, 0.3)
    points = np.random.default_rng(1).uniform(-20, 20, (50, 3))
    wrapped, images = box.wrap(points, np.zeros((50, 3), int))
    assert_array_equal(box.wrap(points), wrapped)
    assert_array_equal(box.get_images(points), images)
    assert_allclose(box.unwrap(wrapped, images), points, atol=1e-13)
    s = box.to_fractional(wrapped)
    assert np.all((s >= -0.5 - 1e-15) & (s < 0.5 + 1e-15))
    assert_allclose(box.to_cartesian(s), wrapped, atol=1e-14)
    assert_allclose(box.make_fractional(wrapped), s + 0.5)
    assert_allclose(box.make_absolute(s + 0.5), wrapped, atol=1e-14)
    shortest = box.minimum_image(points)
    shifts = np.array([(i, j, k) for i in (-1, 0, 1) for j in (-1, 0, 1) for k in (-1, 0, 1)]) @ box.vectors
    assert np.all(np.linalg.norm(shortest[:, None] + shifts, axis=2).min(axis=1) >= np.linalg.norm(shortest, axis=1) - 1e-12)
    assert_allclose(box.compute_distances(points, np.zeros((50, 3))), np.linalg.norm(shortest, axis=1), atol=1e-12)
    for method in (
        box.wrap,
        box.get_images,
        box.to_fractional,
        box.to_cartesian,
        box.make_fractional,
        box.make_absolute,
        box.minimum_image,
    ):
        refuses(ValueError, "expected shape (n, 3)", method, np.zeros((2, 2)))
    refuses(ValueError, "nan", box.wrap, [[np.nan, 0, 0]])
    refuses(ValueError, "expected shape", box.unwrap, points, np.zeros((1, 3)))
    refuses(ValueError, "expected shape", box.compute_distances, points, np.zeros((1, 3)))
    assert len(box.wrap(np.empty((0, 3)))) == 0


@pytest.mark.parametrize("value, text", [("abc", "array"), ([[1, 2, 1j]], "real"), (None, "expected"), ([["x", "y", "z"]], "real")])
def test_arrays_of_no_numbers(value, text, refuses):
    refuses(ValueError, text, bnsl.Box(1).wrap, value)
