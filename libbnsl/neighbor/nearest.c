/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The k nearest neighbours. Each query looks within a radius that should hold a few more than k points, and widens it until it does;
 * every point nearer than the radius is then known, so the answer is exact. In a periodic box the extended set bounds the radius:
 * queries that need more are done again with a larger set, which always comes to an end, since images are without number.
 * Cost: O(n k log k) for even density.
 */
#include <math.h>
#include <string.h>

#include "neighbor_internal.h"

static const double sphere = 4.18879020478639098461685784437; /* 4 pi / 3 */

/* Radius of a sphere that holds some more than k points of a density. */
static double radius_for(int32_t k, double density)
{
    return cbrt((1.3 * k + 3.0) / (sphere * density));
}

/* A first guess of the radius, from the volume that the points have. */
static double guess_radius(const bnsl__search *s, int64_t n_points)
{
    double low[3] = {INFINITY, INFINITY, INFINITY}, high[3] = {-INFINITY, -INFINITY, -INFINITY}, length[3];
    for (int64_t j = 0; j < s->point.n; j++) {
        if (s->point_class[j] == BNSL__NO_CLASS)
            continue;
        for (int k = 0; k < 3; k++) {
            low[k] = fmin(low[k], s->point.xyz[3 * j + k]);
            high[k] = fmax(high[k], s->point.xyz[3 * j + k]);
        }
    }
    double plane[3] = {0.0}, longest = 0.0, volume = 1.0;
    if (s->box)
        (void)bnsl_box_plane_distances(s->box, plane); /* the box is valid */
    for (int k = 0; k < 3; k++) {
        length[k] = s->box && (s->box->periodic >> k & 1) ? plane[k] : high[k] - low[k];
        longest = fmax(longest, length[k]);
    }
    if (!(longest > 0.0))
        return 1.0;
    for (int k = 0; k < 3; k++)
        volume *= fmax(length[k], 1e-3 * longest); /* points in a plane or on a line */
    return radius_for(s->list->options.k, (double)n_points / volume);
}

/* Candidates of query i nearer than radius, in part->bonds; -1: no memory. */
static int64_t look(const bnsl__search *s, bnsl__part *part, int64_t i, double radius)
{
    const double reach = radius + s->cells->rounding;
    const int64_t n_hits = bnsl__cells_hits(s->cells, 0, s->query.xyz + 3 * i, reach, reach * reach, s->isa, part);
    if (n_hits < 0 || !bnsl__hold(&part->bonds, n_hits, sizeof(bnsl__bond)))
        return -1;
    const int64_t n_kept = bnsl__drop_hits(s, part, i, n_hits);
    const int32_t *hit = part->hit_id.data;
    bnsl__bond *bonds = part->bonds.data;
    int64_t n = 0;
    for (int64_t h = 0; h < n_kept; h++) {
        bnsl__make_bond(s, i, hit[h], &bonds[n]);
        n += bonds[n].square < radius * radius;
    }
    return n;
}

/* Widens the search of query i from start up to limit. Returns whether it found k. */
static bool find_nearest(const bnsl__search *s, bnsl__part *part, int64_t i, double start, double limit, int64_t first)
{
    const int32_t k = s->list->options.k;
    double radius = fmin(start + bnsl__grid_gap(&s->cells->grid[0], s->query.xyz + 3 * i), limit);
    for (;;) {
        const int64_t n = look(s, part, i, radius);
        const bnsl__key *keys = n >= k ? bnsl__bonds_sort(part, n, k) : NULL;
        if (keys) {
            bnsl__bonds_write(s, part, k, keys, part->out, first);
            return true;
        }
        part->no_memory = n < 0 || n >= k;
        if (part->no_memory || radius >= limit)
            return false;
        radius = fmin(radius * (n == 0 ? 2.0 : fmin(fmax(1.1, cbrt(1.3 * k / (double)n)), 2.0)), limit);
    }
}

/* Queries of a part, numbers in unfinished[begin .. end - 1]; those that are left come to the front of that range. */
static void run_part(const bnsl__search *s, bnsl__part *part, double start, double limit, const int64_t *offset, int32_t *unfinished)
{
    part->no_memory = false;
    part->n_unfinished = 0;
    for (int64_t u = part->begin; u < part->end && !part->no_memory; u++) {
        const int32_t i = unfinished[u];
        if (!find_nearest(s, part, i, start, limit, offset[i]))
            unfinished[part->begin + part->n_unfinished++] = i;
    }
}

/* One pass over the n unfinished queries with an extended set for radii up to limit. Leaves the number still unfinished in *n. */
static bool run_round(bnsl_neighbor_list *list, const bnsl__search *s, double guess, double limit, int64_t *n)
{
    if (!bnsl__cells_build(&list->cells, &list->images, 1, &guess))
        return false;
    /* points in clusters: smaller cells */
    const bnsl__grid *grid = &list->cells.grid[0];
    const double start = grid->n_points > 0 ? radius_for(list->options.k, (double)grid->n_points / bnsl__grid_occupied(grid)) : guess;
    if (start < 0.5 * guess && !bnsl__cells_build(&list->cells, &list->images, 1, &start))
        return false;

    const int threads = bnsl__threads(list->options.num_threads);
    const int64_t n_parts = threads == 1 ? 1 : 4 * threads;
    if (!bnsl__parts_hold(list, n_parts))
        return false;
    for (int64_t p = 0; p < n_parts; p++) {
        list->parts[p].begin = *n * p / n_parts;
        list->parts[p].end = *n * (p + 1) / n_parts;
        list->parts[p].out = &list->bonds; /* each query has its place there */
    }
    int32_t *unfinished = list->unfinished.data;
#pragma omp parallel for num_threads(threads) schedule(dynamic, 1)
    for (int64_t p = 0; p < n_parts; p++)
        run_part(s, &list->parts[p], start, limit, list->offset.data, unfinished);

    int64_t left = 0;
    for (int64_t p = 0; p < n_parts; p++) {
        const bnsl__part *part = &list->parts[p];
        if (part->no_memory)
            return false;
        memmove(unfinished + left, unfinished + part->begin, (size_t)part->n_unfinished * sizeof *unfinished);
        left += part->n_unfinished;
    }
    *n = left;
    return true;
}

/* Room for k bonds of each query; the queries to do. Returns their number, or -1 without memory. */
static int64_t lay_out(bnsl_neighbor_list *list, const bnsl__search *s)
{
    const bool vectors = !(list->options.flags & BNSL_NEIGHBOR_NO_VECTORS);
    if (!bnsl__hold(&list->unfinished, s->query.n, sizeof(int32_t)))
        return -1;
    int64_t *offset = list->offset.data, n = 0;
    int32_t *unfinished = list->unfinished.data;
    for (int64_t i = 0; i < s->query.n; i++) {
        if (s->query_class[i] != BNSL__NO_CLASS)
            unfinished[n++] = (int32_t)i;
        offset[i + 1] = n * list->options.k;
    }
    const int64_t n_bonds = n * list->options.k;
    if (!bnsl__bonds_hold(&list->bonds, n_bonds, vectors))
        return -1;
    list->bonds.n = n_bonds;
    return n;
}

/* A finite set must hold k neighbours of each of the n queries. */
static bnsl_status check_enough(const bnsl__search *s, int64_t n, const int32_t *query, int64_t n_points, const char *func)
{
    const int32_t k = s->list->options.k;
    for (int64_t u = 0; u < n && (!s->box || n_points == 0); u++) {
        const int64_t others = n_points - (s->same && s->point_class[query[u]] != BNSL__NO_CLASS);
        if (others < k)
            return bnsl__fail(BNSL_EDOMAIN, func, "query %d has %lld neighbours in all, k is %d", (int)query[u], (long long)others, (int)k);
    }
    return BNSL_OK;
}

bnsl_status bnsl__nearest_build(bnsl_neighbor_list *list, bnsl__search *s, const char *func)
{
    const double r_max = list->options.r_max > 0.0 ? list->options.r_max : INFINITY;
    int64_t n_points = 0, n = lay_out(list, s);
    if (n < 0)
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    for (int64_t j = 0; j < s->point.n; j++)
        n_points += s->point_class[j] != BNSL__NO_CLASS;
    bnsl_status status = check_enough(s, n, list->unfinished.data, n_points, func);
    if (status != BNSL_OK || n == 0)
        return status;

    const double guess = guess_radius(s, n_points);
    double limit = fmin(s->box ? 1.5 * guess : INFINITY, r_max);
    for (;;) {
        status = bnsl__images_build(&list->images, s, &limit, func);
        if (status != BNSL_OK)
            return status;
        if (!run_round(list, s, guess, limit, &n))
            return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
        if (n == 0)
            return BNSL_OK;
        if (limit >= r_max)
            return bnsl__fail(BNSL_EDOMAIN, func, "query %d has fewer than k = %d neighbours within r_max = %g (0: no bound)",
                              (int)((const int32_t *)list->unfinished.data)[0], (int)list->options.k, r_max);
        limit = fmin(1.5 * limit, r_max);
    }
}
