/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Steinhardt parameters averaged over a particle and its neighbours [Lechner and Dellago, J. Chem. Phys. 129, 114707 (2008)], where the
 * bonds that q_lm come from and the neighbours that they are averaged over may be different lists.
 * First pass: q_lm of every point that has bonds, one row each. Second pass: means of rows, then the invariants.
 * Cost: O(bonds l^2), and (2 l + 1) doubles of memory for each point with bonds.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "order_internal.h"

/* q_lm of the points that have bonds. */
typedef struct table {
    const order_plan *plan;
    int64_t n;       /* points with bonds in the list ... */
    int64_t *point;  /* ... which ones, ascending */
    int32_t *row_of; /* n_query: row of a point; -1: it has no bond with a direction */
    double *row;     /* n x n_values */
} table;

static void table_free(table *t)
{
    free(t->point);
    free(t->row_of);
    free(t->row);
}

static bool table_alloc(table *t, const order_plan *plan, const order_bonds *bonds)
{
    *t = (table){.plan = plan};
    t->point = bnsl__order_bound_points(bonds, &t->n);
    t->row_of = t->point ? bnsl__alloc(bonds->n_query, sizeof *t->row_of) : NULL;
    t->row = t->row_of ? bnsl__alloc(t->n, (size_t)plan->n_values * sizeof *t->row) : NULL;
    if (!t->row) {
        table_free(t);
        return false;
    }
    for (int64_t i = 0; i < bonds->n_query; i++)
        t->row_of[i] = -1;
    return true;
}

static int32_t block_size(const table *t, int64_t block)
{
    int64_t left = t->n - block * ORDER_LANES;
    return left < ORDER_LANES ? (int32_t)left : ORDER_LANES;
}

static void fill_block(table *t, const order_bonds *bonds, int64_t block)
{
    _Alignas(64) double qlm[ORDER_VALUES_MAX * ORDER_LANES], count[ORDER_LANES];
    int64_t first = block * ORDER_LANES;
    int32_t n = block_size(t, block), n_values = t->plan->n_values, isa = bnsl__isa(BNSL_ISA_AUTO);
    order_sum_fn sum = BNSL_KERNEL_PICK(isa, bnsl__order_sum);
    sum(t->plan, bonds, n, t->point + first, qlm, count);
    for (int32_t k = 0; k < n; k++) {
        double *row = t->row + (first + k) * n_values;
        for (int32_t v = 0; v < n_values; v++)
            row[v] = qlm[v * ORDER_LANES + k];
        t->row_of[t->point[first + k]] = count[k] > 0 ? (int32_t)(first + k) : -1;
    }
}

/* Mean of the rows of point i and its neighbours into lane k. */
static void mean_row(const table *t, const order_bonds *average, int64_t i, int32_t k, double *qlm)
{
    double sum[ORDER_VALUES_MAX];
    int32_t n_values = t->plan->n_values;
    int64_t members = 1;
    memcpy(sum, t->row + (int64_t)t->row_of[i] * n_values, (size_t)n_values * sizeof *sum);
    for (int64_t b = order_bond_begin(average, i); b < order_bond_end(average, i); b++) {
        int32_t r = t->row_of[average->index[b]];
        if (r < 0)
            continue;
        const double *row = t->row + (int64_t)r * n_values;
        for (int32_t v = 0; v < n_values; v++)
            sum[v] += row[v];
        members++;
    }
    for (int32_t v = 0; v < n_values; v++)
        qlm[v * ORDER_LANES + k] = sum[v] / (double)members;
}

static int64_t reduce_block(const table *t, const order_bonds *average, int64_t block, double *q_out, double *w_out)
{
    _Alignas(64) double qlm[ORDER_VALUES_MAX * ORDER_LANES], q[ORDER_L_END * ORDER_LANES], w[ORDER_L_END * ORDER_LANES];
    const int64_t *point = t->point + block * ORDER_LANES;
    int32_t n = block_size(t, block), isa = bnsl__isa(BNSL_ISA_AUTO);
    order_reduce_fn reduce = BNSL_KERNEL_PICK(isa, bnsl__order_reduce);
    memset(qlm, 0, (size_t)t->plan->n_values * ORDER_LANES * sizeof *qlm);
    for (int32_t k = 0; k < n; k++)
        if (t->row_of[point[k]] >= 0)
            mean_row(t, average, point[k], k, qlm);
    reduce(t->plan, qlm, q, w_out ? w : NULL);
    int64_t unbound = 0;
    for (int32_t k = 0; k < n; k++)
        if (t->row_of[point[k]] < 0) {
            unbound++;
            for (int32_t i = 0; i < ORDER_L_END; i++)
                q[i * ORDER_LANES + k] = w[i * ORDER_LANES + k] = NAN;
        }
    if (q_out)
        bnsl__order_store(t->plan, n, point, q, q_out);
    if (w_out)
        bnsl__order_store(t->plan, n, point, w, w_out);
    return unbound;
}

bnsl_status bnsl__order_averages(const order_plan *plan, const order_bonds *bonds, const order_bonds *average, int threads, double *q_out,
                                 double *w_out, int64_t *unbound_out, const char *func)
{
    table t;
    if (!table_alloc(&t, plan, bonds))
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    bnsl__order_fill_nan(bonds->n_query * plan->n_wanted, q_out);
    bnsl__order_fill_nan(bonds->n_query * plan->n_wanted, w_out);
    int64_t n_blocks = (t.n + ORDER_LANES - 1) / ORDER_LANES, unbound = 0;
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int64_t block = 0; block < n_blocks; block++)
        fill_block(&t, bonds, block);
#pragma omp parallel for num_threads(threads) schedule(static) reduction(+ : unbound)
    for (int64_t block = 0; block < n_blocks; block++)
        unbound += reduce_block(&t, average, block, q_out, w_out);
    *unbound_out = bonds->n_query - t.n + unbound;
    table_free(&t);
    return BNSL_OK;
}

/* Whether the second list can be averaged over: its points are the query points of the first one. */
static bool check_average(const order_bonds *bonds, const order_bonds *average, const char *func)
{
    if (average->n_query != bonds->n_query) {
        bnsl__fail(BNSL_EINVAL, func, "average has %lld query points, list has %lld: both must be lists of the same points",
                   (long long)average->n_query, (long long)bonds->n_query);
        return false;
    }
    for (int64_t b = 0; b < average->offset[average->n_query]; b++)
        if (average->index[b] >= bonds->n_query) {
            bnsl__fail(BNSL_EINVAL, func, "a bond to average over ends at point %d, must be one of the %lld query points", average->index[b],
                       (long long)bonds->n_query);
            return false;
        }
    return true;
}

bnsl_status bnsl_order_steinhardt_averaged(const bnsl_neighbor_list *list, const bnsl_neighbor_list *average, int32_t n_l, const int32_t *l,
                                           int32_t num_threads, double *q_out, double *w_out, int64_t *n_unbound_out)
{
    order_bonds bonds, over;
    if (!bnsl__order_check_call(n_l, l, num_threads, __func__) || !bnsl__order_load_bonds(list, true, false, "list", &bonds, __func__) ||
        !bnsl__order_load_bonds(average ? average : list, false, false, "average", &over, __func__) || !check_average(&bonds, &over, __func__))
        return BNSL_EINVAL;
    order_plan *plan = bnsl__alloc(1, sizeof *plan);
    if (!plan)
        return BNSL_NOMEM();
    bnsl__order_plan_init(plan, n_l, l, w_out != NULL);
    int64_t unbound;
    bnsl_status status = bnsl__order_averages(plan, &bonds, &over, bnsl__threads(num_threads), q_out, w_out, &unbound, __func__);
    free(plan);
    if (status == BNSL_OK && n_unbound_out)
        *n_unbound_out = unbound;
    return status;
}
