# SPDX-License-Identifier: GPL-3.0-or-later
"""Configurations in the forms that users have them."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ._objects import Array, IntArray, array
from .box import Box

__all__ = ["System", "as_system"]


class System(NamedTuple):
    """A box (None: a finite cluster), positions (n x 3) and species (n numbers, 0 = L, 1 = S; None: all alike)."""

    box: Box | None
    points: Array
    species: IntArray | None


def as_system(system: Any, species: ArrayLike | None = None) -> System:
    """(box, points), or anything that has both: a bnsl.Frame or bnsl.MD, a frame of gsd.hoomd, a query object of freud, a snapshot of HOOMD.

    species overrides those of a frame. Positions of float64 in C order are used where they lie; others (GSD's float32) are converted once."""
    own: Any = None
    if isinstance(system, System):
        box, points, own = system
    elif hasattr(system, "particles") and hasattr(system, "configuration"):  # gsd.hoomd.Frame and hoomd.Snapshot
        box, points, own = system.configuration.box, system.particles.position, system.particles.typeid
    elif hasattr(system, "box") and hasattr(system, "points"):
        box, points, own = system.box, system.points, getattr(system, "species", None)
    else:
        try:
            box, points = system
        except (TypeError, ValueError):
            raise ValueError(f"system: expected (box, points) or an object with both, got {type(system).__name__}") from None
    points = array("points", points, np.float64, (None, 3))
    if species is None:
        species = own
    if species is not None:
        species = array("species", species, np.int32, (len(points),))
    return System(None if box is None else Box.from_box(box), points, species)


def need_species(system: System) -> IntArray:
    if system.species is None:
        raise ValueError("species are needed: n numbers, 0 for L and 1 for S (species=...)")
    return system.species


def species_or_zeros(system: System) -> IntArray:
    return np.zeros(len(system.points), np.int32) if system.species is None else system.species


def need_box(system: System) -> Box:
    if system.box is None:
        raise ValueError("a box is needed, not None")
    return system.box
