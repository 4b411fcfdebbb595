# SPDX-License-Identifier: GPL-3.0-or-later
"""Types of parameters in the generated _ffi.py. They check what ctypes would let through: an integer that does not fit, an array of
another type or layout, a read-only array for an output. Nothing is copied or converted here."""

import ctypes as c
import operator

import numpy as np

__all__ = [
    "P",
    "f64",
    "i32",
    "i64",
    "in_f64",
    "in_i32",
    "in_i64",
    "in_u32",
    "out_f64",
    "out_i32",
    "out_i64",
    "out_u32",
    "size",
    "status",
    "u32",
    "u64",
]

P = c.POINTER
f64 = c.c_double
_by_reference = type(c.byref(c.c_int()))


class status(c.c_int32):
    """Mark of functions whose result is a bnsl_status; it is checked after each call."""


class _Integer:
    bits = (0, 0)
    ctype: type = c.c_int32

    @classmethod
    def from_param(cls, value):
        number = operator.index(value)
        low, high = cls.bits
        if not low <= number <= high:
            raise ValueError(f"{number} is not within {low} .. {high}")
        return cls.ctype(number)


def _integer(ctype, signed):
    width = 8 * c.sizeof(ctype) - signed
    return type(ctype.__name__, (_Integer,), {"ctype": ctype, "bits": (-(2**width) if signed else 0, 2**width - 1)})


i32, i64 = _integer(c.c_int32, True), _integer(c.c_int64, True)
u32, u64, size = _integer(c.c_uint32, False), _integer(c.c_uint64, False), _integer(c.c_size_t, False)


class _Array:
    dtype = np.dtype(float)
    ctype: type = c.c_double
    writable = False

    @classmethod
    def from_param(cls, value):
        if value is None:
            return None
        if isinstance(value, np.ndarray):
            if value.dtype != cls.dtype:
                raise TypeError(f"an array of {cls.dtype} is needed, not of {value.dtype}")
            if not value.flags.c_contiguous:
                raise ValueError("the array must be contiguous in C order")
            if cls.writable and not value.flags.writeable:
                raise ValueError("the array is read-only")
            return c.c_void_p(value.ctypes.data)
        if isinstance(value, _by_reference) and isinstance(value._obj, cls.ctype):
            return value
        raise TypeError(f"an array of {cls.dtype} is needed, not {type(value).__name__}")


def _arrays(ctype):
    dtype = np.dtype(ctype)
    return (type(f"{kind}_{dtype}", (_Array,), {"dtype": dtype, "ctype": ctype, "writable": kind == "out"}) for kind in ("in", "out"))


in_f64, out_f64 = _arrays(c.c_double)
in_i32, out_i32 = _arrays(c.c_int32)
in_i64, out_i64 = _arrays(c.c_int64)
in_u32, out_u32 = _arrays(c.c_uint32)
