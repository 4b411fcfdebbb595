# SPDX-License-Identifier: GPL-3.0-or-later
"""Fits of diffraction patterns."""

from __future__ import annotations

import ctypes as c
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from .. import _ffi, errors
from .._library import lib
from .._objects import Array, Handle, Plottable, Record, choice, curve, options, scalar
from .._run import Control, running
from ..lattice import SOURCES, Lattice
from .form_factor import ERROR_MODELS

__all__ = ["FluidFit", "Geometry", "LineFit", "PatternFit", "Peak", "PhaseFit", "fit_line", "fit_pattern", "scherrer"]


BACKGROUNDS = {"physical": _ffi.BNSL_BACKGROUND_PHYSICAL, "polynomial": _ffi.BNSL_BACKGROUND_POLYNOMIAL}
FLUIDS = {
    "fitted": _ffi.BNSL_FLUID_FITTED,
    "fixed": _ffi.BNSL_FLUID_FIXED,
    "ideal": _ffi.BNSL_FLUID_IDEAL,
    "none": _ffi.BNSL_FLUID_NONE,
}
LINE_SHAPES = {"lorentzian": _ffi.BNSL_LINE_LORENTZIAN, "gaussian": _ffi.BNSL_LINE_GAUSSIAN}
AREAS = {"free": _ffi.BNSL_AREAS_FREE, "calculated": _ffi.BNSL_AREAS_CALCULATED}
CENTRES = {"lattice": _ffi.BNSL_CENTRES_LATTICE, "free": _ffi.BNSL_CENTRES_FREE}
SCHERRER = {
    "paper": _ffi.BNSL_SCHERRER_PAPER,
    "fwhm-diameter": _ffi.BNSL_SCHERRER_FWHM_DIAMETER,
    "fwhm-volume": _ffi.BNSL_SCHERRER_FWHM_VOLUME,
    "breadth-diameter": _ffi.BNSL_SCHERRER_BREADTH_DIAMETER,
    "breadth-volume": _ffi.BNSL_SCHERRER_BREADTH_VOLUME,
}
STATUSES = {
    _ffi.BNSL_FIT_FREE: "fitted",
    _ffi.BNSL_FIT_FIXED: "fixed",
    _ffi.BNSL_FIT_AT_BOUND: "at bound",
    _ffi.BNSL_FIT_UNDETERMINED: "undetermined",
}
PARAMETERS = {
    "a": "a_status",
    "c_over_a": "c_over_a_status",
    "hwhm": "hwhm_status",
    "microstrain": "microstrain_status",
    "u_rms": "u_status",
}


class Peak(NamedTuple):
    """One fitted line."""

    hkl: tuple[int, int, int]
    multiplicity: int
    q: float
    q_err: float
    area: float
    area_err: float
    status: str


@dataclass
class PhaseFit(Record):
    """Result for one phase; the fields are those of bnsl_saxs_phase, in bnsl_saxs(3), with its name and peaks. Lengths in nm."""

    a: float
    a_err: float
    c_over_a: float
    c_over_a_err: float
    hwhm: float
    hwhm_err: float
    microstrain: float
    microstrain_err: float
    xi: float
    xi_err: float
    fraction: float
    fraction_err: float
    u_rms: float
    u_rms_err: float
    diffuse: float
    diffuse_err: float
    scale_weight: float
    structure: str = ""
    status: dict[str, str] = field(default_factory=dict)
    peaks: list[Peak] = field(default_factory=list)


@dataclass
class FluidFit(Record):
    """The fluid of a physical background; the fields are those of bnsl_saxs_fluid, in bnsl_saxs(3)."""

    eta: float
    eta_err: float
    diameter: float
    diameter_err: float
    damping: float
    damping_err: float
    share_large: float
    share_large_err: float
    share_small: float
    share_small_err: float


@dataclass
class Geometry(Record):
    """Shortest distances between centres (b) and surfaces (d) of a fitted phase, nm, and its volume fraction; NaN: no such pair, no cores."""

    b_ll: float
    b_ls: float
    b_ss: float
    d_ll: float
    d_ls: float
    d_ss: float
    d_ll_err: float
    d_ls_err: float
    d_ss_err: float
    volume_fraction: float
    volume_fraction_err: float


class PatternFit(Plottable):
    """Result of fit_pattern: phases (with their peaks), chi2_reduced, converged, n_iterations; model(q) and background(q)."""

    def __init__(self, handle: Handle, names: list[str], data: tuple):
        self._handle, self._data = handle, data
        chi2, converged, iterations = c.c_double(), c.c_int32(), c.c_int32()
        lib.bnsl_saxs_pattern_quality(handle, c.byref(chi2), c.byref(converged), c.byref(iterations))
        self.chi2_reduced, self.converged, self.n_iterations = chi2.value, bool(converged.value), iterations.value
        self.phases = [self._phase(i, name) for i, name in zip(range(lib.bnsl_saxs_pattern_n_phases(handle)), names)]

    def _phase(self, i: int, name: str) -> PhaseFit:
        out, peak, peaks = _ffi.bnsl_saxs_phase(), _ffi.bnsl_saxs_peak(), []
        lib.bnsl_saxs_pattern_phase(self._handle, i, out)
        for k in range(out.n_peaks):
            lib.bnsl_saxs_pattern_peak(self._handle, i, k, peak)
            hkl = (peak.h, peak.k, peak.l)
            peaks.append(Peak(hkl, peak.multiplicity, peak.q, peak.q_err, peak.area, peak.area_err, STATUSES[peak.status]))
        status = {key: STATUSES[getattr(out, member)] for key, member in PARAMETERS.items()}
        return PhaseFit._of(out, structure=name, status=status, peaks=peaks)

    def _model(self, q: ArrayLike) -> tuple[Array, Array]:
        q = np.asarray(q, float)
        flat, total, background = np.ascontiguousarray(q.ravel()), np.empty(q.size), np.empty(q.size)
        lib.bnsl_saxs_pattern_model(self._handle, q.size, flat, total, background)
        return total.reshape(q.shape), background.reshape(q.shape)

    def model(self, q: ArrayLike) -> Array:
        """The fitted pattern at any q > 0."""
        return self._model(q)[0]

    def background(self, q: ArrayLike) -> Array:
        """Its background alone."""
        return self._model(q)[1]

    def refit(
        self, q: ArrayLike, s: ArrayLike, error: ArrayLike | None = None, *, progress: Any = None, control: Control | None = None
    ) -> PatternFit:
        """Fits other data from the parameters of this fit, instead of a search, and returns self with the new results."""
        q, s, error = curve("q s error", q, s, error)
        with running(progress, control, "fit") as stop:
            lib.bnsl_saxs_pattern_refit(self._handle, len(q), q, s, error, stop)
        self.__init__(self._handle, [phase.structure for phase in self.phases], (q, s, error))  # type: ignore[misc]
        return self

    @property
    def fluid(self) -> FluidFit:
        """The fluid of a physical background. Raises ValueError when there is none."""
        out = _ffi.bnsl_saxs_fluid()
        lib.bnsl_saxs_pattern_fluid(self._handle, out)
        return FluidFit._of(out)

    def geometry(self, phase: int = 0, bonds: str = "geometry") -> Geometry:
        """Bond lengths, surface distances and volume fraction of a phase; bonds as of Lattice.bond_lengths."""
        out = _ffi.bnsl_saxs_geometry()
        lib.bnsl_saxs_pattern_geometry(self._handle, phase, choice("bonds", bonds, SOURCES), out)
        return Geometry._of(out)

    def relative_fraction(self, reference: PatternFit, fraction: float, phase: int = 0, reference_phase: int = 0) -> tuple[float, float]:
        """Share of L in a phase, and its error, by comparison with a fit in which the share is known. DomainError: no common line."""
        value, err = c.c_double(), c.c_double()
        lib.bnsl_saxs_pattern_relative_fraction(
            self._handle, phase, reference._handle, reference_phase, fraction, c.byref(value), c.byref(err)
        )
        return value.value, err.value

    def __repr__(self) -> str:
        found = ", ".join(f"{p.structure} a = {p.a:.6g} +- {p.a_err:.2g}" for p in self.phases)
        return f"<bnsl.PatternFit: {found}; chi2_reduced {self.chi2_reduced:.4g}>"

    def _draw(self, ax: Any) -> None:
        q, s, _ = self._data
        fine = np.linspace(q.min(), q.max(), max(2000, len(q)))
        ax.plot(q, s, ".", ms=3, color="0.55", label="measured", zorder=1)
        ax.plot(fine, self.model(fine), lw=1.3, label="fit", zorder=3)
        ax.plot(fine, self.background(fine), lw=0.9, ls="--", color="0.4", label="background", zorder=2)
        bottom = float(np.nanmin(s)) - 0.05 * float(np.ptp(s))
        for k, phase in enumerate(self.phases):
            place = [bottom - 0.04 * k * float(np.ptp(s))] * len(phase.peaks)
            ax.plot([p.q for p in phase.peaks], place, "|", ms=7, color=f"C{k + 2}", label=phase.structure)
        ax.set(xlabel=r"q (nm$^{-1}$)", ylabel="S(q)")
        ax.legend(frameon=False)


def pattern_model(
    structures: str | Lattice | Sequence[str | Lattice],
    *,
    a: Any = None,
    c_over_a: Any = None,
    contrast: tuple[float, float] = (1.0, 1.0),
    cores: tuple[float, float] = (0.0, 0.0),
    core_sigma: tuple[float, float] = (0.0, 0.0),
    ratio: float | None = None,
    areas: str = "free",
    centres: str = "lattice",
    microstrain: bool = False,
    u_rms: float | None = None,
    background: str = "physical",
    fluid: str = "fitted",
    line_shape: str = "lorentzian",
    resolution: float | None = None,
    error_model: str | None = None,
    relative_error: float | None = None,
    background_order: int | None = None,
    q_min: float | None = None,
    q_max: float | None = None,
    scherrer: str = "paper",
    scherrer_k: float | None = None,
) -> tuple[Handle, list[str]]:
    """A model without data, and the names of its phases; arguments as of fit_pattern."""
    listed = [structures] if isinstance(structures, (str, Lattice)) else list(structures)
    ranges = a if isinstance(a, list) else [a] * len(listed)
    shapes = c_over_a if isinstance(c_over_a, list) else [c_over_a] * len(listed)
    if len(ranges) != len(listed) or len(shapes) != len(listed):
        raise ValueError(f"a and c_over_a: give one, or a list of {len(listed)}")
    opts = options(
        "saxs_pattern",
        error_model=choice("error_model", error_model or "given", ERROR_MODELS),
        relative_error=relative_error,
        background=choice("background", background, BACKGROUNDS),
        background_order=background_order,
        fluid=choice("fluid", fluid, FLUIDS),
        line_shape=choice("line_shape", line_shape, LINE_SHAPES),
        resolution=resolution,
        q_min=q_min,
        q_max=q_max,
        scherrer=choice("scherrer", scherrer, SCHERRER),
        scherrer_k=scherrer_k,
        contrast_large=float(contrast[0]),
        contrast_small=float(contrast[1]),
        d_large=float(cores[0]),
        d_small=float(cores[1]),
        sigma_large=float(core_sigma[0]),
        sigma_small=float(core_sigma[1]),
        ratio=ratio,
    )
    handle = Handle(_ffi.bnsl_saxs_pattern, lib.bnsl_saxs_pattern_create, opts, destroy=lib.bnsl_saxs_pattern_destroy)
    names = []
    for structure, span, shape in zip(listed, ranges, shapes):
        lattice = structure if isinstance(structure, Lattice) else Lattice(structure, c_over_a=None if shape in (None, "fit") else shape)
        if span is None:
            span = (0.0, 0.0) if isinstance(structure, Lattice) else (3.0, 40.0)
        names.append(lattice.name)
        phase = options(
            "saxs_phase",
            areas=choice("areas", areas, AREAS),
            centres=choice("centres", centres, CENTRES),
            fit_c_over_a=int(shape == "fit"),
            fit_microstrain=int(bool(microstrain)),
            fix_u_rms=int(u_rms is not None),
            u_rms=u_rms,
            a_min=float(span[0]),
            a_max=float(span[1]),
        )
        lib.bnsl_saxs_pattern_add_phase(handle, lattice._h, phase)
    return handle, names


def fit_pattern(
    q: ArrayLike,
    s: ArrayLike,
    structures: str | Lattice | Sequence[str | Lattice],
    error: ArrayLike | None = None,
    *,
    a: Any = None,
    c_over_a: Any = None,
    contrast: tuple[float, float] = (1.0, 1.0),
    cores: tuple[float, float] = (0.0, 0.0),
    core_sigma: tuple[float, float] = (0.0, 0.0),
    ratio: float | None = None,
    areas: str = "free",
    centres: str = "lattice",
    microstrain: bool = False,
    u_rms: float | None = None,
    background: str = "physical",
    fluid: str = "fitted",
    line_shape: str = "lorentzian",
    resolution: float | None = None,
    error_model: str | None = None,
    relative_error: float | None = None,
    background_order: int | None = None,
    q_min: float | None = None,
    q_max: float | None = None,
    scherrer: str = "paper",
    scherrer_k: float | None = None,
    progress: Any = None,
    control: Control | None = None,
) -> PatternFit:
    """Fits the reflections of one or more structures, and a background, to a pattern.

    q, s : points, q > 0 increasing, nm^-1; s = S(q), or any intensity with background="polynomial". error : standard errors, or
    error_model "relative", "sqrt" or "uniform".
    structures : names of prototypes, or lattices, one or several.
    a : range (a_min, a_max) that is searched, nm, one for all or a list of one for each; default: start from the lattices' own a (of
    names: everything from 3 to 40 nm is searched).
    c_over_a : "fit", a value, or a list of one for each; default the lattice's own.
    contrast, cores, core_sigma : scattering length densities of L and S less the solvent's, mean diameters of the cores (0: points) and
    their standard deviations, for the areas expected; ratio : S for each L in the whole sample.
    areas : "free" or "calculated" (X times those of the structure). centres : "lattice" or "free". microstrain : fitted too.
    u_rms : displacement that is kept (default: fitted). background : "physical" (diffuse scattering, fluid and polynomial) or
    "polynomial"; fluid : "fitted", "fixed", "ideal" or "none". line_shape : "lorentzian" or "gaussian", folded with the instrument's
    resolution (standard deviation, nm^-1). scherrer, scherrer_k : convention of the size xi, and another K for it; see bnsl_saxs(3).

    Raises ValueError: the data, more lines than can be fitted, no reflection in the range; NoConvergence, whose result is the best so far."""
    q, s, error = curve("q s error", q, s, error)
    handle, names = pattern_model(
        structures,
        a=a,
        c_over_a=c_over_a,
        contrast=contrast,
        cores=cores,
        core_sigma=core_sigma,
        ratio=ratio,
        areas=areas,
        centres=centres,
        microstrain=microstrain,
        u_rms=u_rms,
        background=background,
        fluid=fluid,
        line_shape=line_shape,
        resolution=resolution,
        error_model=error_model,
        relative_error=relative_error,
        background_order=background_order,
        q_min=q_min,
        q_max=q_max,
        scherrer=scherrer,
        scherrer_k=scherrer_k,
    )
    try:
        with running(progress, control, "fit") as stop:
            lib.bnsl_saxs_pattern_fit(handle, len(q), q, s, error, stop)
    except errors.NoConvergence as failure:
        failure.result = PatternFit(handle, names, (q, s, error))
        raise
    return PatternFit(handle, names, (q, s, error))


@dataclass
class LineFit(Record):
    """One line alone, nm^-1; status: what became of q and hwhm."""

    q: float
    q_err: float
    hwhm: float
    hwhm_err: float
    area: float
    area_err: float
    chi2_reduced: float
    n_points: int
    converged: int
    n_iterations: int
    status: dict[str, str] = field(default_factory=dict)


def fit_line(
    q: ArrayLike,
    s: ArrayLike,
    q_start: float,
    error: ArrayLike | None = None,
    *,
    window: float | None = None,
    line_shape: str = "lorentzian",
    background_order: int | None = None,
    resolution: float | None = None,
    error_model: str | None = None,
    relative_error: float | None = None,
) -> LineFit:
    """The quick mode: one line and a straight background within window (0.1 nm^-1) of q_start. Neighbouring lines bias it.

    Raises ValueError: the data; NoConvergence, whose result is the best so far."""
    q, s, error = curve("q s error", q, s, error)
    opts = options(
        "saxs_line",
        line_shape=choice("line_shape", line_shape, LINE_SHAPES),
        background_order=background_order,
        error_model=choice("error_model", error_model or "given", ERROR_MODELS),
        relative_error=relative_error,
        window=window,
        resolution=resolution,
    )
    out = _ffi.bnsl_saxs_line()

    def result() -> LineFit:
        return LineFit._of(out, status={"q": STATUSES[out.q_status], "hwhm": STATUSES[out.hwhm_status]})

    try:
        lib.bnsl_saxs_fit_line(len(q), q, s, error, q_start, opts, out)
    except errors.NoConvergence as failure:
        failure.result = result()
        raise
    return result()


def scherrer(hwhm: float, *, line_shape: str = "lorentzian", convention: str = "paper", k: float = 0.0) -> float:
    """Size of crystallites, nm, from a half width at half maximum, nm^-1; k: another K than the convention's. Raises ValueError: hwhm not > 0."""
    shape, number = choice("line_shape", line_shape, LINE_SHAPES), choice("convention", convention, SCHERRER)
    return scalar(lib.bnsl_saxs_scherrer, hwhm, shape, number, k)
