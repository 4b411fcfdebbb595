/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Surfaces of crystals: the L around the crystalline L, and the S next to them. Two lists of fixed reach from each crystalline L, in
 * units of its own L-L distance. Cost: O(n).
 */
#include <stdlib.h>

#include "order_crystal.h"

enum { N_CAGES = 5 }; /* an S of NaZn13 has 2 L at 0.58 b and 2 at 0.90, one at the centre of an icosahedron 8 at 0.87 */

static const double reach_l = 1.35, reach_s = 1.0, reach_nazn13 = 0.72, reach_center = 0.95;
static const double no_diameter = 1e-100;

/* Points within factor b_i of each crystalline L i: an additive cut-off with diameters 2 b_i and (next to) 0. */
static bnsl_status points_near(bnsl_neighbor_list **out, const bnsl_box *box, const order_crystal *c, int64_t n, const double *xyz, double factor,
                               int32_t num_threads, const char *func)
{
    bnsl_neighbor_options o;
    bnsl_neighbor_list *list = NULL;
    double *reach = bnsl__alloc(c->n, sizeof *reach), *none = bnsl__alloc(n, sizeof *none);
    bnsl_status status = reach && none ? bnsl_neighbor_options_init(&o, sizeof o) : bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    if (status == BNSL_OK) {
        o.num_threads = num_threads;
        status = bnsl_neighbor_create(&list, &o);
    }
    if (status == BNSL_OK)
        status = bnsl_neighbor_set_additive_cutoff(list, factor, 0);
    if (status == BNSL_OK) {
        for (int64_t i = 0; i < c->n; i++)
            reach[i] = 2 * c->spacing[i];
        for (int64_t i = 0; i < n; i++)
            none[i] = no_diameter;
        status = bnsl_neighbor_build_between(list, box, c->n, c->xyz, NULL, reach, n, xyz, NULL, none);
    }
    free(reach), free(none);
    if (status == BNSL_OK)
        *out = list;
    else
        bnsl_neighbor_destroy(list);
    return status;
}

static bnsl_status mark_l(const bnsl_box *box, const order_split *p, const order_crystal *c, int32_t num_threads, int32_t *region_l,
                          const char *func)
{
    bnsl_neighbor_list *list;
    const int64_t *offset;
    const int32_t *index;
    bnsl_status status = points_near(&list, box, c, p->n_l, p->l, reach_l, num_threads, func);
    if (status != BNSL_OK)
        return status;
    bnsl_neighbor_view(list, &offset, &index, NULL, NULL);
    for (int64_t b = 0; b < offset[c->n]; b++)
        region_l[index[b]] = BNSL_REGION_SURFACE;
    for (int64_t i = 0; i < c->n; i++)
        region_l[c->place[i]] = BNSL_REGION_CORE;
    bnsl_neighbor_destroy(list);
    return BNSL_OK;
}

/* cages: how many NaZn13-like L each S may be a centre to; zeroed by the caller. */
static bnsl_status mark_s(const bnsl_box *box, const order_split *p, const order_crystal *c, int32_t num_threads, int32_t *region_s, int32_t *cages,
                          const char *func)
{
    bnsl_neighbor_list *list;
    const int64_t *offset;
    const int32_t *index;
    const double *distance;
    bnsl_status status = points_near(&list, box, c, p->n_s, p->s, reach_s, num_threads, func);
    if (status != BNSL_OK)
        return status;
    bnsl_neighbor_view(list, &offset, &index, NULL, &distance);
    for (int64_t i = 0; i < c->n; i++)
        for (int64_t b = offset[i]; b < offset[i + 1]; b++) {
            if (c->phase[i] != BNSL_PHASE_NAZN13 || distance[b] < reach_nazn13 * c->spacing[i])
                region_s[index[b]] = BNSL_REGION_SMALL;
            else if (distance[b] < reach_center * c->spacing[i] && ++cages[index[b]] >= N_CAGES)
                region_s[index[b]] = BNSL_REGION_SMALL;
        }
    bnsl_neighbor_destroy(list);
    return BNSL_OK;
}

static bnsl_status find_surface(const bnsl_box *box, int64_t n, const order_split *p, const order_crystal *c, int32_t num_threads,
                                int32_t *region_out, int64_t *count_out, const char *func)
{
    int64_t count[BNSL_N_REGIONS] = {0};
    int32_t *work = bnsl__calloc(p->n_l + 2 * p->n_s, sizeof *work), *of_s = work ? work + p->n_l : NULL;
    bnsl_status status = work ? BNSL_OK : bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    if (status == BNSL_OK && c->n > 0)
        status = mark_l(box, p, c, num_threads, work, func);
    if (status == BNSL_OK && c->n > 0 && p->n_s > 0)
        status = mark_s(box, p, c, num_threads, of_s, of_s + p->n_s, func);
    if (status == BNSL_OK) {
        for (int64_t i = 0; i < n; i++)
            region_out[i] = BNSL_REGION_FLUID;
        for (int64_t i = 0; i < p->n_l; i++)
            count[region_out[p->index_l[i]] = work[i]]++;
        for (int64_t i = 0; i < p->n_s; i++)
            count[region_out[p->index_s[i]] = of_s[i]]++;
        for (int32_t r = 0; count_out && r < BNSL_N_REGIONS; r++)
            count_out[r] = count[r];
    }
    free(work);
    return status;
}

bnsl_status bnsl_order_surface(const bnsl_box *box, int64_t n, const double *xyz, const int32_t *species, const int32_t *phase, int32_t num_threads,
                               int32_t *region_out, int64_t *count_out)
{
    order_split p;
    order_crystal c;
    if (!bnsl__order_check_particles(box, n, xyz, species, __func__) || !bnsl__order_check_phases(n, phase, __func__))
        return BNSL_EINVAL;
    if (n > 0 && !region_out)
        return BNSL_FAIL(BNSL_EINVAL, "region_out is NULL");
    if (num_threads < 0)
        return BNSL_FAIL(BNSL_EINVAL, "num_threads is %d, must be >= 0", num_threads);
    if (!bnsl__order_split(&p, n, xyz, species))
        return BNSL_NOMEM();
    bnsl_status status = bnsl__order_crystal_find(&c, box, &p, phase, num_threads, __func__);
    if (status == BNSL_OK) {
        status = find_surface(box, n, &p, &c, num_threads, region_out, count_out, __func__);
        bnsl__order_crystal_free(&c);
    }
    bnsl__order_split_free(&p);
    return status;
}
