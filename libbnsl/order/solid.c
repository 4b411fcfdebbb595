/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Solid-like particles and their clusters [ten Wolde, Ruiz-Montero and Frenkel, Phys. Rev. Lett. 75, 2714 (1995)]: a bond is solid-like
 * when d_ij is beyond a threshold, a particle when it has enough of such bonds, and clusters are held together by solid-like bonds
 * between solid-like particles. Cost: O(bonds l^2 + pairs l).
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "order_internal.h"

static const bnsl_order_solid_options defaults = {.struct_size = sizeof defaults, .l = 6, .threshold = 0.7, .min_connections = 7};

/* What is found before anything is handed out. */
typedef struct work {
    double *d;                    /* of each pair */
    int32_t *solid, *connections; /* of each particle */
    int32_t *from, *to;           /* solid-like bonds */
    bnsl_neighbor_list *bonds;    /* the same as a list */
} work;

bnsl_status bnsl_order_solid_options_init(bnsl_order_solid_options *opts, size_t struct_size)
{
    return bnsl__options_init(opts, struct_size, &defaults, sizeof defaults, __func__);
}

static bnsl_status check_options(const bnsl_order_solid_options *o, const char *func)
{
    if (!bnsl__order_check_call(1, &o->l, o->num_threads, func))
        return BNSL_EINVAL;
    if (!isfinite(o->threshold))
        return bnsl__fail(BNSL_EINVAL, func, "threshold is %g, must be finite", o->threshold);
    if (o->min_connections < 1)
        return bnsl__fail(BNSL_EINVAL, func, "min_connections is %d, must be >= 1", o->min_connections);
    if (o->raw != 0 && o->raw != 1)
        return bnsl__fail(BNSL_EINVAL, func, "raw is %d, must be 0 or 1", o->raw);
    if (o->reserved != 0)
        return bnsl__fail(BNSL_EINVAL, func, "reserved is %d, must be 0", o->reserved);
    return BNSL_OK;
}

static void work_free(work *w)
{
    free(w->d);
    free(w->solid);
    free(w->connections);
    free(w->from);
    free(w->to);
    bnsl_neighbor_destroy(w->bonds);
}

static bool work_alloc(work *w, int64_t n, int64_t n_pairs)
{
    *w = (work){.d = bnsl__alloc(n_pairs, sizeof *w->d),
                .solid = bnsl__alloc(n, sizeof *w->solid),
                .connections = bnsl__alloc(n, sizeof *w->connections),
                .from = bnsl__alloc(n_pairs, sizeof *w->from),
                .to = bnsl__alloc(n_pairs, sizeof *w->to)};
    if (w->d && w->solid && w->connections && w->from && w->to)
        return true;
    work_free(w);
    return false;
}

/* NaN is beyond no threshold. */
static void count_connections(const order_bonds *pairs, const bnsl_order_solid_options *o, work *w)
{
    for (int64_t i = 0; i < pairs->n_query; i++) {
        int32_t n = 0;
        for (int64_t b = pairs->offset[i]; b < pairs->offset[i + 1]; b++)
            n += w->d[b] > o->threshold;
        w->connections[i] = n;
        w->solid[i] = n >= o->min_connections;
    }
}

/* The solid-like bonds as a list of their own, which the search for clusters goes by. */
static bnsl_status gather_solid_bonds(const order_bonds *pairs, const bnsl_order_solid_options *o, work *w)
{
    int64_t n = 0;
    for (int64_t i = 0; i < pairs->n_query; i++)
        for (int64_t b = pairs->offset[i]; b < pairs->offset[i + 1]; b++)
            if (w->d[b] > o->threshold && w->solid[i] && w->solid[pairs->index[b]]) {
                w->from[n] = (int32_t)i;
                w->to[n++] = pairs->index[b];
            }
    bnsl_neighbor_options list = {.struct_size = sizeof list};
    bnsl_status status = bnsl_neighbor_options_init(&list, sizeof list);
    list.flags = BNSL_NEIGHBOR_NO_VECTORS;
    if (status == BNSL_OK)
        status = bnsl_neighbor_create(&w->bonds, &list);
    if (status == BNSL_OK)
        status = bnsl_neighbor_set_bonds(w->bonds, pairs->n_query, pairs->n_query, n, w->from, w->to, NULL, NULL);
    return status;
}

bnsl_status bnsl_order_solid(const bnsl_neighbor_list *list, const bnsl_neighbor_list *pairs, const bnsl_order_solid_options *opts,
                             int32_t *solid_out, int32_t *n_connections_out, int32_t *cluster_out, int64_t *n_clusters_out, int64_t *size_out)
{
    bnsl_order_solid_options o = defaults;
    order_bonds bonds, over;
    work w;
    bnsl_status status = opts ? bnsl__options_load(&o, sizeof o, opts, "bnsl_order_solid_options", __func__) : BNSL_OK;
    if (status == BNSL_OK)
        status = check_options(&o, __func__);
    if (status != BNSL_OK)
        return status;
    if (!bnsl__order_load_bonds(list, true, false, "list", &bonds, __func__) ||
        !bnsl__order_load_bonds(pairs ? pairs : list, false, false, "pairs", &over, __func__) ||
        !bnsl__order_check_pairs(&bonds, &over, "pairs", __func__))
        return BNSL_EINVAL;
    if (over.n_query > 0 && (!solid_out || !cluster_out))
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", solid_out ? "cluster_out" : "solid_out");
    if (!work_alloc(&w, over.n_query, over.offset[over.n_query]))
        return BNSL_NOMEM();
    int64_t n_undefined;
    status = bnsl__order_connections(&bonds, &over, o.l, !o.raw, bnsl__threads(o.num_threads), w.d, &n_undefined, __func__);
    if (status == BNSL_OK) {
        count_connections(&over, &o, &w);
        status = gather_solid_bonds(&over, &o, &w);
    }
    if (status == BNSL_OK)
        status = bnsl_order_clusters(w.bonds, w.solid, cluster_out, n_clusters_out, size_out);
    if (status == BNSL_OK && over.n_query > 0) {
        memcpy(solid_out, w.solid, (size_t)over.n_query * sizeof *solid_out);
        if (n_connections_out)
            memcpy(n_connections_out, w.connections, (size_t)over.n_query * sizeof *n_connections_out);
    }
    work_free(&w);
    return status;
}
