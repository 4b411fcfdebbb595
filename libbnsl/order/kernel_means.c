/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Mean of the q_lm of a point and of its neighbours, members without a row left out. Every value is a sum of its own in the order of the
 * bonds, so that vectors of any length give the same bits. Cost: O(neighbours l^2).
 */
#include "order_internal.h"

void BNSL_KERNEL(bnsl__order_mean)(const order_table *t, const order_bonds *average, int64_t i, double *lane)
{
    double sum[ORDER_VALUES_MAX];
    const int32_t n_values = t->plan->n_values;
    const double *own = t->row + (int64_t)t->row_of[i] * n_values;
    int64_t members = 1;
    for (int32_t v = 0; v < n_values; v++)
        sum[v] = own[v];
    for (int64_t b = order_bond_begin(average, i); b < order_bond_end(average, i); b++) {
        const int32_t r = t->row_of[average->index[b]];
        if (r < 0)
            continue;
        const double *row = t->row + (int64_t)r * n_values;
        for (int32_t v = 0; v < n_values; v++)
            sum[v] += row[v];
        members++;
    }
    for (int32_t v = 0; v < n_values; v++)
        lane[v * ORDER_LANES] = sum[v] / (double)members;
}
