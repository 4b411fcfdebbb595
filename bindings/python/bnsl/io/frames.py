# SPDX-License-Identifier: GPL-3.0-or-later
"""Trajectories: GSD and extended XYZ."""

from __future__ import annotations

import ctypes as c
from collections.abc import Iterator, MutableMapping, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _ffi
from .._library import lib
from .._objects import Array, Handle, IntArray, Plottable, Wrapper, array, choice, view
from .._pictures import draw_particles
from ..box import Box
from ._file import named_file

__all__ = ["Frame", "Trajectory"]

FORMATS = {"auto": _ffi.BNSL_FILE_AUTO, "gsd": _ffi.BNSL_FILE_GSD, "xyz": _ffi.BNSL_FILE_XYZ}
GSD_NAMES = ("velocity", "image", "mass", "diameter", "charge", "body", "orientation", "moment_inertia", "angmom")


# ---- frames ------------------------------------------------------------------------------------------------


class Frame(MutableMapping, Plottable):
    """One snapshot: box, step, particles of named types, and named arrays, one row a particle: frame["velocity"], frame["q6"].

    Parameters
    ----------
    box : see Box.from_box. positions : n x 3. typeid : n numbers of types, default 0. types : their names. step : >= 0.

    Names with a meaning are those of GSD: position, velocity, image, mass, diameter, charge, body, orientation, moment_inertia, angmom;
    others are results. Arrays of a frame that was read are views of the library's memory, read-only, and stay valid without the frame.
    scalars : dictionary of named numbers of the whole frame. A frame has box and points, so that freud takes it as a system, and
    configuration and particles, as frames of gsd.hoomd have them."""

    def __init__(self, box: Any, positions: ArrayLike, typeid: ArrayLike | None = None, types: Sequence[str] = ("L", "S"), step: int = 0):
        points = array("positions", positions, float, (None, 3))
        self.box = Box.from_box(box)
        self.types = list(types)
        self.typeid = np.zeros(len(points), np.int32) if typeid is None else array("typeid", typeid, np.int32, (len(points),))
        self.step = step
        self.scalars: dict[str, float] = {}
        self._arrays: dict[str, NDArray] = {"position": points}

    @classmethod
    def from_gsd(cls, frame: Any) -> Frame:
        """From a frame of gsd.hoomd (or a snapshot of HOOMD), with its log of numbers and of one row a particle."""
        if isinstance(frame, Frame):
            return frame
        particles = frame.particles
        n = len(particles.position)
        out = cls(
            frame.configuration.box, particles.position, particles.typeid, particles.types or ["A"], int(frame.configuration.step or 0)
        )
        for name in GSD_NAMES:
            if getattr(particles, name, None) is not None:
                out[name] = getattr(particles, name)
        for name, value in (getattr(frame, "log", None) or {}).items():
            value = np.asarray(value)
            if name.startswith("particles/") and value.shape[:1] == (n,):
                out[name[len("particles/") :]] = value
            elif value.size == 1 and value.dtype.kind in "fiub":
                out.scalars[name] = float(value.reshape(-1)[0])
        return out

    def to_gsd(self) -> Any:
        """A gsd.hoomd.Frame (needs gsd)."""
        import gsd.hoomd

        out = gsd.hoomd.Frame()
        out.configuration.box, out.configuration.step = self.box.to_array(), self.step
        particles = out.particles
        particles.N, particles.types = len(self.points), self.types
        particles.position, particles.typeid = self.points, self.typeid.view(np.uint32)
        for name, values in self.items():
            if name in GSD_NAMES:
                setattr(particles, name, values.astype(np.int32) if name in ("image", "body") else values)
            elif name != "position":
                out.log["particles/" + name] = values
        out.log.update({name: np.array([value]) for name, value in self.scalars.items()})
        return out

    # ---- particles ----

    @property
    def points(self) -> Array:
        """Positions, n x 3."""
        return self._arrays["position"]

    positions = points

    @property
    def species(self) -> IntArray:
        """0 for types named L, 1 for S, numbers from 2 for others; of files that have neither name, the type numbers."""
        if not {"L", "S"} & set(self.types):
            return self.typeid
        others = iter(range(2, len(self.types) + 2))
        numbers = np.array([{"L": 0, "S": 1}[name] if name in ("L", "S") else next(others) for name in self.types], np.int32)
        return self.typeid if np.array_equal(numbers, np.arange(len(numbers))) else numbers[self.typeid]

    @property
    def images(self) -> IntArray | None:
        """Crossed cells, n x 3, or None."""
        values = self._arrays.get("image")
        return None if values is None else values.astype(np.int32)

    @property
    def velocities(self) -> Array | None:
        """Velocities, n x 3, or None."""
        return self._arrays.get("velocity")

    @property
    def configuration(self) -> Any:
        """step, box (6 numbers) and dimensions, as gsd.hoomd names them."""
        return SimpleNamespace(step=self.step, box=self.box.to_array(), dimensions=3)

    @property
    def particles(self) -> Any:
        """N, types, typeid, position, ..., as gsd.hoomd names them (None: not in the frame)."""
        own = {name: self._arrays.get(name) for name in GSD_NAMES}
        return SimpleNamespace(N=len(self.points), types=self.types, typeid=self.typeid, position=self.points, **own)

    # ---- named arrays ----

    def __getitem__(self, name: str) -> NDArray:
        try:
            return self._arrays[name]
        except KeyError:
            raise KeyError(f"no array {name!r}; there are {', '.join(self._arrays)}") from None

    def __setitem__(self, name: str, values: ArrayLike) -> None:
        n = len(self.points)
        values = np.asarray(values)
        shape = (n,) if values.ndim == 1 else (n, values.shape[-1] if values.ndim else None)
        self._arrays[name] = array(name, values, float, (n, 3) if name == "position" else shape)

    def __delitem__(self, name: str) -> None:
        if name == "position":
            raise KeyError("a frame has positions")
        del self._arrays[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._arrays)

    def __len__(self) -> int:
        """Number of arrays; particles are len(frame.points)."""
        return len(self._arrays)

    def __bool__(self) -> bool:
        return True

    __eq__ = object.__eq__  # arrays have no truth of their being equal
    __hash__ = object.__hash__  # type: ignore[assignment]

    def _draw(self, ax: Any) -> None:
        """The particles of a slice through the middle, three diameters thick, seen along z."""
        species = self.species
        diameters = self._arrays.get("diameter")
        if diameters is None:
            diameters = np.where(species == 1, 0.55, 1.0)
        middle = 0.0 if all(self.box.periodic) else float(np.mean(self.points[:, 2])) if len(self.points) else 0.0
        inside = np.abs(self.points[:, 2] - middle) < 1.5 * diameters.max(initial=0.0)
        corners = np.array([(0, 0), (1, 0), (1, 1), (0, 1)]) - 0.5
        draw_particles(ax, self.points[inside], species[inside], diameters[inside], corners @ self.box.vectors[:2, :2])
        ax.set(title=f"step {self.step}")

    def __repr__(self) -> str:
        return f"<bnsl.Frame: step {self.step}, {len(self.points)} particles of {', '.join(self.types)}; {', '.join(self)}>"

    # ---- to and from the library ----

    @classmethod
    def _read(cls, fill: Any) -> Frame:
        handle = Handle(_ffi.bnsl_io_frame, lib.bnsl_io_frame_create, destroy=lib.bnsl_io_frame_destroy)
        fill(handle)
        self, box, n = cls.__new__(cls), _ffi.bnsl_box(), lib.bnsl_io_frame_n(handle)
        lib.bnsl_io_frame_box(handle, box)
        self.box, self.step = Box.from_box(box), lib.bnsl_io_frame_step(handle)
        self.types = [lib.bnsl_io_frame_type_name(handle, i).decode() for i in range(lib.bnsl_io_frame_n_types(handle))]
        self.typeid = view(handle, lib.bnsl_io_frame_type_index_view(handle), (n,))
        self._arrays, self.scalars = {}, {}
        for i in range(lib.bnsl_io_frame_n_arrays(handle)):
            name, columns, values = lib.bnsl_io_frame_array_name(handle, i), c.c_int32(), _ffi.P(c.c_double)()
            lib.bnsl_io_frame_array_view(handle, name, c.byref(columns), c.byref(values))
            self._arrays[name.decode()] = view(handle, values, (n, columns.value) if columns.value > 1 else (n,))
        self._arrays.setdefault("position", np.zeros((n, 3)))
        for i in range(lib.bnsl_io_frame_n_scalars(handle)):
            name, number = lib.bnsl_io_frame_scalar_name(handle, i), c.c_double()
            lib.bnsl_io_frame_scalar(handle, name, c.byref(number))
            self.scalars[name.decode()] = number.value
        return self

    def _write(self) -> Handle:
        handle = Handle(_ffi.bnsl_io_frame, lib.bnsl_io_frame_create, destroy=lib.bnsl_io_frame_destroy)
        points, names = self.points, ",".join(self.types).encode()
        typeid = array("typeid", self.typeid, np.int32, (len(points),))
        lib.bnsl_io_frame_set(handle, self.box, self.step, len(points), points, typeid, names)
        for name, values in self._arrays.items():
            if name != "position":
                columns = values.shape[1] if values.ndim > 1 else 1
                lib.bnsl_io_frame_set_array(handle, name.encode(), columns, np.ascontiguousarray(values))
        for name, number in self.scalars.items():
            lib.bnsl_io_frame_set_scalar(handle, name.encode(), number)
        return handle


class Trajectory(Wrapper, Sequence):
    """A trajectory file: a sequence of frames to read, or one to append frames to.

    Parameters
    ----------
    file : any path. mode : "r" read; "x" write, FileExistsError when it exists; "w" write, replacing it; "a" go on behind its last frame, or
    behind the first `keep` ones. format : "gsd", "xyz", or "auto", by the name and, when reading, the content.

    New files appear under their name at the first flush(), complete; what was appended is safe from a crash after each. Leaving a with block
    flushes and closes, after an error too: each frame is complete. Raises OSError; ValueError: malformed, with the place.

    >>> with bnsl.Trajectory("run/trajectory.gsd") as trajectory:
    ...     phases = [bnsl.classify(frame) for frame in trajectory]
    """

    def __init__(self, file: Any, mode: str = "r", *, format: str = "auto", keep: int | None = None):
        kind = choice("format", format, FORMATS)
        if mode not in ("r", "x", "w", "a"):
            raise ValueError(f"mode is {mode!r}, must be 'r', 'x', 'w' or 'a'")
        self.mode, self._n_written = mode, 0
        with named_file(file, writing=mode == "x") as name:
            if mode == "r":
                self._handle = Handle(_ffi.bnsl_io_reader, lib.bnsl_io_reader_open, name, kind, destroy=lib.bnsl_io_reader_close)
                return
            if mode == "a":
                if keep is None:
                    with Trajectory(file, format=format) as old:
                        keep = len(old)
                create, more = lib.bnsl_io_writer_continue, keep
                self._n_written = keep
            else:
                create, more = lib.bnsl_io_writer_create, mode == "w"
            self._handle = Handle(_ffi.bnsl_io_writer, create, name, kind, more, destroy=lib.bnsl_io_writer_abandon)

    def _reader(self) -> Handle:
        if self.mode != "r":
            self._h
            raise ValueError(f"the trajectory is open for writing ({self.mode!r}), not for reading")
        return self._h

    def _writer(self) -> Handle:
        if self.mode == "r":
            self._h
            raise ValueError("the trajectory is open for reading, not for writing")
        return self._h

    def __len__(self) -> int:
        """Number of frames."""
        return self._n_written if self.mode != "r" else lib.bnsl_io_reader_n_frames(self._h)

    def __getitem__(self, key: Any) -> Any:
        """Frame number key, or a list of frames for a slice."""
        reader, n = self._reader(), len(self)
        if isinstance(key, slice):
            return [self[i] for i in range(*key.indices(n))]
        if not -n <= key < n:
            raise IndexError(f"frame {key} of {n}")
        return Frame._read(lambda frame: lib.bnsl_io_reader_read(reader, key, frame))

    def append(self, frame: Any) -> None:
        """Appends a frame: a Frame, a frame of gsd.hoomd, or a simulation's MD.frame()."""
        lib.bnsl_io_writer_append(self._writer(), Frame.from_gsd(frame)._write())
        self._n_written += 1

    def extend(self, frames: Any) -> None:
        """Appends several frames."""
        for frame in frames:
            self.append(frame)

    def flush(self) -> None:
        """Makes what was appended readable under the name, safe from a crash from then on."""
        lib.bnsl_io_writer_commit(self._writer())

    def close(self) -> None:
        """Flushes and closes. A file to which nothing was appended is left as it was."""
        handle, self._handle = self._handle, None
        if handle is None or self.mode == "r" or self._n_written == 0:
            return
        handle._finalizer.detach()
        lib.bnsl_io_writer_close(handle)

    def abandon(self) -> None:
        """Closes without writing what was appended since the last flush."""
        self._writer()
        self._handle = None

    def __repr__(self) -> str:
        return "bnsl.Trajectory(closed)" if self.closed else f"<bnsl.Trajectory: {len(self)} frames, mode {self.mode!r}>"
