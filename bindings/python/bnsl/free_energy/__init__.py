# SPDX-License-Identifier: GPL-3.0-or-later
"""Free energies, reduced by kT and per particle: bnsl_free_energy(3). Lengths in sigma_LL, the thermal wavelength is sigma_LL."""

from .bennett import BAR, MBAR, bar, mbar
from .solid import (
    EinsteinMolecule,
    Extrapolation,
    LatticeEnergy,
    SolidFreeEnergy,
    crystal,
    einstein,
    extrapolate,
    lattice_energy,
    primitive_cells,
)

__all__ = [
    "BAR",
    "MBAR",
    "EinsteinMolecule",
    "Extrapolation",
    "LatticeEnergy",
    "SolidFreeEnergy",
    "bar",
    "crystal",
    "einstein",
    "extrapolate",
    "lattice_energy",
    "mbar",
    "primitive_cells",
]
