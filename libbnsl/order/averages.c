/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Steinhardt parameters averaged over a particle and its neighbours [Lechner and Dellago, J. Chem. Phys. 129, 114707 (2008)], where the
 * bonds that q_lm come from and the neighbours that they are averaged over may be different lists.
 * First pass: the table of q_lm. Second pass: means of rows, then the invariants. Cost: O(bonds l^2).
 */
#include <stdlib.h>
#include <string.h>

#include "order_internal.h"

static int64_t reduce_block(const order_table *t, const order_bonds *average, order_mean_fn mean, int64_t first, const order_outputs *out)
{
    _Alignas(64) double qlm[ORDER_VALUES_MAX * ORDER_LANES];
    const int64_t *point = t->point + first, left = t->n - first;
    const int32_t n = left < ORDER_LANES ? (int32_t)left : ORDER_LANES;
    bool absent[ORDER_LANES] = {false};
    int64_t n_absent = 0;
    memset(qlm, 0, (size_t)t->plan->n_values * ORDER_LANES * sizeof *qlm);
    for (int32_t k = 0; k < n; k++) {
        absent[k] = t->row_of[point[k]] < 0;
        n_absent += absent[k];
        if (!absent[k])
            mean(t, average, point[k], qlm + k);
    }
    bnsl__order_finish(t->plan, n, point, qlm, absent, out);
    return n_absent;
}

bnsl_status bnsl__order_averages_to(const order_plan *plan, const order_bonds *bonds, const order_bonds *average, int threads,
                                    const order_outputs *out, int64_t *unbound_out, const char *func)
{
    order_table t;
    if (!bnsl__order_table_fill(&t, plan, bonds, threads))
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    bnsl__order_clear(plan, bonds->n_query, out);
    const int32_t isa = bnsl__isa(BNSL_ISA_AUTO);
    const order_mean_fn mean = BNSL_KERNEL_PICK(isa, bnsl__order_mean);
    int64_t unbound = 0;
#pragma omp parallel for num_threads(threads) schedule(static) reduction(+ : unbound)
    for (int64_t first = 0; first < t.n; first += ORDER_LANES)
        unbound += reduce_block(&t, average, mean, first, out);
    *unbound_out = bonds->n_query - t.n + unbound;
    bnsl__order_table_free(&t);
    return BNSL_OK;
}

bnsl_status bnsl__order_averages(const order_plan *plan, const order_bonds *bonds, const order_bonds *average, int threads, double *q_out,
                                 double *w_out, int64_t *unbound_out, const char *func)
{
    const order_outputs out = {.q = q_out, .w = w_out};
    return bnsl__order_averages_to(plan, bonds, average, threads, &out, unbound_out, func);
}

bnsl_status bnsl_order_steinhardt_averaged(const bnsl_neighbor_list *list, const bnsl_neighbor_list *average, int32_t n_l, const int32_t *l,
                                           int32_t num_threads, double *q_out, double *w_out, int64_t *n_unbound_out)
{
    const order_outputs out = {.q = q_out, .w = w_out};
    return bnsl__order_steinhardt(list, NULL, average ? average : list, n_l, l, num_threads, &out, n_unbound_out, __func__);
}
