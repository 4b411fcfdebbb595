# SPDX-License-Identifier: GPL-3.0-or-later
"""Free energies of crystals by thermodynamic integration from the Einstein molecule."""

from __future__ import annotations

import ctypes as c
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from .. import _ffi
from .._library import lib
from .._objects import Record, array, choice, n_results, options, scalar
from .._run import Control, running
from .._system import System, as_system, need_box, need_species, species_or_zeros
from .._threads import threads
from ..box import Box
from ..core import ISA
from ..lattice import Lattice
from ..potential import Potential

__all__ = [
    "EinsteinMolecule",
    "Extrapolation",
    "LatticeEnergy",
    "SolidFreeEnergy",
    "crystal",
    "einstein",
    "extrapolate",
    "lattice_energy",
    "primitive_cells",
]

METHODS = {"integral": _ffi.BNSL_SOLID_INTEGRAL, "mbar": _ffi.BNSL_SOLID_MBAR}
CONSTRAINTS = {"molecule": _ffi.BNSL_EINSTEIN_MOLECULE, "crystal": _ffi.BNSL_EINSTEIN_CRYSTAL}
CELLS = {"fixed": _ffi.BNSL_SOLID_CELL_FIXED, "relax-z": _ffi.BNSL_SOLID_CELL_RELAX_Z}
ALARMS = {
    "hopped": _ffi.BNSL_SOLID_HOPPED,
    "biased": _ffi.BNSL_SOLID_BIASED,
    "cell-stressed": _ffi.BNSL_SOLID_CELL_STRESSED,
    "slow": _ffi.BNSL_SOLID_SLOW,
    "weak": _ffi.BNSL_SOLID_WEAK,
    "poor-overlap": _ffi.BNSL_SOLID_POOR_OVERLAP,
}


def crystal(lattice: Lattice | str, density: float, n: int = 450, c_over_a: float = 0.0) -> System:
    """Sites of a crystal at a number density (sigma_LL^-3), some n of them, in a nearly cubic periodic box: (box, points, species).

    c_over_a : 0, the lattice's own. Raises ValueError: density, n, c_over_a of a cubic prototype."""
    lattice = Lattice(lattice) if isinstance(lattice, str) else lattice
    size = n_results(lib.bnsl_free_energy_supercell, lattice._h, density, c_over_a, n, outputs=3)
    box, points, species = _ffi.bnsl_box(), np.empty((size, 3)), np.empty(size, np.int32)
    lib.bnsl_free_energy_supercell(lattice._h, density, c_over_a, n, size, c.byref(c.c_int64()), box, points, species)
    return System(Box.from_box(box), points, species)


def primitive_cells(system: Any, species: ArrayLike | None = None) -> int:
    """Number of primitive cells in a box of a perfect crystal: AlB2 has n / 3. Raises ValueError: also two sites at the same place."""
    whole = as_system(system, species)
    return scalar(
        lib.bnsl_free_energy_primitive_cells, need_box(whole), len(whole.points), whole.points, species_or_zeros(whole), kind=c.c_int64
    )


class LatticeEnergy(NamedTuple):
    """Energy per particle and static pressure of a perfect crystal."""

    u: float
    p: float


def lattice_energy(system: Any, potential: Potential, species: ArrayLike | None = None, *, tail: bool = False) -> LatticeEnergy:
    """Energy of a perfect crystal, over all images within the cut-offs; tail: of the uncut potential.

    Raises ValueError: also an infinite cut-off without tail; DomainError: tail with a table, WCA or a smooth cut-off."""
    whole = as_system(system, species)
    u, p = c.c_double(), c.c_double()
    lib.bnsl_free_energy_lattice_energy(
        need_box(whole), len(whole.points), whole.points, need_species(whole), potential._h, bool(tail), c.byref(u), c.byref(p)
    )
    return LatticeEnergy(u.value, p.value)


def einstein(
    counts: ArrayLike, springs: ArrayLike, volume: float, n_cells: int, *, constraint: str = "molecule", fixed_species: int = 0
) -> float:
    """Free energy per particle of the non-interacting Einstein molecule or crystal: particles and beta K of each species (1 / sigma_LL^2).

    n_cells : primitive cells. fixed_species : that of the fixed particle of the molecule. Raises ValueError."""
    counts = array("counts", counts, np.int64)
    springs = array("springs", springs, float, counts.shape)
    number = choice("constraint", constraint, CONSTRAINTS)
    return scalar(lib.bnsl_free_energy_einstein, number, len(counts), counts, springs, fixed_species, n_cells, volume)


@dataclass
class SolidFreeEnergy(Record):
    """A crystal's free energy and equation of state at one density, per particle and in kT; errors are standard errors. The fields are those
    of bnsl_free_energy_solid_result, in bnsl_free_energy(3); alarms: names of its flags, empty when all is well."""

    n: int
    n_cells: int
    density: float
    a: float
    a_err: float
    a0: float
    u_lattice: float
    da1: float
    da1_err: float
    da2: float
    da2_err: float
    p: float
    p_err: float
    z: float
    z_err: float
    u: float
    u_err: float
    p_xx: float
    p_yy: float
    p_zz: float
    p_aniso_err: float
    u_tail: float
    p_tail: float
    ln_exp: float
    stretch: float
    stretch_err: float
    spring_max: float
    lindemann: float
    correlation_sweeps: float
    weak_share: float
    overlap: float
    n_moves: int
    n_nodes: int
    box: Box
    alarms: tuple[str, ...] = ()


class EinsteinMolecule:
    """Free energy of a crystal by Monte Carlo, from the Einstein molecule or crystal. [Frenkel and Ladd 1984; Vega and Noya 2007]

    Parameters
    ----------
    potential : default Potential(). kT : its energies are divided by it, 1. hard_spheres : pairs are hard at the potential's sigma_ij.
    method : "integral" or "mbar". constraint : "molecule" (one particle is fixed) or "crystal" (the centre is).
    cell : "fixed", or "relax-z": lz against lx and ly at constant volume, first. tail : adds the part of the potential that is cut off.
    n_sweeps, n_equilibrate, n_replicas, n_nodes : length and number of the runs. seed : of the random numbers, 1.
    spring, max_spring_factor, n_cells, fixed_particle, instruction_set : see bnsl_free_energy(3).

    >>> sites = bnsl.free_energy.crystal("fcc", density=1.04086, n=256)
    >>> bnsl.EinsteinMolecule(bnsl.Potential([1.0]), hard_spheres=True).compute(sites, progress=True).a
    """

    def __init__(
        self,
        potential: Potential | None = None,
        *,
        kT: float | None = None,
        hard_spheres: bool = False,
        method: str = "integral",
        constraint: str = "molecule",
        cell: str = "fixed",
        tail: bool = False,
        n_sweeps: int | None = None,
        n_equilibrate: int | None = None,
        n_replicas: int | None = None,
        n_nodes: int | None = None,
        seed: int | None = None,
        spring: float | None = None,
        max_spring_factor: float | None = None,
        n_cells: int | None = None,
        fixed_particle: int | None = None,
        instruction_set: str = "auto",
        num_threads: int | None = None,
    ):
        self.potential = Potential() if potential is None else potential
        self._num_threads = num_threads
        self._options = options(
            "free_energy_solid",
            kT=kT,
            hard_spheres=bool(hard_spheres),
            method=choice("method", method, METHODS),
            constraint=choice("constraint", constraint, CONSTRAINTS),
            cell=choice("cell", cell, CELLS),
            tail=bool(tail),
            n_sweeps=n_sweeps,
            n_equilibrate=n_equilibrate,
            n_replicas=n_replicas,
            n_nodes=n_nodes,
            seed=seed,
            spring=spring,
            max_spring_factor=max_spring_factor,
            n_cells=n_cells,
            fixed_particle=fixed_particle,
            instruction_set=choice("instruction_set", instruction_set, ISA),
        )

    def compute(
        self, system: Any, species: ArrayLike | None = None, *, progress: Any = None, control: Control | None = None
    ) -> SolidFreeEnergy:
        """Free energy of the crystal whose perfect sites system holds. progress, control : as of MD.run.

        Raises ValueError: an argument, a cut-off beyond half the box; DomainError: overlapping sites, a crystal that melts; Cancelled."""
        whole = as_system(system, species)
        n, kinds = len(whole.points), species_or_zeros(whole)
        self._options.num_threads = threads(self._num_threads)
        out = _ffi.bnsl_free_energy_solid_result()
        with running(progress, control, "free energy") as stop:
            lib.bnsl_free_energy_solid(need_box(whole), n, whole.points, kinds, self.potential._h, self._options, stop, out)
        return SolidFreeEnergy._of(out, alarms=tuple(name for name, bit in ALARMS.items() if out.flags & bit))


class Extrapolation(NamedTuple):
    """Free energy at infinite size, its standard error, and the slope in 1 / N."""

    a: float
    a_err: float
    slope: float


def extrapolate(n: ArrayLike, a: ArrayLike, a_err: ArrayLike) -> Extrapolation:
    """Weighted least squares of a = a_inf + b / N through two sizes or more. Raises ValueError: also all sizes equal."""
    n = array("n", n, np.int64)
    a, a_err = array("a", a, float, n.shape), array("a_err", a_err, float, n.shape)
    out = [c.c_double() for _ in range(3)]
    lib.bnsl_free_energy_extrapolate(len(n), n, a, a_err, *map(c.byref, out))
    return Extrapolation(*(number.value for number in out))
