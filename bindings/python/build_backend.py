# SPDX-License-Identifier: GPL-3.0-or-later
"""Build backend of the Python package (PEP 517); the standard library is all that it needs.

What goes into the wheel is chosen by --config-settings=library=...:
  build   (default) libbnsl, built from the sources around this folder as `make` builds it: needs a compiler, make, autoconf, GSL and FFTW 3
  PATH    a library that is built already: `make wheel` gives its own
  system  none: the package loads the libbnsl that the system has
A wheel with a library needs the shared libraries of GSL, FFTW 3 and OpenMP where it is used, until `auditwheel repair` puts them inside too.
"""

import base64
import hashlib
import os
import re
import shutil
import subprocess
import sysconfig
import tempfile
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCE = HERE.parents[1]


class UnsupportedOperation(Exception):
    """PEP 517's name for what a backend does not do."""


def build_sdist(sdist_directory, config_settings=None):
    raise UnsupportedOperation("the sources of the package are those of libbnsl: make dist")


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    choice = (config_settings or {}).get("library", "build")
    files = {f"bnsl/{file.relative_to(HERE / 'bnsl').as_posix()}": file.read_bytes() for file in sorted((HERE / "bnsl").rglob("*.py"))}
    files["bnsl/py.typed"] = b""
    tag = "py3-none-any"
    if choice != "system":
        tag = "py3-none-" + sysconfig.get_platform().replace("-", "_").replace(".", "_")
        files[f"bnsl/lib/{_soname()}"] = _built() if choice == "build" else Path(choice).read_bytes()
    return _write(Path(wheel_directory), tag, files)


def _soname():
    return re.search(r'^SONAME = "(.+)"$', (HERE / "bnsl/_ffi.py").read_text(encoding="utf-8"), re.MULTILINE)[1]


def _version():
    return re.search(r'^VERSION = "(.+)"$', (HERE / "bnsl/_ffi.py").read_text(encoding="utf-8"), re.MULTILINE)[1]


def _built():
    """The library, built in a folder of its own."""
    if not (SOURCE / "configure").exists():
        subprocess.run(["autoconf"], cwd=SOURCE, check=True)
    with tempfile.TemporaryDirectory() as build:
        run = {"cwd": build, "check": True}
        subprocess.run([SOURCE / "configure", "--quiet", "--disable-static", "--without-cairo", "CFLAGS=-O2"], **run)
        subprocess.run(["make", "-s", f"-j{os.cpu_count() or 1}", "libbnsl.so"], **run)
        return (Path(build) / "libbnsl.so").read_bytes()


def _metadata():
    project = (HERE / "pyproject.toml").read_text(encoding="utf-8")

    def setting(pattern):
        return re.search(pattern, project)[1]

    lines = [
        "Metadata-Version: 2.1",
        "Name: bnsl",
        f"Version: {_version()}",
        "Summary: " + setting(r'description = "(.+)"'),
        "License: " + setting(r'license = \{ text = "(.+)" \}'),
        "Requires-Python: " + setting(r'requires-python = "(.+)"'),
        "Requires-Dist: " + setting(r'dependencies = \["(.+)"\]'),
    ]
    extras = re.search(r"\[project.optional-dependencies\]\n((?:\w+ = .+\n)+)", project)[1]
    for extra, packages in re.findall(r"(\w+) = \[(.+)\]", extras):
        lines.append(f"Provides-Extra: {extra}")
        lines += [f'Requires-Dist: {package} ; extra == "{extra}"' for package in re.findall(r'"(.+?)"', packages)]
    return "\n".join(lines) + "\n\n" + (HERE / "README").read_text(encoding="utf-8")


def _write(folder, tag, files):
    """The archive; the same files give the same bytes."""
    name = f"bnsl-{_version()}"
    info = f"{name}.dist-info"
    files[f"{info}/METADATA"] = _metadata().encode()
    files[f"{info}/WHEEL"] = (
        f"Wheel-Version: 1.0\nGenerator: libbnsl\nRoot-Is-Purelib: {str(tag.endswith('any')).lower()}\nTag: {tag}\n".encode()
    )
    files[f"{info}/licenses/COPYING"] = (SOURCE / "COPYING").read_bytes()
    record = "".join(
        f"{path},sha256={base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b'=').decode()},{len(data)}\n"
        for path, data in files.items()
    )
    files[f"{info}/RECORD"] = (record + f"{info}/RECORD,,\n").encode()
    target = folder / f"{name}-{tag}.whl"
    with tempfile.TemporaryDirectory(dir=folder) as work:
        with zipfile.ZipFile(Path(work) / "wheel", "w", zipfile.ZIP_DEFLATED) as archive:
            for path, data in files.items():
                entry = zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0))
                entry.external_attr, entry.compress_type = 0o644 << 16, zipfile.ZIP_DEFLATED
                archive.writestr(entry, data)
        shutil.move(Path(work) / "wheel", target)
    return target.name
