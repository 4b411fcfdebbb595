# SPDX-License-Identifier: GPL-3.0-or-later
"""Form factors of spheres and their fits."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .. import _ffi, errors
from .._library import lib
from .._objects import Array, Plottable, Record, array, choice, options

__all__ = ["FormFactor", "FormFactorFit", "fit_form_factor"]

SIZES = {"gaussian": _ffi.BNSL_SIZES_GAUSSIAN, "schulz": _ffi.BNSL_SIZES_SCHULZ}
ERROR_MODELS = {
    "given": _ffi.BNSL_ERRORS_GIVEN,
    "relative": _ffi.BNSL_ERRORS_RELATIVE,
    "sqrt": _ffi.BNSL_ERRORS_SQRT,
    "uniform": _ffi.BNSL_ERRORS_UNIFORM,
}


class FormFactor(Plottable):
    """Spheres of unit contrast with a number distribution of radii: "gaussian" or "schulz" of mean radius and standard deviation sigma.

    Any consistent unit. Raises ValueError when called: radius not > 0, sigma not below it."""

    def __init__(self, radius: float, sigma: float = 0.0, distribution: str = "gaussian"):
        self.radius, self.sigma, self.distribution = float(radius), float(sigma), distribution
        self._number = choice("distribution", distribution, SIZES)
        lib.bnsl_saxs_form_factor(self._number, self.radius, self.sigma, 1, np.zeros(1), None, np.empty(1))  # refuses what is not allowed

    def _both(self, q: ArrayLike) -> tuple[Array, Array]:
        q = np.asarray(q, float)
        flat, f, f2 = np.ascontiguousarray(q.ravel()), np.empty(q.size), np.empty(q.size)
        lib.bnsl_saxs_form_factor(self._number, self.radius, self.sigma, q.size, flat, f, f2)
        return f.reshape(q.shape), f2.reshape(q.shape)

    def amplitude(self, q: ArrayLike) -> Array:
        """<f>, a volume; any shape of q >= 0."""
        return self._both(q)[0]

    def intensity(self, q: ArrayLike) -> Array:
        """<f^2>, a volume squared."""
        return self._both(q)[1]

    __call__ = intensity

    def __repr__(self) -> str:
        return f"bnsl.FormFactor({self.radius:.10g}, {self.sigma:.10g}, {self.distribution!r})"

    def _draw(self, ax: Any) -> None:
        q = np.geomspace(0.02, 30, 800) / self.radius
        ax.loglog(q, self.intensity(q) / self.intensity(0.0), lw=1.4)
        ax.set(xlabel="q", ylabel="P(q)", ylim=(1e-6, 2))


@dataclass
class FormFactorFit(Record, Plottable):
    """Result of fit_form_factor; lengths in the unit of 1/q. Errors are standard errors."""

    radius: float
    radius_err: float
    sigma: float
    sigma_err: float
    scale: float
    scale_err: float
    background: float
    background_err: float
    chi2_reduced: float
    correlation_radius_sigma: float
    n_points: int
    n_iterations: int
    converged: int
    sigma_at_bound: int

    distribution = "gaussian"
    _data: Any = field(default=None, repr=False, compare=False)

    @property
    def form_factor(self) -> FormFactor:
        """The distribution that was found."""
        return FormFactor(self.radius, self.sigma, self.distribution)

    def model(self, q: ArrayLike) -> Array:
        """The fitted I(q) = scale <f^2> / <V> + background."""
        mean_cube = self.radius * (self.radius**2 + 3 * self.sigma**2)
        if self.distribution == "schulz":
            s2 = (self.sigma / self.radius) ** 2
            mean_cube = self.radius**3 * (1 + s2) * (1 + 2 * s2)
        return self.scale * self.form_factor.intensity(q) / (4 * np.pi / 3 * mean_cube) + self.background

    def _draw(self, ax: Any) -> None:
        q, intensity, error = self._data
        ax.errorbar(q, intensity, error, fmt=".", ms=3, lw=0.6, color="0.55", label="measured", zorder=1)
        ax.plot(q, self.model(q), lw=1.4, label=f"R = {self.radius:.4g}, $\\sigma$ = {self.sigma:.3g}", zorder=2)
        ax.set(xlabel="q", ylabel="I(q)", xscale="log", yscale="log")
        ax.legend(frameon=False)


def fit_form_factor(
    q: ArrayLike,
    intensity: ArrayLike,
    error: ArrayLike | None = None,
    *,
    distribution: str = "gaussian",
    error_model: str | None = None,
    relative_error: float | None = None,
    radius_start: float | None = None,
    q_min: float | None = None,
    q_max: float | None = None,
) -> FormFactorFit:
    """Least-squares fit of I(q) = scale <f^2> / <V> + background to a dilute pattern.

    error : standard errors of the intensity; without them error_model is "relative" (of relative_error, 0.02), "sqrt" or "uniform".
    radius_start : default from a scan over radii. Raises ValueError: not finite, errors missing, too few points; NoConvergence, whose
    result is the best so far."""
    q = array("q", q)
    intensity = array("intensity", intensity, float, q.shape)
    error = None if error is None else array("error", error, float, q.shape)
    opts = options(
        "saxs_form_factor",
        distribution=choice("distribution", distribution, SIZES),
        error_model=choice("error_model", error_model or "given", ERROR_MODELS),
        relative_error=relative_error,
        radius_start=radius_start,
        q_min=q_min,
        q_max=q_max,
    )
    out = _ffi.bnsl_saxs_form_factor_result()

    def result() -> FormFactorFit:
        fit = FormFactorFit._of(out)
        fit.distribution, fit._data = distribution, (q, intensity, error)
        return fit

    try:
        lib.bnsl_saxs_fit_form_factor(len(q), q, intensity, error, opts, out)
    except errors.NoConvergence as failure:
        failure.result = result()
        raise
    return result()
