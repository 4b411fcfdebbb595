# SPDX-License-Identifier: GPL-3.0-or-later
"""Version, features, addressed random numbers, numbers in text: bnsl_core(3)."""

from __future__ import annotations

import ctypes as c
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _ffi
from ._library import PATH, lib
from ._objects import Array, array, name_of

__all__ = ["LibraryInfo", "library_info", "parse_double", "parse_int", "philox4x32", "random_normal", "random_uniform", "status_text"]

ISA = {"auto": _ffi.BNSL_ISA_AUTO, "baseline": _ffi.BNSL_ISA_BASELINE, "avx2": _ffi.BNSL_ISA_AVX2, "avx512": _ffi.BNSL_ISA_AVX512}


@dataclass(frozen=True)
class LibraryInfo:
    """The library that is loaded: its version, the file or name it was loaded by, what it was built with, and the instruction set that it
    uses on this machine."""

    version: str
    path: str
    features: tuple[str, ...]
    instruction_set: str


def library_info() -> LibraryInfo:
    """The library that is loaded."""
    features = tuple(name for name in ("openmp", "avx2", "avx512", "expat", "hdf5") if lib.bnsl_has_feature(name.encode()))
    return LibraryInfo(lib.bnsl_version_string().decode(), PATH, features, name_of(lib.bnsl_cpu_isa(), ISA))


def status_text(status: int) -> tuple[str, str]:
    """Name and meaning of a status number: status_text(-1) is ("BNSL_EINVAL", "invalid argument")."""
    return lib.bnsl_status_name(status).decode(), lib.bnsl_status_text(status).decode()


def philox4x32(counter: ArrayLike, key: ArrayLike) -> NDArray[np.uint32]:
    """One block of Philox4x32-10: 4 words from a counter of 4 words and a key of 2 [Salmon et al. 2011]. Raises ValueError: other shapes."""
    out = np.empty(4, np.uint32)
    lib.bnsl_philox4x32(array("counter", counter, np.uint32, (4,)), array("key", key, np.uint32, (2,)), out)
    return out


def random_uniform(n: int, seed: int, stream: int = 0, index: int = 0, step: int = 0) -> Array:
    """n random numbers in (0, 1), addressed by their coordinates: the same ones give the same numbers, in any order of calls.

    n is at most 131072. Raises ValueError for other n and for coordinates that are negative or too large."""
    return _random(lib.bnsl_random_uniform, n, seed, stream, index, step)


def random_normal(n: int, seed: int, stream: int = 0, index: int = 0, step: int = 0) -> Array:
    """n standard normal random numbers; coordinates and errors as of random_uniform."""
    return _random(lib.bnsl_random_normal, n, seed, stream, index, step)


def _random(function, n, seed, stream, index, step):
    if not 0 <= n <= 131072:
        raise ValueError(f"n is {n}, must be within 0 .. 131072")
    out = np.empty(n)
    function(seed, stream, index, step, n, out)
    return out


def parse_double(text: str) -> float:
    """The decimal number that text is, whatever the locale; also with an exponent D. Raises ValueError when it is none."""
    out, data = c.c_double(), text.encode()
    lib.bnsl_parse_double(data, len(data), c.byref(out), None)
    return out.value


def parse_int(text: str) -> int:
    """The decimal integer of at most 64 bits that text is. Raises ValueError when it is none."""
    out, data = c.c_int64(), text.encode()
    lib.bnsl_parse_int64(data, len(data), c.byref(out), None)
    return out.value
