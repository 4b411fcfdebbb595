/* SPDX-License-Identifier: GPL-3.0-or-later */
/* q_lm of chosen points as rows of numbers, and their scalar product. Cost: O(bonds l^2). */
#include <stdlib.h>

#include "order_crystal.h"

bnsl_status bnsl__order_rows(const order_plan *plan, const bnsl_neighbor_list *list, int64_t k, int64_t n, const int64_t *point,
                             int threads, double *row, const char *func)
{
    order_bonds bonds;
    if (!bnsl__order_load_bonds(list, true, false, "list", &bonds, func))
        return BNSL_EINTERNAL;
    bonds.limit = k;
    int32_t n_values = plan->n_values, isa = bnsl__isa(BNSL_ISA_AUTO);
    order_sum_fn sum = BNSL_KERNEL_PICK(isa, bnsl__order_sum);
    int64_t n_blocks = (n + ORDER_LANES - 1) / ORDER_LANES;
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int64_t block = 0; block < n_blocks; block++) {
        _Alignas(64) double qlm[ORDER_VALUES_MAX * ORDER_LANES], count[ORDER_LANES];
        int64_t first = block * ORDER_LANES;
        int32_t lanes = n - first < ORDER_LANES ? (int32_t)(n - first) : ORDER_LANES;
        sum(plan, &bonds, lanes, point + first, qlm, count);
        for (int32_t lane = 0; lane < lanes; lane++)
            for (int32_t v = 0; v < n_values; v++)
                row[(first + lane) * n_values + v] = count[lane] > 0 ? qlm[v * ORDER_LANES + lane] : 0;
    }
    return BNSL_OK;
}

double bnsl__order_dot(const order_plan *plan, const double *a, const double *b)
{
    double sum = 0;
    for (int32_t l = 0; l <= plan->l_max; l++) {
        if (plan->base[l] < 0)
            continue;
        const double *x = a + plan->base[l], *y = b + plan->base[l];
        double twice = 0;
        for (int32_t v = 1; v <= 2 * l; v++)
            twice += x[v] * y[v];
        sum += x[0] * y[0] + 2 * twice;
    }
    return sum;
}
