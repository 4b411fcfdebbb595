# SPDX-License-Identifier: GPL-3.0-or-later
"""The generated interface against tests/abi/frozen.c, which the C compiler has checked; what the types of parameters refuse; the loader."""

import ctypes as c
import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from bnsl import _ffi, _library, errors
from bnsl._library import lib

ROOT = Path(__file__).resolve().parents[2]
FROZEN = (ROOT / "tests/abi/frozen.c").read_text(encoding="utf-8")
CTYPES = {"int32_t": c.c_int32, "uint32_t": c.c_uint32, "int64_t": c.c_int64, "uint64_t": c.c_uint64, "double": c.c_double}


def test_constants():
    frozen = re.findall(r"^VALUE\((\w+), (-?\d+)\);", FROZEN, re.M)
    assert len(frozen) > 60
    assert [(name, getattr(_ffi, name)) for name, _ in frozen] == [(name, int(number)) for name, number in frozen]


def test_sizes_and_fields():
    sizes = re.findall(r"^SIZE\((\w+), (\d+)\);", FROZEN, re.M)
    fields = re.findall(r"^FIELD\((\w+), (\w+)(\[0\])?, (\w+), (\d+)\);", FROZEN, re.M)
    assert len(sizes) > 15 and len(fields) > 150
    for name, size in sizes:
        assert c.sizeof(getattr(_ffi, name)) == int(size), name
    for name, field, _, kind, offset in fields:
        struct = getattr(_ffi, name)
        declared = dict((entry[0], entry[1]) for entry in struct._fields_)[field]
        element = getattr(declared, "_type_", None) if issubclass(declared, c.Array) else declared
        assert element is CTYPES.get(kind) or element is getattr(_ffi, kind, None), (name, field)
        assert getattr(struct, field).offset == int(offset), (name, field)
    declared = {
        name
        for name, value in vars(_ffi).items()
        if isinstance(value, type) and issubclass(value, c.Structure) and hasattr(value, "_fields_")
    }
    assert declared == {name for name, _ in sizes}


def test_functions():
    frozen = re.findall(r"^FUNCTION\((\w+), (.+?), \((.*)\)\);$", FROZEN, re.M)
    assert {name for name, _, _ in frozen} == set(_ffi.FUNCTIONS)
    for name, _, parameters in frozen:
        n = 0 if parameters == "void" else parameters.count(",") + 1
        assert len(_ffi.FUNCTIONS[name]) == n + 2 and len(_ffi.FUNCTIONS[name][1].split()) == n, name


def test_statuses_have_exceptions():
    numbers = {value for name, value in vars(_ffi).items() if re.fullmatch(r"BNSL_E[A-Z]+", name)}
    assert numbers == set(errors.BY_STATUS)
    for kind in errors.BY_STATUS.values():
        assert issubclass(kind, errors.Error) and issubclass(kind, (ValueError, MemoryError, OSError, RuntimeError))


def test_parameters_are_checked():
    out = np.empty(3)
    with pytest.raises(ValueError, match="bnsl_random_uniform: stream: 4294967296 is not within 0 .. 4294967295"):
        lib.bnsl_random_uniform(1, 2**32, 0, 0, 3, out)
    with pytest.raises(TypeError, match="float32"):
        lib.bnsl_random_uniform(1, 0, 0, 0, 3, np.empty(3, np.float32))
    with pytest.raises(ValueError, match="contiguous"):
        lib.bnsl_random_uniform(1, 0, 0, 0, 3, np.empty(6)[::2])
    with pytest.raises(TypeError, match="list"):
        lib.bnsl_random_uniform(1, 0, 0, 0, 3, [0.0] * 3)
    out.flags.writeable = False
    with pytest.raises(ValueError, match="read-only"):
        lib.bnsl_random_uniform(1, 0, 0, 0, 3, out)
    with pytest.raises(errors.InvalidArgument, match="out is NULL"):
        lib.bnsl_random_uniform(1, 0, 0, 0, 3, None)


def run_python(text, **environment):
    """Runs a program in an interpreter of its own; its output and, when it fails, the last line of its error."""
    variables = {**os.environ, "PYTHONPATH": str(Path(_ffi.__file__).parents[1]), **environment}
    variables = {k: v for k, v in variables.items() if v is not None}
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, env=variables, timeout=60)
    return done.returncode, done.stdout, done.stderr


def test_loader_uses_the_named_file_or_fails(tmp_path):
    status, _, message = run_python("import bnsl", BNSL_LIBRARY=str(tmp_path / "nothing.so"))
    assert status == 1 and "ImportError: the library libbnsl.so." in message
    assert str(tmp_path / "nothing.so") in message and "apt install libbnsl" in message and message.count("cannot open") == 1


def test_loader_refuses_another_library():
    other = next((name for name in ("libm.so.6", "libc.so.6") if _loads(name)), None)
    if other is None:
        pytest.skip("no other library by a known name")
    status, _, message = run_python("import bnsl", BNSL_LIBRARY=other)
    assert status == 1 and f"ImportError: {other} is not libbnsl" in message


def _loads(name):
    try:
        return bool(c.CDLL(name))
    except OSError:
        return False


def test_loader_refuses_another_version():
    major, minor, _ = map(int, _ffi.VERSION.split("."))
    for number, fits in (
        (10000 * major + 100 * minor + 99, True),
        (10000 * (major + 1), False),
        (10000 * major + 100 * (minor + 1), major > 0),
    ):
        library = SimpleNamespace(bnsl_version_number=lambda number=number: number)
        if fits:
            _library._check_version(library, "x.so")
        else:
            with pytest.raises(ImportError, match="x.so is libbnsl"):
                _library._check_version(library, "x.so")


def test_loader_refuses_a_library_without_a_function():
    with pytest.raises(ImportError, match="x.so lacks bnsl_error_message, bnsl_status_name, .*, ...: it is not of the version"):
        _library._declare(SimpleNamespace(), "x.so")


def test_loader_refuses_another_layout():
    def init(opts, size):
        c.memset(c.byref(opts), 0, size + 8)  # as a library whose struct is longer would
        opts.struct_size = size

    with pytest.raises(ImportError, match="another layout"):
        _library._check_layouts(SimpleNamespace(**{name + "_init": init for name in _ffi.OPTIONS}), "x.so")


def test_loader_finds_the_library_inside_the_package(tmp_path):
    if _library.PATH.startswith(str(_library.BUNDLED)):
        pytest.skip("the package under test is one with a library inside")
    package = tmp_path / "bnsl"
    source = Path(_ffi.__file__).parent
    for file in source.rglob("*.py"):
        (package / file.relative_to(source)).parent.mkdir(parents=True, exist_ok=True)
        (package / file.relative_to(source)).write_bytes(file.read_bytes())
    (package / "lib").mkdir()
    (package / "lib" / _ffi.SONAME).symlink_to(Path(_library.PATH).resolve())
    status, out, message = run_python("import bnsl; print(bnsl.library_info().path)", BNSL_LIBRARY=None, PYTHONPATH=str(tmp_path))
    assert status == 0, message
    assert out.strip() == str(package / "lib" / _ffi.SONAME)
