# SPDX-License-Identifier: GPL-3.0-or-later
"""What the comparisons with Python packages call of the shared library, by ctypes: numpy arrays in and out. A failure raises RuntimeError."""
import ctypes as c
import os

import numpy as np

_library = c.CDLL(os.path.join(os.environ["BUILDDIR"], "libbnsl.so"))
_library.bnsl_error_message.restype = c.c_char_p
for _name in ("bnsl_neighbor_n_bonds", "bnsl_io_reader_n_frames", "bnsl_io_frame_n", "bnsl_io_frame_step"):
    getattr(_library, _name).restype = c.c_int64
for _name in ("bnsl_io_frame_type_name", "bnsl_io_frame_array_name", "bnsl_io_frame_scalar_name"):
    getattr(_library, _name).restype = c.c_char_p
_library.bnsl_io_frame_type_index_view.restype = c.POINTER(c.c_int32)


class Box(c.Structure):
    _fields_ = [(name, c.c_double) for name in ("lx", "ly", "lz", "xy", "xz", "yz")] + [("periodic", c.c_int32), ("reserved", c.c_int32)]


def _structure(name, fields):
    """An options structure: struct_size, then fields as "name:d" or "name:i"."""
    kinds = {"d": c.c_double, "i": c.c_int32}
    members = [field.split(":") for field in fields.split()]
    return type(name, (c.Structure,), {"_fields_": [("struct_size", c.c_uint32)] + [(member, kinds[kind]) for member, kind in members]})


_neighbor_options = _structure("neighbor", "mode:i r_min:d r_max:d k:i query_species:i point_species:i flags:i num_threads:i reserved:i")
_solid_options = _structure("order_solid", "l:i threshold:d min_connections:i raw:i num_threads:i reserved:i")
_density_options = _structure("order_density", "num_threads:i r_max:d diameter:d query_species:i point_species:i")
_rdf_options = _structure("order_rdf", "num_threads:i r_min:d r_max:d n_bins:i n_species:i species_a:i species_b:i flags:i reserved:i")


def _call(name, *arguments):
    if getattr(_library, "bnsl_" + name)(*arguments) != 0:
        raise RuntimeError(_library.bnsl_error_message().decode())


def _options(structure, **values):
    options = structure()
    _call(structure.__name__ + "_options_init", c.byref(options), c.c_size_t(c.sizeof(options)))
    for name, value in values.items():
        setattr(options, name, value)
    return options


def _in(array, dtype):
    return np.ascontiguousarray(array, dtype=dtype)


def _pointer(array):
    return c.c_void_p(array.ctypes.data)


def _copy(pointer, shape):
    return np.ctypeslib.as_array(pointer, shape=shape).copy() if np.prod(shape) else np.zeros(shape)


def box(lx, ly, lz, xy=0, xz=0, yz=0, periodic=7):
    return Box(lx, ly, lz, xy, xz, yz, periodic, 0)


class NeighborList:
    """Bonds by query point: offset, query, index, vector, distance; order: which of the given bonds each one is."""

    def __init__(self, **options):
        self.handle = c.c_void_p()
        _call("neighbor_create", c.byref(self.handle), c.byref(_options(_neighbor_options, **options)))

    def __del__(self):
        _library.bnsl_neighbor_destroy(self.handle)

    def view(self, n):
        pointers = c.POINTER(c.c_int64)(), c.POINTER(c.c_int32)(), c.POINTER(c.c_double)(), c.POINTER(c.c_double)()
        _call("neighbor_view", self.handle, *(c.byref(p) for p in pointers))
        self.n, n_bonds = n, _library.bnsl_neighbor_n_bonds(self.handle)
        shapes = (n + 1,), (n_bonds,), (n_bonds, 3), (n_bonds,)
        self.offset, self.index, self.vector, self.distance = (_copy(p, shape) for p, shape in zip(pointers, shapes))
        self.query = np.repeat(np.arange(n), np.diff(self.offset))
        return self


RADIUS, NEAREST, SANN, RAD_OPEN, RAD_CLOSED = range(5)


def neighbors(cell, xyz, mode, **options):
    xyz, bonds = _in(xyz, np.float64), NeighborList(mode=mode, **options)
    _call("neighbor_build", bonds.handle, c.byref(cell), c.c_int64(len(xyz)), _pointer(xyz), None, None)
    return bonds.view(len(xyz))


def given_bonds(n, query, point, vector):
    query, point, vector, bonds = _in(query, np.int32), _in(point, np.int32), _in(vector, np.float64), NeighborList()
    bonds.order = np.empty(len(query), np.int64)
    _call("neighbor_set_bonds", bonds.handle, c.c_int64(n), c.c_int64(n), c.c_int64(len(query)), _pointer(query), _pointer(point),
          _pointer(vector), _pointer(bonds.order))
    return bonds.view(n)


def steinhardt(bonds, orders, average, weight=None):
    """q_l, w_l without its norm, normalised w_l; each n x len(orders)."""
    orders, weight = _in(orders, np.int32), None if weight is None else _in(weight, np.float64)
    q, w, w_raw = (np.empty((bonds.n, len(orders))) for _ in range(3))
    _call("order_steinhardt_weighted", bonds.handle, None if weight is None else _pointer(weight), bonds.handle if average else None,
          c.c_int32(len(orders)), _pointer(orders), c.c_int32(1), _pointer(q), _pointer(w), _pointer(w_raw), None)
    return q, w_raw, w


def connections(bonds, l, normalised):
    d = np.empty(len(bonds.index))
    _call("order_connections", bonds.handle, None, c.c_int32(l), c.c_int32(normalised), c.c_int32(1), _pointer(d), None)
    return d


def solid(bonds, l, threshold, min_connections, normalised):
    """Solid-like bonds of each particle, its cluster (-1: not solid-like), and the sizes of the clusters."""
    options = _options(_solid_options, l=l, threshold=threshold, min_connections=min_connections, raw=not normalised)
    is_solid, n_connections, cluster = (np.empty(bonds.n, np.int32) for _ in range(3))
    n_clusters, size = c.c_int64(), np.empty(bonds.n, np.int64)
    _call("order_solid", bonds.handle, None, c.byref(options), _pointer(is_solid), _pointer(n_connections), _pointer(cluster),
          c.byref(n_clusters), _pointer(size))
    return n_connections, cluster, size[: n_clusters.value]


def local_density(cell, xyz, r_max, diameter):
    """Density around each particle, and its number of neighbours."""
    xyz, density, neighbors = _in(xyz, np.float64), np.empty(len(xyz)), np.empty(len(xyz))
    options = _options(_density_options, r_max=r_max, diameter=diameter)
    _call("order_local_density", c.byref(cell), c.c_int64(len(xyz)), _pointer(xyz), None, c.byref(options), _pointer(density),
          _pointer(neighbors))
    return density, neighbors


def rdf(frames, r_max, n_bins, pair, finite_size=False):
    """Means of g and n_r over frames (cell, xyz, species); pair: two species, or None for all particles."""
    a, b = pair or (-1, -1)
    options = _options(_rdf_options, r_max=r_max, n_bins=n_bins, n_species=2 if pair else 1, species_a=a, species_b=b, flags=finite_size)
    handle, g, n_r = c.c_void_p(), np.empty(n_bins), np.empty(n_bins)
    _call("order_rdf_create", c.byref(handle), c.byref(options))
    try:
        for cell, xyz, species in frames:
            xyz, species = _in(xyz, np.float64), _in(species, np.int32)
            _call("order_rdf_add", handle, c.byref(cell), c.c_int64(len(xyz)), _pointer(xyz), _pointer(species) if pair else None, None)
        _call("order_rdf_read", handle, c.c_int32(a), c.c_int32(b), _pointer(g), _pointer(n_r), None)
    finally:
        _library.bnsl_order_rdf_destroy(handle)
    return g, n_r


# ---- trajectories ---------------------------------------------------------------------------------------


def _frame(handle):
    cell, n = Box(), _library.bnsl_io_frame_n(handle)
    _call("io_frame_box", handle, c.byref(cell))
    arrays, scalars, columns, values, number = {}, {}, c.c_int32(), c.POINTER(c.c_double)(), c.c_double()
    for i in range(_library.bnsl_io_frame_n_arrays(handle)):
        name = _library.bnsl_io_frame_array_name(handle, c.c_int32(i))
        _call("io_frame_array_view", handle, name, c.byref(columns), c.byref(values))
        arrays[name.decode()] = _copy(values, (n, columns.value) if columns.value > 1 else (n,))
    for i in range(_library.bnsl_io_frame_n_scalars(handle)):
        name = _library.bnsl_io_frame_scalar_name(handle, c.c_int32(i))
        _call("io_frame_scalar", handle, name, c.byref(number))
        scalars[name.decode()] = number.value
    types = [_library.bnsl_io_frame_type_name(handle, c.c_int32(i)).decode() for i in range(_library.bnsl_io_frame_n_types(handle))]
    return {
        "box": [getattr(cell, name) for name in ("lx", "ly", "lz", "xy", "xz", "yz")],
        "step": _library.bnsl_io_frame_step(handle),
        "types": types,
        "typeid": _copy(_library.bnsl_io_frame_type_index_view(handle), (n,)),
        "arrays": arrays,
        "scalars": scalars,
    }


def read_frames(path):
    """Every frame of a trajectory as a dictionary."""
    reader, handle = c.c_void_p(), c.c_void_p()
    _call("io_reader_open", c.byref(reader), os.fsencode(path), c.c_int32(0))
    try:
        _call("io_frame_create", c.byref(handle))
        frames = []
        for i in range(_library.bnsl_io_reader_n_frames(reader)):
            _call("io_reader_read", reader, c.c_int64(i), handle)
            frames.append(_frame(handle))
        return frames
    finally:
        _library.bnsl_io_frame_destroy(handle)
        _library.bnsl_io_reader_close(reader)
