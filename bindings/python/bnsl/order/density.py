# SPDX-License-Identifier: GPL-3.0-or-later
"""Local density."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .._library import lib
from .._objects import Array, Plottable, options, species_number
from .._system import as_system
from .._threads import threads
from ..neighbor import as_neighbors

__all__ = ["LocalDensity"]


class LocalDensity(Plottable):
    """Number density within r_max of each particle, neighbours of a diameter counting in part at the rim; with freud's names.

    >>> bnsl.LocalDensity(r_max=1.3, diameter=1.0).compute((box, points)).density
    """

    def __init__(self, r_max: float = 1.3, diameter: float = 1.0):
        self.r_max, self.diameter = r_max, diameter

    def compute(
        self,
        system: Any,
        query_points: ArrayLike | None = None,
        neighbors: Any = None,
        *,
        species: ArrayLike | None = None,
        between: tuple[Any, Any] | None = None,
        num_threads: int | None = None,
    ) -> LocalDensity:
        """Computes, and returns self.

        query_points : where the density is wanted; default: at the points. neighbors : a list, or query arguments, that reach to
        r_max + diameter / 2 or further; default: found without a list. between : (a, b): around species a, of species b."""
        a, b = (species_number(s) for s in between or (None, None))
        if neighbors is None and query_points is not None:
            neighbors = dict(r_max=self.r_max + self.diameter / 2)
        opts = options(
            "order_density", r_max=self.r_max, diameter=self.diameter, num_threads=threads(num_threads), point_species=b, query_species=a
        )
        if neighbors is None:
            box, points, kinds = as_system(system, species)
            density, number = np.empty(len(points)), np.empty(len(points))
            lib.bnsl_order_local_density(box, len(points), points, kinds, opts, density, number)
        else:
            if between is not None:
                raise ValueError("between goes with neither neighbors nor query_points: a list has chosen already")
            bonds = as_neighbors(system, neighbors, query_points)
            density, number = np.empty(bonds.num_query_points), np.empty(bonds.num_query_points)
            lib.bnsl_order_local_density_of_list(bonds._h, opts, density, number)
        self._density, self._number = density, number
        return self

    @property
    def density(self) -> Array:
        """1 / length^3, n values."""
        return self._density

    @property
    def num_neighbors(self) -> Array:
        """Number of neighbours, with those at the rim in part."""
        return self._number

    def _draw(self, ax: Any) -> None:
        ax.hist(self.density, bins=80, histtype="step", lw=1.4)
        ax.set(xlabel="local density", ylabel="particles")
