# SPDX-License-Identifier: GPL-3.0-or-later
"""libbnsl from Python: binary nanocrystal superlattices, simulated, recognised and fitted.

Numpy arrays in and out. Positions are n x 3; species are 0 (L, large) and 1 (S, small). Simulation is in reduced units (sigma_LL, epsilon),
scattering in nm and nm^-1. A configuration is (box, points), or anything that has both: frames of bnsl.Trajectory and gsd.hoomd, query
objects of freud. Failures are ValueError, MemoryError, OSError or RuntimeError, with one line that says what is allowed.

The manual pages of the library (bnsl_order(3) and so on) hold formulas, sources, ranges and costs.
"""

from . import core, errors, free_energy, order, saxs
from ._ffi import VERSION as __version__
from ._run import Control
from ._system import System, as_system
from ._threads import get_num_threads, set_num_threads
from .box import Box
from .core import library_info
from .errors import Cancelled, DomainError, Error, NoConvergence
from .free_energy import EinsteinMolecule, phase_diagram
from .io import Curve, Frame, Series, Table, Trajectory, read_curve, read_series, read_table, write_curve, write_series, write_table
from .lattice import Lattice
from .md import MD, pair_forces, polydisperse, random_start
from .neighbor import NeighborList
from .order import (
    MSD,
    RDF,
    Cluster,
    LocalDensity,
    Nucleation,
    Phase,
    Region,
    SolidLiquid,
    Steinhardt,
    classify,
    confirm,
    connections,
    crystal_clusters,
    density_threshold,
    grains,
    surface,
)
from .potential import Potential
from .saxs import FormFactor, StructureFactor, fit_dilute, fit_form_factor, fit_line, fit_pattern, fit_series

__all__ = [
    "Box",
    "Cancelled",
    "Cluster",
    "Control",
    "Curve",
    "DomainError",
    "EinsteinMolecule",
    "Error",
    "FormFactor",
    "Frame",
    "Lattice",
    "LocalDensity",
    "MD",
    "MSD",
    "NeighborList",
    "NoConvergence",
    "Nucleation",
    "Phase",
    "Potential",
    "RDF",
    "Region",
    "SolidLiquid",
    "Steinhardt",
    "Series",
    "StructureFactor",
    "System",
    "Table",
    "Trajectory",
    "__version__",
    "as_system",
    "classify",
    "confirm",
    "connections",
    "core",
    "crystal_clusters",
    "density_threshold",
    "errors",
    "fit_dilute",
    "fit_form_factor",
    "fit_line",
    "fit_pattern",
    "fit_series",
    "free_energy",
    "get_num_threads",
    "grains",
    "library_info",
    "order",
    "phase_diagram",
    "polydisperse",
    "random_start",
    "read_curve",
    "pair_forces",
    "read_series",
    "read_table",
    "saxs",
    "set_num_threads",
    "surface",
    "write_curve",
    "write_series",
    "write_table",
]
