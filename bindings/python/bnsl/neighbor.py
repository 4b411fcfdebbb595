# SPDX-License-Identifier: GPL-3.0-or-later
"""Neighbour lists: bnsl_neighbor(3)."""

from __future__ import annotations

import ctypes as c
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _ffi
from ._library import lib
from ._objects import Array, Handle, IntArray, LongArray, Wrapper, array, choice, options, species_number, view
from ._system import as_system
from ._threads import threads

__all__ = ["NeighborList", "as_neighbors"]

MODES = {
    "radius": _ffi.BNSL_NEIGHBOR_RADIUS,
    "ball": _ffi.BNSL_NEIGHBOR_RADIUS,  # freud's name
    "nearest": _ffi.BNSL_NEIGHBOR_NEAREST,
    "sann": _ffi.BNSL_NEIGHBOR_SANN,
    "rad-open": _ffi.BNSL_NEIGHBOR_RAD_OPEN,
    "rad-closed": _ffi.BNSL_NEIGHBOR_RAD_CLOSED,
}


class NeighborList(Wrapper):
    """Bonds from query points to points, found when it is made, and immutable: its arrays are views without a copy.

    Parameters
    ----------
    system : (box, points), a frame, or whatever as_system takes; box None: no periodicity.
    r_max, r_min : every point with r_min <= r < r_max. Images count: r_max may be larger than the box.
    num_neighbors : the k nearest points instead; then r_max is an upper bound below which they must exist.
    mode : "sann", "rad-open" or "rad-closed": shells without a cut-off.
    query_points : the points whose neighbours are wanted; default: the points themselves (none is its own neighbour at r = 0).
    between : (a, b): from species a to species b only, numbers or "L", "S", or None for all.
    species, query_species : n numbers; default those of the system.
    pair_cutoffs : cut-off for each pair of species, a symmetric matrix (0: never), instead of r_max.
    diameters, query_diameters : one for each point, with the cut-off factor (d_i + d_j) / 2 + skin instead of r_max.
    half : each pair once. sort : radius lists too by increasing distance. vectors=False: indices only.

    Raises ValueError: positions, box, options; DomainError: fewer than num_neighbors exist.

    >>> bonds = bnsl.NeighborList((box, points), num_neighbors=12)
    """

    def __init__(
        self,
        system: Any,
        r_max: float | None = None,
        *,
        r_min: float | None = None,
        num_neighbors: int | None = None,
        mode: str | None = None,
        query_points: ArrayLike | None = None,
        between: tuple[Any, Any] | None = None,
        species: ArrayLike | None = None,
        query_species: ArrayLike | None = None,
        pair_cutoffs: ArrayLike | None = None,
        diameters: ArrayLike | None = None,
        query_diameters: ArrayLike | None = None,
        factor: float = 1.0,
        skin: float = 0.0,
        half: bool = False,
        sort: bool = False,
        vectors: bool = True,
        num_threads: int | None = None,
    ):
        system = as_system(system, species)
        if mode is None:
            mode = "radius" if num_neighbors is None else "nearest"
        if mode in ("radius", "ball") and num_neighbors is None and pair_cutoffs is None and diameters is None and r_max is None:
            raise ValueError("give r_max, num_neighbors, pair_cutoffs, diameters or a mode")
        a, b = between or (None, None)
        self._create(
            mode=choice("mode", mode, MODES),
            r_min=r_min,
            r_max=r_max,
            k=num_neighbors,
            query_species=species_number(a),
            point_species=species_number(b),
            flags=self._flags(half, sort, vectors),
            num_threads=threads(num_threads),
        )
        n = len(system.points)
        diameters = None if diameters is None else array("diameters", diameters, float, (n,))
        if pair_cutoffs is not None:
            pair_cutoffs = array("pair_cutoffs", pair_cutoffs, float, (None, None))
            if pair_cutoffs.shape[0] != pair_cutoffs.shape[1]:
                raise ValueError(f"pair_cutoffs: expected a square matrix, got {pair_cutoffs.shape}")
            lib.bnsl_neighbor_set_pair_cutoffs(self._h, len(pair_cutoffs), pair_cutoffs)
        if diameters is not None:
            lib.bnsl_neighbor_set_additive_cutoff(self._h, factor, skin)
        box, points = system.box, system.points
        if query_points is None:
            lib.bnsl_neighbor_build(self._h, box, n, points, system.species, diameters)
        else:
            query = array("query_points", query_points, float, (None, 3))
            m = len(query)
            query_species = None if query_species is None else array("query_species", query_species, np.int32, (m,))
            query_diameters = None if query_diameters is None else array("query_diameters", query_diameters, float, (m,))
            lib.bnsl_neighbor_build_between(self._h, box, m, query, query_species, query_diameters, n, points, system.species, diameters)
        self._num_points = n

    def _create(self, **values: Any) -> None:
        self._handle = Handle(
            _ffi.bnsl_neighbor_list, lib.bnsl_neighbor_create, options("neighbor", **values), destroy=lib.bnsl_neighbor_destroy
        )
        self.weights: Array | None = None  #: one for each bond where the list was given some, else None

    @staticmethod
    def _flags(half: bool, sort: bool, vectors: bool) -> int:
        return _ffi.BNSL_NEIGHBOR_HALF * bool(half) | _ffi.BNSL_NEIGHBOR_SORTED * bool(sort) | _ffi.BNSL_NEIGHBOR_NO_VECTORS * (not vectors)

    @classmethod
    def from_arrays(
        cls,
        num_query_points: int,
        num_points: int,
        query_point_indices: ArrayLike,
        point_indices: ArrayLike,
        vectors: ArrayLike | None = None,
        weights: ArrayLike | None = None,
        *,
        half: bool = False,
        sort: bool = False,
    ) -> NeighborList:
        """The caller's own bonds: pairs of indices, in any order, and their vectors from query point to point."""
        query, point = _pairs(query_point_indices, point_indices)
        m = len(query)
        vectors = None if vectors is None else array("vectors", vectors, float, (m, 3))
        self = cls.__new__(cls)
        self._create(flags=cls._flags(half, sort, vectors is not None))
        order = np.empty(m, np.int64)
        lib.bnsl_neighbor_set_bonds(self._h, num_query_points, num_points, m, query, point, vectors, order)
        return self._given(num_points, weights, order)

    @classmethod
    def from_pairs(
        cls,
        system: Any,
        query_point_indices: ArrayLike,
        point_indices: ArrayLike,
        query_points: ArrayLike | None = None,
        weights: ArrayLike | None = None,
    ) -> NeighborList:
        """The caller's own bonds by indices; their vectors are the shortest images between the positions."""
        box, points, _ = as_system(system)
        query_xyz = points if query_points is None else array("query_points", query_points, float, (None, 3))
        query, point = _pairs(query_point_indices, point_indices)
        self = cls.__new__(cls)
        self._create()
        order = np.empty(len(query), np.int64)
        lib.bnsl_neighbor_set_pairs(self._h, box, len(query_xyz), query_xyz, len(points), points, len(query), query, point, order)
        return self._given(len(points), weights, order)

    def _given(self, num_points: int, weights: ArrayLike | None, order: LongArray) -> NeighborList:
        self._num_points = num_points
        if weights is not None:
            self.weights = array("weights", weights, float, (len(order),))[order]
        return self

    # ---- arrays; views of the list's memory, read-only, that keep it alive ----

    def _view(self, which: int) -> NDArray:
        pointers = [_ffi.P(kind)() for kind in (c.c_int64, c.c_int32, c.c_double, c.c_double)]
        lib.bnsl_neighbor_view(self._h, *map(c.byref, pointers))
        m = len(self)
        if which >= 2 and m and not pointers[which]:
            raise ValueError("this list was made without vectors and distances")
        shape = ((self.num_query_points + 1,), (m,), (m, 3), (m,))[which]
        return view(self._handle, pointers[which], shape)

    @property
    def offsets(self) -> LongArray:
        """Bonds of query point i are offsets[i] .. offsets[i + 1] - 1; num_query_points + 1 values."""
        return self._view(0)

    @property
    def segments(self) -> LongArray:
        """First bond of each query point."""
        return self.offsets[:-1]

    @property
    def point_indices(self) -> IntArray:
        """Point of each bond."""
        return self._view(1)

    @property
    def vectors(self) -> Array:
        """Vectors from query point to point, len(self) x 3."""
        return self._view(2)

    @property
    def distances(self) -> Array:
        """Lengths of the vectors."""
        return self._view(3)

    @property
    def query_point_indices(self) -> IntArray:
        """Query point of each bond (a new array: the list holds offsets)."""
        return np.repeat(np.arange(self.num_query_points, dtype=np.int32), self.neighbor_counts)

    @property
    def neighbor_counts(self) -> LongArray:
        """Number of bonds of each query point."""
        out = np.empty(self.num_query_points, np.int64)
        lib.bnsl_neighbor_counts(self._h, out)
        return out

    @property
    def num_query_points(self) -> int:
        """Number of query points, those without bonds too."""
        return lib.bnsl_neighbor_n_query(self._h)

    @property
    def num_points(self) -> int:
        """Number of points."""
        self._h
        return self._num_points

    @property
    def is_half(self) -> bool:
        """True when each pair is listed once."""
        return bool(lib.bnsl_neighbor_is_half(self._h))

    def __len__(self) -> int:
        """Number of bonds."""
        return lib.bnsl_neighbor_n_bonds(self._h)

    def __getitem__(self, key: Any) -> IntArray:
        """Pairs (query point, point), as freud's lists give them: bonds[:] is an array of len(self) x 2."""
        return np.column_stack((self.query_point_indices, self.point_indices))[key]

    def filter(self, keep: ArrayLike) -> NeighborList:
        """A new list of the bonds for which keep, one truth a bond, holds."""
        chosen = array("keep", keep, bool, (len(self),))
        weights = None if self.weights is None else self.weights[chosen]
        return self.from_arrays(
            self.num_query_points,
            self.num_points,
            self.query_point_indices[chosen],
            self.point_indices[chosen],
            self.vectors[chosen],
            weights,
            half=self.is_half,
        )

    def filter_r(self, r_max: float, r_min: float = 0.0) -> NeighborList:
        """A new list of the bonds with r_min <= r < r_max."""
        return self.filter((self.distances >= r_min) & (self.distances < r_max))

    def to_freud(self) -> Any:
        """The same bonds as a freud.locality.NeighborList (needs freud)."""
        import freud

        return freud.locality.NeighborList.from_arrays(
            self.num_query_points,
            self.num_points,
            self.query_point_indices,
            self.point_indices,
            self.vectors,
            np.ones(len(self)) if self.weights is None else self.weights,
        )

    def __repr__(self) -> str:
        return (
            "bnsl.NeighborList(closed)"
            if self.closed
            else f"<bnsl.NeighborList: {len(self)} bonds of {self.num_query_points} query points>"
        )


def _pairs(query: ArrayLike, point: ArrayLike) -> tuple[IntArray, IntArray]:
    query = array("query_point_indices", query, np.int32)
    return query, array("point_indices", point, np.int32, query.shape)


def as_neighbors(system: Any, neighbors: Any, query_points: ArrayLike | None = None, **more: Any) -> NeighborList:
    """A list from what freud's compute() takes: a NeighborList of this package or of freud, or a dictionary of query arguments.

    The dictionary holds r_max, r_min, num_neighbors, mode ("ball", "nearest", or this package's own), exclude_ii, and other keywords of
    NeighborList. r_guess and scale, hints for freud's search, need not be removed."""
    if isinstance(neighbors, NeighborList):
        return neighbors
    if hasattr(neighbors, "query_point_indices") and hasattr(neighbors, "point_indices"):
        weights = np.asarray(neighbors.weights, float)
        return NeighborList.from_arrays(
            int(neighbors.num_query_points),
            int(neighbors.num_points),
            neighbors.query_point_indices,
            neighbors.point_indices,
            neighbors.vectors,
            None if np.all(weights == 1) else weights,
        )
    if not isinstance(neighbors, dict):
        raise ValueError("neighbors: give a NeighborList, or a dictionary such as dict(num_neighbors=12) or dict(r_max=1.5)")
    arguments = {k: v for k, v in neighbors.items() if k not in ("r_guess", "scale", "exclude_ii")}
    if neighbors.get("exclude_ii") and query_points is not None:
        query_points = None  # the same points twice, without the particle itself: one set of points
    return NeighborList(system, query_points=query_points, **{**arguments, **more})
