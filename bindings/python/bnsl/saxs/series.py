# SPDX-License-Identifier: GPL-3.0-or-later
"""Kinetic series: I(q, t) to S(q, t), and one fit after the other."""

from __future__ import annotations

import ctypes as c
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from .. import _ffi, errors
from .._library import lib
from .._objects import Array, Handle, Plottable, Record, array, options
from .._run import Control, reporter, running
from ..lattice import Lattice
from .pattern import PatternFit, PhaseFit, pattern_model

__all__ = ["FrameFit", "Normalised", "SeriesFit", "fit_series", "normalise"]


class Normalised(NamedTuple):
    """S(q, t) and its errors (frames x q), the share of the relative error that all frames have in common (q), and the number of bad frames."""

    s: Array
    s_err: Array
    common: Array
    n_bad: int


def normalise(intensity: ArrayLike, error: ArrayLike, n_reference: int) -> Normalised:
    """S(q, t) = I(q, t) / I(q, 0), I(q, 0) the mean of the first n_reference frames; frames x q.

    Bad frames (not finite, an error not > 0) become NaN. Raises ValueError: n_reference; DomainError: no good frame in the reference."""
    intensity = array("intensity", intensity, float, (None, None))
    error = array("error", error, float, intensity.shape)
    s, s_err, common, bad = np.empty_like(intensity), np.empty_like(intensity), np.empty(intensity.shape[1]), c.c_int64()
    lib.bnsl_saxs_normalise(*intensity.shape, intensity, error, n_reference, s, s_err, common, c.byref(bad))
    return Normalised(s, s_err, common, bad.value)


@dataclass
class FrameFit(Record):
    """One frame of a series; the fields are those of bnsl_saxs_frame, in bnsl_saxs(3), with its phases. present: bit i is phase i."""

    time: float
    chi2_reduced: float
    significance: float
    flux: float
    flux_err: float
    present: int
    converged: int
    rescued: int
    n_iterations: int
    phases: list[PhaseFit] = field(default_factory=list)


class SeriesFit(Plottable):
    """Result of fit_series, which also goes on: frames, a list of FrameFit; n_bad frames were left out.

    add() fits further frames as they are measured; save() and restore() carry the state to another process."""

    def __init__(self, handle: Handle, names: list[str], q: Array):
        self._handle, self._names, self.q = handle, names, q
        self.frames: list[FrameFit] = []
        self.n_bad = 0

    def add(self, time: float, s: ArrayLike, error: ArrayLike | None = None, *, control: Control | None = None) -> FrameFit:
        """Fits the next frame. Raises ValueError: a bad frame, a time not after the last; the series is then as it was."""
        s = array("s", s, float, self.q.shape)
        error = None if error is None else array("error", error, float, self.q.shape)
        with running(None, control, "frame") as stop:
            lib.bnsl_saxs_series_add(self._handle, time, s, error, stop)
        self._read()
        return self.frames[-1]

    def _read(self) -> None:
        for i in range(len(self.frames), lib.bnsl_saxs_series_n_frames(self._handle)):
            out = _ffi.bnsl_saxs_frame()
            lib.bnsl_saxs_series_frame(self._handle, i, out)
            self.frames.append(FrameFit._of(out, phases=self.pattern(i).phases))

    def pattern(self, i: int) -> PatternFit:
        """Fit of frame i, for its phases and peaks; its model() and the like are valid until the next call on the series."""
        if not -len(self.frames) <= i < max(len(self.frames), lib.bnsl_saxs_series_n_frames(self._handle)):
            raise IndexError(f"frame {i} of {len(self.frames)}")
        pointer = lib.bnsl_saxs_series_pattern(self._handle, i if i >= 0 else i + len(self.frames))
        out = PatternFit(pointer, self._names, (self.q, np.full(len(self.q), np.nan), None))
        out._series = self._handle  # type: ignore[attr-defined]  # keeps the borrowed pattern alive
        return out

    @property
    def time(self) -> Array:
        """Times of the frames."""
        return np.array([frame.time for frame in self.frames])

    def of(self, name: str, phase: int = 0) -> Array:
        """A field of PhaseFit over the frames: of("a"), of("fraction_err", 1)."""
        if name not in PhaseFit.__dataclass_fields__ or not 0 <= phase < len(self._names):
            raise ValueError(f"no {name!r} of phase {phase}")
        return np.array([getattr(frame.phases[phase], name) for frame in self.frames])

    def nucleation(self, phase: int | None = None) -> tuple[float, float]:
        """Time of nucleation and its error, of a phase or of all together. Raises DomainError: none in this series."""
        time, err = c.c_double(), c.c_double()
        lib.bnsl_saxs_series_nucleation(self._handle, -1 if phase is None else phase, c.byref(time), c.byref(err))
        return time.value, err.value

    def save(self) -> bytes:
        """State of the series, for restore() of one with the same model, options and q."""
        size = c.c_int64()
        try:
            lib.bnsl_saxs_series_save(self._handle, 0, None, c.byref(size))
        except errors.ArrayTooSmall:
            pass
        buffer = c.create_string_buffer(size.value)
        lib.bnsl_saxs_series_save(self._handle, size.value, buffer, c.byref(size))
        return buffer.raw[: size.value]

    def restore(self, state: bytes) -> SeriesFit:
        """Takes a saved state, into a series without frames, and returns self. Raises ValueError: damaged, or of another model."""
        lib.bnsl_saxs_series_restore(self._handle, len(state), state)
        self._read()
        return self

    def __len__(self) -> int:
        return len(self.frames)

    def _draw(self, ax: Any) -> None:
        for i, name in enumerate(self._names):
            ax.errorbar(self.time, self.of("fraction", i), self.of("fraction_err", i), fmt="o", ms=3, lw=0.8, label=name)
        ax.set(xlabel="time (s)", ylabel="share of L in the phase")
        ax.legend(frameon=False)


def fit_series(
    time: ArrayLike,
    q: ArrayLike,
    s: ArrayLike,
    structures: str | Lattice | Sequence[str | Lattice],
    error: ArrayLike | None = None,
    *,
    reference: int | None = None,
    anchor: bool = True,
    keep_c_over_a: bool = True,
    flux_scale: bool = False,
    detect_sigma: float | None = None,
    fraction_present: float | None = None,
    swelling: float | None = None,
    shrinking: float | None = None,
    progress: Any = None,
    control: Control | None = None,
    **model: Any,
) -> SeriesFit:
    """Fits a series of patterns in time, each from the frame before.

    time, q, s, error : n frames, k wave numbers, n x k values and their errors (none: error_model, as of fit_pattern).
    reference : s are intensities, and the first so many frames are the reference that normalises them; default: s is S(q, t).
    anchor : fit the last good frame first; it sets where the others look (and c/a, with keep_c_over_a). structures, model : as of fit_pattern.
    flux_scale : a scale of each frame. detect_sigma, fraction_present, swelling, shrinking : see bnsl_saxs(3).
    progress : of frames. Bad frames (not finite) are left out and counted. Raises ValueError; Cancelled, KeyboardInterrupt."""
    time, q = array("time", time), array("q", q)
    values = array("s", s, float, (len(time), len(q)))
    err = None if error is None else array("error", error, float, values.shape)
    if reference is not None:
        if err is None:
            raise ValueError("error: needed with a reference")
        values, err, _, _ = normalise(values, err, reference)
    handle, names = pattern_model(structures, **model)
    opts = options(
        "saxs_series",
        flux_scale=bool(flux_scale),
        detect_sigma=detect_sigma,
        fraction_present=fraction_present,
        swelling=swelling,
        shrinking=shrinking,
    )
    out = SeriesFit(
        Handle(_ffi.bnsl_saxs_series, lib.bnsl_saxs_series_create, handle, opts, len(q), q, destroy=lib.bnsl_saxs_series_destroy), names, q
    )
    good = np.isfinite(values).all(axis=1) & (True if err is None else (np.isfinite(err) & (err > 0)).all(axis=1))
    out.n_bad = int((~good).sum())
    order = np.nonzero(good)[0]
    if anchor and len(order):
        last = order[-1]
        with running(None, control, "anchor") as stop:
            lib.bnsl_saxs_series_anchor(out._handle, values[last], None if err is None else err[last], bool(keep_c_over_a), stop)
    report, close = reporter(progress, "series")
    try:
        for done, i in enumerate(order, 1):
            out.add(float(time[i]), values[i], None if err is None else err[i], control=control)
            if report is not None and report(done, len(order)) is False:
                raise errors.Cancelled("fit_series: stopped by the progress function")
    finally:
        close()
    return out
