# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares order and neighbor with freud on the frames of GSD files; a line "ok ..." with the largest differences for each comparison.

usage: freud_order.py NAME=FILE ...    (in the environment: BUILDDIR, the folder of libbnsl.so)

freud computes in single precision: positions (GSD holds these in single precision too), bond vectors, angles, sums. Two of its roundings
are larger than the rest: that of a bond through the boundary, by the ulp of the box, and that of theta = acos(z / r) at an angle t from the z
axis, 2^-24 / t. So there are two tolerances:
  SAME = 2e-6   bonds, and directions as freud rounds them, are given to the library: the harmonics and sums alone are compared;
  OWN = 2e-5    each finds its own bonds from the positions. Particles with a bond nearer than 0.02 to the z axis are left out: a few of the
                fluid, none or nearly none of a crystal that is turned well.
"""
import sys
import warnings

import freud
import gsd.hoomd
import numpy as np

import library

SAME, OWN = 2e-6, 2e-5
ORDERS = list(range(2, 13))
single = np.float32
n_failed = 0


class Comparison:
    """Collects what is compared, and prints it as one line at the end of a with statement."""

    def __init__(self, name):
        self.name, self.parts, self.failed = name, [], False

    def __enter__(self):
        return self

    def near(self, what, ours, theirs, tolerance):
        difference = np.abs(ours - theirs)
        within = bool(np.all(difference <= tolerance))
        self.parts.append(f"{what} {difference.max():.1e}" + ("" if within else f" ({(difference / tolerance).max():.3g} times the tolerance)"))
        self.failed |= not within

    def equal(self, what, ours, theirs):
        within = np.array_equal(ours, theirs)
        self.parts.append(what if within else f"{what} (differs)")
        self.failed |= not within

    def true(self, what, condition):
        self.equal(what, bool(condition), True)

    def __exit__(self, *error):
        global n_failed
        if not any(error):
            print(f"{'FAIL' if self.failed else 'ok'} {self.name}: {', '.join(self.parts)}", flush=True)
            n_failed += self.failed


class System:
    """A configuration for both libraries."""

    def __init__(self, box, xyz, species):
        self.box, self.xyz, self.species = np.array(box, single), np.array(xyz, single), np.array(species)
        self.cell = library.box(*(float(v) for v in self.box))
        self.freud_box = freud.box.Box(*self.box)
        self.points = self.freud_box, self.xyz
        self.query = freud.locality.AABBQuery(self.freud_box, self.xyz)

    def only(self, species):
        chosen = self.species == species
        return System(self.box, self.xyz[chosen], self.species[chosen])

    def on_grid(self):
        """Lengths as multiples of 1/4, tilts of 1/64, coordinates of 1/256: single precision then holds every squared distance exactly."""
        lengths, tilts = np.rint(4 * self.box[:3]) / 4, np.rint(64 * self.box[3:]) / 64
        fractional = self.freud_box.make_fractional(self.xyz)
        box = freud.box.Box(*lengths, *tilts)
        return System([*lengths, *tilts], np.rint(256 * box.make_absolute(fractional)) / 256, self.species)

    def bonds_of_freud(self, **arguments):
        return self.query.query(self.xyz, dict(exclude_ii=True, **arguments)).toNeighborList()


def keys(bonds):
    """A number for each bond, in the order of the list of either library."""
    if isinstance(bonds, library.NeighborList):
        return bonds.query * bonds.n + bonds.index
    return bonds.query_point_indices.astype(np.int64) * bonds.num_query_points + bonds.point_indices


def agreeing(ours, theirs):
    """Which particles have the same neighbours in both lists."""
    different = np.setxor1d(keys(ours), keys(theirs)) // ours.n
    return np.bincount(different, minlength=ours.n) == 0


# ---- Steinhardt parameters ------------------------------------------------------------------------------


def directions_of_freud(system, bonds):
    """Unit vectors of the angles that freud takes harmonics of: of the wrapped difference, with z over the listed distance."""
    vector = system.freud_box.wrap(system.xyz[bonds.point_indices] - system.xyz[bonds.query_point_indices]).astype(single)
    theta = np.arccos(np.clip(vector[:, 2] / bonds.distances, single(-1), single(1))).astype(float)
    phi = np.arctan2(vector[:, 1], vector[:, 0]).astype(float)
    return np.stack([np.sin(theta) * np.cos(phi), np.sin(theta) * np.sin(phi), np.cos(theta)], axis=1)


def steinhardt_of_freud(system, bonds, average, weighted=False):
    """q_l, w_l without its norm, normalised w_l."""
    values = []
    for arguments in ({}, {"wl": True}, {"wl": True, "wl_normalize": True}):
        order = freud.order.Steinhardt(l=ORDERS, average=average, weighted=weighted, **arguments)
        values.append(order.compute(system.points, bonds).particle_order)
    return values


def norms(q, orders):
    """|q_l| = sqrt(sum_m |q_lm|^2), of which q_l is a multiple."""
    return q * np.sqrt((2 * np.array(orders) + 1) / (4 * np.pi))


def compare_steinhardt(comparison, what, ours, theirs, tolerance):
    """Where |q_l| may differ by t, w_l = O(|q_l|^3) may by 0.75 |q_l|^2 t, and the normalised w_l by 1.5 t / |q_l|: |w_l| <= 0.24 |q_l|^3."""
    norm, t = norms(ours[0], ORDERS), norms(tolerance, ORDERS)
    comparison.near(f"{what} q", ours[0], theirs[0], tolerance)
    comparison.near("w", ours[1], theirs[1], 0.75 * norm**2 * t)
    comparison.near("normalised w", ours[2], theirs[2], 1.5 * t / norm)


def same_list(name, system, bonds):
    """Harmonics, averages and invariants of freud's own bonds in freud's own directions, with weights too."""
    ours = library.given_bonds(len(system.xyz), bonds.query_point_indices, bonds.point_indices, directions_of_freud(system, bonds))
    weight = np.random.default_rng(1).uniform(0.1, 1, len(bonds)).astype(single)
    weighted = freud.locality.NeighborList.from_arrays(ours.n, ours.n, bonds.query_point_indices, bonds.point_indices, bonds.vectors, weight)
    with Comparison(f"{name}, same list") as c:
        for average, what in ((False, "plain"), (True, "averaged")):
            compare_steinhardt(c, what, library.steinhardt(ours, ORDERS, average), steinhardt_of_freud(system, bonds, average), SAME)
        mine = library.steinhardt(ours, ORDERS, False, weight[ours.order])
        compare_steinhardt(c, "weighted", mine, steinhardt_of_freud(system, weighted, False, True), SAME)
    return ours


def clear_of_axis(bonds):
    near = np.linalg.norm(bonds.vector[:, :2], axis=1) < 0.02 * bonds.distance
    return np.bincount(bonds.query, near, bonds.n) == 0


def with_neighbors(bonds, chosen):
    """Which of the chosen have chosen neighbours alone."""
    return chosen & (np.bincount(bonds.query, ~chosen[bonds.index], bonds.n) == 0)


def own_list(name, system, k):
    """From positions to parameters, each its own way."""
    theirs = system.bonds_of_freud(num_neighbors=k)
    ours = library.neighbors(system.cell, system.xyz, library.NEAREST, k=k)
    agree = agreeing(ours, theirs)
    with Comparison(f"{name}, own list") as c:
        c.near("distances", ours.distance.reshape(-1, k), np.sort(theirs.distances.reshape(-1, k), axis=1), SAME)
        c.true(f"{np.sum(~agree)} of {len(agree)} differ in a neighbour as near as another", np.mean(~agree) <= 1e-3)
        clear = agree & clear_of_axis(ours)
        for average, what in ((False, "plain"), (True, "averaged")):
            chosen = with_neighbors(ours, clear) if average else clear
            c.true(f"of {np.mean(chosen):.1%}", np.mean(chosen) > 0.9)
            values = library.steinhardt(ours, ORDERS, average), steinhardt_of_freud(system, {"num_neighbors": k}, average)
            compare_steinhardt(c, what, *([v[chosen] for v in side] for side in values), OWN)
    return ours, theirs, clear


# ---- connections ----------------------------------------------------------------------------------------


def widest_gap(values, low, high):
    """The middle of the widest gap between values from low to high: rounding moves none of them over it."""
    inside = np.concatenate([[low], np.sort(values[(values > low) & (values < high)]), [high]])
    i = np.argmax(np.diff(inside))
    return float(0.5 * (inside[i] + inside[i + 1]))


def clusters_of_freud(order, min_connections):
    """freud's clusters as the library numbers them: freud makes a cluster of each particle that is not solid-like, too."""
    is_solid = order.num_connections >= min_connections
    members = order.cluster_idx[is_solid]
    label, first, size = np.unique(members, return_index=True, return_counts=True)
    rank = np.empty(len(label), int)
    rank[np.lexsort((first, -size))] = np.arange(len(label))
    cluster = np.full(len(is_solid), -1)
    cluster[is_solid] = rank[np.searchsorted(label, members)]
    return cluster


def compare_solid(name, system, theirs, ours, clear, l, min_connections, tolerance):
    """Connections (of the clear particles), solid-like particles and clusters, with a threshold that half of the bonds are above."""
    norm = norms(library.steinhardt(ours, [l], False)[0], [l])[:, 0]
    clear = clear[ours.query] & clear[ours.index]
    mine, matching = np.argsort(keys(ours)), np.argsort(keys(theirs))
    with Comparison(f"{name}, connections of l = {l}") as c:
        for normalised in (True, False):
            d = library.connections(ours, l, normalised)
            threshold = widest_gap(d, *np.quantile(d[d > 0], [0.4, 0.6]))
            order = freud.order.SolidLiquid(l, threshold, min_connections, normalised).compute(system.points, theirs)
            scale = 1 / norm if normalised else norm
            allowed = norms(tolerance, [l]) * (scale[ours.query] + scale[ours.index])
            c.near("d" if normalised else "raw d", *(v[clear[mine]] for v in (d[mine], order.ql_ij[matching], allowed)))
            n_connections, cluster, size = library.solid(ours, l, threshold, min_connections, normalised)
            c.equal(f"{np.sum(n_connections)} above {threshold:.3f}", n_connections, order.num_connections)
            c.equal(f"{len(size)} clusters", cluster, clusters_of_freud(order, min_connections))
            c.equal(f"the largest of {size.max(initial=0)}", size[size > 1], order.cluster_sizes[order.cluster_sizes > 1])


def compare_order(name, system, k, l, min_connections):
    """All of the above on the k nearest."""
    bonds = system.bonds_of_freud(num_neighbors=k)
    ours = same_list(name, system, bonds)
    compare_solid(f"{name}, same list", system, bonds, ours, np.ones(ours.n, bool), l, min_connections, SAME)
    ours, bonds, clear = own_list(name, system, k)
    if np.array_equal(np.sort(keys(ours)), np.sort(keys(bonds))):
        compare_solid(f"{name}, own list", system, bonds, ours, clear, l, min_connections, OWN)


# ---- shells, densities, pairs ---------------------------------------------------------------------------


def compare_shells(name, system):
    """Neighbours without a cut-off: filters of a longer list in freud. Rounding may decide for one of a thousand."""
    longer = system.bonds_of_freud(num_neighbors=60)
    with Comparison(f"{name}, shells") as c:
        for mode, what, shell in (
            (library.SANN, "SANN", freud.locality.FilterSANN()),
            (library.RAD_CLOSED, "RAD closed", freud.locality.FilterRAD()),
            (library.RAD_OPEN, "RAD open", freud.locality.FilterRAD(allow_incomplete_shell=True, terminate_after_blocked=False)),
        ):
            theirs = shell.compute(system.points, longer).filtered_nlist
            agree = agreeing(library.neighbors(system.cell, system.xyz, mode), theirs)
            c.true(f"{what}: {np.sum(~agree)} of {len(agree)} differ", np.mean(~agree) <= 1e-3)


def compare_density(name, system):
    with Comparison(f"{name}, local density") as c:
        for r_max, diameter in ((1.3, 1.0), (0.9, 0.5)):
            theirs = freud.density.LocalDensity(r_max, diameter).compute(system.points)
            density, number = library.local_density(system.cell, system.xyz, r_max, diameter)
            c.near(f"r_max {r_max}", density / theirs.density, 1, OWN)
            c.near("neighbours", number / theirs.num_neighbors, 1, OWN)


def compare_rdf(comparison, systems, pair, finite_size=False):
    """g(r) and n(r) over several frames: distances of points from query points in freud, of the second species around the first here."""
    n_around, theirs = 0, freud.density.RDF(112, 3.5, normalization_mode="finite_size" if finite_size else "exact")
    for k, s in enumerate(systems):
        around, points = (s, s) if pair is None else (s.only(pair[0]), s.only(pair[1]))
        theirs.compute(points.points, around.xyz if pair and pair[0] != pair[1] else None, reset=k == 0)
        n_around += len(around.xyz)
    g, n_r = library.rdf([(s.cell, s.xyz, s.species) for s in systems], 3.5, 112, pair, finite_size)
    what = "all" if pair is None else "LS"[pair[0]] + "LS"[pair[1]]
    counts = np.diff(np.rint(n_r * n_around), prepend=0)
    comparison.equal(f"{what}{', finite size' if finite_size else ''}: {np.sum(counts):.0f} counts", counts, theirs.bin_counts)
    comparison.near("g", g, theirs.rdf, SAME * np.maximum(g, 1))
    comparison.near("n", n_r, theirs.n_r, SAME * np.maximum(n_r, 1))


def compare_pairs(name, systems):
    """On the grid of single precision nothing is rounded, however many distances lie on the edge of a bin: counts are equal."""
    last = systems[-1]
    with Comparison(f"{name}, pairs") as c:
        ours = library.neighbors(last.cell, last.xyz, library.RADIUS, r_max=1.5)
        c.equal(f"{len(ours.index)} with r < 1.5", np.sort(keys(ours)), np.sort(keys(last.bonds_of_freud(r_max=1.5))))
        for pair in (None, (0, 0), (0, 1), (1, 1)):
            if not pair or all(s in last.species for s in pair):
                compare_rdf(c, systems, pair)
        compare_rdf(c, [last], None, True)


def main():
    freud.set_num_threads(1)
    warnings.simplefilter("ignore")  # freud warns of incomplete shells; their bonds are compared
    for name, path in (argument.split("=", 1) for argument in sys.argv[1:]):
        with gsd.hoomd.open(path) as file:
            frames = [System(f.configuration.box, f.particles.position, f.particles.typeid) for f in file]
        system = frames[-1]
        compare_order(f"{name}: 12 nearest", system, 12, 6, 6)
        if 1 in system.species:
            compare_order(f"{name}: 8 L nearest to L", system.only(0), 8, 4, 5)
        same_list(f"{name}: r < 1.4", system, system.bonds_of_freud(r_max=1.4))
        compare_shells(name, system)
        compare_density(name, system)
        compare_pairs(name, [frame.on_grid() for frame in frames])
    sys.exit(f"{n_failed} comparisons failed" if n_failed else 0)


main()
