# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables, scattering curves and series of them."""

from __future__ import annotations

import ctypes as c
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from .. import _ffi
from .._library import lib
from .._objects import Array, Handle, Plottable, array, choice, curve, view
from ._file import named_file

__all__ = ["Curve", "Series", "Table", "read_curve", "read_series", "read_table", "write_curve", "write_series", "write_table"]

UNITS = {"nm": _ffi.BNSL_UNIT_PER_NM, "a": _ffi.BNSL_UNIT_PER_ANGSTROM}


class Table(NamedTuple):
    """A table of numbers, rows x columns, a view of the library's memory, and its heading, without comment marks."""

    values: Array
    header: str


def read_table(file: Any) -> Table:
    """Reads a table: columns separated by blanks, tabs, commas or semicolons. Raises OSError; ValueError, with the line."""
    with named_file(file) as name:
        handle = Handle(_ffi.bnsl_io_table, lib.bnsl_io_table_read, name, destroy=lib.bnsl_io_table_destroy)
    rows, columns, values = c.c_int64(), c.c_int32(), _ffi.P(c.c_double)()
    lib.bnsl_io_table_view(handle, c.byref(rows), c.byref(columns), c.byref(values))
    return Table(view(handle, values, (rows.value, columns.value)), lib.bnsl_io_table_header(handle).decode("utf-8", "replace"))


def write_table(file: Any, values: ArrayLike, header: str = "", *, overwrite: bool = False) -> None:
    """Writes a table as tab-separated text that reads back to the same numbers.

    header : lines above the data; the last one names the columns and units, separated by tabs. Raises FileExistsError without overwrite."""
    rows = array("values", values, float, (None, None))
    with named_file(file, writing=not overwrite) as name:
        lib.bnsl_io_table_write(name, header.encode(), *rows.shape, rows, bool(overwrite))


class Curve(Plottable):
    """A scattering curve: q in nm^-1, intensity, sigma and sigma_q (None when the file has none), all views; n_skipped rows with q <= 0.

    name : its title in the file. n_entries : number of curves in the file."""

    name = ""
    n_entries = 1

    def __init__(self, q: Any, intensity: Any, sigma: Array | None = None, sigma_q: Array | None = None, n_skipped: int = 0):
        self.q, self.intensity, self.sigma, self.sigma_q, self.n_skipped = q, intensity, sigma, sigma_q, n_skipped

    def __len__(self) -> int:
        return len(self.q)

    def _draw(self, ax: Any) -> None:
        ax.errorbar(self.q, self.intensity, self.sigma, fmt=".", ms=3, lw=0.8)
        ax.set(xlabel=r"q (nm$^{-1}$)", ylabel="I(q)", xscale="log", yscale="log")


def read_curve(file: Any, unit: str | None = None, entry: int | None = None) -> Curve:
    """Reads 2, 3 or 4 columns (q, I, sigma, sigma_q), canSAS XML, or NXcanSAS where the library was built with HDF5.

    unit : "nm" or "A" for q in their inverse; default as the file states it. entry : which curve of several, from 0.
    Raises OSError; ValueError: the line and the reason, also a unit that is neither stated nor given, or several curves."""
    number = _ffi.BNSL_UNIT_FROM_FILE if unit is None else choice("unit", unit, UNITS)
    with named_file(file) as name:
        read, more = (lib.bnsl_io_curve_read, ()) if entry is None else (lib.bnsl_io_curve_read_entry, (entry,))
        handle = Handle(_ffi.bnsl_io_curve, read, name, number, *more, destroy=lib.bnsl_io_curve_destroy)
    n, skipped, pointers = c.c_int64(), c.c_int64(), [_ffi.P(c.c_double)() for _ in range(4)]
    lib.bnsl_io_curve_view(handle, c.byref(n), *map(c.byref, pointers), c.byref(skipped))
    q, intensity, sigma, sigma_q = (view(handle, pointer, (n.value,)) if pointer else None for pointer in pointers)
    curve = Curve(q, intensity, sigma, sigma_q, skipped.value)
    curve.name = lib.bnsl_io_curve_name(handle).decode("utf-8", "replace")
    curve.n_entries = lib.bnsl_io_curve_n_entries(handle)
    return curve


def write_curve(
    file: Any,
    q: ArrayLike,
    intensity: ArrayLike,
    sigma: ArrayLike | None = None,
    sigma_q: ArrayLike | None = None,
    *,
    overwrite: bool = False,
) -> None:
    """Writes a curve, q in nm^-1: canSAS XML to a name that ends in .xml, else columns. Raises FileExistsError without overwrite."""
    q, intensity, sigma = curve("q intensity sigma", q, intensity, sigma)
    sigma_q = None if sigma_q is None else array("sigma_q", sigma_q, float, q.shape)
    with named_file(file, writing=not overwrite) as name:
        lib.bnsl_io_curve_write(name, len(q), q, intensity, sigma, sigma_q, bool(overwrite))


class Series(Plottable):
    """Curves on one grid of q (nm^-1): time (s), intensity and sigma (frames x q; sigma None without a file of errors), all views."""

    def __init__(self, time: Any, q: Any, intensity: Any, sigma: Any = None, n_skipped: int = 0):
        self.time, self.q, self.intensity, self.sigma, self.n_skipped = time, q, intensity, sigma, n_skipped

    def __len__(self) -> int:
        return len(self.time)

    def __getitem__(self, i: int) -> Curve:
        return Curve(self.q, self.intensity[i], None if self.sigma is None else self.sigma[i])

    def _draw(self, ax: Any) -> None:
        values = np.ma.masked_invalid(np.atleast_2d(self.intensity))
        if len(self) < 2:
            ax.plot(self.q, values.T, lw=1.2)
            ax.set(xlabel=r"q (nm$^{-1}$)", ylabel="I(q)")
            return
        mesh = ax.pcolormesh(self.q, self.time, values, shading="nearest", rasterized=True)
        ax.set(xlabel=r"q (nm$^{-1}$)", ylabel="time (s)")
        ax.figure.colorbar(mesh, ax=ax, label="I(q)")


def read_series(file: Any, errors_file: Any = None, unit: str | None = None) -> Series:
    """Reads a matrix: q and one column for each frame, below a line that names the unit of q and the time of each frame in s.

    errors_file : the same shape, standard errors. unit : as of read_curve. Raises OSError; ValueError: the line and the reason."""
    number = _ffi.BNSL_UNIT_FROM_FILE if unit is None else choice("unit", unit, UNITS)
    with named_file(file) as name, named_file(file if errors_file is None else errors_file) as errors_name:
        handle = Handle(
            _ffi.bnsl_io_series,
            lib.bnsl_io_series_read,
            name,
            None if errors_file is None else errors_name,
            number,
            destroy=lib.bnsl_io_series_destroy,
        )
    frames, n, skipped, pointers = c.c_int64(), c.c_int64(), c.c_int64(), [_ffi.P(c.c_double)() for _ in range(4)]
    lib.bnsl_io_series_view(handle, c.byref(frames), c.byref(n), *map(c.byref, pointers), c.byref(skipped))
    m, k = frames.value, n.value
    time, q, intensity = (view(handle, pointer, shape) for pointer, shape in zip(pointers, ((m,), (k,), (m, k))))
    return Series(time, q, intensity, view(handle, pointers[3], (m, k)) if pointers[3] else None, skipped.value)


def write_series(file: Any, time: ArrayLike, q: ArrayLike, values: ArrayLike, *, overwrite: bool = False) -> None:
    """Writes values, frames x q, as such a matrix that reads back to the same numbers. Raises FileExistsError without overwrite."""
    time, q = array("time", time), array("q", q)
    values = array("values", values, float, (len(time), len(q)))
    with named_file(file, writing=not overwrite) as name:
        lib.bnsl_io_series_write(name, len(time), time, len(q), q, values, bool(overwrite))
