/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lists of bonds that the caller has found: grouped by query point [counting sort], so that what is given in order stays as it is.
 * Cost: O(bonds + query points), and that of sorting where lists are sorted by distance.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "neighbor_internal.h"

static const double max_size = 1e100;

/* The caller's bonds. */
typedef struct {
    int64_t n_query, n_points, n;
    const int32_t *query, *point;
    const double *vector; /* or NULL */
} given;

static void clear(bnsl_neighbor_list *list)
{
    list->n_query = list->bonds.n = 0;
    *(int64_t *)list->offset.data = 0;
}

static bnsl_status check_counts(const given *g, const char *func)
{
    if (g->n_query < 0 || g->n_query > INT32_MAX)
        return bnsl__fail(BNSL_EINVAL, func, "n_query is %lld, must be within 0 .. 2^31 - 1", (long long)g->n_query);
    if (g->n_points < 0 || g->n_points > INT32_MAX)
        return bnsl__fail(BNSL_EINVAL, func, "n_points is %lld, must be within 0 .. 2^31 - 1", (long long)g->n_points);
    if (g->n < 0 || g->n > INT32_MAX)
        return bnsl__fail(BNSL_EINVAL, func, "n_bonds is %lld, must be within 0 .. 2^31 - 1", (long long)g->n);
    if (g->n > 0 && (!g->query || !g->point))
        return bnsl__fail(BNSL_EINVAL, func, "%s is NULL", g->query ? "point" : "query");
    return BNSL_OK;
}

static bnsl_status check_bonds(const given *g, const char *func)
{
    for (int64_t b = 0; b < g->n; b++) {
        if (g->query[b] < 0 || g->query[b] >= g->n_query)
            return bnsl__fail(BNSL_EINVAL, func, "query[%lld] is %d, must be within 0 .. %lld", (long long)b, (int)g->query[b],
                              (long long)g->n_query - 1);
        if (g->point[b] < 0 || g->point[b] >= g->n_points)
            return bnsl__fail(BNSL_EINVAL, func, "point[%lld] is %d, must be within 0 .. %lld", (long long)b, (int)g->point[b],
                              (long long)g->n_points - 1);
        const double *v = g->vector ? g->vector + 3 * b : NULL;
        if (v && !(fabs(v[0]) <= max_size && fabs(v[1]) <= max_size && fabs(v[2]) <= max_size))
            return bnsl__fail(BNSL_EINVAL, func, "vector[%lld] is (%g, %g, %g), must be finite and within 1e100", (long long)b, v[0], v[1], v[2]);
    }
    return BNSL_OK;
}

/* Where each bond of the list comes from, by query, in the order given. first: n_query + 1 offsets. */
static void group(const given *g, int64_t *first, int32_t *from)
{
    for (int64_t i = 0; i <= g->n_query; i++)
        first[i] = 0;
    for (int64_t b = 0; b < g->n; b++)
        first[g->query[b] + 1]++;
    for (int64_t i = 0; i < g->n_query; i++)
        first[i + 1] += first[i];
    for (int64_t b = 0; b < g->n; b++) /* counts first[i] up to its end ... */
        from[first[g->query[b]]++] = (int32_t)b;
    for (int64_t i = g->n_query; i > 0; i--) /* ... which is the next one's beginning */
        first[i] = first[i - 1];
    first[0] = 0;
}

/* Sorts the bonds of each query by distance, ties by point, then as given. The part's arrays are work space. */
static bool sort_by_distance(const given *g, const bnsl__search *s, bnsl__part *part, const int64_t *first, int32_t *from)
{
    for (int64_t i = 0; i < g->n_query; i++) {
        const int64_t n = first[i + 1] - first[i];
        int32_t *own = from + first[i];
        if (!bnsl__hold(&part->bonds, n, sizeof(bnsl__bond)))
            return false;
        bnsl__bond *bonds = part->bonds.data;
        for (int64_t b = 0; b < n; b++) {
            const double *v = g->vector + 3 * (int64_t)own[b];
            bonds[b] = (bnsl__bond){.square = v[0] * v[0] + v[1] * v[1] + v[2] * v[2], .id = g->point[own[b]]};
        }
        const bnsl__key *keys = bnsl__bonds_sort(s, part, n, n);
        if (!keys || !bnsl__hold(&part->hit_id, n, sizeof(int32_t)))
            return false;
        int32_t *sorted = part->hit_id.data;
        for (int64_t b = 0; b < n; b++)
            sorted[b] = own[keys[b].place];
        if (n > 0)
            memcpy(own, sorted, (size_t)n * sizeof *own);
    }
    return true;
}

/* Fills the list from bonds that have been checked. */
static bool fill(bnsl_neighbor_list *list, const given *g, int64_t *order_out)
{
    const bool vectors = !(list->options.flags & BNSL_NEIGHBOR_NO_VECTORS);
    if (!bnsl__hold(&list->offset, g->n_query + 1, sizeof(int64_t)) || !bnsl__hold(&list->unfinished, g->n, sizeof(int32_t)) ||
        !bnsl__bonds_hold(&list->bonds, g->n, vectors) || !bnsl__parts_hold(list, 1))
        return false;
    int64_t *first = list->offset.data;
    int32_t *from = list->unfinished.data, *index = list->bonds.index.data;
    group(g, first, from);
    const bnsl__search s = {.list = list, .isa = bnsl__isa(BNSL_ISA_AUTO)};
    if ((list->options.flags & BNSL_NEIGHBOR_SORTED) && vectors && !sort_by_distance(g, &s, list->parts, first, from)) {
        first[0] = 0;
        return false;
    }
    for (int64_t b = 0; b < g->n; b++)
        index[b] = g->point[from[b]];
    double *vector = list->bonds.vector.data, *distance = list->bonds.distance.data;
    for (int64_t b = 0; vectors && b < g->n; b++) {
        const double *v = g->vector + 3 * (int64_t)from[b];
        memcpy(vector + 3 * b, v, 3 * sizeof *v);
        distance[b] = sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
    }
    for (int64_t b = 0; order_out && b < g->n; b++)
        order_out[b] = from[b];
    list->n_query = g->n_query;
    list->bonds.n = g->n;
    return true;
}

bnsl_status bnsl_neighbor_set_bonds(bnsl_neighbor_list *list, int64_t n_query, int64_t n_points, int64_t n_bonds, const int32_t *query,
                                    const int32_t *point, const double *vector, int64_t *order_out)
{
    if (!list)
        return BNSL_FAIL(BNSL_EINVAL, "list is NULL");
    const given g = {n_query, n_points, n_bonds, query, point, vector};
    clear(list);
    bnsl_status status = check_counts(&g, __func__);
    if (status == BNSL_OK && n_bonds > 0 && !vector && !(list->options.flags & BNSL_NEIGHBOR_NO_VECTORS))
        status = BNSL_FAIL(BNSL_EINVAL, "vector is NULL, only a list with BNSL_NEIGHBOR_NO_VECTORS goes without");
    if (status == BNSL_OK)
        status = check_bonds(&g, __func__);
    if (status != BNSL_OK)
        return status;
    return fill(list, &g, order_out) ? BNSL_OK : BNSL_NOMEM();
}

static bnsl_status check_positions(int64_t n, const double *xyz, const char *prefix, const char *func)
{
    if (n > 0 && !xyz)
        return bnsl__fail(BNSL_EINVAL, func, "%sxyz is NULL", prefix);
    for (int64_t i = 0; i < n; i++) {
        const double *r = xyz + 3 * i;
        if (!(fabs(r[0]) <= max_size && fabs(r[1]) <= max_size && fabs(r[2]) <= max_size))
            return bnsl__fail(BNSL_EINVAL, func, "%sxyz[%lld] is (%g, %g, %g), must be finite and within 1e100", prefix, (long long)i, r[0], r[1],
                              r[2]);
    }
    return BNSL_OK;
}

bnsl_status bnsl_neighbor_set_pairs(bnsl_neighbor_list *list, const bnsl_box *box, int64_t n_query, const double *query_xyz, int64_t n,
                                    const double *xyz, int64_t n_bonds, const int32_t *query, const int32_t *point, int64_t *order_out)
{
    if (!list)
        return BNSL_FAIL(BNSL_EINVAL, "list is NULL");
    given g = {n_query, n, n_bonds, query, point, NULL};
    clear(list);
    bnsl_status status = box ? bnsl_box_validate(box) : BNSL_OK;
    if (status == BNSL_OK)
        status = check_counts(&g, __func__);
    if (status == BNSL_OK)
        status = check_positions(n_query, query_xyz, "query_", __func__);
    if (status == BNSL_OK)
        status = check_positions(n, xyz, "", __func__);
    if (status == BNSL_OK)
        status = check_bonds(&g, __func__);
    if (status != BNSL_OK)
        return status;
    double *vector = bnsl__alloc(n_bonds, 3 * sizeof *vector);
    if (!vector)
        return BNSL_NOMEM();
    for (int64_t b = 0; b < n_bonds; b++)
        for (int a = 0; a < 3; a++)
            vector[3 * b + a] = xyz[3 * (int64_t)point[b] + a] - query_xyz[3 * (int64_t)query[b] + a];
    if (box && box->periodic)
        status = bnsl_box_minimum_image(box, n_bonds, vector);
    g.vector = vector;
    if (status == BNSL_OK && !fill(list, &g, order_out))
        status = BNSL_NOMEM();
    free(vector);
    return status;
}
