# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the shared library, checks that it is the one that this package was made for, and gives its functions their types.

Order: the file that the environment variable BNSL_LIBRARY names, and then no other; a library inside the package (a wheel); the one that
the dynamic linker knows by its soname; what ctypes.util.find_library finds."""

from __future__ import annotations

import ctypes as c
import os
import re
from ctypes.util import find_library
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from . import _ffi, errors

BUNDLED = Path(__file__).resolve().parent / "lib"


def _candidates():
    if "BNSL_LIBRARY" in os.environ:
        yield os.environ["BNSL_LIBRARY"]
        return
    yield from sorted(str(path) for path in BUNDLED.glob("libbnsl*"))
    yield _ffi.SONAME
    found = find_library("bnsl")
    if found and found != _ffi.SONAME:
        yield found


def _open() -> tuple[c.CDLL, str]:
    tried = []
    for candidate in _candidates():
        try:
            return c.CDLL(candidate), candidate
        except OSError as error:
            tried.append(f"  {candidate}: {error}")
    raise ImportError(
        f"the library {_ffi.SONAME} was not found. Tried:\n"
        + "\n".join(tried)
        + f"\nInstall it (Debian: apt install libbnsl{_ffi.SONAME.rpartition('.')[2]}), or set BNSL_LIBRARY to the path of {_ffi.SONAME}."
    )


def _check_version(library: Any, path: str) -> None:
    """Before 1.0 each minor version has an interface of its own; from then on a library may be newer than this package."""
    try:
        number = library.bnsl_version_number()
    except AttributeError:
        raise ImportError(f"{path} is not libbnsl: it has no function bnsl_version_number") from None
    have = number // 10000, number // 100 % 100
    want = tuple(int(part) for part in _ffi.VERSION.split(".")[:2])
    if have[0] != want[0] or (have != want if want[0] == 0 else have < want):
        raise ImportError(
            f"{path} is libbnsl {have[0]}.{have[1]}, but this package was made for {want[0]}.{want[1]}: install versions that belong together"
        )


def _raise(status, function, arguments):
    """errcheck of every function with a status; the message belongs to this thread."""
    if status:
        message = lib.bnsl_error_message().decode("utf-8", "replace")
        raise errors.BY_STATUS.get(status, errors.InternalError)(message or function.__name__)
    return arguments


def _checked(function: Any, names: list[str]) -> Any:
    """The function with refusals of its arguments' types as ValueError and TypeError that name the argument."""

    def call(*arguments):
        try:
            return function(*arguments)
        except c.ArgumentError as error:
            place, kind, text = re.match(r"argument (\d+): (?:<class ')?(\w+)(?:'>)?: (.*)", str(error), re.DOTALL).groups()
            message = f"{function.__name__}: {names[int(place) - 1]}: {text}"
        raise (ValueError if kind in ("ValueError", "OverflowError") else TypeError)(message)

    return call


def _declare(library: Any, path: str) -> SimpleNamespace:
    missing, out = [], SimpleNamespace()
    for name, (result, names, *parameters) in _ffi.FUNCTIONS.items():
        try:
            function = getattr(library, name)
        except AttributeError:
            missing.append(name)
            continue
        function.argtypes = parameters
        if result is _ffi.status:
            function.restype, function.errcheck = c.c_int32, _raise
        else:
            function.restype = result
        setattr(out, name, _checked(function, names.split()))
    if missing:
        raise ImportError(
            f"{path} lacks {', '.join(missing[:5])}{', ...' if len(missing) > 5 else ''}: it is not of the version of this package"
        )
    return out


def _check_layouts(library: Any, path: str) -> None:
    """Defaults of each options struct must leave the bytes behind it alone and give its size: the layouts agree."""
    for name in _ffi.OPTIONS:
        kind = getattr(_ffi, name)
        room = (c.c_ubyte * (c.sizeof(kind) + 16))(*([0xA5] * (c.sizeof(kind) + 16)))
        opts = kind.from_buffer(room)
        getattr(library, name + "_init")(opts, c.sizeof(kind))
        if opts.struct_size != c.sizeof(kind) or any(byte != 0xA5 for byte in room[c.sizeof(kind) :]):
            raise ImportError(f"{path}: {name} has another layout than this package expects")


_loaded, PATH = _open()
_check_version(_loaded, PATH)
lib = _declare(_loaded, PATH)
_check_layouts(lib, PATH)
