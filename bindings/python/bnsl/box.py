# SPDX-License-Identifier: GPL-3.0-or-later
"""Periodic cells in the convention of HOOMD-blue, GSD and freud: bnsl_box(3)."""

from __future__ import annotations

import ctypes as c
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from . import _ffi
from ._library import lib
from ._objects import Array, IntArray, array, scalar

__all__ = ["Box"]


class Box:
    """A cell centred on the origin: a = (Lx, 0, 0), b = (xy Ly, Ly, 0), c = (xz Lz, yz Lz, Lz). Immutable; any unit of length.

    Box(10), Box(10, 12, 14), Box(Lx, Ly, Lz, xy, xz, yz). periodic: three truths, or one for all; a box that is not periodic is
    the frame of a finite system. Raises ValueError for lengths that are not > 0, or numbers that are not finite."""

    __slots__ = ("_as_parameter_", "_struct")

    def __init__(
        self, Lx: float, Ly: float | None = None, Lz: float | None = None, xy: float = 0, xz: float = 0, yz: float = 0, periodic: Any = True
    ):
        if Ly is None and Lz is None:
            Ly = Lz = Lx
        if Ly is None or Lz is None:
            raise ValueError("give one length (a cube) or all three")
        flags = np.broadcast_to(np.asarray(periodic, bool), 3)
        bits = sum(1 << axis for axis in range(3) if flags[axis])
        self._struct = _ffi.bnsl_box(Lx, Ly, Lz, xy, xz, yz, bits, 0)
        lib.bnsl_box_validate(self._struct)
        self._as_parameter_ = c.byref(self._struct)

    # ---- other ways to make one ----

    @classmethod
    def cube(cls, L: float) -> Box:
        """Cube of edge L."""
        return cls(L, L, L)

    @classmethod
    def from_box(cls, box: Any) -> Box:
        """From a Box, a box of freud or HOOMD (anything with Lx, Ly, Lz, xy, xz, yz), 3 lengths, the 6 numbers of GSD, or a 3 x 3 matrix
        whose columns are the edge vectors (as in freud)."""
        if isinstance(box, Box):
            return box
        if isinstance(box, _ffi.bnsl_box):
            return cls(box.lx, box.ly, box.lz, box.xy, box.xz, box.yz, [bool(box.periodic & 1 << axis) for axis in range(3)])
        if hasattr(box, "Lx"):
            if getattr(box, "is2D", False):
                raise ValueError("the box is two-dimensional; the library works in three dimensions")
            periodic = getattr(box, "periodic", True)
            return cls(box.Lx, box.Ly, box.Lz, box.xy, box.xz, box.yz, periodic)
        if isinstance(box, dict):
            return cls(box["Lx"], box["Ly"], box["Lz"], box.get("xy", 0), box.get("xz", 0), box.get("yz", 0))
        if np.isscalar(box):
            return cls.cube(float(box))  # type: ignore[arg-type]
        numbers = np.asarray(box, float)
        if numbers.shape == (3, 3):
            return cls.from_vectors(numbers.T)[0]
        if numbers.shape in ((3,), (6,)):
            return cls(*map(float, numbers))
        raise ValueError(f"box: expected 3 or 6 numbers or a 3 x 3 matrix, got shape {numbers.shape}")

    @classmethod
    def from_vectors(cls, vectors: ArrayLike) -> tuple[Box, Array]:
        """Box from right-handed edge vectors, the rows of a 3 x 3 array, and the rotation R, r_box = R r, that brings them into the convention."""
        struct, rotation = _ffi.bnsl_box(), np.empty((3, 3))
        lib.bnsl_box_from_vectors(struct, array("vectors", vectors, float, (3, 3)), rotation)
        return cls.from_box(struct), rotation

    # ---- what it is ----

    Lx = property(lambda self: self._struct.lx, doc="Length along x, and so on.")
    Ly = property(lambda self: self._struct.ly)
    Lz = property(lambda self: self._struct.lz)
    xy = property(lambda self: self._struct.xy, doc="Tilt factor, dimensionless.")
    xz = property(lambda self: self._struct.xz)
    yz = property(lambda self: self._struct.yz)

    @property
    def L(self) -> Array:
        """The three lengths."""
        return np.array([self.Lx, self.Ly, self.Lz])

    @property
    def periodic(self) -> tuple[bool, bool, bool]:
        """Along which axes the box repeats."""
        bits = self._struct.periodic
        return bool(bits & 1), bool(bits & 2), bool(bits & 4)

    @property
    def dimensions(self) -> int:
        """3, for programs that know boxes of two dimensions too."""
        return 3

    is2D = property(lambda self: False, doc="False, as freud asks for it.")

    @property
    def volume(self) -> float:
        """Lx Ly Lz."""
        return scalar(lib.bnsl_box_volume, self)

    @property
    def vectors(self) -> Array:
        """Edge vectors as rows, 3 x 3."""
        return self._nine(lib.bnsl_box_vectors)

    @property
    def reciprocal_vectors(self) -> Array:
        """Rows b_j with a_i . b_j = 2 pi delta_ij."""
        return self._nine(lib.bnsl_box_reciprocal)

    @property
    def plane_distances(self) -> Array:
        """Distances between opposite faces, 3 numbers."""
        out = np.empty(3)
        lib.bnsl_box_plane_distances(self, out)
        return out

    def _nine(self, function: Any) -> Array:
        out = np.empty((3, 3))
        function(self, out)
        return out

    def to_matrix(self) -> Array:
        """Matrix whose columns are the edge vectors, as freud's."""
        return self.vectors.T

    def to_array(self) -> Array:
        """The six numbers Lx, Ly, Lz, xy, xz, yz of GSD."""
        return np.array(list(self))

    def __iter__(self) -> Iterator[float]:
        return iter((self.Lx, self.Ly, self.Lz, self.xy, self.xz, self.yz))

    def __array__(self, dtype: Any = None, copy: Any = None) -> Array:
        return np.array(list(self), dtype or float)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Box) and bytes(self._struct) == bytes(other._struct)

    def __hash__(self) -> int:
        return hash(bytes(self._struct))

    def __repr__(self) -> str:
        end = "" if all(self.periodic) else f", periodic={self.periodic}"
        return f"bnsl.Box({', '.join(f'{number:.10g}' for number in self)}{end})"

    def __reduce__(self) -> Any:
        return Box, (*self, self.periodic)

    # ---- what it does with positions (n x 3; new arrays, unless out or an in-place name says otherwise) ----

    def to_fractional(self, points: ArrayLike) -> Array:
        """Fractional coordinates of positions; within the box they are in [-1/2, 1/2)."""
        return self._map(lib.bnsl_box_to_fractional, points)

    def to_cartesian(self, fractional: ArrayLike) -> Array:
        """Positions of such fractional coordinates."""
        return self._map(lib.bnsl_box_to_cartesian, fractional)

    def make_fractional(self, points: ArrayLike) -> Array:
        """Fractional coordinates as freud counts them, from the corner of the box: those of to_fractional plus 1/2."""
        return self.to_fractional(points) + 0.5

    def make_absolute(self, fractional: ArrayLike) -> Array:
        """Positions of fractional coordinates as freud counts them."""
        return self.to_cartesian(array("fractional", fractional, float, (None, 3)) - 0.5)

    def _map(self, function: Any, points: ArrayLike) -> Array:
        points = array("points", points, float, (None, 3))
        out = np.empty_like(points)
        function(self, len(points), points, out)
        return out

    def wrap(self, points: ArrayLike, images: ArrayLike | None = None) -> Any:
        """Positions put into the box along its periodic axes. With images (n x 3 counts of crossed cells) returns (positions, images)."""
        out = np.array(array("points", points, float, (None, 3)))
        counts = None if images is None else np.array(array("images", images, np.int32, (len(out), 3)))
        lib.bnsl_box_wrap(self, len(out), out, counts)
        return out if counts is None else (out, counts)

    def unwrap(self, points: ArrayLike, images: ArrayLike) -> Array:
        """r + image . (a, b, c)."""
        points = array("points", points, float, (None, 3))
        images = array("images", images, np.int32, (len(points), 3))
        out = np.empty_like(points)
        lib.bnsl_box_unwrap(self, len(points), points, images, out)
        return out

    def get_images(self, points: ArrayLike) -> IntArray:
        """The cells in which unwrapped positions lie, n x 3."""
        points = array("points", points, float, (None, 3))
        return self.wrap(points, np.zeros(points.shape, np.int32))[1]

    def minimum_image(self, vectors: ArrayLike) -> Array:
        """Shortest periodic images of difference vectors, exact in skewed boxes too."""
        out = np.array(array("vectors", vectors, float, (None, 3)))
        lib.bnsl_box_minimum_image(self, len(out), out)
        return out

    def compute_distances(self, query_points: ArrayLike, points: ArrayLike) -> Array:
        """Distances of corresponding rows by the minimum image."""
        query_points = array("query_points", query_points, float, (None, 3))
        points = array("points", points, float, (len(query_points), 3))
        return np.linalg.norm(self.minimum_image(points - query_points), axis=1)
