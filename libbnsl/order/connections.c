/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Connections d_ij between neighbours, the correlation of their q_lm of one order [ten Wolde, Ruiz-Montero and Frenkel, Phys. Rev. Lett. 75,
 * 2714 (1995)]. With q_l,-m = (-1)^m conj(q_lm) the sum over m is real: q_l0 q_l0' + 2 sum_{m > 0} (Re Re' + Im Im'), a product of rows
 * whose entries but the first are multiplied by sqrt(2) beforehand, and divided by their norm. Cost: O(bonds l^2 + pairs l).
 */
#include <math.h>
#include <stdlib.h>

#include "order_internal.h"

/* Makes a row ready for products; false: it has no direction to be compared. */
static bool prepare_row(int32_t n_values, bool normalised, double *row)
{
    double norm2 = row[0] * row[0];
    for (int32_t v = 1; v < n_values; v++) {
        row[v] *= sqrt(2.0);
        norm2 += row[v] * row[v];
    }
    if (!normalised)
        return true;
    if (norm2 < ORDER_NORM_MIN)
        return false;
    const double inverse = 1 / sqrt(norm2);
    for (int32_t v = 0; v < n_values; v++)
        row[v] *= inverse;
    return true;
}

static double product(int32_t n_values, const double *a, const double *b)
{
    double sum = 0;
    for (int32_t v = 0; v < n_values; v++)
        sum += a[v] * b[v];
    return sum;
}

/* The pairs of one point; returns how many have no value. */
static int64_t connect(const order_table *t, const order_bonds *pairs, bool normalised, int64_t i, double *d_out)
{
    const int32_t n_values = t->plan->n_values;
    int64_t n_undefined = 0;
    for (int64_t b = pairs->offset[i]; b < pairs->offset[i + 1]; b++) {
        const int32_t own = t->row_of[i], other = t->row_of[pairs->index[b]];
        double d = NAN;
        if (own >= 0 && other >= 0) {
            d = product(n_values, t->row + (int64_t)own * n_values, t->row + (int64_t)other * n_values);
            if (normalised) /* rounding must not lead out of the range */
                d = d > 1 ? 1 : d < -1 ? -1 : d;
        } else {
            n_undefined++;
        }
        d_out[b] = d;
    }
    return n_undefined;
}

bnsl_status bnsl__order_connections(const order_bonds *bonds, const order_bonds *pairs, int32_t l, bool normalised, int threads, double *d_out,
                                    int64_t *n_undefined_out, const char *func)
{
    order_table t;
    order_plan *plan = bnsl__alloc(1, sizeof *plan);
    if (!plan)
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    bnsl__order_plan_init(plan, 1, &l, false);
    if (!bnsl__order_table_fill(&t, plan, bonds, threads)) {
        free(plan);
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    }
    int64_t n_undefined = 0;
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int64_t r = 0; r < t.n; r++)
        if (t.row_of[t.point[r]] >= 0 && !prepare_row(plan->n_values, normalised, t.row + r * plan->n_values))
            t.row_of[t.point[r]] = -1;
#pragma omp parallel for num_threads(threads) schedule(static) reduction(+ : n_undefined)
    for (int64_t i = 0; i < pairs->n_query; i++)
        n_undefined += connect(&t, pairs, normalised, i, d_out);
    *n_undefined_out = n_undefined;
    bnsl__order_table_free(&t);
    free(plan);
    return BNSL_OK;
}

bnsl_status bnsl_order_connections(const bnsl_neighbor_list *list, const bnsl_neighbor_list *pairs, int32_t l, int32_t normalised,
                                   int32_t num_threads, double *d_out, int64_t *n_undefined_out)
{
    order_bonds bonds, over;
    if (!bnsl__order_check_call(1, &l, num_threads, __func__) || !bnsl__order_load_bonds(list, true, false, "list", &bonds, __func__) ||
        !bnsl__order_load_bonds(pairs ? pairs : list, false, true, "pairs", &over, __func__) ||
        !bnsl__order_check_pairs(&bonds, &over, "pairs", __func__))
        return BNSL_EINVAL;
    if (normalised != 0 && normalised != 1)
        return BNSL_FAIL(BNSL_EINVAL, "normalised is %d, must be 0 or 1", normalised);
    if (!d_out && over.offset[over.n_query] > 0)
        return BNSL_FAIL(BNSL_EINVAL, "d_out is NULL");
    int64_t n_undefined;
    bnsl_status status = bnsl__order_connections(&bonds, &over, l, normalised, bnsl__threads(num_threads), d_out, &n_undefined, __func__);
    if (status == BNSL_OK && n_undefined_out)
        *n_undefined_out = n_undefined;
    return status;
}
