# SPDX-License-Identifier: GPL-3.0-or-later
"""Form factors of spheres and their fits."""

from __future__ import annotations

import ctypes as c
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .. import _ffi, errors
from .._library import lib
from .._objects import Array, Plottable, Record, choice, curve, name_of, options, scalar, set_fields

__all__ = ["FormFactor", "FormFactorFit", "fit_form_factor"]

SIZES = {"gaussian": _ffi.BNSL_SIZES_GAUSSIAN, "schulz": _ffi.BNSL_SIZES_SCHULZ, "lognormal": _ffi.BNSL_SIZES_LOGNORMAL}
WEIGHTINGS = {"number": _ffi.BNSL_WEIGHTING_NUMBER, "volume": _ffi.BNSL_WEIGHTING_VOLUME}
ERROR_MODELS = {
    "given": _ffi.BNSL_ERRORS_GIVEN,
    "relative": _ffi.BNSL_ERRORS_RELATIVE,
    "sqrt": _ffi.BNSL_ERRORS_SQRT,
    "uniform": _ffi.BNSL_ERRORS_UNIFORM,
}


class FormFactor(Plottable):
    """Spheres, or spheres with a shell, of a distribution of radii: "gaussian", "schulz" or "lognormal" of mean radius and standard
    deviation sigma, of their "number" or their core "volume".

    n_sigma : a Gaussian is cut at radius +- n_sigma sigma and at 0. n_points : sums over so many radii instead, as sasmodels takes them.
    shell : its thickness. sld : scattering length densities of core, shell and medium; the default is unit contrast.
    Any consistent unit. Raises ValueError: radius not > 0, sigma not below it, what else bnsl_saxs(3) refuses."""

    def __init__(
        self,
        radius: float,
        sigma: float = 0.0,
        distribution: str = "gaussian",
        *,
        weighting: str = "number",
        n_sigma: float = 0.0,
        n_points: int = 0,
        shell: float = 0.0,
        sld: tuple[float, float, float] = (1.0, 0.0, 0.0),
    ):
        self.radius, self.sigma, self.distribution = float(radius), float(sigma), distribution
        self.weighting, self.n_sigma, self.n_points, self.shell = weighting, float(n_sigma), n_points, float(shell)
        self.sld = tuple(map(float, sld))
        if len(self.sld) != 3:
            raise ValueError(f"sld is {sld!r}, must be the densities of core, shell and medium")
        self._particle = _ffi.bnsl_saxs_particle()
        lib.bnsl_saxs_particle_init(self._particle, c.sizeof(self._particle))
        values = {"radius": self.radius, "sigma": self.sigma, "n_sigma": self.n_sigma, "n_points": n_points, "shell": self.shell}
        values |= {"distribution": choice("distribution", distribution, SIZES), "weighting": choice("weighting", weighting, WEIGHTINGS)}
        set_fields(self._particle, values | dict(zip(("sld_core", "sld_shell", "sld_medium"), self.sld)))
        self.volume = scalar(lib.bnsl_saxs_particle_volume, self._particle)  # refuses what is not allowed

    @classmethod
    def _of(cls, particle: c.Structure) -> FormFactor:
        return cls(
            particle.radius,
            particle.sigma,
            name_of(particle.distribution, SIZES),
            weighting=name_of(particle.weighting, WEIGHTINGS),
            n_sigma=particle.n_sigma,
            n_points=particle.n_points,
            shell=particle.shell,
            sld=(particle.sld_core, particle.sld_shell, particle.sld_medium),
        )

    def _all(self, q: ArrayLike) -> tuple[Array, Array, Array]:
        q = np.asarray(q, float)
        flat, f, f2, beta = np.ascontiguousarray(q.ravel()), np.empty(q.size), np.empty(q.size), np.empty(q.size)
        lib.bnsl_saxs_particle_form_factor(self._particle, q.size, flat, f, f2, beta)
        return f.reshape(q.shape), f2.reshape(q.shape), beta.reshape(q.shape)

    def amplitude(self, q: ArrayLike) -> Array:
        """<f>, a volume times a contrast; any shape of q >= 0."""
        return self._all(q)[0]

    def intensity(self, q: ArrayLike) -> Array:
        """<f^2>, the square of that."""
        return self._all(q)[1]

    def beta(self, q: ArrayLike) -> Array:
        """<f>^2 / <f^2>."""
        return self._all(q)[2]

    def moment(self, order: int) -> float:
        """Number average of the core's radius to the power of order, 0 .. 12."""
        return scalar(lib.bnsl_saxs_particle_moment, self._particle, order)

    __call__ = intensity

    def __repr__(self) -> str:
        more = [f"{name}={value!r}" for name, value in vars(self).items() if name in self._DEFAULTS and value != self._DEFAULTS[name]]
        return f"bnsl.FormFactor({', '.join([f'{self.radius:.10g}', f'{self.sigma:.10g}', repr(self.distribution), *more])})"

    _DEFAULTS = {"weighting": "number", "n_sigma": 0.0, "n_points": 0, "shell": 0.0, "sld": (1.0, 0.0, 0.0)}

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
    weighting = "number"
    _data: Any = field(default=None, repr=False, compare=False)

    @property
    def form_factor(self) -> FormFactor:
        """The distribution that was found."""
        return FormFactor(self.radius, self.sigma, self.distribution, weighting=self.weighting)

    def model(self, q: ArrayLike) -> Array:
        """The fitted I(q) = scale <f^2> / <V> + background."""
        spheres = self.form_factor
        return self.scale * spheres.intensity(q) / spheres.volume + self.background

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
    weighting: str = "number",
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
    q, intensity, error = curve("q intensity error", q, intensity, error)
    opts = options(
        "saxs_form_factor",
        distribution=choice("distribution", distribution, SIZES),
        weighting=choice("weighting", weighting, WEIGHTINGS),
        error_model=choice("error_model", error_model or "given", ERROR_MODELS),
        relative_error=relative_error,
        radius_start=radius_start,
        q_min=q_min,
        q_max=q_max,
    )
    out = _ffi.bnsl_saxs_form_factor_result()

    def result() -> FormFactorFit:
        fit = FormFactorFit._of(out)
        fit.distribution, fit.weighting, fit._data = distribution, weighting, (q, intensity, error)
        return fit

    try:
        lib.bnsl_saxs_fit_form_factor(len(q), q, intensity, error, opts, out)
    except errors.NoConvergence as failure:
        failure.result = result()
        raise
    return result()
