# SPDX-License-Identifier: GPL-3.0-or-later
"""Fits of dilute patterns by several populations, with every parameter free or fixed."""

from __future__ import annotations

import ctypes as c
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from .. import _ffi, errors
from .._library import lib
from .._objects import Array, Handle, Plottable, choice, curve, name_of, options
from .._run import Control, running
from .form_factor import ERROR_MODELS, FormFactor

__all__ = ["DiluteFit", "Parameter", "fit_dilute"]

PARAMETERS = {
    "radius": _ffi.BNSL_PARAMETER_RADIUS,
    "sigma": _ffi.BNSL_PARAMETER_SIGMA,
    "shell": _ffi.BNSL_PARAMETER_SHELL,
    "sld_core": _ffi.BNSL_PARAMETER_SLD_CORE,
    "sld_shell": _ffi.BNSL_PARAMETER_SLD_SHELL,
    "sld_medium": _ffi.BNSL_PARAMETER_SLD_MEDIUM,
    "scale": _ffi.BNSL_PARAMETER_SCALE,
}
BACKGROUND = (-1, _ffi.BNSL_PARAMETER_BACKGROUND)
FATES = {
    "free": _ffi.BNSL_FIT_FREE,
    "fixed": _ffi.BNSL_FIT_FIXED,
    "at bound": _ffi.BNSL_FIT_AT_BOUND,
    "undetermined": _ffi.BNSL_FIT_UNDETERMINED,
}


class Parameter(NamedTuple):
    """A fitted value, its standard error, and what became of it: "free", "fixed", "at bound" or "undetermined" (the last two: error NaN)."""

    value: float
    err: float
    fate: str


class DiluteFit(Plottable):
    """Result of fit_dilute: populations, a list of dictionaries of Parameter by name; background; chi2_reduced, converged, n_points, n_free."""

    def __init__(self, handle: Handle, number: int, data: tuple):
        self._handle, self._data = handle, data
        chi2, n, free, converged, iterations = c.c_double(), c.c_int64(), c.c_int32(), c.c_int32(), c.c_int32()
        lib.bnsl_saxs_dilute_quality(handle, c.byref(chi2), c.byref(n), c.byref(free), c.byref(converged), c.byref(iterations))
        self.chi2_reduced, self.n_points, self.n_free = chi2.value, n.value, free.value
        self.converged, self.n_iterations = bool(converged.value), iterations.value
        self.populations = [{name: self._parameter(i, code) for name, code in PARAMETERS.items()} for i in range(number)]
        self.background = self._parameter(*BACKGROUND)

    def _parameter(self, population: int, code: int) -> Parameter:
        out = _ffi.bnsl_saxs_parameter()
        lib.bnsl_saxs_dilute_parameter(self._handle, population, code, out)
        return Parameter(out.value, out.err, name_of(out.status, FATES))

    def covariance(self, a: Any, b: Any) -> float:
        """Covariance of two parameters, each (population, name) or "background"."""
        out = c.c_double()
        lib.bnsl_saxs_dilute_covariance(self._handle, *_code(a), *_code(b), c.byref(out))
        return out.value

    def form_factor(self, population: int = 0) -> FormFactor:
        """A population as fitted."""
        out = _ffi.bnsl_saxs_particle()
        out.struct_size = c.sizeof(out)
        lib.bnsl_saxs_dilute_particle(self._handle, population, out)
        return FormFactor._of(out)

    def model(self, q: ArrayLike, population: int | None = None) -> Array:
        """The fitted I(q); of one population: what it scatters, without the background."""
        q = np.asarray(q, float)
        flat, out = np.ascontiguousarray(q.ravel()), np.empty(q.size)
        lib.bnsl_saxs_dilute_model(self._handle, -1 if population is None else population, q.size, flat, out)
        return out.reshape(q.shape)

    def __repr__(self) -> str:
        found = ", ".join(f"radius {p['radius'].value:.5g} +- {p['radius'].err:.2g}" for p in self.populations)
        return f"<bnsl.DiluteFit: {found}; chi2_reduced {self.chi2_reduced:.4g}>"

    def _draw(self, ax: Any) -> None:
        q, intensity, error = self._data
        ax.errorbar(q, intensity, error, fmt=".", ms=3, lw=0.6, color="0.55", label="measured", zorder=1)
        ax.plot(q, self.model(q), lw=1.4, label="fit", zorder=3)
        for i, population in enumerate(self.populations if len(self.populations) > 1 else []):
            ax.plot(q, self.model(q, i), lw=0.9, ls="--", label=f"R = {population['radius'].value:.4g}", zorder=2)
        ax.set(xlabel="q", ylabel="I(q)", xscale="log", yscale="log", ylim=(0.3 * min(intensity[intensity > 0], default=1.0), None))
        ax.legend(frameon=False)


def _code(name: Any) -> tuple[int, int]:
    if name == "background":
        return BACKGROUND
    try:
        population, parameter = name
        return population, PARAMETERS[parameter]
    except (TypeError, ValueError, KeyError):
        raise ValueError(f"{name!r} is no parameter: give 'background', or (population, one of {', '.join(PARAMETERS)})") from None


def fit_dilute(
    q: ArrayLike,
    intensity: ArrayLike,
    populations: FormFactor | Sequence[FormFactor | None] | None = None,
    error: ArrayLike | None = None,
    *,
    fixed: dict[Any, float] | None = None,
    bounds: dict[Any, tuple[float, float]] | None = None,
    error_model: str | None = None,
    relative_error: float | None = None,
    q_min: float | None = None,
    q_max: float | None = None,
    progress: Any = None,
    control: Control | None = None,
) -> DiluteFit:
    """Least-squares fit of I(q) = sum of scale <f^2> / <V> over populations + background; lengths in the unit of 1/q.

    populations : at most 4 form factors: starts, and what kind they are; None: Gaussian spheres whose radius is searched.
    fixed : values that are kept, {(population, name): value}; names: radius, sigma, shell, sld_core, sld_shell, sld_medium, scale; and
    "background". bounds : (low, high) of parameters to be fitted, shells and densities among them, which are fixed otherwise.
    error : standard errors, or error_model "relative", "sqrt" or "uniform".

    Raises ValueError: the data, a name, too few points; NoConvergence, whose result is the best so far; Cancelled."""
    q, intensity, error = curve("q intensity error", q, intensity, error)
    listed = [populations] if populations is None or isinstance(populations, FormFactor) else list(populations)
    opts = options(
        "saxs_dilute",
        error_model=choice("error_model", error_model or "given", ERROR_MODELS),
        relative_error=relative_error,
        q_min=q_min,
        q_max=q_max,
    )
    handle = Handle(_ffi.bnsl_saxs_dilute, lib.bnsl_saxs_dilute_create, opts, destroy=lib.bnsl_saxs_dilute_destroy)
    for population in listed:
        particle = population._particle if population is not None else _searched()
        lib.bnsl_saxs_dilute_add(handle, particle)
    for name, value in (fixed or {}).items():
        lib.bnsl_saxs_dilute_fix(handle, *_code(name), value)
    for name, (low, high) in (bounds or {}).items():
        lib.bnsl_saxs_dilute_free(handle, *_code(name), float("nan"), low, high)
    try:
        with running(progress, control, "fit") as stop:
            lib.bnsl_saxs_dilute_fit(handle, len(q), q, intensity, error, stop)
    except errors.NoConvergence as failure:
        failure.result = DiluteFit(handle, len(listed), (q, intensity, error))
        raise
    return DiluteFit(handle, len(listed), (q, intensity, error))


def _searched() -> c.Structure:
    """A population whose radius is not known."""
    particle = _ffi.bnsl_saxs_particle()
    lib.bnsl_saxs_particle_init(particle, c.sizeof(particle))
    return particle
