# SPDX-License-Identifier: GPL-3.0-or-later
"""Structure factors of configurations."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .._library import lib
from .._objects import Array, LongArray, Plottable, options, species_name, species_number
from .._run import Control, running
from .._system import as_system, need_box
from .._threads import threads

__all__ = ["StructureFactor"]


class StructureFactor(Plottable):
    """Powder-averaged S(q) of a periodic configuration by direct summation over the wave vectors of its box; with freud's names.

    Parameters
    ----------
    bins, k_max, k_min : points of the output, in 1 / the unit of the positions.
    peak_hwhm : > 0: folded with a Lorentzian of this half width at half maximum, as crystallites of finite size would do.
    n_species : with 2 or more also the partial S_ab(q), S = sum over all ordered pairs, normalised by the number of all particles.

    >>> bnsl.StructureFactor(bins=300, k_max=20).compute((box, points)).S_k
    """

    def __init__(
        self,
        bins: int = 500,
        k_max: float = 25.0,
        k_min: float = 0.0,
        *,
        peak_hwhm: float = 0.0,
        n_species: int = 1,
        num_threads: int | None = None,
    ):
        self.bins, self.k_max, self.k_min, self.peak_hwhm, self.n_species = bins, k_max, k_min, peak_hwhm, n_species
        self._num_threads = num_threads

    def compute(
        self, system: Any, *, species: ArrayLike | None = None, progress: Any = None, control: Control | None = None
    ) -> StructureFactor:
        """Computes, and returns self. Raises ValueError: a box that is not periodic, no wave vector up to k_max; Cancelled."""
        whole = as_system(system, species)
        n, pairs = len(whole.points), self.n_species * (self.n_species + 1) // 2
        opts = options(
            "saxs_sq",
            n_q=self.bins,
            q_max=self.k_max,
            q_min=self.k_min,
            peak_hwhm=self.peak_hwhm,
            num_threads=threads(self._num_threads),
        )
        bins = max(opts.n_q, 0)
        q, s, partial, count = np.empty(bins), np.empty(bins), np.empty((bins, max(pairs, 0))), np.empty(bins, np.int64)
        kinds = whole.species if self.n_species > 1 else None
        with running(progress, control, "S(q)") as stop:
            lib.bnsl_saxs_structure_factor(need_box(whole), n, whole.points, kinds, self.n_species, opts, q, s, partial, count, stop)
        self._result = q, s, partial, count
        return self

    def _get(self, k: int) -> Any:
        if not hasattr(self, "_result"):
            raise AttributeError("call compute() first")
        return self._result[k]

    @property
    def q(self) -> Array:
        """Mean |k| of each bin; with peak_hwhm its centre."""
        return self._get(0)

    k_values = q

    @property
    def S_k(self) -> Array:
        """S(q); NaN for a bin without wave vectors."""
        return self._get(1)

    S = S_k

    @property
    def n_k(self) -> LongArray:
        """Number of wave vectors in each bin."""
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
        return float(self.q[self.n_k > 0].min())

    def _draw(self, ax: Any) -> None:
        ax.plot(self.q, self.S_k, lw=1.4, label="S")
        for a in range(self.n_species if self.n_species > 1 else 0):
            for b in range(a, self.n_species):
                ax.plot(self.q, self.partial(a, b), lw=0.9, label=f"{species_name(a)}-{species_name(b)}")
        if self.n_species > 1:
            ax.legend(frameon=False)
        ax.set(xlabel="q", ylabel="S(q)")
