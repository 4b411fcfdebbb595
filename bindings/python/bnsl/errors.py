# SPDX-License-Identifier: GPL-3.0-or-later
"""Exceptions. Each status of the library has its own, which is also one of Python's: `except ValueError` catches what a caller got wrong."""

from __future__ import annotations

from typing import Any

from . import _ffi

__all__ = [
    "ArrayTooSmall",
    "Cancelled",
    "DomainError",
    "Error",
    "FileError",
    "FileFormatError",
    "FileIsThere",
    "FileMissing",
    "InternalError",
    "InvalidArgument",
    "NoConvergence",
    "NumericalError",
    "OutOfMemory",
    "Unsupported",
]


class Error(Exception):
    """Any failure that the library reports. `status` is its number (BNSL_EINVAL is -1), the text its one-line message."""

    status = 0


class InvalidArgument(Error, ValueError):
    """An argument is not allowed; the message says which, its value, and what is allowed."""

    status = _ffi.BNSL_EINVAL


class OutOfMemory(Error, MemoryError):
    """Not enough memory. Nothing was changed."""

    status = _ffi.BNSL_ENOMEM


class DomainError(Error, ValueError):
    """The result is not defined for this input (the minimum of a repulsive potential, say)."""

    status = _ffi.BNSL_EDOMAIN


class NumericalError(Error, RuntimeError, ArithmeticError):
    """Overflow, a singular matrix, a particle that left its box in one step."""

    status = _ffi.BNSL_ENUMERIC


class NoConvergence(Error, RuntimeError):
    """An iteration ended before it reached its tolerance. `result` holds the best so far where a function has one."""

    status = _ffi.BNSL_ENOCONV
    result: Any = None


class ArrayTooSmall(Error, RuntimeError):
    """An array was too small. The package sizes its arrays itself, so this is a defect of it."""

    status = _ffi.BNSL_EBUFFER


class Cancelled(Error, RuntimeError):
    """A Control or a progress function stopped the call. The object is valid and can go on."""

    status = _ffi.BNSL_ECANCELLED


class FileFormatError(Error, ValueError):
    """A file or text is malformed; the message says where."""

    status = _ffi.BNSL_EFORMAT


class FileError(Error, OSError):
    """Reading or writing failed; the message names the path and the system's reason."""

    status = _ffi.BNSL_EIO


class FileMissing(FileError, FileNotFoundError):
    """A file that should be read is not there."""


class FileIsThere(FileError, FileExistsError):
    """A file that should be written is there already, and overwriting it was not asked for."""


class Unsupported(Error, NotImplementedError):
    """Not available: in this build, in this format, for this structure."""

    status = _ffi.BNSL_EUNSUPPORTED


class InternalError(Error, RuntimeError):
    """A defect of the library. Please report it."""

    status = _ffi.BNSL_EINTERNAL


BY_STATUS = {
    kind.status: kind
    for kind in (
        InvalidArgument,
        OutOfMemory,
        DomainError,
        NumericalError,
        NoConvergence,
        ArrayTooSmall,
        Cancelled,
        FileFormatError,
        FileError,
        Unsupported,
        InternalError,
    )
}
