# SPDX-License-Identifier: GPL-3.0-or-later
"""Bond-orientational order and what follows from it: Steinhardt parameters, connections, solid-like particles, clusters."""

from __future__ import annotations

import ctypes as c
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .._library import lib
from .._objects import Array, IntArray, LongArray, Plottable, array, options
from .._threads import threads
from ..neighbor import NeighborList, as_neighbors

__all__ = ["Cluster", "SolidLiquid", "Steinhardt", "connections"]


class Steinhardt(Plottable):
    """Steinhardt parameters q_l and w_l of each particle, with freud's names. [Steinhardt 1983; Lechner and Dellago 2008]

    Parameters
    ----------
    l : an order 0 .. 20, or several.
    average : average q_lm over the particle and its neighbours.
    wl : particle_order is w_l instead of q_l. wl_normalize : divided by (sum_m |q_lm|^2)^(3/2).
    weighted : bonds count with the weights of the list.

    A particle without bonds has NaN; n_unbound tells how many there are.

    >>> bnsl.Steinhardt(l=6, average=True).compute((box, points), neighbors=dict(num_neighbors=12)).particle_order
    """

    def __init__(self, l: int | Sequence[int], average: bool = False, wl: bool = False, weighted: bool = False, wl_normalize: bool = False):
        self.l = l
        self._orders = array("l", np.atleast_1d(l), np.int32)
        if not len(self._orders) or self._orders.min() < 0 or self._orders.max() > 20:
            raise ValueError(f"l is {l!r}, must be within 0 .. 20")
        self.average, self.wl, self.weighted, self.wl_normalize = average, wl, weighted, wl_normalize

    def compute(
        self, system: Any = None, neighbors: Any = None, *, average_over: NeighborList | None = None, num_threads: int | None = None
    ) -> Steinhardt:
        """Computes, and returns self.

        system : (box, points) or a frame; not needed with a list. neighbors : a NeighborList or query arguments, dict(num_neighbors=12).
        average_over : other bonds to average over than those of neighbors (of L, say, where neighbors are S). Implies average."""
        bonds = as_neighbors(system, neighbors)
        n, shape = bonds.num_query_points, (bonds.num_query_points, len(self._orders))
        q, w, raw, unbound = np.empty(shape), np.empty(shape), np.empty(shape), c.c_int64()
        weights = None
        if self.weighted:
            weights = np.ones(len(bonds)) if bonds.weights is None else bonds.weights
        over = average_over if average_over is not None else bonds if self.average else None
        lib.bnsl_order_steinhardt_weighted(
            bonds._h,
            weights,
            None if over is None else over._h,
            len(self._orders),
            self._orders,
            threads(num_threads),
            q,
            w,
            raw,
            c.byref(unbound),
        )
        self._q, self._w, self.n_unbound = q, w if self.wl_normalize else raw, unbound.value
        self._bonds, self._over, self._weights, self._n = bonds, over, weights, n
        return self

    def _result(self, name: str) -> Array:
        if not hasattr(self, name):
            raise AttributeError("call compute() first")
        out = getattr(self, name)
        return out[:, 0] if np.ndim(self.l) == 0 else out

    @property
    def ql(self) -> Array:
        """q_l, n values, or n x number of orders."""
        return self._result("_q")

    @property
    def particle_order(self) -> Array:
        """q_l, or w_l with wl=True."""
        return self._result("_w" if self.wl else "_q")

    def particle_harmonics(self, l: int | None = None, num_threads: int | None = None) -> NDArray[np.complex128]:
        """q_lm of m = 0 .. l, n x (l + 1), not averaged; those of -m are (-1)^m times the conjugate. l: the first order of the object."""
        self._result("_q")
        order = int(self._orders[0]) if l is None else l
        flat = np.empty((self._n, 2 * order + 1)) if 0 <= order <= 20 else np.empty((0, 1))
        lib.bnsl_order_harmonics(self._bonds._h, self._weights, order, threads(num_threads), flat, None)
        out = np.empty((self._n, order + 1), complex)
        out[:, 0] = flat[:, 0]
        out[:, 1:] = flat[:, 1::2] + 1j * flat[:, 2::2]
        return out

    @property
    def order(self) -> Any:
        """q_l of the whole system: of q_lm averaged over all particles that have bonds."""
        values = []
        for order in self._orders:
            qlm = self.particle_harmonics(int(order))
            if self._over is not None:
                members = np.isfinite(qlm[:, :1]).astype(float)
                known = np.where(members > 0, qlm, 0)
                sums, counts = known.copy(), members.copy()
                query, point = self._over.query_point_indices, self._over.point_indices
                np.add.at(sums, query, known[point])
                np.add.at(counts, query, members[point])
                with np.errstate(invalid="ignore"):
                    qlm = np.where(members > 0, sums / counts, np.nan)
            mean = np.abs(np.nanmean(qlm, axis=0)) ** 2
            values.append(np.sqrt(4 * np.pi / (2 * order + 1) * (mean[0] + 2 * mean[1:].sum())))
        return values[0] if np.ndim(self.l) == 0 else np.array(values)

    def _draw(self, ax: Any) -> None:
        letter = "w" if self.wl else "q"
        values = self._result("_w" if self.wl else "_q").reshape(self._n, -1)
        for k, order in enumerate(self._orders):
            column = values[:, k]
            ax.hist(column[np.isfinite(column)], bins=80, histtype="step", lw=1.4, label=f"${letter}_{{{order}}}$")
        ax.set(xlabel=f"${letter}_l$" + (", averaged" if self._over is not None else ""), ylabel="particles")
        ax.legend(frameon=False)


def connections(
    neighbors: NeighborList,
    l: int = 6,
    *,
    pairs: NeighborList | None = None,
    normalize: bool = True,
    num_threads: int | None = None,
) -> Array:
    """d_ij = Re sum_m q_lm(i) q_lm(j)*, by default over the norms, of each bond of pairs (default: neighbors). [ten Wolde 1995]

    neighbors : the bonds that q_lm are computed from. NaN: an end without bonds. Raises ValueError: l not within 0 .. 20, lists that do not
    belong together."""
    out = np.empty(len(pairs if pairs is not None else neighbors))
    lib.bnsl_order_connections(neighbors._h, None if pairs is None else pairs._h, l, bool(normalize), threads(num_threads), out, None)
    return out


class SolidLiquid(Plottable):
    """Solid-like particles and their clusters, with freud's names: a bond is solid-like when d_ij > q_threshold, a particle with at least
    solid_threshold such bonds. [ten Wolde, Ruiz-Montero and Frenkel 1995]"""

    def __init__(self, l: int = 6, q_threshold: float = 0.7, solid_threshold: int = 7, normalize_q: bool = True):
        self.l, self.q_threshold, self.solid_threshold, self.normalize_q = l, q_threshold, solid_threshold, normalize_q

    def compute(
        self, system: Any = None, neighbors: Any = None, *, pairs: NeighborList | None = None, num_threads: int | None = None
    ) -> SolidLiquid:
        """Computes, and returns self; system and neighbors as of Steinhardt, pairs as of connections."""
        bonds = as_neighbors(system, neighbors)
        n, count = bonds.num_query_points, c.c_int64()
        solid, connected, cluster, sizes = np.empty(n, np.int32), np.empty(n, np.int32), np.empty(n, np.int32), np.empty(n, np.int64)
        opts = options(
            "order_solid",
            l=self.l,
            threshold=self.q_threshold,
            min_connections=self.solid_threshold,
            raw=not self.normalize_q,
            num_threads=threads(num_threads),
        )
        lib.bnsl_order_solid(bonds._h, None if pairs is None else pairs._h, opts, solid, connected, cluster, c.byref(count), sizes)
        self._values = solid.astype(bool), connected, cluster, sizes[: count.value]
        self._d = connections(bonds, self.l, pairs=pairs, normalize=self.normalize_q, num_threads=num_threads)
        return self

    def _get(self, k: int) -> Any:
        if not hasattr(self, "_values"):
            raise AttributeError("call compute() first")
        return self._values[k]

    is_solid = property(lambda self: self._get(0), doc="True for solid-like particles.")
    num_connections = property(lambda self: self._get(1), doc="Number of solid-like bonds of each particle.")
    cluster_idx = property(lambda self: self._get(2), doc="Cluster of each particle, 0 the largest; -1: not solid-like.")
    cluster_sizes = property(lambda self: self._get(3), doc="Sizes of the clusters, largest first.")

    @property
    def largest_cluster_size(self) -> int:
        """Particles in the largest cluster."""
        sizes = self.cluster_sizes
        return int(sizes[0]) if len(sizes) else 0

    @property
    def ql_ij(self) -> Array:
        """d_ij of each bond."""
        self._get(0)
        return self._d

    def _draw(self, ax: Any) -> None:
        ax.hist(self.ql_ij[np.isfinite(self.ql_ij)], bins=80, histtype="step", lw=1.4)
        ax.axvline(self.q_threshold, color="0.5", ls="--", lw=1)
        ax.set(xlabel=f"$d_{{ij}}$, l = {self.l}", ylabel="bonds")


class Cluster(Plottable):
    """Connected components of the bonds, with freud's names."""

    def compute(
        self, system: Any = None, keys: ArrayLike | None = None, neighbors: Any = None, selected: ArrayLike | None = None
    ) -> Cluster:
        """Computes, and returns self. keys : names of the particles, default their numbers.

        selected : truths; bonds count when both ends are selected, others belong to no cluster (-1)."""
        bonds = as_neighbors(system, neighbors)
        n, count = bonds.num_query_points, c.c_int64()
        chosen = np.ones(n, np.int32) if selected is None else array("selected", selected, np.int32, (n,))
        index, sizes = np.empty(n, np.int32), np.empty(n, np.int64)
        lib.bnsl_order_clusters(bonds._h, chosen, index, c.byref(count), sizes)
        self._keys = np.arange(n) if keys is None else np.asarray(keys)
        if self._keys.shape[:1] != (n,):
            raise ValueError(f"keys: expected {n}, got shape {self._keys.shape}")
        self._index, self._sizes = index, sizes[: count.value]
        return self

    @property
    def cluster_idx(self) -> IntArray:
        """Cluster of each particle, 0 the largest; -1: not selected."""
        return self._index

    @property
    def sizes(self) -> LongArray:
        """Sizes of the clusters, largest first."""
        return self._sizes

    @property
    def num_clusters(self) -> int:
        """Number of clusters."""
        return len(self._sizes)

    @property
    def cluster_keys(self) -> list[NDArray]:
        """Keys of the particles of each cluster."""
        order = np.argsort(self._index, kind="stable")
        first = np.searchsorted(self._index[order], np.arange(self.num_clusters + 1))
        return [self._keys[order[a:b]] for a, b in zip(first[:-1], first[1:])]

    def _draw(self, ax: Any) -> None:
        sizes, counts = np.unique(self._sizes, return_counts=True)
        ax.stem(sizes, counts, basefmt=" ")
        ax.set(xlabel="particles in the cluster", ylabel="clusters")
