# SPDX-License-Identifier: GPL-3.0-or-later
"""Pair distributions."""

from __future__ import annotations

import ctypes as c
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .. import _ffi
from .._library import lib
from .._objects import Array, Handle, Plottable, array, choice, options, species_name, species_number
from .._run import Control, running
from .._system import as_system, need_box
from .._threads import threads
from ..box import Box

__all__ = ["RDF"]


class RDF(Plottable):
    """Radial distribution function g(r), with freud's names; and g_ab(r) of species.

    Parameters
    ----------
    bins, r_max, r_min : bins of equal width; r_max may be larger than half the box (images count).
    normalization_mode : "exact", or "finite_size": of one set of particles N (N - 1) pairs are expected instead of N^2.
    n_species : with 2 or more every pair of species is counted, and rdf_of(a, b) gives its function.

    >>> bnsl.RDF(bins=100, r_max=4).compute((box, points)).rdf
    """

    def __init__(
        self,
        bins: int = 200,
        r_max: float = 5.0,
        r_min: float = 0.0,
        normalization_mode: str = "exact",
        *,
        n_species: int = 1,
        num_threads: int | None = None,
    ):
        flags = choice("normalization_mode", normalization_mode, {"exact": 0, "finite_size": _ffi.BNSL_RDF_FINITE_SIZE})
        self.bins, self.r_max, self.r_min, self.n_species = bins, r_max, r_min, n_species
        self._options = dict(n_bins=bins, r_max=r_max, r_min=r_min, flags=flags, n_species=n_species)
        self._num_threads = num_threads
        self._reset(between=False)

    def _reset(self, between: bool) -> None:
        values = {**self._options, "num_threads": threads(self._num_threads)}
        if between:  # of two sets of points: species 0 around species 1
            values.update(n_species=2, species_a=0, species_b=1)
        self._between = between
        self._box: Box | None = None
        self._handle = Handle(
            _ffi.bnsl_order_rdf, lib.bnsl_order_rdf_create, options("order_rdf", **values), destroy=lib.bnsl_order_rdf_destroy
        )

    def compute(
        self,
        system: Any,
        query_points: ArrayLike | None = None,
        neighbors: Any = None,
        reset: bool = True,
        *,
        species: ArrayLike | None = None,
        progress: Any = None,
        control: Control | None = None,
    ) -> RDF:
        """Adds a frame, and returns self; with reset (as in freud, the default) it forgets the frames before.

        query_points : pairs between these and the points of system are counted instead. neighbors : not needed; the pairs are counted up to
        r_max without a list, so anything but None is refused. species : with n_species > 1."""
        if neighbors is not None:
            raise ValueError(
                "neighbors: every pair within r_max is counted; make r_max smaller, or count a list's distances with numpy.histogram"
            )
        box, points, kinds = as_system(system, species)
        between = query_points is not None
        if query_points is not None:
            if self.n_species != 1:
                raise ValueError("query_points and n_species > 1 exclude each other")
            query = array("query_points", query_points, float, (None, 3))
            kinds = np.repeat(np.array([0, 1], np.int32), (len(query), len(points)))
            points = np.concatenate((query, points))
        elif self.n_species == 1:
            kinds = None
        if reset or between != self._between:
            self._reset(between)
        box = need_box(as_system((box, points)))
        with running(progress, control, "RDF") as stop:
            lib.bnsl_order_rdf_add(self._handle, box, len(points), points, kinds, stop)
        self._box = box
        return self

    def rdf_of(self, a: int | str | None = None, b: int | str | None = None) -> tuple[Array, Array]:
        """g_ab(r) and n_ab(r), the mean number of b within the bin's upper edge of an a; None, None: of all particles.

        Raises DomainError before the first frame with such particles."""
        g, n_r = np.empty(self.bins), np.empty(self.bins)
        lib.bnsl_order_rdf_read(self._handle, species_number(a), species_number(b), g, n_r, None)
        return g, n_r

    def _main(self) -> tuple[Array, Array]:
        if self._box is None:
            raise AttributeError("call compute() first")
        return self.rdf_of(0, 1) if self._between else self.rdf_of()

    @property
    def rdf(self) -> Array:
        """g(r) of all particles (of the two sets of points), bins values, mean over the frames."""
        return self._main()[0]

    @property
    def n_r(self) -> Array:
        """Mean number of neighbours up to the upper edge of each bin."""
        return self._main()[1]

    @property
    def n_frames(self) -> int:
        """Number of frames in the mean."""
        n = c.c_int64()
        pair = (0, 1) if self._between else (-1, -1)
        lib.bnsl_order_rdf_read(self._handle, *pair, None, None, c.byref(n))
        return n.value

    @property
    def box(self) -> Box:
        """Box of the last frame."""
        if self._box is None:
            raise AttributeError("call compute() first")
        return self._box

    @property
    def bin_centers(self) -> Array:
        """Middles of the bins."""
        out = np.empty(self.bins)
        lib.bnsl_order_rdf_bins(self._handle, out, None)
        return out

    @property
    def bin_edges(self) -> Array:
        """Edges of the bins, bins + 1 values."""
        out = np.empty(self.bins + 1)
        lib.bnsl_order_rdf_bins(self._handle, None, out)
        return out

    def _draw(self, ax: Any) -> None:
        r = self.bin_centers
        if self.n_species == 1:
            ax.plot(r, self.rdf, lw=1.4)
        for a in range(self.n_species if self.n_species > 1 else 0):
            for b in range(a, self.n_species):
                ax.plot(r, self.rdf_of(a, b)[0], lw=1.4, label=f"{species_name(a)}-{species_name(b)}")
        if self.n_species > 1:
            ax.legend(frameon=False)
        ax.axhline(1, color="0.7", lw=0.8, zorder=0)
        ax.set(xlabel="r", ylabel="g(r)", xlim=(self.r_min, self.r_max), ylim=(0, None))
