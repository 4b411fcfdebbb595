# SPDX-License-Identifier: GPL-3.0-or-later
"""Peaks of curves, their indexing, and distances of neighbours from images."""

from __future__ import annotations

import ctypes as c
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from .. import _ffi
from .._library import lib
from .._objects import Array, Record, array, curve, n_results, options

__all__ = ["FoundPeak", "ImageSpacing", "IndexCandidate", "IndexLine", "find_peaks", "image_spacing", "image_spectrum", "index_peaks"]


class FoundPeak(NamedTuple):
    """A peak of a curve: its place and error, height, prominence, and prominence over the noise."""

    q: float
    q_err: float
    height: float
    prominence: float
    significance: float


class IndexLine(NamedTuple):
    """The line that explains a peak (hkl None: none does), its q, and peak less line."""

    hkl: tuple[int, int, int] | None
    q: float
    residual: float


@dataclass
class IndexCandidate(Record):
    """A structure that explains peaks: the fields of bnsl_saxs_index_candidate in bnsl_saxs(3), its name, and a line for each peak."""

    a: float
    a_err: float
    c_over_a: float
    c_over_a_err: float
    rms: float
    figure_of_merit: float
    score: float
    n_explained: int
    n_unexplained: int
    n_missing: int
    n_possible: int
    structure: str = ""
    lines: list[IndexLine] = field(default_factory=list)


@dataclass
class ImageSpacing(Record):
    """Result of image_spacing; the fields of bnsl_saxs_image_result in bnsl_saxs(3), in the unit of pixel."""

    distance: float
    distance_err: float
    g: float
    g_err: float
    contrast: float
    sixfold: float
    orientation: float
    n_pieces: int


def find_peaks(q: ArrayLike, s: ArrayLike, error: ArrayLike | None = None, **settings: float) -> list[FoundPeak]:
    """Peaks of a curve by prominence, by increasing q; any unit of q. settings: min_significance, min_prominence, see bnsl_saxs(3).

    error : standard errors of s; default: the noise is estimated from the curve. Raises ValueError: fewer than 5 points, q not rising, a
    setting."""
    q, s, error = curve("q s error", q, s, error)
    opts = options("saxs_peaks", **settings)
    n = n_results(lib.bnsl_saxs_find_peaks, len(q), q, s, error, opts, outputs=1)
    out = (_ffi.bnsl_saxs_found_peak * n)()
    if n:
        lib.bnsl_saxs_find_peaks(len(q), q, s, error, opts, n, c.byref(c.c_int64()), out)
    return [FoundPeak(p.q, p.q_err, p.height, p.prominence, p.significance) for p in out]


def index_peaks(q: ArrayLike, q_err: ArrayLike | None = None, **settings: float) -> list[IndexCandidate]:
    """Structures that explain peaks at q, the best first; q in nm^-1 gives a in nm. settings: tolerance, c_over_a_range, a_min,
    a_max, f_small, see bnsl_saxs(3). Raises ValueError: not 2 to 64 positions > 0 that rise, a setting."""
    q = array("q", q)
    q_err = None if q_err is None else array("q_err", q_err, float, q.shape)
    opts, n, room = options("saxs_index", **settings), c.c_int32(), lib.bnsl_lattice_n_prototypes()
    found = (_ffi.bnsl_saxs_index_candidate * room)()
    lib.bnsl_saxs_index(len(q), q, q_err, opts, room, c.byref(n), found)
    result = []
    for candidate in found[: n.value]:
        lines = (_ffi.bnsl_saxs_index_line * len(q))()
        lib.bnsl_saxs_index_lines(c.byref(candidate), len(q), q, q_err, opts, lines)
        told = [IndexLine((x.h, x.k, x.l) if x.explained else None, x.q, x.residual) for x in lines]
        result.append(IndexCandidate._of(candidate, structure=lib.bnsl_lattice_prototype_name(candidate.prototype).decode(), lines=told))
    return result


def _image(image: ArrayLike) -> tuple[Array, tuple[Any, ...]]:
    grey = array("image", image, float, (None, None))
    return grey, (grey.shape[1], grey.shape[0], grey.shape[1])


def image_spacing(image: ArrayLike, pixel: float = 1.0, **settings: float) -> ImageSpacing:
    """Distance of neighbours in a grey image (rows x columns) of a hexagonal monolayer; pixel: its length, in any unit.

    settings: d_min, d_max, see bnsl_saxs(3). Raises ValueError: a size, values that are not finite; DomainError: no ring stands out."""
    grey, size = _image(image)
    out = _ffi.bnsl_saxs_image_result()
    lib.bnsl_saxs_image_spacing(*size, grey, pixel, options("saxs_image", **settings), c.byref(out))
    return ImageSpacing._of(out)


def image_spectrum(image: ArrayLike, k_max: float = 0.5, n: int = 256) -> Array:
    """Power spectrum of an image, n x n, from -k_max to k_max cycles a pixel. Raises ValueError: a size, k_max above 0.5."""
    grey, size = _image(image)
    out = np.empty((n, n))
    lib.bnsl_saxs_image_spectrum(*size, grey, k_max, n, out)
    return out
