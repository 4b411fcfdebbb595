/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Radius lists. Queries are divided into consecutive parts, one piece of work each, that fill arrays of their own; these are joined in
 * order, so that the list is the same for any number of threads. Cost: O(points + bonds) for even density.
 */
#include <math.h>
#include <string.h>

#include "neighbor_internal.h"

/* Whether hits of the scan are bonds as they stand. */
static bool is_plain(const bnsl__search *s, int a, int b)
{
    const bnsl_neighbor_options *o = &s->list->options;
    return !s->images->owner && s->classes.exact[a][b] && o->r_min == 0.0 && (o->flags & BNSL_NEIGHBOR_NO_VECTORS) &&
           !(o->flags & BNSL_NEIGHBOR_SORTED);
}

/* Such hits straight into the index array. */
static bool take_plain(bnsl__part *part, int64_t n_hits)
{
    bnsl__bonds *out = part->out;
    if (n_hits == 0)
        return true;
    if (!bnsl__hold(&out->index, out->n + n_hits, sizeof(int32_t)))
        return false;
    memcpy((int32_t *)out->index.data + out->n, part->hit_id.data, (size_t)n_hits * sizeof(int32_t));
    out->n += n_hits;
    return true;
}

/* Appends the hits that are bonds to the n candidates of query i; the new number, or -1 without memory. */
static int64_t collect(const bnsl__search *s, bnsl__part *part, int64_t i, int class_a, int class_b, int64_t n_hits, int64_t n)
{
    if (!bnsl__hold(&part->bonds, n + n_hits, sizeof(bnsl__bond)))
        return -1;
    const bool exact = s->classes.exact[class_a][class_b];
    const double r_min = s->list->options.r_min, cutoff = s->classes.cutoff[class_a][class_b];
    const int32_t *hit = part->hit_id.data;
    bnsl__bond *bonds = part->bonds.data;
    for (int64_t h = 0; h < n_hits; h++) {
        bnsl__bond *bond = &bonds[n];
        bnsl__make_bond(s, i, hit[h], bond);
        const double r_max = exact ? cutoff : bnsl__pair_cutoff(s, i, bnsl__owner(s->images, hit[h]));
        n += (bond->square >= r_min * r_min) & (bond->square < r_max * r_max);
    }
    return n;
}

/* Bonds of query i; false: no memory. */
static bool find_bonds(const bnsl__search *s, bnsl__part *part, int64_t i)
{
    const int a = s->query_class[i];
    const double *query = s->query.xyz + 3 * i;
    int64_t n = 0;
    for (int b = 0; b < s->classes.n; b++) {
        const double cutoff = s->classes.cutoff[a][b];
        if (!(cutoff > 0.0))
            continue;
        const double reach = s->images->owner ? cutoff + s->cells->rounding : cutoff; /* images: the exact test comes later */
        int64_t n_hits = bnsl__cells_hits(s->cells, b, query, reach, reach * reach, s->isa, part);
        if (n_hits < 0)
            return false;
        n_hits = bnsl__drop_hits(s, part, i, n_hits);
        if (is_plain(s, a, b)) {
            if (!take_plain(part, n_hits))
                return false;
        } else if ((n = collect(s, part, i, a, b, n_hits, n)) < 0) {
            return false;
        }
    }
    if (n == 0)
        return true;
    const int32_t flags = s->list->options.flags;
    const bnsl__key *keys = NULL;
    if ((flags & BNSL_NEIGHBOR_SORTED) && !(keys = bnsl__bonds_sort(s, part, n, n)))
        return false;
    if (!bnsl__bonds_hold(part->out, part->out->n + n, !(flags & BNSL_NEIGHBOR_NO_VECTORS)))
        return false;
    bnsl__bonds_write(s, part, n, keys, part->out, part->out->n);
    part->out->n += n;
    return true;
}

/* Bonds of the queries of a part; offset[i + 1] = bonds up to and with query i, counted from the part's first. */
static void run_part(const bnsl__search *s, bnsl__part *part, int64_t *offset)
{
    part->no_memory = false;
    part->out->n = 0;
    for (int64_t i = part->begin; i < part->end && !part->no_memory; i++) {
        if (s->query_class[i] != BNSL__NO_CLASS)
            part->no_memory = !find_bonds(s, part, i);
        offset[i + 1] = part->out->n;
    }
}

/* Puts the parts' bonds one after another into the list's arrays. */
static bool join_parts(bnsl_neighbor_list *list, int64_t n_parts, int64_t *offset)
{
    const bool vectors = !(list->options.flags & BNSL_NEIGHBOR_NO_VECTORS);
    int64_t total = 0;
    for (int64_t p = 0; p < n_parts; p++)
        total += list->parts[p].out->n;
    if (!bnsl__bonds_hold(&list->bonds, total, vectors))
        return false;
    int64_t n = 0;
    for (int64_t p = 0; p < n_parts; p++) {
        const bnsl__part *part = &list->parts[p];
        const size_t n_part = (size_t)part->out->n;
        if (n_part > 0) {
            memcpy((int32_t *)list->bonds.index.data + n, part->out->index.data, n_part * sizeof(int32_t));
            if (vectors) {
                memcpy((double *)list->bonds.vector.data + 3 * n, part->out->vector.data, 3 * n_part * sizeof(double));
                memcpy((double *)list->bonds.distance.data + n, part->out->distance.data, n_part * sizeof(double));
            }
        }
        for (int64_t i = part->begin; i < part->end; i++)
            offset[i + 1] += n;
        n += part->out->n;
    }
    list->bonds.n = total;
    return true;
}

bnsl_status bnsl__radius_build(bnsl_neighbor_list *list, bnsl__search *s, const char *func)
{
    double reach[BNSL__MAX_CLASSES] = {0.0}, length[BNSL__MAX_CLASSES] = {0.0};
    for (int b = 0; b < s->classes.n; b++) {
        for (int a = 0; a < s->classes.n; a++)
            reach[b] = fmax(reach[b], s->classes.cutoff[a][b]);
        length[b] = reach[b] > 0.0 ? reach[b] : 1.0;
    }
    bnsl_status status = bnsl__images_build(&list->images, s, reach, func);
    if (status != BNSL_OK)
        return status;
    if (!bnsl__cells_build(&list->cells, &list->images, s->classes.n, length))
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");

    const int threads = bnsl__threads(list->options.num_threads);
    const int64_t n = s->query.n, n_parts = bnsl__n_parts(list);
    if (!bnsl__parts_hold(list, n_parts))
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    for (int64_t p = 0; p < n_parts; p++) {
        list->parts[p].begin = n * p / n_parts;
        list->parts[p].end = n * (p + 1) / n_parts;
        list->parts[p].out = n_parts == 1 ? &list->bonds : &list->parts[p].own;
    }
    int64_t *offset = list->offset.data;
#pragma omp parallel for num_threads(threads) schedule(dynamic, 1)
    for (int64_t p = 0; p < n_parts; p++)
        run_part(s, &list->parts[p], offset);
    for (int64_t p = 0; p < n_parts; p++)
        if (list->parts[p].no_memory)
            return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    if (n_parts > 1 && !join_parts(list, n_parts, offset))
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    return BNSL_OK;
}
