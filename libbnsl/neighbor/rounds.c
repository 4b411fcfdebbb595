/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Searches whose radius is not known beforehand: each query starts from a radius that should do for most, and widens it until it has
 * what it wants; every point nearer than the radius is then known, so the answer is exact. In a periodic box the extended set bounds the
 * radius: queries that need more are done again, in another round, with a larger set. Cost: that of one search a query for even density.
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
static double guess_radius(const bnsl__search *s, int32_t k, int64_t n_points)
{
    double low[3] = {INFINITY, INFINITY, INFINITY}, high[3] = {-INFINITY, -INFINITY, -INFINITY}, length[3];
    for (int64_t j = 0; j < s->point.n; j++) {
        if (s->point_class[j] == BNSL__NO_CLASS)
            continue;
        for (int a = 0; a < 3; a++) {
            low[a] = fmin(low[a], s->point.xyz[3 * j + a]);
            high[a] = fmax(high[a], s->point.xyz[3 * j + a]);
        }
    }
    double plane[3] = {0.0}, longest = 0.0, volume = 1.0;
    if (s->box)
        (void)bnsl_box_plane_distances(s->box, plane); /* the box is valid */
    for (int a = 0; a < 3; a++) {
        length[a] = s->box && (s->box->periodic >> a & 1) ? plane[a] : high[a] - low[a];
        longest = fmax(longest, length[a]);
    }
    if (!(longest > 0.0))
        return 1.0;
    for (int a = 0; a < 3; a++)
        volume *= fmax(length[a], 1e-3 * longest); /* points in a plane or on a line */
    return radius_for(k, (double)n_points / volume);
}

int64_t bnsl__look(const bnsl__search *s, bnsl__part *part, int64_t i, double radius)
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

int64_t bnsl__count_points(const bnsl__search *s)
{
    int64_t n = 0;
    for (int64_t j = 0; j < s->point.n; j++)
        n += s->point_class[j] != BNSL__NO_CLASS;
    return n;
}

bool bnsl__list_queries(bnsl_neighbor_list *list, const bnsl__search *s, int64_t *n_out)
{
    if (!bnsl__hold(&list->unfinished, s->query.n, sizeof(int32_t)))
        return false;
    int32_t *unfinished = list->unfinished.data;
    int64_t n = 0;
    for (int64_t i = 0; i < s->query.n; i++)
        if (s->query_class[i] != BNSL__NO_CLASS)
            unfinished[n++] = (int32_t)i;
    *n_out = n;
    return true;
}

bnsl_status bnsl__check_enough(const bnsl__search *s, int64_t n, int64_t n_points, int64_t k, const char *func)
{
    const int32_t *query = s->list->unfinished.data;
    for (int64_t u = 0; u < n && (!s->box || n_points == 0); u++) {
        const int64_t others = n_points - (s->same && s->point_class[query[u]] != BNSL__NO_CLASS);
        if (others < k)
            return bnsl__fail(BNSL_EDOMAIN, func, "query %d has %lld neighbours in all, %lld are needed", (int)query[u], (long long)others,
                              (long long)k);
    }
    return BNSL_OK;
}

/* Queries of a part, numbers in unfinished[begin .. end - 1]; those that are left come to the front of that range. */
static void run_part(const bnsl__search *s, const bnsl__quest *quest, bnsl__part *part, double start, double limit, int32_t *unfinished)
{
    part->no_memory = false;
    part->n_unfinished = 0;
    for (int64_t u = part->begin; u < part->end && !part->no_memory; u++) {
        const int32_t i = unfinished[u];
        const double radius = fmin(start + bnsl__grid_gap(&s->cells->grid[0], s->query.xyz + 3 * (int64_t)i), limit);
        if (!quest->find(s, quest, part, i, radius, limit))
            unfinished[part->begin + part->n_unfinished++] = i;
    }
}

/*
 * Queries in the order of the cells that they are in, and by index in a cell [counting sort], so that what one query reads is still at
 * hand for the next one. Sets that caches hold do without.
 */
static bool order_queries(bnsl_neighbor_list *list, const bnsl__search *s, int64_t n)
{
    enum { CACHED = 100000 };
    if (list->images.n < CACHED)
        return true;
    const bnsl__grid *grid = &list->cells.grid[0];
    const int64_t n_cells = (int64_t)grid->n_cells[0] * grid->n_cells[1] * grid->n_cells[2];
    if (!bnsl__hold(&list->query_cell, n, sizeof(int32_t)) || !bnsl__hold(&list->query_order, n, sizeof(int32_t)) ||
        !bnsl__hold(&list->cell_first, n_cells + 1, sizeof(int32_t)))
        return false;
    int32_t *unfinished = list->unfinished.data, *cell = list->query_cell.data, *ordered = list->query_order.data, *first = list->cell_first.data;
    memset(first, 0, (size_t)(n_cells + 1) * sizeof *first);
    for (int64_t u = 0; u < n; u++) {
        cell[u] = (int32_t)bnsl__grid_cell_of(grid, s->query.xyz + 3 * (int64_t)unfinished[u]);
        first[cell[u] + 1]++;
    }
    for (int64_t c = 0; c < n_cells; c++)
        first[c + 1] += first[c];
    for (int64_t u = 0; u < n; u++)
        ordered[first[cell[u]]++] = unfinished[u];
    memcpy(unfinished, ordered, (size_t)n * sizeof *unfinished);
    return true;
}

/* One pass over the n unfinished queries with an extended set for radii up to limit. Leaves the number still unfinished in *n. */
static bool run_round(bnsl_neighbor_list *list, const bnsl__search *s, const bnsl__quest *quest, double guess, double limit, int64_t *n)
{
    if (!bnsl__cells_build(&list->cells, &list->images, 1, &guess))
        return false;
    /* points in clusters: smaller cells */
    const bnsl__grid *grid = &list->cells.grid[0];
    const double start = grid->n_points > 0 ? radius_for(quest->k, (double)grid->n_points / bnsl__grid_occupied(grid)) : guess;
    if (start < 0.5 * guess && !bnsl__cells_build(&list->cells, &list->images, 1, &start))
        return false;

    if (!order_queries(list, s, *n))
        return false;

    const int64_t n_parts = quest->n_parts;
    for (int64_t p = 0; p < n_parts; p++) {
        list->parts[p].begin = *n * p / n_parts;
        list->parts[p].end = *n * (p + 1) / n_parts;
    }
    int32_t *unfinished = list->unfinished.data;
#pragma omp parallel for num_threads(bnsl__threads(list->options.num_threads)) schedule(dynamic, 1)
    for (int64_t p = 0; p < n_parts; p++)
        run_part(s, quest, &list->parts[p], start, limit, unfinished);

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

int64_t bnsl__n_parts(const bnsl_neighbor_list *list)
{
    const int threads = bnsl__threads(list->options.num_threads);
    return threads == 1 ? 1 : 4 * threads; /* several parts a thread even out an uneven density */
}

bnsl_status bnsl__rounds(bnsl_neighbor_list *list, bnsl__search *s, const bnsl__quest *quest, int64_t n_points, int64_t *n, const char *func)
{
    if (*n == 0 || n_points == 0)
        return BNSL_OK;
    const double r_max = list->options.r_max > 0.0 ? list->options.r_max : INFINITY, guess = guess_radius(s, quest->k, n_points);
    double limit = fmin(s->box ? 1.5 * guess : INFINITY, r_max);
    for (;;) {
        bnsl_status status = bnsl__images_build(&list->images, s, &limit, func);
        if (status != BNSL_OK)
            return status;
        if (!run_round(list, s, quest, guess, limit, n))
            return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
        if (*n == 0 || limit >= r_max)
            return BNSL_OK;
        limit = fmin(1.5 * limit, r_max);
    }
}
