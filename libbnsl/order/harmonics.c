/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Table of q_lm, the weighted mean of the spherical harmonics over the bonds of each point [Steinhardt, Nelson and Ronchetti, Phys. Rev. B
 * 28, 784 (1983), eq. 1.2]. Points that have bonds are taken eight at a time through the kernel, and have one row each; averages and
 * correlations between neighbours are made of rows. Cost: O(bonds l^2), and n_values doubles of memory for each point with bonds.
 */
#include <math.h>
#include <stdlib.h>

#include "order_internal.h"

int64_t *bnsl__order_bound_points(const order_bonds *bonds, int64_t *n_out)
{
    int64_t n = 0;
    for (int64_t i = 0; i < bonds->n_query; i++)
        n += bonds->offset[i + 1] > bonds->offset[i];
    int64_t *point = bnsl__alloc(n, sizeof *point);
    if (!point)
        return NULL;
    n = 0;
    for (int64_t i = 0; i < bonds->n_query; i++)
        if (bonds->offset[i + 1] > bonds->offset[i])
            point[n++] = i;
    *n_out = n;
    return point;
}

void bnsl__order_table_free(order_table *table)
{
    free(table->point);
    free(table->row_of);
    free(table->row);
}

static bool table_alloc(order_table *t, const order_plan *plan, const order_bonds *bonds)
{
    *t = (order_table){.plan = plan};
    t->point = bnsl__order_bound_points(bonds, &t->n);
    t->row_of = t->point ? bnsl__alloc(bonds->n_query, sizeof *t->row_of) : NULL;
    t->row = t->row_of ? bnsl__alloc(t->n, (size_t)plan->n_values * sizeof *t->row) : NULL;
    if (!t->row) {
        bnsl__order_table_free(t);
        return false;
    }
    for (int64_t i = 0; i < bonds->n_query; i++)
        t->row_of[i] = -1;
    return true;
}

static void fill_block(order_table *t, const order_bonds *bonds, order_sum_fn sum, int64_t first)
{
    _Alignas(64) double qlm[ORDER_VALUES_MAX * ORDER_LANES], total[ORDER_LANES];
    const int64_t left = t->n - first;
    const int32_t n = left < ORDER_LANES ? (int32_t)left : ORDER_LANES, n_values = t->plan->n_values;
    sum(t->plan, bonds, n, t->point + first, qlm, total);
    for (int32_t k = 0; k < n; k++) {
        double *row = t->row + (first + k) * n_values;
        for (int32_t v = 0; v < n_values; v++)
            row[v] = qlm[v * ORDER_LANES + k];
        t->row_of[t->point[first + k]] = total[k] > 0 ? (int32_t)(first + k) : -1;
    }
}

bool bnsl__order_table_fill(order_table *table, const order_plan *plan, const order_bonds *bonds, int threads)
{
    if (!table_alloc(table, plan, bonds))
        return false;
    const int32_t isa = bnsl__isa(BNSL_ISA_AUTO);
    const order_sum_fn sum = BNSL_KERNEL_PICK(isa, bnsl__order_sum);
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int64_t first = 0; first < table->n; first += ORDER_LANES)
        fill_block(table, bonds, sum, first);
    return true;
}

bnsl_status bnsl_order_harmonics(const bnsl_neighbor_list *list, const double *weight, int32_t l, int32_t num_threads, double *qlm_out,
                                 int64_t *n_unbound_out)
{
    order_bonds bonds;
    order_table t;
    if (!bnsl__order_check_call(1, &l, num_threads, __func__) || !bnsl__order_load_bonds(list, true, false, "list", &bonds, __func__) ||
        !bnsl__order_check_weights(bnsl_neighbor_n_bonds(list), weight, __func__))
        return BNSL_EINVAL;
    if (!qlm_out && bonds.n_query > 0)
        return BNSL_FAIL(BNSL_EINVAL, "qlm_out is NULL");
    bonds.weight = weight;
    order_plan *plan = bnsl__alloc(1, sizeof *plan);
    if (!plan)
        return BNSL_NOMEM();
    bnsl__order_plan_init(plan, 1, &l, false);
    if (!bnsl__order_table_fill(&t, plan, &bonds, bnsl__threads(num_threads))) {
        free(plan);
        return BNSL_NOMEM();
    }
    int64_t n_unbound = 0;
    for (int64_t i = 0; i < bonds.n_query; i++) {
        const double *row = t.row_of[i] >= 0 ? t.row + (int64_t)t.row_of[i] * plan->n_values : NULL;
        n_unbound += !row;
        for (int32_t v = 0; v < plan->n_values; v++)
            qlm_out[i * plan->n_values + v] = row ? row[v] : NAN;
    }
    if (n_unbound_out)
        *n_unbound_out = n_unbound;
    bnsl__order_table_free(&t);
    free(plan);
    return BNSL_OK;
}
