# SPDX-License-Identifier: GPL-3.0-or-later
"""Files: trajectories (GSD, extended XYZ), tables, scattering curves and series of them: bnsl_io(3)."""

from .frames import Frame, Trajectory
from .tables import Curve, Series, Table, read_curve, read_series, read_table, write_curve, write_series, write_table

__all__ = [
    "Curve",
    "Frame",
    "Series",
    "Table",
    "Trajectory",
    "read_curve",
    "read_series",
    "read_table",
    "write_curve",
    "write_series",
    "write_table",
]
