/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The k nearest neighbours. In a periodic box they always exist, since images are without number; elsewhere, or within an r_max, a query
 * that has fewer is a failure. Cost: O(n k^2) for even density and small k, O(n k log k) for large k.
 */
#include <math.h>

#include "neighbor_internal.h"

/* Widens the search of query i from radius up to limit. Returns whether it found k. */
static bool find_nearest(const bnsl__search *s, const bnsl__quest *quest, bnsl__part *part, int64_t i, double radius, double limit)
{
    const int64_t *offset = s->list->offset.data;
    const int32_t k = quest->k;
    for (;;) {
        const int64_t n = bnsl__look(s, part, i, radius);
        const bnsl__key *keys = n >= k ? bnsl__bonds_sort(s, part, n, k) : NULL;
        if (keys) {
            bnsl__bonds_write(s, part, k, keys, part->out, offset[i]);
            return true;
        }
        part->no_memory = n < 0 || n >= k;
        if (part->no_memory || radius >= limit)
            return false;
        radius = fmin(radius * (n == 0 ? 2.0 : fmin(fmax(1.1, cbrt(1.3 * k / (double)n)), 2.0)), limit);
    }
}

/* Room for k bonds of each of the n queries with neighbours. */
static bool lay_out(bnsl_neighbor_list *list, const bnsl__search *s, int64_t n)
{
    const int64_t n_bonds = n * list->options.k;
    int64_t *offset = list->offset.data;
    for (int64_t i = 0; i < s->query.n; i++)
        offset[i + 1] = offset[i] + (s->query_class[i] != BNSL__NO_CLASS ? list->options.k : 0);
    if (!bnsl__bonds_hold(&list->bonds, n_bonds, !(list->options.flags & BNSL_NEIGHBOR_NO_VECTORS)))
        return false;
    list->bonds.n = n_bonds;
    return true;
}

bnsl_status bnsl__nearest_build(bnsl_neighbor_list *list, bnsl__search *s, const char *func)
{
    const bnsl__quest quest = {.k = list->options.k, .n_parts = bnsl__n_parts(list), .find = find_nearest};
    const int64_t n_points = bnsl__count_points(s);
    int64_t n;
    if (!bnsl__list_queries(list, s, &n) || !lay_out(list, s, n) || !bnsl__parts_hold(list, quest.n_parts))
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    for (int64_t p = 0; p < quest.n_parts; p++)
        list->parts[p].out = &list->bonds; /* each query has its place there */
    bnsl_status status = bnsl__check_enough(s, n, n_points, quest.k, func);
    if (status == BNSL_OK)
        status = bnsl__rounds(list, s, &quest, n_points, &n, func);
    if (status == BNSL_OK && n > 0)
        status = bnsl__fail(BNSL_EDOMAIN, func, "query %d has fewer than k = %d neighbours within r_max = %g (0: no bound)",
                            (int)((const int32_t *)list->unfinished.data)[0], (int)quest.k, list->options.r_max);
    return status;
}
