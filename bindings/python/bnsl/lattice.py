# SPDX-License-Identifier: GPL-3.0-or-later
"""Structure prototypes of binary superlattices: bnsl_lattice(3). Species 0 is L, 1 is S; lengths in the unit of a."""

from __future__ import annotations

import ctypes as c
from typing import Any, NamedTuple

import numpy as np

from . import _ffi
from ._library import lib
from ._objects import Handle, Plottable, Wrapper, choice, n_results, options, scalar
from ._pictures import draw_particles
from ._system import System, need_box, need_species
from .box import Box

__all__ = ["BondLengths", "Lattice", "Packing", "Reflection", "Site"]

CELLS = {"conventional": _ffi.BNSL_CELL_CONVENTIONAL, "orthogonal": _ffi.BNSL_CELL_ORTHOGONAL}
SOURCES = {"geometry": _ffi.BNSL_BONDS_GEOMETRY, "paper": _ffi.BNSL_BONDS_PAPER}
SYSTEMS = {_ffi.BNSL_SYSTEM_CUBIC: "cubic", _ffi.BNSL_SYSTEM_HEXAGONAL: "hexagonal", _ffi.BNSL_SYSTEM_TETRAGONAL: "tetragonal"}
ABSENCES = {_ffi.BNSL_ABSENCE_NONE: None, _ffi.BNSL_ABSENCE_GROUP: "group", _ffi.BNSL_ABSENCE_SITES: "sites"}
RELAX = {
    "nothing": _ffi.BNSL_RELAX_NOTHING,
    "c_over_a": _ffi.BNSL_RELAX_C_OVER_A,
    "sites": _ffi.BNSL_RELAX_SITES,
    "all": _ffi.BNSL_RELAX_ALL,
}


class BondLengths(NamedTuple):
    """Shortest centre-to-centre distances; NaN where there is no such pair."""

    LL: float
    LS: float
    SS: float


class Reflection(NamedTuple):
    """One family {hkl}: number of equivalents, whether it is allowed, q = 2 pi / d, and |G_L|^2, |G_S|^2 and Re G_L G_S*.

    absence: None, or why it is extinct: "group" (centring, glides, screws) or "sites" (special positions).
    """

    hkl: tuple[int, int, int]
    multiplicity: int
    allowed: bool
    q: float
    g_ll: float
    g_ss: float
    g_ls: float
    absence: str | None = None

    def intensity(self, f_large: float = 1.0, f_small: float = 1.0) -> float:
        """Multiplicity times |F|^2 with the scattering amplitudes of L and S."""
        return self.multiplicity * (f_large**2 * self.g_ll + f_small**2 * self.g_ss + 2 * f_large * f_small * self.g_ls)


class Site(NamedTuple):
    """One site of the conventional cell: species (0 L, 1 S), Wyckoff position, fractional coordinates."""

    species: int
    wyckoff: str
    x: tuple[float, float, float]


class Packing(NamedTuple):
    """A densest packing: volume fraction, the parameters of the lattice (0: none), and the pairs in contact, of "LL", "LS", "SS"."""

    fraction: float
    a: float
    c_over_a: float
    x: float
    y: float
    z: float
    contacts: tuple[str, ...]


class Lattice(Wrapper, Plottable):
    """A structure prototype with its lattice parameters; immutable.

    Parameters
    ----------
    name : one of Lattice.prototypes() or another name of it ("C14" for MgZn2), in any case.
    a : lattice constant > 0; default 1.
    c_over_a : of prototypes that have one; default the prototype's own (AlB2: 1).
    x, y, z : free site coordinates (NaZn13: y, z), default the prototype's own.

    Raises ValueError: an unknown name, a parameter out of range.

    >>> box, points, species = bnsl.Lattice("AlB2", a=1.06).supercell(6, 4, 6, cell="orthogonal")
    """

    def __init__(
        self,
        name: str,
        a: float | None = None,
        c_over_a: float | None = None,
        *,
        x: float | None = None,
        y: float | None = None,
        z: float | None = None,
    ):
        opts = options("lattice", a=a, c_over_a=c_over_a, x=x, y=y, z=z)
        self._handle = Handle(_ffi.bnsl_lattice, lib.bnsl_lattice_create, str(name).encode(), opts, destroy=lib.bnsl_lattice_destroy)

    @staticmethod
    def prototypes() -> tuple[str, ...]:
        """Names of the prototypes that are known."""
        return tuple(lib.bnsl_lattice_prototype_name(i).decode() for i in range(lib.bnsl_lattice_n_prototypes()))

    @property
    def name(self) -> str:
        """The prototype in its usual spelling."""
        return lib.bnsl_lattice_name(self._h).decode()

    @property
    def space_group(self) -> str:
        """Hermann-Mauguin symbol."""
        return lib.bnsl_lattice_space_group(self._h).decode()

    @property
    def aliases(self) -> tuple[str, ...]:
        """Other names that Lattice() takes."""
        return tuple(lib.bnsl_lattice_aliases(self._h).decode().split(", "))

    @property
    def strukturbericht(self) -> str:
        """Strukturbericht symbol, "" where there is none."""
        return lib.bnsl_lattice_strukturbericht(self._h).decode()

    @property
    def pearson_symbol(self) -> str:
        """Pearson symbol."""
        return lib.bnsl_lattice_pearson_symbol(self._h).decode()

    @property
    def source(self) -> str:
        """Where the sites were published."""
        return lib.bnsl_lattice_source(self._h).decode()

    @property
    def system(self) -> str:
        """ "cubic", "hexagonal" or "tetragonal"."""
        return SYSTEMS[lib.bnsl_lattice_system(self._h)]

    @property
    def parameters(self) -> dict[str, float]:
        """The free site coordinates that the prototype has, by their letters."""
        out = [c.c_double() for _ in range(3)]
        lib.bnsl_lattice_parameters(self._h, *map(c.byref, out))
        return {letter: number.value for letter, number in zip("xyz", out) if number.value}

    @property
    def primitive_cells(self) -> int:
        """Primitive cells in the conventional one."""
        return scalar(lib.bnsl_lattice_primitive_cells, self._h, kind=c.c_int32)

    @property
    def sites(self) -> list[Site]:
        """Sites of the conventional cell, L before S."""
        out, x, species = [], np.empty(3), c.c_int32()
        for i in range(sum(self._sites())):
            lib.bnsl_lattice_site(self._h, i, x, c.byref(species))
            out.append(Site(species.value, lib.bnsl_lattice_site_wyckoff(self._h, i).decode(), tuple(x.tolist())))  # type: ignore[arg-type]
        return out

    def _constants(self) -> tuple[float, float, float]:
        out = [c.c_double() for _ in range(3)]
        lib.bnsl_lattice_constants(self._h, *map(c.byref, out))
        return tuple(number.value for number in out)  # type: ignore[return-value]

    a = property(lambda self: self._constants()[0], doc="Lattice constant a.")
    c = property(lambda self: self._constants()[1], doc="Lattice constant c (cubic: a).")
    cell_volume = property(lambda self: self._constants()[2], doc="Volume of the conventional cell.")

    def _sites(self) -> tuple[int, int]:
        large, small = c.c_int32(), c.c_int32()
        lib.bnsl_lattice_sites(self._h, c.byref(large), c.byref(small))
        return large.value, small.value

    n_large = property(lambda self: self._sites()[0], doc="L in the conventional cell.")
    n_small = property(lambda self: self._sites()[1], doc="S in the conventional cell.")

    def bond_lengths(self, source: str = "geometry") -> BondLengths:
        """Shortest distances: "geometry", or "paper", scaled from the atomic distances that Marino 2024 prints (Unsupported without any)."""
        out = [c.c_double() for _ in range(3)]
        lib.bnsl_lattice_bond_lengths(self._h, choice("source", source, SOURCES), *map(c.byref, out))
        return BondLengths(*(number.value for number in out))

    def volume_fraction(self, d_large: float, d_small: float) -> float:
        """Volume fraction of spheres of these diameters on the sites."""
        return scalar(lib.bnsl_lattice_volume_fraction, self._h, d_large, d_small)

    def densest_packing(self, d_large: float, d_small: float, relax: str = "all") -> Packing:
        """Smallest cell without overlaps of spheres of these diameters; relax: "nothing", "c_over_a", "sites" or "all"."""
        out = _ffi.bnsl_lattice_packing()
        lib.bnsl_lattice_densest_packing(self._h, d_large, d_small, choice("relax", relax, RELAX), c.byref(out))
        touch = {"LL": out.touch_ll, "LS": out.touch_ls, "SS": out.touch_ss}
        return Packing(out.fraction, out.a, out.c_over_a, out.x, out.y, out.z, tuple(pair for pair, does in touch.items() if does))

    def supercell(self, nx: int = 1, ny: int | None = None, nz: int | None = None, *, cell: str = "conventional") -> System:
        """Particles of nx x ny x nz cells (ny, nz: nx) in a periodic box: (box, points, species). cell: "conventional" or "orthogonal"."""
        ny, nz, kind = nx if ny is None else ny, nx if nz is None else nz, choice("cell", cell, CELLS)
        n, box = n_results(lib.bnsl_lattice_supercell, self._h, kind, nx, ny, nz, outputs=3), _ffi.bnsl_box()
        points, species = np.empty((n, 3)), np.empty(n, np.int32)
        lib.bnsl_lattice_supercell(self._h, kind, nx, ny, nz, n, c.byref(c.c_int64()), box, points, species)
        return System(Box.from_box(box), points, species)

    def sphere(self, radius: float) -> System:
        """Particles within radius of an L site, as a finite cluster around it: (None, points, species)."""
        n = n_results(lib.bnsl_lattice_sphere, self._h, radius, outputs=2)
        points, species = np.empty((n, 3)), np.empty(n, np.int32)
        lib.bnsl_lattice_sphere(self._h, radius, n, c.byref(c.c_int64()), points, species)
        return System(None, points, species)

    def reflections(self, q_max: float, *, include_absent: bool = False) -> list[Reflection]:
        """Families of reflections with 0 < q <= q_max, by increasing q."""
        n = n_results(lib.bnsl_lattice_reflections, self._h, q_max, include_absent, outputs=1)
        out = (_ffi.bnsl_reflection * n)()
        if n:
            lib.bnsl_lattice_reflections(self._h, q_max, include_absent, n, c.byref(c.c_int64()), out)
        return [Reflection((r.h, r.k, r.l), r.multiplicity, bool(r.allowed), r.q, r.g_ll, r.g_ss, r.g_ls, ABSENCES[r.absence]) for r in out]

    def __repr__(self) -> str:
        if self.closed:
            return "bnsl.Lattice(closed)"
        a, c_, _ = self._constants()
        return f"bnsl.Lattice({self.name!r}, a={a:.10g}, c_over_a={c_ / a:.10g})"

    def _draw(self, ax: Any) -> None:
        """Some cells, seen along c: spheres at 60 % of their size, paler the deeper they lie."""
        repeat = 2 if sum(self._sites()) < 20 else 1
        system = self.supercell(repeat, repeat, 1)
        species = need_species(system)
        diameters = 0.6 * self.bond_lengths().LL * np.where(species == 0, 1.0, 0.55)
        corners = np.array([(0, 0), (1, 0), (1, 1), (0, 1)]) - 0.5
        draw_particles(ax, system.points, species, diameters, corners @ need_box(system).vectors[:2, :2])
        ax.set(title=f"{self.name}, along c")
