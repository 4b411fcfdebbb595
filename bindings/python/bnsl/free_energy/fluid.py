# SPDX-License-Identifier: GPL-3.0-or-later
"""Reference equations of state, and free energies of fluid mixtures by integration over density and well depth."""

from __future__ import annotations

import ctypes as c
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from .. import _ffi
from .._library import lib
from .._objects import Array, Record, array, options, scalar
from .._run import Control, running
from .._system import System, as_system, need_box, species_or_zeros
from .._threads import threads
from ..box import Box
from ..potential import Potential

__all__ = [
    "Exchange",
    "FluidFreeEnergy",
    "LennardJones",
    "Node",
    "Path",
    "Reference",
    "bmcsl",
    "carnahan_starling",
    "clumping_limit",
    "exchange",
    "fluid",
    "fluid_start",
    "kolafa_nezbeda",
    "path",
    "ramp",
    "second_virial",
    "van_der_hoef",
]

REMARKS = {"hysteresis": _ffi.BNSL_FLUID_HYSTERESIS, "clumped": _ffi.BNSL_FLUID_CLUMPED}


# ---- reference equations ------------------------------------------------------------------------------------


class Reference(NamedTuple):
    """Z = P / (rho kT), and beta A_ex / N and beta mu_ex over the ideal gas (mu_ex of each species for mixtures)."""

    z: float
    a_ex: float
    mu_ex: Any


def carnahan_starling(packing_fraction: float) -> Reference:
    """Hard spheres of one size. [Carnahan and Starling 1969] Raises ValueError: not within 0 <= packing_fraction < 1."""
    out = [c.c_double() for _ in range(3)]
    lib.bnsl_free_energy_carnahan_starling(packing_fraction, *map(c.byref, out))
    return Reference(*(number.value for number in out))


def bmcsl(diameters: ArrayLike, fractions: ArrayLike, density: float) -> Reference:
    """Additive hard spheres of several sizes. [Boublik 1970; Mansoori et al. 1971]

    fractions : of each species, sum 1. density : number density. Raises ValueError: also a packing fraction of 1 or more."""
    diameters = array("diameters", diameters)
    fractions, mu = array("fractions", fractions, float, diameters.shape), np.empty(len(diameters))
    z, a = c.c_double(), c.c_double()
    lib.bnsl_free_energy_bmcsl(len(diameters), diameters, fractions, density, c.byref(z), c.byref(a), mu)
    return Reference(z.value, a.value, mu)


class LennardJones(NamedTuple):
    """A_ex / N and U / N in epsilon, and P in epsilon / sigma^3."""

    a_ex: float
    u: float
    pressure: float


def kolafa_nezbeda(kT: float, density: float) -> LennardJones:
    """The full Lennard-Jones fluid, epsilon = sigma = 1. [Kolafa and Nezbeda 1994] Raises ValueError; DomainError: too dense."""
    return _lennard_jones(lib.bnsl_free_energy_kolafa_nezbeda, kT, density)


def van_der_hoef(kT: float, density: float) -> LennardJones:
    """The full Lennard-Jones fcc solid, epsilon = sigma = 1. [van der Hoef 2000] With the published constant; Mastny and de Pablo (2007) add
    -0.0175593 kT to A_ex, which still leaves it some 0.01 kT too high. Raises ValueError: kT not > 0."""
    return _lennard_jones(lib.bnsl_free_energy_van_der_hoef, kT, density)


def _lennard_jones(function: Any, kT: float, density: float) -> LennardJones:
    out = [c.c_double() for _ in range(3)]
    function(kT, density, *map(c.byref, out))
    return LennardJones(*(number.value for number in out))


def second_virial(potential: Potential, fractions: ArrayLike, kT: float) -> float:
    """B2 of a mixture, of the pairs as cut and shifted, in the cube of the unit of length. fractions : of each species, sum 1.

    Raises ValueError; NumericalError: kT is too low."""
    return scalar(lib.bnsl_free_energy_second_virial, potential._h, array("fractions", fractions, float, (potential.n_species,)), kT)


# ---- ramps -----------------------------------------------------------------------------------------------------


def mie_options(n: float | None, m: float | None, r_cut: float | None, shift: str) -> c.Structure:
    return Potential._options(form="mie", shift=shift, n=n, m=m, r_cut=r_cut)


class Path(NamedTuple):
    """Nodes from the inverse power law through the Mie potential of the first depth to the last, and the weights of the quadrature."""

    coupling: Array
    well_depth: Array
    weight: Array


def path(depths: ArrayLike) -> Path:
    """Nodes for increasing well depths (kT): A at a node that is one of them is that of node 0 plus the sum of weight * slope before it.

    Raises ValueError: depths that are not > 0 and increasing."""
    depths, n = array("depths", depths), c.c_int32()
    lib.bnsl_free_energy_path(len(depths), depths, 0, None, None, None, c.byref(n))
    out = Path(*(np.empty(n.value) for _ in range(3)))
    lib.bnsl_free_energy_path(len(depths), depths, n.value, *out, c.byref(n))
    return out


@dataclass
class Node(Record):
    """Averages at one node of a ramp; the fields are those of bnsl_free_energy_node, in bnsl_free_energy(3)."""

    coupling: float
    well_depth: float
    slope: float
    slope_err: float
    energy: float
    energy_err: float
    z: float
    z_err: float
    stress: Array
    hysteresis: float
    clumping: float


def ramp(
    system: Any,
    diameters: ArrayLike,
    coupling: ArrayLike,
    well_depth: ArrayLike,
    *,
    species: ArrayLike | None = None,
    n: float | None = None,
    m: float | None = None,
    r_cut: float | None = None,
    shift: str = "energy",
    directions: int | None = None,
    dt: float | None = None,
    friction: float | None = None,
    n_equilibrate: int | None = None,
    n_steps: int | None = None,
    sample_every: int | None = None,
    ipl_prefactor: float | None = None,
    highest_clumping: float | None = None,
    seed: int | None = None,
    progress: Any = None,
    control: Control | None = None,
) -> list[Node]:
    """Adiabatic switching along a path at constant density, up and down again: the averages of every potential on it.

    system : a fluid or a crystal. diameters : of the species. n, m, r_cut, shift : of the pairs. n_steps : at each node, each direction.
    highest_clumping : turns back before a node at which the fluid has split, whose values and those beyond are NaN.
    Raises ValueError; NumericalError: dt is too large; Cancelled."""
    whole = as_system(system, species)
    count = len(whole.points)
    diameters, coupling = array("diameters", diameters), array("coupling", coupling)
    well_depth = array("well_depth", well_depth, float, coupling.shape)
    opts = options(
        "free_energy_ramp",
        directions=directions,
        dt=dt,
        friction=friction,
        n_equilibrate=n_equilibrate,
        n_steps=n_steps,
        sample_every=sample_every,
        ipl_prefactor=ipl_prefactor,
        highest_clumping=highest_clumping,
        seed=seed,
    )
    out = (_ffi.bnsl_free_energy_node * len(coupling))()
    mie = mie_options(n, m, r_cut, shift)
    with running(progress, control, "ramp") as stop:
        lib.bnsl_free_energy_ramp(
            need_box(whole),
            count,
            whole.points,
            species_or_zeros(whole),
            len(diameters),
            diameters,
            mie,
            len(coupling),
            coupling,
            well_depth,
            opts,
            stop,
            out,
        )
    return [Node._of(node) for node in out]


# ---- one state of a fluid ----------------------------------------------------------------------------------------


@dataclass
class FluidFreeEnergy(Record):
    """Free energy of a fluid and its parts, per particle and in kT; errors are standard errors. The fields are those of
    bnsl_free_energy_fluid_result, in bnsl_free_energy(3); remarks: "hysteresis", "clumped", or none."""

    n: int
    density: float
    well_depth: float
    a: float
    a_err: float
    ideal: float
    mixing: float
    density_part: float
    density_part_err: float
    coupling_part: float
    coupling_part_err: float
    depth_part: float
    depth_part_err: float
    dissipation: float
    b2: float
    z: float
    z_err: float
    pressure: float
    pressure_err: float
    u: float
    u_err: float
    clumping: float
    remarks: tuple[str, ...] = ()


def fluid(
    density: float,
    well_depth: float,
    *,
    diameters: ArrayLike = (1.0, 0.55),
    counts: ArrayLike = (100, 200),
    n: float | None = None,
    m: float | None = None,
    r_cut: float | None = None,
    shift: str = "energy",
    n_densities: int | None = None,
    n_steps: int | None = None,
    n_equilibrate: int | None = None,
    dt: float | None = None,
    ipl_prefactor: float | None = None,
    seed: int | None = None,
    num_threads: int | None = None,
    progress: Any = None,
    control: Control | None = None,
) -> FluidFreeEnergy:
    """Free energy of a homogeneous fluid mixture at a number density and a well depth (kT; 0: the inverse power law itself).

    counts : particles of each species, 32 in all or more. Raises ValueError: also a cut-off beyond half the box; DomainError: the fluid has
    split into vapour and liquid; Cancelled."""
    diameters = array("diameters", diameters)
    counts = array("counts", counts, np.int64, diameters.shape)
    opts = options(
        "free_energy_fluid",
        n_densities=n_densities,
        n_steps=n_steps,
        n_equilibrate=n_equilibrate,
        dt=dt,
        ipl_prefactor=ipl_prefactor,
        seed=seed,
        num_threads=threads(num_threads),
    )
    out = _ffi.bnsl_free_energy_fluid_result()
    mie = mie_options(n, m, r_cut, shift)
    with running(progress, control, "fluid") as stop:
        lib.bnsl_free_energy_fluid(len(diameters), diameters, counts, density, well_depth, mie, opts, stop, out)
    return FluidFreeEnergy._of(out, remarks=tuple(name for name, bit in REMARKS.items() if out.flags & bit))


class Exchange(NamedTuple):
    """beta (mu_L - mu_S), with ln(x_L / x_S), and its standard error."""

    difference: float
    err: float


def exchange(
    density: float,
    well_depth: float,
    *,
    diameters: ArrayLike = (1.0, 0.55),
    counts: ArrayLike = (100, 200),
    n: float | None = None,
    m: float | None = None,
    r_cut: float | None = None,
    shift: str = "energy",
    n_windows: int | None = None,
    n_swap: int | None = None,
    n_steps: int | None = None,
    n_equilibrate: int | None = None,
    dt: float | None = None,
    ipl_prefactor: float | None = None,
    seed: int | None = None,
    num_threads: int | None = None,
    progress: Any = None,
    control: Control | None = None,
) -> Exchange:
    """Difference of the chemical potentials of L and S in a fluid, by identity changes in small steps (Bennett). Arguments and errors as of fluid."""
    diameters, counts = array("diameters", diameters, float, (2,)), array("counts", counts, np.int64, (2,))
    opts = options(
        "free_energy_exchange",
        n_windows=n_windows,
        n_swap=n_swap,
        n_steps=n_steps,
        n_equilibrate=n_equilibrate,
        dt=dt,
        ipl_prefactor=ipl_prefactor,
        seed=seed,
        num_threads=threads(num_threads),
    )
    difference, err = c.c_double(), c.c_double()
    mie = mie_options(n, m, r_cut, shift)
    with running(progress, control, "exchange") as stop:
        lib.bnsl_free_energy_exchange(diameters, counts, density, well_depth, mie, opts, stop, c.byref(difference), c.byref(err))
    return Exchange(difference.value, err.value)


def fluid_start(diameters: ArrayLike, counts: ArrayLike, density: float, *, seed: int = 1) -> System:
    """Disordered start of a mixture in a cube: (box, points, species), the species in blocks.

    density : number density. Raises ValueError; DomainError: a packing fraction of 0.6 or more; NoConvergence: overlaps remain."""
    diameters = array("diameters", diameters)
    counts = array("counts", counts, np.int64, diameters.shape)
    total = int(counts.sum()) if np.all(counts >= 0) else 0
    box, points, species = _ffi.bnsl_box(), np.empty((total, 3)), np.empty(total, np.int32)
    lib.bnsl_free_energy_fluid_start(len(diameters), diameters, counts, density, seed, box, points, species)
    return System(Box.from_box(box), points, species)


def clumping_limit(n: int) -> float:
    """Clumping above which a fluid of n particles is taken to have split."""
    return lib.bnsl_free_energy_clumping_limit(n)
