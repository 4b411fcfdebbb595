# SPDX-License-Identifier: GPL-3.0-or-later
"""Mean squared displacements and diffusion."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from .. import _ffi
from .._library import lib
from .._objects import Array, Handle, Plottable, array, options
from .._run import Control, running
from .._system import as_system
from .._threads import threads
from ..box import Box

__all__ = ["MSD", "Diffusion"]


class Diffusion(NamedTuple):
    """Coefficients D, their standard errors and the intercepts c of MSD(t) = 6 D t + c; one for each column of MSD."""

    D: Array
    D_err: Array
    intercept: Array


class MSD(Plottable):
    """Mean squared displacements, with freud's names.

    Parameters
    ----------
    box : of positions that are wrapped; None: positions are unwrapped.
    mode : "window", averaged over time origins (by FFT), or "direct", from the first frame.
    n_species : with 2 or more, msd has a column for each species and one for all particles.
    follow : positions are wrapped and there are no images: follow each particle by its nearest image.
    remove_drift : subtract the mean displacement of all particles.

    >>> bnsl.MSD(box).compute(positions, images).msd        # frames x n x 3
    """

    def __init__(
        self,
        box: Any = None,
        mode: str = "window",
        *,
        n_species: int = 1,
        follow: bool = False,
        remove_drift: bool = False,
        num_threads: int | None = None,
    ):
        if mode not in ("window", "direct"):
            raise ValueError(f"mode is {mode!r}, must be 'window' or 'direct'")
        self.box = None if box is None else Box.from_box(box)
        self.mode, self.n_species = mode, n_species
        self._options = dict(n_species=n_species, follow=bool(follow), remove_drift=bool(remove_drift))
        self._num_threads = num_threads
        self.reset()

    def reset(self) -> None:
        """Forgets all frames."""
        opts = options("order_msd", num_threads=threads(self._num_threads), **self._options)
        self._handle = Handle(_ffi.bnsl_order_msd, lib.bnsl_order_msd_create, opts, destroy=lib.bnsl_order_msd_destroy)

    def add(self, frame: Any, images: ArrayLike | None = None, species: ArrayLike | None = None) -> MSD:
        """Adds a frame, equally spaced in time: positions (n x 3), or a system; a frame of a file brings its images. Returns self."""
        box = self.box
        if hasattr(frame, "points") or hasattr(frame, "particles") or isinstance(frame, tuple):
            system = as_system(frame, species)
            box, points, kinds = (
                system.box if box is None and (images is not None or self._options["follow"]) else box,
                system.points,
                system.species,
            )
            own = getattr(frame, "images", None)
            if images is None and own is not None and box is not None:
                images = own
        else:
            points = array("positions", frame, float, (None, 3))
            kinds = None if species is None else array("species", species, np.int32, (len(points),))
        counts = None if images is None else array("images", images, np.int32, points.shape)
        lib.bnsl_order_msd_add(self._handle, box, len(points), points, counts, kinds if self.n_species > 1 else None)
        return self

    def compute(
        self, positions: ArrayLike, images: ArrayLike | None = None, reset: bool = True, *, species: ArrayLike | None = None
    ) -> MSD:
        """Adds frames, positions of frames x n x 3 (and images alike), and returns self; with reset it forgets those before."""
        if reset:
            self.reset()
        frames = array("positions", positions, float, (None, None, 3))
        counts = None if images is None else array("images", images, np.int32, frames.shape)
        for k, frame in enumerate(frames):
            self.add(frame, None if counts is None else counts[k], species)
        return self

    @property
    def n_frames(self) -> int:
        """Frames so far."""
        return lib.bnsl_order_msd_n_frames(self._handle)

    @property
    def msd(self) -> Array:
        """MSD at lags 0 .. n_frames - 1; with n_species > 1 a column for each species and one for all."""
        return self.msd_of()

    def msd_of(self, first: int = 0, count: int | None = None, *, progress: Any = None, control: Control | None = None) -> Array:
        """The same of count frames from number first on."""
        count = self.n_frames - first if count is None else count
        columns = lib.bnsl_order_msd_n_columns(self._handle)
        out = np.empty((max(count, 0), columns))
        if self.mode == "direct":
            lib.bnsl_order_msd_direct(self._handle, first, count, out)
        else:
            with running(progress, control, "MSD") as stop:
                lib.bnsl_order_msd_window(self._handle, first, count, out, stop)
        return out[:, 0] if columns == 1 else out

    def diffusion(
        self,
        dt: float = 1.0,
        *,
        lag_min: int | None = None,
        lag_max: int | None = None,
        n_blocks: int | None = None,
        through_origin: bool = False,
        progress: Any = None,
        control: Control | None = None,
    ) -> Diffusion:
        """Least-squares lines through the windowed MSD; dt: time between frames; lags in frames. Errors from n_blocks parts (default 5)."""
        opts = options("order_diffusion", dt=dt, lag_min=lag_min, lag_max=lag_max, n_blocks=n_blocks, through_origin=bool(through_origin))
        out = [np.empty(lib.bnsl_order_msd_n_columns(self._handle)) for _ in range(3)]
        with running(progress, control, "diffusion") as stop:
            lib.bnsl_order_diffusion(self._handle, opts, *out, stop)
        return Diffusion(*out)

    def _draw(self, ax: Any) -> None:
        values = self.msd
        ax.plot(np.arange(len(values)), values, lw=1.4)
        if values.ndim > 1:
            ax.legend([*("LS"[k] if k < 2 else str(k) for k in range(self.n_species)), "all"], frameon=False)
        ax.set(xlabel="lag (frames)", ylabel="mean squared displacement")
