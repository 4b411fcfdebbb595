# SPDX-License-Identifier: GPL-3.0-or-later
"""Surfaces A(rho, eps) through data, coexistence, phase diagrams."""

from __future__ import annotations

import ctypes as c
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from .. import _ffi, errors
from .._library import lib
from .._objects import Array, Handle, Plottable, Record, array, choice, options
from .fluid import mie_options

__all__ = [
    "Coexistence",
    "CriticalDepth",
    "DrivingForce",
    "PhaseDiagram",
    "State",
    "Surface",
    "Tangent",
    "coexist",
    "phase_diagram",
    "tangent",
]

DATA = {"a": _ffi.BNSL_DATUM_A, "z": _ffi.BNSL_DATUM_Z, "u": _ffi.BNSL_DATUM_U}


@dataclass
class State(Record):
    """A phase at one state, with standard errors; the fields are those of bnsl_free_energy_state, in bnsl_free_energy(3)."""

    density: float
    well_depth: float
    a: float
    a_err: float
    pressure: float
    pressure_err: float
    mu: float
    mu_err: float
    u: float
    u_err: float
    stiffness: float


class CriticalDepth(NamedTuple):
    """The smallest well depth at which the fluid is unstable somewhere, its standard error, and the density there."""

    depth: float
    depth_err: float
    density: float


class DrivingForce(NamedTuple):
    """mu of the fluid minus mu of the crystal at equal pressure, and its standard error; > 0: the crystal is stable."""

    force: float
    force_err: float


class Surface(Plottable):
    """The free energy of one phase as a function of density and well depth, by least squares through values of A, Z and U together.

    Parameters
    ----------
    data : rows (kind, density, well_depth, value, error), well_depth 0 for a curve; kind "A" (beta A / N), "Z" (P / rho kT) or "U" (<U / eps> / N).
    n_density, n_depth : terms in density and well depth; n_depth 1: a curve at one potential.
    diameters, fractions : of a fluid mixture (hard-sphere reference); none: a crystal. virial : the exact second virial coefficient is built in.
    n, m, r_cut, shift : of the pairs. coupling, ipl_prefactor : of the potential of the virial coefficient.

    Raises ValueError; NumericalError: the data do not determine the coefficients."""

    def __init__(
        self,
        data: Sequence[tuple[str, float, float, float, float]],
        n_density: int | None = None,
        n_depth: int | None = None,
        *,
        diameters: ArrayLike | None = None,
        fractions: ArrayLike | None = None,
        virial: bool = False,
        n: float | None = None,
        m: float | None = None,
        r_cut: float | None = None,
        shift: str = "energy",
        coupling: float | None = None,
        ipl_prefactor: float | None = None,
    ):
        self.is_curve = n_depth in (None, 1)
        rows = (_ffi.bnsl_free_energy_datum * len(data))()
        for row, (kind, density, well_depth, value, error) in zip(rows, data):
            row.kind = choice("kind", kind, DATA)
            row.density, row.well_depth, row.value, row.error = density, well_depth or 1.0, value, error  # a curve has no depth
        if (diameters is None) != (fractions is None):
            raise ValueError("diameters and fractions go together")
        n_species = 0
        if diameters is not None and fractions is not None:
            diameters = array("diameters", diameters)
            n_species = len(diameters)
            fractions = array("fractions", fractions, float, diameters.shape)
        opts = options(
            "free_energy_surface",
            n_density=n_density,
            n_depth=n_depth,
            n_species=n_species,
            virial=bool(virial),
            coupling=coupling,
            ipl_prefactor=ipl_prefactor,
        )
        self._handle = Handle(
            _ffi.bnsl_free_energy_surface,
            lib.bnsl_free_energy_surface_create,
            opts,
            len(rows),
            rows,
            diameters,
            fractions,
            mie_options(n, m, r_cut, shift),
            destroy=lib.bnsl_free_energy_surface_destroy,
        )
        chi2, freedom, ranges = c.c_double(), c.c_int64(), np.empty((2, 2))
        lib.bnsl_free_energy_surface_quality(self._handle, c.byref(chi2), c.byref(freedom), ranges[0], ranges[1])
        self.chi2, self.degrees_of_freedom = chi2.value, freedom.value
        (low, high), (first, last) = ranges.tolist()
        self.density_range, self.depth_range = (low, high), (first, last)

    def __call__(self, density: float, well_depth: float = 0.0) -> State:
        """The phase at a state, with errors from the covariance. Raises DomainError outside the data."""
        out = _ffi.bnsl_free_energy_state()
        lib.bnsl_free_energy_surface_evaluate(self._handle, density, well_depth or 1.0, out)
        return State._of(out)

    def critical_depth(self, *, n_samples: int = 200, seed: int = 1) -> CriticalDepth:
        """Critical point of a fluid at its composition. Raises DomainError where there is none within the data."""
        out = [c.c_double() for _ in range(3)]
        lib.bnsl_free_energy_critical_depth(self._handle, n_samples, seed, *map(c.byref, out))
        return CriticalDepth(*(number.value for number in out))

    def driving_force(self, solid: Surface, well_depth: float, density: float, *, solid_shift_err: float = 0.0) -> DrivingForce:
        """Driving force of this fluid at a density towards a solid. Raises DomainError: the solid has no state of that pressure."""
        force, error = c.c_double(), c.c_double()
        lib.bnsl_free_energy_driving_force(
            self._handle, solid._handle, solid_shift_err, well_depth or 1.0, density, c.byref(force), c.byref(error)
        )
        return DrivingForce(force.value, error.value)

    def _draw(self, ax: Any) -> None:
        low, high = self.density_range
        for depth in np.unique(np.linspace(*self.depth_range, 4)):
            states = []
            for density in np.linspace(max(low, 1e-3 * high), high, 120):
                try:
                    states.append(self(density, depth))
                except errors.DomainError:
                    continue
            ax.plot([s.density for s in states], [s.pressure for s in states], lw=1.3, label=f"{depth:.3g} kT")
        ax.set(xlabel=r"$\rho\ \sigma_{LL}^3$", ylabel=r"$P\ \sigma_{LL}^3\ /\ kT$")
        if not self.is_curve:
            ax.legend(frameon=False, title="well depth")


@dataclass
class Coexistence(Record):
    """Two phases in equilibrium, the dilute one first: densities, pressure (kT / sigma^3) and mu (kT), with standard errors."""

    density: Array
    density_err: Array
    pressure: float
    pressure_err: float
    mu: float
    mu_err: float


def coexist(
    dilute: Surface,
    dense: Surface,
    well_depth: float = 0.0,
    *,
    dilute_shift_err: float = 0.0,
    dense_shift_err: float = 0.0,
    n_samples: int = 200,
    seed: int = 1,
) -> Coexistence:
    """Coexistence of two phases (one surface twice: gas and liquid). *_shift_err : errors that a whole surface shares.

    Raises DomainError: no pressure at which both exist, or no equal mu."""
    out = _ffi.bnsl_free_energy_coexistence()
    lib.bnsl_free_energy_coexist(dilute._handle, dilute_shift_err, dense._handle, dense_shift_err, well_depth or 1.0, n_samples, seed, out)
    return Coexistence._of(out)


class Tangent(NamedTuple):
    """Densities of the two phases, pressure and mu."""

    density: tuple[float, float]
    pressure: float
    mu: float


Phase = Callable[[float], "tuple[float, float]"]


def tangent(dilute: Phase, dense: Phase, low: ArrayLike, high: ArrayLike) -> Tangent:
    """Common tangent of two phases given by functions of the density that return beta A / N and beta P.

    low, high : densities between which each phase is known, two each. Raises what the functions raise; DomainError: no solution."""
    caught: list[BaseException] = []

    def wrapped(phase: Phase) -> Any:
        @_ffi.bnsl_free_energy_phase_fn
        def callback(user: Any, density: float, a_out: Any, pressure_out: Any) -> None:
            try:
                a_out[0], pressure_out[0] = (float("nan"),) * 2 if caught else phase(density)
            except BaseException as error:  # to be raised where the caller sees it
                caught.append(error)
                a_out[0] = pressure_out[0] = float("nan")

        return callback

    low, high, out = array("low", low, float, (2,)), array("high", high, float, (2,)), np.empty(2)
    pressure, mu = c.c_double(), c.c_double()
    functions = wrapped(dilute), wrapped(dense)
    try:
        lib.bnsl_free_energy_tangent(functions[0], None, functions[1], None, low, high, out, c.byref(pressure), c.byref(mu))
    except errors.Error:
        if caught:
            raise caught[0] from None
        raise
    if caught:
        raise caught[0]
    return Tangent((float(out[0]), float(out[1])), pressure.value, mu.value)


class PhaseDiagram(Plottable):
    """Lines of coexistence over the well depth: points[(phase, phase)] is a list of (well_depth, Coexistence)."""

    def __init__(self, points: dict[tuple[str, str], list[tuple[float, Coexistence]]], critical: CriticalDepth | None):
        self.points, self.critical = points, critical

    def _draw(self, ax: Any) -> None:
        for k, ((_, dense), line) in enumerate(self.points.items()):
            depth = [d for d, _ in line]
            for side in (0, 1):
                x, error = ([getattr(point, name)[side] for _, point in line] for name in ("density", "density_err"))
                ax.errorbar(
                    x,
                    depth,
                    xerr=error,
                    fmt="o-" if side else "o--",
                    ms=3,
                    lw=1.1,
                    color=f"C{k}",
                    label=f"fluid and {dense}" if side else None,
                )
        if self.critical is not None:
            ax.plot(self.critical.density, self.critical.depth, "*", ms=10, color="0.3", label="critical")
        ax.set(xlabel=r"$\rho\ \sigma_{LL}^3$", ylabel="well depth (kT)")
        ax.legend(frameon=False)


def phase_diagram(
    fluid: Surface, solids: dict[str, Surface], well_depths: ArrayLike, *, solid_shift_err: float = 0.0, n_samples: int = 200, seed: int = 1
) -> PhaseDiagram:
    """Coexistence of a fluid with each solid, and of gas and liquid, at each well depth where it exists; and the critical point.

    solids : surfaces by name. well_depths : kT. solid_shift_err, n_samples, seed : as of coexist. Raises ValueError."""
    points: dict[tuple[str, str], list[tuple[float, Coexistence]]] = {}
    pairs = [(("fluid", name), solid, solid_shift_err) for name, solid in solids.items()] + [(("gas", "liquid"), fluid, 0.0)]
    for depth in array("well_depths", well_depths):
        for names, dense, shift in pairs:
            try:
                found = coexist(fluid, dense, float(depth), dense_shift_err=shift, n_samples=n_samples, seed=seed)
            except errors.DomainError:
                continue
            points.setdefault(names, []).append((float(depth), found))
    critical = None
    if not fluid.is_curve:
        try:
            critical = fluid.critical_depth(n_samples=n_samples, seed=seed)
        except errors.DomainError:
            pass
    return PhaseDiagram(points, critical)
