/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The crystalline L of a configuration, the bonds between them and their clusters.
 *
 * Two crystalline L are bonded when they are nearer than 1.35 times the mean of their own L-L distances, each the mean distance of the 6
 * nearest L: between the first and the second shell of every phase, with no length to be given. Cost: O(n).
 */
#include <stdlib.h>

#include "order_crystal.h"

enum { N_SPACING = 6 };

static const double bond_factor = 1.35, smallest_spacing = 1e-100;

void bnsl__order_crystal_free(order_crystal *c)
{
    free(c->phase);
    free(c->particle);
    free(c->place);
    free(c->xyz);
    free(c->spacing);
    bnsl_neighbor_destroy(c->bonds);
    *c = (order_crystal){0};
}

static bool select_crystalline(order_crystal *c, const order_split *p, const int32_t *phase)
{
    int64_t n = 0;
    for (int64_t i = 0; i < p->n_l; i++)
        n += phase[p->index_l[i]] != BNSL_PHASE_FLUID;
    c->phase = bnsl__alloc(n, sizeof *c->phase);
    c->particle = bnsl__alloc(n, sizeof *c->particle);
    c->place = bnsl__alloc(n, sizeof *c->place);
    c->xyz = bnsl__alloc(n, 3 * sizeof *c->xyz);
    c->spacing = bnsl__alloc(n, sizeof *c->spacing);
    if (!c->phase || !c->particle || !c->place || !c->xyz || !c->spacing)
        return false;
    for (int64_t i = 0; i < p->n_l; i++) {
        if (phase[p->index_l[i]] == BNSL_PHASE_FLUID)
            continue;
        c->phase[c->n] = phase[p->index_l[i]];
        c->particle[c->n] = p->index_l[i];
        c->place[c->n] = i;
        for (int32_t a = 0; a < 3; a++)
            c->xyz[3 * c->n + a] = p->l[3 * i + a];
        c->n++;
    }
    return true;
}

static bnsl_status measure_spacing(order_crystal *c, const bnsl_box *box, const order_split *p, int32_t num_threads)
{
    int32_t k = bnsl__order_neighbors_to_have(box, p->n_l - 1, p->n_l, N_SPACING);
    for (int64_t i = 0; i < c->n; i++)
        c->spacing[i] = smallest_spacing;
    if (k == 0)
        return BNSL_OK;
    bnsl_neighbor_list *list;
    const int64_t *offset;
    const double *distance;
    bnsl_status status = bnsl__order_nearest(&list, box, c->n, c->xyz, p->n_l, p->l, k + 1, num_threads); /* the first one is the point itself */
    if (status != BNSL_OK)
        return status;
    bnsl_neighbor_view(list, &offset, NULL, NULL, &distance);
    for (int64_t i = 0; i < c->n; i++) {
        double sum = 0;
        for (int32_t j = 1; j <= k; j++)
            sum += distance[offset[i] + j];
        c->spacing[i] = sum > smallest_spacing ? sum / k : smallest_spacing;
    }
    bnsl_neighbor_destroy(list);
    return BNSL_OK;
}

static bnsl_status find_bonds(order_crystal *c, const bnsl_box *box, int32_t num_threads)
{
    bnsl_neighbor_options o;
    bnsl_status status = bnsl_neighbor_options_init(&o, sizeof o);
    o.num_threads = num_threads;
    if (status == BNSL_OK)
        status = bnsl_neighbor_create(&c->bonds, &o);
    if (status == BNSL_OK)
        status = bnsl_neighbor_set_additive_cutoff(c->bonds, bond_factor, 0);
    if (status == BNSL_OK)
        status = bnsl_neighbor_build(c->bonds, box, c->n, c->xyz, NULL, c->spacing);
    return status;
}

bnsl_status bnsl__order_crystal_find(order_crystal *out, const bnsl_box *box, const order_split *p, const int32_t *phase, int32_t num_threads,
                                     const char *func)
{
    *out = (order_crystal){0};
    bnsl_status status = select_crystalline(out, p, phase) ? BNSL_OK : bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    if (status == BNSL_OK && out->n > 0)
        status = measure_spacing(out, box, p, num_threads);
    if (status == BNSL_OK)
        status = find_bonds(out, box, num_threads);
    if (status != BNSL_OK)
        bnsl__order_crystal_free(out);
    return status;
}

bnsl_status bnsl__order_crystal_join(const order_crystal *c, int32_t *cluster, int64_t *n_clusters, int64_t *size, const char *func)
{
    order_bonds bonds;
    if (!bnsl__order_load_bonds(c->bonds, false, false, "bonds", &bonds, func))
        return BNSL_EINTERNAL;
    return bnsl__order_join(&bonds, NULL, cluster, n_clusters, size, func);
}

bnsl_status bnsl_order_crystal_clusters(const bnsl_box *box, int64_t n, const double *xyz, const int32_t *species, const int32_t *phase,
                                        int32_t num_threads, int32_t *cluster_out, int64_t *n_clusters_out, int64_t *size_out)
{
    order_split p;
    order_crystal c;
    if (!bnsl__order_check_particles(box, n, xyz, species, __func__) || !bnsl__order_check_phases(n, phase, __func__))
        return BNSL_EINVAL;
    if (n > 0 && !cluster_out)
        return BNSL_FAIL(BNSL_EINVAL, "cluster_out is NULL");
    if (num_threads < 0)
        return BNSL_FAIL(BNSL_EINVAL, "num_threads is %d, must be >= 0", num_threads);
    if (!bnsl__order_split(&p, n, xyz, species))
        return BNSL_NOMEM();
    bnsl_status status = bnsl__order_crystal_find(&c, box, &p, phase, num_threads, __func__);
    bnsl__order_split_free(&p);
    if (status != BNSL_OK)
        return status;
    int64_t n_clusters = 0, *size = bnsl__alloc(c.n, sizeof *size);
    int32_t *cluster = bnsl__alloc(c.n, sizeof *cluster);
    status = size && cluster ? bnsl__order_crystal_join(&c, cluster, &n_clusters, size, __func__) : BNSL_NOMEM();
    if (status == BNSL_OK) {
        for (int64_t i = 0; i < n; i++)
            cluster_out[i] = -1;
        for (int64_t i = 0; i < c.n; i++)
            cluster_out[c.particle[i]] = cluster[i];
        for (int64_t i = 0; size_out && i < n_clusters; i++)
            size_out[i] = size[i];
        if (n_clusters_out)
            *n_clusters_out = n_clusters;
    }
    free(size), free(cluster);
    bnsl__order_crystal_free(&c);
    return status;
}
