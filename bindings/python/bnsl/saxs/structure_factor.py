# SPDX-License-Identifier: GPL-3.0-or-later
"""Structure factors of configurations."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .. import _ffi
from .._library import lib
from .._objects import Array, LongArray, Plottable, array, choice, name_of, options, species_name, species_number
from .._run import Control, running
from .._system import as_system
from .._threads import threads
from .form_factor import FormFactor

__all__ = ["StructureFactor"]

METHODS = {"auto": _ffi.BNSL_SQ_AUTO, "direct": _ffi.BNSL_SQ_DIRECT, "nufft": _ffi.BNSL_SQ_NUFFT, "debye": _ffi.BNSL_SQ_DEBYE}
SHAPES = {"keep": _ffi.BNSL_SQ_SHAPE_KEEP, "subtract": _ffi.BNSL_SQ_SHAPE_SUBTRACT, "mask": _ffi.BNSL_SQ_SHAPE_MASK}


class StructureFactor(Plottable):
    """S(q) of a configuration: over the wave vectors of a periodic box, or over all pairs of an isolated one (box None); with freud's names.

    Parameters
    ----------
    bins, k_max, k_min : points of the output, in 1 / the unit of the positions.
    peak_hwhm : > 0: folded with a Lorentzian of this half width at half maximum, as crystallites of finite size would do.
    n_species : with 2 or more also the partial S_ab(q), S = sum over all ordered pairs, normalised by the number of all particles.
    method : "auto", "direct", "nufft" (fast Fourier transform) or "debye" (isolated, whatever the box).
    tolerance, memory_mib : of "nufft": error of S, most memory for the transforms.
    shape, shape_radius : of "debye": "keep", "subtract" or "mask" the scattering of the outline, a sphere of this radius (0: from the positions).

    >>> bnsl.StructureFactor(bins=300, k_max=20).compute((box, points)).S_k
    >>> bnsl.StructureFactor(shape="subtract").compute((None, points)).S_k
    """

    def __init__(
        self,
        bins: int = 500,
        k_max: float = 25.0,
        k_min: float = 0.0,
        *,
        peak_hwhm: float = 0.0,
        n_species: int = 1,
        method: str = "auto",
        tolerance: float = 1e-6,
        memory_mib: float = 1024.0,
        shape: str = "keep",
        shape_radius: float = 0.0,
        num_threads: int | None = None,
    ):
        self.bins, self.k_max, self.k_min, self.peak_hwhm, self.n_species = bins, k_max, k_min, peak_hwhm, n_species
        self._more = {
            "method": choice("method", method, METHODS),
            "tolerance": tolerance,
            "memory_mib": memory_mib,
            "shape": choice("shape", shape, SHAPES),
            "shape_radius": shape_radius,
        }
        self._num_threads = num_threads

    def compute(
        self, system: Any, *, species: ArrayLike | None = None, progress: Any = None, control: Control | None = None
    ) -> StructureFactor:
        """Computes, and returns self. Raises ValueError: a box that is periodic along some axes only, no wave vector up to k_max; Cancelled."""
        whole = as_system(system, species)
        n, pairs = len(whole.points), self.n_species * (self.n_species + 1) // 2
        opts = options(
            "saxs_sq",
            n_q=self.bins,
            q_max=self.k_max,
            q_min=self.k_min,
            peak_hwhm=self.peak_hwhm,
            num_threads=threads(self._num_threads),
            **self._more,
        )
        method = np.zeros(1, np.int32)
        lib.bnsl_saxs_sq_method(whole.box, n, opts.method, method)
        bins = max(opts.n_q, 0)
        q, s, partial, count = np.empty(bins), np.empty(bins), np.empty((bins, max(pairs, 0))), np.empty(bins, np.int64)
        kinds = whole.species if self.n_species > 1 else None
        with running(progress, control, "S(q)") as stop:
            lib.bnsl_saxs_structure_factor(whole.box, n, whole.points, kinds, self.n_species, opts, q, s, partial, count, stop)
        self._result = (
            q,
            s,
            partial,
            count,
            name_of(method[0], METHODS),
            np.ones(1) if kinds is None else np.bincount(kinds, minlength=self.n_species) / n,
        )
        return self

    @property
    def method(self) -> str:
        """How it was computed: "direct", "nufft" or "debye"."""
        return self._get(4)

    def intensity(self, f: Any, f2: ArrayLike | None = None, share: ArrayLike | None = None) -> Array:
        """I(q) a particle, sum_ab f_a f_b S_ab + sum_a x_a (f2_a - f_a^2).

        f : a FormFactor for each species; or an array, one row of n_species amplitudes <f> for each q, and f2 likewise of <f^2> (decoupling
        approximation). share : the x_a, default those of the particles."""
        n_q, partial = len(self.q), self._get(2)
        if all(isinstance(kind, FormFactor) for kind in f):
            f, f2 = (np.column_stack([getattr(kind, name)(self.q) for kind in f]) for name in ("amplitude", "intensity"))
        f = array("f", f, np.float64, (n_q, self.n_species))
        if f2 is not None:
            f2 = array("f2", f2, np.float64, (n_q, self.n_species))
            share = self._get(5) if share is None else share
        if share is not None:
            share = array("share", share, np.float64, (self.n_species,))
        found = np.empty(n_q)
        lib.bnsl_saxs_sq_intensity(n_q, self.n_species, share, partial, f, f2, found)
        return found

    def _get(self, k: int) -> Any:
        if not hasattr(self, "_result"):
            raise AttributeError("call compute() first")
        return self._result[k]

    @property
    def q(self) -> Array:
        """Mean |k| of each bin; with peak_hwhm and "debye" its centre."""
        return self._get(0)

    k_values = q

    @property
    def S_k(self) -> Array:
        """S(q); NaN for a bin without wave vectors."""
        return self._get(1)

    S = S_k

    @property
    def n_k(self) -> LongArray:
        """Number of wave vectors in each bin; 0 with "debye"."""
        return self._get(3)

    def partial(self, a: int | str, b: int | str) -> Array:
        """S_ab(q)."""
        low, high = sorted((species_number(a), species_number(b)))
        if not 0 <= low <= high < self.n_species:
            raise ValueError(f"species {a!r}, {b!r}: must be within 0 .. {self.n_species - 1}")
        return self._get(2)[:, low * self.n_species - low * (low - 1) // 2 + high - low]

    @property
    def min_valid_k(self) -> float:
        """The smallest wave number with a value; below it the box says nothing."""
        return float(self.q[np.isfinite(self.S_k)].min())

    def _draw(self, ax: Any) -> None:
        ax.plot(self.q, self.S_k, lw=1.4, label="S")
        for a in range(self.n_species if self.n_species > 1 else 0):
            for b in range(a, self.n_species):
                ax.plot(self.q, self.partial(a, b), lw=0.9, label=f"{species_name(a)}-{species_name(b)}")
        if self.n_species > 1:
            ax.legend(frameon=False)
        ax.set(xlabel="q", ylabel="S(q)")
