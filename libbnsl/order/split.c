/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks of configurations, and their L and S as arrays of their own. Cost: O(n). */
#include <stdlib.h>

#include "order_crystal.h"

bool bnsl__order_check_particles(const bnsl_box *box, int64_t n, const double *xyz, const int32_t *species, const char *func)
{
    int64_t where;
    if (n < 0 || n > INT32_MAX) {
        bnsl__fail(BNSL_EINVAL, func, "n is %lld, must be 0 .. 2^31 - 1", (long long)n);
        return false;
    }
    if (n > 0 && (!xyz || !species)) {
        bnsl__fail(BNSL_EINVAL, func, "%s is NULL", !xyz ? "xyz" : "species");
        return false;
    }
    if (box && bnsl_box_validate(box) != BNSL_OK)
        return false;
    if (!bnsl__all_finite(3 * n, xyz, &where)) {
        bnsl__fail(BNSL_EINVAL, func, "position %lld of particle %lld is %g, must be finite", (long long)(where % 3), (long long)(where / 3),
                   xyz[where]);
        return false;
    }
    for (int64_t i = 0; i < n; i++)
        if (species[i] < 0) {
            bnsl__fail(BNSL_EINVAL, func, "species of particle %lld is %d, must be >= 0", (long long)i, species[i]);
            return false;
        }
    return true;
}

bool bnsl__order_check_phases(int64_t n, const int32_t *phase, const char *func)
{
    if (n > 0 && !phase) {
        bnsl__fail(BNSL_EINVAL, func, "phase is NULL");
        return false;
    }
    for (int64_t i = 0; i < n; i++)
        if (phase[i] < 0 || phase[i] >= BNSL_N_PHASES) {
            bnsl__fail(BNSL_EINVAL, func, "phase of particle %lld is %d, must be 0 .. %d", (long long)i, phase[i], BNSL_N_PHASES - 1);
            return false;
        }
    return true;
}

void bnsl__order_split_free(order_split *p)
{
    free(p->index_l);
    free(p->index_s);
    free(p->l);
    free(p->s);
    *p = (order_split){0};
}

bool bnsl__order_split(order_split *out, int64_t n, const double *xyz, const int32_t *species)
{
    order_split p = {0};
    for (int64_t i = 0; i < n; i++) {
        p.n_l += species[i] == 0;
        p.n_s += species[i] == 1;
    }
    p.index_l = bnsl__alloc(p.n_l, sizeof *p.index_l);
    p.index_s = bnsl__alloc(p.n_s, sizeof *p.index_s);
    p.l = bnsl__alloc(p.n_l, 3 * sizeof *p.l);
    p.s = bnsl__alloc(p.n_s, 3 * sizeof *p.s);
    if (!p.index_l || !p.index_s || !p.l || !p.s) {
        bnsl__order_split_free(&p);
        return false;
    }
    int64_t count[2] = {0, 0};
    for (int64_t i = 0; i < n; i++) {
        if (species[i] > 1)
            continue;
        int64_t k = count[species[i]]++;
        double *to = (species[i] == 0 ? p.l : p.s) + 3 * k;
        for (int32_t a = 0; a < 3; a++)
            to[a] = xyz[3 * i + a];
        (species[i] == 0 ? p.index_l : p.index_s)[k] = i;
    }
    *out = p;
    return true;
}

int32_t bnsl__order_neighbors_to_have(const bnsl_box *box, int64_t n_others, int64_t n_same, int32_t wanted)
{
    if (box && box->periodic != 0 && n_same > 0)
        return wanted; /* images are neighbours too: there is no lack of them */
    return n_others < wanted ? (int32_t)(n_others > 0 ? n_others : 0) : wanted;
}

bnsl_status bnsl__order_nearest(bnsl_neighbor_list **out, const bnsl_box *box, int64_t n_query, const double *query, int64_t n, const double *xyz,
                                int32_t k, int32_t num_threads)
{
    bnsl_neighbor_options o;
    bnsl_neighbor_list *list;
    bnsl_status status = bnsl_neighbor_options_init(&o, sizeof o);
    o.mode = BNSL_NEIGHBOR_NEAREST;
    o.r_max = 0;
    o.k = k;
    o.num_threads = num_threads;
    if (status == BNSL_OK)
        status = bnsl_neighbor_create(&list, &o);
    if (status != BNSL_OK)
        return status;
    status = query ? bnsl_neighbor_build_between(list, box, n_query, query, NULL, NULL, n, xyz, NULL, NULL)
                   : bnsl_neighbor_build(list, box, n, xyz, NULL, NULL);
    if (status == BNSL_OK)
        *out = list;
    else
        bnsl_neighbor_destroy(list);
    return status;
}
