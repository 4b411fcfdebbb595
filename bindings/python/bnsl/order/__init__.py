# SPDX-License-Identifier: GPL-3.0-or-later
"""Order, phases, clusters, nucleation, local density, pair distributions and motion: bnsl_order(3)."""

from .bonds import Cluster, SolidLiquid, Steinhardt, connections
from .crystals import Confirmation, Grains, Phase, Region, classify, confirm, crystal_clusters, density_threshold, grains, surface
from .density import LocalDensity
from .motion import MSD, Diffusion
from .nucleation import Nucleation, NucleationFrame, NucleationSummary
from .pairs import RDF

__all__ = [
    "MSD",
    "RDF",
    "Cluster",
    "Confirmation",
    "Diffusion",
    "Grains",
    "LocalDensity",
    "Nucleation",
    "NucleationFrame",
    "NucleationSummary",
    "Phase",
    "Region",
    "SolidLiquid",
    "Steinhardt",
    "classify",
    "confirm",
    "connections",
    "crystal_clusters",
    "density_threshold",
    "grains",
    "surface",
]
