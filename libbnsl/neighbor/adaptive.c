/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lists of shells without a cut-off, SANN and RAD (shells.c). The number of bonds of a query is known when it is done, so that the parts
 * collect bonds in arrays of their own, which are put in order at the end.
 *
 * How far RAD must look. Closed shells end at a blocked point; open ones where everything farther is blocked, but a direction without
 * points never is. A bound that holds for all: with a an edge vector along a periodic axis, the image r of a point is blocked by the image
 * r - a unless a . r < |a|^2 (or r = a, when r - a is the query itself). So |a_k . r| <= |a_k|^2 for the periodic edges, hence r lies
 * within sum_k |a_k|^2 / (plane distance k), and the size of the set across them. Without periodic axes that is the size of the set.
 * Cost: one search a query for even density; a query with open directions (the surface of a free cluster) looks at all points.
 */
#include <math.h>
#include <string.h>

#include "neighbor_internal.h"

/* Numbers of candidates that are enough for most. */
enum { K_SANN = 18, K_RAD_CLOSED = 18, K_RAD_OPEN = 34, SANN_LEAST = 3 };

/* No bond of a RAD shell is longer. */
static double longest_bond(const bnsl__search *s)
{
    double low[3] = {INFINITY, INFINITY, INFINITY}, high[3] = {-INFINITY, -INFINITY, -INFINITY}, square = 0.0, reach = 0.0;
    const bnsl__points *const sets[2] = {&s->query, &s->point};
    for (int k = 0; k < (s->same ? 1 : 2); k++)
        for (int64_t i = 0; i < sets[k]->n; i++)
            for (int a = 0; a < 3; a++) {
                low[a] = fmin(low[a], sets[k]->xyz[3 * i + a]);
                high[a] = fmax(high[a], sets[k]->xyz[3 * i + a]);
            }
    for (int a = 0; a < 3; a++)
        square += (high[a] - low[a]) * (high[a] - low[a]);
    double edges[9], plane[3];
    if (s->box && bnsl_box_vectors(s->box, edges) == BNSL_OK && bnsl_box_plane_distances(s->box, plane) == BNSL_OK)
        for (int a = 0; a < 3; a++)
            if (s->box->periodic >> a & 1) {
                const double *e = edges + 3 * a;
                reach += (e[0] * e[0] + e[1] * e[1] + e[2] * e[2]) / plane[a];
            }
    return (reach + sqrt(square)) * (1.0 + 1e-6);
}

/* Bonds of the shell of query i among the n candidates nearer than radius, in front of keys; -1: more are needed. all: there are no
 * others. */
static int64_t shell_of(const bnsl__search *s, bnsl__part *part, bnsl__key *keys, int64_t n, double radius, bool all)
{
    const int32_t mode = s->list->options.mode;
    if (mode == BNSL_NEIGHBOR_SANN)
        return bnsl__shell_sann(keys, n, all ? INFINITY : radius);
    bool ended;
    const int64_t n_shell = bnsl__shell_rad(part, keys, n, mode == BNSL_NEIGHBOR_RAD_CLOSED, &ended);
    part->no_memory = n_shell < 0;
    if (all || ended || (mode == BNSL_NEIGHBOR_RAD_OPEN && n_shell > 0 && bnsl__shell_blocks_all(part, keys, n_shell, n, radius)))
        return n_shell;
    return -1;
}

/* Keeps the bonds of query i in the part's own arrays. */
static bool keep(const bnsl__search *s, bnsl__part *part, int64_t i, int64_t n, const bnsl__key *keys)
{
    bnsl__bonds *own = &part->own;
    int64_t *count = (int64_t *)s->list->offset.data + 1;
    if (!bnsl__hold(&part->done, part->n_done + 1, sizeof(int32_t)) ||
        !bnsl__bonds_hold(own, own->n + n, !(s->list->options.flags & BNSL_NEIGHBOR_NO_VECTORS)))
        return false;
    ((int32_t *)part->done.data)[part->n_done++] = (int32_t)i;
    bnsl__bonds_write(s, part, n, keys, own, own->n);
    own->n += n;
    count[i] = n;
    return true;
}

/* Widens the search of query i from radius up to limit. Returns whether its shell is complete. */
static bool find_shell(const bnsl__search *s, const bnsl__quest *quest, bnsl__part *part, int64_t i, double radius, double limit)
{
    const int64_t others = quest->n_points - (s->same && s->point_class[i] != BNSL__NO_CLASS);
    for (;;) {
        const int64_t n = bnsl__look(s, part, i, radius);
        bnsl__key *keys = n >= 0 ? bnsl__bonds_sort(s, part, n, n) : NULL;
        part->no_memory = !keys;
        if (part->no_memory)
            return false;
        const int64_t n_shell = shell_of(s, part, keys, n, radius, (!s->box && n == others) || radius >= quest->enough);
        if (!part->no_memory && n_shell >= 0) {
            part->no_memory = !keep(s, part, i, n_shell, keys);
            return !part->no_memory;
        }
        if (part->no_memory || radius >= limit)
            return false;
        radius = fmin(radius * (n < quest->k / 2 ? 2.0 : 1.25), limit);
    }
}

/* Counts to offsets, and the bonds of all parts to their places. */
static bool put_in_order(bnsl_neighbor_list *list, const bnsl__search *s, int64_t n_parts)
{
    const bool vectors = !(list->options.flags & BNSL_NEIGHBOR_NO_VECTORS);
    int64_t *offset = list->offset.data;
    for (int64_t i = 0; i < s->query.n; i++)
        offset[i + 1] += offset[i];
    list->bonds.n = offset[s->query.n];
    if (!bnsl__bonds_hold(&list->bonds, list->bonds.n, vectors))
        return false;
#pragma omp parallel for num_threads(bnsl__threads(list->options.num_threads)) schedule(dynamic, 1)
    for (int64_t p = 0; p < n_parts; p++) {
        const bnsl__part *part = &list->parts[p];
        const int32_t *done = part->done.data;
        for (int64_t d = 0, from = 0; d < part->n_done; d++) {
            const int64_t to = offset[done[d]];
            const size_t n = (size_t)(offset[done[d] + 1] - to);
            if (n == 0)
                continue;
            memcpy((int32_t *)list->bonds.index.data + to, (const int32_t *)part->own.index.data + from, n * sizeof(int32_t));
            if (vectors) {
                memcpy((double *)list->bonds.vector.data + 3 * to, (const double *)part->own.vector.data + 3 * from, 3 * n * sizeof(double));
                memcpy((double *)list->bonds.distance.data + to, (const double *)part->own.distance.data + from, n * sizeof(double));
            }
            from += (int64_t)n;
        }
    }
    return true;
}

bnsl_status bnsl__adaptive_build(bnsl_neighbor_list *list, bnsl__search *s, const char *func)
{
    const bnsl_neighbor_options *o = &list->options;
    const bool sann = o->mode == BNSL_NEIGHBOR_SANN;
    const double r_max = o->r_max > 0.0 ? o->r_max : INFINITY;
    bnsl__quest quest = {.k = sann ? K_SANN : o->mode == BNSL_NEIGHBOR_RAD_OPEN ? K_RAD_OPEN : K_RAD_CLOSED,
                         .n_parts = bnsl__n_parts(list),
                         .n_points = bnsl__count_points(s),
                         .enough = sann ? INFINITY : fmin(r_max, longest_bond(s)),
                         .find = find_shell};
    int64_t n;
    if (!bnsl__list_queries(list, s, &n) || !bnsl__parts_hold(list, quest.n_parts))
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    for (int64_t p = 0; p < quest.n_parts; p++)
        list->parts[p].own.n = list->parts[p].n_done = 0;
    memset((int64_t *)list->offset.data + 1, 0, (size_t)s->query.n * sizeof(int64_t));
    bnsl_status status = sann ? bnsl__check_enough(s, n, quest.n_points, SANN_LEAST, func) : BNSL_OK;
    if (status == BNSL_OK)
        status = bnsl__rounds(list, s, &quest, quest.n_points, &n, func);
    if (status != BNSL_OK)
        return status;
    if (n > 0 && quest.n_points > 0)
        return bnsl__fail(BNSL_EDOMAIN, func, "the shell of query %d does not close within r_max = %g (0: no bound)",
                          (int)((const int32_t *)list->unfinished.data)[0], o->r_max);
    return put_in_order(list, s, quest.n_parts) ? BNSL_OK : bnsl__fail(BNSL_ENOMEM, func, "out of memory");
}
