# SPDX-License-Identifier: GPL-3.0-or-later
"""Fluids of two species at any composition: A(rho, x, eps), dew and bubble points, the limit of stability."""

from __future__ import annotations

import ctypes as c
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .. import _ffi, errors
from .._library import lib
from .._objects import Array, Handle, Record, array, choice, options
from .fluid import mie_options
from .phases import DATA, CriticalDepth

__all__ = ["Fractionation", "Mixture", "MixtureState", "fractionate", "incipient"]


@dataclass
class MixtureState(Record):
    """A mixture at one state, with standard errors; the fields are those of bnsl_free_energy_mixture_state, in bnsl_free_energy(3)."""

    density: float
    fraction: float
    well_depth: float
    a: float
    a_err: float
    pressure: float
    pressure_err: float
    mu: Array
    mu_err: Array
    stiffness: float
    stability: float


@dataclass
class Fractionation(Record):
    """Two fluids in equilibrium, first the one whose composition was given: densities, fractions of L, pressure and both mu, with standard errors."""

    density: Array
    density_err: Array
    fraction: Array
    fraction_err: Array
    pressure: float
    pressure_err: float
    mu: Array
    mu_err: Array


class Mixture:
    """The free energy of a fluid of L and S as a function of density, composition and depth, by least squares through values of A, Z and U.

    Parameters
    ----------
    data : rows (kind, density, fraction, well_depth, value, error); kind "A" (beta A / N), "Z" (P / rho kT) or "U" (<U / eps> / N), fraction of L.
    n_density, n_depth, n_fraction : terms in the reduced density rho sum x_i x_j sigma_ij^3, the well depth and the composition.
    virial : the exact second virial coefficients are built in. diameters : of L and S. n, m, r_cut, shift : of the pairs.

    Raises ValueError; NumericalError: the data do not determine the coefficients."""

    def __init__(
        self,
        data: Sequence[tuple[str, float, float, float, float, float]],
        n_density: int | None = None,
        n_depth: int | None = None,
        n_fraction: int | None = None,
        *,
        diameters: ArrayLike = (1.0, 0.55),
        virial: bool = False,
        n: float | None = None,
        m: float | None = None,
        r_cut: float | None = None,
        shift: str = "energy",
        ipl_prefactor: float | None = None,
    ):
        rows = (_ffi.bnsl_free_energy_mixture_datum * len(data))()
        for row, (kind, density, fraction, well_depth, value, error) in zip(rows, data):
            row.kind = choice("kind", kind, DATA)
            row.density, row.fraction, row.well_depth, row.value, row.error = density, fraction, well_depth, value, error
        opts = options(
            "free_energy_mixture",
            n_density=n_density,
            n_depth=n_depth,
            n_fraction=n_fraction,
            virial=bool(virial),
            ipl_prefactor=ipl_prefactor,
        )
        self._handle = Handle(
            _ffi.bnsl_free_energy_mixture,
            lib.bnsl_free_energy_mixture_create,
            opts,
            len(rows),
            rows,
            array("diameters", diameters, float, (2,)),
            mie_options(n, m, r_cut, shift),
            destroy=lib.bnsl_free_energy_mixture_destroy,
        )
        chi2, freedom, ranges = c.c_double(), c.c_int64(), np.empty((2, 2))
        lib.bnsl_free_energy_mixture_quality(self._handle, c.byref(chi2), c.byref(freedom), ranges[0], ranges[1])
        self.chi2, self.degrees_of_freedom = chi2.value, freedom.value
        (low, high), (first, last) = ranges.tolist()
        self.reduced_range, self.depth_range = (low, high), (first, last)

    def __call__(self, density: float, fraction: float, well_depth: float) -> MixtureState:
        """The mixture at a state, with errors from the covariance. Raises DomainError outside the data."""
        out = _ffi.bnsl_free_energy_mixture_state()
        lib.bnsl_free_energy_mixture_evaluate(self._handle, density, fraction, well_depth, out)
        return MixtureState._of(out)

    def demixing_depth(self, fraction: float, *, n_samples: int = 200, seed: int = 1) -> CriticalDepth:
        """Limit of stability of the fluid of a composition. Raises DomainError where there is none within the data."""
        out = [c.c_double() for _ in range(3)]
        lib.bnsl_free_energy_demixing_depth(self._handle, fraction, n_samples, seed, *map(c.byref, out))
        return CriticalDepth(*(number.value for number in out))


def fractionate(
    parent: Mixture, other: Mixture, well_depth: float, fraction: float, *, bubble: bool = False, n_samples: int = 200, seed: int = 1
) -> Fractionation:
    """Dew point of parent, a vapour of a composition, or bubble point of parent, a liquid (one mixture twice: vapour and liquid by one expression).

    Raises DomainError: stable at all densities, or no solution within the data."""
    out = _ffi.bnsl_free_energy_fractionation()
    lib.bnsl_free_energy_fractionate(parent._handle, other._handle, well_depth, fraction, bool(bubble), n_samples, seed, out)
    return Fractionation._of(out)


Fluid = Callable[[float, float], "tuple[float, tuple[float, float]]"]


def incipient(
    parent: Fluid, other: Fluid, fraction: float, volumes: ArrayLike, low: ArrayLike, high: ArrayLike, *, bubble: bool = False
) -> Fractionation:
    """Dew or bubble point of fluids given by functions of the densities of L and of S that return beta A / V and both beta mu.

    volumes : of a particle of L and of S. low, high : packing fractions between which parent and other are known, two each.
    Raises what the functions raise; DomainError: no solution."""
    caught: list[BaseException] = []

    def wrapped(fluid: Fluid) -> Any:
        @_ffi.bnsl_free_energy_mixture_fn
        def callback(user: Any, density_l: float, density_s: float, a_out: Any, mu_out: Any) -> None:
            nan = float("nan")
            try:
                a_out[0], (mu_out[0], mu_out[1]) = (nan, (nan, nan)) if caught else fluid(density_l, density_s)
            except BaseException as error:  # to be raised where the caller sees it
                caught.append(error)
                a_out[0] = mu_out[0] = mu_out[1] = nan

        return callback

    volumes, low, high = (array(name, value, float, (2,)) for name, value in (("volumes", volumes), ("low", low), ("high", high)))
    functions, out = (wrapped(parent), wrapped(other)), _ffi.bnsl_free_energy_fractionation()
    try:
        lib.bnsl_free_energy_incipient(functions[0], None, functions[1], None, fraction, bool(bubble), volumes, low, high, out)
    except errors.Error:
        if caught:
            raise caught[0] from None
        raise
    if caught:
        raise caught[0]
    return Fractionation._of(out)
