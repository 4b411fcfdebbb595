# SPDX-License-Identifier: GPL-3.0-or-later
"""Pair potentials of a mixture: bnsl_potential(3). Reduced units: sigma_LL and epsilon."""

from __future__ import annotations

import ctypes as c
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from . import _ffi
from ._library import lib
from ._objects import Array, Handle, Plottable, Wrapper, array, choice, name_of, options, scalar, species_name, species_number, view

__all__ = ["Potential"]

FORMS = {
    "mie": _ffi.BNSL_FORM_MIE,
    "ipl": _ffi.BNSL_FORM_IPL,
    "wca": _ffi.BNSL_FORM_WCA,
    "none": _ffi.BNSL_FORM_NONE,
    "ipl-mie": _ffi.BNSL_FORM_IPL_MIE,
    "table": _ffi.BNSL_FORM_TABLE,
}
SHIFTS = {"energy": _ffi.BNSL_SHIFT_ENERGY, "none": _ffi.BNSL_SHIFT_NONE, "smooth": _ffi.BNSL_SHIFT_SMOOTH}
SPLITS = {"wca": _ffi.BNSL_BH_WCA, "sigma": _ffi.BNSL_BH_SIGMA}


class Potential(Wrapper, Plottable):
    """Potential matrix of a mixture; at first every pair has the same form and well depth, and sigma_ij = sigma (d_i + d_j) / 2.

    Parameters
    ----------
    diameters : 1 to 64 diameters, one for each species; the default is L and S of the assembly paper, 1 and 0.55.
    n, m : exponents; default 50 and 25.
    well_depth, sigma : defaults 1.
    form : "mie", "ipl", "wca", "none" or "ipl-mie".
    r_cut : cut-off as a multiple of sigma_ij, may be inf; default 1.6 (m >= 20) or 2.5.
    shift : at the cut-off, "energy" (subtract U(r_cut)), "none", or "smooth" (from r_on on, a multiple of sigma_ij, default 0.9 r_cut).
    coupling, ipl_prefactor : of "ipl-mie", U = (1 - coupling) prefactor (sigma/r)^n + coupling U_Mie.

    Pairs (a, b) are species numbers, or "L" and "S". Raises ValueError: a parameter that is out of its range.

    >>> bnsl.Potential(n=50, m=6).boyle_kT()
    """

    def __init__(
        self,
        diameters: ArrayLike = (1.0, 0.55),
        n: float | None = None,
        m: float | None = None,
        *,
        well_depth: float | None = None,
        sigma: float | None = None,
        form: str = "mie",
        r_cut: float | None = None,
        shift: str = "energy",
        r_on: float | None = None,
        coupling: float | None = None,
        ipl_prefactor: float | None = None,
    ):
        diameters = array("diameters", diameters)
        opts = self._options(
            n=n,
            m=m,
            well_depth=well_depth,
            sigma=sigma,
            form=form,
            r_cut=r_cut,
            shift=shift,
            r_on=r_on,
            coupling=coupling,
            ipl_prefactor=ipl_prefactor,
        )
        self._handle = Handle(
            _ffi.bnsl_potential, lib.bnsl_potential_create, len(diameters), diameters, opts, destroy=lib.bnsl_potential_destroy
        )

    @staticmethod
    def _options(form: str, shift: str, **values: Any) -> c.Structure:
        return options("potential", form=choice("form", form, FORMS), shift=choice("shift", shift, SHIFTS), **values)

    @staticmethod
    def _pair(a: int | str, b: int | str | None) -> tuple[int, int]:
        return species_number(a), species_number(a if b is None else b)

    @property
    def n_species(self) -> int:
        """Number of species."""
        return lib.bnsl_potential_n_species(self._h)

    @property
    def diameters(self) -> Array:
        """Diameters as given, n_species values."""
        out = np.empty(self.n_species)
        lib.bnsl_potential_diameters(self._h, out)
        return out

    @property
    def cutoffs(self) -> Array:
        """Cut-off distances, n_species x n_species."""
        out = np.empty((self.n_species, self.n_species))
        lib.bnsl_potential_cutoffs(self._h, out)
        return out

    def set_pair(self, a: int | str, b: int | str, *, form: str = "mie", shift: str = "energy", **values: float) -> Potential:
        """Replaces the pair (a, b) and (b, a); sigma is then sigma_ab itself. Keywords as of the class. Returns self."""
        lib.bnsl_potential_set_pair(self._h, *self._pair(a, b), self._options(form=form, shift=shift, **values))
        return self

    def set_table(
        self, a: int | str, b: int | str, r_min: float, r_max: float, u: ArrayLike, force: ArrayLike, sigma: float = 1.0
    ) -> Potential:
        """Makes the pair a table: energies and forces -dU/dr at equal distances from r_min to r_max. Returns self."""
        u = array("u", u)
        force = array("force", force, float, u.shape)
        lib.bnsl_potential_set_table(self._h, *self._pair(a, b), sigma, r_min, r_max, len(u), u, force)
        return self

    def table(self, a: int | str, b: int | str | None = None) -> tuple[Array, Array, Array]:
        """r, U and force of a pair that is a table, copied. Raises DomainError for other pairs."""
        r_min, r_max, n = c.c_double(), c.c_double(), c.c_int32()
        u, force = _ffi.P(c.c_double)(), _ffi.P(c.c_double)()
        lib.bnsl_potential_table(self._h, *self._pair(a, b), c.byref(r_min), c.byref(r_max), c.byref(n), c.byref(u), c.byref(force))
        r = np.linspace(r_min.value, r_max.value, n.value)
        return r, view(self._h, u, (n.value,)).copy(), view(self._h, force, (n.value,)).copy()

    def pair(self, a: int | str, b: int | str | None = None) -> dict[str, Any]:
        """Parameters in force for a pair, with r_cut and r_on resolved (as multiples of sigma)."""
        opts = options("potential")
        lib.bnsl_potential_get_pair(self._h, *self._pair(a, b), opts)
        out = {name: getattr(opts, name) for name, *_ in opts._fields_ if name not in ("struct_size", "reserved")}
        return {**out, "form": name_of(opts.form, FORMS), "shift": name_of(opts.shift, SHIFTS)}

    def energy(self, r: ArrayLike, a: int | str = 0, b: int | str | None = None) -> Array:
        """U(r), cut and shifted; any shape of r > 0."""
        return self._evaluate(r, a, b)[0]

    def force(self, r: ArrayLike, a: int | str = 0, b: int | str | None = None) -> Array:
        """-dU/dr; positive: repulsive."""
        return self._evaluate(r, a, b)[1]

    def _evaluate(self, r: ArrayLike, a: int | str, b: int | str | None) -> tuple[Array, Array]:
        r = np.asarray(r, float)
        flat, u, force = np.ascontiguousarray(r.ravel()), np.empty(r.size), np.empty(r.size)
        lib.bnsl_potential_evaluate(self._h, *self._pair(a, b), r.size, flat, u, force)
        return u.reshape(r.shape), force.reshape(r.shape)

    def minimum(self, a: int | str = 0, b: int | str | None = None) -> tuple[float, float]:
        """Position and value of the minimum of the uncut U. Raises DomainError where there is none."""
        r, u = c.c_double(), c.c_double()
        lib.bnsl_potential_minimum(self._h, *self._pair(a, b), c.byref(r), c.byref(u))
        return r.value, u.value

    def second_virial(self, kT: float, a: int | str = 0, b: int | str | None = None, *, method: str = "quadrature") -> float:
        """B2(kT) of the pair as cut and shifted ("quadrature"), or of the uncut pair by its series ("series")."""
        functions = {"quadrature": lib.bnsl_potential_second_virial, "series": lib.bnsl_potential_second_virial_series}
        if method not in functions:
            raise ValueError(f"method is {method!r}, must be 'quadrature' or 'series'")
        return scalar(functions[method], self._h, *self._pair(a, b), kT)

    def barker_henderson(self, kT: float, a: int | str = 0, b: int | str | None = None, *, split: str = "wca") -> float:
        """Barker-Henderson diameter of the uncut pair; split "wca" (up to r_min) or "sigma" (up to the zero of U)."""
        return scalar(lib.bnsl_potential_barker_henderson, self._h, *self._pair(a, b), kT, choice("split", split, SPLITS))

    def effective_range(self, kT: float, a: int | str = 0, b: int | str | None = None) -> float:
        """Noro-Frenkel effective range, in units of the Barker-Henderson diameter. DomainError: a repulsive pair, or kT too high."""
        return scalar(lib.bnsl_potential_effective_range, self._h, *self._pair(a, b), kT)

    def boyle_kT(self, a: int | str = 0, b: int | str | None = None) -> float:
        """Temperature at which B2 vanishes."""
        return scalar(lib.bnsl_potential_boyle_kT, self._h, *self._pair(a, b))

    def critical_kT(self, a: int | str = 0, b: int | str | None = None) -> float:
        """Noro-Frenkel estimate of the critical temperature."""
        return scalar(lib.bnsl_potential_critical_kT, self._h, *self._pair(a, b))

    def _draw(self, ax: Any) -> None:
        for a in range(min(self.n_species, 4)):
            for b in range(a, min(self.n_species, 4)):
                pair = self.pair(a, b)
                r = np.linspace(0.8, min(pair["r_cut"], 3.0) or 2.0, 600) * pair["sigma"]
                ax.plot(r, self.energy(r, a, b), label=f"{species_name(a)}-{species_name(b)}")
        depth = max(self.pair(a, a)["well_depth"] for a in range(self.n_species))
        ax.axhline(0, color="0.7", lw=0.8, zorder=0)
        ax.set(xlabel=r"$r\ /\ \sigma_{LL}$", ylabel=r"$U\ /\ \epsilon$", ylim=(-1.2 * depth, 2 * depth))
        ax.legend(frameon=False)
