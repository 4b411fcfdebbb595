# SPDX-License-Identifier: GPL-3.0-or-later
"""Nucleation in a trajectory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .. import _ffi
from .._library import lib
from .._objects import Array, Handle, LongArray, Plottable, Record, array, choice, name_of, options
from .._system import as_system, need_species
from .._threads import threads

__all__ = ["Nucleation", "NucleationFrame", "NucleationSummary"]

WALLS = {"none": _ffi.BNSL_CONFINEMENT_NONE, "sphere": _ffi.BNSL_CONFINEMENT_SPHERE, "slab": _ffi.BNSL_CONFINEMENT_SLAB}
MECHANISMS = {
    "undecided": _ffi.BNSL_NUCLEATION_UNDECIDED,
    "one-step": _ffi.BNSL_NUCLEATION_ONE_STEP,
    "two-step": _ffi.BNSL_NUCLEATION_TWO_STEP,
}


@dataclass
class NucleationFrame(Record):
    """One frame of a read-out; the fields are those of bnsl_order_nucleation_frame, in bnsl_order(3)."""

    step: int
    time: float
    n_large: int
    n_phase: LongArray
    n_clusters: int
    n_nuclei: int
    largest_cluster: int
    largest_phase: int
    center: Array
    distance: float
    distance_random: float
    distance_probability: float
    volume: float
    density: float
    packing_fraction: float
    packing_fraction_effective: float
    dense_fluid: Array
    n_known: int
    n_dense_before: int


@dataclass
class NucleationSummary(Record):
    """What a trajectory shows. onset is None without one; mechanism: "one-step", "two-step" or "undecided"."""

    n_frames: int
    onset_frame: int
    onset: NucleationFrame | None
    largest_frame: int
    largest_cluster: int
    mechanism: str
    dense_before: float
    dense_fluid: float


class Nucleation(Plottable):
    """A read-out of the nucleation in a trajectory: frames go in one by one.

    parameters : those of bnsl_order_nucleation_options, in bnsl_order(3): onset_size, hold_frames, nucleus_size, diameter_l, ...

    >>> readout = bnsl.Nucleation(onset_size=20)
    >>> for frame in bnsl.Trajectory("run/trajectory.gsd"):
    ...     readout.add(frame)
    >>> readout.summarize().onset_frame
    """

    def __init__(self, *, num_threads: int | None = None, **parameters: float):
        opts = options("order_nucleation", num_threads=threads(num_threads), **parameters)
        self._handle = Handle(_ffi.bnsl_order_nucleation, lib.bnsl_order_nucleation_create, opts, destroy=lib.bnsl_order_nucleation_destroy)

    def set_wall(self, kind: str, size: float = 0.0, center: ArrayLike = (0, 0, 0), axis: int = 2) -> Nucleation:
        """The wall of the frames to come: "sphere" of radius size, "slab" of half width size normal to the axis, or "none". Returns self."""
        lib.bnsl_order_nucleation_set_wall(self._handle, choice("kind", kind, WALLS), axis, array("center", center, float, (3,)), size)
        return self

    def add(
        self,
        system: Any,
        species: ArrayLike | None = None,
        phases: ArrayLike | None = None,
        *,
        step: int | None = None,
        time: float = float("nan"),
    ) -> Nucleation:
        """Adds a frame of the same particles; phases: default those of classify. Returns self."""
        whole = as_system(system, species)
        kinds, n = need_species(whole), len(whole.points)
        phases = None if phases is None else array("phases", phases, np.int32, (n,))
        step = getattr(system, "step", 0) if step is None else step
        lib.bnsl_order_nucleation_add(self._handle, whole.box, n, whole.points, kinds, phases, step, time)
        return self

    def __len__(self) -> int:
        """Number of frames."""
        return lib.bnsl_order_nucleation_n_frames(self._handle)

    def __getitem__(self, i: int) -> NucleationFrame:
        n = len(self)
        if not -n <= i < n:
            raise IndexError(f"frame {i} of {n}")
        out = _ffi.bnsl_order_nucleation_frame()
        lib.bnsl_order_nucleation_frame_at(self._handle, i % n, out)
        return NucleationFrame._of(out)

    def summarize(self) -> NucleationSummary:
        """The onset and how the crystal came."""
        out = _ffi.bnsl_order_nucleation_summary()
        lib.bnsl_order_nucleation_summarize(self._handle, out)
        onset = NucleationFrame._of(out.onset) if out.onset_frame >= 0 else None
        return NucleationSummary._of(out, onset=onset, mechanism=name_of(out.mechanism, MECHANISMS))

    def _draw(self, ax: Any) -> None:
        frames = [self[i] for i in range(len(self))]
        ax.plot([f.step for f in frames], [f.largest_cluster for f in frames], lw=1.4, label="largest cluster")
        for phase, name in ((1, "AlB$_2$"), (2, "NaZn$_{13}$"), (3, "fcc")):
            counts = [f.n_phase[phase] for f in frames]
            if any(counts):
                ax.plot([f.step for f in frames], counts, lw=1, ls="--", label=name)
        ax.set(xlabel="step", ylabel="L particles", ylim=(0, None))
        ax.legend(frameon=False)
