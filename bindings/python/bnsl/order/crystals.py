# SPDX-License-Identifier: GPL-3.0-or-later
"""Phases of particles, and the crystals that follow from them."""

from __future__ import annotations

import ctypes as c
from enum import IntEnum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _ffi
from .._library import lib
from .._objects import Array, IntArray, LongArray, array, options
from .._system import System, as_system, need_species
from .._threads import threads

__all__ = ["Confirmation", "Grains", "Phase", "Region", "classify", "confirm", "crystal_clusters", "density_threshold", "grains", "surface"]


class Phase(IntEnum):
    """Phase of an L particle."""

    FLUID = _ffi.BNSL_PHASE_FLUID
    ALB2 = _ffi.BNSL_PHASE_ALB2
    NAZN13 = _ffi.BNSL_PHASE_NAZN13
    FCC = _ffi.BNSL_PHASE_FCC


class Region(IntEnum):
    """What a particle is to the crystals."""

    FLUID = _ffi.BNSL_REGION_FLUID
    CORE = _ffi.BNSL_REGION_CORE
    SURFACE = _ffi.BNSL_REGION_SURFACE
    SMALL = _ffi.BNSL_REGION_SMALL


class Grains(NamedTuple):
    """Grain of each particle (0 the largest; -1: none), and sizes (in L) and phases of the grains."""

    grain_idx: IntArray
    sizes: LongArray
    phases: IntArray


class Confirmation(NamedTuple):
    """Which crystalline L are confirmed, and by what value."""

    confirmed: NDArray[np.bool_]
    value: Array


def classify(system: Any, species: ArrayLike | None = None, *, num_threads: int | None = None, **thresholds: float) -> IntArray:
    """Phase of every L particle from averaged Steinhardt parameters of typed neighbours; n values of Phase, S are always FLUID.

    system : (box, points) or a frame; species : 0 = L, 1 = S, default those of the frame. thresholds : those of
    bnsl_order_classify_options, in bnsl_order(3). Raises ValueError: positions, box, species.

    >>> phases = bnsl.classify((box, points), species)
    >>> (phases == bnsl.Phase.ALB2).sum()
    """
    box, points, kinds, n = _whole(system, species)
    out = np.empty(n, np.int32)
    lib.bnsl_order_classify(box, n, points, kinds, options("order_classify", num_threads=threads(num_threads), **thresholds), out)
    return out


def _whole(system: Any, species: ArrayLike | None) -> tuple:
    whole = as_system(system, species)
    return whole.box, whole.points, need_species(whole), len(whole.points)


def _phases(system: Any, species: ArrayLike | None, phases: ArrayLike | None, num_threads: int | None) -> tuple:
    box, points, kinds, n = _whole(system, species)
    if phases is None:
        phases = classify(System(box, points, kinds), num_threads=num_threads)
    return box, points, kinds, n, array("phases", phases, np.int32, (n,))


def crystal_clusters(
    system: Any, species: ArrayLike | None = None, phases: ArrayLike | None = None, *, num_threads: int | None = None
) -> tuple[IntArray, LongArray]:
    """Clusters of the crystalline L whatever their phases: cluster of each particle (0 the largest; -1: none) and sizes in L.

    phases : of classify (the default) or the caller's own. Raises ValueError, also without species; so do the functions below."""
    box, points, kinds, n, phases = _phases(system, species, phases, num_threads)
    index, sizes, count = np.empty(n, np.int32), np.empty(n, np.int64), c.c_int64()
    lib.bnsl_order_crystal_clusters(box, n, points, kinds, phases, threads(num_threads), index, c.byref(count), sizes)
    return index, sizes[: count.value].copy()


def surface(system: Any, species: ArrayLike | None = None, phases: ArrayLike | None = None, *, num_threads: int | None = None) -> IntArray:
    """The crystals with their surface: n values of Region. The size of a crystal lies between its core and the core with its surface."""
    box, points, kinds, n, phases = _phases(system, species, phases, num_threads)
    out = np.empty(n, np.int32)
    lib.bnsl_order_surface(box, n, points, kinds, phases, threads(num_threads), out, None)
    return out


def grains(
    system: Any,
    species: ArrayLike | None = None,
    phases: ArrayLike | None = None,
    *,
    d_min: float | None = None,
    min_size: int | None = None,
    num_threads: int | None = None,
) -> Grains:
    """Sets of L of one phase and like orientation. d_min: cosine above which orientations are alike (0.94); min_size: of a grain (8)."""
    box, points, kinds, n, phases = _phases(system, species, phases, num_threads)
    opts = options("order_grains", d_min=d_min, min_size=min_size, num_threads=threads(num_threads))
    index, sizes, kinds_of, count = np.empty(n, np.int32), np.empty(n, np.int64), np.empty(n, np.int32), c.c_int64()
    lib.bnsl_order_grains(box, n, points, kinds, phases, opts, index, c.byref(count), sizes, kinds_of)
    return Grains(index, sizes[: count.value].copy(), kinds_of[: count.value].copy())


def confirm(
    system: Any, species: ArrayLike | None = None, phases: ArrayLike | None = None, *, num_threads: int | None = None
) -> Confirmation:
    """Confirms phases by quantities that classify does not use (connections); value: their mean or number, NaN for other particles."""
    box, points, kinds, n, phases = _phases(system, species, phases, num_threads)
    confirmed, value = np.empty(n, np.int32), np.empty(n)
    lib.bnsl_order_confirm(box, n, points, kinds, phases, threads(num_threads), confirmed, value)
    return Confirmation(confirmed.astype(bool), value)


def density_threshold(phase: int) -> float:
    """Local density (r_max 1.3, diameter 1) above which a particle counts as dense as a phase; NaN for others."""
    return lib.bnsl_order_density_threshold(phase)
