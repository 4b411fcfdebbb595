# SPDX-License-Identifier: GPL-3.0-or-later
"""What every module needs: owners of C objects, arrays in and out, options, choices by name, results."""

from __future__ import annotations

import ctypes as c
import dataclasses
import os
import weakref
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _ffi, errors
from ._library import lib

Array = NDArray[np.float64]
IntArray = NDArray[np.int32]
LongArray = NDArray[np.int64]


# ---- C objects ---------------------------------------------------------------------------------------------


class Handle:
    """Owns one C object and ends it when nothing refers to it any more: wrappers, running calls and views of its arrays all do."""

    __slots__ = ("__weakref__", "_as_parameter_", "_finalizer")

    def __init__(self, kind: type, create: Any, *arguments: Any, destroy: Any):
        pointer: Any = _ffi.P(kind)()
        create(c.byref(pointer), *arguments)
        self._as_parameter_ = pointer
        self._finalizer = weakref.finalize(self, destroy, pointer)


class Wrapper:
    """Base of the classes that wrap a C object: a context manager, closed at the end of a with block or by close().

    Views of its arrays stay valid after that: they keep the object alive that close() lets go."""

    _handle: Handle | None = None

    @property
    def _h(self) -> Handle:
        if self._handle is None:
            raise ValueError(f"this {type(self).__name__} is closed")
        return self._handle

    def close(self) -> None:
        """Lets go of the C object; the memory is free when no view refers to it either. Closing twice is allowed."""
        self._handle = None

    @property
    def closed(self) -> bool:
        """True after close()."""
        return self._handle is None

    def __enter__(self):
        self._h  # raises when closed
        return self

    def __exit__(self, *error: Any) -> None:
        self.close()


class _Memory:
    """Memory of an owner in the form that numpy takes without a copy; arrays made of it keep it, and so the owner, alive."""

    def __init__(self, owner: Any, address: int, shape: tuple[int, ...], dtype: Any):
        self.owner = owner
        self.__array_interface__ = {"data": (address, True), "shape": shape, "typestr": np.dtype(dtype).str, "version": 3}


def view(owner: Any, pointer: Any, shape: tuple[int, ...]) -> NDArray:
    """Read-only array of memory that belongs to owner; an empty one when there is none. pointer: POINTER(c_double) and such."""
    if not pointer or 0 in shape:
        return np.zeros(shape, np.dtype(pointer._type_))
    return np.asarray(_Memory(owner, c.addressof(pointer.contents), shape, pointer._type_))


# ---- arguments -----------------------------------------------------------------------------------------------


def curve(names: str, q: ArrayLike, s: ArrayLike, error: ArrayLike | None) -> tuple[Array, Array, Array | None]:
    """Wave numbers, values and errors (or None) of one length; names: the three, for messages."""
    of_q, of_s, of_error = names.split()
    q = array(of_q, q)
    return q, array(of_s, s, float, q.shape), None if error is None else array(of_error, error, float, q.shape)


def array(name: str, value: ArrayLike, dtype: Any = np.float64, shape: Sequence[int | None] = (None,)) -> NDArray:
    """value as a contiguous array: itself when it is one already. None in shape: any length."""
    try:
        out = np.asarray(value, order="C")
        if out.dtype != dtype:
            out = _converted(out, np.dtype(dtype))
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name}: expected an array of {np.dtype(dtype)}, shape {_shape(shape)}: {error}") from None
    if out.ndim != len(shape) or any(want is not None and want != have for want, have in zip(shape, out.shape)):
        raise ValueError(f"{name}: expected shape {_shape(shape)}, got {out.shape}")
    return np.ascontiguousarray(out)


def _converted(value: NDArray, dtype: np.dtype) -> NDArray:
    """value in another type of numbers, where no number changes (but by rounding to float64)."""
    if value.dtype.kind not in "fiub":
        raise ValueError(f"{value.dtype} is no type of real numbers")
    if dtype.kind not in "iu":
        return value.astype(dtype)
    if value.size and value.dtype.kind != "b":
        low, high = np.iinfo(dtype).min, np.iinfo(dtype).max
        if value.dtype.kind == "f" and not np.array_equal(value, np.rint(value)):
            raise ValueError("not whole numbers")
        if value.min() < low or value.max() > high:
            raise ValueError(f"not within {low} .. {high}")
    if value.dtype.kind in "iu" and value.dtype.itemsize == dtype.itemsize:
        return value.view(dtype)  # GSD's type numbers: the same bits, no copy
    return value.astype(dtype)


def _shape(shape: Sequence[int | None]) -> str:
    return "(" + ", ".join("n" if size is None else str(size) for size in shape) + ("," if len(shape) == 1 else "") + ")"


def output(name: str, out: NDArray | None, shape: tuple[int, ...], dtype: Any = np.float64) -> NDArray:
    """The caller's array for a result, checked, or a new one."""
    if out is None:
        return np.empty(shape, dtype)
    if not isinstance(out, np.ndarray) or out.dtype != dtype or out.shape != shape or not out.flags.c_contiguous or not out.flags.writeable:
        raise ValueError(f"{name}: expected a writable, contiguous array of {np.dtype(dtype)}, shape {shape}")
    return out


def choice(name: str, value: Any, table: dict[str, int]) -> int:
    """Number of a choice that is given by name, in any case."""
    if isinstance(value, str) and value.lower() in table:
        return table[value.lower()]
    raise ValueError(f"{name} is {value!r}, must be one of {', '.join(map(repr, table))}")


def name_of(number: int, table: dict[str, int]) -> str:
    return next(name for name, value in table.items() if value == number)


def path(value: Any) -> bytes:
    return os.fsencode(os.fspath(value))


def species_name(value: int) -> str:
    return "LS"[value] if value in (0, 1) else str(value)


def species_number(value: int | str | None) -> int:
    """0 and 1 may be called "L" and "S"; None stands for all species, -1."""
    if value is None:
        return -1
    if isinstance(value, str):
        return choice("species", value, {"l": 0, "s": 1})
    return value


def options(name: str, **values: Any) -> c.Structure:
    """Options struct with its defaults, then with the values that are not None."""
    kind = getattr(_ffi, f"bnsl_{name}_options")
    opts = kind()
    getattr(lib, f"bnsl_{name}_options_init")(opts, c.sizeof(kind))
    set_fields(opts, values)
    return opts


def set_fields(opts: c.Structure, values: dict[str, Any]) -> None:
    kinds: dict[str, Any] = {entry[0]: entry[1] for entry in opts._fields_}
    for field, value in values.items():
        if value is None:
            continue
        if field not in kinds or field in ("struct_size", "reserved"):
            raise TypeError(f"unknown option {field!r}; there are {', '.join(k for k in kinds if k not in ('struct_size', 'reserved'))}")
        if kinds[field] is not c.c_double:  # ctypes would wrap what does not fit
            checked = {c.c_int32: _ffi.i32, c.c_int64: _ffi.i64, c.c_uint64: _ffi.u64, c.c_uint32: _ffi.u32}[kinds[field]]
            try:
                value = checked.from_param(value).value
            except ValueError as error:
                raise ValueError(f"{field}: {error}") from None
        setattr(opts, field, value)


def scalar(function: Any, *arguments: Any, kind: Any = c.c_double) -> Any:
    """Result of a function whose last argument is one number."""
    out = kind()
    function(*arguments, c.byref(out))
    return out.value


def n_results(function: Any, *arguments: Any, outputs: int) -> int:
    """Number of results of a function that ends with (capacity, n_out, outputs...), which a call without room tells."""
    n = c.c_int64()
    try:
        function(*arguments, 0, c.byref(n), *[None] * outputs)
    except errors.ArrayTooSmall:
        pass
    return n.value


# ---- results --------------------------------------------------------------------------------------------------


def _box(struct: c.Structure) -> Any:
    from .box import Box

    return Box.from_box(struct)


class Record:
    """Base of the dataclasses that hold what the library returns in a struct: the same fields by the same names."""

    @classmethod
    def _of(cls, struct: c.Structure, **more: Any):
        values = {}
        for field in dataclasses.fields(cls):  # type: ignore[arg-type]
            if field.name not in more and field.name[0] != "_":
                value = getattr(struct, field.name)
                values[field.name] = (
                    np.array(value) if isinstance(value, c.Array) else _box(value) if isinstance(value, _ffi.bnsl_box) else value
                )
        return cls(**values, **more)

    def as_dict(self) -> dict[str, Any]:
        """Plain dictionary, as signac and json like it (arrays as lists)."""
        return {
            k: v.tolist() if isinstance(v, np.ndarray) else list(v) if type(v).__name__ == "Box" else v
            for k, v in vars(self).items()
            if k[0] != "_"
        }


# ---- pictures --------------------------------------------------------------------------------------------------


class Plottable:
    """Base of what can be drawn: plot(ax=None) gives the matplotlib axes; in a notebook the picture is shown by itself."""

    def plot(self, ax: Any = None) -> Any:
        """Draws into ax, or into new axes. Returns the axes. Needs matplotlib."""
        if ax is None:
            import matplotlib.pyplot as plt

            ax = plt.subplots(figsize=(5.2, 3.6), layout="constrained")[1]
        self._draw(ax)
        return ax

    def _draw(self, ax: Any) -> None:
        raise NotImplementedError

    def _repr_png_(self) -> bytes | None:
        try:
            ax = _new_axes()
            self._draw(ax)
        except (ImportError, AttributeError, ValueError):  # no matplotlib, or nothing computed yet
            return None
        from io import BytesIO

        out = BytesIO()
        ax.figure.savefig(out, format="png", dpi=100)
        return out.getvalue()


def _new_axes() -> Any:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5.2, 3.6), layout="constrained")
    FigureCanvasAgg(figure)
    return figure.add_subplot()
