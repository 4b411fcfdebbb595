# SPDX-License-Identifier: GPL-3.0-or-later
"""Molecular dynamics of spheres: bnsl_md(3). Reduced units: sigma_LL, epsilon, mass 1, tau."""

from __future__ import annotations

import ctypes as c
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _ffi
from ._library import lib
from ._objects import Array, Handle, IntArray, Record, Wrapper, array, choice, name_of, options, output, path, scalar
from ._run import Control, running
from ._system import as_system, need_box, species_or_zeros
from ._threads import threads
from .box import Box
from .core import ISA
from .neighbor import NeighborList
from .potential import Potential

__all__ = ["MD", "PairForces", "Statistics", "Thermo", "Wall", "pair_forces", "polydisperse", "random_start"]

INTEGRATORS = {"nve": _ffi.BNSL_MD_NVE, "langevin": _ffi.BNSL_MD_LANGEVIN, "nvt": _ffi.BNSL_MD_NVT, "npt": _ffi.BNSL_MD_NPT}
BAROSTATS = {"isotropic": _ffi.BNSL_MD_ISOTROPIC, "orthorhombic": _ffi.BNSL_MD_ORTHORHOMBIC, "triclinic": _ffi.BNSL_MD_TRICLINIC}
PRECISIONS = {"double": _ffi.BNSL_MD_DOUBLE, "mixed": _ffi.BNSL_MD_MIXED}
WALLS = {"none": _ffi.BNSL_MD_WALL_NONE, "sphere": _ffi.BNSL_MD_WALL_SPHERE, "slab": _ffi.BNSL_MD_WALL_SLAB}


@dataclass
class Thermo(Record):
    """Instantaneous state; the fields are those of bnsl_md_thermo, in bnsl_md(3). Energies of the whole system."""

    step: int
    time: float
    potential_energy: float
    kinetic_energy: float
    kT: float
    pressure: float
    pressure_tensor: Array
    volume: float
    packing_fraction: float
    packing_fraction_effective: float
    wall_energy: float
    wall_pressure: float
    conserved: float


@dataclass
class Statistics(Record):
    """Counters of the work done since the object was made."""

    step: int
    n_steps: int
    n_list_builds: int
    n_listed: int
    wall_seconds: float
    list_seconds: float
    skin: float
    n_returned: int


class Wall(NamedTuple):
    """Kind, "none", "sphere" or "slab", and present size."""

    kind: str
    size: float


class MD(Wrapper):
    """A simulation in a periodic box.

    Parameters
    ----------
    system : (box, points) or a frame; species : n numbers of the potential's species, default those of the frame, else all 0.
    potential : copied; default Potential().
    integrator : "langevin", "nve", "nvt" or "npt" (Martyna-Tobias-Klein).
    dt, kT : time step 0.002, temperature of the bath 1. friction : of "langevin", 0.1. seed : of every random number of the run, 1.
    thermostat_time, chain_length; pressure, barostat_time, barostat : of "nvt" and "npt". barostat: "isotropic", "orthorhombic", "triclinic".
    precision : "double", or "mixed": single precision in the forces of the time steps. skin : of the neighbour list, chosen when not given.
    instruction_set : "auto", "baseline", "avx2", "avx512"; results do not depend on it, nor on num_threads.

    Positions, velocities and so on are new arrays each time, in the order of creation. Ctrl-C during a run stops it between two steps;
    the state is then valid, and a later run goes on to the same bits. Raises ValueError: an argument out of its range.

    >>> md = bnsl.MD((box, points), bnsl.Potential(), species=species, kT=0.4)
    >>> md.thermalize(0.4)
    >>> md.run(10_000, progress=True)
    >>> md.thermo.potential_energy
    """

    def __init__(
        self,
        system: Any,
        potential: Potential | None = None,
        *,
        species: ArrayLike | None = None,
        integrator: str = "langevin",
        dt: float | None = None,
        kT: float | None = None,
        friction: float | None = None,
        seed: int | None = None,
        skin: float | None = None,
        precision: str = "double",
        thermostat_time: float | None = None,
        chain_length: int | None = None,
        pressure: float | None = None,
        barostat_time: float | None = None,
        barostat: str = "isotropic",
        instruction_set: str = "auto",
        num_threads: int | None = None,
    ):
        whole = as_system(system, species)
        n, kinds = len(whole.points), species_or_zeros(whole)
        opts = options(
            "md",
            integrator=choice("integrator", integrator, INTEGRATORS),
            dt=dt,
            kT=kT,
            friction=friction,
            seed=seed,
            skin=skin,
            precision=choice("precision", precision, PRECISIONS),
            thermostat_time=thermostat_time,
            chain_length=chain_length,
            pressure=pressure,
            barostat_time=barostat_time,
            barostat=choice("barostat", barostat, BAROSTATS),
            instruction_set=choice("instruction_set", instruction_set, ISA),
            num_threads=threads(num_threads),
        )
        potential = Potential() if potential is None else potential
        self._handle = Handle(
            _ffi.bnsl_md, lib.bnsl_md_create, need_box(whole), n, whole.points, kinds, potential._h, opts, destroy=lib.bnsl_md_destroy
        )

    @classmethod
    def load(cls, file: Any, *, num_threads: int | None = None, instruction_set: str = "auto") -> MD:
        """Simulation from a checkpoint: it goes on to the same bits. Raises OSError: no such file; ValueError: not a checkpoint, or damaged."""
        self = cls.__new__(cls)
        self._handle = Handle(
            _ffi.bnsl_md,
            lib.bnsl_md_checkpoint_read,
            path(file),
            threads(num_threads),
            choice("instruction_set", instruction_set, ISA),
            destroy=lib.bnsl_md_destroy,
        )
        return self

    def save(self, file: Any) -> None:
        """Writes a checkpoint: complete under its name, or not at all."""
        lib.bnsl_md_checkpoint_write(self._h, path(file))

    # ---- running ----

    def run(self, n_steps: int, *, progress: Any = None, control: Control | None = None) -> MD:
        """Runs n_steps steps, and returns self.

        progress : True shows a bar (tqdm, if there is one), or a function of (steps done, steps in all), called some ten times a second;
        when it returns False the run stops. control : cancels from another thread.
        Raises Cancelled, KeyboardInterrupt: stopped, the state is valid; NumericalError: a particle crossed the whole box in one step, and
        the simulation is lost (a smaller dt is needed)."""
        handle = self._h
        with running(progress, control, "MD") as stop:
            lib.bnsl_md_run(handle, n_steps, stop)
        return self

    def minimize(
        self,
        *,
        max_steps: int | None = None,
        force_tolerance: float | None = None,
        dt_start: float | None = None,
        max_move: float | None = None,
        progress: Any = None,
        control: Control | None = None,
    ) -> int:
        """Goes to the nearest minimum of the energy (FIRE), at constant box; velocities are 0 afterwards. Returns the number of force
        evaluations. Raises NoConvergence when max_steps did not do; the state is the last one, and valid."""
        handle, n = self._h, c.c_int64()
        opts = options("md_minimize", max_steps=max_steps, force_tolerance=force_tolerance, dt_start=dt_start, max_move=max_move)
        with running(progress, control, "minimize") as stop:
            lib.bnsl_md_minimize(handle, opts, stop, c.byref(n))
        return n.value

    def thermalize(self, kT: float, *, remove_drift: bool = True) -> MD:
        """Maxwell-Boltzmann velocities at kT >= 0, from the run's seed; without drift the temperature is exactly kT. Returns self."""
        lib.bnsl_md_thermalize(self._h, kT, bool(remove_drift))
        return self

    # ---- state ----

    def __len__(self) -> int:
        """Number of particles."""
        return lib.bnsl_md_n(self._h)

    @property
    def box(self) -> Box:
        """Present box."""
        out = _ffi.bnsl_box()
        lib.bnsl_md_box(self._h, out)
        return Box.from_box(out)

    def _rows(self, function: Any, out: NDArray | None = None) -> Array:
        out = output("out", out, (len(self), 3))
        function(self._h, out)
        return out

    def get_positions(self, out: Array | None = None) -> Array:
        """Positions in the box, n x 3; into out where given."""
        return self._rows(lambda handle, array: lib.bnsl_md_positions(handle, array, None), out)

    def get_velocities(self, out: Array | None = None) -> Array:
        """Velocities, n x 3; into out where given."""
        return self._rows(lib.bnsl_md_velocities, out)

    def get_forces(self, out: Array | None = None) -> Array:
        """Forces at the present positions, n x 3; into out where given."""
        return self._rows(lib.bnsl_md_forces, out)

    @property
    def points(self) -> Array:
        """Positions in the box, n x 3. With box this makes a simulation a system, for freud too."""
        return self.get_positions()

    positions = points

    @property
    def images(self) -> IntArray:
        """Crossed cells, n x 3."""
        out = np.empty((len(self), 3), np.int32)
        lib.bnsl_md_positions(self._h, None, out)
        return out

    @property
    def velocities(self) -> Array:
        """Velocities, n x 3; can be set."""
        return self.get_velocities()

    @velocities.setter
    def velocities(self, value: ArrayLike) -> None:
        lib.bnsl_md_set_velocities(self._h, array("velocities", value, float, (len(self), 3)))

    @property
    def forces(self) -> Array:
        """Forces, n x 3."""
        return self.get_forces()

    @property
    def species(self) -> IntArray:
        """Species, n values."""
        out = np.empty(len(self), np.int32)
        lib.bnsl_md_species(self._h, out)
        return out

    @property
    def diameters(self) -> Array:
        """Diameters in force, n values; can be set (None: those of the species)."""
        out = np.empty(len(self))
        lib.bnsl_md_diameters(self._h, out)
        return out

    @diameters.setter
    def diameters(self, value: ArrayLike | None) -> None:
        lib.bnsl_md_set_diameters(self._h, None if value is None else array("diameters", value, float, (len(self),)))

    @property
    def step(self) -> int:
        """Present step; can be set (random numbers are keyed by it)."""
        return self.statistics.step

    @step.setter
    def step(self, value: int) -> None:
        lib.bnsl_md_set_step(self._h, value)

    @property
    def thermo(self) -> Thermo:
        """Energies, temperature, pressure at the present step."""
        out = _ffi.bnsl_md_thermo()
        lib.bnsl_md_thermo_now(self._h, out)
        return Thermo._of(out)

    @property
    def statistics(self) -> Statistics:
        """Counters."""
        out = _ffi.bnsl_md_statistics()
        lib.bnsl_md_statistics_now(self._h, out)
        return Statistics._of(out)

    # ---- conditions ----

    def set_frozen(self, frozen: ArrayLike | None) -> MD:
        """Particles that do not move, n truths; None frees all. Returns self."""
        lib.bnsl_md_set_frozen(self._h, None if frozen is None else array("frozen", frozen, np.int32, (len(self),)))
        return self

    def set_dt(self, dt: float) -> MD:
        """Changes the time step. Returns self."""
        lib.bnsl_md_set_dt(self._h, dt)
        return self

    def set_potential(self, potential: Potential) -> MD:
        """Replaces the potential (same number of species). Returns self."""
        lib.bnsl_md_set_potential(self._h, potential._h)
        return self

    def energy_with(self, potential: Potential) -> float:
        """Energy of the present configuration with another potential."""
        return scalar(lib.bnsl_md_energy_with, self._h, potential._h)

    @property
    def wall(self) -> Wall:
        """Kind and present size of the wall."""
        kind, size = c.c_int32(), c.c_double()
        lib.bnsl_md_wall(self._h, c.byref(kind), c.byref(size))
        return Wall(name_of(kind.value, WALLS), size.value)

    def set_wall(self, kind: str, size: float = 0.0, epsilon: float = 1.0) -> MD:
        """Walls that repel every particle: "sphere" of radius size, "slab" of half width size normal to z, or "none". Returns self."""
        lib.bnsl_md_set_wall(self._h, choice("kind", kind, WALLS), size, epsilon)
        return self

    def set_packing_schedule(self, steps: ArrayLike, values: ArrayLike) -> MD:
        """Packing fraction at given steps, linear between them; two empty lists: constant volume. Returns self."""
        return self._schedule(lib.bnsl_md_set_packing_schedule, steps, values)

    def set_kT_schedule(self, steps: ArrayLike, values: ArrayLike) -> MD:
        """The bath's kT at given steps, likewise. Returns self."""
        return self._schedule(lib.bnsl_md_set_kT_schedule, steps, values)

    def set_pressure_schedule(self, steps: ArrayLike, values: ArrayLike) -> MD:
        """The pressure of "npt" at given steps, likewise. Returns self."""
        return self._schedule(lib.bnsl_md_set_pressure_schedule, steps, values)

    def _schedule(self, function: Any, steps: ArrayLike, values: ArrayLike) -> MD:
        steps = array("steps", steps, np.int64)
        values = array("values", values, float, steps.shape)
        function(self._h, len(steps), steps, values)
        return self

    def frame(self, types: str = "L,S") -> Any:
        """The present state as a Frame: positions, images, velocities, diameters; to write to a Trajectory, say."""
        from .io import Frame

        kinds = self.species
        names = types.split(",")
        names += [str(k) for k in range(len(names), int(kinds.max(initial=0)) + 1)]
        out = Frame(self.box, self.points, kinds, types=names, step=self.step)
        out["velocity"], out["image"], out["diameter"] = self.velocities, self.images, self.diameters
        return out

    def __repr__(self) -> str:
        return "bnsl.MD(closed)" if self.closed else f"<bnsl.MD: {len(self)} particles, step {self.step}>"


def random_start(
    box: Any,
    diameters: ArrayLike,
    *,
    seed: int = 1,
    fixed: ArrayLike | None = None,
    wall: str = "none",
    size: float = 0.0,
    num_threads: int | None = None,
    progress: Any = None,
    control: Control | None = None,
) -> Array:
    """Disordered positions of spheres of the given diameters, which nowhere overlap by more than 2 %; n x 3.

    fixed : positions of the first particles, which stay (their diameters come first). wall, size : inside a "sphere" or "slab".
    Raises ValueError: a packing fraction above 0.60; NoConvergence: overlaps remain; Cancelled."""
    cell, diameters = Box.from_box(box), array("diameters", diameters)
    n, out = len(diameters), np.zeros((len(diameters), 3))
    first = np.empty((0, 3)) if fixed is None else array("fixed", fixed, float, (None, 3))
    if len(first) > n:
        raise ValueError(f"fixed: {len(first)} positions of {n} particles")
    out[: len(first)] = first
    kind = choice("wall", wall, WALLS)
    with running(progress, control, "random start") as stop:
        if kind == _ffi.BNSL_MD_WALL_NONE:
            lib.bnsl_md_random_start(cell, n, diameters, len(first), seed, threads(num_threads), out, stop)
        else:
            lib.bnsl_md_random_start_confined(cell, kind, size, n, diameters, len(first), seed, threads(num_threads), out, stop)
    return out


def polydisperse(species: ArrayLike, mean: ArrayLike, relative_sd: ArrayLike, *, n_bins: int = 13, seed: int = 1) -> Array:
    """Diameters, normally distributed for each species within 3 standard deviations; in n_bins sizes, or continuous (0).

    species : n numbers. mean, relative_sd : of each species, the second as a fraction of the first, 0 .. 0.3. Raises ValueError."""
    species, mean = array("species", species, np.int32), array("mean", mean)
    relative_sd, out = array("relative_sd", relative_sd, float, mean.shape), np.empty(len(species))
    lib.bnsl_md_polydisperse(len(species), species, len(mean), mean, relative_sd, n_bins, seed, out)
    return out


class PairForces(NamedTuple):
    """Forces (n x 3), half of the energies of each particle's pairs (n values), and the virial xx, yy, zz, xy, xz, yz."""

    forces: Array
    energies: Array
    virial: Array


def pair_forces(
    neighbors: NeighborList,
    potential: Potential,
    species: ArrayLike | None = None,
    displacements: ArrayLike | None = None,
    *,
    num_threads: int | None = None,
) -> PairForces:
    """Forces on particles that another program moves; MD.run does the same several times faster.

    neighbors : of all particles among themselves, reaching to the cut-offs of the potential plus a skin. displacements : n x 3, moved
    since the list was made: it serves until a particle has moved half of the skin. Raises ValueError: also a list without vectors."""
    n = neighbors.num_query_points
    kinds = None if species is None else array("species", species, np.int32, (n,))
    moved = None if displacements is None else array("displacements", displacements, float, (n, 3))
    out = PairForces(np.empty((n, 3)), np.empty(n), np.empty(6))
    lib.bnsl_md_pair_forces(neighbors._h, potential._h, n, kinds, moved, threads(num_threads), *out)
    return out
