# SPDX-License-Identifier: GPL-3.0-or-later
"""Free energy differences from samples of several states."""

from __future__ import annotations

import ctypes as c
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from .._library import lib
from .._objects import Array, array
from .._threads import threads

__all__ = ["BAR", "MBAR", "bar", "mbar"]


class BAR(NamedTuple):
    """beta (F_1 - F_0) and its standard error for uncorrelated samples."""

    df: float
    df_err: float


class MBAR(NamedTuple):
    """Free energies of the states over that of the first, and their asymptotic covariance."""

    f: Array
    covariance: Array


def bar(forward: ArrayLike, reverse: ArrayLike) -> BAR:
    """Bennett's acceptance ratio: beta (U_1 - U_0) in samples of state 0, beta (U_0 - U_1) in samples of state 1. [Bennett 1976]

    Infinity (an overlap) is allowed. Raises ValueError: no samples, NaN, -infinity; NumericalError: all of one direction are infinite."""
    forward, reverse = array("forward", forward), array("reverse", reverse)
    df, err = c.c_double(), c.c_double()
    lib.bnsl_free_energy_bar(len(forward), forward, len(reverse), reverse, c.byref(df), c.byref(err))
    return BAR(df.value, err.value)


def mbar(u: ArrayLike, n_samples: ArrayLike, *, num_threads: int | None = None) -> MBAR:
    """Multistate Bennett acceptance ratio. [Shirts and Chodera 2008]

    u : states x samples, reduced energy of every sample in every state, the samples in the order of the states that they were drawn in.
    n_samples : how many were drawn in each. Raises NoConvergence; NumericalError: a state that no sample can be in."""
    counts = array("n_samples", n_samples, np.int64)
    u = array("u", u, float, (len(counts), int(counts.sum())))
    f, covariance = np.empty(len(counts)), np.empty((len(counts), len(counts)))
    lib.bnsl_free_energy_mbar(len(counts), counts, u, threads(num_threads), f, covariance)
    return MBAR(f, covariance)
